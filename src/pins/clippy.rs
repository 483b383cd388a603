//! clippy's configuration: `msrv`.

use super::{Found, Nature, Spelling, Unreadable, toml};

/// Finds the oldest release that lints are held against.
///
/// # Errors
/// The file is no TOML.
pub(super) fn find(text: &str) -> Result<Found, Unreadable> {
    let document = toml::read(text)?;
    let msrv = document.get("msrv").and_then(|item| toml::item(text, item));
    let pins = msrv.map(|msrv| msrv.pin(text, "msrv", Spelling::Release, Nature::Msrv)).into_iter().collect();
    Ok(Found { pins, ..Found::default() })
}

#[cfg(test)]
mod tests {
    use crate::pins::testing::check;
    use crate::pins::{Kind, Role};

    #[test]
    fn forms() {
        check(
            Kind::Clippy,
            &[
                ("two numbers", "msrv = \"«1.70»\"\n", &[Role::Msrv], &["1.70"]),
                (
                    "among others",
                    "disallowed-names = [\"foo\"]\nmsrv = '«1.70.0»' # as in Cargo.toml\r\n",
                    &[Role::Msrv],
                    &["1.70.0"],
                ),
                ("the pin itself is still no dev pin", "msrv = \"«1.78.0»\"\n", &[Role::Msrv], &["1.78.0"]),
                ("told to ignore it", "# xcargo: ignore\nmsrv = \"«1.60»\"\n", &[Role::Ignored], &["1.60"]),
                ("none", "avoid-breaking-exported-api = false\n", &[], &[]),
                ("in a comment", "# msrv = \"1.70\"\n", &[], &[]),
            ],
        );
    }
}
