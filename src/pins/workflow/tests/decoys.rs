//! Versions of other things: an edit there would break what has nothing to do with Rust.

use crate::pins::Kind;
use crate::pins::role::Role::Dev;
use crate::pins::testing::check;

#[test]
fn versions_of_other_things() {
    check(
        Kind::Workflow,
        &[
            (
                "languages beside Rust",
                "jobs:\n  t:\n    strategy:\n      matrix:\n        go: ['1.20', '1.78']\n        python: ['3.12']\n        node: [20]\n        \
                 version: [1.78.0]\n    steps:\n    - uses: actions/setup-go@v5\n      with: {go-version: '${{ matrix.go }}'}\n    \
                 - uses: actions/setup-python@v5\n      with: {python-version: '${{ matrix.python }}'}\n    \
                 - uses: actions/setup-node@v4\n      with: {node-version: 1.78.0, version: 1.78.0}\n",
                &[],
                &[],
            ),
            (
                "Rust as the value of another key",
                "jobs:\n  t:\n    strategy:\n      matrix:\n        language: [rust, go]\n        include:\n        - {language: rust, version: 1.78.0}\n    \
                 steps:\n    - uses: github/codeql-action/init@v3\n      with: {languages: '${{ matrix.language }}', toolchain: 1.78.0}\n",
                &[],
                &[],
            ),
            (
                "a key that says Rust, with values that are none",
                "jobs:\n  t:\n    strategy:\n      matrix:\n        rust: [true, false]\n        rust-version: [1.78.0, from-source]\n    steps:\n    \
                 - run: make\n      if: matrix.rust == 'true'\n",
                &[],
                &[],
            ),
            (
                "a toolchain that may be Go's, and a channel that is Flutter's",
                "jobs:\n  t:\n    strategy:\n      matrix:\n        toolchain: ['1.20.1', '1.78.0']\n        channel: [stable, beta]\n    steps:\n    \
                 - uses: subosito/flutter-action@v2\n      with: {channel: stable, flutter-version: 1.78.0}\n    \
                 - uses: somebody/setup@v1\n      with: {toolchain: 1.78.0}\n",
                &[],
                &[],
            ),
            (
                "tools that are installed, and caches",
                "jobs:\n  t:\n    steps:\n    - uses: taiki-e/install-action@v2\n      with: {tool: 'cross@1.78.0'}\n    \
                 - uses: Swatinem/rust-cache@v2\n      with: {shared-key: rust-1.78.0, toolchain-version: 1.78.0}\n    \
                 - uses: baptiste0928/cargo-install@v3\n      with: {crate: a, version: 1.78.0}\n    \
                 - run: cargo install just --version 1.78.0\n    - uses: actions/checkout@1.78.0\n",
                &[],
                &[],
            ),
            (
                "variables of other programs",
                "env: {GO_VERSION: 1.78.0, RUSTUP_VERSION: 1.27.0, RUST_ANALYZER_VERSION: 1.78.0, TRUST_VERSION: 1.78.0, VERSION: 1.78.0}\njobs:\n  t:\n    \
                 env: {RUST_LOG: debug, RUST_BACKTRACE: 1, RUSTFLAGS: -Dwarnings}\n    steps: []\n",
                &[],
                &[],
            ),
            (
                "text about it",
                "name: uses 1.78.0\n# toolchain: 1.78.0\njobs:\n  t:\n    name: rustup default 1.78.0\n    steps:\n    - name: cargo +1.78.0\n      \
                 run: |\n        echo rust 1.78.0\n        date +%s\n        test \"$(rustc -V)\" = 'rustc 1.78.0'\n      # - uses: dtolnay/rust-toolchain@1.78.0\n",
                &[],
                &[],
            ),
            (
                "images that are no Rust",
                "jobs:\n  t:\n    container: somebody/rust:1.78.0\n    services: {a: {image: 'trust:1.78'}}\n    steps:\n    - uses: docker://alpine:1.78\n    \
                 - run: docker run rust-builder:1.78.0\n",
                &[],
                &[],
            ),
            (
                "a file that a toolchain is read from",
                "jobs:\n  t:\n    steps:\n    - uses: dsherret/rust-toolchain-file@v1\n    - run: rustup show\n    - run: rustup toolchain install\n    \
                 - uses: actions-rust-lang/setup-rust-toolchain@v1\n      with: {toolchain: ''}\n",
                &[],
                &[],
            ),
            (
                "one pin among them",
                "jobs:\n  t:\n    steps:\n    - uses: actions/setup-node@v4\n      with: {node-version: 1.78.0}\n    \
                 - uses: dtolnay/rust-toolchain@«1.78.0»\n      with: {targets: 1.78.0, components: 1.78.0}\n",
                &[Dev],
                &["1.79.0"],
            ),
        ],
    );
}
