//! Which of cargo, rustc and rustup were started, by whom, with what.
//!
//! A compiled program stands in the place of rustup's proxies and of the toolchain's own programs, notes the call and
//! becomes the real one under the same process id. All stand-ins are one file under many names, as rustup's proxies
//! are: cargo compares their sizes to find out whether it may go round the proxy of rustc (`get_tool` in
//! `src/cargo/util/context/mod.rs`), and it does what it would have done.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use fs_err as fs;

use super::machine::machine;
use super::sandbox::{PROXIES, Sandbox, TOOLCHAIN};
use super::shared;

/// The log of one sandbox.
pub(crate) struct Recorder {
    log: PathBuf,
}

/// One program that was started.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Call {
    /// Through which door.
    pub(crate) place: Place,
    /// Under which name: `cargo`, `rustc`, `rustup`, …
    pub(crate) tool: String,
    /// The process; a proxy and the program that it becomes share it.
    pub(crate) pid: u32,
    /// Who started the process.
    pub(crate) parent: u32,
    /// The arguments, with what is not ASCII escaped.
    pub(crate) args: Vec<String>,
}

/// Where a program was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Place {
    /// In `$CARGO_HOME/bin`: rustup itself, or its proxy.
    Proxy,
    /// In the toolchain's `bin`.
    Toolchain,
}

impl Recorder {
    /// Puts the stand-ins in place.
    pub(crate) fn install(sandbox: &Sandbox) -> Self {
        let log = sandbox.root().join("recorder.log");
        let proxies = sandbox.cargo_home().join("bin");
        let real = sandbox.root().join("recorder/proxies");
        fs::create_dir_all(real.parent().expect("it has a parent")).expect("a place for the real proxies");
        fs::rename(&proxies, &real).expect("the real proxies move away");
        fs::create_dir(&proxies).expect("the directory of the proxies");
        for name in ["rustup"].iter().chain(PROXIES) {
            stand_in(&proxies.join(name), &log, "proxy", &real.join(name));
        }
        let toolchain = sandbox.rustup_home().join("toolchains").join(TOOLCHAIN);
        fs::remove_file(&toolchain).expect("the link to the toolchain goes");
        fs::create_dir_all(toolchain.join("bin")).expect("a toolchain of stand-ins");
        std::os::unix::fs::symlink(machine().sysroot.join("lib"), toolchain.join("lib"))
            .expect("the real lib");
        for entry in fs::read_dir(machine().sysroot.join("bin")).expect("the toolchain's bin") {
            let entry = entry.expect("an entry of it");
            stand_in(&toolchain.join("bin").join(entry.file_name()), &log, "toolchain", &entry.path());
        }
        Self { log }
    }

    /// All calls since the last time this was asked.
    pub(crate) fn take(&self) -> Vec<Call> {
        let text = fs::read_to_string(&self.log).unwrap_or_default();
        if self.log.exists() {
            fs::remove_file(&self.log).expect("the log can go");
        }
        text.lines().map(Call::parse).collect()
    }
}

impl Call {
    fn parse(line: &str) -> Self {
        let mut fields = line.split('\t');
        let mut next =
            || fields.next().unwrap_or_else(|| panic!("a line of the recorder: {line:?}")).to_owned();
        let place = match next().as_str() {
            "proxy" => Place::Proxy,
            "toolchain" => Place::Toolchain,
            other => panic!("no such place: {other}"),
        };
        let number = |text: String| text.parse().expect("a process id");
        let (pid, parent, tool) = (number(next()), number(next()), next());
        Self { place, tool, pid, parent, args: fields.map(str::to_owned).collect() }
    }
}

/// The processes that ran programs of this name.
pub(crate) fn processes(calls: &[Call], tool: &str) -> usize {
    calls.iter().filter(|call| call.tool == tool).map(|call| call.pid).collect::<BTreeSet<_>>().len()
}

fn stand_in(at: &Path, log: &Path, place: &str, real: &Path) {
    let recorder = shared::program("recorder", include_str!("programs/recorder.rs"));
    if fs::hard_link(&recorder, at).is_err() {
        fs::copy(&recorder, at).expect("a copy, where a link cannot be");
    }
    let mut note = at.as_os_str().to_owned();
    note.push(".recorder");
    let text = format!("{}\n{place}\n{}\n", log.display(), real.display());
    fs::write(PathBuf::from(note), text).expect("the note beside the stand-in");
}
