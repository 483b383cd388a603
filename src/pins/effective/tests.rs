//! Jobs as people write them, and what they really run.

use std::path::Path;

use super::{Because, By, Nearest, Run, compilers};
use crate::pins::{Choice, Job, Kind, recognise};

fn shown(run: &Run) -> String {
    let claimed = run.claimed.as_ref().map_or("nothing".to_owned(), |claim| claim.name.clone());
    let effective = run.effective.as_deref().unwrap_or("machine's");
    let because = match run.because {
        Because::Chosen(By::Plus) => "plus",
        Because::Chosen(By::Variable) => "variable",
        Because::Chosen(By::Override) => "override",
        Because::Chosen(By::Default) => "default",
        Because::Chosen(By::Container) => "container",
        Because::Chosen(By::Installed) => "installed",
        Because::ToolchainFile => "file",
        Because::Machine => "machine",
        Because::Unknown => "unknown",
    };
    let mark = if run.is_shadowed() { " SHADOWED" } else { "" };
    format!("{claimed} -> {effective} by {because}{mark}")
}

/// A job that says 1.70 and runs the pin has never tested 1.70, and nobody is told.
#[test]
fn what_jobs_claim_and_what_they_run() {
    let with_file = Some("1.78.0");
    let table: &[(&str, &str, Option<&str>, &[&str])] = &[
        (
            "an action that sets the default, and a toolchain file",
            "steps:\n- uses: dtolnay/rust-toolchain@1.70.0\n- run: cargo check\n",
            with_file,
            &["1.70.0 -> 1.78.0 by file SHADOWED"],
        ),
        (
            "the same without a file",
            "steps:\n- uses: dtolnay/rust-toolchain@1.70.0\n- run: cargo check\n",
            None,
            &["1.70.0 -> 1.70.0 by default"],
        ),
        (
            "the same, and the command asks for it",
            "steps:\n- uses: dtolnay/rust-toolchain@1.70.0\n- run: cargo +1.70.0 check\n",
            with_file,
            &["1.70.0 -> 1.70.0 by plus"],
        ),
        (
            "it claims what the file says",
            "steps:\n- uses: dtolnay/rust-toolchain@1.78\n",
            with_file,
            &["1.78 -> 1.78.0 by file"],
        ),
        (
            "a matrix, of which one value is the pin",
            "strategy: {matrix: {rust: ['1.70', 1.78.0, nightly]}}\nsteps:\n\
             - uses: dtolnay/rust-toolchain@master\n  with: {toolchain: '${{ matrix.rust }}'}\n",
            with_file,
            &[
                "1.70 -> 1.78.0 by file SHADOWED",
                "1.78.0 -> 1.78.0 by file",
                "nightly -> 1.78.0 by file SHADOWED",
            ],
        ),
        (
            "a matrix whose commands ask for its values",
            "strategy: {matrix: {rust: ['1.70', nightly]}}\nsteps:\n\
             - run: rustup toolchain install ${{ matrix.rust }}\n- run: cargo +${{ matrix.rust }} test\n",
            with_file,
            &["1.70 -> 1.70 by plus", "nightly -> nightly by plus"],
        ),
        (
            "the variable for the whole job outranks the file",
            "env: {RUSTUP_TOOLCHAIN: 1.70.0}\nsteps:\n- run: cargo test\n",
            with_file,
            &["1.70.0 -> 1.70.0 by variable"],
        ),
        (
            "the variable from the matrix",
            "strategy: {matrix: {rust: ['1.70', stable]}}\nenv:\n  RUSTUP_TOOLCHAIN: ${{ matrix.rust }}\nsteps:\n\
             - run: cargo test\n",
            with_file,
            &["1.70 -> 1.70 by variable", "stable -> stable by variable"],
        ),
        (
            "the variable outranks what a step sets up",
            "env: {RUSTUP_TOOLCHAIN: 1.78.0}\nsteps:\n- uses: dtolnay/rust-toolchain@1.70.0\n",
            None,
            &["1.78.0 -> 1.78.0 by variable", "1.70.0 -> 1.78.0 by variable SHADOWED"],
        ),
        (
            "an override outranks the file",
            "steps:\n- run: rustup override set 1.70.0\n- run: cargo test\n",
            with_file,
            &["1.70.0 -> 1.70.0 by override"],
        ),
        (
            "actions-rust-lang overrides unless told otherwise",
            "steps:\n- uses: actions-rust-lang/setup-rust-toolchain@v1\n  with: {toolchain: 1.70.0}\n",
            with_file,
            &["1.70.0 -> 1.70.0 by override"],
        ),
        (
            "actions-rust-lang told otherwise",
            "steps:\n- uses: actions-rust-lang/setup-rust-toolchain@v1\n  with: {toolchain: 1.70.0, override: false}\n",
            with_file,
            &["1.70.0 -> 1.78.0 by file SHADOWED"],
        ),
        (
            "actions-rust-lang reads the file",
            "steps:\n- uses: actions-rust-lang/setup-rust-toolchain@v1\n  with: {components: clippy}\n",
            with_file,
            &["nothing -> 1.78.0 by file"],
        ),
        (
            "actions-rs overrides where it is asked to",
            "steps:\n- uses: actions-rs/toolchain@v1\n  with: {toolchain: 1.70.0, override: true}\n",
            with_file,
            &["1.70.0 -> 1.70.0 by override"],
        ),
        (
            "actions-rs as a default",
            "steps:\n- uses: actions-rs/toolchain@v1\n  with: {toolchain: 1.70.0, default: true}\n",
            with_file,
            &["1.70.0 -> 1.78.0 by file SHADOWED"],
        ),
        (
            "what is only installed does not run",
            "steps:\n- run: rustup toolchain install 1.70.0 --profile minimal\n- run: cargo check\n",
            with_file,
            &["1.70.0 -> 1.78.0 by file SHADOWED"],
        ),
        (
            "what is installed for tools is no claim",
            "steps:\n- run: rustup toolchain install nightly\n- run: cargo udeps\n",
            with_file,
            &["nothing -> 1.78.0 by file"],
        ),
        (
            "an image's compiler is a default",
            "container: rust:1.70\nsteps:\n- run: cargo check\n",
            with_file,
            &["1.70 -> 1.78.0 by file SHADOWED"],
        ),
        (
            "an image without a file",
            "container: rust:1.70-slim\nsteps:\n- run: cargo check\n",
            None,
            &["1.70 -> 1.70 by container"],
        ),
        (
            "a step sets up another than the image's",
            "container: rust:1.70\nsteps:\n- run: rustup default 1.76.0\n",
            None,
            &["1.76.0 -> 1.76.0 by default"],
        ),
        (
            "a command with a toolchain of its own leaves the rest as it is",
            "steps:\n- uses: dtolnay/rust-toolchain@1.78.0\n- run: cargo +nightly fmt\n- run: cargo test\n",
            with_file,
            &["1.78.0 -> 1.78.0 by file"],
        ),
        (
            "two defaults, each until the next",
            "steps:\n- uses: dtolnay/rust-toolchain@nightly\n- run: cargo +nightly fmt\n\
             - uses: dtolnay/rust-toolchain@1.70.0\n- run: cargo test\n",
            with_file,
            &["nightly -> nightly by plus", "1.70.0 -> 1.78.0 by file SHADOWED"],
        ),
        (
            "the variable of one step is for that step",
            "steps:\n- uses: dtolnay/rust-toolchain@1.70.0\n- run: cargo fmt\n  env: {RUSTUP_TOOLCHAIN: nightly}\n\
             - run: cargo check\n",
            with_file,
            &["1.70.0 -> 1.78.0 by file SHADOWED"],
        ),
        (
            "the variable written down for the steps behind",
            "steps:\n- run: echo \"RUSTUP_TOOLCHAIN=1.70.0\" >> \"$GITHUB_ENV\"\n- run: cargo check\n",
            with_file,
            &["1.70.0 -> 1.70.0 by variable"],
        ),
        (
            "the variable written down outranks what was set up before it",
            "steps:\n- uses: dtolnay/rust-toolchain@1.70.0\n- run: echo \"RUSTUP_TOOLCHAIN=1.70.0\" >> $GITHUB_ENV\n- run: cargo check\n",
            with_file,
            &["1.70.0 -> 1.70.0 by variable"],
        ),
        (
            "the variable of a container",
            "container: {image: 'rust:1.70', env: {RUSTUP_TOOLCHAIN: 1.72.0}}\nsteps:\n- run: cargo check\n",
            with_file,
            &["1.72.0 -> 1.72.0 by variable"],
        ),
        (
            "the file is removed",
            "steps:\n- uses: dtolnay/rust-toolchain@1.70.0\n- run: rm -f rust-toolchain.toml\n- run: cargo check\n",
            with_file,
            &["1.70.0 -> machine's by unknown"],
        ),
        (
            "the file is rewritten",
            "steps:\n- uses: dtolnay/rust-toolchain@1.70.0\n- run: sed -i 's/1.78.0/1.70.0/' rust-toolchain.toml\n- run: cargo check\n",
            with_file,
            &["1.70.0 -> machine's by unknown"],
        ),
        (
            "the file is written",
            "steps:\n- uses: dtolnay/rust-toolchain@1.70.0\n- run: echo 1.70.0 > rust-toolchain\n- run: cargo check\n",
            with_file,
            &["1.70.0 -> machine's by unknown"],
        ),
        (
            "the file is only read",
            "steps:\n- uses: dtolnay/rust-toolchain@1.70.0\n- run: sed -n 's/channel = //p' rust-toolchain.toml > x\n- run: cargo check\n",
            with_file,
            &["1.70.0 -> 1.78.0 by file SHADOWED"],
        ),
        (
            "another repository",
            "steps:\n- uses: actions/checkout@v4\n  with: {repository: a/b}\n- uses: dtolnay/rust-toolchain@1.70.0\n- run: cargo check\n",
            with_file,
            &["1.70.0 -> machine's by unknown"],
        ),
        (
            "another repository beside this one, and a fork of this one",
            "steps:\n- uses: actions/checkout@v4\n  with: {repository: '${{ github.event.pull_request.head.repo.full_name }}'}\n\
             - uses: actions/checkout@v4\n  with: {repository: a/b, path: b}\n- uses: dtolnay/rust-toolchain@1.70.0\n",
            with_file,
            &["1.70.0 -> 1.78.0 by file SHADOWED"],
        ),
        (
            "a plain command beside the one that asks for it",
            "steps:\n- uses: dtolnay/rust-toolchain@1.75.0\n- run: cargo +1.75.0 fmt\n- run: cargo test\n",
            with_file,
            &["1.75.0 -> 1.78.0 by file SHADOWED"],
        ),
        (
            "the variable in one of two steps",
            "steps:\n- uses: dtolnay/rust-toolchain@1.75.0\n- run: cargo test\n  env: {RUSTUP_TOOLCHAIN: 1.75.0}\n- run: cargo build\n",
            with_file,
            &["1.75.0 -> 1.78.0 by file SHADOWED"],
        ),
        (
            "the variable in both",
            "steps:\n- uses: dtolnay/rust-toolchain@1.75.0\n- run: cargo test\n  env: {RUSTUP_TOOLCHAIN: 1.75.0}\n- run: cargo build\n  \
             env: {RUSTUP_TOOLCHAIN: 1.75.0}\n- run: cargo fmt\n",
            with_file,
            &["1.75.0 -> 1.75.0 by plus"],
        ),
        (
            "a nightly for one tool, and the rest by the file",
            "steps:\n- uses: dtolnay/rust-toolchain@nightly\n- run: cargo +nightly fmt\n- run: cargo test\n",
            with_file,
            &["nightly -> nightly by plus"],
        ),
        ("nothing is chosen", "steps:\n- run: cargo check\n", None, &["nothing -> machine's by machine"]),
        (
            "the name that an action puts out",
            "steps:\n- id: msrv\n  uses: dtolnay/rust-toolchain@1.70.0\n\
             - run: cargo +${{ steps.msrv.outputs.name }} check\n",
            with_file,
            &["1.70.0 -> 1.70.0 by plus"],
        ),
    ];
    for (name, job, file, expect) in table {
        let indented: String = job.lines().map(|line| format!("    {line}\n")).collect();
        let text = format!("on: push\njobs:\n  it:\n    runs-on: ubuntu-latest\n{indented}");
        let found = recognise(Kind::Workflow, &text).unwrap_or_else(|error| panic!("{name}: {error:?}"));
        let path = Path::new("rust-toolchain.toml");
        let file = file.map_or(Nearest::Absent, |channel| Nearest::Names { path, channel });
        let [job] = &found.jobs[..] else { panic!("{name}: one job") };
        assert_eq!(&text[job.span.clone()], "it");
        let runs = compilers(job, file);
        assert_eq!(runs.iter().map(shown).collect::<Vec<_>>(), *expect, "{name}: {:#?}", job.choices);
        for claim in runs.iter().filter_map(|run| run.claimed.as_ref()) {
            assert_eq!(text[claim.span.clone()], claim.name, "{name}");
        }
    }
}

/// A matrix of thousands of values (somebody's generated workflow) must not hang the command.
#[test]
fn each_value_of_a_matrix_is_looked_at_once() {
    let choice = |at: usize, by, is_row| Choice {
        by,
        name: format!("1.{}.{}", at / 100 % 1000, at % 100),
        span: at..at + 1,
        is_row,
    };
    let size = 50_000;
    let mut choices: Vec<Choice> = (0..size).map(|at| choice(at, By::Default, true)).collect();
    choices.extend((0..size).map(|at| choice(at, By::Plus, true)));
    let job = Job { id: "t".to_owned(), span: 0..1, choices, has_other_file: false, directories: Vec::new() };
    let file = Nearest::Names { path: Path::new("rust-toolchain.toml"), channel: "nightly" };
    let runs = compilers(&job, file);
    assert_eq!(runs.len(), size);
    assert!(runs.iter().all(|run| run.because == Because::Chosen(By::Plus)));
    let mut job =
        Job { choices: job.choices.into_iter().filter(|choice| choice.by == By::Plus).collect(), ..job };
    assert_eq!(compilers(&job, file).len(), size);
    job.choices.iter_mut().for_each(|choice| (choice.by, choice.is_row) = (By::Default, false));
    assert_eq!(compilers(&job, file).len(), size);
}
