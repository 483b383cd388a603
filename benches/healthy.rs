//! What xcargo costs where there is nothing for it to do: a healthy `cargo build` and the same through xcargo, in turn.
//!
//! `cargo bench --bench healthy` prints minimum, median and maximum of each, and the median of the differences round by
//! round. The two run in turn (A B A B …) on the same workspace, so that a machine whose speed drifts slows both. The first argument
//! (`cargo bench --bench healthy -- 200`) sets the number of rounds.

#![allow(clippy::print_stdout, reason = "a benchmark prints its figures")]

use std::error::Error;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const MEMBERS: usize = 12;

fn main() -> Result<(), Box<dyn Error>> {
    let rounds = std::env::args().skip(1).find_map(|arg| arg.parse().ok()).unwrap_or(60);
    let dir = tempfile::tempdir()?;
    workspace(dir.path())?;
    let xcargo = Path::new(env!("CARGO_BIN_EXE_xcargo"));
    let cargo = Path::new("cargo");
    // Twice: the first build compiles and leaves the stamp, the second finds nothing to do.
    for program in [xcargo, xcargo, cargo] {
        build(program, dir.path())?;
    }
    let mut times = [Vec::new(), Vec::new()];
    for _ in 0..rounds {
        for (program, times) in [cargo, xcargo].into_iter().zip(&mut times) {
            times.push(build(program, dir.path())?);
        }
    }
    let mut more: Vec<f64> = times[1]
        .iter()
        .zip(&times[0])
        .map(|(ours, plain)| ours.as_secs_f64() - plain.as_secs_f64())
        .collect();
    more.sort_by(f64::total_cmp);
    let more = more[more.len() / 2];
    let [plain, ours] = times.map(Summary::of);
    println!("{rounds} rounds, a workspace of {MEMBERS} members, nothing to do");
    println!("cargo build   {plain}");
    println!("xcargo build  {ours}");
    println!("median of the differences {:+.2} ms, of the minima {:+.2} ms", more * 1e3, {
        (ours.min.as_secs_f64() - plain.min.as_secs_f64()) * 1e3
    });
    Ok(())
}

/// Times one build. The variables that cargo set for this benchmark are taken away: with `CARGO` set, xcargo would
/// rightly take the call for a nested one.
fn build(program: &Path, dir: &Path) -> Result<Duration, Box<dyn Error>> {
    let mut command = Command::new(program);
    command.arg("build").arg("--offline").current_dir(dir).stdout(Stdio::null()).stderr(Stdio::null());
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        if text == "CARGO"
            || text.starts_with("CARGO_") && text != "CARGO_HOME"
            || text.starts_with("RUSTUP_TOOLCHAIN")
        {
            command.env_remove(&name);
        }
    }
    let start = Instant::now();
    let status = command.status()?;
    let took = start.elapsed();
    if status.success() { Ok(took) } else { Err(format!("{} build: {status}", program.display()).into()) }
}

/// A workspace with a policy and a lock file: what a healthy build has to look at.
fn workspace(dir: &Path) -> Result<(), Box<dyn Error>> {
    fs::write(dir.join("Cargo.toml"), "[workspace]\nmembers = [\"crates/*\"]\nresolver = \"3\"\n")?;
    fs::copy(concat!(env!("CARGO_MANIFEST_DIR"), "/doctor.toml.example"), dir.join("doctor.toml"))?;
    for member in 0..MEMBERS {
        let root = dir.join(format!("crates/m{member}"));
        fs::create_dir_all(root.join("src"))?;
        let dependency = match member {
            0 => String::new(),
            _ => format!("[dependencies]\nm{} = {{ path = \"../m{}\" }}\n", member - 1, member - 1),
        };
        fs::write(
            root.join("Cargo.toml"),
            format!("[package]\nname = \"m{member}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n{dependency}"),
        )?;
        fs::write(root.join("src/lib.rs"), "pub fn f() -> u32 { 1 }\n")?;
    }
    Ok(())
}

struct Summary {
    min: Duration,
    median: Duration,
    max: Duration,
}

impl Summary {
    fn of(mut times: Vec<Duration>) -> Self {
        times.sort();
        Self { min: times[0], median: times[times.len() / 2], max: times[times.len() - 1] }
    }
}

impl std::fmt::Display for Summary {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let ms = |time: Duration| time.as_secs_f64() * 1e3;
        write!(
            f,
            "min {:7.2} ms   median {:7.2} ms   max {:7.2} ms",
            ms(self.min),
            ms(self.median),
            ms(self.max)
        )
    }
}
