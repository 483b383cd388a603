//! What it costs to check every toolchain that a repository names: 1,000 workflows, and the same repository without them.
//!
//! `cargo bench --bench pins -- 30` sets the number of rounds. `xcargo toolchain check --offline` runs on both repositories in
//! turn (A B A B …), so that a machine whose speed drifts slows both; minimum, median and maximum of each are printed, and
//! whether the median of the large one stays under a second.

#![allow(clippy::print_stdout, reason = "a benchmark prints its figures")]

#[path = "pins/ground.rs"]
mod ground;

use std::error::Error;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

const WORKFLOWS: usize = 1_000;

/// What the check of a repository with that many workflows may take.
const MOST: Duration = Duration::from_secs(1);

fn main() -> Result<()> {
    let rounds = std::env::args().skip(1).find_map(|arg| arg.parse().ok()).unwrap_or(20);
    let dirs = [tempfile::tempdir()?, tempfile::tempdir()?];
    let lines = ground::repository(dirs[0].path(), WORKFLOWS)?;
    ground::repository(dirs[1].path(), 0)?;
    let mut times = [Vec::new(), Vec::new()];
    // The first run of each warms the caches of the system, and is not counted.
    for round in 0..=rounds {
        for (dir, times) in dirs.iter().zip(&mut times) {
            let took = check(dir.path())?;
            if round > 0 {
                times.push(took);
            }
        }
    }
    let threads = std::thread::available_parallelism()?;
    println!("{rounds} rounds, {WORKFLOWS} workflows of {lines} lines, {threads} cores");
    for (name, times) in ["with workflows", "without"].into_iter().zip(&mut times) {
        times.sort();
        let ms = |at: usize| times[at].as_secs_f64() * 1e3;
        let (min, median, max) = (ms(0), ms(times.len() / 2), ms(times.len() - 1));
        println!("{name:16} min {min:7.1} ms   median {median:7.1} ms   max {max:7.1} ms");
    }
    println!("the processors' time with workflows: {}", processor(dirs[0].path())?);
    let median = times[0][times[0].len() / 2];
    println!("at most {MOST:?}: {}", if median < MOST { "reached" } else { "MISSED" });
    Ok(())
}

/// What one check costs all processors together, which other work on the machine hardly changes.
fn processor(dir: &Path) -> Result<String> {
    let mut command = Command::new("/usr/bin/time");
    command.args(["-f", "%U s, %S s in the system", "-o"]).arg(dir.join("time"));
    run(command.arg(env!("CARGO_BIN_EXE_xcargo")), dir)?;
    Ok(std::fs::read_to_string(dir.join("time"))?.trim().to_owned())
}

/// Times one check.
fn check(dir: &Path) -> Result<Duration> {
    run(&mut Command::new(env!("CARGO_BIN_EXE_xcargo")), dir)
}

/// Runs the check. With `CARGO` set, xcargo would rightly take the call for a nested one.
fn run(command: &mut Command, dir: &Path) -> Result<Duration> {
    command.args(["toolchain", "check", "--offline"]).current_dir(dir);
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        if text == "CARGO" || text.starts_with("CARGO_") || text.starts_with("RUSTUP_TOOLCHAIN") {
            command.env_remove(&name);
        }
    }
    command.stdin(Stdio::null());
    let start = Instant::now();
    let output = command.output()?;
    let took = start.elapsed();
    if output.status.success() {
        return Ok(took);
    }
    let said = [output.stdout, output.stderr].concat();
    let said: String = String::from_utf8_lossy(&said).chars().take(2_000).collect();
    Err(format!("{command:?}: {}\n{said}", output.status).into())
}
