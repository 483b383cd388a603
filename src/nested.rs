//! Is this call made by something that cargo itself runs?
//!
//! A build script, a test, an xtask or a recipe that runs `cargo` while the outer cargo works must pass straight
//! through: the outer call has taken the steps, and holds the locks. No variable of xcargo's own says so, because
//! what cargo's children see must be the same as without xcargo. Cargo says it itself: it gives every process that
//! it starts `CARGO`, the absolute path of its own executable
//! (`Compilation::fill_env` and `cargo_exe` in cargo's source). Makefiles that export `CARGO=cargo` have no
//! absolute path there and are not mistaken for it.

use std::path::Path;

use crate::cargo_exe::{CargoExe, Kind};
use crate::env::Env;

/// Whether an outer cargo started this process, directly or through others. `exe` is the cargo that was found for this
/// call.
///
/// `CARGO` may also have been exported by hand (`CARGO := $(shell command -v cargo)` in a Makefile). Then it names what
/// is in PATH, which cargo itself never does: not this program, and not rustup's proxy.
#[must_use]
pub fn is_nested(env: &Env, exe: &CargoExe) -> bool {
    let Some(cargo) = env.non_empty("CARGO").map(Path::new) else { return false };
    let is = |other: &Path| same_file::is_same_file(cargo, other).unwrap_or(false);
    let has_its_name = cargo
        .file_stem()
        .is_some_and(|stem| stem.to_string_lossy().to_ascii_lowercase().starts_with("cargo"));
    cargo.is_absolute()
        && has_its_name
        && fs_err::metadata(cargo).is_ok_and(|meta| meta.is_file())
        && !env.exe().is_some_and(is)
        && !(exe.kind == Kind::RustupProxy && is(&exe.path))
}

#[cfg(test)]
mod tests {
    use super::is_nested;
    use crate::cargo_exe::{CargoExe, Kind};
    use crate::env::Env;

    /// What a user would lose: the policy, by a Makefile that exports `CARGO`.
    #[test]
    fn only_a_toolchains_own_cargo_is_an_outer_cargo() {
        let dir = tempfile::tempdir().expect("a directory");
        let file = |name: &str| {
            let path = dir.path().join(name);
            fs_err::write(&path, name).expect("a file");
            path
        };
        let (proxy, real, other) = (file("cargo-proxy"), file("cargo"), file("cross"));
        let exe = CargoExe { path: proxy.clone(), kind: Kind::RustupProxy, hops: None };
        for (value, expected) in [
            (String::new(), false),
            ("cargo".to_owned(), false),
            (other.display().to_string(), false),
            (dir.path().join("cargo-gone").display().to_string(), false),
            (proxy.display().to_string(), false),
            (real.display().to_string(), true),
        ] {
            let env = Env::of([("CARGO", &value)], "/");
            assert_eq!(is_nested(&env, &exe), expected, "{value:?}");
        }
        assert!(!is_nested(&Env::of::<&str, &str>([], "/"), &exe));
        let system = CargoExe { path: real.clone(), kind: Kind::Toolchain, hops: None };
        assert!(
            is_nested(&Env::of([("CARGO", &real)], "/"), &system),
            "a distribution's cargo is in PATH itself"
        );
    }
}
