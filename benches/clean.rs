//! What it costs to clean a target dir of more than 100,000 files: cargo, cargo-sweep, `find` and xcargo, in turn.
//!
//! `cargo bench --bench clean -- 7` sets the number of rounds, `cargo bench --bench clean -- /dev/shm/x` the directory in which
//! it works (a memory file system shows the programs, a disk shows the disk). Real units of a small workspace are built once
//! and multiplied under other ids; every run gets a fresh copy of that. Prints minimum, median and maximum of each, the
//! ratio of the medians, and the peak of the memory. `cargo-sweep` is installed below `target/bench-tools` where it is missing.

#![allow(clippy::print_stdout, reason = "a benchmark prints its figures")]

#[path = "clean/ground.rs"]
mod ground;

use std::error::Error;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use ground::{Ground, PACKAGES};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// One thing that is measured.
struct Contestant {
    name: &'static str,
    program: PathBuf,
    args: Vec<String>,
    /// Whether it has a policy that says `clean.background = false`.
    waits: bool,
    /// Whether it removes something, so that the next one needs a fresh copy.
    removes: bool,
    times: Vec<Duration>,
}

/// Which is compared with which: ours, theirs, and the most that ours may take of their time.
const TARGETS: &[(&str, &str, f64)] = &[
    ("xcargo clean (returns)", "cargo clean", 0.1),
    ("xcargo clean (all done)", "cargo clean", 1.0),
    ("xcargo clean -p (returns)", "cargo clean -p", 1.0),
    ("xcargo clean --stale --dry-run", "cargo sweep --dry-run", 1.0 / 3.0),
];

fn main() -> Result<()> {
    let args: Vec<String> = std::env::args().skip(1).filter(|arg| !arg.starts_with('-')).collect();
    let rounds: usize = args.iter().find_map(|arg| arg.parse().ok()).unwrap_or(5);
    let place = args.iter().find(|arg| arg.parse::<usize>().is_err()).map(PathBuf::from);
    let ground = Ground::prepare(place)?;
    let mut contestants = contestants(&ground)?;
    for round in 0..rounds {
        for contestant in &mut contestants {
            ground.refresh()?;
            ground.policy(contestant.waits)?;
            let start = Instant::now();
            ground.run(&contestant.program, &contestant.args)?;
            contestant.times.push(start.elapsed());
            if round == 0 {
                ground.check(contestant.removes, contestant.name)?;
            }
            // What goes on in the background must not slow the next one.
            ground.wait_for_trash();
        }
    }
    println!("{rounds} rounds, {} files, in {}", ground.files, ground.dir.display());
    println!("{:32} {:>10} {:>10} {:>10} {:>10}", "", "min", "median", "max", "memory");
    for contestant in &mut contestants {
        contestant.times.sort();
        ground.refresh()?;
        ground.policy(contestant.waits)?;
        let peak = ground.peak(&contestant.program, &contestant.args)?;
        ground.wait_for_trash();
        let ms = |time: Duration| format!("{:.0} ms", time.as_secs_f64() * 1e3);
        let [min, median, max] =
            [0, contestant.times.len() / 2, contestant.times.len() - 1].map(|at| ms(contestant.times[at]));
        println!("{:32} {min:>10} {median:>10} {max:>10} {peak:>7} MiB", contestant.name);
    }
    let median = |name: &str| {
        let found = contestants.iter().find(|one| one.name == name);
        found.map_or(f64::NAN, |one| one.times[one.times.len() / 2].as_secs_f64())
    };
    for (ours, theirs, most) in TARGETS {
        let ratio = median(ours) / median(theirs);
        let verdict = if ratio <= *most { "reached" } else { "MISSED" };
        println!("{ours} / {theirs}: {ratio:.3} (at most {most:.3}: {verdict})");
    }
    Ok(())
}

fn contestants(ground: &Ground) -> Result<Vec<Contestant>> {
    let xcargo = PathBuf::from(env!("CARGO_BIN_EXE_xcargo"));
    let cargo = PathBuf::from("cargo");
    let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    let packages: Vec<String> = PACKAGES.flat_map(|n| ["-p".to_owned(), format!("m{n}")]).collect();
    let with_packages = |text: &str| words(text).into_iter().chain(packages.clone()).collect::<Vec<_>>();
    let sweep = ground.cargo_sweep()?;
    let removes = true;
    let list = [
        ("cargo clean", &cargo, words("clean"), false, removes),
        ("xcargo clean (returns)", &xcargo, words("clean --yes"), false, removes),
        ("xcargo clean (all done)", &xcargo, words("clean --yes"), true, removes),
        ("cargo clean -p", &cargo, with_packages("clean"), false, removes),
        ("xcargo clean -p (returns)", &xcargo, with_packages("clean"), false, removes),
        ("cargo sweep --dry-run", &sweep, words("sweep --installed --dry-run"), false, false),
        ("xcargo clean --stale --dry-run", &xcargo, words("clean --stale --dry-run"), false, false),
        ("find -type f", &PathBuf::from("find"), words("target -type f"), false, false),
    ];
    Ok(list
        .into_iter()
        .map(|(name, program, args, waits, removes)| Contestant {
            name,
            program: Path::to_path_buf(program),
            args,
            waits,
            removes,
            times: Vec::new(),
        })
        .collect())
}
