//! What came of a build: the values that its programs print, and the units that it made.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Component, Path};

use serde_json::Value;

use crate::support::cmd::Run;
use crate::support::unit_graph;

/// What came of a build.
pub(crate) struct Outcome {
    /// The command itself.
    pub(crate) run: Run,
    /// What was made, as `<package> <kind>`: kinds are cargo's, `lib (test)` for a library's own tests, `build.rs` for a
    /// compiled build script and `run` for a run of one.
    pub(crate) rebuilt: BTreeSet<String>,
    /// Each value of a file, as all programs print it: more than one where they do not agree.
    pub(crate) values: BTreeMap<String, BTreeSet<String>>,
    /// Whether programs were built at all.
    has_programs: bool,
}

impl Outcome {
    /// Reads what the command printed, and lets `start` run each program that was built.
    pub(crate) fn of(run: Run, start: impl Fn(&Path) -> Option<Run>) -> Self {
        let made = unit_graph::rebuilt(&run.stdout).into_iter();
        let mut rebuilt: BTreeSet<String> = made
            .map(|(package, kind, _, mode)| {
                let package = package.split('@').next().unwrap_or_default();
                match (kind.as_str(), mode.as_str()) {
                    ("custom-build", _) => format!("{package} build.rs"),
                    ("lib" | "bin", "test") => format!("{package} {kind} (test)"),
                    _ => format!("{package} {kind}"),
                }
            })
            .collect();
        rebuilt.extend(run.err().lines().filter_map(script_run).map(|package| format!("{package} run")));
        let mut values = BTreeMap::new();
        let mut has_programs = false;
        let out = run.out();
        for line in out.lines() {
            match serde_json::from_str::<Value>(line).ok().filter(Value::is_object) {
                None => collect(line, &mut values),
                Some(message) => {
                    let program = message["executable"]
                        .as_str()
                        .filter(|_| message["target"]["kind"][0] != "custom-build");
                    has_programs |= program.is_some();
                    if let Some(run) = program.and_then(|program| start(Path::new(program))) {
                        collect(&run.ok().out(), &mut values);
                    }
                }
            }
        }
        Self { run, rebuilt, values, has_programs }
    }

    /// All that matters for a failed assertion: cargo's messages are left out, what was made is in them.
    fn show(&self) -> String {
        let (out, err) = (self.run.out(), self.run.err());
        let printed: Vec<&str> = out.lines().filter(|line| !line.starts_with('{')).collect();
        let Self { run, rebuilt, values, .. } = self;
        let all = format!("made: {rebuilt:?}\nprinted: {values:?}\n{}\n{err}", printed.join("\n"));
        format!("{}\n{}\n{all}", run.shown, run.status)
    }

    /// Asserts that it succeeded, that every value is `1` but these, and that these are there.
    #[track_caller]
    pub(crate) fn prints(&self, but: &[(&str, &str)]) -> &Self {
        assert!(self.run.status.success(), "{}", self.show());
        assert_eq!(self.values.is_empty(), !self.has_programs, "the programs print nothing\n{}", self.show());
        let mut expect: BTreeMap<String, BTreeSet<String>> =
            self.values.keys().map(|name| (name.clone(), ["1".to_owned()].into())).collect();
        for (name, value) in but {
            expect.insert((*name).to_owned(), [(*value).to_owned()].into());
        }
        assert_eq!(self.values, expect, "{}", self.show());
        self
    }

    /// Asserts that it succeeded, and that the programs print no value.
    #[track_caller]
    pub(crate) fn prints_nothing(&self) -> &Self {
        assert!(self.run.status.success() && self.has_programs && self.values.is_empty(), "{}", self.show());
        self
    }

    /// Asserts that exactly these units were made.
    #[track_caller]
    pub(crate) fn rebuilds(&self, units: &[&str]) -> &Self {
        let expect: BTreeSet<String> = units.iter().map(|unit| (*unit).to_owned()).collect();
        assert_eq!(self.rebuilt, expect, "{}", self.show());
        self
    }

    /// Asserts that it failed, with this in what it said.
    #[track_caller]
    pub(crate) fn fails_with(&self, text: &str) -> &Self {
        assert!(!self.run.status.success(), "it succeeds\n{}", self.show());
        let said = self.run.err() + &self.run.out();
        assert!(said.contains(text), "no {text:?} in\n{}", self.show());
        self
    }

    /// Asserts that a line of xcargo's on a repair holds all of these words; that there is none, if there are no words.
    #[track_caller]
    pub(crate) fn says(&self, words: &[&str]) -> &Self {
        let err = self.run.err();
        let mut lines = err.lines().filter(|line| line.trim_start().starts_with("Repairing "));
        if words.is_empty() {
            assert_eq!(lines.next(), None, "{}", self.show());
        } else {
            let is_there = lines.any(|line| words.iter().all(|word| line.contains(word)));
            assert!(is_there, "no repair with {words:?}\n{}", self.show());
        }
        self
    }
}

/// The words `name=value` of a program's output.
fn collect(text: &str, values: &mut BTreeMap<String, BTreeSet<String>>) {
    for (name, value) in text.split_whitespace().filter_map(|word| word.split_once('=')) {
        values.entry(name.to_owned()).or_default().insert(value.to_owned());
    }
}

/// The package whose build script this line of `cargo -v` starts.
fn script_run(line: &str) -> Option<&str> {
    let command = line.trim_start().strip_prefix("Running `")?.trim_end_matches('`');
    if command.contains(' ') || !command.ends_with("/build-script-build") {
        return None;
    }
    let mut parts = Path::new(command).components();
    parts.by_ref().find(|part| *part == Component::Normal("build".as_ref()))?;
    let dir = parts.next()?.as_os_str().to_str()?;
    // Layout 1 has package and id in one name, layout 2 has a directory for each.
    Some(dir.rsplit_once('-').filter(|(_, id)| id.len() == 16).map_or(dir, |(package, _)| package))
}
