//! `doctor.toml`: `toolchain.channel`.

use super::{Found, Nature, Spelling, Unreadable, toml};

/// Finds the channel that the policy pins.
///
/// # Errors
/// It is no TOML. What else may be wrong with a policy is its loader's affair.
pub(super) fn find(text: &str) -> Result<Found, Unreadable> {
    let document = toml::read(text)?;
    let channel = toml::at(document.as_table(), &["toolchain", "channel"]);
    let channel = channel.and_then(|item| toml::item(text, item)).filter(|channel| !channel.span.is_empty());
    let pin =
        channel.map(|channel| channel.pin(text, "toolchain.channel", Spelling::Channel, Nature::Policy));
    Ok(Found { pins: pin.into_iter().collect(), ..Found::default() })
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
                    "a host stays",
                    "[toolchain]\nchannel = \"«1.78.0-x86_64-pc-windows-gnu»\"\n",
                    &[Role::Dev],
                    &["1.79.0-x86_64-pc-windows-gnu"],
                ),
                (
                    "a table",
                    "[toolchain]\nchannel = \"«1.78.0»\" # why\ninstall = \"auto\"\n",
                    &[Role::Dev],
                    &["1.79.0"],
                ),
                ("dotted", "toolchain.channel = '«1.77.0»'\r\n", &[Role::Dev], &["1.79.0"]),
                ("escapes", "[toolchain]\nchannel = \"«1\\u002e78.0»\"\n", &[Role::Dev], &["1\\u002e78.0"]),
                ("empty", "[toolchain]\nchannel = \"\"\n", &[], &[]),
                ("none", "[toolchain]\ninstall = \"auto\"\n[pins]\nextra = []\n", &[], &[]),
            ],
        );
    }
}
