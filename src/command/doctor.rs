//! `xcargo doctor`: the examination of the step `verify-cache` on request, of all profiles, by content; and what messages mean.
//!
//! It works without a doctor.toml, and where policy goes by times alone: whoever asks wants to know. Nothing in the cache is
//! changed without `--fix`, and then what the step would change.

use std::ffi::{OsStr, OsString};

use super::context::Context;
use super::locking::Patience;
use super::verifying::{self, Repaired, State, Verifier};
use super::{Mode, rule};
use crate::cli::{self, Doctor};
use crate::diagnostic::Failure;
use crate::doctor::explain::{Unknown, find};
use crate::doctor::{self, Examination, Finding};
use crate::env::Env;
use crate::exit::{Code, Exit};
use crate::invocation::Invocation;
use crate::observe::build;
use crate::observe::freshness::{self, Compiler, Depth};
use crate::output::Output;
use crate::plan::Network;
use crate::policy::load::Loaded;
use crate::policy::{Freshness, Policy};
use crate::report::doctor::{self as report, Examined, Now, json, text};
use crate::workspace::WorkspaceError;
use crate::{cache, cargo_exe};

pub(super) fn run(
    invocation: &Invocation,
    argv0: &OsStr,
    args: &[OsString],
    env: &Env,
    output: &Output,
) -> Result<Exit, Failure> {
    let Some(asked) = super::to_run(cli::doctor(args)?, output) else { return Ok(Exit::Success) };
    if let Some(what) = &asked.explain {
        return explain(what, env, output);
    }
    let context = Context::survey(invocation, env).map_err(WorkspaceError::into_failure)?;
    let workspace = context.workspace()?;
    let mode = super::mode(invocation, env);
    let loaded = context.policy()?.unwrap_or_else(Loaded::nothing);
    let policy = by_content(&loaded.policy);
    let compiler = compiler(invocation, argv0, &context, &loaded);
    let verifier = Verifier { context: &context, workspace, policy: &policy, compiler, profiles: None };
    let visit = Visit { verifier: &verifier, asked: &asked, mode };
    let found = if cache::is_there(&workspace.build_dir.value) { visit.examine()? } else { Found::default() };
    let examined = Examined {
        root: &workspace.root,
        build_dir: &workspace.build_dir.value,
        depth: if asked.quick { report::Depth::Stat } else { report::Depth::Content },
        units: found.units,
        findings: &found.findings,
        notes: &found.notes,
    };
    let most = if context.output.is_verbose() { usize::MAX } else { text::USUAL };
    context.output.data(&match asked.json {
        true => json::render(&examined),
        false => text::render(&examined, most, context.output.page(&context.env)),
    });
    Ok(if examined.is_wrong() { Exit::Own(Code::Findings) } else { Exit::Success })
}

/// One examination.
struct Visit<'a> {
    verifier: &'a Verifier<'a>,
    asked: &'a Doctor,
    mode: Mode,
}

/// What came of it.
#[derive(Default)]
struct Found {
    units: usize,
    findings: Vec<(Finding, Now)>,
    notes: Vec<String>,
}

impl Visit<'_> {
    fn depth(&self) -> Depth {
        if self.asked.quick { Depth::Stat } else { Depth::Content }
    }

    fn patience(&self) -> Patience {
        if self.asked.no_wait { Patience::None } else { Patience::Wait }
    }

    fn findings(&self, state: &State) -> Vec<Finding> {
        doctor::check(&Examination {
            ledger: &state.examined.ledger,
            repairs: &state.repairs,
            damaged: &state.damaged,
            roots: self.verifier.roots(),
        })
    }

    fn examine(&self) -> Result<Found, Failure> {
        let known = freshness::known(self.verifier.workspace);
        let mut state = self.verifier.look(&known, self.depth(), None);
        let mut notes = Vec::new();
        if !state.damaged.is_empty() {
            match self.why_not_locked() {
                Some(why) => {
                    notes.push(format!("{why}, so what somebody is building just now may look damaged"))
                }
                None => state = self.verifier.confirm(&state, self.depth(), self.patience())?,
            }
        }
        let before = self.findings(&state);
        let units = state.examined.ledger.units.len();
        if self.asked.fix && !state.is_sound() {
            match self.mode {
                Mode::DryRun => self.verifier.show(&state),
                Mode::Real => state = self.repaired(state)?,
            }
        }
        let after = self.findings(&state);
        let findings = before.into_iter().map(|finding| {
            let now = if finding.is_in(&after) { Now::There } else { Now::Fixed };
            (finding, now)
        });
        let found = Found { units, findings: findings.collect(), notes };
        // What is wrong and stays so must be found again by the next build.
        if self.may_write() && state.is_sound() && state.examined.is_new {
            self.verifier.write(state.examined.ledger);
        }
        Ok(found)
    }

    /// What is being built looks damaged: only what is found while nobody builds is certain. Where even a lock file would be one
    /// too many, no lock is taken.
    fn why_not_locked(&self) -> Option<&'static str> {
        match self.mode {
            Mode::DryRun => Some("no lock was taken in a dry run"),
            Mode::Real if !self.verifier.is_ours() => {
                Some("no lock was taken outside of the workspace's bounds")
            }
            Mode::Real => None,
        }
    }

    fn may_write(&self) -> bool {
        self.mode == Mode::Real && self.verifier.is_ours()
    }

    /// Repairs, and looks again.
    fn repaired(&self, state: State) -> Result<State, Failure> {
        let (state, repaired) = self.verifier.repair(state, self.depth(), self.patience())?;
        if repaired != Repaired::Yes {
            return Ok(state);
        }
        let mut now = self.verifier.look(&state.examined.ledger, Depth::Stat, None);
        now.examined.is_new = true;
        Ok(now)
    }
}

/// As policy has it, but that contents count.
fn by_content(policy: &Policy) -> Policy {
    let mut policy = policy.clone();
    policy.cache.freshness.value = Freshness::Content;
    policy
}

/// The compiler that builds here. An examination needs none.
fn compiler(invocation: &Invocation, argv0: &OsStr, context: &Context, loaded: &Loaded) -> Option<Compiler> {
    let exe = cargo_exe::find(invocation.called_as, argv0, &context.env).ok()?;
    let found = rule::toolchain(invocation, &exe, context, &loaded.policy).ok()?;
    let workspace = context.workspace().ok()?;
    let now = std::time::SystemTime::now();
    let observed = build::observe(
        workspace,
        &found,
        Network::Off,
        &std::collections::BTreeMap::new(),
        &context.env,
        now,
    );
    verifying::compiler(&observed.ok()?, &context.env)
}

fn explain(what: &str, env: &Env, output: &Output) -> Result<Exit, Failure> {
    if what.trim().is_empty() {
        output.data(&report::explain::overview(output.page(env)));
        return Ok(Exit::Success);
    }
    match find(what) {
        Ok(topics) => {
            output.data(&report::explain::pages(&topics, output.page(env)));
            Ok(Exit::Success)
        }
        Err(Unknown { nearest }) => {
            let failure =
                Failure::new(Code::Usage, format!("there is no page about `{}`", what.escape_debug()));
            let failure = match nearest {
                Some(nearest) => failure.help(format!("did you mean `{nearest}`?")),
                None => failure,
            };
            Err(failure.help("`xcargo doctor --explain` lists all that there is"))
        }
    }
}
