//! Forms of Dockerfiles.

use crate::pins::testing::check;
use crate::pins::{Frozen, Kind, Role, What, recognise};

#[test]
fn images() {
    check(
        Kind::Dockerfile,
        &[
            (
                "a host stays",
                "FROM debian\nENV RUSTUP_TOOLCHAIN=«1.78.0-x86_64-pc-windows-gnu»\nRUN rustup default «1.78.0-x86_64-pc-windows-gnu» && cargo +«1.78.0-x86_64-pc-windows-gnu» build\n",
                &[Role::Dev, Role::Dev, Role::Dev],
                &[
                    "1.79.0-x86_64-pc-windows-gnu",
                    "1.79.0-x86_64-pc-windows-gnu",
                    "1.79.0-x86_64-pc-windows-gnu",
                ],
            ),
            ("a release", "FROM rust:«1.78.0»\n", &[Role::Dev], &["1.79.0"]),
            ("two numbers and a variant", "from rust:«1.78»-slim-bookworm\n", &[Role::Dev], &["1.79"]),
            ("CRLF and BOM", "\u{feff}FROM rust:«1.78»\r\nRUN cargo build\r\n", &[Role::Dev], &["1.79"]),
            (
                "a platform",
                "FROM --platform=$BUILDPLATFORM docker.io/library/rust:«1.78.0»-alpine3.19 AS build\n",
                &[Role::Dev],
                &["1.79.0"],
            ),
            (
                "stages",
                "FROM rust:«1.78» AS chef\nFROM chef AS build\nFROM debian:bookworm-slim\nCOPY --from=build /app /app\n",
                &[Role::Dev],
                &["1.79"],
            ),
            (
                "a stage for the oldest release",
                "FROM rust:«1.78.0» AS msrv\nFROM rust:«1.75.0» AS build\n",
                &[Role::Msrv, Role::Dev],
                &["1.78.0", "1.79.0"],
            ),
            (
                "the oldest release by its number",
                "FROM rust:«1.70»-slim AS check\n",
                &[Role::Msrv],
                &["1.70"],
            ),
            ("a comment alone above", "# MSRV\nFROM rust:«1.74»\n", &[Role::Msrv], &["1.74"]),
            (
                "a registry with a default, and the project's own",
                "FROM ${REGISTRY:-docker.io}/rust:«1.78.0»\nFROM $CI_REGISTRY/rust:1.78.0\n",
                &[Role::Dev],
                &["1.79.0"],
            ),
            (
                "a date goes with the version",
                "FROM clux/muslrust:«1.78.0»-stable-2024-05-02\n",
                &[Role::Dev],
                &["1.78.0"],
            ),
            ("a digest decides", "FROM rust:«1.78.0»@sha256:0123abcd\n", &[Role::Dev], &["1.78.0"]),
            (
                "moving tags",
                "FROM rust:«1»-slim\nFROM rust:«latest»\n",
                &[Role::Deliberate; 2],
                &["1", "latest"],
            ),
            (
                "nightly has an image of its own",
                "FROM rustlang/rust:«nightly»-slim\n",
                &[Role::Deliberate],
                &["nightly"],
            ),
            (
                "cargo-chef",
                "FROM lukemathwalker/cargo-chef:latest-rust-«1.78.0»-slim AS chef\n",
                &[Role::Dev],
                &["1.79.0"],
            ),
            (
                "images of others",
                "FROM python:3.12\nFROM somebody/rust:1.78.0\nFROM rust\nFROM rust:slim\nFROM scratch\n",
                &[],
                &[],
            ),
            (
                "copied and mounted",
                "FROM debian:12\nCOPY --from=rust:«1.78.0» --chown=0:0 /usr/local/cargo /cargo\nRUN --mount=type=cache,target=/c --mount=type=bind,from=rust:«1.78»,target=/r cargo build\n",
                &[Role::Dev, Role::Dev],
                &["1.79.0", "1.79"],
            ),
            (
                "over two lines",
                "FROM \\\n  # the compiler\n  --platform=linux/amd64 \\\n\n  rust:«1.78.0» \\\n  AS build\n",
                &[Role::Dev],
                &["1.79.0"],
            ),
            (
                "told",
                "# xcargo: role=deliberate\nFROM rust:«1.78.0» AS fuzz\n# xcargo: ignore\nFROM rust:«1.78.0»\n",
                &[Role::Deliberate, Role::Ignored],
                &["1.78.0", "1.78.0"],
            ),
            (
                "no instruction",
                "# FROM rust:1.78.0\n# syntax=docker/dockerfile:1.7\nLABEL image=rust:1.78.0\nWORKDIR /rust:1.78\n",
                &[],
                &[],
            ),
        ],
    );
}

#[test]
fn variables() {
    check(
        Kind::Dockerfile,
        &[
            (
                "a global argument",
                "ARG RUST_VERSION=«1.78»\nFROM rust:${RUST_VERSION}-slim AS build\n",
                &[Role::Dev],
                &["1.79"],
            ),
            (
                "in quotes, without braces",
                "ARG RUST_VERSION=\"«1.78.0»\"\nARG DEBIAN='bookworm'\nFROM rust:$RUST_VERSION-$DEBIAN\n",
                &[Role::Dev],
                &["1.79.0"],
            ),
            (
                "a name that says nothing",
                "ARG VERSION=«1.75»\nARG OTHER=1.78\nFROM rust:${VERSION}\n",
                &[Role::Dev],
                &["1.79"],
            ),
            (
                "a name that says enough, and one that is rustup's",
                "FROM debian:12\nARG RUST_TOOLCHAIN=«1.78.0»\nARG RUSTUP_VERSION=1.27.1\nENV RUST_BACKTRACE=1 PYTHON_VERSION=1.78.0\n",
                &[Role::Dev],
                &["1.79.0"],
            ),
            (
                "the whole image",
                "ARG BASE=rust:«1.78»-slim\nARG ALSO=debian:12\nFROM ${BASE}\nFROM $ALSO\n",
                &[Role::Dev],
                &["1.79"],
            ),
            (
                "the whole tag",
                "ARG TAG=«1.78.0»-bookworm\nFROM registry.example.org/library/rust:$TAG\n",
                &[Role::Dev],
                &["1.79.0"],
            ),
            (
                "an image with a digest",
                "ARG BASE=rust:«1.78.0»@sha256:0123\nFROM ${BASE}\n",
                &[Role::Dev],
                &["1.78.0"],
            ),
            (
                "a default in the expression",
                "ARG RUST_VERSION\nFROM rust:${RUST_VERSION:-«1.78»}-slim\n",
                &[Role::Dev],
                &["1.79"],
            ),
            (
                "two defaults",
                "ARG RUST_VERSION=«1.78.0»\nFROM rust:${RUST_VERSION:-«1.78»}\n",
                &[Role::Dev, Role::Dev],
                &["1.79.0", "1.79"],
            ),
            (
                "an argument by way of another",
                "ARG RUST_VERSION=«1.78.0»\nARG IMAGE=rust:${RUST_VERSION}\nFROM ${IMAGE}-slim\n",
                &[Role::Dev],
                &["1.79.0"],
            ),
            (
                "an argument that a stage takes over",
                "ARG TC=«1.75.0»\nFROM debian:12\nARG TC\nRUN rustup default ${TC}\n",
                &[Role::Dev],
                &["1.79.0"],
            ),
            (
                "a stage's own",
                "ARG V=1.60.0\nFROM debian:12 AS base\nARG V=«1.78.0»\nFROM base\nRUN rustup default \"$V\"\n",
                &[Role::Dev],
                &["1.79.0"],
            ),
            (
                "a registry",
                "ARG REGISTRY\nARG MIRROR=docker.io/\nFROM ${REGISTRY}/rust:«1.78»\nFROM ${MIRROR}rust:«1.78»\nFROM ${PROXY_PREFIX}rust:«1.78»\nFROM ${WHO}/rust:1.78\n",
                &[Role::Dev; 3],
                &["1.79", "1.79", "1.79"],
            ),
            (
                "an environment",
                "FROM debian:12\nENV RUST_VERSION=«1.78.0»\nENV RUSTUP_TOOLCHAIN «1.78.0»\n",
                &[Role::Dev; 2],
                &["1.79.0"; 2],
            ),
            (
                "as the official images do it",
                "FROM buildpack-deps:bookworm\n\nENV RUSTUP_HOME=/usr/local/rustup \\\n    CARGO_HOME=/usr/local/cargo \\\n    PATH=/usr/local/cargo/bin:$PATH \\\n    RUST_VERSION=«1.78.0»\n\nRUN set -eux; \\\n    url=\"https://static.rust-lang.org/rustup/archive/1.27.1/x\"; \\\n    ./rustup-init -y --no-modify-path --profile minimal --default-toolchain $RUST_VERSION --default-host x; \\\n    rustc --version\n",
                &[Role::Dev],
                &["1.79.0"],
            ),
            (
                "the oldest by the variable's name",
                "ARG MSRV=«1.78»\nFROM rust:${MSRV}\nARG RUST_NIGHTLY=«nightly-2026-05-19»\nRUN cargo +$RUST_NIGHTLY fmt\n",
                &[Role::Msrv, Role::Deliberate],
                &["1.78", "nightly-2026-05-19"],
            ),
            (
                "the date of a nightly",
                "FROM debian:12\nARG DATE=«2026-05-19»\nRUN rustup default nightly-${DATE}\n",
                &[Role::Deliberate],
                &["2026-05-19"],
            ),
            (
                "several in one instruction",
                "ARG A=1 RUST_VERSION=«1.78» B=2\nFROM rust:${RUST_VERSION}\n",
                &[Role::Dev],
                &["1.79"],
            ),
            (
                "on build",
                "FROM debian:12\nONBUILD ARG RUST_VERSION=«1.78.0»\nOnBuild run rustup default «1.78.0»\n",
                &[Role::Dev; 2],
                &["1.79.0"; 2],
            ),
        ],
    );
}

#[test]
fn commands() {
    check(
        Kind::Dockerfile,
        &[
            (
                "the installer",
                "FROM debian:12\nRUN curl -sSf https://sh.rustup.rs | sh -s -- -y --default-toolchain «1.78.0» --profile minimal\n",
                &[Role::Dev],
                &["1.79.0"],
            ),
            (
                "over lines, with comments between",
                "FROM debian:12\nRUN apt-get update && \\\n# rustup default 1.60.0\n    rustup toolchain install \\\n      # the pin\n      «1.78.0» \\\n      --component clippy && \\\n    rustup default «1.78.0»\n",
                &[Role::Dev; 2],
                &["1.79.0"; 2],
            ),
            (
                "the escape directive",
                "# escape=`\r\nFROM mcr.microsoft.com/windows/servercore:ltsc2022\r\nRUN C:\\rustup-init.exe -y `\r\n    --default-toolchain «1.78.0»\r\n",
                &[Role::Dev],
                &["1.79.0"],
            ),
            (
                "an array",
                "FROM debian:12\nRUN [\"rustup\", \"default\", \"«1.78.0»\"]\nCMD [\"sh\", \"-c\", \"cargo +«nightly» fuzz run a\"]\n",
                &[Role::Dev, Role::Deliberate],
                &["1.79.0", "nightly"],
            ),
            (
                "a here-document",
                "FROM debian:12\nRUN <<EOF\n# rustup default 1.60.0\nrustup default «1.78.0»\nFROM rust:1.70\nEOF\nRUN cargo +«1.78» build\n",
                &[Role::Dev; 2],
                &["1.79.0", "1.79"],
            ),
            (
                "here-documents for a shell and for files",
                "FROM debian:12\nRUN bash -e <<-\"END\"\n\trustup default «1.78.0»\n\tEND\nCOPY <<A <<'B' /dst/\nFROM rust:1.78\nA\nRUN rustup default 1.78\nB\nRUN cat <<X > /run.sh\nrustup default 1.78.0\nX\n",
                &[Role::Dev],
                &["1.79.0"],
            ),
            (
                "no here-document",
                "FROM debian:12\nRUN echo \"a <<EOF\" && x=$((1 << 2)) && cat <<< y\nRUN rustup default «1.78.0»\n",
                &[Role::Dev],
                &["1.79.0"],
            ),
            (
                "one more beside the default",
                "FROM rust:«1.78»\nRUN rustup toolchain install «nightly» «1.72.0» && cargo +«1.70.0» check\n",
                &[Role::Dev, Role::Deliberate, Role::Undecided, Role::Msrv],
                &["1.79", "nightly", "1.72.0", "1.70.0"],
            ),
            (
                "the only one that is installed",
                "FROM debian:12\nRUN rustup toolchain install «1.75.0» --profile minimal\n",
                &[Role::Dev],
                &["1.79.0"],
            ),
            (
                "without a blank before the next line",
                "FROM debian:12\nRUN rustup default «1.78.0»\\\n&& cargo build\n",
                &[Role::Dev],
                &["1.79.0"],
            ),
            ("cut in two", "FROM debian:12\nRUN rustup default 1.7\\\n8.0 && cargo build\n", &[], &[]),
            (
                "put together by the shell",
                "FROM debian:12\nRUN rustup default 1'.78.0 ' && rustup default «my-own»\n",
                &[Role::Deliberate],
                &["my-own"],
            ),
            (
                "for one command",
                "FROM debian:12\nRUN RUSTUP_TOOLCHAIN=«1.78.0» cargo build && git log +1 && date +%s\n",
                &[Role::Dev],
                &["1.79.0"],
            ),
        ],
    );
}

#[test]
fn what_cannot_be_followed_is_said() {
    for (text, expect) in [
        ("ARG RUST_VERSION\nFROM rust:${RUST_VERSION}\n", "rust:${RUST_VERSION}"),
        ("ARG M=78\nFROM rust:1.${M}.0\n", "rust:1.${M}.0"),
        ("FROM debian:12\nRUN rustup default $TC\n", "$TC"),
        ("ARG V=v1.78\nFROM rust:${V#v}\n", "rust:${V#v}"),
    ] {
        let found = recognise(Kind::Dockerfile, text).expect(text);
        assert!(found.pins.is_empty(), "{text}: {:?}", found.pins);
        assert!(!found.remarks.is_empty(), "{text}");
        for remark in found.remarks {
            assert_eq!(remark.what, What::Unfollowed { expression: expect.to_owned() }, "{text}");
        }
    }
}

#[test]
fn places_and_reasons_are_said() {
    let text = "ARG TC=1.75.0\nFROM rust:1.78.0@sha256:01 AS build\nARG TC\nRUN rustup default $TC\n";
    let found = recognise(Kind::Dockerfile, text).expect("a Dockerfile");
    let said: Vec<_> = found.pins.iter().map(|pin| (&*pin.place, pin.frozen)).collect();
    assert_eq!(said, [("TC for RUN in stage build", None), ("FROM in stage build", Some(Frozen::Digest))]);
}

#[test]
fn a_here_document_without_end_is_not_read() {
    let error =
        recognise(Kind::Dockerfile, "FROM rust:1.78\nRUN <<EOF\nFROM rust:1.70\n").expect_err("no end");
    assert!(error.why.contains("`EOF`"), "{error:?}");
}

/// Whatever stands in a file, it is read in no time.
#[test]
fn odd_files_are_read() {
    let many = 20_000;
    for text in [
        "FROM rust:\\".to_owned(),
        "ENV\nARG\nFROM\nRUN\nONBUILD\nONBUILD ONBUILD ONBUILD x\nCOPY --from=\nARG =1.78\nENV =1 =2"
            .to_owned(),
        "ARG A=${A}${\nFROM $\nFROM ${\nFROM rust:${A:-\nRUN \"rustup default".to_owned(),
        format!("ARG A=aa\n{}FROM $A\n", "ARG A=$A$A\n".repeat(many)),
        format!("FROM rust:1.78 AS a\n{}", "FROM a AS a\nARG RUST_VERSION=$RUST_VERSION\n".repeat(many)),
        format!("RUN {}", "\\\n".repeat(many)),
        format!("RUN {}", "<<A ".repeat(many)),
        format!("RUN [{}", "\"a\",".repeat(many)),
        format!("FROM é{}", "${a:-".repeat(many)),
    ] {
        let _ = recognise(Kind::Dockerfile, &text);
    }
}
