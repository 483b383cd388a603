//! `--version`, `--list` and `help`: cargo's own words first and unchanged, then xcargo's.

use std::ffi::OsStr;
use std::fmt::Write as _;

use crate::apply::process;
use crate::cargo_exe;
use crate::diagnostic::Failure;
use crate::env::Env;
use crate::exit::Exit;
use crate::invocation::{About, Invocation, Verb};
use crate::output::Output;

pub(super) fn run(
    about: About,
    invocation: &Invocation,
    argv0: &OsStr,
    env: &Env,
    output: &Output,
) -> Result<Exit, Failure> {
    let exe = cargo_exe::find(invocation.called_as, argv0, env)?;
    let status = process::run(&mut process::cargo(&exe, &invocation.cargo_args))?;
    if status.success() {
        output.data(&match about {
            About::Version => format!("xcargo {}\n", env!("CARGO_PKG_VERSION")),
            About::List | About::Help | About::HelpOf(_) => verbs(),
        });
    }
    Ok(Exit::Child(status))
}

/// xcargo's verbs, in the columns of `cargo --list`.
fn verbs() -> String {
    let mut text = String::from("\nCommands of xcargo (all others are cargo's):\n");
    for (_, name, says) in Verb::ALL {
        let _ = writeln!(text, "    {name:<20} {says}");
    }
    text.push_str("\n`xcargo --dry-run <command>` shows what would be done, and does nothing.\n");
    text
}
