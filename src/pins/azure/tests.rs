//! Forms of Azure Pipelines.

use crate::pins::Kind;
use crate::pins::Role::{Deliberate, Dev, Msrv};
use crate::pins::testing::check;

#[test]
fn variables() {
    check(
        Kind::Azure,
        &[
            (
                "a host stays",
                "variables:\n  rustVersion: «1.78.0-x86_64-pc-windows-gnu»\nsteps:\n- script: rustup default %RUSTVERSION%\n",
                &[Dev],
                &["1.79.0-x86_64-pc-windows-gnu"],
            ),
            (
                "a mapping, used by a macro",
                "variables:\n  toolchain: «1.78.0»\n  nodeVersion: 1.78.0\nsteps:\n- script: rustup default $(toolchain)\n",
                &[Dev],
                &["1.79.0"],
            ),
            (
                "a list, used in the environment of a script",
                "variables:\n- group: secrets\n- name: rust.tc\n  value: '«1.78»'\nsteps:\n- bash: curl https://sh.rustup.rs | sh -s -- -y --default-toolchain $RUST_TC\n",
                &[Dev],
                &["1.79"],
            ),
            (
                "under a condition",
                "variables:\n- ${{ if eq(variables['Build.Reason'], 'PullRequest') }}:\n  - name: rustVersion\n    value: \"«1.78.0»\"\n- ${{ else }}:\n  - name: rustVersion\n    value: «beta»\n",
                &[Dev, Deliberate],
                &["1.79.0", "beta"],
            ),
            (
                "on Windows",
                "jobs:\n- job: win\n  variables: {TC: «1.78.0»}\n  steps:\n  - script: rustup toolchain install %TC%-x86_64-pc-windows-msvc\n  - powershell: rustup default $env:TC\n  - pwsh: 'rustup default «1.78.0-x86_64-pc-windows-msvc»'\n",
                &[Dev, Dev],
                &["1.79.0", "1.79.0-x86_64-pc-windows-msvc"],
            ),
            (
                "a variable of a step",
                "steps:\n- task: Bash@3\n  displayName: test\n  env: {RUSTUP_TOOLCHAIN: '«1.78.0»'}\n  inputs:\n    targetType: inline\n    script: |\n      cargo +«1.78» test\r\n",
                &[Dev, Dev],
                &["1.79.0", "1.79"],
            ),
        ],
    );
}

#[test]
fn matrices_and_parameters() {
    check(
        Kind::Azure,
        &[
            (
                "a matrix",
                "strategy:\n  matrix:\n    stable: {rust_tc: «stable», vm: ubuntu}\n    pinned:\n      rust_tc: «1.78.0»\n    MSRV:\n      rust_tc: «1.65.0»\n    low: { rust_tc: '«1.70»' }\nsteps:\n- script: rustup default $(rust_tc)\n",
                &[Deliberate, Dev, Msrv, Msrv],
                &["stable", "1.79.0", "1.65.0", "1.70"],
            ),
            (
                "parameters with the values that are allowed",
                "parameters:\n- name: tc\n  type: string\n  default: '«1.78.0»'\n  values: ['«1.78.0»', «nightly»]\n- name: py\n  default: '1.78.0'\njobs:\n- job: a\n  steps:\n  - script: rustup default ${{ parameters.tc }}\n",
                &[Dev, Dev, Deliberate],
                &["1.79.0", "1.79.0", "nightly"],
            ),
            (
                "parameters of a template, and for another one",
                "parameters:\n  rust: «1.78»\njobs:\n- template: x.yml\n  parameters:\n    rust_version: «1.78.0»\n    version: 1.78.0\n- job: y\n  container: rust:${{ parameters.rust }}\n",
                &[Dev, Dev],
                &["1.79", "1.79.0"],
            ),
        ],
    );
}

#[test]
fn containers_and_tasks() {
    check(
        Kind::Azure,
        &[
            (
                "resources",
                "resources:\n  containers:\n  - container: rust\n    image: rust:«1.78.0»-bullseye\n  - container: py\n    image: python:3.12\njobs:\n- job: a\n  container: rust\n- job: b\n  container: {image: \"rust:«1.78»\"}\n- job: c\n  pool: {vmImage: ubuntu-1.78}\n  container: rust:«1.78» # é\n",
                &[Dev, Dev, Dev],
                &["1.79.0", "1.79", "1.79"],
            ),
            (
                "a task that installs Rust",
                "steps:\n- task: rustInstaller@1\n  inputs:\n    rustVersion: custom\n    customVersion: '«1.78.0»'\n- task: NodeTool@0\n  inputs: {version: 1.78.0}\n",
                &[Dev],
                &["1.79.0"],
            ),
            (
                "stages and deployments",
                "stages:\n- stage: msrv\n  jobs:\n  - deployment: d\n    strategy:\n      runOnce:\n        deploy:\n          steps:\n          - bash: cargo +«1.60.0» check\n- stage: test\n  jobs:\n  - job: t\n    steps:\n    - ${{ if true }}:\n      - bash: |\n          set -e\n          cargo +«1.78.0» test\n",
                &[Msrv, Dev],
                &["1.60.0", "1.79.0"],
            ),
        ],
    );
}
