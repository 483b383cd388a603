//! A workspace in a sandbox whose rustup knows all the compilers, and what its target dir holds.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use fs_err as fs;
use serde_json::Value;

use crate::compilers::{self, Compiler};
use crate::support::cmd::{Cmd, Run};
use crate::support::project::Project;
use crate::support::sandbox::{Sandbox, xcargo};
use crate::support::workspace::locked_workspace;

/// What the workspace's program prints.
pub(crate) const PRINTS: &str = "1.0.8, 13-Jul-2019 42 3 7 four\n";

/// A sandbox with a project under a policy.
pub(crate) struct Ground {
    pub(crate) sandbox: Sandbox,
    pub(crate) project: Project,
    /// What every command here is run with.
    vars: &'static [(&'static str, &'static str)],
}

/// What a target dir holds.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct State {
    /// All files but xcargo's own, cargo's locks, documentation (no unit: its names tell of no compiler), and what is
    /// inside incremental sessions (their names are random).
    pub(crate) files: BTreeSet<PathBuf>,
    /// The directories of units: `<package>-<id>` in layout 1, `<package>/<id>` in layout 2.
    pub(crate) units: BTreeSet<PathBuf>,
    /// The directories of incremental sessions.
    pub(crate) sessions: BTreeSet<PathBuf>,
    /// The compilers, by the numbers in the fingerprints.
    pub(crate) compilers: BTreeSet<u64>,
}

impl State {
    /// Asserts that it is the other, and shows only what differs.
    #[track_caller]
    pub(crate) fn assert_is(&self, expect: &Self, what: &str) {
        for (name, ours, theirs) in [
            ("files", &self.files, &expect.files),
            ("units", &self.units, &expect.units),
            ("sessions", &self.sessions, &expect.sessions),
        ] {
            let differs: Vec<_> = ours.symmetric_difference(theirs).collect();
            assert!(differs.is_empty(), "{what}: other {name}: {differs:#?}");
        }
        assert_eq!(self.compilers, expect.compilers, "{what}");
    }
}

impl Ground {
    /// The workspace of eleven members.
    pub(crate) fn new(doctor: &str) -> Self {
        Self::with(doctor, |sandbox| locked_workspace(sandbox, "real"))
    }

    /// A project of the test's own.
    pub(crate) fn with(doctor: &str, project: impl FnOnce(&Sandbox) -> Project) -> Self {
        let sandbox = Sandbox::new();
        for compiler in compilers::all() {
            sandbox.rustup().args(["toolchain", "link", &compiler.name]).arg(&compiler.dir).run().ok();
        }
        let project = project(&sandbox).doctor(doctor);
        Self { sandbox, project, vars: &[] }
    }

    /// The same, from now on built in layout 2.
    pub(crate) fn in_layout_two(self) -> Self {
        Self { vars: &[("RUSTC_BOOTSTRAP", "1"), ("CARGO_UNSTABLE_BUILD_DIR_NEW_LAYOUT", "true")], ..self }
    }

    /// Moves the pin, as a pulled commit does.
    pub(crate) fn pin(&self, compiler: &Compiler) {
        let text = format!("[toolchain]\nchannel = \"{}\"\n", compiler.name);
        fs::write(self.project.root().join("rust-toolchain.toml"), text).unwrap();
    }

    /// `xcargo <args>` in the project.
    pub(crate) fn xcargo(&self, args: &[&str]) -> Cmd {
        self.here(self.sandbox.xcargo().args(args))
    }

    /// The same with standard error on standard output, so that a test can wait for what is said there.
    pub(crate) fn xcargo_aloud(&self, args: &[&str]) -> Cmd {
        let sh = self.sandbox.command("sh").args(["-c", "exec \"$0\" \"$@\" 2>&1"]);
        self.here(sh.arg(xcargo()).args(args))
    }

    /// `cargo <args>` in the project, without xcargo.
    pub(crate) fn cargo(&self, args: &[&str]) -> Cmd {
        self.here(self.sandbox.cargo().args(args))
    }

    /// The target dir.
    pub(crate) fn target(&self) -> PathBuf {
        self.project.root().join("target")
    }

    /// What is in the target dir.
    pub(crate) fn state(&self) -> State {
        let mut state = State::default();
        walk(&self.target(), Path::new(""), &mut state);
        state
    }

    /// What plain cargo would leave in an empty target dir at the same place: C compilers and others write absolute
    /// paths into names.
    pub(crate) fn fresh(&self, args: &[&str]) -> State {
        let aside = self.project.root().join("aside");
        fs::rename(self.target(), &aside).unwrap();
        self.cargo(args).run().ok();
        let state = self.state();
        fs::remove_dir_all(self.target()).unwrap();
        fs::rename(&aside, self.target()).unwrap();
        state
    }

    /// Runs the program that was built.
    pub(crate) fn program_prints(&self) -> String {
        self.sandbox.command(self.target().join("debug/app")).run().ok().out()
    }

    fn here(&self, cmd: Cmd) -> Cmd {
        self.vars.iter().fold(cmd.dir(self.project.root()), |cmd, (name, value)| cmd.env(name, value))
    }
}

/// The lines of xcargo's (or cargo's) on standard error with this verb.
pub(crate) fn said(run: &Run, verb: &str) -> Vec<String> {
    let err = run.err();
    let lines = err.lines().filter_map(|line| line.trim_start().strip_prefix(verb)?.strip_prefix(' '));
    lines.map(str::to_owned).collect()
}

/// Asserts that a build (with `-v`) made nothing and cleaned nothing, and that it looked at something.
#[track_caller]
pub(crate) fn assert_all_fresh(run: &Run) {
    assert!(said(run, "Fresh").len() >= 3, "{}", run.show());
    for verb in ["Dirty", "Compiling", "Running", "Cleaning", "Leaving"] {
        assert_eq!(said(run, verb), [""; 0], "{}", run.show());
    }
}

/// Asserts that no compiler stumbled over what another left.
#[track_caller]
pub(crate) fn assert_no_mix(run: &Run) {
    for code in ["E0460", "E0461", "E0462", "E0463", "E0514", "E0519", "E0786", "internal compiler error"] {
        assert!(!run.err().contains(code), "{}", run.show());
    }
}

fn walk(root: &Path, below: &Path, state: &mut State) {
    for entry in fs::read_dir(root.join(below)).unwrap() {
        let entry = entry.unwrap();
        let path = below.join(entry.file_name());
        let name = entry.file_name().to_string_lossy().into_owned();
        let is_documentation = matches!(path.to_str(), Some("doc" | ".rustdoc_fingerprint.json"));
        if name == ".xcargo" || name.starts_with(".cargo-") || is_documentation {
            continue;
        }
        if !entry.file_type().unwrap().is_dir() {
            if let Some(number) = compiler_in(&entry.path()) {
                state.compilers.insert(number);
            }
            state.files.insert(path);
            continue;
        }
        if below.ends_with("incremental") {
            state.sessions.insert(path);
            continue;
        }
        if below.ends_with(".fingerprint") {
            state.units.insert(path.clone());
        }
        if name == "fingerprint" {
            state.units.insert(below.to_owned());
        }
        walk(root, &path, state);
    }
}

/// The compiler that a fingerprint names.
fn compiler_in(file: &Path) -> Option<u64> {
    let dir = file.parent()?;
    let in_fingerprint = dir.ends_with("fingerprint") || dir.parent()?.ends_with(".fingerprint");
    if !in_fingerprint || file.extension()? != "json" {
        return None;
    }
    let json: Value = serde_json::from_slice(&fs::read(file).unwrap()).unwrap();
    Some(json["rustc"].as_u64().expect("a fingerprint names its compiler"))
}
