//! `xcargo cache`: what is in the target dir and the build dir. It changes nothing there, takes no lock and starts no cargo.
//!
//! The policy is not asked: it says what may go, not what is there. So this works where doctor.toml is broken, too.

use std::ffi::{OsStr, OsString};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use super::Mode;
use super::context::Context;
use crate::apply::atomic;
use crate::cache::finals::{self, Finals};
use crate::cache::{self, usage};
use crate::cli::{self, CacheShow};
use crate::diagnostic::Failure;
use crate::env::Env;
use crate::exit::{Code, Exit};
use crate::invocation::Invocation;
use crate::output::Output;
use crate::report::build::{Draft, Place};
use crate::report::{Report, html, json, text};
use crate::workspace::WorkspaceError;

pub(super) fn run(
    invocation: &Invocation,
    argv0: &OsStr,
    args: &[OsString],
    env: &Env,
    output: &Output,
) -> Result<Exit, Failure> {
    let Some(asked) = super::to_run(cli::cache(args)?, output) else { return Ok(Exit::Success) };
    let context = Context::survey(invocation, env).map_err(WorkspaceError::into_failure)?;
    let place = Dirs::of(&context)?;
    let report = report(&place, &context, invocation, argv0)?;
    match asked.show() {
        CacheShow::Json => context.output.data(&json::render(&report)),
        CacheShow::Html(path) => {
            let path = context.env.cwd().unwrap_or(Path::new("")).join(path);
            return write_page(&path, &report, super::mode(invocation, env), &context.output);
        }
        CacheShow::Text(wanted) if !report.items.is_empty() || !report.unknown.is_empty() => {
            context.output.data(&text::render(&report, &wanted, context.output.page(&context.env)));
        }
        CacheShow::Text(_) => {
            let state = if place.target_dir.is_dir() { "is empty" } else { "does not exist" };
            context.output.data(&format!("{} {state}: nothing is cached\n", place.target_dir.display()));
        }
    }
    Ok(Exit::Success)
}

/// Which dirs are looked at.
struct Dirs {
    root: Option<PathBuf>,
    target_dir: PathBuf,
    build_dir: PathBuf,
    cargo_home: PathBuf,
}

impl Dirs {
    /// The workspace's; without one, the dir that the command line names.
    fn of(context: &Context) -> Result<Self, Failure> {
        match (&context.workspace, &context.resolved.flags.target_dir) {
            (Ok(Some(workspace)), _) => Ok(Self {
                root: Some(workspace.root.clone()),
                target_dir: workspace.target_dir.value.clone(),
                build_dir: workspace.build_dir.value.clone(),
                cargo_home: workspace.cargo_home.clone(),
            }),
            (_, Some(dir)) => {
                let dir = context.env.cwd().unwrap_or(Path::new("")).join(dir);
                Ok(Self {
                    root: None,
                    target_dir: dir.clone(),
                    build_dir: dir,
                    cargo_home: context.env.cargo_home().unwrap_or_default(),
                })
            }
            (Ok(None), None) => {
                Err(Failure::new(Code::Workspace, "there is no Cargo.toml here or in any directory above").help(
                    "run it inside a workspace, name one with `--manifest-path`, or a directory with `--target-dir`",
                ))
            }
            (Err(error), None) => Err(error
                .clone()
                .into_failure()
                .help("`xcargo cache --target-dir <DIR>` needs no readable workspace")),
        }
    }
}

fn report(dirs: &Dirs, context: &Context, invocation: &Invocation, argv0: &OsStr) -> Result<Report, Failure> {
    let cannot_read = |dir: &Path, cause: &io::Error| {
        Failure::new(Code::StepFailed, format!("could not read {}", dir.display()))
            .note(cause.to_string())
            .help("name a readable directory with `--target-dir`")
    };
    let mut cache = cache::read(&dirs.build_dir, &dirs.cargo_home)
        .map_err(|cause| cannot_read(&dirs.build_dir, &cause))?;
    cache.read_sessions();
    let mut all = vec![dirs.target_dir.as_path()];
    // Some of what cargo leaves for people lies there.
    all.extend((dirs.build_dir != dirs.target_dir).then_some(dirs.build_dir.as_path()));
    let finals =
        all.into_iter().map(|dir| finals::read(dir, &cache).map_err(|cause| cannot_read(dir, &cause)));
    let finals: Vec<Finals> = finals.collect::<Result<_, _>>()?;
    let compilers =
        super::compilers::known(&cache, dirs.root.as_deref(), &context.env_of_rustup, invocation, argv0);
    let place =
        Place { workspace: dirs.root.as_deref(), target_dir: &dirs.target_dir, build_dir: &dirs.build_dir };
    let draft = Draft::new(place, &cache, &finals, &compilers);
    let usage = usage::read(&draft.claims());
    Ok(draft.counted(usage))
}

fn write_page(path: &Path, report: &Report, mode: Mode, output: &Output) -> Result<Exit, Failure> {
    let before = page_at(path)?;
    if mode == Mode::DryRun {
        output.planned("Would write", path.display());
        return Ok(Exit::Success);
    }
    let page = html::render(report);
    let written = match before {
        Before::Nothing => atomic::create(path, page.as_bytes()),
        Before::Page => atomic::replace(path, page.as_bytes()),
    };
    written.map_err(|cause| match cause.kind() {
        io::ErrorKind::AlreadyExists => not_ours(path, "something else was put there meanwhile"),
        _ => Failure::new(Code::StepFailed, format!("could not write {}", path.display()))
            .note(cause.to_string())
            .help("name a file in a directory that is there and can be written"),
    })?;
    output.status("Wrote", path.display());
    Ok(Exit::Success)
}

/// What stands where a page is to be written.
enum Before {
    Nothing,
    /// An earlier page of ours.
    Page,
}

/// # Errors
/// Something else is there: it is somebody's.
fn page_at(path: &Path) -> Result<Before, Failure> {
    match fs_err::symlink_metadata(path) {
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => Ok(Before::Nothing),
        Err(cause) => Err(not_ours(path, &cause.to_string())),
        Ok(meta) if meta.is_dir() => Err(not_ours(path, "it is a directory")),
        Ok(meta) if !meta.is_file() => Err(not_ours(path, "it is no regular file")),
        Ok(_) => match start_of(path) {
            Ok(start) if html::is_page(&start) => Ok(Before::Page),
            Ok(_) => Err(not_ours(path, "it is not a page that `xcargo cache` wrote")),
            Err(cause) => Err(not_ours(path, &cause.to_string())),
        },
    }
}

fn start_of(path: &Path) -> io::Result<Vec<u8>> {
    let mut start = Vec::new();
    fs_err::File::open(path)?.take(html::START_LENGTH).read_to_end(&mut start)?;
    Ok(start)
}

fn not_ours(path: &Path, why: &str) -> Failure {
    Failure::new(Code::Usage, format!("{} is there already; it was left as it is", path.display()))
        .note(why)
        .help("name another file; only an earlier page of `xcargo cache` is written over")
}
