//! The toolchain file itself: a bare name, or TOML.

use std::path::Path;

use super::{Found, Frozen, Nature, Pin, Spelling, Unreadable, toml};
use crate::toolchain::error::FileProblem;
use crate::toolchain::{Spec, ToolchainError, ToolchainFile};

/// Finds the channel. A file that gives a path names none.
///
/// # Errors
/// It is no toolchain file that rustup takes.
pub(super) fn find(text: &str) -> Result<Found, Unreadable> {
    let name = if is_bare(text) { "rust-toolchain" } else { "rust-toolchain.toml" };
    let file = match ToolchainFile::parse(Path::new(name), text) {
        Ok(file) => file,
        // A matter between rustup and that file; there is no channel in it.
        Err(ToolchainError::File { problem: FileProblem::RelativePath(_), .. }) => {
            return Ok(Found::default());
        }
        Err(ToolchainError::File { problem, .. }) => return Err(unreadable(problem.to_string())),
        Err(error) => return Err(unreadable(error.to_string())),
    };
    let Spec::Channel(channel, _) = &file.spec else { return Ok(Found::default()) };
    let pin = match file.channel_span {
        Some(span) => Some(Pin::at(text, span, place(name), Spelling::Channel, Nature::ToolchainFile)),
        None => spelled(text, channel.as_str())?,
    };
    Ok(Found { pins: pin.into_iter().collect(), ..Found::default() })
}

/// A channel that is written with escapes.
fn spelled(text: &str, channel: &str) -> Result<Option<Pin>, Unreadable> {
    let document = toml::read(text)?;
    let item = toml::at(document.as_table(), &["toolchain", "channel"]);
    Ok(item.and_then(|item| toml::item(text, item)).map(|found| {
        let pin = found.pin(text, "toolchain.channel", Spelling::Channel, Nature::ToolchainFile);
        Pin { text: channel.to_owned(), ..pin }.frozen(Some(Frozen::Spelled))
    }))
}

/// Only the old name of the file allows a bare name, but a text that is one can be nothing else.
fn is_bare(text: &str) -> bool {
    text.lines().count() == 1 && !text.contains(['=', '[', '#'])
}

fn place(name: &str) -> &'static str {
    if name == "rust-toolchain" { "the whole file" } else { "toolchain.channel" }
}

fn unreadable(why: String) -> Unreadable {
    Unreadable { span: None, why }
}

#[cfg(test)]
mod tests {
    use crate::pins::testing::check;
    use crate::pins::{Kind, Role, recognise};

    #[test]
    fn forms() {
        check(
            Kind::ToolchainFile,
            &[
                (
                    "a host stays",
                    "[toolchain]\nchannel = \"«1.78.0-x86_64-pc-windows-gnu»\"\n",
                    &[Role::Dev],
                    &["1.79.0-x86_64-pc-windows-gnu"],
                ),
                ("bare", "«1.78.0»\n", &[Role::Dev], &["1.79.0"]),
                ("bare without a line end", "«1.78»", &[Role::Dev], &["1.79"]),
                ("bare, CRLF", "  «1.78.0» \r\n", &[Role::Dev], &["1.79.0"]),
                ("bare nightly", "«nightly-2026-05-19»\n", &[Role::Dev], &["1.79.0"]),
                (
                    "TOML",
                    "[toolchain]\nchannel = \"«1.78.0»\" # bump me\ncomponents = [\"clippy\"]\n",
                    &[Role::Dev],
                    &["1.79.0"],
                ),
                ("one line of TOML", "toolchain.channel = '«1.75.0»'\n", &[Role::Dev], &["1.79.0"]),
                (
                    "CRLF",
                    "# why: #12\r\n[toolchain]\r\nprofile = \"minimal\"\r\nchannel = \"«1.78.0»\"\r\n",
                    &[Role::Dev],
                    &["1.79.0"],
                ),
                ("escapes", "[toolchain]\nchannel = \"«1\\u002e78.0»\"\n", &[Role::Dev], &["1\\u002e78.0"]),
                ("a path", "[toolchain]\npath = \"/opt/rust\"\n", &[], &[]),
                ("a relative path", "[toolchain]\npath = \"../rust\"\n", &[], &[]),
                ("components only", "[toolchain]\ncomponents = [\"rustfmt\"]\n", &[], &[]),
                (
                    "told to leave it",
                    "[toolchain]\n# xcargo: ignore\nchannel = \"«1.78.0»\"\n",
                    &[Role::Ignored],
                    &["1.78.0"],
                ),
            ],
        );
    }

    #[test]
    fn what_rustup_refuses_is_not_read() {
        for text in ["", "\n\n", "[toolchain]\n", "[toolchain]\nchannel = 1.78\n", "a b\nc d\n", "+x"] {
            let error = recognise(Kind::ToolchainFile, text).expect_err(text);
            assert!(!error.why.is_empty() && !error.why.ends_with('.'), "{error:?}");
        }
    }
}
