//! Scripts, and the images that they and jobs run in.

use crate::pins::Kind;
use crate::pins::role::Role::{Deliberate, Dev, Ignored, Msrv};
use crate::pins::testing::check;

#[test]
fn scripts_and_images() {
    check(
        Kind::Workflow,
        &[
            (
                "a host stays",
                "env:\n  RUSTUP_TOOLCHAIN: «1.78.0-x86_64-pc-windows-gnu»\njobs:\n  t:\n    steps:\n      - run: rustup default «1.78.0-x86_64-pc-windows-gnu»\n      - uses: dtolnay/rust-toolchain@master\n        with: {toolchain: «1.78.0-x86_64-pc-windows-gnu»}\n",
                &[Dev, Dev, Dev],
                &[
                    "1.79.0-x86_64-pc-windows-gnu",
                    "1.79.0-x86_64-pc-windows-gnu",
                    "1.79.0-x86_64-pc-windows-gnu",
                ],
            ),
            (
                "one line",
                "jobs:\n  t:\n    steps:\n      - run: rustup toolchain install «1.78.0» --profile minimal && rustup default «1.78.0»\n",
                &[Dev, Dev],
                &["1.79.0", "1.79.0"],
            ),
            (
                "several lines, with comments that are none of it",
                "jobs:\n  t:\n    steps:\n      - run: |\n          # rustup default 1.78.0\n          rustup override set «1.78.0»\n          \
                 cargo +«1.78.0» test # not +1.78.0\n          cargo +«nightly» fmt\n",
                &[Dev, Dev, Deliberate],
                &["1.79.0", "1.79.0", "nightly"],
            ),
            (
                "what rustup does to a toolchain, and a script inside of a script",
                "jobs:\n  t:\n    steps:\n      - run: rustup -v component add clippy --toolchain «1.78.0»\n      \
                 - run: bash -c \"cargo +«1.78.0» clippy\"\n      - run: su x -c 'rustup target add a --toolchain=«nightly»'\n",
                &[Dev, Dev, Deliberate],
                &["1.79.0", "1.79.0", "nightly"],
            ),
            (
                "comments alone above",
                "jobs:\n  t:\n    strategy:\n      matrix:\n        rust:\n          # MSRV\n          - «1.78.0»\n          - «1.78.0»\n    \
                 steps:\n      # MSRV\n      - uses: dtolnay/rust-toolchain@«1.78.0»\n      - uses: dtolnay/rust-toolchain@master\n        \
                 with:\n          # MSRV\n          toolchain: «1.78.0»\n      # MSRV\n      - run: cargo +«1.78.0» check\n      \
                 - run: cargo +${{ matrix.rust }} b\n      # xcargo: ignore\n      - name: x\n        uses: dtolnay/rust-toolchain@«1.78.0»\n      \
                 # xcargo: role=deliberate\n      - run: |\n          a\n          cargo +«1.78.0» b\n      - run: cargo +«1.78.0» c\n",
                &[Msrv, Dev, Msrv, Msrv, Msrv, Ignored, Deliberate, Dev],
                &["1.78.0", "1.79.0", "1.78.0", "1.78.0", "1.78.0", "1.78.0", "1.78.0", "1.79.0"],
            ),
            (
                "lines that are folded to one",
                "jobs:\n  t:\n    steps:\n      - run: >-\n          rustup toolchain install\n          --profile minimal\n          \
                 «1.78.0»\n",
                &[Dev],
                &["1.79.0"],
            ),
            (
                "in double quotes with escapes",
                "jobs:\n  t:\n    steps:\n      - run: \"rustup default «1.78.0»\\ncargo +\\\"«1.78.0»\\\" test\"\n",
                &[Dev, Dev],
                &["1.79.0", "1.79.0"],
            ),
            (
                "in single quotes",
                "jobs:\n  t:\n    steps:\n      - run: 'echo ''hi''; cargo +«1.78.0» build'\n",
                &[Dev],
                &["1.79.0"],
            ),
            (
                "without quotes over two lines",
                "jobs:\n  t:\n    steps:\n      - run: rustup run\n          «1.78.0» cargo test\n",
                &[Dev],
                &["1.79.0"],
            ),
            (
                "rustup's installer",
                "jobs:\n  t:\n    steps:\n      - run: |\n          curl -sSf https://sh.rustup.rs | sh -s -- -y \\\n            \
                 --default-toolchain «1.78.0»\n      - run: sh rustup-init -y --default-toolchain none\n",
                &[Dev],
                &["1.79.0"],
            ),
            (
                "a variable of the workflow's",
                "env:\n  TOOL: «1.78.0»\njobs:\n  t:\n    steps:\n      - run: rustup default $TOOL\n      - run: cargo +${TOOL} test\n",
                &[Dev],
                &["1.79.0"],
            ),
            (
                "the nearest of three variables",
                "env:\n  V: 1.78.0\njobs:\n  t:\n    env:\n      V: 1.78.0\n    steps:\n      - run: rustup default ${{ env.V }}\n        \
                 env:\n          V: «1.78.0»\n",
                &[Dev],
                &["1.79.0"],
            ),
            (
                "a variable of PowerShell's",
                "jobs:\n  t:\n    runs-on: windows-latest\n    env: {V: '«1.78.0»'}\n    steps:\n      - shell: pwsh\n        run: |\n          \
                 rustup default $env:V\n          $env:RUSTUP_TOOLCHAIN = '«1.78.0»'\n          cargo test\n",
                &[Dev, Dev],
                &["1.79.0", "1.79.0"],
            ),
            (
                "a variable of cmd's",
                "jobs:\n  t:\n    env: {V: '«1.78.0»'}\n    steps:\n      - shell: cmd\n        run: |\n          rustup default %V%\n          \
                 set RUSTUP_TOOLCHAIN=«1.78.0»\n",
                &[Dev, Dev],
                &["1.79.0", "1.79.0"],
            ),
            (
                "what the script itself assigns",
                "jobs:\n  t:\n    steps:\n      - run: |\n          V=«1.78.0»\n          export N=\"«nightly-2026-05-19»\"\n          \
                 OTHER=1.78.0\n          rustup default \"$V\"\n          cargo +$N fmt\n",
                &[Dev, Deliberate],
                &["1.79.0", "nightly-2026-05-19"],
            ),
            (
                "what a variable is where nobody sets it",
                "jobs:\n  t:\n    steps:\n      - run: rustup default ${V:-«1.78.0»}\n",
                &[Dev],
                &["1.79.0"],
            ),
            (
                "the variable of rustup's, for a command and for the steps behind",
                "jobs:\n  t:\n    steps:\n      - run: RUSTUP_TOOLCHAIN=«1.70» cargo check\n      \
                 - run: echo \"RUSTUP_TOOLCHAIN=«1.78.0»\" >> $GITHUB_ENV\n",
                &[Msrv, Dev],
                &["1.70", "1.79.0"],
            ),
            (
                "images that a script runs or builds",
                "jobs:\n  t:\n    steps:\n      - run: docker run --rm -v $PWD:/w rust:«1.78»-alpine cargo build\n      \
                 - run: docker build --build-arg RUST_VERSION=«1.78.0» --build-arg NODE_VERSION=1.78.0 .\n",
                &[Dev, Dev],
                &["1.79", "1.79.0"],
            ),
            (
                "the image of a job",
                "jobs:\n  t:\n    container: rust:«1.78»\n    steps: []\n",
                &[Dev],
                &["1.79"],
            ),
            (
                "images of a job, its services and a step",
                "jobs:\n  t:\n    container:\n      image: docker.io/library/rust:«1.78.0»-slim\n      options: --init\n    services:\n      \
                 db:\n        image: postgres:16\n      peer:\n        image: \"rust:«1.78.0»\"\n    steps:\n      \
                 - uses: docker://rust:«1.70.0»-slim\n",
                &[Dev, Dev, Msrv],
                &["1.79.0", "1.79.0", "1.70.0"],
            ),
            (
                "a digest decides",
                "jobs:\n  t:\n    container: rust:«1.78.0»@sha256:0123456789abcdef\n    steps: []\n",
                &[Dev],
                &["1.78.0"],
            ),
            (
                "an image's tag from a variable",
                "on:\n  workflow_call:\n    inputs:\n      tag:\n        type: string\n        default: '«1.78»'\njobs:\n  t:\n    container:\n      \
                 image: rust:${{ inputs.tag }}\n    steps: []\n",
                &[Dev],
                &["1.79"],
            ),
        ],
    );
}
