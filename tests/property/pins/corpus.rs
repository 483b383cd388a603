//! Realistic files of every kind, from which the cases are bred.

use xcargo::pins::Kind;

/// A file of each kind, some of several.
pub(super) const TEXTS: &[(Kind, &str)] = &[
    (Kind::ToolchainFile, "1.78.0\n"),
    (
        Kind::ToolchainFile,
        "# Bump together with CI, see CONTRIBUTING.md\n[toolchain]\nchannel = \"1.78.0\" # the pin\ncomponents = [\"clippy\", \"rustfmt\"]\n\
         profile = \"minimal\"\ntargets = ['wasm32-unknown-unknown']\n",
    ),
    (
        Kind::Policy,
        "[toolchain]\nchannel = \"1.78.0\"\ninstall = \"auto\"\n\n[pins]\nignore = [\"docs/**\"]\nextra = [\n  { path = \"NOTES\", pattern = 'rust (\\S+)', \
         role = \"dev\" },\n]\n",
    ),
    (
        Kind::Workflow,
        r#"name: CI
on:
  push: {branches: [main]}
  workflow_dispatch:
    inputs:
      channel:
        type: choice
        default: 1.78.0
        options: [1.78.0, nightly]
env:
  CARGO_TERM_COLOR: always
  rust_stable: 1.78.0
  rust_min: '1.70' # MSRV
defaults: {run: {shell: bash}}
jobs:
  test:
    name: test (${{ matrix.rust }})
    runs-on: ${{ matrix.os }}
    strategy:
      fail-fast: false
      matrix:
        os: [ubuntu-latest, "windows-latest"]
        rust: [1.78.0, "1.70", stable, nightly-2026-05-19]
        include:
          - {os: macos-latest, rust: 1.78.0}
          - os: ubuntu-latest
            rust: 1.75.0 # xcargo: ignore
    steps:
      - uses: actions/checkout@v4
      - uses: dtolnay/rust-toolchain@master
        with:
          toolchain: ${{ matrix.rust }}
          components: clippy, rustfmt
      - run: cargo test --workspace
      - if: matrix.rust == '1.78.0' && matrix.os != 'windows-latest'
        run: |
          cargo +1.78.0 clippy -- -D warnings
          # cargo +1.60.0 is gone
          rustup run ${{ env.rust_stable }} cargo doc
  msrv:
    runs-on: ubuntu-latest
    steps:
      - uses: dtolnay/rust-toolchain@1.70.0
      - run: cargo check --locked
"#,
    ),
    (
        Kind::Workflow,
        r#"on: [push, pull_request]

env:
  RUSTUP_TOOLCHAIN: &pin "1.78.0"
  IMAGE: rust:1.78.0-bookworm

jobs:
  build: &build
    runs-on: ubuntu-24.04
    container:
      image: rust:1.78-bookworm@sha256:0123456789abcdef
      env: {RUST_VERSION: *pin}
    services:
      proxy: {image: 'rust:1.78.0'}
    steps:
    - uses: docker://rust:1.78.0-slim
      with: { entrypoint: cargo, args: test }
    - uses: actions-rs/toolchain@v1
      with: {profile: minimal, toolchain: 1.78.0, override: true}
    - name: MSRV
      env:
        TC: 1.70.0
      run: >-
        rustup toolchain install $TC --profile minimal &&
        cargo "+$TC" check
    - run: curl --proto '=https' -sSf https://sh.rustup.rs | sh -s -- -y --default-toolchain 1.78.0
    - uses: docker/build-push-action@v6
      with:
        build-args: |
          RUST_VERSION=1.78.0
          NODE_VERSION=20
  again:
    <<: *build
    needs: [build]
  call:
    uses: ./.github/workflows/release.yml
    with: {toolchain: '1.78.0'}
    secrets: inherit
"#,
    ),
    (
        Kind::Action,
        "name: set up\ninputs:\n  toolchain:\n    description: which Rust, such as 1.60.0\n    default: 1.78.0\noutputs: {}\nruns:\n  using: composite\n  steps:\n    \
         - uses: dtolnay/rust-toolchain@master\n      with:\n        toolchain: ${{ inputs.toolchain }}\n    - run: rustup default 1.78.0\n      shell: bash\n    \
         - run: cargo +${{ inputs.toolchain || '1.78.0' }} fetch\n      shell: bash\n",
    ),
    (
        Kind::Dockerfile,
        r#"# syntax=docker/dockerfile:1.7
ARG RUST_VERSION=1.78.0
ARG DEBIAN=bookworm
FROM --platform=$BUILDPLATFORM rust:${RUST_VERSION}-slim-${DEBIAN} AS chef
RUN cargo install cargo-chef --locked
FROM chef AS build
ENV RUSTUP_TOOLCHAIN=1.78.0 \
    CARGO_HOME=/usr/local/cargo
RUN --mount=type=cache,target=/c apt-get update && \
    # the nightly is for fuzzing
    rustup toolchain install nightly-2026-05-19 --profile minimal && \
    cargo +1.78.0 build --release
RUN <<EOF
set -eux
rustup default "$RUST_VERSION"
EOF
FROM rust:1.70 AS msrv
RUN ["cargo", "+1.70.0", "check"]
FROM debian:bookworm-slim
COPY --from=build /app /app
CMD ["/app"]
"#,
    ),
    (
        Kind::Dockerfile,
        "# escape=`\r\nFROM mcr.microsoft.com/windows/servercore:ltsc2022\r\nARG TC=1.78.0\r\nRUN C:\\rustup-init.exe -y `\r\n    --default-toolchain %TC% `\r\n    \
         --profile minimal\r\nONBUILD ARG MSRV=1.70\r\nONBUILD RUN rustup default 1.78.0\r\n",
    ),
    (
        Kind::GitLab,
        r#"variables:
  RUST_VERSION: "1.78"
  RUSTUP_TOOLCHAIN: 1.78.0
  IMG:
    value: 'rust:${RUST_VERSION}-slim'
    description: which image
include: {local: ci/other.yml}
default:
  image: $IMG
.rust: &rust
  image:
    name: docker.io/library/rust:1.78.0-alpine
    entrypoint: ['']
  before_script: [rustup component add clippy]
test:
  <<: *rust
  parallel:
    matrix:
      - RUST: [1.78.0, '1.70', nightly]
  script:
    - cargo +$RUST test
    - |
      rustup default 1.78.0
      cargo clippy
msrv:
  extends: .rust
  image: rust:1.70
  script: !reference [.rust, before_script]
  services:
    - name: rust:1.78
      alias: proxy
"#,
    ),
    (
        Kind::CircleCi,
        r#"version: 2.1
orbs:
  rust: circleci/rust@1.6.1
parameters:
  tc: {type: string, default: 1.78.0}
executors:
  main:
    docker: [{image: 'cimg/rust:1.78.0'}]
    environment: {RUSTUP_TOOLCHAIN: 1.78.0}
jobs:
  test:
    parameters: {rust: {type: enum, enum: ["1.78.0", stable], default: "1.78.0"}}
    docker:
      - image: cimg/rust:<< parameters.rust >>
      - image: cimg/postgres:16.1
    steps:
      - checkout
      - rust/install: {version: 1.78.0}
      - run: rustup default << pipeline.parameters.tc >>
      - run: {name: Check MSRV, command: cargo +1.70 check}
      - when:
          condition: x
          steps: [{run: cargo +nightly fmt}]
workflows:
  ci:
    jobs:
      - test: {matrix: {parameters: {rust: ["1.78.0", stable]}}}
"#,
    ),
    (
        Kind::Azure,
        r#"parameters:
- name: tc
  type: string
  default: '1.78.0'
  values: ['1.78.0', nightly]
variables:
- group: secrets
- name: rust.tc
  value: 1.78.0
- ${{ if eq(variables['Build.Reason'], 'PullRequest') }}:
  - name: rustVersion
    value: "1.78.0"
resources:
  containers: [{container: rust, image: rust:1.78.0}]
jobs:
- job: test
  container: rust
  strategy:
    matrix:
      pinned: {tc: 1.78.0}
      MSRV: {tc: '1.70'}
  steps:
  - script: rustup default $(tc)
  - bash: curl https://sh.rustup.rs | sh -s -- -y --default-toolchain $RUST_TC
  - powershell: rustup default $env:TC
  - task: Bash@3
    env: {RUSTUP_TOOLCHAIN: '1.78.0'}
    inputs:
      targetType: inline
      script: |
        cargo +${{ parameters.tc }} test
"#,
    ),
    (
        Kind::Travis,
        "language: rust\nrust:\n  - 1.78.0\n  - stable\n  - 1.70.0 # MSRV\nenv:\n  - RUST_VERSION=1.78.0 A=b\njobs:\n  include:\n    - rust: 1.78\n      name: other\n    \
         - {rust: nightly, script: cargo +1.78.0 bench}\n  allow_failures:\n    - rust: nightly\nscript:\n  - cargo test\n  - rustup run 1.78.0 cargo doc\n",
    ),
    (
        Kind::Woodpecker,
        "variables:\n  - &rust_image \"rust:1.78.0\"\n  - &node 'node:1.78'\nmatrix:\n  RUST: [1.78.0, '1.70']\nsteps:\n  - name: test\n    image: *rust_image\n    commands: &c\n      \
         - cargo +nightly fmt\n      - cargo +1.78.0 test\n  - name: matrix\n    image: rust:${RUST}\n    commands: *c\n    environment:\n      RUSTUP_TOOLCHAIN: 1.78.0\n---\n\
         kind: pipeline\nname: msrv\nsteps:\n- {name: a, image: rust:1.70}\n",
    ),
    (
        Kind::Jenkinsfile,
        r#"#!groovy
def MSRV = '1.70'
def TC = "1.78.0"
pipeline {
  agent { docker { image 'rust:1.78.0-slim' args '-v /x:/y' } }
  environment { RUSTUP_TOOLCHAIN = '1.78.0' }
  stages {
    stage('test') {
      steps {
        sh '''
          # cargo +1.60.0 is gone
          rustup default 1.78.0
        '''
        sh "cargo +${TC} test" // it's fine
        bat(script: "rustup default 1.78.0-x86_64-pc-windows-msvc", returnStdout: true)
      }
    }
    stage('matrix') {
      matrix { axes { axis { name 'RUST'; values '1.78.0', 'stable' } } }
      steps { sh "cargo +${RUST} check" }
    }
    stage('pod') { steps { podTemplate(yaml: """
      containers: [{name: r, image: 'rust:1.78'}]
    """) { } } }
  }
}
"#,
    ),
    (
        Kind::Devcontainer,
        "// Rust\n{\n\t\"name\": \"é\",\n\t\"image\": \"mcr.microsoft.com/devcontainers/rust:1-1.78-bookworm\", // as pinned\n\t\"features\": {\n\t\t/* tools */\n\t\t\
         \"ghcr.io/devcontainers/features/rust:1\": { \"version\": \"1.78.0\", \"profile\": \"minimal\" },\n\t},\n\t\"build\": { \"args\": { \"RUST_VERSION\": \"1.78.0\" } },\n\t\
         \"containerEnv\": {\"RUSTUP_TOOLCHAIN\": \"1.78.0\"},\n\t\"postCreateCommand\": \"rustup default 1.78.0 && cargo +nightly fetch\",\n}\n",
    ),
    (
        Kind::Compose,
        "services:\n  app:\n    image: \"rust:${RUST_VERSION:-1.78.0}-bookworm\"\n    build:\n      context: .\n      args: &args\n        RUST_VERSION: 1.78.0\n        NODE_VERSION: 20\n      \
         dockerfile_inline: |\n        FROM rust:1.78.0\n    environment: [RUSTUP_TOOLCHAIN=1.78.0, RUST_LOG=info]\n    command: cargo +1.78.0 run\n  msrv:\n    image: rust:1.70\n    build: {args: *args}\n    \
         command: [cargo, \"+1.70\", run]\n",
    ),
    (Kind::ToolVersions, "# tools\nnodejs 20.11.0\nrust 1.78.0 stable # the pin\npython 3.12\n"),
    (
        Kind::Mise,
        "min_version = \"2026.1\"\n[tools]\nnode = \"20\"\nrust = [\"1.78.0\", { version = \"1.70\", components = \"clippy\" }]\n[env]\nRUSTUP_TOOLCHAIN = '1.78.0'\nMSRV = \"1.70\"\n\
         [tasks.test]\nrun = [\"cargo +1.78.0 test\", 'cargo doc']\n[tasks.msrv]\nrun = '''\nrustup default 1.70\ncargo check\n'''\n",
    ),
    (Kind::Prototools, "rust = \"1.78.0\"\nnode = \"20\"\n\n[settings]\nauto-install = true\n"),
    (
        Kind::Nix,
        r#"{
  inputs.rust-overlay.url = "github:oxalica/rust-overlay";
  outputs = { self, nixpkgs, ... }: let
    # xcargo: ignore
    old = pkgs.rust-bin.stable."1.78.0".minimal;
    version = "1.78.0"; /* the pin */
    msrv = pkgs.rust-bin.stable."1.70.0".minimal;
  in {
    a = pkgs.rust-bin.stable.${version}.default.override { extensions = [ "rust-src" ]; };
    b = pkgs.rust-bin.nightly."2026-05-19".default;
    c = (fenix.toolchainOf { channel = "1.78.0"; sha256 = "sha256-AAAA"; });
    d = pkgs.rust-bin.fromRustupToolchainFile ./rust-toolchain.toml;
    shellHook = ''
      rustup default 1.78.0
      export PATH=${pkgs.rust-bin.stable."1.78.0".default}/bin:$PATH ''${x} '''
    '';
    languages.rust = { enable = true; channel = "stable"; version = "1.78.0"; };
  };
}
"#,
    ),
    (
        Kind::Bazel,
        r#"bazel_dep(name = "rules_rust", version = "0.50.0")
RUST_VERSION = "1.78.0"
VERSIONS = [
    RUST_VERSION,
    "nightly/2026-05-19",  # for fmt
]
rust = use_extension("@rules_rust//rust:extensions.bzl", "rust")
rust.toolchain(
    edition = "2021",
    versions = VERSIONS,
)
rust.repository_set(name = "linux", versions = ['1.78.0'], sha256s = {"rustc-1.78.0.tar.xz": "abcd"})
rust_register_toolchains(versions = ["1.78.0", "1.70.0"], rustfmt_version = "nightly/2026-05-19")
def setup(rust_version = "1.78.0"):
    """Sets up Rust, 1.60.0 or newer."""
    rust_repository_set(version = rust_version)
use_repo(rust, "rust_toolchains")
"#,
    ),
    (
        Kind::ReadTheDocs,
        "version: 2\nbuild:\n  os: ubuntu-24.04\n  tools: {python: \"3.12\", rust: \"1.78\"}\n  commands:\n    - rustup default 1.78.0\n    - cargo doc\n  jobs:\n    post_install:\n      \
         - cargo +1.78.0 install mdbook\n",
    ),
    (
        Kind::Clippy,
        "# kept in step with Cargo.toml\nmsrv = \"1.70.0\"\ncognitive-complexity-threshold = 30\n",
    ),
    (
        Kind::Manifest,
        "[workspace]\nmembers = [\"a\"]\n\n[workspace.package]\nrust-version = \"1.70\" # MSRV\n\n[package]\nname = \"root\"\nversion = \"1.78.0\"\nrust-version.workspace = true\n\n\
         [dependencies]\nserde = { version = \"1.0\", features = [\"derive\"] }\n",
    ),
];
