//! `xcargo doctor`: the examination of the step `verify-cache` on request, of all profiles, by content; and what messages mean.
//!
//! It works without a doctor.toml, and where policy goes by times alone: whoever asks wants to know. Nothing in the cache is
//! changed without `--fix`, and then what the step would change.

mod explain;
mod visit;

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::time::SystemTime;

use visit::{Found, Visit};

use super::context::Context;
use super::rule;
use super::verifying::{self, Verifier};
use crate::cli;
use crate::diagnostic::Failure;
use crate::env::Env;
use crate::exit::{Code, Exit};
use crate::invocation::Invocation;
use crate::observe::build;
use crate::observe::freshness::Compiler;
use crate::output::Output;
use crate::plan::Network;
use crate::policy::load::Loaded;
use crate::policy::{Freshness, Policy};
use crate::report::doctor::{Depth, Examined, json, text};
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
        return explain::run(what, env, output);
    }
    let context = Context::survey(invocation, env).map_err(WorkspaceError::into_failure)?;
    let workspace = context.workspace()?;
    let mode = super::mode(invocation, env);
    let loaded = context.policy()?.unwrap_or_else(Loaded::nothing);
    let policy = by_content(&loaded.policy);
    let compiler = compiler(invocation, argv0, &context, &loaded);
    let verifier = Verifier {
        judges_sources: true,
        context: &context,
        workspace: verifying::unlinked(workspace),
        policy: &policy,
        compiler,
        profiles: None,
    };
    let visit = Visit { verifier: &verifier, asked: &asked, mode };
    let found = if cache::is_there(&workspace.build_dir.value) { visit.examine()? } else { Found::default() };
    let examined = Examined {
        root: &workspace.root,
        build_dir: &workspace.build_dir.value,
        depth: if asked.quick { Depth::Stat } else { Depth::Content },
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
    let (nothing, now) = (BTreeMap::new(), SystemTime::now());
    let observed = build::observe(workspace, &found, Network::Off, &nothing, &context.env, now).ok()?;
    verifying::compiler(&observed, &context.env)
}
