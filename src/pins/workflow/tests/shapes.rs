//! The same things as YAML may write them: flow style, anchors, line ends, byte order marks.

use crate::pins::Kind;
use crate::pins::role::Role::{Deliberate, Dev, Msrv};
use crate::pins::testing::check;

#[test]
fn shapes_of_yaml() {
    check(
        Kind::Workflow,
        &[
            (
                "Windows line ends",
                "on: push\r\njobs:\r\n  t:\r\n    strategy:\r\n      matrix:\r\n        rust:\r\n          - «1.78.0» \r\n          \
                 - «1.70» # MSRV\r\n    steps:\r\n      - run: |\r\n          rustup default ${{ matrix.rust }}\r\n          \
                 cargo +«nightly» fmt\r\n",
                &[Dev, Msrv, Deliberate],
                &["1.79.0", "1.70", "nightly"],
            ),
            (
                "a byte order mark, and letters of more than one byte before",
                "\u{feff}name: Prüfung – é\njobs:\n  t:\n    name: Größe\n    steps:\n    - uses: dtolnay/rust-toolchain@«1.78.0»\n    \
                 - run: echo ü; cargo +«1.78.0» t\n",
                &[Dev, Dev],
                &["1.79.0", "1.79.0"],
            ),
            (
                "all in one line",
                "{on: push, jobs: {t: {steps: [{uses: dtolnay/rust-toolchain@«1.78.0»}, {uses: actions-rs/toolchain@v1, \
                 with: {toolchain: «1.78.0», override: true}}, {run: 'cargo +«1.78.0» t'}]}}}\n",
                &[Dev, Dev, Dev],
                &["1.79.0", "1.79.0", "1.79.0"],
            ),
            (
                "as JSON",
                "{\"jobs\": {\"t\": {\"steps\": [{\"uses\": \"dtolnay/rust-toolchain@«1.78.0»\"}]}}}\n",
                &[Dev],
                &["1.79.0"],
            ),
            (
                "an anchor and its aliases are one pin",
                "env:\n  RUST_VERSION: &rust «1.78.0»\njobs:\n  t:\n    strategy:\n      matrix:\n        rust: [*rust, «stable»]\n    steps:\n    \
                 - uses: dtolnay/rust-toolchain@master\n      with: {toolchain: *rust}\n    - run: cargo +${{ matrix.rust }} t\n",
                &[Dev, Deliberate],
                &["1.79.0", "stable"],
            ),
            (
                "steps that two jobs share",
                "jobs:\n  a:\n    steps: &steps\n      - uses: dtolnay/rust-toolchain@«1.78.0»\n      - run: cargo t\n  b:\n    steps: *steps\n",
                &[Dev],
                &["1.79.0"],
            ),
            (
                "a tag of YAML's, and blanks behind",
                "jobs:\n  t:\n    steps:\n    - uses: dtolnay/rust-toolchain@master\n      with:\n        toolchain: !!str «1.78.0»   \n",
                &[Dev],
                &["1.79.0"],
            ),
            (
                "keys in quotes",
                "'on': {'workflow_call': {'inputs': {'rust': {'default': '«1.78.0»'}}}}\n'jobs':\n  'a b':\n    'steps':\n    \
                 - 'run': \"rustup default ${{ inputs['rust'] }}\"\n",
                &[Dev],
                &["1.79.0"],
            ),
            (
                "two documents",
                "jobs: {a: {container: 'rust:«1.78»'}}\n---\njobs: {a: {container: 'rust:«1.78.0»'}}\n",
                &[Dev, Dev],
                &["1.79", "1.79.0"],
            ),
            (
                "letters of keys, large and small",
                "env: {rust_version: «1.78.0»}\njobs:\n  t:\n    steps:\n    - uses: DTolnay/Rust-Toolchain@master\n      with:\n        \
                 Toolchain: ${{ env.RUST_VERSION }}\n",
                &[Dev],
                &["1.79.0"],
            ),
            ("an empty file", "", &[], &[]),
            ("no jobs", "on: push\n", &[], &[]),
            (
                "nothing is what it should be",
                "jobs: [1, {steps: 2}]\nenv: 1.78.0\non: {workflow_call: [inputs]}\n",
                &[],
                &[],
            ),
            (
                "odd jobs",
                "jobs:\n  a:\n  b: 1.78.0\n  c: {steps: {uses: dtolnay/rust-toolchain@1.78.0}, strategy: {matrix: [1.78.0]}}\n  d:\n    \
                 steps: [1.78.0, [1.78.0], {uses: [1.78.0]}, {run: {a: 1.78.0}}, {uses: ''}, {uses: '@'}, {uses: 'docker://'}]\n",
                &[],
                &[],
            ),
        ],
    );
}
