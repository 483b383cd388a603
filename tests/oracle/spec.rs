//! A workspace as data: which sources it has, and what its program prints when it is built from them and nothing else.
//!
//! Each source holds a number that no other version of any source has, so that the output names every input.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use super::flags::Flags;

/// Relative paths and what the files hold.
pub(super) type Files = BTreeMap<PathBuf, String>;

/// The workspace. Its last member is the program; each leans on earlier ones only.
#[derive(Debug, Clone)]
pub(super) struct Spec {
    pub(super) members: Vec<Member>,
    pub(super) incremental: bool,
    /// What `doctor.toml` says beside `[policy]`.
    pub(super) policy: &'static str,
    /// The last number that was given to a source.
    pub(super) numbers: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Lib,
    /// A proc macro; it expands to its own line.
    Macro,
    Program,
}

#[derive(Debug, Clone)]
pub(super) struct Member {
    pub(super) name: String,
    pub(super) kind: Kind,
    pub(super) deps: Vec<usize>,
    /// Part of a function's name: when it moves, a dependant of another time does not compile.
    pub(super) api: u32,
    pub(super) value: u32,
    pub(super) modules: BTreeMap<String, u32>,
    /// In a file for `include_str!`.
    pub(super) text: Option<u32>,
    /// In a file for `include!`.
    pub(super) code: Option<u32>,
    pub(super) script: Option<Script>,
    pub(super) has_feature: bool,
}

/// A build script: it puts both numbers into `OUT_DIR` and into the compiler's environment.
#[derive(Debug, Clone)]
pub(super) struct Script {
    pub(super) says_rerun: bool,
    pub(super) value: u32,
    pub(super) input: u32,
}

/// One part of a member's line: an expression, and what it gives.
pub(super) struct Part {
    pub(super) expression: String,
    gives: String,
}

fn part(expression: impl Into<String>, gives: impl ToString) -> Part {
    Part { expression: expression.into(), gives: gives.to_string() }
}

impl Spec {
    /// What the program prints.
    pub(super) fn prints(&self, flags: Flags) -> String {
        let line = self.line(self.members.len() - 1, flags, &self.enabled(flags));
        format!("{line} {}\n", if flags.release { "release" } else { "dev" })
    }

    /// The members whose feature is on: one that a dependant enables is on for every other dependant as well.
    fn enabled(&self, flags: Flags) -> BTreeSet<usize> {
        let mut enabled = BTreeSet::new();
        let mut next: Vec<usize> = flags.more.then_some(self.members.len() - 1).into_iter().collect();
        while let Some(at) = next.pop() {
            if self.members[at].has_feature && enabled.insert(at) {
                next.extend(&self.members[at].deps);
            }
        }
        enabled
    }

    /// What a member says of itself. `enabled`: the members whose feature is on. A proc macro and what it leans on are for the
    /// host, where no feature is on (resolver 2).
    fn line(&self, at: usize, flags: Flags, enabled: &BTreeSet<usize>) -> String {
        let gives: Vec<String> = self.parts(at, flags, enabled).into_iter().map(|part| part.gives).collect();
        format!("{}({})", self.members[at].name, gives.join(" "))
    }

    pub(super) fn parts(&self, at: usize, flags: Flags, enabled: &BTreeSet<usize>) -> Vec<Part> {
        let member = &self.members[at];
        let mut parts = vec![part("VALUE.to_string()", member.value)];
        parts.push(part("(if cfg!(other_compiler) { \"b\" } else { \"a\" }).to_owned()", flags.compiler()));
        for (module, value) in &member.modules {
            parts.push(part(format!("{module}::VALUE.to_string()"), value));
        }
        if let Some(value) = member.text {
            parts.push(part("include_str!(\"text.txt\").trim().to_owned()", value));
        }
        if let Some(value) = member.code {
            parts.push(part("include!(\"code.in\").to_string()", value));
        }
        if let Some(script) = &member.script {
            let both = format!("{}-{}", script.value, script.input);
            parts.push(part("include!(concat!(env!(\"OUT_DIR\"), \"/made.rs\")).to_owned()", &both));
            parts.push(part("env!(\"MADE\").to_owned()", &both));
        }
        if member.has_feature {
            let expression = "(if cfg!(feature = \"more\") { \"more\" } else { \"less\" }).to_owned()";
            parts.push(part(expression, if enabled.contains(&at) { "more" } else { "less" }));
        }
        for dep in &member.deps {
            let Member { name, kind, api, value, .. } = &self.members[*dep];
            if *kind == Kind::Macro {
                let line = self.line(*dep, flags, &BTreeSet::new());
                parts.push(part(format!("{name}::line_{api}!().to_owned()"), line));
            } else {
                parts.push(part(format!("{name}::VALUE.to_string()"), value));
                parts.push(part(format!("{name}::line_{api}()"), self.line(*dep, flags, enabled)));
            }
        }
        parts
    }
}
