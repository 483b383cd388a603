//! What the proof of the cache costs and what it saves: cargo, xcargo and nightly's `-Zchecksum-freshness`, in turn.
//!
//! `cargo bench --bench verify -- noop restored ghost 20 /dev/shm/x` names the parts (none: all), the number of rounds and the
//! directory in which it works; what it builds there stays for the next run.
//!
//! - `noop`: nothing to do in workspaces of 1, 50 and 500 members.
//! - `restored`: the target dir copied back, and every source made anew with a new time, as in CI.
//! - `ghost`: one member with other content under an old time, against what people do about it.
//!
//! All of them run through whatever `cargo` is in the `PATH`, which in most cases is rustup's proxy.

#![allow(clippy::print_stdout, reason = "a benchmark prints its figures")]

#[path = "verify/ground.rs"]
mod ground;
#[path = "verify/times.rs"]
mod times;

use std::error::Error;
use std::path::{Path, PathBuf};

use ground::{Ground, Program};
use times::Times;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

const DEFAULT: &str = "[policy]\n";
const MTIMES: &str = "[policy]\n[cache]\nrestore = \"mtimes\"\n";

const CARGO: Program =
    Program { name: "cargo", exe: "cargo", before: &[], target_dir: "target", policy: DEFAULT };
const XCARGO: Program = Program { name: "xcargo", exe: env!("CARGO_BIN_EXE_xcargo"), ..CARGO };
const NIGHTLY: Program =
    Program { name: "cargo +nightly", before: &["+nightly"], target_dir: "target-nightly", ..CARGO };
const CHECKSUMS: Program = Program {
    name: "cargo +nightly -Zchecksum-freshness",
    before: &["+nightly", "-Zchecksum-freshness"],
    target_dir: "target-checksums",
    ..CARGO
};

fn main() -> Result<()> {
    let args: Vec<String> = std::env::args().skip(1).filter(|arg| !arg.starts_with('-')).collect();
    let rounds: usize = args.iter().find_map(|arg| arg.parse().ok()).unwrap_or(10);
    let parts = ["noop", "restored", "ghost"];
    let wanted = |part: &str| {
        let named = args.iter().any(|arg| parts.contains(&arg.as_str()));
        !named || args.iter().any(|arg| arg == part)
    };
    let place = args.iter().find(|arg| arg.parse::<usize>().is_err() && !parts.contains(&arg.as_str()));
    let default = Path::new(env!("CARGO_TARGET_TMPDIR")).join("bench-verify");
    let place = place.map_or(default, PathBuf::from);
    let has_nightly = ground::has_nightly();
    if !has_nightly {
        println!("no nightly toolchain is installed: nothing is measured of -Zchecksum-freshness");
    }
    if wanted("noop") {
        for members in [1, 50, 500] {
            noop(&Ground::prepare(&place.join(format!("noop-{members}")), members)?, rounds, has_nightly)?;
        }
    }
    if wanted("restored") {
        restored(&Ground::prepare(&place.join("restored"), 50)?, rounds, has_nightly)?;
    }
    if wanted("ghost") {
        ghost(&Ground::prepare(&place.join("ghost"), 50)?, rounds)?;
    }
    Ok(())
}

/// Nothing to do. Cargo and xcargo share a target dir, as they do for whoever uses both.
fn noop(ground: &Ground, rounds: usize, has_nightly: bool) -> Result<()> {
    let programs = with_nightly(&[CARGO, XCARGO], has_nightly);
    for program in &programs {
        ground.build(program)?;
    }
    // What has just been built is too young to be believed by its times; the second look is the one that lasts.
    std::thread::sleep(std::time::Duration::from_millis(100));
    ground.build(&XCARGO)?;
    let mut times: Vec<Times> = programs.iter().map(|program| Times::of(program.name)).collect();
    for _ in 0..rounds {
        for (program, times) in programs.iter().zip(&mut times) {
            times.push(ground.timed(program, Some(0))?);
        }
    }
    println!("\nnothing to do, {} members, {rounds} rounds", ground.members);
    times.iter_mut().for_each(|times| println!("{times}"));
    println!("{}", times[1].against(&times[0]));
    if has_nightly {
        println!("{}", times[3].against(&times[2]));
    }
    let share = if ground.members == 500 { 0.03 * times[0].median() } else { 3e-3 };
    let more = times[1].more_than(&times[0]);
    let verdict = if more <= share { "kept" } else { "MISSED" };
    println!("budget: {:+.2} ms of at most {:+.2} ms: {verdict}", more * 1e3, share * 1e3);
    Ok(())
}

/// A cache and a fresh checkout.
fn restored(ground: &Ground, rounds: usize, has_nightly: bool) -> Result<()> {
    let units = Program { name: "xcargo, restore = \"units\"", ..XCARGO };
    let mtimes = Program { name: "xcargo, restore = \"mtimes\"", policy: MTIMES, ..XCARGO };
    let programs = with_nightly(&[CARGO, units, mtimes], has_nightly);
    // Each its own saved cache: none may find what another left.
    for program in &programs {
        ground.forget(program)?;
        ground.build(program)?;
        ground.save(program)?;
    }
    let mut times: Vec<Times> = programs.iter().map(|program| Times::of(program.name)).collect();
    let mut compiled = vec![0; programs.len()];
    for _ in 0..rounds {
        for (at, program) in programs.iter().enumerate() {
            ground.restore(program)?;
            ground.check_out()?;
            times[at].push(ground.timed(program, None)?);
            compiled[at] = ground.compiled();
        }
    }
    println!("\nthe target dir restored, every source new, {} members, {rounds} rounds", ground.members);
    for (times, compiled) in times.iter_mut().zip(compiled) {
        println!("{times}   {compiled:4} packages compiled");
    }
    for ours in 1..times.len() {
        println!("{}", times[ours].against(&times[0]));
    }
    Ok(())
}

/// One member on which no other depends.
fn ghost(ground: &Ground, rounds: usize) -> Result<()> {
    let mut repair = Times::of("xcargo build");
    let mut touched = Times::of("cargo build, had it known");
    let mut clean = Times::of("cargo clean && cargo build");
    for program in [XCARGO, XCARGO] {
        ground.build(&program)?;
    }
    for _ in 0..rounds {
        ground.edit_unseen()?;
        // What this is about: cargo sees nothing.
        ground.timed(&CARGO, Some(0))?;
        repair.push(ground.timed(&XCARGO, Some(1))?);
        ground.edit()?;
        touched.push(ground.timed(&CARGO, Some(1))?);
        ground.edit_unseen()?;
        let cleaned = ground.clean()?;
        clean.push(cleaned + ground.timed(&CARGO, Some(ground.members))?);
        // It was plain cargo that built all of it: the next look writes that down.
        ground.build(&XCARGO)?;
    }
    println!("\nother content under an old time in 1 of {} members, {rounds} rounds", ground.members);
    for times in [&mut repair, &mut touched, &mut clean] {
        println!("{times}");
    }
    println!("{}", repair.against(&clean));
    println!("{}", repair.against(&touched));
    Ok(())
}

fn with_nightly(programs: &[Program], has_nightly: bool) -> Vec<Program> {
    let nightly: &[Program] = if has_nightly { &[NIGHTLY, CHECKSUMS] } else { &[] };
    programs.iter().chain(nightly).copied().collect()
}
