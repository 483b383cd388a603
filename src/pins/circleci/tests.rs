//! Forms of CircleCI.

use crate::pins::Kind;
use crate::pins::Role::{Deliberate, Dev, Msrv};
use crate::pins::testing::check;

#[test]
fn images() {
    check(
        Kind::CircleCi,
        &[
            (
                "a host stays",
                "jobs:\n  test:\n    environment: {RUSTUP_TOOLCHAIN: «1.78.0-x86_64-pc-windows-gnu»}\n    steps:\n      - run: rustup default «1.78.0-x86_64-pc-windows-gnu»\n",
                &[Dev, Dev],
                &["1.79.0-x86_64-pc-windows-gnu", "1.79.0-x86_64-pc-windows-gnu"],
            ),
            (
                "a job's",
                "version: 2.1\njobs:\n  test:\n    docker:\n      - image: cimg/rust:«1.78.0»\n      - image: cimg/postgres:16.1\n      - image: cimg/node:1.78.0\n",
                &[Dev],
                &["1.79.0"],
            ),
            (
                "an executor's, in flow style",
                "executors: {rust: {docker: [{image: 'rust:«1.78»-slim'}], environment: {RUSTUP_TOOLCHAIN: «1.78.0»}}}\n",
                &[Dev, Dev],
                &["1.79", "1.79.0"],
            ),
            (
                "by anchor",
                "defaults: &defaults\n  docker:\n    - image: rust:«1.78.0» # pin\njobs:\n  a:\n    <<: *defaults\n    steps: [checkout]\n  b:\n    <<: *defaults\n",
                &[Dev],
                &["1.79.0"],
            ),
        ],
    );
}

#[test]
fn steps() {
    check(
        Kind::CircleCi,
        &[
            (
                "run, short and long",
                "jobs:\n  test:\n    steps:\n      - checkout\n      - run: rustup default «1.78.0»\n      - run:\n          name: Check MSRV\n          command: |\n            cargo +«1.65» check\n      - run: {name: fmt, command: cargo +«nightly» fmt}\n",
                &[Dev, Msrv, Deliberate],
                &["1.79.0", "1.65", "nightly"],
            ),
            (
                "when",
                "jobs:\n  test:\n    steps:\n      - when:\n          condition: x\n          steps:\n            - run: cargo +«1.78» test\n      - unless:\n          steps:\n            - run: rustup toolchain install «1.78.0»\r\n",
                &[Dev, Dev],
                &["1.79", "1.79.0"],
            ),
            (
                "an orb's command and executor",
                "orbs:\n  rust: circleci/rust@1.6.1\n  node: circleci/node@5\njobs:\n  test:\n    executor:\n      name: rust/default\n      tag: «1.78.0»\n    steps:\n      - rust/install:\n          version: \"«1.78»\"\n      - node/install: {version: 1.78.0}\n",
                &[Dev, Dev],
                &["1.79.0", "1.79"],
            ),
            (
                "an orb under another name",
                "orbs: {r: circleci/rust@1.6.1}\nworkflows:\n  ci:\n    jobs:\n      - r/lint-test-build: {toolchain: «1.78.0»}\n",
                &[Dev],
                &["1.79.0"],
            ),
        ],
    );
}

#[test]
fn parameters() {
    check(
        Kind::CircleCi,
        &[
            (
                "an image by a parameter, used here or not",
                "jobs:\n  test:\n    parameters:\n      image: {type: string, default: \"cimg/rust:«1.78.0»\"}\n    docker:\n      \
                 - image: << parameters.image >>\nexecutors:\n  e:\n    parameters:\n      base: {type: string, default: cimg/rust:«1.78»-node}\n",
                &[Dev, Dev],
                &["1.79.0", "1.79"],
            ),
            (
                "a pipeline's default",
                "parameters:\n  rust:\n    type: string\n    default: «1.78.0»\njobs:\n  test:\n    docker:\n      - image: rust:<< pipeline.parameters.rust >>-slim\n",
                &[Dev],
                &["1.79.0"],
            ),
            (
                "a command's default and what it is given",
                "commands:\n  setup:\n    parameters:\n      v: {type: string, default: \"«1.78.0»\"}\n    steps:\n      - run: rustup default <<parameters.v>>\n  app:\n    parameters:\n      v: {type: string, default: 1.78.0}\njobs:\n  old:\n    steps:\n      - setup: {v: '«1.70.0»'}\n",
                &[Dev, Msrv],
                &["1.79.0", "1.70.0"],
            ),
            (
                "a matrix, and what is left out of it",
                "jobs:\n  test:\n    parameters: {tc: {type: string}}\n    docker: [{image: \"rust:<< parameters.tc >>\"}]\nworkflows:\n  all:\n    jobs:\n      - test:\n          matrix:\n            parameters:\n              tc: [\"«1.70»\", \"«1.78»\", «1.78.0»]\n              os: [a]\n            exclude:\n              - {tc: «1.78.0», os: a}\n",
                &[Msrv, Dev, Dev, Dev],
                &["1.70", "1.79", "1.79.0", "1.79.0"],
            ),
            (
                "an enum goes with its default",
                "parameters:\n  rust-version:\n    type: enum\n    enum: [«stable», \"«1.78.0»\"]\n    default: \"«1.78.0»\"\n",
                &[Deliberate, Dev, Dev],
                &["stable", "1.79.0", "1.79.0"],
            ),
            (
                "an environment",
                "jobs:\n  test:\n    environment:\n      TC: «1.78.0»\n      OTHER: 1.78.0\n    steps:\n      - run: cargo +$TC test\n      - run:\n          environment: {MSRV: «1.70.0»}\n          command: 'cargo \"+$MSRV\" check'\n",
                &[Dev, Msrv],
                &["1.79.0", "1.70.0"],
            ),
        ],
    );
}
