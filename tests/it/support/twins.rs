//! The same command through cargo and through xcargo, on twin copies of one project.
//!
//! Paths are in cargo's output, in unit hashes and in dep-info files. So both twins are run at the *same* place: the
//! twin whose turn it is moves there by a rename, which changes no time and no content. What is compared then needs no
//! rewriting but that of durations, and of the order in which cargo starts units that do not depend on each other:
//! it keeps them in a hash map (`src/cargo/util/dependency_queue.rs`), so that even one job does not settle it.

use std::path::{Path, PathBuf};

use fs_err as fs;

use super::cmd::{Cmd, Run};
use super::copy::copy_tree;
use super::project::Project;
use super::sandbox::Sandbox;
use super::tree::{Ours, Tree};

/// Two copies of one project.
pub(crate) struct Twins<'a> {
    sandbox: &'a Sandbox,
    stage: PathBuf,
    parked: [PathBuf; 2],
    ours: Ours,
}

impl<'a> Twins<'a> {
    /// Makes twins of a project. It stays where it is; between two commands there is nothing at its place.
    pub(crate) fn of(sandbox: &'a Sandbox, project: &Project) -> Self {
        let stage = project.root().to_path_buf();
        let parked =
            ["cargo", "xcargo"].map(|who| sandbox.root().join("parked").join(who).join(name(&stage)));
        for place in &parked {
            fs::create_dir_all(place.parent().expect("a parked twin is in a directory"))
                .expect("a place to park");
            assert!(!place.exists(), "twins of {} exist already", stage.display());
        }
        copy_tree(&stage, &parked[1]);
        fs::rename(&stage, &parked[0]).expect("the first twin is parked");
        let policy = ["doctor.toml", ".cargo/doctor.toml"].iter().any(|file| parked[0].join(file).exists());
        Self { sandbox, stage, parked, ours: if policy { Ours::Ignored } else { Ours::Counts } }
    }

    /// Runs the same arguments through both and asserts that everything is the same. Returns xcargo's run.
    #[track_caller]
    pub(crate) fn same(&self, args: &[&str]) -> Run {
        self.same_with(|cmd| cmd.args(args))
    }

    /// The same, with a command line or an environment of the test's own.
    #[track_caller]
    pub(crate) fn same_with(&self, set: impl Fn(Cmd) -> Cmd) -> Run {
        self.same_as(|front| set(front).run())
    }

    /// The same, run in the test's own way: under a terminal, say.
    #[track_caller]
    pub(crate) fn same_as(&self, run: impl Fn(Cmd) -> Run) -> Run {
        let [(theirs, left), (ours, right)] = [0, 1].map(|twin| {
            let front = if twin == 0 { self.sandbox.cargo() } else { self.sandbox.xcargo() };
            self.on_stage(twin, |stage| {
                let front = front.dir(stage).env("CARGO_BUILD_JOBS", "1").env("RUST_TEST_THREADS", "1");
                let run = run(front);
                (run, Tree::read(stage, self.ours))
            })
        });
        let both = || format!("cargo's\n{}\nxcargo's\n{}", theirs.show(), ours.show());
        assert_eq!(theirs.status, ours.status, "another end\n{}", both());
        for (what, theirs, ours) in
            [("stdout", &theirs.stdout, &ours.stdout), ("stderr", &theirs.stderr, &ours.stderr)]
        {
            assert!(comparable(theirs) == comparable(ours), "another {what}\n{}", both());
        }
        let difference = left.difference(&right);
        assert!(difference.is_empty(), "another tree (cargo's / xcargo's)\n{difference}\n{}", both());
        ours
    }

    /// Changes both twins in the same way.
    pub(crate) fn change(&self, change: impl Fn(&Path)) {
        for place in &self.parked {
            change(place);
        }
    }

    fn on_stage<T>(&self, twin: usize, act: impl FnOnce(&Path) -> T) -> T {
        fs::rename(&self.parked[twin], &self.stage).expect("the twin goes on stage");
        let result = act(&self.stage);
        fs::rename(&self.stage, &self.parked[twin]).expect("the twin leaves the stage");
        result
    }
}

/// The text without durations, and with units that cargo may start in any order in one order.
fn comparable(text: &[u8]) -> Vec<u8> {
    let text = without_times(text);
    let mut blocks: Vec<Vec<u8>> = Vec::new();
    for line in text.split_inclusive(|byte| *byte == b'\n') {
        match blocks.last_mut() {
            Some(block) if !starts_block(line) => block.extend(line),
            _ => blocks.push(line.to_vec()),
        }
    }
    for run in blocks.chunk_by_mut(|left, right| is_of_unit(left) && is_of_unit(right)) {
        run.sort();
    }
    blocks.concat()
}

/// A diagnostic's first line, or a status line: its verb ends at column 12.
fn starts_block(line: &[u8]) -> bool {
    is_of_unit(line)
        || (line.len() > 13 && line[12] == b' ' && line[11].is_ascii_alphabetic() && line[0] != b'|')
}

/// What cargo prints while it works on one unit.
fn is_of_unit(block: &[u8]) -> bool {
    const STARTS: [&[u8]; 6] =
        [b"   Compiling ", b"    Checking ", b" Documenting ", b"warning: ", b"error: ", b"error["];
    STARTS.iter().any(|start| block.starts_with(start))
}

/// Replaces durations such as `0.53s` and `1m 02s` after `in `, and nothing else: the only thing that two
/// runs of the same cargo do not agree on.
pub(crate) fn without_times(text: &[u8]) -> Vec<u8> {
    const BEFORE: &[u8] = b" in ";
    let mut result = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.windows(BEFORE.len()).position(|window| window == BEFORE) {
        let (head, tail) = rest.split_at(at + BEFORE.len());
        result.extend_from_slice(head);
        let length = duration(tail);
        if length > 0 {
            result.extend_from_slice(b"[time]");
        }
        rest = &tail[length..];
    }
    result.extend_from_slice(rest);
    result
}

/// The length of the duration that the text starts with; 0 if it starts with none.
fn duration(text: &[u8]) -> usize {
    let digits = |from: usize| text[from..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    let mut end = digits(0);
    if end == 0 {
        return 0;
    }
    if text[end..].starts_with(b"m ") {
        let seconds = digits(end + 2);
        end += if seconds > 0 { 2 + seconds } else { return 0 };
    } else if text[end..].starts_with(b".") {
        end += 1 + digits(end + 1);
    }
    if text[end..].starts_with(b"s") { end + 1 } else { 0 }
}

fn name(path: &Path) -> &std::ffi::OsStr {
    path.file_name().expect("a project's directory has a name")
}

#[cfg(test)]
mod tests {
    use super::{comparable, without_times};

    /// If more were put into order than units, a line of xcargo's in the wrong place could hide.
    #[test]
    fn only_units_are_put_into_order() {
        let [one, two, end, run] = [
            "   Compiling b v1\nwarning: idle\n --> src/b.rs\n",
            "   Compiling a v1\n",
            "    Finished in 1s\n",
            "     Running x\n",
        ];
        let order = |parts: [&str; 4]| comparable(parts.concat().as_bytes());
        assert_eq!(order([one, two, end, run]), order([two, one, end, run]));
        assert_ne!(order([one, two, end, run]), order([one, two, run, end]));
        assert_ne!(order([one, two, end, run]), order([one, end, two, run]));
        assert_ne!(order([one, two, end, run]), order([one, one, end, run]));
    }

    /// If more than durations were rewritten, a difference that a user sees could hide.
    #[test]
    fn only_durations_are_rewritten() {
        for (text, expect) in [
            ("Finished `dev` profile in 0.53s", "Finished `dev` profile in [time]"),
            ("Finished in 1m 02s\n", "Finished in [time]\n"),
            ("finished in 0.00s; took in 12s.", "finished in [time]; took in [time]."),
            ("error in 3 places", "error in 3 places"),
            ("in 0.53s", "in 0.53s"),
            (" in 5m flat in src/main.rs in 1.s", " in 5m flat in src/main.rs in [time]"),
            ("", ""),
        ] {
            assert_eq!(String::from_utf8(without_times(text.as_bytes())).unwrap(), expect);
        }
        assert_eq!(without_times(b"\xff in 0.1s"), b"\xff in [time]");
    }
}
