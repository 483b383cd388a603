//! Forms of GitLab CI.

use crate::pins::Kind;
use crate::pins::Role::{Deliberate, Dev, Ignored, Msrv, Undecided};
use crate::pins::testing::check;

/// A job whose image stays behind builds with another compiler than everybody else.
#[test]
fn images() {
    check(
        Kind::GitLab,
        &[
            ("for all jobs", "image: rust:«1.78.0»\n\ntest:\n  script: [cargo test]\n", &[Dev], &["1.79.0"]),
            ("short tag", "test:\n  image: \"rust:«1.78»-slim-bookworm\"\n  script: x\n", &[Dev], &["1.79"]),
            (
                "with an entrypoint, CRLF and BOM",
                "\u{feff}default:\r\n  image:\r\n    name: 'docker.io/library/rust:«1.78.0»-alpine' # é\r\n    entrypoint: ['']\r\n",
                &[Dev],
                &["1.79.0"],
            ),
            (
                "a date goes with the version",
                "image: clux/muslrust:«1.78.0»-stable-2024-05-02\n",
                &[Dev],
                &["1.78.0"],
            ),
            (
                "a registry with a default, and the project's own",
                "image: ${REGISTRY:-docker.io}/rust:«1.78.0»\na:\n  image: $CI_REGISTRY/rust:1.78.0\nb:\n  image: ghcr.io/rust-lang/rust:«1.78.0»-bookworm\n",
                &[Dev, Dev],
                &["1.79.0", "1.79.0"],
            ),
            ("a comment alone above", "# MSRV\nimage: rust:«1.74.0»\n", &[Msrv], &["1.74.0"]),
            ("a digest decides", "image: rust:«1.78.0»@sha256:0123\n", &[Dev], &["1.78.0"]),
            (
                "services, and decoys",
                "test:\n  image: python:3.12\n  services:\n    - postgres:16\n    - name: rust:«1.78»\n      alias: rust-proxy\n  variables:\n    NODE_VERSION: 1.78.0\n",
                &[Dev],
                &["1.79"],
            ),
            (
                "behind the proxy of a group",
                "image: ${CI_DEPENDENCY_PROXY_GROUP_IMAGE_PREFIX}/rust:«1.78.0»\nother:\n  image: $CI_REGISTRY_IMAGE/rust:1.78.0\n",
                &[Dev],
                &["1.79.0"],
            ),
            (
                "the oldest release in a job of its own",
                "msrv:\n  image: rust:«1.70»\n  script: cargo check\nminimum rust:\n  image: rust:«1.65»\nstable:\n  image: rust:«latest»\n",
                &[Msrv, Msrv, Deliberate],
                &["1.70", "1.65", "latest"],
            ),
            (
                "what people say",
                "a:\n  image: rust:«1.78.0» # xcargo: ignore\nb:\n  # xcargo: role=msrv\n  image: rust:«1.78.0»\nc:\n  image: rust:«1.75.0» # xcargo: role=dev\n",
                &[Ignored, Msrv, Dev],
                &["1.78.0", "1.78.0", "1.79.0"],
            ),
        ],
    );
}

#[test]
fn variables() {
    check(
        Kind::GitLab,
        &[
            (
                "a plain number",
                "variables:\n  RUST_VERSION: «1.78»\nimage: rust:$RUST_VERSION\n",
                &[Dev],
                &["1.79"],
            ),
            (
                "in quotes, with a variant behind",
                "variables:\n  RUST_VERSION: \"«1.78»\"\nimage: \"rust:${RUST_VERSION}-slim\"\n",
                &[Dev],
                &["1.79"],
            ),
            (
                "with a description; variables name each other",
                "variables:\n  V:\n    value: '«1.78.0»'\n    description: Rust 1.78.0\n  TAG: $V-bookworm\n  IMG: \"rust:${TAG}\"\nimage: $IMG\n",
                &[Dev],
                &["1.79.0"],
            ),
            (
                "a template's variable has a value in each job",
                ".cargo:\n  image: rust:$TAG\nnew:\n  extends: .cargo\n  variables: { TAG: \"«1.78»-slim\" }\nold:\n  extends: [.cargo]\n  variables: { TAG: «1.70.0» }\napp:\n  variables: { VERSION: 1.78.0 }\n",
                &[Dev, Msrv],
                &["1.79", "1.70.0"],
            ),
            (
                "a matrix",
                "test:\n  image: rust:$RUST\n  parallel:\n    matrix:\n      - RUST: [\"«1.70»\", «1.78.0», «1.75.0»]\n        OS: [linux]\n      - RUST: «1.78.0» # MSRV\n",
                &[Msrv, Dev, Undecided, Msrv],
                &["1.70", "1.79.0", "1.75.0", "1.78.0"],
            ),
            (
                "rules, used by nothing but its name",
                "test:\n  rules:\n    - if: $X\n      variables:\n        RUSTUP_TOOLCHAIN: \"«1.78.0-x86_64-unknown-linux-gnu»\"\n",
                &[Dev],
                &["1.79.0-x86_64-unknown-linux-gnu"],
            ),
            (
                "inputs",
                "spec:\n  inputs:\n    rust:\n      default: \"«1.78»\"\n    node:\n      default: '1.78'\n---\ninclude:\n  - component: x/y@1.78.0\n    inputs:\n      rust_version: «1.78.0»\n      version: 1.78.0\ntest:\n  image: rust:$[[ inputs.rust ]]\n",
                &[Dev, Dev],
                &["1.79", "1.79.0"],
            ),
        ],
    );
}

#[test]
fn scripts() {
    check(
        Kind::GitLab,
        &[
            (
                "lists in lists, blocks and references",
                ".setup: &setup\n  - rustup toolchain install «1.78.0» --profile minimal\n.more:\n  script:\n    - rustup default «1.78.0»\ntest:\n  before_script:\n    - *setup\n    - !reference [.more, script]\n  script:\n    - |\n      # cargo +1.78.0 no\n      cargo +«nightly» fmt\n      cargo +«1.70» check\n    - [cargo +«1.78» test, echo 1.78.0]\n  after_script: \"rustup run «1.78.0» cargo clean\"\n",
                &[Dev, Dev, Deliberate, Msrv, Dev, Dev],
                &["1.79.0", "1.79.0", "nightly", "1.70", "1.79", "1.79.0"],
            ),
            (
                "folded",
                "test:\n  script:\n    - >-\n      curl https://sh.rustup.rs | sh -s -- -y\n      --default-toolchain\n      «1.78.0»\n",
                &[Dev],
                &["1.79.0"],
            ),
            (
                "a variable of the script's own",
                "test:\n  script:\n    - export TC=«1.78.0»\n    - rustup default \"$TC\"\n    - docker build --build-arg RUST_VERSION=«1.78» .\n",
                &[Dev, Dev],
                &["1.79.0", "1.79"],
            ),
            ("a default", "test:\n  script: rustup default ${TC:-«1.78.0»}\n", &[Dev], &["1.79.0"]),
        ],
    );
}

/// What could not be followed must be said, or nobody looks there.
#[test]
fn what_is_not_followed_is_said() {
    use crate::pins::{What, recognise};
    for (text, expect) in [
        ("image: rust:$ELSEWHERE\n", Some("rust:$ELSEWHERE")),
        ("image: $ELSEWHERE\n", None),
        ("image: $RUST_IMAGE\n", Some("$RUST_IMAGE")),
        ("image: rust:1.$MINOR\n", Some("rust:1.$MINOR")),
        ("a:\n  script: rustup default $1\n", Some("$1")),
        ("a:\n  script: cargo +$TC test\n", Some("$TC")),
    ] {
        let found = recognise(Kind::GitLab, text).expect("YAML");
        assert!(found.pins.is_empty(), "{text}: {:?}", found.pins);
        let said = found.remarks.iter().map(|remark| match &remark.what {
            What::Unfollowed { expression } => expression.as_str(),
            other => panic!("{other:?}"),
        });
        assert_eq!(said.collect::<Vec<_>>(), expect.into_iter().collect::<Vec<_>>(), "{text}");
    }
}
