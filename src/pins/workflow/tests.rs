//! Forms of workflows, by what names the toolchain in them.

mod decoys;
mod matrices;
mod scripts;
mod setups;
mod shapes;
mod values;

use crate::pins::{By, Found, Kind, What, recognise};

/// The remarks of a workflow, as text.
fn remarks(text: &str) -> Vec<String> {
    let found = recognise(Kind::Workflow, text).unwrap_or_else(|error| panic!("{text}: {error:?}"));
    found
        .remarks
        .iter()
        .map(|remark| format!("{} @{}", shown(&remark.what), &text[remark.span.clone()]))
        .collect()
}

fn shown(what: &What) -> String {
    match what {
        What::YamlFloat { written, read } => format!("float {written} {read}"),
        What::RefWithInput { reference } => format!("input beside {reference}"),
        What::Unfollowed { expression } => format!("unfollowed {expression}"),
        What::Compared { value } => format!("compared {value}"),
        What::Directive { is_void, .. } => format!("directive {}", if *is_void { "void" } else { "unknown" }),
        What::NoVersion { captured } => format!("no version {captured}"),
    }
}

#[test]
fn what_else_there_is_to_say() {
    let job = |steps: &str| format!("jobs:\n  a:\n    steps:\n{steps}");
    let rows = |steps: &str| {
        format!(
            "jobs:\n  a:\n    strategy: {{matrix: {{rust: [1.78.0, nightly-2026-05-19]}}}}\n    steps:\n{steps}"
        )
    };
    for (text, expect) in [
        (
            job("    - uses: dtolnay/rust-toolchain@1.78.0\n      with: {toolchain: nightly}\n"),
            &["input beside 1.78.0 @nightly"][..],
        ),
        (job("    - uses: dtolnay/rust-toolchain@stable\n      with: {toolchain: 1.78.0}\n"), &[]),
        (
            job("    - uses: dtolnay/rust-toolchain@master\n      with: {toolchain: 1.80}\n"),
            &["float 1.80 1.8 @1.80"],
        ),
        (
            job("    - uses: dtolnay/rust-toolchain@master\n      with: {toolchain: '${{ needs.a.outputs.b }}'}\n"),
            &["unfollowed ${{ needs.a.outputs.b }} @${{ needs.a.outputs.b }}"],
        ),
        (
            job("    - uses: dtolnay/rust-toolchain@master\n      with: {toolchain: '${{ vars.RUST }}'}\n"),
            &["unfollowed ${{ vars.RUST }} @${{ vars.RUST }}"],
        ),
        (job("    - run: cargo +$toolchain test # xcargo: ignore\n"), &[]),
        (
            job("    # xcargo: ignore\n    - uses: dtolnay/rust-toolchain@master\n      with: {toolchain: 1.80}\n"),
            &[],
        ),
        (
            job("    - run: cargo +1.78.0 test # xcargo: role=mrsv\n    - run: b # xcargo: ignore\n"),
            &["directive unknown @# xcargo: role=mrsv", "directive void @# xcargo: ignore"],
        ),
        (
            rows("    - run: if [ \"${{ matrix.rust }}\" = \"1.78.0\" ]; then cargo +${{ matrix.rust }} b; fi\n"),
            &["compared 1.78.0 @1.78.0"],
        ),
        (
            rows(
                "    - run: |\n        cargo +${{ matrix.rust }} b\n        case \"${{ matrix.rust }}\" in\n          \
                 1.78*) a ;;\n        esac\n        echo 1.78.0 )\n",
            ),
            &["compared 1.78 @1.78"],
        ),
        (
            rows(
                "    - run: cargo +${{ matrix.rust }} b\n      if: startsWith(matrix.rust, '1.78') || contains(matrix.rust, 'nightly')\n",
            ),
            &["compared 1.78 @1.78"],
        ),
        (job("    - run: cargo +$toolchain test\n"), &["unfollowed $toolchain @$toolchain"]),
        (job("    - run: |\n        cargo +nightly-$DATE test\n"), &["unfollowed nightly-$DATE @nightly-$DATE"]),
        (
            "jobs:\n  a:\n    strategy:\n      matrix:\n        rust: ${{ fromJSON(needs.x.outputs.y) }}\n    steps:\n\
             \x20   - run: cargo +${{ matrix.rust }} test\n"
                .to_owned(),
            &["unfollowed ${{ fromJSON(needs.x.outputs.y) }} @${{ fromJSON(needs.x.outputs.y) }}"],
        ),
        (job("    - run: cargo test ${{ vars.FLAGS }}\n      env: {A: '${{ vars.B }}'}\n"), &[]),
    ] {
        assert_eq!(remarks(&text), expect, "{text}");
    }
}

fn jobs(text: &str) -> Found {
    recognise(Kind::Workflow, text).unwrap_or_else(|error| panic!("{text}: {error:?}"))
}

#[test]
fn places_are_named_as_people_would() {
    let text = "env:\n  RUST_VERSION: 1.78.0\njobs:\n  test:\n    container: rust:1.78\n    strategy:\n      matrix:\n\
                \x20       rust: [1.78.0]\n        include: [{rust: nightly}]\n    steps:\n    - run: cargo +1.78.0 t\n\
                \x20   - uses: dtolnay/rust-toolchain@master\n      with: {toolchain: '${{ matrix.rust }}'}\n";
    let places: Vec<String> = jobs(text).pins.into_iter().map(|pin| pin.place).collect();
    assert_eq!(
        places,
        [
            "env.RUST_VERSION",
            "jobs.test.container",
            "jobs.test.strategy.matrix.rust[0]",
            "jobs.test.strategy.matrix.include[0].rust",
            "jobs.test.steps[0].run",
        ]
    );
}

/// The order counts: of two defaults the later one runs.
#[test]
fn choices_come_in_the_order_of_the_steps() {
    let text = "env: {RUSTUP_TOOLCHAIN: stable}\njobs:\n  a:\n    container: rust:1.70\n    steps:\n\
                \x20   - uses: dtolnay/rust-toolchain@1.78.0\n    - run: rustup default 1.70\n    - run: cargo +nightly t\n";
    let found = jobs(text);
    let choices: Vec<(By, &str)> =
        found.jobs[0].choices.iter().map(|choice| (choice.by, choice.name.as_str())).collect();
    assert_eq!(
        choices,
        [
            (By::Variable, "stable"),
            (By::Container, "1.70"),
            (By::Default, "1.78.0"),
            (By::Default, "1.70"),
            (By::Plus, "nightly"),
        ]
    );
}

/// A small file that aliases make endless is refused, not read until memory ends.
#[test]
fn aliases_do_not_make_a_file_endless() {
    use std::fmt::Write as _;
    let mut text = "x0: &x0 [a]\n".to_owned();
    for at in 1..40 {
        let _ = writeln!(text, "x{at}: &x{at} [*x{}, *x{}]", at - 1, at - 1);
    }
    text.push_str("jobs:\n  a:\n    strategy: {matrix: {rust: [1.78.0], other: *x39}}\n    steps: []\n");
    assert!(recognise(Kind::Workflow, &text).is_err());
}
