//! Forms of Travis.

use crate::pins::Kind;
use crate::pins::Role::{Deliberate, Dev, Ignored, Msrv, Undecided};
use crate::pins::testing::check;

#[test]
fn compilers() {
    check(
        Kind::Travis,
        &[
            (
                "a host stays",
                "language: rust\nrust:\n  - «1.78.0-x86_64-pc-windows-gnu»\n  - \"«1.78.0-x86_64-pc-windows-gnu»\"\n",
                &[Dev, Dev],
                &["1.79.0-x86_64-pc-windows-gnu", "1.79.0-x86_64-pc-windows-gnu"],
            ),
            ("one", "language: rust\nrust: «1.78.0»\n", &[Dev], &["1.79.0"]),
            ("one in quotes", "rust: '«1.78»'\nlanguage: 'rust'\r\n", &[Dev], &["1.79"]),
            ("one as a number", "language: rust\nrust: «1.78» # and no more\n", &[Dev], &["1.79"]),
            (
                "several",
                "language: rust\nrust:\n  - «stable»\n  - «nightly»\n  - «1.78.0»\n  - «1.70.0»\n  - «1.60.0» # MSRV\n  - «1.75.0»\n",
                &[Deliberate, Deliberate, Dev, Msrv, Msrv, Undecided],
                &["stable", "nightly", "1.79.0", "1.70.0", "1.60.0", "1.75.0"],
            ),
            (
                "several in flow style",
                "language: rust\nrust: [\"«1.78»\", «beta»]\n",
                &[Dev, Deliberate],
                &["1.79", "beta"],
            ),
            ("another language", "language: python\npython: 3.12\nrust: 1.78.0\n", &[], &[]),
        ],
    );
}

/// A failure of the pinned compiler would be fatal, or one of another be forgiven, if these parted.
#[test]
fn rows_and_what_names_them() {
    check(
        Kind::Travis,
        &[
            (
                "allowed failures",
                "language: rust\nmatrix:\n  include:\n    - rust: «1.78.0»\n    - rust: «nightly»\n  allow_failures:\n    - rust: «1.78.0»\n    - rust: «nightly»\n",
                &[Dev, Deliberate, Dev, Deliberate],
                &["1.79.0", "nightly", "1.79.0", "nightly"],
            ),
            (
                "they stay where their row stays",
                "language: rust\njobs:\n  include:\n    - name: MSRV\n      rust: «1.78.0»\n  allow_failures:\n    - rust: «1.78.0»\n",
                &[Msrv, Msrv],
                &["1.78.0", "1.78.0"],
            ),
            (
                "what people say of a row holds for both",
                "language: rust\nrust:\n  - «1.78.0» # xcargo: ignore\njobs:\n  allow_failures:\n    - rust: «1.78.0»\n",
                &[Ignored, Ignored],
                &["1.78.0", "1.78.0"],
            ),
            (
                "a row of another language",
                "language: rust\njobs:\n  include:\n    - language: rust\n      rust: «1.78.0»\n    - language: node_js\n      rust: 1.78.0\n",
                &[Dev],
                &["1.79.0"],
            ),
        ],
    );
}

#[test]
fn scripts_and_environments() {
    check(
        Kind::Travis,
        &[
            (
                "variables",
                "language: rust\nenv:\n  global:\n    - RUST_BACKTRACE=1 RUST_VERSION=«1.78.0»\n    - secure: \"abc=\"\n  matrix:\n    - MSRV=«1.70»\n    - TOOL=\"«1.78.0»\"\nscript: cargo +$TOOL test\n",
                &[Dev, Msrv, Dev],
                &["1.79.0", "1.70", "1.79.0"],
            ),
            (
                "scripts of any language",
                "language: generic\nenv: RUSTUP_TOOLCHAIN=«1.78.0»\nbefore_install:\n  - curl https://sh.rustup.rs | sh -s -- -y --default-toolchain=«1.78.0»\nscript:\n  - if [ \"$TRAVIS_RUST_VERSION\" = 1.78.0 ]; then cargo +«1.78» doc; fi\n",
                &[Dev, Dev, Dev],
                &["1.79.0", "1.79.0", "1.79"],
            ),
        ],
    );
}
