//! The compiler itself: where it is, what its files look like, what it says of itself.

use std::env::{join_paths, split_paths};
use std::ffi::{OsStr, OsString};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::UNIX_EPOCH;

use crate::env::Env;
use crate::toolchain::error::ToolchainError;
use crate::toolchain::identity::{FileStamp, Identity, Stamped};

impl Stamped {
    /// Looks at `rustc`, links resolved, and at the driver library beside it (`lib/librustc_driver-*`). For a rustup
    /// proxy this is rustup itself, so give the toolchain's own `bin/rustc`.
    ///
    /// # Errors
    /// There is no such file, or it may not be looked at.
    pub fn read(rustc: &Path) -> io::Result<Self> {
        let rustc = fs::canonicalize(rustc)?;
        let mut files = vec![stamp(&rustc)?];
        for driver in drivers(&rustc) {
            files.push(stamp(&driver)?);
        }
        Ok(Self { files })
    }
}

/// Asks the compiler what it is: starts `<rustc> -vV`, once, in `env`'s current directory and otherwise in this
/// process's own environment, with the loader's path that rustup's proxies would set.
///
/// # Errors
/// It cannot be started, or its answer is not that of a rustc.
pub fn identify(rustc: &Path, name: &str, env: &Env) -> Result<Identity, ToolchainError> {
    let cannot_run = |source| ToolchainError::Rustc { path: rustc.to_owned(), source };
    // Before the question, so that a compiler replaced in between is asked again the next time.
    let stat = Stamped::read(rustc).map_err(cannot_run)?;
    let mut command = Command::new(rustc);
    command.arg("-vV").stdin(Stdio::null());
    command.current_dir(env.cwd().map_err(ToolchainError::NoCurrentDir)?);
    if let Some((variable, value)) =
        rustc.ancestors().nth(2).and_then(|toolchain| loader_path(toolchain, env))
    {
        command.env(variable, value);
    }
    let output = command.output().map_err(cannot_run)?;
    // Cargo needs these two lines (`util/rustc.rs`), and so does whoever tells compilers apart.
    let has = |text: &str, field: &str| text.lines().any(|line| line.starts_with(field));
    match String::from_utf8(output.stdout) {
        Ok(text) if output.status.success() && has(&text, "release: ") && has(&text, "host: ") => {
            Ok(Identity { name: name.to_owned(), verbose_version: text, stat })
        }
        _ => Err(ToolchainError::RustcAnswer {
            path: rustc.to_owned(),
            status: output.status,
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        }),
    }
}

/// The variable by which the dynamic loader finds a toolchain's libraries, and its value as rustup's proxies set it
/// (`set_ldpath` in its `src/toolchain.rs`). `None`: the path cannot stand in such a list, and rustup sets nothing.
#[must_use]
pub fn loader_path(toolchain: &Path, env: &Env) -> Option<(&'static str, OsString)> {
    let variable = if cfg!(target_os = "macos") { "DYLD_FALLBACK_LIBRARY_PATH" } else { "LD_LIBRARY_PATH" };
    let old = env.non_empty(variable);
    let mut ours = vec![toolchain.join("lib")];
    if cfg!(target_os = "macos") && old.is_none() {
        // What dyld falls back to when the variable is not set.
        ours.extend(env.home().map(|home| home.join("lib")));
        ours.extend(["/usr/local/lib", "/usr/lib"].map(PathBuf::from));
    }
    let theirs: Vec<PathBuf> = old.map(|old| split_paths(old).collect()).unwrap_or_default();
    ours.retain(|path| !theirs.contains(path));
    Some((variable, join_paths(ours.into_iter().chain(theirs)).ok()?))
}

/// The `rustc` that `cargo` will start where there is no rustup, or where cargo does not know of it: `RUSTC`, then
/// `build.rustc` (given), then the one that cargo finds by itself (`get_tool` in its `util/context/mod.rs`).
/// `None`: there is none.
#[must_use]
pub fn system_rustc(cargo: &Path, config_rustc: Option<&Path>, env: &Env) -> Option<PathBuf> {
    // Like cargo, which passes over a value that is not Unicode.
    if let Some(named) = env.get("RUSTC").and_then(OsStr::to_str) {
        return if named.contains(['/', '\\']) {
            Some(env.cwd().ok()?.join(named))
        } else {
            on_path(cargo, OsStr::new(named), env)
        };
    }
    match config_rustc {
        Some(path) if path.components().count() > 1 => Some(path.to_owned()),
        Some(name) => on_path(cargo, name.as_os_str(), env),
        None => behind_proxy(cargo, env).or_else(|| on_path(cargo, OsStr::new("rustc"), env)),
    }
}

/// Cargo's short cut around the rustup proxy: under rustup, if the `rustc` in PATH is as long as the `rustup` there,
/// it takes the toolchain's own.
fn behind_proxy(cargo: &Path, env: &Env) -> Option<PathBuf> {
    let toolchain = env.get("RUSTUP_TOOLCHAIN")?.to_str()?;
    if toolchain.contains(['/', '\\']) {
        return None;
    }
    let length = |name| Some(fs::metadata(on_path(cargo, OsStr::new(name), env)?).ok()?.len());
    if length("rustc")? != length("rustup")? {
        return None;
    }
    let rustc =
        env.rustup_home()?.join("toolchains").join(toolchain).join("bin").join(executable("rustc".as_ref()));
    rustc.exists().then_some(rustc)
}

/// Where the system finds a program that cargo starts by its bare name.
fn on_path(cargo: &Path, name: &OsStr, env: &Env) -> Option<PathBuf> {
    if name.is_empty() {
        return None;
    }
    let cwd = env.cwd().ok()?;
    let file = executable(name);
    // Windows looks beside the running program, which is cargo, before it looks into PATH.
    let beside = if cfg!(windows) { cargo.parent().map(Path::to_owned) } else { None };
    let listed = env.get("PATH").map(|list| split_paths(list).collect::<Vec<_>>()).unwrap_or_default();
    beside.into_iter().chain(listed).map(|dir| cwd.join(dir).join(&file)).find(|path| is_executable(path))
}

fn executable(name: &OsStr) -> PathBuf {
    let mut file = PathBuf::from(name);
    if cfg!(windows) && file.extension().is_none() {
        file.set_extension("exe");
    }
    file
}

#[cfg(unix)]
fn is_executable(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    fs::metadata(path).is_ok_and(|meta| meta.is_file() && meta.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn is_executable(path: &Path) -> bool {
    path.is_file()
}

/// The driver libraries that belong to this `rustc`, in order. Rustup's toolchains have one in `lib` (on Windows in
/// `bin`); distributions put it into `lib64` or into a directory such as `lib/x86_64-linux-gnu`.
fn drivers(rustc: &Path) -> Vec<PathBuf> {
    let Some(bin) = rustc.parent() else { return Vec::new() };
    if cfg!(windows) {
        return scan(bin).drivers;
    }
    let Some(prefix) = bin.parent() else { return Vec::new() };
    let lib = scan(&prefix.join("lib"));
    if !lib.drivers.is_empty() {
        return lib.drivers;
    }
    let elsewhere = std::iter::once(prefix.join("lib64")).chain(lib.multiarch);
    elsewhere.map(|dir| scan(&dir).drivers).find(|found| !found.is_empty()).unwrap_or_default()
}

#[derive(Default)]
struct Scanned {
    drivers: Vec<PathBuf>,
    multiarch: Vec<PathBuf>,
}

/// Sorts out one directory by names alone; one that cannot be read has nothing.
fn scan(dir: &Path) -> Scanned {
    let mut found = Scanned::default();
    for entry in fs::read_dir(dir).into_iter().flatten().filter_map(Result::ok) {
        let name = entry.file_name();
        let Some(text) = name.to_str() else { continue };
        let is_library = [".so", ".dylib", ".dll"].iter().any(|suffix| text.ends_with(suffix));
        if is_library && text.trim_start_matches("lib").starts_with("rustc_driver") {
            found.drivers.push(entry.path());
        } else if text.contains("-linux-gnu") && !text.contains('.') {
            found.multiarch.push(entry.path());
        }
    }
    found.drivers.sort();
    found.multiarch.sort();
    found
}

fn stamp(path: &Path) -> io::Result<FileStamp> {
    let meta = fs::metadata(path)?;
    let nanoseconds = |nanos: u128| i64::try_from(nanos).unwrap_or(i64::MAX);
    let modified = match meta.modified()?.duration_since(UNIX_EPOCH) {
        Ok(since) => nanoseconds(since.as_nanos()),
        Err(before) => -nanoseconds(before.duration().as_nanos()),
    };
    Ok(FileStamp { path: format!("{path:?}"), size: meta.len(), modified, inode: inode(&meta) })
}

#[cfg(unix)]
fn inode(meta: &fs::Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::ino(meta)
}

/// The standard library has no stable number of a file here; path, size and time must do.
#[cfg(not(unix))]
const fn inode(_: &fs::Metadata) -> u64 {
    0
}

#[cfg(test)]
mod tests;
