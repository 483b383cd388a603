//! What `xcargo toolchain check` takes in a repository of 1,000 workflows, and in the same one without them, in turn.
//!
//! `cargo bench --bench pins` prints minimum, median and maximum of each; the first argument sets the number of rounds.

#![allow(clippy::print_stdout, reason = "a benchmark prints its figures")]

use std::error::Error;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const WORKFLOWS: usize = 1_000;
const SOURCES: usize = 400;

fn main() -> Result<(), Box<dyn Error>> {
    let rounds = std::env::args().skip(1).find_map(|arg| arg.parse().ok()).unwrap_or(15);
    let (full, bare) = (tempfile::tempdir()?, tempfile::tempdir()?);
    let mut lines = 0;
    for (dir, workflows) in [(full.path(), WORKFLOWS), (bare.path(), 0)] {
        lines += repository(dir, workflows)?;
        check(dir)?;
    }
    let mut times = [Vec::new(), Vec::new()];
    for _ in 0..rounds {
        for (dir, times) in [full.path(), bare.path()].into_iter().zip(&mut times) {
            times.push(check(dir)?);
        }
    }
    println!("{rounds} rounds, {SOURCES} sources, {WORKFLOWS} workflows of {lines} lines in all");
    for (name, mut times) in ["with the workflows", "without them"].into_iter().zip(times) {
        times.sort();
        let ms = |at: usize| times[at].as_secs_f64() * 1e3;
        println!(
            "{name:<20} min {:.0} ms  median {:.0} ms  max {:.0} ms",
            ms(0),
            ms(times.len() / 2),
            ms(times.len() - 1)
        );
    }
    Ok(())
}

/// Times one check. It finds what differs, so its code is 40; where there is nothing to find it is 0.
fn check(dir: &Path) -> Result<Duration, Box<dyn Error>> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xcargo"));
    command
        .args(["toolchain", "check", "--offline"])
        .current_dir(dir)
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    let start = Instant::now();
    let status = command.status()?;
    let took = start.elapsed();
    if matches!(status.code(), Some(0 | 40)) { Ok(took) } else { Err(format!("check: {status}").into()) }
}

/// A package with a pin, sources, and so many workflows. Returns the lines of the workflows.
fn repository(dir: &Path, workflows: usize) -> Result<usize, Box<dyn Error>> {
    let package =
        "[package]\nname = \"many\"\nversion = \"0.1.0\"\nedition = \"2021\"\nrust-version = \"1.70\"\n";
    fs::write(dir.join("Cargo.toml"), package)?;
    fs::write(dir.join("rust-toolchain.toml"), "[toolchain]\nchannel = \"1.78.0\"\n")?;
    fs::create_dir_all(dir.join(".git"))?;
    fs::write(dir.join(".git/HEAD"), "ref: refs/heads/main\n")?;
    for at in 0..SOURCES {
        let module = dir.join(format!("src/m{}", at / 20));
        fs::create_dir_all(&module)?;
        fs::write(module.join(format!("f{at}.rs")), format!("pub fn f{at}() {{}}\n").repeat(40))?;
    }
    fs::write(dir.join("src/lib.rs"), "")?;
    fs::create_dir_all(dir.join(".github/workflows"))?;
    let mut lines = 0;
    for at in 0..workflows {
        let text = workflow(at)?;
        lines += text.lines().count();
        fs::write(dir.join(format!(".github/workflows/w{at}.yml")), text)?;
    }
    Ok(lines)
}

/// A workflow of 60 to 150 lines: matrices, version refs and inputs, expressions, scripts, containers.
fn workflow(at: usize) -> Result<String, std::fmt::Error> {
    let version = ["1.78.0", "1.78.0", "1.75.0", "stable"][at % 4];
    let mut text = format!(
        "name: build {at}\non:\n  push:\n    branches: [main]\n  pull_request:\nenv:\n  CARGO_TERM_COLOR: always\n  RUST_VERSION: {version}\njobs:\n"
    );
    for job in 0..3 + at % 4 {
        write!(
            text,
            "  job{job}:\n    name: Test on ${{{{ matrix.os }}}} ({job})\n    runs-on: ${{{{ matrix.os }}}}\n    strategy:\n      \
             fail-fast: false\n      matrix:\n        os: [ubuntu-latest, windows-latest, macos-latest]\n        rust:\n          \
             - 1.70.0 # MSRV\n          - {version}\n          - nightly\n        include:\n          - os: ubuntu-latest\n            \
             rust: beta\n    steps:\n      - uses: actions/checkout@v4\n      - uses: dtolnay/rust-toolchain@master\n        \
             with:\n          toolchain: ${{{{ matrix.rust }}}}\n          components: clippy, rustfmt\n      \
             - uses: Swatinem/rust-cache@v2\n      - name: Build\n        run: |\n          cargo build --locked --all-targets\n          \
             cargo +{version} test --workspace\n          rustup toolchain install ${{{{ env.RUST_VERSION }}}}\n"
        )?;
    }
    text.push_str("  image:\n    runs-on: ubuntu-latest\n    container: rust:1.78-slim\n    steps:\n      - uses: actions/checkout@v4\n      - run: cargo doc\n");
    Ok(text)
}
