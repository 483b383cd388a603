//! `xcargo doctor` as a user meets it: it finds what is wrong and nothing else, repairs it, and explains.

mod explain;
mod findings;
mod places;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use filetime::FileTime;
use fs_err as fs;
use serde_json::Value;

use crate::support::cmd::{Cmd, Run};
use crate::support::project::Project;
use crate::support::sandbox::Sandbox;

/// Exit codes from docs/exit-codes.md.
const FINDINGS: i32 = 40;
const BUSY: i32 = 45;
const USAGE: i32 = 48;

/// Which of cargo's layouts a build dir is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Layout {
    One,
    Two,
}

/// A program above a library with a module and a build script, in a sandbox. There is no doctor.toml.
struct Site {
    sandbox: Sandbox,
    project: Project,
    layout: Layout,
}

impl Site {
    /// Built by plain cargo.
    fn new(layout: Layout) -> Self {
        let sandbox = Sandbox::new();
        let project = Project::new(&sandbox, "p")
            .package("", "top", "[workspace]\nmembers = [\"low\"]\n[dependencies]\nlow = { path = \"low\" }\n[profile.dev]\ndebug = false\n")
            .file("src/main.rs", "fn main() { println!(\"{} {}\", low::N, low::m::V); }\n")
            .package("low", "low", "")
            .file("low/src/lib.rs", "include!(concat!(env!(\"OUT_DIR\"), \"/n.rs\"));\npub mod m;\n")
            .file("low/src/m.rs", "pub const V: &str = \"one\";\n")
            .file(
                "low/build.rs",
                // No shorter than a tick of the clock: a run that ends in the tick in which it began cannot be told from one whose
                // times were lost.
                "fn main() {\n    std::thread::sleep(std::time::Duration::from_millis(20));\n    \
                 println!(\"cargo::rerun-if-changed=build.rs\");\n    \
                 let out = std::env::var(\"OUT_DIR\").unwrap();\n    \
                 std::fs::write(format!(\"{out}/n.rs\"), \"pub const N: u32 = 41;\").unwrap();\n}\n",
            );
        let site = Self { sandbox, project, layout };
        // Old sources: what is changed later is changed after the build, whatever the clock's ticks.
        for file in ["src/main.rs", "low/src/lib.rs", "low/src/m.rs", "low/build.rs"] {
            filetime::set_file_mtime(site.at(file), FileTime::from_unix_time(1_704_067_200, 0)).unwrap();
        }
        site.prints("41 one");
        site
    }

    fn at(&self, path: impl AsRef<Path>) -> PathBuf {
        self.project.root().join(path)
    }

    fn set(&self, cmd: Cmd) -> Cmd {
        let cmd = cmd.dir(self.project.root()).env("CARGO_INCREMENTAL", "1");
        match self.layout {
            Layout::One => cmd,
            Layout::Two => cmd.env("RUSTC_BOOTSTRAP", "1").env("CARGO_UNSTABLE_BUILD_DIR_NEW_LAYOUT", "true"),
        }
    }

    fn cargo(&self, args: &[&str]) -> Cmd {
        self.set(self.sandbox.cargo()).args(args)
    }

    fn doctor(&self, args: &[&str]) -> Cmd {
        self.set(self.sandbox.xcargo()).arg("doctor").args(args)
    }

    /// Asserts that plain cargo runs the program, and that it prints this.
    #[track_caller]
    fn prints(&self, text: &str) {
        assert_eq!(self.cargo(&["run", "-q"]).run().ok().out().trim_end(), text);
    }

    /// Asserts that nothing at all is found.
    #[track_caller]
    fn is_healthy(&self, what: &str) {
        let run = self.doctor(&["--json"]).run();
        assert!(
            run.status.success() && json(&run)["findings"] == Value::Array(Vec::new()),
            "{what}: {}",
            run.show()
        );
    }

    /// The one file below the target dir that is such.
    #[track_caller]
    fn file(&self, is_it: impl Fn(&str) -> bool) -> PathBuf {
        let target = self.at("target");
        let mut found: Vec<PathBuf> = files(&target)
            .into_iter()
            .filter(|path| is_it(&path.strip_prefix(&target).unwrap().to_string_lossy()))
            .collect();
        found.sort();
        assert!(!found.is_empty(), "there is no such file");
        found.remove(0)
    }

    fn rlib(&self) -> PathBuf {
        self.file(|path| path.contains("/liblow-") && path.ends_with(".rlib"))
    }

    /// What is in the target dir, but for what xcargo keeps there.
    fn built(&self) -> BTreeMap<PathBuf, (SystemTime, Vec<u8>)> {
        snapshot(&self.at("target"))
    }
}

/// Every file of cargo's in a dir, with its time and content. Lock files are no content.
fn snapshot(dir: &Path) -> BTreeMap<PathBuf, (SystemTime, Vec<u8>)> {
    let is_cargos = |path: &PathBuf| {
        !path.iter().any(|part| part == ".xcargo")
            && !path.file_name().unwrap().to_string_lossy().ends_with("-lock")
    };
    let all = files(dir).into_iter().filter(is_cargos);
    all.map(|path| {
        let modified = path.metadata().unwrap().modified().unwrap();
        let content = fs::read(&path).unwrap();
        (path, (modified, content))
    })
    .collect()
}

fn files(dir: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(dir).unwrap().map(Result::unwrap);
    let below = entries.map(|entry| match entry.file_type().unwrap() {
        kind if kind.is_dir() => files(&entry.path()),
        _ => vec![entry.path()],
    });
    below.flatten().collect()
}

#[track_caller]
fn json(run: &Run) -> Value {
    serde_json::from_str(&run.out()).unwrap_or_else(|error| panic!("{error}: {}", run.show()))
}

/// Changes a file's content, and puts its time back.
fn unseen(path: &Path, change: impl Fn(Vec<u8>) -> Vec<u8>) {
    let time = FileTime::from_last_modification_time(&path.metadata().unwrap());
    let before = fs::read(path).unwrap();
    fs::write(path, change(before)).unwrap();
    filetime::set_file_mtime(path, time).unwrap();
}
