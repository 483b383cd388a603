//! Forms of compose files.

use crate::pins::Kind;
use crate::pins::Role::{Deliberate, Dev, Ignored, Msrv};
use crate::pins::testing::check;

#[test]
fn services() {
    check(
        Kind::Compose,
        &[
            (
                "an image",
                "services:\n  app:\n    image: rust:«1.78.0»-slim\n  rust-proxy:\n    image: nginx:1.78.0\n",
                &[Dev],
                &["1.79.0"],
            ),
            (
                "another release is brought in step",
                "services:\n  app:\n    image: \"rust:«1.75»\"\n",
                &[Dev],
                &["1.79"],
            ),
            (
                "a default",
                "services:\n  app:\n    image: \"rust:${RUST_VERSION:-«1.78.0»}-bookworm\"\n",
                &[Dev],
                &["1.79.0"],
            ),
            (
                "a default of the whole",
                "services: {app: {image: '${IMAGE:-rust:«1.78»}'}}\n",
                &[Dev],
                &["1.79"],
            ),
            (
                "arguments as a mapping",
                "services:\n  app:\n    build:\n      context: .\n      args:\n        RUST_VERSION: «1.78»\n        NODE_VERSION: 1.78\n        RUST_IMAGE: rust:«1.78.0»\n",
                &[Dev, Dev],
                &["1.79", "1.79.0"],
            ),
            (
                "arguments as a list",
                "services:\r\n  app:\r\n    build:\r\n      args:\r\n        - RUST_TOOLCHAIN=«1.78.0»\r\n        - \"RUST_VERSION=${RUST_VERSION-«1.78»}\"\r\n        - APP=1.78.0\r\n",
                &[Dev, Dev],
                &["1.79.0", "1.79"],
            ),
            (
                "environments and commands",
                "services:\n  a:\n    environment: [RUSTUP_TOOLCHAIN=«1.78.0», RUST_LOG=info]\n    command: cargo +«1.78» run\n  b:\n    environment:\n      RUSTUP_TOOLCHAIN: \"«nightly»\"\n    command: [cargo, \"+«1.70»\", run]\n",
                &[Dev, Dev, Deliberate, Msrv],
                &["1.79.0", "1.79", "nightly", "1.70"],
            ),
            (
                "fragments",
                "x-rust: &rust\n  image: rust:«1.78.0» # é\nservices:\n  a:\n    <<: *rust\n  b:\n    <<: [*rust]\n",
                &[Dev],
                &["1.79.0"],
            ),
            (
                "told to leave it",
                "services:\n  a:\n    # xcargo: ignore\n    image: rust:«1.78.0»\n",
                &[Ignored],
                &["1.78.0"],
            ),
            ("nobody knows", "services:\n  a:\n    image: rust:${RUST_VERSION}\n", &[], &[]),
        ],
    );
}

/// A few lines that say more than a machine can hold.
#[test]
fn aliases_do_not_multiply() {
    use std::fmt::Write;
    let mut text = String::from("x-a0: &a0 { image: rust:1.78.0, command: [a, a] }\n");
    for at in 1..60 {
        let before = at - 1;
        writeln!(
            text,
            "x-a{at}: &a{at} {{ <<: [*a{before}, *a{before}], command: [*a{before}, *a{before}] }}"
        )
        .expect("a string takes all");
    }
    text.push_str("services: { b: *a59 }\n");
    let found = crate::pins::recognise(Kind::Compose, &text).expect("YAML");
    assert_eq!(found.pins.len(), 1);
}
