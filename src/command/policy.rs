//! `xcargo policy init|check|show|schema`.

use std::ffi::OsString;
use std::io;
use std::path::Path;

use super::context::Context;
use super::{Mode, recovery};
use crate::apply::atomic;
use crate::cli::{self, PolicyAction};
use crate::diagnostic::Failure;
use crate::env::Env;
use crate::exit::{Code, Exit};
use crate::invocation::Invocation;
use crate::output::Output;
use crate::policy::load::PLACES;
use crate::policy::{Policy, schema, show, template};

pub(super) fn run(
    invocation: &Invocation,
    args: &[OsString],
    env: &Env,
    output: &Output,
) -> Result<Exit, Failure> {
    let Some(parsed) = super::to_run(cli::policy(args)?, output) else { return Ok(Exit::Success) };
    if parsed.action == PolicyAction::Schema {
        output.data(&format!("{:#}\n", schema::json_schema()));
        return Ok(Exit::Success);
    }
    let context = Context::survey(invocation, env).map_err(crate::workspace::WorkspaceError::into_failure)?;
    let root = context.workspace()?.root.clone();
    recovery::finish_interrupted(&context, super::mode(invocation, env))?;
    match parsed.action {
        PolicyAction::Init if super::mode(invocation, env) == Mode::DryRun => {
            show_init(&root, &context.output)
        }
        PolicyAction::Init => init(&root, &context.output),
        PolicyAction::Check => check(&root, &context),
        PolicyAction::Show => {
            let loaded = context.policy_of(&root)?;
            let policy = loaded.map_or_else(Policy::defaults, |loaded| loaded.policy);
            context.output.data(&show::show(&policy));
            Ok(Exit::Success)
        }
        PolicyAction::Schema => Ok(Exit::Success),
    }
}

/// What stands where a policy may stand is left as it is, whatever it is.
fn there(path: &Path) -> Failure {
    Failure::new(Code::Usage, format!("{} is there already; it was left as it is", path.display()))
        .help("`xcargo policy check` checks it, `xcargo policy show` shows what is in effect")
}

/// Says what `init` would do, and does nothing.
fn show_init(root: &Path, output: &Output) -> Result<Exit, Failure> {
    if let Some(path) = PLACES.map(|place| root.join(place)).iter().find(|path| is_there(path)) {
        return Err(there(path));
    }
    output.planned("Would create", root.join(PLACES[0]).display());
    Ok(Exit::Success)
}

fn is_there(path: &Path) -> bool {
    fs_err::symlink_metadata(path).is_ok()
}

fn init(root: &Path, output: &Output) -> Result<Exit, Failure> {
    let [path, other] = PLACES.map(|place| root.join(place));
    if is_there(&other) {
        return Err(there(&other));
    }
    match atomic::create(&path, template::TEMPLATE.as_bytes()) {
        Ok(()) => {
            output.status("Created", format!("{}: every key with its default", path.display()));
            Ok(Exit::Success)
        }
        Err(cause) if cause.kind() == io::ErrorKind::AlreadyExists => Err(there(&path)),
        Err(cause) => Err(Failure::new(Code::StepFailed, format!("could not write {}", path.display()))
            .note(cause.to_string())
            .help("make the workspace's directory writable")),
    }
}

fn check(root: &Path, context: &Context) -> Result<Exit, Failure> {
    match context.policy_of(root)? {
        Some(loaded) => {
            let files: Vec<String> =
                loaded.sources.iter().map(|source| source.path.display().to_string()).collect();
            context.output.status("Checked", format!("{}: valid", files.join(", ")));
            Ok(Exit::Success)
        }
        None => Err(Failure::new(Code::Findings, format!("there is no doctor.toml in {}", root.display()))
            .help("`xcargo policy init` writes one")),
    }
}
