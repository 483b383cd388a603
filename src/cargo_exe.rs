//! The real cargo, found without ever finding xcargo itself.
//!
//! xcargo may stand in PATH under the name `cargo` (a link, a hard link or a copy), more than once and in more than
//! one version. Three rules keep it from finding itself:
//!
//! 1. A candidate that is the very file that is running is passed over.
//! 2. Called as `cargo`, the search starts behind the directory through which this call came. A second xcargo
//!    further down is started with its full path as `argv[0]`, so it too looks only behind itself: every hop moves
//!    towards the end of PATH, and the chain ends.
//! 3. A candidate that is neither rustup's proxy nor a toolchain's own cargo (a shell script, a version manager's
//!    shim) might lead back here by itself. Only for those a counter is put into the environment.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

use crate::diagnostic::Failure;
use crate::env::Env;
use crate::exit::Code;
use crate::invocation::CalledAs;

/// Names a cargo to use instead of the one in PATH.
pub const XCARGO_CARGO: &str = "XCARGO_CARGO";

/// Counts how often a cargo of unknown kind led back to xcargo; set for such a cargo only.
pub const XCARGO_RECURSION: &str = "XCARGO_RECURSION";

/// So many hops through other wrappers are believed; rustup's own counter stops at 20 as well.
const MOST_HOPS: u32 = 20;

/// What kind of program the found cargo is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// rustup's proxy: it picks the toolchain, and reads `+toolchain`.
    RustupProxy,
    /// The cargo of one toolchain, with its rustc beside it.
    Toolchain,
    /// A script, a shim, or something else in between.
    Unknown,
}

/// The cargo that commands are handed to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CargoExe {
    /// Its absolute path, links not resolved: rustup's proxy knows by its name what it is to be.
    pub path: PathBuf,
    /// What kind of program it is.
    pub kind: Kind,
    /// For [`Kind::Unknown`]: the value of [`XCARGO_RECURSION`] to hand down.
    pub hops: Option<u32>,
}

/// Finds the real cargo: `XCARGO_CARGO`, else PATH, else `bin` in CARGO_HOME.
///
/// # Errors
/// There is none (the message says where it was looked for), `XCARGO_CARGO` names nothing that can be run or
/// xcargo itself, or the same wrappers were gone through too often.
pub fn find(called_as: CalledAs, argv0: &OsStr, env: &Env) -> Result<CargoExe, Failure> {
    let hops =
        env.get(XCARGO_RECURSION).and_then(OsStr::to_str).and_then(|text| text.parse().ok()).unwrap_or(0);
    if hops >= MOST_HOPS {
        return Err(Failure::new(Code::NoCargo, "the cargo in PATH leads back to xcargo again and again")
            .note(format!("`{XCARGO_RECURSION}` counted {hops} hops through a script or shim named `cargo`"))
            .help(format!("set `{XCARGO_CARGO}` to the real cargo, such as the one in your toolchain")));
    }
    let path = match env.non_empty(XCARGO_CARGO) {
        Some(named) => from_variable(Path::new(named), env)?,
        None => from_path(called_as, argv0, env)?,
    };
    let kind = kind_of(&path);
    let hops = (kind == Kind::Unknown).then_some(hops + 1);
    Ok(CargoExe { path, kind, hops })
}

fn from_variable(named: &Path, env: &Env) -> Result<PathBuf, Failure> {
    let fail = |what: &str| {
        Failure::new(Code::NoCargo, format!("`{XCARGO_CARGO}` names {what}: {}", named.display()))
            .help(format!("set `{XCARGO_CARGO}` to the path of a cargo executable, or unset it"))
    };
    let path = env.cwd().unwrap_or(Path::new("")).join(named);
    if !is_executable(&path) {
        return Err(fail("nothing that can be run"));
    }
    if is_this_program(&path, env) {
        return Err(fail("xcargo itself"));
    }
    Ok(path)
}

fn from_path(called_as: CalledAs, argv0: &OsStr, env: &Env) -> Result<PathBuf, Failure> {
    let cwd = env.cwd().unwrap_or(Path::new(""));
    let search = env.search_path();
    let start = match called_as {
        CalledAs::Cargo => behind_this_call(&search, argv0, cwd, env),
        CalledAs::Xcargo => 0,
    };
    let fallback = env.cargo_home().map(|home| home.join("bin"));
    let mut passed_over = Vec::new();
    for dir in search[start..].iter().chain(&fallback) {
        let candidate = dir.join(program("cargo"));
        if !is_executable(&candidate) {
            continue;
        }
        if is_this_program(&candidate, env) {
            passed_over.push(candidate);
        } else {
            return Ok(candidate);
        }
    }
    let mut failure = Failure::new(Code::NoCargo, "no cargo found to hand the command to");
    failure = match search[start..].is_empty() {
        true => failure.note("PATH has no directory to look in"),
        false => failure.note(format!("looked in: {}", listed(&search[start..]))),
    };
    if let Some(fallback) = fallback {
        failure = failure.note(format!("and in: {}", fallback.display()));
    }
    if !passed_over.is_empty() {
        failure = failure.note(format!("passed over, being xcargo itself: {}", listed(&passed_over)));
    }
    Err(failure.help(format!("install Rust, or set `{XCARGO_CARGO}` to a cargo executable")))
}

/// Where in PATH the search goes on behind the directory through which this program was called as `cargo`.
fn behind_this_call(search: &[PathBuf], argv0: &OsStr, cwd: &Path, env: &Env) -> usize {
    let called = Path::new(argv0);
    let position = match called.parent().filter(|dir| !dir.as_os_str().is_empty()) {
        Some(dir) => {
            let dir = cwd.join(dir);
            search.iter().position(|entry| same_file::is_same_file(entry, &dir).unwrap_or(false))
        }
        None => search.iter().position(|entry| is_this_program(&entry.join(program("cargo")), env)),
    };
    position.map_or(0, |at| at + 1)
}

fn is_this_program(candidate: &Path, env: &Env) -> bool {
    env.exe().is_some_and(|exe| same_file::is_same_file(candidate, exe).unwrap_or(false))
}

/// What the file is, judged by its neighbours: rustup links all its proxies to itself, and a toolchain has its
/// rustc beside its cargo. Costs at most four `stat`s.
fn kind_of(cargo: &Path) -> Kind {
    let beside = |name: &str| cargo.with_file_name(program(name));
    if same_file::is_same_file(cargo, beside("rustup")).unwrap_or(false) {
        return Kind::RustupProxy;
    }
    let real = fs_err::canonicalize(cargo).unwrap_or_else(|_| cargo.to_owned());
    if real.file_stem().is_some_and(|stem| stem == "rustup" || stem == "rustup-init") {
        return Kind::RustupProxy;
    }
    if is_executable(&real.with_file_name(program("rustc"))) && !is_script(&real) {
        return Kind::Toolchain;
    }
    Kind::Unknown
}

fn is_script(path: &Path) -> bool {
    use std::io::Read as _;
    let mut start = [0; 2];
    fs_err::File::open(path).and_then(|mut file| file.read_exact(&mut start)).is_ok() && &start == b"#!"
}

fn program(name: &str) -> OsString {
    let mut file = OsString::from(name);
    file.push(std::env::consts::EXE_SUFFIX);
    file
}

#[cfg(unix)]
fn is_executable(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    fs_err::metadata(path).is_ok_and(|meta| meta.is_file() && meta.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn is_executable(path: &Path) -> bool {
    fs_err::metadata(path).is_ok_and(|meta| meta.is_file())
}

fn listed(paths: &[PathBuf]) -> String {
    paths.iter().map(|path| path.display().to_string()).collect::<Vec<_>>().join(", ")
}
