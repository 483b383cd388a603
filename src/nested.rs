//! Is this call made by something that cargo itself runs?
//!
//! A build script, a test, an xtask or a recipe that runs `cargo` while the outer cargo works must pass straight
//! through: the outer call has taken the steps, and holds the locks. No variable of xcargo's own says so, because
//! what cargo's children see must be the same as without xcargo. Cargo says it itself: it gives every process that
//! it starts `CARGO`, the absolute path of its own executable
//! (`Compilation::fill_env` and `cargo_exe` in cargo's source). Makefiles that export `CARGO=cargo` have no
//! absolute path there and are not mistaken for it.

use std::path::Path;

use crate::env::Env;

/// Whether an outer cargo started this process, directly or through others.
#[must_use]
pub fn is_nested(env: &Env) -> bool {
    env.non_empty("CARGO").map(Path::new).is_some_and(|cargo| {
        cargo.is_absolute()
            && cargo
                .file_stem()
                .is_some_and(|stem| stem.to_string_lossy().to_ascii_lowercase().starts_with("cargo"))
    })
}

#[cfg(test)]
mod tests {
    use super::is_nested;
    use crate::env::Env;

    #[test]
    fn only_an_absolute_cargo_is_an_outer_cargo() {
        for (value, expected) in [
            (None, false),
            (Some(""), false),
            (Some("cargo"), false),
            (Some("/opt/bin/cross"), false),
            (Some("/opt/toolchain/bin/cargo"), true),
        ] {
            let env = Env::of(value.map(|value| ("CARGO", value)), "/");
            assert_eq!(is_nested(&env), expected, "{value:?}");
        }
    }
}
