//! Where values come from: variables, inputs, outputs.

use crate::pins::Kind;
use crate::pins::role::Role::{Deliberate, Dev, Msrv};
use crate::pins::testing::check;

#[test]
fn variables_and_inputs() {
    check(
        Kind::Workflow,
        &[
            (
                "variables of the workflow's that an action takes",
                "env:\n  rust_stable: «1.78.0»\n  rust_nightly: «nightly-2026-05-19»\n  rust_min: '«1.71»'\njobs:\n  t:\n    steps:\n    \
                 - uses: dtolnay/rust-toolchain@master\n      with:\n        toolchain: ${{ env.rust_stable }}\n    \
                 - uses: dtolnay/rust-toolchain@master\n      with:\n        toolchain: ${{ env.rust_nightly }}\n    \
                 - uses: dtolnay/rust-toolchain@master\n      with:\n        toolchain: ${{ env.rust_min }}\n",
                &[Dev, Deliberate, Msrv],
                &["1.79.0", "nightly-2026-05-19", "1.71"],
            ),
            (
                "variables that nothing uses, but say what they are",
                "env:\n  CARGO_TERM_COLOR: always\n  RUST_BACKTRACE: 1\n  RUST_TOOLCHAIN: «1.78.0»\n  REPO_MSRV: \"«1.76»\"\n  \
                 RUSTUP_VERSION: 1.27.0\njobs:\n  t:\n    steps:\n    - run: make\n",
                &[Dev, Msrv],
                &["1.79.0", "1.76"],
            ),
            (
                "rustup's own variable, for the workflow, a job and a step",
                "env:\n  RUSTUP_TOOLCHAIN: «1.78.0»\njobs:\n  t:\n    env: {RUSTUP_TOOLCHAIN: «nightly»}\n    steps:\n    - run: cargo t\n      \
                 env:\n        RUSTUP_TOOLCHAIN: '«1.70»'\n  u:\n    steps: []\n",
                &[Dev, Deliberate, Msrv],
                &["1.79.0", "nightly", "1.70"],
            ),
            (
                "a job called MSRV does not mark what it takes from the workflow",
                "env:\n  RUST: «1.78.0»\njobs:\n  msrv:\n    steps:\n    - run: rustup default ${{ env.RUST }}\n  t:\n    steps: []\n",
                &[Dev],
                &["1.79.0"],
            ),
            (
                "defaults and options of inputs",
                "on:\n  workflow_dispatch:\n    inputs:\n      channel:\n        type: choice\n        default: «1.78.0»\n        options:\n        \
                 - «1.78.0»\n        - «nightly»\n  workflow_call:\n    inputs:\n      channel: { type: string, default: '«1.78.0»' }\njobs:\n  t:\n    \
                 steps:\n    - uses: moonrepo/setup-rust@v1\n      with:\n        channel: ${{ inputs.channel }}\n",
                &[Dev, Dev, Deliberate, Dev],
                &["1.79.0", "1.79.0", "nightly", "1.79.0"],
            ),
            (
                "the older way to name an input, with a value where it is empty",
                "on:\n  workflow_dispatch:\n    inputs:\n      v: {description: which}\njobs:\n  t:\n    steps:\n    \
                 - run: rustup default ${{ github.event.inputs.v || '«1.78.0»' }}\n",
                &[Dev],
                &["1.79.0"],
            ),
            (
                "a variable that names another",
                "on:\n  workflow_call:\n    inputs:\n      rust: {type: string, default: «1.78.0»}\njobs:\n  t:\n    env:\n      \
                 V: ${{ inputs.rust }}\n    steps:\n    - run: cargo +$V test\n",
                &[Dev],
                &["1.79.0"],
            ),
            (
                "variables that name each other lead nowhere",
                "jobs:\n  t:\n    env:\n      A: ${{ env.B }}\n      B: ${{ env.A }}\n    steps:\n    - run: cargo +$A test\n",
                &[],
                &[],
            ),
            (
                "an input of a called workflow from the matrix",
                "jobs:\n  t:\n    strategy: {matrix: {v: [«1.78.0», «1.70.0»]}}\n    uses: ./.github/workflows/x.yml\n    with:\n      \
                 rust: ${{ matrix.v }}\n",
                &[Dev, Msrv],
                &["1.79.0", "1.70.0"],
            ),
            (
                "what a step before puts out",
                "jobs:\n  t:\n    steps:\n    - id: rust\n      uses: dtolnay/rust-toolchain@«1.78.0»\n    \
                 - run: cargo +${{ steps.rust.outputs.name }} test\n",
                &[Dev],
                &["1.79.0"],
            ),
            (
                "in a block of its own",
                "jobs:\n  t:\n    steps:\n    - uses: dtolnay/rust-toolchain@master\n      with:\n        toolchain: |\n          «1.78.0»\n",
                &[Dev],
                &["1.79.0"],
            ),
            (
                "what is put together from escapes is known, and left alone",
                "jobs:\n  t:\n    steps:\n    - uses: dtolnay/rust-toolchain@master\n      with:\n        toolchain: \"«1.7\\x38.0»\"\n",
                &[crate::pins::Role::Undecided],
                &["1.7\\x38.0"],
            ),
            (
                "a channel with a schedule of its own",
                "jobs:\n  t:\n    steps:\n    - uses: dtolnay/rust-toolchain@master\n      with:\n        \
                 toolchain: «stable minus 2 releases»\n",
                &[Deliberate],
                &["stable minus 2 releases"],
            ),
        ],
    );
}

#[test]
fn composite_actions() {
    check(
        Kind::Action,
        &[
            (
                "an input with a default that an action takes",
                "name: setup\ndescription: sets up 1.78.0\ninputs:\n  toolchain:\n    description: which\n    default: «1.78.0»\n  \
                 version:\n    default: 1.78.0\nruns:\n  using: composite\n  steps:\n    - uses: dtolnay/rust-toolchain@master\n      with:\n        \
                 toolchain: ${{ inputs.toolchain }}\n",
                &[Dev],
                &["1.79.0"],
            ),
            (
                "through the environment of a script",
                "inputs:\n  v: {default: '«1.78.0»'}\nruns:\n  using: composite\n  steps:\n    - shell: bash\n      env:\n        \
                 V: ${{ inputs.v }}\n      run: rustup toolchain install \"$V\" && rustup default \"$V\"\n",
                &[Dev],
                &["1.79.0"],
            ),
            (
                "steps as in a workflow",
                "runs:\n  using: composite\n  steps:\n  - uses: dtolnay/rust-toolchain@«1.78.0»\n  - run: |\n      rustup toolchain install «nightly»\n    \
                 shell: bash\n",
                &[Dev, Deliberate],
                &["1.79.0", "nightly"],
            ),
            (
                "an input whose name says what it is",
                "inputs:\n  rust-version: {default: «1.78.0»}\n  msrv:\n    default: \"«1.70»\"\nruns:\n  using: composite\n  steps:\n  \
                 - run: ./setup.sh ${{ inputs.rust-version }}\n    shell: bash\n",
                &[Dev, Msrv],
                &["1.79.0", "1.70"],
            ),
            (
                "an action in an image",
                "runs:\n  using: docker\n  image: docker://rust:«1.78»-slim\n",
                &[Dev],
                &["1.79"],
            ),
            (
                "an action that has nothing to do with it",
                "inputs:\n  version: {default: 1.78.0}\n  channel: {default: stable}\nruns:\n  using: node20\n  main: dist/index.js\n",
                &[],
                &[],
            ),
        ],
    );
}
