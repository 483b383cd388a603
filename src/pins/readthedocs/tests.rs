//! Forms of ReadTheDocs.

use crate::pins::Kind;
use crate::pins::Role::{Deliberate, Dev, Ignored, Msrv};
use crate::pins::testing::check;

#[test]
fn tools_and_commands() {
    check(
        Kind::ReadTheDocs,
        &[
            (
                "a host stays",
                "build:\n  commands:\n    - rustup default «1.78.0-x86_64-pc-windows-gnu»\n",
                &[Dev],
                &["1.79.0-x86_64-pc-windows-gnu"],
            ),
            (
                "in quotes",
                "version: 2\nbuild:\n  os: ubuntu-24.04\n  tools:\n    python: \"3.12\"\n    rust: \"«1.78»\"\n",
                &[Dev],
                &["1.79"],
            ),
            ("plain", "build:\n  tools: {nodejs: 1.78, rust: «1.78»}\n", &[Dev], &["1.79"]),
            (
                "another release is brought in step",
                "build:\r\n  tools:\r\n    rust: '«1.75»' # é\r\n",
                &[Dev],
                &["1.79"],
            ),
            ("the newest", "build: {tools: {rust: «latest»}}\n", &[Deliberate], &["latest"]),
            ("the oldest", "build:\n  tools:\n    rust: \"«1.70»\"\n", &[Msrv], &["1.70"]),
            (
                "told to leave it",
                "\u{feff}build:\n  tools:\n    rust: \"«1.78»\" # xcargo: ignore\n",
                &[Ignored],
                &["1.78"],
            ),
            (
                "commands",
                "build:\n  commands:\n    - rustup default «1.78.0»\n    - cargo doc\n",
                &[Dev],
                &["1.79.0"],
            ),
            (
                "jobs",
                "build:\n  jobs:\n    post_install:\n      - rustup toolchain install «nightly»\n    build:\n      html:\n        - cargo +«1.78» doc\n",
                &[Deliberate, Dev],
                &["nightly", "1.79"],
            ),
            ("elsewhere", "python:\n  rust: 1.78\ntools: {rust: 1.78}\n", &[], &[]),
        ],
    );
}
