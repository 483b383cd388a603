//! Matrices: lists, objects, `include`, `exclude`, and what is compared with their values.

use crate::pins::Kind;
use crate::pins::role::Role::{Deliberate, Dev, Ignored, Msrv, Undecided};
use crate::pins::testing::check;

#[test]
fn matrices() {
    check(
        Kind::Workflow,
        &[
            (
                "a host stays",
                "jobs:\n  t:\n    strategy: {matrix: {rust: [«1.78.0-x86_64-pc-windows-gnu», \"«1.78.0-x86_64-pc-windows-gnu»\"]}}\n    steps:\n    - run: rustup default ${{ matrix.rust }}\n",
                &[Dev, Dev],
                &["1.79.0-x86_64-pc-windows-gnu", "1.79.0-x86_64-pc-windows-gnu"],
            ),
            (
                "a list in one line",
                "jobs:\n  t:\n    strategy:\n      matrix:\n        rust: [«nightly», «beta», «1.78.0», «1.76.0», «1.70.0»]\n    steps:\n    \
                 - uses: dtolnay/rust-toolchain@master\n      with:\n        toolchain: ${{ matrix.rust }}\n",
                &[Deliberate, Deliberate, Dev, Undecided, Msrv],
                &["nightly", "beta", "1.79.0", "1.76.0", "1.70.0"],
            ),
            (
                "a list of lines with a comment that says what a row is for",
                "jobs:\n  t:\n    strategy:\n      matrix:\n        toolchain:\n          - \"«1.78»\" # MSRV\n          \
                 - «1.78.0»\n          - '«stable»'\n    steps:\n    - uses: dtolnay/rust-toolchain@master\n      with:\n        \
                 toolchain: ${{matrix.toolchain}}\n",
                &[Msrv, Dev, Deliberate],
                &["1.78", "1.79.0", "stable"],
            ),
            (
                "all that is compared with a row moves along",
                "jobs:\n  t:\n    strategy: {matrix: {rust: [«1.78.0», «stable»]}}\n    steps:\n    - run: cargo +${{ matrix.rust }} b\n      \
                 if: contains(matrix.rust, '«1.78.0»') && matrix.rust == '«1.78.0»' && !startsWith(matrix.rust, '«1.78.0»')\n",
                &[Dev, Deliberate, Dev, Dev, Dev],
                &["1.79.0", "stable", "1.79.0", "1.79.0", "1.79.0"],
            ),
            (
                "numbers without quotes",
                "jobs:\n  t:\n    strategy: {matrix: {rust: [«1.78», «1.70», «stable»]}}\n    steps:\n    \
                 - run: rustup default ${{ matrix.rust }}\n",
                &[Dev, Msrv, Deliberate],
                &["1.79", "1.70", "stable"],
            ),
            (
                "a single value is a row all the same",
                "jobs:\n  msrv:\n    strategy:\n      matrix:\n        rust: [«1.78.0»]\n    steps:\n    \
                 - run: cargo +${{ matrix.rust }} check\n",
                &[Msrv],
                &["1.78.0"],
            ),
            (
                "include alone, where the entry says what it is",
                "jobs:\n  t:\n    strategy:\n      matrix:\n        include:\n        - build: pinned\n          os: ubuntu-latest\n          \
                 rust: «1.78.0»\n        - { build: msrv, os: ubuntu-latest, rust: «1.74.0» }\n        - build: win\n          \
                 os: windows-latest\n          rust: «nightly-2026-05-19»\n    steps:\n    - uses: dtolnay/rust-toolchain@master\n      \
                 with:\n        toolchain: ${{ matrix.rust }}\n",
                &[Dev, Msrv, Deliberate],
                &["1.79.0", "1.74.0", "nightly-2026-05-19"],
            ),
            (
                "a list and include and exclude: what is excluded goes along",
                "jobs:\n  t:\n    strategy:\n      matrix:\n        os: [linux, windows]\n        rust: [«1.78.0», «nightly»]\n        \
                 include:\n          - os: macos\n            rust: «1.78.0»\n            experimental: true\n        exclude:\n          \
                 - os: windows\n            rust: «1.78.0»\n    steps:\n    - uses: actions-rs/toolchain@v1\n      with:\n        \
                 toolchain: ${{ matrix.rust }}\n        override: true\n",
                &[Dev, Deliberate, Dev, Dev],
                &["1.79.0", "nightly", "1.79.0", "1.79.0"],
            ),
            (
                "objects",
                "jobs:\n  t:\n    strategy:\n      matrix:\n        toolchain:\n          - { name: msrv, version: «1.72.0» }\n          \
                 - { name: pinned, version: «1.78.0», flags: 1.78.0 }\n    steps:\n    - run: rustup default ${{ matrix.toolchain.version }}\n",
                &[Msrv, Dev],
                &["1.72.0", "1.79.0"],
            ),
            (
                "a variable that says yes for one entry and no for the other",
                "jobs:\n  t:\n    strategy:\n      matrix:\n        include:\n          - {rust: «1.78.0», msrv: false}\n          \
                 - {rust: «1.72.0», msrv: true}\n    steps:\n    - run: rustup default ${{ matrix.rust }}\n",
                &[Dev, Msrv],
                &["1.79.0", "1.72.0"],
            ),
            (
                "a variable that is the oldest release by its name",
                "jobs:\n  t:\n    strategy:\n      matrix:\n        msrv: [«1.74.0»]\n    steps:\n    \
                 - run: rustup default ${{ matrix.msrv }}\n",
                &[Msrv],
                &["1.74.0"],
            ),
            (
                "conditions go along with the values that they mean",
                "jobs:\n  t:\n    strategy:\n      matrix:\n        rust: [«1.78.0», «nightly»]\n    \
                 continue-on-error: ${{ matrix.rust == '«nightly»' }}\n    steps:\n    - uses: dtolnay/rust-toolchain@master\n      with:\n        \
                 toolchain: ${{ matrix.rust }}\n    - run: cargo doc\n      if: matrix.rust == '«1.78.0»' && matrix.os == '1.78.0'\n    \
                 - run: cargo bench\n      if: ${{ matrix.rust != '«1.78.0»' || matrix.rust == '1.60.0' }}\n",
                &[Dev, Deliberate, Deliberate, Dev, Dev],
                &["1.79.0", "nightly", "nightly", "1.79.0", "1.79.0"],
            ),
            (
                "a condition on a number without quotes goes along",
                "jobs:\n  t:\n    strategy: {matrix: {rust: [«1.78»]}}\n    steps:\n    - run: cargo +${{ matrix.rust }} t\n      \
                 if: matrix.rust == '«1.78»'\n",
                &[Dev, Dev],
                &["1.79", "1.79"],
            ),
            (
                "a value where the matrix has none",
                "jobs:\n  t:\n    strategy:\n      matrix:\n        include:\n        - os: a\n        - os: b\n          rust: «nightly»\n    \
                 steps:\n    - uses: dtolnay/rust-toolchain@master\n      with:\n        toolchain: ${{ matrix.rust || '«1.78.0»' }}\n",
                &[Deliberate, Dev],
                &["nightly", "1.79.0"],
            ),
            (
                "one of two literals",
                "jobs:\n  t:\n    strategy: {matrix: {os: [a, b]}}\n    steps:\n    - uses: dtolnay/rust-toolchain@master\n      with:\n        \
                 toolchain: ${{ matrix.os == 'a' && '«1.78.0»' || '«stable»' }}\n",
                &[Dev, Deliberate],
                &["1.79.0", "stable"],
            ),
            (
                "nothing that is known uses it, but its name and all values say what it is",
                "jobs:\n  t:\n    strategy:\n      matrix:\n        rust-version: [«1.78.0», «stable»]\n        toolchain: [gcc, clang]\n    \
                 steps:\n    - run: ./ci.sh ${{ matrix.rust-version }}\n",
                &[Dev, Deliberate],
                &["1.79.0", "stable"],
            ),
            (
                "a row of somebody else's business",
                "jobs:\n  t:\n    strategy:\n      matrix:\n        rust:\n          - «1.78.0» # xcargo: ignore\n          # xcargo: role=dev\n          \
                 - «1.76.0»\n          - «stable» # xcargo: role=msrv\n    steps:\n    - run: cargo +${{ matrix.rust }} test\n",
                &[Ignored, Dev, Msrv],
                &["1.78.0", "1.79.0", "stable"],
            ),
            (
                "a target behind it",
                "jobs:\n  t:\n    strategy: {matrix: {rust: [«1.78.0»], target: [x86_64-pc-windows-gnu]}}\n    steps:\n    \
                 - run: rustup default ${{ matrix.rust }}-${{ matrix.target }}\n",
                &[Dev],
                &["1.79.0"],
            ),
            (
                "the tag of an image is made of it",
                "jobs:\n  t:\n    strategy:\n      matrix:\n        rust: [«1.78», '«1.70»']\n    container:\n      \
                 image: rust:${{ matrix.rust }}-slim\n    steps: []\n",
                &[Dev, Msrv],
                &["1.79", "1.70"],
            ),
            (
                "whole images",
                "jobs:\n  t:\n    strategy:\n      matrix:\n        image: ['rust:«1.78»-alpine', python:3.12, 'rust:«1.70.0»']\n    \
                 container: ${{ matrix.image }}\n    steps: []\n",
                &[Dev, Msrv],
                &["1.79", "1.70.0"],
            ),
        ],
    );
}
