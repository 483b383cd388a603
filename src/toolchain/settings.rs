//! Rustup's `settings.toml`, read as rustup 1.29 reads it (`src/settings.rs` there) and no more leniently.

use std::collections::BTreeMap;
use std::path::Path;

use toml_edit::{Document, Item, TomlError};

use super::error::{TomlProblem, ToolchainError};
use super::file::Profile;

/// What rustup was told with `rustup default`, `rustup override` and `rustup set`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Settings {
    /// The toolchain that is used where nothing else is said.
    pub default_toolchain: Option<String>,
    /// What completes names without a target triple.
    pub default_host_triple: Option<String>,
    /// What is installed with a new toolchain.
    pub profile: Option<Profile>,
    /// Whether missing toolchains are installed by the proxies.
    pub auto_install: AutoInstall,
    /// Canonical directory, as text, to toolchain.
    pub overrides: BTreeMap<String, String>,
}

/// `rustup set auto-install`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum AutoInstall {
    /// Missing toolchains are installed: rustup's default.
    #[default]
    Enable,
    /// They are not.
    Disable,
}

impl Settings {
    /// Parses the text of `path`.
    ///
    /// # Errors
    /// What rustup refuses too: it is not TOML, a value is of another type or not among its choices, or the
    /// version is not `"12"`.
    pub fn parse(path: &Path, text: &str) -> Result<Self, ToolchainError> {
        let fail = |problem| ToolchainError::Settings { path: path.to_owned(), problem };
        let document = Document::parse(text).map_err(|error| fail(toml_problem(text, &error)))?;
        let string = |key: &str| match document.get(key).map(|item| (item.as_str(), item)) {
            None => Ok(None),
            Some((Some(value), _)) => Ok(Some(value.to_owned())),
            Some((None, item)) => Err(fail(wrong_type(text, item, key, "a string"))),
        };
        let choice = |key: &str, allowed: &[&str]| match string(key)? {
            Some(found) if !allowed.contains(&found.as_str()) => {
                let line = document.get(key).and_then(Item::span).map(|span| line_at(text, span.start));
                Err(fail(TomlProblem { line, text: format!("`{key}` cannot be {found:?}") }))
            }
            found => Ok(found),
        };

        match string("version")? {
            Some(version) if version == "12" => {}
            Some(found) => return Err(ToolchainError::SettingsVersion { path: path.to_owned(), found }),
            None => return Err(fail(TomlProblem { line: None, text: "`version` is missing".to_owned() })),
        }
        string("pgp_keys")?;
        choice("auto_self_update", &["enable", "disable", "check-only"])?;
        let auto_install = match choice("auto_install", &["enable", "disable"])?.as_deref() {
            Some("disable") => AutoInstall::Disable,
            _ => AutoInstall::Enable,
        };
        let profile =
            choice("profile", &["minimal", "default", "complete"])?.and_then(|it| Profile::parse(&it));

        let mut overrides = BTreeMap::new();
        if let Some(item) = document.get("overrides") {
            let table =
                item.as_table_like().ok_or_else(|| fail(wrong_type(text, item, "overrides", "a table")))?;
            for (dir, name) in table.iter() {
                let name_text = name.as_str().ok_or_else(|| fail(wrong_type(text, name, dir, "a string")))?;
                overrides.insert(dir.to_owned(), name_text.to_owned());
            }
        }
        Ok(Self {
            default_toolchain: string("default_toolchain")?,
            default_host_triple: string("default_host_triple")?,
            profile,
            auto_install,
            overrides,
        })
    }

    /// The default toolchain of the machine-wide fallback file (`/etc/rustup/settings.toml`): nothing else counts
    /// there, not even its version (`src/fallback_settings.rs` in rustup).
    ///
    /// # Errors
    /// It is not TOML, or `default_toolchain` is not a string.
    pub fn parse_fallback(path: &Path, text: &str) -> Result<Option<String>, ToolchainError> {
        let fail = |problem| ToolchainError::Settings { path: path.to_owned(), problem };
        let document = Document::parse(text).map_err(|error| fail(toml_problem(text, &error)))?;
        match document.get("default_toolchain") {
            None => Ok(None),
            Some(item) => match item.as_str() {
                Some(name) => Ok(Some(name.to_owned())),
                None => Err(fail(wrong_type(text, item, "default_toolchain", "a string"))),
            },
        }
    }
}

/// A syntax error, with its line.
pub(super) fn toml_problem(text: &str, error: &TomlError) -> TomlProblem {
    let line = error.span().map(|span| line_at(text, span.start));
    TomlProblem { line, text: error.message().trim().replace('\n', ", ") }
}

/// A value that is not of the type that rustup expects, with its line.
pub(super) fn wrong_type(text: &str, item: &Item, key: &str, expected: &str) -> TomlProblem {
    let line = item.span().map(|span| line_at(text, span.start));
    TomlProblem { line, text: format!("`{key}` is {} where {expected} is expected", item.type_name()) }
}

/// The line, counted from 1, in which this byte offset lies.
fn line_at(text: &str, offset: usize) -> usize {
    1 + text.as_bytes().iter().take(offset).filter(|byte| **byte == b'\n').count()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{AutoInstall, Settings};
    use crate::toolchain::{Profile, ToolchainError};

    #[test]
    fn what_rustup_writes_is_read_whole() {
        let text = r#"
version = "12"
default_host_triple = "x86_64-unknown-linux-musl"
default_toolchain = "stable-x86_64-unknown-linux-gnu"
profile = "minimal"
auto_self_update = "check-only"
auto_install = "disable"
a_later_key = 1

[overrides]
"/home/me/a b" = "nightly"
"#;
        let settings = Settings::parse(Path::new("settings.toml"), text).expect("valid settings");
        assert_eq!(settings.default_toolchain.as_deref(), Some("stable-x86_64-unknown-linux-gnu"));
        assert_eq!(settings.default_host_triple.as_deref(), Some("x86_64-unknown-linux-musl"));
        assert_eq!((settings.profile, settings.auto_install), (Some(Profile::Minimal), AutoInstall::Disable));
        assert_eq!(settings.overrides["/home/me/a b"], "nightly");
    }

    #[test]
    fn what_rustup_refuses_is_not_guessed_at() {
        for (text, expect) in [
            ("", "`version` is missing"),
            ("version = 12", "line 1: `version` is integer where a string is expected"),
            ("version = \"2\"", "have version \"2\", not \"12\""),
            ("version = \"13\"", "have version \"13\", not \"12\""),
            ("version = \"12\"\ndefault_toolchain = 1.95", "line 2: `default_toolchain` is float"),
            ("version = \"12\"\nprofile = \"m\"", "line 2: `profile` cannot be \"m\""),
            ("version = \"12\"\n[overrides]\n\"/a\" = 1", "line 3: `/a` is integer"),
            ("version = \"12\"\noverrides = []", "line 2: `overrides` is array"),
            ("version = \"12\"\n\n[overrides\n", "line 3: "),
        ] {
            let error = Settings::parse(Path::new("settings.toml"), text).expect_err(text);
            assert!(error.to_string().contains(expect), "{text:?}: {error}");
            assert!(error.rustup_fails_too(), "{text:?}");
            assert!(matches!(
                error,
                ToolchainError::Settings { .. } | ToolchainError::SettingsVersion { .. }
            ));
        }
    }

    #[test]
    fn the_fallback_file_gives_a_default_and_nothing_else() {
        let read = |text| Settings::parse_fallback(Path::new("fallback.toml"), text);
        assert_eq!(
            read("version = 3\ndefault_toolchain = \"stable\"").expect("valid").as_deref(),
            Some("stable")
        );
        assert_eq!(read("").expect("valid"), None);
        assert!(read("default_toolchain = 1").is_err());
    }
}
