//! `Cargo.toml`: `rust-version` of the package and of the workspace.

use super::{Found, Nature, Spelling, Unreadable, toml};

/// Finds every oldest supported release. `rust-version.workspace = true` names none.
///
/// # Errors
/// The file is no TOML.
pub(super) fn find(text: &str) -> Result<Found, Unreadable> {
    let document = toml::read(text)?;
    let places: [&[&str]; 2] = [&["package", "rust-version"], &["workspace", "package", "rust-version"]];
    let pins = places
        .iter()
        .filter_map(|keys| {
            let oldest = toml::item(text, toml::at(document.as_table(), keys)?)?;
            Some(oldest.pin(text, keys.join("."), Spelling::Release, Nature::Msrv))
        })
        .collect();
    Ok(Found { pins, ..Found::default() })
}

#[cfg(test)]
mod tests {
    use crate::pins::testing::check;
    use crate::pins::{Kind, Role};

    #[test]
    fn forms() {
        check(
            Kind::Manifest,
            &[
                (
                    "a package",
                    "[package]\nname = \"a\"\nversion = \"1.70.0\"\nrust-version = \"«1.70»\"\n",
                    &[Role::Msrv],
                    &["1.70"],
                ),
                (
                    "a workspace and its root package",
                    "[workspace.package]\nrust-version = \"«1.70»\" # MSRV\n\n[package]\nname = \"a\"\nrust-version.workspace = true\n",
                    &[Role::Msrv],
                    &["1.70"],
                ),
                (
                    "inherited in a table",
                    "[package]\nname = \"a\"\nrust-version = { workspace = true }\n",
                    &[],
                    &[],
                ),
                (
                    "a dependency of that name",
                    "[package]\nname = \"a\"\n[dependencies]\nrust = \"1.78.0\"\n[package.metadata.x]\nrust-version = \"1.78.0\"\n",
                    &[],
                    &[],
                ),
                (
                    "CRLF, inline",
                    "package = { name = \"a\", rust-version = '«1.78.0»' }\r\n",
                    &[Role::Msrv],
                    &["1.78.0"],
                ),
            ],
        );
    }
}
