//! Forms of devcontainer.json.

use crate::pins::testing::check;
use crate::pins::{Kind, Role, recognise};

#[test]
fn images_and_features() {
    check(
        Kind::Devcontainer,
        &[
            (
                "a host stays",
                "{ \"features\": { \"ghcr.io/devcontainers/features/rust:1\": { \"version\": \"«1.78.0-x86_64-pc-windows-gnu»\" } } }",
                &[Role::Dev],
                &["1.79.0-x86_64-pc-windows-gnu"],
            ),
            ("an image", "{ \"image\": \"rust:«1.78»-bookworm\" }", &[Role::Dev], &["1.79"]),
            (
                "the image with its own version",
                "// Rust\n{\n\t\"name\": \"é\",\n\t\"image\": \"mcr.microsoft.com/devcontainers/rust:1-«1.78»-bookworm\", // as pinned\n}\n",
                &[Role::Dev],
                &["1.79"],
            ),
            ("a digest decides", "{\"image\": \"rust:«1.78.0»@sha256:0123\"}\r\n", &[Role::Dev], &["1.78.0"]),
            (
                "the feature",
                "{\n  /* tools */\n  \"features\": {\n    \"ghcr.io/devcontainers/features/rust:1\": {\n      \"version\": \"«1.78.0»\",\n      \"profile\": \"minimal\",\n    },\n  },\n}\n",
                &[Role::Dev],
                &["1.79.0"],
            ),
            (
                "the feature, two numbers, BOM, CRLF",
                "\u{feff}{\r\n  \"features\": { \"ghcr.io/devcontainers/features/rust:1.3.1\": { \"version\": \"«1.78»\" } }\r\n}\r\n",
                &[Role::Dev],
                &["1.79"],
            ),
            (
                "the feature's short form",
                "{\"features\": {\"ghcr.io/devcontainers/features/rust@sha256:0123\": \"«1.75.0»\"}}",
                &[Role::Dev],
                &["1.79.0"],
            ),
            (
                "the newest",
                "{\"features\": {\"ghcr.io/devcontainers/features/rust:1\": {\"version\": \"«latest»\"}}}",
                &[Role::Deliberate],
                &["latest"],
            ),
            (
                "none at all",
                "{\"features\": {\"ghcr.io/devcontainers/features/rust:1\": {\"version\": \"none\"}, \"ghcr.io/devcontainers/features/node:1\": {\"version\": \"1.78.0\"}}}",
                &[],
                &[],
            ),
            (
                "escapes",
                "{\"features\": {\"ghcr.io/devcontainers/features/rust:1\": {\"version\": \"«1\\u002e78.0»\"}}}",
                &[Role::Dev],
                &["1\\u002e78.0"],
            ),
            (
                "told",
                "{\n  // xcargo: ignore\n  \"image\": \"rust:«1.78.0»\"\n}\n",
                &[Role::Ignored],
                &["1.78.0"],
            ),
            (
                "another image",
                "{\"image\": \"mcr.microsoft.com/devcontainers/python:1-3.12\", \"customizations\": {\"image\": \"rust:1.78\"}}",
                &[],
                &[],
            ),
            ("nothing", "", &[], &[]),
        ],
    );
}

#[test]
fn arguments_and_commands() {
    check(
        Kind::Devcontainer,
        &[
            (
                "arguments of the build",
                "{\"build\": {\"dockerfile\": \"Dockerfile\", \"args\": {\"RUST_VERSION\": \"«1.78»\", \"NODE_VERSION\": \"20\", \"RUSTUP_VERSION\": \"1.27.1\"}}}",
                &[Role::Dev],
                &["1.79"],
            ),
            (
                "an environment",
                "{\"dockerComposeFile\": \"rust:1.78\", \"containerEnv\": {\"RUSTUP_TOOLCHAIN\": \"«1.78.0»\", \"MSRV\": \"«1.78.0»\"}}",
                &[Role::Dev, Role::Msrv],
                &["1.79.0", "1.78.0"],
            ),
            (
                "a command",
                "{\"postCreateCommand\": \"rustup default «1.78.0» && cargo fetch\"}",
                &[Role::Dev],
                &["1.79.0"],
            ),
            (
                "commands as words and by name",
                "{\"onCreateCommand\": [\"rustup\", \"default\", \"«1.78.0»\"], \"postStartCommand\": {\"a\": \"cargo +«nightly» fmt\", \"b\": [\"sh\", \"-c\", \"cargo +«1.70» test\"]}}",
                &[Role::Dev, Role::Deliberate, Role::Msrv],
                &["1.79.0", "nightly", "1.70"],
            ),
            (
                "a command with escapes",
                "{\"postCreateCommand\": \"sh -c \\\"rustup default 1.78.0\\\"\"}",
                &[],
                &[],
            ),
        ],
    );
}

#[test]
fn what_is_no_json_is_said_with_its_place() {
    let error = recognise(Kind::Devcontainer, "{\"image\": ").expect_err("no JSON");
    assert!(error.why.starts_with("no valid JSON"), "{error:?}");
    assert!(recognise(Kind::Devcontainer, &"[".repeat(100_000)).is_err());
}
