//! A workspace as data: which sources it has, and what its program prints when it is built from them and nothing else.
//!
//! Each source holds a number that no other version of any source has, so that the output names every input.

use std::collections::BTreeMap;
use std::fmt::Write;
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
struct Part {
    expression: String,
    gives: String,
}

fn part(expression: impl Into<String>, gives: impl ToString) -> Part {
    Part { expression: expression.into(), gives: gives.to_string() }
}

impl Spec {
    /// What the program prints.
    pub(super) fn prints(&self, flags: Flags) -> String {
        let line = self.line(self.members.len() - 1, flags, flags.more);
        format!("{line} {}\n", if flags.release { "release" } else { "dev" })
    }

    /// All sources.
    pub(super) fn files(&self) -> Files {
        let mut files = Files::new();
        let program = &self.members[self.members.len() - 1].name;
        let names: Vec<String> = self.members.iter().map(|member| format!("'{}'", member.name)).collect();
        let manifest = format!(
            "[workspace]\nmembers = [{}]\ndefault-members = ['{program}']\nresolver = '2'\n\
             [profile.dev]\ndebug = false\nincremental = {}\n",
            names.join(", "),
            self.incremental
        );
        files.insert("Cargo.toml".into(), manifest);
        files.insert("doctor.toml".into(), format!("[policy]\n{}", self.policy));
        for at in 0..self.members.len() {
            self.member_files(at, &mut files);
        }
        files
    }

    /// What a member says of itself. `more`: whether its feature is on where it is enabled from. A proc macro and what it
    /// leans on are for the host, where no feature is on (resolver 2).
    fn line(&self, at: usize, flags: Flags, more: bool) -> String {
        let gives: Vec<String> = self.parts(at, flags, more).into_iter().map(|part| part.gives).collect();
        format!("{}({})", self.members[at].name, gives.join(" "))
    }

    fn parts(&self, at: usize, flags: Flags, more: bool) -> Vec<Part> {
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
        let more = more && member.has_feature;
        if member.has_feature {
            let expression = "(if cfg!(feature = \"more\") { \"more\" } else { \"less\" }).to_owned()";
            parts.push(part(expression, if more { "more" } else { "less" }));
        }
        for dep in &member.deps {
            let Member { name, kind, api, value, .. } = &self.members[*dep];
            if *kind == Kind::Macro {
                parts.push(part(format!("{name}::line_{api}!().to_owned()"), self.line(*dep, flags, false)));
            } else {
                parts.push(part(format!("{name}::VALUE.to_string()"), value));
                parts.push(part(format!("{name}::line_{api}()"), self.line(*dep, flags, more)));
            }
        }
        parts
    }

    fn member_files(&self, at: usize, files: &mut Files) {
        let member = &self.members[at];
        let dir = PathBuf::from(&member.name);
        files.insert(dir.join("Cargo.toml"), self.manifest(member));
        let root = if member.kind == Kind::Program { "src/main.rs" } else { "src/lib.rs" };
        files.insert(dir.join(root), self.source(at));
        for (module, value) in &member.modules {
            files.insert(
                dir.join("src").join(format!("{module}.rs")),
                format!("pub const VALUE: u32 = {value};\n"),
            );
        }
        if let Some(value) = member.text {
            files.insert(dir.join("src/text.txt"), format!("{value}\n"));
        }
        if let Some(value) = member.code {
            files.insert(dir.join("src/code.in"), format!("{value}\n"));
        }
        if let Some(script) = &member.script {
            files.insert(dir.join("build.rs"), script.source());
            files.insert(dir.join("input.txt"), format!("{}\n", script.input));
        }
    }

    fn manifest(&self, member: &Member) -> String {
        let Member { name, .. } = member;
        let mut text = format!("[package]\nname = '{name}'\nversion = '0.1.0'\nedition = '2021'\n");
        if member.kind == Kind::Macro {
            text += "[lib]\nproc-macro = true\n";
        }
        if member.has_feature {
            let deps = member.deps.iter().map(|dep| &self.members[*dep]).filter(|dep| dep.has_feature);
            let below: Vec<String> = deps.map(|dep| format!("'{}/more'", dep.name)).collect();
            write!(text, "[features]\nmore = [{}]\n", below.join(", ")).unwrap();
        }
        text += "[dependencies]\n";
        for dep in &member.deps {
            let name = &self.members[*dep].name;
            writeln!(text, "{name} = {{ path = '../{name}' }}").unwrap();
        }
        text
    }

    fn source(&self, at: usize) -> String {
        let member = &self.members[at];
        let mut text = "#![allow(unexpected_cfgs)]\n".to_owned();
        for module in member.modules.keys() {
            writeln!(text, "mod {module};").unwrap();
        }
        let public = if member.kind == Kind::Lib { "pub " } else { "" };
        writeln!(text, "{public}const VALUE: u32 = {};", member.value).unwrap();
        let flags = Flags::default();
        let parts = self.parts(at, flags, false).into_iter().map(|part| part.expression);
        let parts: Vec<String> = parts.collect();
        let body =
            format!("String::from(\"{}(\") + &[{}].join(\" \") + \")\"", member.name, parts.join(", "));
        let api = member.api;
        match member.kind {
            Kind::Lib => writeln!(text, "pub fn line_{api}() -> String {{ {body} }}"),
            Kind::Macro => writeln!(
                text,
                "use proc_macro::TokenStream;\n#[proc_macro]\npub fn line_{api}(_: TokenStream) -> TokenStream {{\n    \
                 let line = {body};\n    format!(\"{{line:?}}\").parse().unwrap()\n}}"
            ),
            Kind::Program => writeln!(
                text,
                "fn main() {{\n    let line = {body};\n    \
                 println!(\"{{line}} {{}}\", if cfg!(debug_assertions) {{ \"dev\" }} else {{ \"release\" }});\n}}"
            ),
        }
        .unwrap();
        text
    }
}

impl Script {
    fn source(&self) -> String {
        let rerun = if self.says_rerun { "println!(\"cargo::rerun-if-changed=input.txt\");" } else { "" };
        format!(
            "fn main() {{\n    {rerun}\n    let input = std::fs::read_to_string(\"input.txt\").unwrap();\n    \
             let made = format!(\"{}-{{}}\", input.trim());\n    println!(\"cargo::rustc-env=MADE={{made}}\");\n    \
             let out = std::env::var(\"OUT_DIR\").unwrap();\n    \
             std::fs::write(format!(\"{{out}}/made.rs\"), format!(\"{{made:?}}\")).unwrap();\n}}\n",
            self.value
        )
    }
}
