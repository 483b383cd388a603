//! `doctor.toml`: `toolchain.channel`.

use toml_edit::{Document, Item};

use super::{Found, Nature, Pin, Spelling, Unreadable};

/// Finds the channel that the policy pins.
///
/// # Errors
/// It is no TOML. What else may be wrong with a policy is its loader's affair.
pub(super) fn find(text: &str) -> Result<Found, Unreadable> {
    let document = Document::parse(text).map_err(|error| Unreadable {
        span: error.span(),
        why: format!("no valid TOML: {}", error.message()),
    })?;
    let channel = document.get("toolchain").and_then(|section| section.get("channel"));
    Ok(Found { pins: channel.and_then(|item| pin(text, item)).into_iter().collect(), ..Found::default() })
}

fn pin(text: &str, item: &Item) -> Option<Pin> {
    let value = item.as_str()?;
    let whole = item.span()?;
    let start = whole.start + text.get(whole.clone())?.find(value)?;
    let span = start..start + value.len();
    Some(Pin::at(text, span, "toolchain.channel", Spelling::Channel, Nature::Policy))
}

#[cfg(test)]
mod tests {
    use crate::pins::testing::check;
    use crate::pins::{Kind, Role};

    #[test]
    fn forms() {
        check(
            Kind::Policy,
            &[
                (
                    "a table",
                    "[toolchain]\nchannel = \"«1.78.0»\" # why\ninstall = \"auto\"\n",
                    &[Role::Dev],
                    &["1.79.0"],
                ),
                ("dotted", "toolchain.channel = '«1.77.0»'\r\n", &[Role::Dev], &["1.79.0"]),
                ("none", "[toolchain]\ninstall = \"auto\"\n[pins]\nextra = []\n", &[], &[]),
            ],
        );
    }
}
