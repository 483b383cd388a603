//! Forms of Woodpecker and Drone.

use crate::pins::Kind;
use crate::pins::Role::{Deliberate, Dev, Ignored, Msrv, Undecided};
use crate::pins::testing::check;

#[test]
fn images() {
    check(
        Kind::Woodpecker,
        &[
            (
                "a host stays",
                "steps:\n  - image: debian\n    commands: [rustup default «1.78.0-x86_64-pc-windows-gnu»]\n",
                &[Dev],
                &["1.79.0-x86_64-pc-windows-gnu"],
            ),
            (
                "a list of steps",
                "steps:\n  - name: test\n    image: rust:«1.78.0»\n    commands: [cargo test]\n  - name: web\n    image: node:1.78\n",
                &[Dev],
                &["1.79.0"],
            ),
            (
                "a mapping of steps",
                "steps:\n  rust-proxy:\n    image: nginx:1.78\n  test:\n    image: 'rust:«1.78»-slim'\r\n",
                &[Dev],
                &["1.79"],
            ),
            (
                "an old pipeline",
                "pipeline:\n  build: {image: rust:«1.78.0», commands: cargo b}\n",
                &[Dev],
                &["1.79.0"],
            ),
            (
                "an anchor",
                "variables:\n  - &rust_image \"rust:«1.78»\"\n  - &node 'node:1.78'\nsteps:\n  - image: *rust_image\n    commands: &c\n      - cargo +«nightly» fmt\n  - image: *rust_image\n    commands: *c\n",
                &[Dev, Deliberate],
                &["1.79", "nightly"],
            ),
            (
                "an anchor in a mapping",
                "variables:\n  rust: &rust rust:«1.78.0» # xcargo: role=msrv\n  step: &step\n    image: rust:«1.78.0»\nsteps:\n  a:\n    image: *rust\n  b:\n    <<: *step\n",
                &[Msrv, Dev],
                &["1.78.0", "1.79.0"],
            ),
            (
                "several documents",
                "kind: pipeline\nname: test\nsteps:\n- name: a\n  image: rust:«1.78.0»\n---\nkind: pipeline\nname: msrv\nsteps:\n- name: a\n  image: rust:«1.65.0»\n---\nkind: secret\nname: x\n",
                &[Dev, Msrv],
                &["1.79.0", "1.65.0"],
            ),
        ],
    );
}

#[test]
fn matrices_and_commands() {
    check(
        Kind::Woodpecker,
        &[
            (
                "a matrix, and a step for one of its rows",
                "matrix:\n  RUST_VERSION: [«1.78», \"«1.70»\", «stable»]\n  OS: [a, b]\nsteps:\n  test:\n    image: rust:${RUST_VERSION}\n  doc:\n    image: rust:${RUST_VERSION}\n    when:\n      matrix:\n        RUST_VERSION: «1.78»\n",
                &[Dev, Msrv, Deliberate, Dev],
                &["1.79", "1.70", "stable", "1.79"],
            ),
            (
                "rows of their own",
                "matrix:\n  include:\n    - TAG: «1.78»-bookworm\n      X: 1.78\n    - TAG: «1.75»-slim\nsteps:\n  - image: rust:${TAG}\n",
                &[Dev, Undecided],
                &["1.79", "1.75"],
            ),
            (
                "commands and environments",
                "steps:\n  - name: test\n    image: debian\n    environment:\n      RUSTUP_TOOLCHAIN: «1.78.0»\n      TC: '«1.78.0»'\n    commands:\n      - rustup default $${TC}\n      - |\n        cargo +«1.78» test # xcargo: ignore\n",
                &[Dev, Dev, Ignored],
                &["1.79.0", "1.79.0", "1.78"],
            ),
            (
                "arguments of a build",
                "steps:\n  - name: image\n    image: plugins/docker\n    settings:\n      build_args:\n        - RUST_VERSION=«1.78.0»\n        - VERSION=1.78.0\n",
                &[Dev],
                &["1.79.0"],
            ),
        ],
    );
}
