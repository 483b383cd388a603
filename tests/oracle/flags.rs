//! How a workspace is built: profile, features, target, compiler.

use super::support::cmd::Cmd;
use super::support::machine::machine;
use super::support::sandbox::Sandbox;

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Flags {
    pub(super) release: bool,
    /// The feature of that name.
    pub(super) more: bool,
    /// The host, by its name.
    pub(super) target: bool,
    /// Another compiler, of another version.
    pub(super) other_compiler: bool,
}

/// The other compiler: the machine's under another version, which says in each crate that it made it.
const OTHER: &str = "#!/bin/sh\n\
    case \"$*\" in\n\
    *-vV*) @rustc@ \"$@\" | sed -e 's/^release: .*/release: 1.95.77/' -e 's/^rustc .*/rustc 1.95.77 (other)/';;\n\
    *) exec @rustc@ \"$@\" --cfg other_compiler;;\n\
    esac\n";

/// Puts the other compiler into a sandbox.
pub(super) fn lend_other_compiler(sandbox: &Sandbox) {
    let rustc = machine().tool("rustc");
    sandbox.script("other/rustc", &OTHER.replace("@rustc@", rustc.to_str().unwrap()));
}

impl Flags {
    /// As the program prints it.
    pub(super) fn compiler(self) -> &'static str {
        if self.other_compiler { "b" } else { "a" }
    }

    /// The command with these flags.
    pub(super) fn put(self, cmd: Cmd, sandbox: &Sandbox) -> Cmd {
        let mut args = Vec::new();
        args.extend(self.release.then_some("--release"));
        args.extend(self.more.then_some("--features=more"));
        if self.target {
            args.extend(["--target", machine().host.as_str()]);
        }
        let cmd = cmd.args(args);
        if self.other_compiler { cmd.env("RUSTC", sandbox.root().join("other/rustc")) } else { cmd }
    }

    /// One of them is the other way.
    pub(super) fn turn(&mut self, rng: &mut fastrand::Rng) {
        let flag = match rng.usize(..9) {
            0..=3 => &mut self.more,
            4..=6 => &mut self.release,
            7 => &mut self.target,
            _ => &mut self.other_compiler,
        };
        *flag = !*flag;
    }
}
