//! Which files cargo counts as a package's.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use filetime::FileTime;
use xcargo::cache::Layout;
use xcargo::cache::inputs::{self, Watched};

use super::super::small::Small;
use super::{show, units};

const WHOLE: &[(&str, &str)] = &[
    ("Cargo.toml", "[package]\nname = 'whole'\nversion = '0.1.0'\nedition = '2021'\n[workspace]\n"),
    ("build.rs", "fn main() {}\n"),
    ("src/lib.rs", ""),
    (".gitignore", "*.ignored\n/target\n"),
    (".hidden/h.txt", ""),
    ("data/deep/d.txt", ""),
    ("data/target/t.txt", ""),
    ("x.ignored", ""),
    ("kept.ignored", ""),
    ("other/Cargo.toml", "[package]\nname = 'other'\nversion = '0.1.0'\nedition = '2021'\n"),
    ("other/src/lib.rs", ""),
    ("target/t.txt", ""),
];

/// The newest file of those that count, as cargo writes it down.
fn newest(small: &Small) -> String {
    let time = |path: &PathBuf| {
        FileTime::from_last_modification_time(&fs::metadata(small.root().join(path)).expect("file"))
    };
    let files = inputs::package_files(&small.root(), &small.target());
    let newest = files.iter().max_by_key(|path| time(path)).expect("files");
    format!("{} ({})", time(newest), show(newest))
}

/// What git knows of the package.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Git {
    None,
    /// A repository in which nothing was added: cargo does not ask it.
    Empty,
    /// All but the lock file and what is ignored is tracked, and one file that is ignored.
    Tracks,
}

fn git(small: &Small, args: &[&str]) {
    let mut command = Command::new("git");
    // In a hook these name another repository.
    for name in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"] {
        command.env_remove(name);
    }
    assert!(command.args(args).current_dir(small.root()).status().expect("git").success());
}

/// The newest file of those that count, by cargo's own word.
fn said(small: &Small) -> Vec<String> {
    let units = units(small);
    let builds = units.iter().flat_map(|unit| inputs::builds(&small.target(), unit));
    let said = builds.filter_map(|build| match build.watched {
        Watched::Package { newest } => Some(newest),
        _ => None,
    });
    said.collect()
}

/// Each file in its turn is the newest; what cargo says of the package then is what these files say.
#[test]
fn the_files_of_a_package_are_cargos() {
    for state in [Git::None, Git::Empty, Git::Tracks] {
        let small = Small::with(Layout::One, WHOLE);
        if state != Git::None {
            git(&small, &["init", "-q"]);
        }
        if state == Git::Tracks {
            git(&small, &["add", "."]);
            git(&small, &["add", "-f", "kept.ignored"]);
        }
        small.cargo(&["generate-lockfile"]);
        let mut counted = Vec::new();
        for file in WHOLE.iter().map(|(file, _)| *file).chain(["Cargo.lock"]) {
            small.touch(file);
            small.cargo(&["check", "--quiet"]);
            let said = said(&small);
            assert_eq!(said, [newest(&small)], "{file}, {state:?}");
            counted.extend(said[0].ends_with(&format!("({file})")).then_some(file));
        }
        let expect: &[&str] = match state {
            Git::Tracks => &[
                "Cargo.toml",
                "build.rs",
                "src/lib.rs",
                ".gitignore",
                ".hidden/h.txt",
                "data/deep/d.txt",
                "data/target/t.txt",
                "kept.ignored",
            ],
            Git::None | Git::Empty => &[
                "Cargo.toml",
                "build.rs",
                "src/lib.rs",
                "data/deep/d.txt",
                "data/target/t.txt",
                "x.ignored",
                "kept.ignored",
                "Cargo.lock",
            ],
        };
        assert_eq!(counted, expect, "{state:?}");
    }
}

/// The lists of a manifest, with git and without.
#[test]
fn lists_of_a_manifest_choose_as_cargo_does() {
    for list in [
        "exclude = ['data/deep/', '*.ignored', 'src']",
        "exclude = ['/data/**', '!data/target/t.txt']",
        "include = ['src', 'build.rs', 'data/', '!data/target']",
        "include = ['**/*.rs', '.hidden/**', '*.ignored', '/target']\nexclude = ['src']",
    ] {
        for state in [Git::None, Git::Tracks] {
            let manifest = WHOLE[0].1.replace("edition", &format!("{list}\nedition"));
            let files: Vec<(&str, &str)> = std::iter::once(("Cargo.toml", manifest.as_str()))
                .chain(WHOLE[1..].iter().copied())
                .collect();
            let small = Small::with(Layout::One, &files);
            if state == Git::Tracks {
                git(&small, &["init", "-q"]);
                git(&small, &["add", "."]);
                git(&small, &["add", "-f", "kept.ignored"]);
            }
            small.cargo(&["generate-lockfile"]);
            for (file, _) in WHOLE {
                small.touch(file);
                small.cargo(&["check", "--quiet"]);
                assert_eq!(said(&small), [newest(&small)], "{file}, {list}, {state:?}");
            }
        }
    }
}
