//! The toolchain and the rustup that this test run was started with: all that the sandboxes borrow from the machine.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// What the machine lends.
pub(crate) struct Machine {
    /// The toolchain's directory, with `bin` and `lib` in it.
    pub(crate) sysroot: PathBuf,
    /// The host triple.
    pub(crate) host: String,
    /// The compiler's release: `1.95.0`.
    pub(crate) release: String,
    /// The real rustup binary.
    pub(crate) rustup: PathBuf,
}

impl Machine {
    /// One of the toolchain's own programs, not rustup's proxy of that name.
    pub(crate) fn tool(&self, name: &str) -> PathBuf {
        self.sysroot.join("bin").join(name)
    }
}

/// The machine, looked at once per test process.
pub(crate) fn machine() -> &'static Machine {
    static MACHINE: OnceLock<Machine> = OnceLock::new();
    MACHINE.get_or_init(|| {
        let rustup = find_in_path("rustup")
            .expect(
                "the integration tests need rustup in PATH: they install toolchains from a local dist server",
            )
            .canonicalize()
            .expect("rustup's own file");
        let sysroot = PathBuf::from(ask_rustc(&["--print", "sysroot"]).trim_end());
        let verbose = ask_rustc(&["-vV"]);
        let field = |name: &str| {
            let line = verbose.lines().find_map(|line| line.strip_prefix(name));
            line.unwrap_or_else(|| panic!("`rustc -vV` has no line {name:?}:\n{verbose}")).trim().to_owned()
        };
        Machine { sysroot, host: field("host:"), release: field("release:"), rustup }
    })
}

/// The first executable of this name in the test process's PATH.
pub(crate) fn find_in_path(name: &str) -> Option<PathBuf> {
    let path: OsString = env::var_os("PATH")?;
    env::split_paths(&path).map(|dir| dir.join(name)).find(|file| file.is_file())
}

/// Asks the compiler that built these tests: `cargo test` leaves `RUSTUP_TOOLCHAIN` set where rustup chose it.
fn ask_rustc(args: &[&str]) -> String {
    let rustc = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let out = Command::new(rustc)
        .args(args)
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")))
        .output()
        .expect("rustc starts");
    assert!(out.status.success(), "rustc {args:?}: {}", String::from_utf8_lossy(&out.stderr));
    String::from_utf8(out.stdout).expect("rustc prints UTF-8")
}
