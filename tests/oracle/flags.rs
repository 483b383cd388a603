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
    /// Another compiler, of another version, by `RUSTC`.
    pub(super) other_compiler: bool,
}

/// Puts the other compiler into a sandbox: the machine's under another version, which says in each crate that it made it.
pub(super) fn lend_other_compiler(sandbox: &Sandbox) {
    let rustc = machine().tool("rustc");
    let says = sandbox.command(&rustc).arg("-vV").run().ok().out();
    let says = says.replace(&machine().release, "1.95.77");
    assert!(says.contains("release: 1.95.77"), "another version has another name:\n{says}");
    let rustc = rustc.display();
    let script = format!(
        "#!/bin/sh\ncase \"$*\" in\n*-vV*) echo '{says}';;\n*) exec {rustc} \"$@\" --cfg other_compiler;;\nesac\n"
    );
    sandbox.script("other/rustc", &script);
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
        let flag = match rng.usize(..10) {
            0..=3 => &mut self.more,
            4..=6 => &mut self.release,
            7 => &mut self.target,
            _ => &mut self.other_compiler,
        };
        *flag = !*flag;
    }
}
