//! Signals: whoever waits for xcargo sees how cargo ended, and whoever signals it reaches cargo, once.

use rustix::process::Signal;

use crate::support::cmd::Cmd;
use crate::support::project::Project;
use crate::support::sandbox::Sandbox;
use crate::support::shared;
use crate::support::terminal::Terminal;

const PROGRAM: &str = include_str!("support/programs/signals.rs");

/// How xcargo stands to the cargo that it started.
#[derive(Debug, Clone, Copy)]
enum Mode {
    /// Without a policy it becomes cargo.
    Becomes,
    /// Under a policy it waits behind the first build, to leave its stamp.
    Waits,
}

const MODES: [Mode; 2] = [Mode::Becomes, Mode::Waits];

/// `xcargo run` in a package whose program is `main`.
fn run(sandbox: &Sandbox, mode: Mode, main: &str) -> Cmd {
    let project = Project::program(sandbox, "signalled", main);
    let project = match mode {
        Mode::Becomes => project,
        Mode::Waits => project.doctor("[policy]\nenforce = \"deny\"\n"),
    };
    sandbox.xcargo().args(["run", "--quiet"]).dir(project.root())
}

#[test]
fn a_crash_of_the_program_is_the_end_that_the_shell_sees() {
    for mode in MODES {
        for signal in
            [Signal::KILL, Signal::TERM, Signal::SEGV, Signal::ABORT, Signal::INT, Signal::HUP, Signal::PIPE]
        {
            let sandbox = Sandbox::new();
            // `cargo run` becomes the program on Unix, and this one becomes a shell: no handler of Rust's own is left.
            let main = "fn main() {\n    use std::os::unix::process::CommandExt;\n    \
                        let how = std::env::args().nth(1).unwrap();\n    \
                        let script = \"kill -s $0 $$; sleep 60\";\n    \
                        panic!(\"{}\", std::process::Command::new(\"sh\").args([\"-c\", script, &how]).exec());\n}";
            let number = signal.as_raw().to_string();
            let run = run(&sandbox, mode, main).args(["--", &number]).run();
            assert_eq!(run.killed_by(), Some(signal.as_raw()), "{mode:?}, {signal:?}: {}", run.show());
        }
    }
}

#[test]
fn a_cargo_killed_while_it_compiles_is_the_end_that_the_shell_sees() {
    for signal in ["KILL", "TERM", "SEGV"] {
        let sandbox = Sandbox::new();
        let cargo = sandbox.script("elsewhere/cargo", &format!("#!/bin/sh\nkill -s {signal} $$\nsleep 60\n"));
        for policy in ["", "[policy]\nenforce = \"deny\"\n"] {
            let project = Project::program(&sandbox, &format!("p{}", policy.len()), "fn main() {}");
            let project = if policy.is_empty() { project } else { project.doctor(policy) };
            let run = sandbox.xcargo().arg("build").env("XCARGO_CARGO", &cargo).dir(project.root()).run();
            let expect = match signal {
                "KILL" => Signal::KILL,
                "TERM" => Signal::TERM,
                _ => Signal::SEGV,
            };
            assert_eq!(run.killed_by(), Some(expect.as_raw()), "{}", run.show());
        }
    }
}

#[test]
fn what_a_supervisor_sends_to_xcargo_reaches_the_program_once() {
    for mode in MODES {
        for (signal, name) in [(Signal::TERM, "TERM"), (Signal::HUP, "HUP"), (Signal::INT, "INT")] {
            let sandbox = Sandbox::new();
            let mut running = run(&sandbox, mode, PROGRAM).spawn();
            running.wait_for("ready");
            running.signal(signal);
            let run = running.finish().code(7);
            for other in ["TERM", "HUP", "INT"] {
                let times = usize::from(other == name);
                let line = format!("{other} came {times} times\n");
                assert!(run.out().contains(&line), "{mode:?}, {name}: no {line:?} in {}", run.show());
            }
        }
    }
}

#[test]
fn ctrl_c_at_a_terminal_reaches_the_program_once() {
    for mode in MODES {
        let sandbox = Sandbox::new();
        let mut terminal = Terminal::start(run(&sandbox, mode, PROGRAM));
        terminal.wait_for("ready");
        terminal.type_in("\x03");
        let run = terminal.finish().code(7);
        assert!(run.out().contains("INT came 1 times"), "{mode:?}: {}", run.show());
    }
}

#[test]
fn a_hangup_that_nohup_ignores_stays_ignored() {
    for mode in MODES {
        let sandbox = Sandbox::new();
        let command = run(&sandbox, mode, PROGRAM).into_inner();
        let dir = command.get_current_dir().expect("it runs in the project").to_path_buf();
        let mut running =
            sandbox.command("nohup").arg(command.get_program()).args(command.get_args()).dir(dir).spawn();
        running.wait_for("ready");
        running.signal(Signal::HUP);
        running.signal(Signal::TERM);
        let run = running.finish().code(7);
        for line in ["HUP was ignored\n", "HUP came 0 times\n", "TERM came 1 times\n"] {
            assert!(run.out().contains(line), "{mode:?}: no {line:?} in {}", run.show());
        }
    }
}

#[test]
fn a_stand_in_for_cargo_gets_the_signal_itself() {
    let cargo = shared::program("signals", PROGRAM);
    let sandbox = Sandbox::new();
    let mut running = sandbox.xcargo().arg("build").env("XCARGO_CARGO", cargo).spawn();
    // Without a policy there is nothing left to do: the process is cargo's own.
    running.wait_for(&format!("ready as {}\n", running.pid().as_raw_nonzero()));
    running.signal(Signal::TERM);
    let run = running.finish().code(7);
    assert!(run.out().contains("TERM came 1 times\n"), "{}", run.show());
}
