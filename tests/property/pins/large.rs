//! Large files that repeat what is dear to a parser: each is read, and edited, in a time that grows with its length alone.
//!
//! The test says only that they end; `--nocapture` shows what a text of four times the length costs more, for whoever looks.

use std::time::Duration;

use fastrand::Rng;
use rustix::time::{ClockId, clock_gettime};
use xcargo::pins::{Kind, recognise};

use super::super::arena::number;
use super::judge::{How, Tally, judge};

/// How long they are, in KiB.
const AT_LEAST: u64 = 4;

/// What is read faster says nothing.
const ENOUGH: Duration = Duration::from_millis(20);

/// What stands in front, what is repeated, what stands behind.
const TEXTS: &[(&str, &str, &str)] = &[
    ("", "a", ""),
    ("", "é", ""),
    ("", "\"", ""),
    ("", "'", ""),
    ("", "'''", ""),
    ("", "[", ""),
    ("", "{", ""),
    ("", "{a: ", ""),
    ("", "(", ""),
    ("", "- ", ""),
    ("", "? ", ""),
    ("", "${", ""),
    ("", "${{", ""),
    ("", "$(", ""),
    ("", "`", ""),
    ("", "\\", ""),
    ("", "\\\n", ""),
    ("", "#", ""),
    ("", " #", ""),
    ("", "\n", ""),
    ("", "\r", ""),
    ("", "/*", ""),
    ("", "<<A ", ""),
    ("RUN ", "<<A", ""),
    ("", "!", ""),
    ("", "&a ", ""),
    ("", "a.", ""),
    ("", "a: b\n", ""),
    ("", "1.78.0 ", ""),
    ("", "1.78.0,", ""),
    ("", "\u{1f980}1.78.0\n", ""),
    ("rust ", "1.78.0 ", "\n"),
    ("", "rust 1.78.0\n", ""),
    ("", "FROM rust:1.78.0\n", ""),
    ("", "ARG A=$A$A\n", "FROM rust:$A\n"),
    ("ARG V=1.78.0\n", "FROM rust:$V\n", ""),
    ("", "RUN rustup default 1.78.0 && \\\n", ""),
    ("FROM a\nRUN ", "rustup default 1.78.0 && ", "x\n"),
    ("FROM a\nRUN ", "X=1.78.0; rustup default $X; ", "x\n"),
    ("language: rust\nrust:\n", "- 1.78.0\n", ""),
    ("language: rust\nrust: [", "1.78.0, ", "1]\n"),
    ("language: rust\nrust: [", "'1.78.0' # MSRV\n, ", "1]\n"),
    ("image: rust:1.78.0\n", "# xcargo: ignore\n", ""),
    ("# ", "x", "\nimage: rust:1.78.0\n"),
    ("jobs:\n  t:\n    steps:\n", "    - uses: dtolnay/rust-toolchain@1.78.0\n", ""),
    ("jobs:\n  t:\n    steps:\n", "    - run: rustup default ${{ matrix.rust }}\n", ""),
    ("env: {R: 1.78.0}\njobs:\n  t:\n    steps:\n", "    - run: rustup default ${{ env.R }}\n", ""),
    ("jobs:\n  t:\n    steps:\n    - run: |\n", "        cargo +1.78.0 test\n", ""),
    ("jobs:\n  t:\n    steps:\n    - run: ", "cargo +1.78.0 test && ", "x\n"),
    ("jobs:\n  t:\n    steps:\n    - if: ", "matrix.rust == '1.78.0' || ", "x\n      run: a\n"),
    ("jobs:\n  t:\n    steps:\n    - run: cargo +${{ ", "(", "\n"),
    ("jobs:\n  t:\n    steps:\n    - run: cargo +${{ ", "!", "\n"),
    (
        "jobs:\n  t:\n    strategy: {matrix: {rust: [",
        "1.78.0, ",
        "1]}}\n    steps: [{run: 'cargo +${{ matrix.rust }} t'}]\n",
    ),
    ("variables:\n", "  RUST_VERSION: 1.78.0\n", "image: rust:$RUST_VERSION\n"),
    ("a: &a {image: rust:1.78.0}\n", "b: {<<: *a}\n", ""),
    ("a: &a [x]\n", "a: &a [*a, *a]\n", ""),
    ("steps:\n", "- image: rust:1.78.0\n  commands: [cargo +1.78.0 t]\n", ""),
    ("steps:\n", "- script: rustup default 1.78.0\n", ""),
    ("services:\n", "  a: {image: 'rust:1.78.0', build: {args: [RUST_VERSION=1.78.0]}}\n", ""),
    ("", "a = \"1.78.0\"\n[a]\n", ""),
    ("tools.rust = [", "\"1.78.0\", ", "]\n"),
    ("", "[[tools.rust]]\nversion = \"1.78.0\"\n", ""),
    ("", "a.b.", "c = 1\n"),
    ("{\"features\": ", "{\"ghcr.io/devcontainers/features/rust:1\": ", ""),
    ("{", "\"image\": \"rust:1.78.0\", ", "}"),
    ("[", "rust-bin.stable.\"1.78.0\".default ", "]"),
    ("", "\"${", ""),
    ("", "''${", ""),
    ("let ", "v = \"1.78.0\"; ", "in rust-bin.stable.${v}.default"),
    ("", "rust.toolchain(versions = [\"1.78.0\"])\n", ""),
    ("", "V = \"1.78.0\"\nrust.toolchain(versions = [V])\n", ""),
    ("rust.toolchain(versions = [", "\"1.78.0\", ", "])\n"),
    ("", "sh 'cargo +1.78.0 test'\n", ""),
    ("", "def V = '1.78.0'\nsh \"cargo +${V} test\"\n", ""),
    ("", "image \"rust:1.78.0\" ", ""),
];

#[test]
fn pins_of_large_files() {
    let length = usize::try_from(number("XCARGO_PROPERTY_KIB").unwrap_or(AT_LEAST)).unwrap() << 10;
    let tally = Tally::default();
    let mut worst: Vec<(f64, Duration, Kind, &str)> = Vec::new();
    for (before, repeated, behind) in TEXTS {
        let text = |length: usize| format!("{before}{}{behind}", repeated.repeat(length / repeated.len()));
        let (quarter, whole) = (text(length / 4), text(length));
        for kind in super::KINDS {
            let [short, long] = [&quarter, &whole].map(|text| {
                let start = worked();
                let is_worth_an_edit = recognise(kind, text).is_ok_and(|found| !found.pins.is_empty());
                if is_worth_an_edit {
                    judge(kind, text, How::Own, &mut Rng::with_seed(0), &tally);
                }
                worked() - start
            });
            if long > ENOUGH {
                worst.push((long.as_secs_f64() / short.as_secs_f64(), long, kind, repeated));
            }
        }
    }
    worst.sort_by(|a, b| b.0.total_cmp(&a.0));
    for (ratio, took, kind, repeated) in worst.iter().take(24) {
        println!(
            "{:8.1} ms, {ratio:4.1} times that of a quarter: {kind:?}, {repeated:?}",
            took.as_secs_f64() * 1e3
        );
    }
    println!("{tally}");
}

/// How long this thread has worked: other work on the machine is of no concern.
fn worked() -> Duration {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    Duration::new(time.tv_sec.unsigned_abs(), u32::try_from(time.tv_nsec).unwrap())
}
