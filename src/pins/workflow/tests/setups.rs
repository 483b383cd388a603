//! Actions that set up Rust.

use crate::pins::Kind;
use crate::pins::role::Role::{Deliberate, Dev, Msrv};
use crate::pins::testing::check;

#[test]
fn actions_that_set_up_rust() {
    check(
        Kind::Workflow,
        &[
            (
                "a release as the ref",
                "jobs:\n  test:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: actions/checkout@v4\n      \
                 - uses: dtolnay/rust-toolchain@«1.78.0»\n      - run: cargo test\n",
                &[Dev],
                &["1.79.0"],
            ),
            (
                "a release of two numbers as the ref, in quotes",
                "jobs:\n  t:\n    steps:\n    - uses: \"dtolnay/rust-toolchain@«1.78»\" # the pin\n      with:\n        \
                 components: clippy\n",
                &[Dev],
                &["1.79"],
            ),
            (
                "channels as refs",
                "jobs:\n  t:\n    steps:\n    - uses: dtolnay/rust-toolchain@«stable»\n    \
                 - uses: dtolnay/rust-toolchain@«beta»\n    - uses: dtolnay/rust-toolchain@«nightly»\n",
                &[Deliberate, Deliberate, Deliberate],
                &["stable", "beta", "nightly"],
            ),
            (
                "refs that name no version",
                "jobs:\n  t:\n    steps:\n    - uses: dtolnay/rust-toolchain@miri\n    \
                 - uses: dtolnay/rust-toolchain@clippy\n    - uses: dtolnay/rust-toolchain@v1\n",
                &[],
                &[],
            ),
            (
                "the branch that takes an input",
                "jobs:\n  t:\n    steps:\n      - uses: dtolnay/rust-toolchain@master\n        with:\n          \
                 toolchain: «1.78.0»\n          components: rustfmt, clippy\n",
                &[Dev],
                &["1.79.0"],
            ),
            (
                "a channel's ref with an input: the input decides",
                "jobs:\n  t:\n    steps:\n      - uses: dtolnay/rust-toolchain@stable\n        with:\n          \
                 toolchain: \"«1.78.0»\"\n",
                &[Dev],
                &["1.79.0"],
            ),
            (
                "a commit with an input and a comment that names its branch",
                "jobs:\n  t:\n    steps:\n      - uses: dtolnay/rust-toolchain@0123456789abcdef0123456789abcdef01234567 \
                 # master\n        with:\n          toolchain: '«1.78.0»'\n",
                &[Dev],
                &["1.79.0"],
            ),
            (
                "a commit alone: its comment is decoration, and may not be edited by itself",
                "jobs:\n  t:\n    steps:\n      - uses: dtolnay/rust-toolchain@0123456789abcdef0123456789abcdef01234567 \
                 # v«1.78.0»\n",
                &[Dev],
                &["1.78.0"],
            ),
            (
                "a ref of a release with an input, which counts for nothing: both go along",
                "jobs:\n  t:\n    steps:\n      - uses: dtolnay/rust-toolchain@«1.78.0»\n        with:\n          \
                 toolchain: «1.78.0»\n",
                &[Dev, Dev],
                &["1.79.0", "1.79.0"],
            ),
            (
                "actions-rs with an override",
                "jobs:\n  t:\n    steps:\n      - uses: actions-rs/toolchain@v1\n        with:\n          profile: minimal\n          \
                 toolchain: «1.78.0»\n          override: true\n",
                &[Dev],
                &["1.79.0"],
            ),
            (
                "actions-rust-lang with several",
                "jobs:\n  t:\n    steps:\n      - uses: actions-rust-lang/setup-rust-toolchain@v1\n        with:\n          \
                 toolchain: «nightly», «1.78.0»\n",
                &[Deliberate, Dev],
                &["nightly", "1.79.0"],
            ),
            (
                "actions-rust-lang without any reads the toolchain file",
                "jobs:\n  t:\n    steps:\n      - uses: actions-rust-lang/setup-rust-toolchain@v1\n        with:\n          \
                 cache: false\n",
                &[],
                &[],
            ),
            (
                "moonrepo",
                "jobs:\n  t:\n    steps:\n      - uses: moonrepo/setup-rust@v1\n        with:\n          channel: '«1.78.0»'\n          \
                 bins: cargo-nextest\n",
                &[Dev],
                &["1.79.0"],
            ),
            (
                "hecrj",
                "jobs:\n  t:\n    steps:\n      - uses: hecrj/setup-rust-action@v2\n        with:\n          rust-version: «1.70»\n",
                &[Msrv],
                &["1.70"],
            ),
            (
                "an action that calls cargo itself",
                "jobs:\n  t:\n    steps:\n      - uses: actions-rs/cargo@v1\n        with:\n          toolchain: «1.78.0»\n          \
                 command: test\n      - uses: houseabsolute/actions-rust-cross@v1\n        with: { command: build, toolchain: «1.78.0» }\n",
                &[Dev, Dev],
                &["1.79.0", "1.79.0"],
            ),
            (
                "a forge's own address of an action",
                "jobs:\n  t:\n    runs-on: docker\n    steps:\n      - uses: https://github.com/dtolnay/rust-toolchain@«1.78.0»\n",
                &[Dev],
                &["1.79.0"],
            ),
            (
                "an action that is not known, with an input that says what it is",
                "jobs:\n  t:\n    steps:\n      - uses: somebody/wheels@v3\n        with:\n          rust-version: «1.78.0»\n          \
                 version: 1.78.0\n",
                &[Dev],
                &["1.79.0"],
            ),
            (
                "an action of the repository's own",
                "jobs:\n  t:\n    steps:\n      - uses: ./.github/actions/setup\n        with:\n          toolchain: «1.78.0»\n          \
                 version: 1.78.0\n",
                &[Dev],
                &["1.79.0"],
            ),
            (
                "a reusable workflow that is called",
                "jobs:\n  call:\n    uses: ./.github/workflows/build.yml\n    with:\n      toolchain: «1.78.0»\n      \
                 rust-version: '«1.70.0»'\n      node: 20\n    secrets: inherit\n",
                &[Dev, Msrv],
                &["1.79.0", "1.70.0"],
            ),
            (
                "the arguments of an image that is built",
                "jobs:\n  t:\n    steps:\n      - uses: docker/build-push-action@v6\n        with:\n          push: true\n          \
                 build-args: |\n            RUST_VERSION=«1.78.0»\n            NODE_VERSION=20\n",
                &[Dev],
                &["1.79.0"],
            ),
            (
                "a step called MSRV marks its own pin only",
                "jobs:\n  t:\n    steps:\n      - name: MSRV\n        uses: dtolnay/rust-toolchain@«1.76.0»\n      \
                 - name: Rust\n        uses: dtolnay/rust-toolchain@«1.78.0»\n",
                &[Msrv, Dev],
                &["1.76.0", "1.79.0"],
            ),
            (
                "a job called MSRV marks its releases, not its nightly",
                "jobs:\n  msrv:\n    steps:\n      - uses: dtolnay/rust-toolchain@«1.78.0»\n      \
                 - uses: dtolnay/rust-toolchain@«nightly»\n  test:\n    steps:\n      - uses: dtolnay/rust-toolchain@«1.78.0»\n",
                &[Msrv, Deliberate, Dev],
                &["1.78.0", "nightly", "1.79.0"],
            ),
        ],
    );
}
