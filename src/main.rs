//! Snapshot the environment, run, exit.

use std::process::ExitCode;

use xcargo::apply::process;
use xcargo::env::Env;
use xcargo::exit::Exit;

fn main() -> ExitCode {
    match xcargo::command::run(&Env::arguments(), &Env::snapshot()) {
        Exit::Success => ExitCode::SUCCESS,
        Exit::Own(code) => ExitCode::from(code.number()),
        Exit::Child(status) => process::end_like(status),
    }
}
