//! `xcargo toolchain update`: a channel that moves is brought up to date, and the cache follows if its compiler changed.

use super::Place;
use crate::apply::{process, rustup};
use crate::cli::Update;
use crate::command::{Mode, failures, installing, rule};
use crate::diagnostic::Failure;
use crate::exit::{Code, Exit};
use crate::observe::toolchain::Pinned;
use crate::output::Preferred;
use crate::policy::{Install, StepName};
use crate::toolchain::{self, Wants};

pub(super) fn run(place: &Place<'_>, asked: &Update, mode: Mode) -> Result<Exit, Failure> {
    let output = place.output();
    let found = rule::toolchain(place.invocation, place.exe()?, place.context, &place.loaded.policy)?;
    let (Some(Pinned::Rustup(active)), Some(rustup)) = (&found.pin, &found.rustup) else {
        return Err(Failure::new(Code::ToolchainMissing, "there is no rustup that could update a toolchain")
            .help("install rustup, and let its cargo be the first in PATH"));
    };
    let channel = active.name.value.as_str();
    if !active.name.value.is_moving() {
        output.status("Checked", format!("{channel} never moves: `xcargo toolchain set` changes it"));
        return Ok(Exit::Success);
    }
    let offline = place.is_offline(asked.changing.offline);
    // What is not there yet is installed by an update, which the policy may forbid.
    let wanted = place.wanted(&active.name.value, Wants::default())?;
    place.may_install(&wanted, offline)?;
    let policy = &place.loaded.policy;
    if offline {
        return Err(Failure::new(
            Code::Usage,
            format!("{channel} cannot be brought up to date: the network is off"),
        )
        .help("run it again without `--offline`"));
    }
    let cleans = policy.steps.toolchain_change.value.contains(&StepName::ScopedClean);
    let command = rustup::update(&place.rustup()?, channel);
    if mode == Mode::DryRun {
        output.planned("Would run", process::shown(&command));
        if cleans {
            output.planned("Would then", "clean what the compiler that this brings can never use");
        }
        return Ok(Exit::Success);
    }
    if policy.toolchain.install.value == Install::Ask && !asked.changing.yes {
        let question = format!("Bring {channel} up to date?");
        if output.ask(&question, Preferred::Yes) != Some(true) {
            return Err(Failure::new(Code::Usage, format!("{channel} was not brought up to date"))
                .note("policy wants a person to agree")
                .help("`--yes` goes on without asking"));
        }
    }
    let identify = || toolchain::identify(&active.tool("rustc"), &active.full_name, &place.context.env);
    // What is not there, or broken, cannot be compared: then it is another compiler.
    let before = identify().ok();
    let mut turn = installing::take_turn(rustup, output)?;
    turn.begin(&active.full_name).map_err(|cause| installing::no_turn(rustup, &cause))?;
    output.status("Updating", channel);
    if let Some(killed) = installing::run(vec![command], output)? {
        return Ok(Exit::Child(killed));
    }
    turn.end().map_err(|cause| installing::no_turn(rustup, &cause))?;
    drop(turn);
    let after = identify().map_err(failures::toolchain)?;
    match before {
        Some(before) if before.verbose_version == after.verbose_version => {
            output.status("Checked", format!("{channel} is still {}", after.short()));
            Ok(Exit::Success)
        }
        before => {
            let from = before.map_or_else(|| "not installed".to_owned(), |before| before.short());
            output.status("Updated", format!("{channel}: {from} -> {}", after.short()));
            place.clean(&active.name.value, cleans)?;
            Ok(Exit::Success)
        }
    }
}
