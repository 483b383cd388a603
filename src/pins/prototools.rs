//! proto's `.prototools`: the tool `rust`.

use super::variable::{is_of_rust, is_official};
use super::{Found, Frozen, Nature, Pin, Remark, Spelling, Unreadable, What, toml};

/// Finds the tool and what is in its environment.
///
/// A requirement on one release (`~1.78`) is a pin that cannot be replaced by itself; any other is only remarked upon.
///
/// # Errors
/// The file is no TOML.
pub(super) fn find(text: &str) -> Result<Found, Unreadable> {
    let document = toml::read(text)?;
    let mut found = Found::default();
    if let Some(version) = document.get("rust").and_then(|item| toml::item(text, item)) {
        tool(text, &version, &mut found);
    }
    let env = document.get("env").and_then(|item| item.as_table_like());
    for (name, item) in env.into_iter().flat_map(|table| table.iter()).filter(|(name, _)| is_of_rust(name)) {
        let value = toml::item(text, item).filter(|value| is_official(value.value, Spelling::Channel));
        found.pins.extend(value.map(|value| {
            value.pin(text, format!("env.{name}"), Spelling::Channel, Nature::Environment).around([name])
        }));
    }
    Ok(found)
}

fn tool(text: &str, version: &toml::Text<'_>, found: &mut Found) {
    if is_official(version.value, Spelling::Channel) {
        found.pins.push(version.pin(text, "rust", Spelling::Channel, Nature::Environment));
        return;
    }
    let release = version.value.trim_start_matches(['=', '~', '^', ' ']);
    if version.is_literal && is_official(release, Spelling::Release) {
        let is_exact = version.value.starts_with('=');
        let span = version.span.end - release.len()..version.span.end;
        let frozen = (!is_exact).then_some(Frozen::Spelled);
        found.pins.push(Pin::at(text, span, "rust", Spelling::Release, Nature::Environment).frozen(frozen));
    } else if version.value.contains(['<', '>', '*', '|', ',', '~', '^']) {
        let expression = version.value.to_owned();
        found.remarks.push(Remark { span: version.span.clone(), what: What::Unfollowed { expression } });
    }
}

#[cfg(test)]
mod tests {
    use crate::pins::testing::check;
    use crate::pins::{Kind, Role, recognise};

    #[test]
    fn forms() {
        check(
            Kind::Prototools,
            &[
                (
                    "a host stays",
                    "rust = \"«1.78.0-x86_64-pc-windows-gnu»\"\n",
                    &[Role::Dev],
                    &["1.79.0-x86_64-pc-windows-gnu"],
                ),
                ("exact", "node = \"20.11.0\"\nrust = \"«1.78.0»\"\n", &[Role::Dev], &["1.79.0"]),
                ("two numbers, CRLF", "rust = '«1.78»'\r\n[settings]\r\n", &[Role::Dev], &["1.79"]),
                ("another release is out of step", "rust = \"«1.75.0»\"\n", &[Role::Dev], &["1.79.0"]),
                ("a channel", "rust = \"«stable»\"\n", &[Role::Deliberate], &["stable"]),
                ("a requirement cannot be moved", "rust = \"~«1.78»\"\n", &[Role::Dev], &["1.78"]),
                ("an exact requirement", "rust = \"=«1.78.0»\"\n", &[Role::Dev], &["1.79.0"]),
                ("a range names no release", "rust = \">=1.70, <1.80\"\n", &[], &[]),
                (
                    "an environment",
                    "[env]\nRUSTUP_TOOLCHAIN = \"«1.78.0»\"\nRUSTUP_VERSION = \"1.27.1\"\n",
                    &[Role::Dev],
                    &["1.79.0"],
                ),
                (
                    "settings of the tool, and others",
                    "moon = \"1.78.0\"\n[tools.rust]\nbins = []\n[plugins.tools]\nrust-script = \"x\"\n",
                    &[],
                    &[],
                ),
            ],
        );
    }

    #[test]
    fn a_range_is_said() {
        let text = "rust = \">=1.70\"\n";
        let found = recognise(Kind::Prototools, text).expect("TOML");
        assert_eq!(&text[found.remarks[0].span.clone()], ">=1.70");
    }
}
