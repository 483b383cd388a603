//! Jobs in directories of their own, and the toolchain file that counts for them.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::ToolchainFiles;
use crate::pins::effective::compilers;
use crate::pins::role::{self, Ground, Tree};
use crate::pins::survey::{FileOfPins, Placed, Survey, UnreadableFile};
use crate::pins::{Kind, recognise};

fn survey(files: &[(&str, &str)]) -> Survey {
    let mut survey = Survey::default();
    for (path, text) in files {
        let found = recognise(Kind::ToolchainFile, text);
        let Ok(found) = found else {
            let (path, why) = (PathBuf::from(path), "broken".to_owned());
            survey.unreadable.push(UnreadableFile { path, why, span: None, text: None });
            continue;
        };
        let place = |pin| {
            let judged = role::judge(&pin, &Ground::default(), Tree::Own);
            Placed { pin, judged }
        };
        survey.files.push(FileOfPins {
            path: PathBuf::from(path),
            kind: Some(Kind::ToolchainFile),
            text: Arc::from(*text),
            pins: found.pins.into_iter().map(place).collect(),
            remarks: Vec::new(),
            jobs: Vec::new(),
            patterns: Vec::new(),
            ignored: None,
        });
    }
    survey
}

#[test]
fn the_nearest_counts() {
    let survey = survey(&[
        ("rust-toolchain.toml", "[toolchain]\nchannel = \"1.78.0\"\n"),
        ("a/rust-toolchain", "1.70\n"),
        ("a/rust-toolchain.toml", "[toolchain]\nchannel = \"1.71.0\"\n"),
        ("a/b/rust-toolchain", "[toolchain\n"),
    ]);
    let files = ToolchainFiles::of(&survey);
    for (dir, expect) in [
        ("", "rust-toolchain.toml"),
        ("c/d", "rust-toolchain.toml"),
        ("a", "a/rust-toolchain"),
        ("a/c", "a/rust-toolchain"),
        ("a/b/c", "a/b/rust-toolchain"),
    ] {
        assert_eq!(files.from(Path::new(dir)).map(|file| file.path), Some(Path::new(expect)), "{dir}");
    }
    let below = self::survey(&[("a/rust-toolchain", "1.70\n")]);
    assert_eq!(ToolchainFiles::of(&below).from(Path::new("")), None, "the one below is not for the root");
}

/// A claim that a job tests nothing has to be true: elsewhere, another file counts.
#[test]
fn jobs_in_directories_of_their_own() {
    let both = &[("rust-toolchain", "1.78.0\n"), ("fuzz/rust-toolchain", "nightly\n")][..];
    let below = &both[1..];
    let top = &both[..1];
    let sets = "    steps:\n    - uses: dtolnay/rust-toolchain@nightly\n";
    let cargo = "    - run: cargo test\n";
    for (name, files, head, job, expect) in [
        ("in the root", both, "", format!("{sets}{cargo}"), "nightly -> 1.78.0 SHADOWED"),
        ("there is none in the root", below, "", format!("{sets}{cargo}"), "nightly -> nightly"),
        (
            "of a step",
            both,
            "",
            format!("{sets}{cargo}      working-directory: ./fuzz/\n"),
            "nightly -> nightly",
        ),
        (
            "below it",
            both,
            "",
            format!("{sets}{cargo}      working-directory: fuzz/a\n"),
            "nightly -> nightly",
        ),
        (
            "of the job",
            both,
            "",
            format!("    defaults: {{run: {{working-directory: fuzz}}}}\n{sets}{cargo}"),
            "nightly -> nightly",
        ),
        (
            "of the workflow",
            both,
            "defaults: {run: {working-directory: fuzz}}\n",
            format!("{sets}{cargo}"),
            "nightly -> nightly",
        ),
        (
            "a step is nearer than the job",
            both,
            "defaults: {run: {working-directory: fuzz}}\n",
            format!("{sets}{cargo}      working-directory: .\n"),
            "nightly -> 1.78.0 SHADOWED",
        ),
        (
            "an expression",
            both,
            "",
            format!("{sets}{cargo}      working-directory: ${{{{ matrix.dir }}}}\n"),
            "nightly -> ?",
        ),
        (
            "the workspace by its name",
            both,
            "",
            format!("{sets}{cargo}      working-directory: ${{{{ github.workspace }}}}/fuzz\n"),
            "nightly -> nightly",
        ),
        ("a way out", both, "", format!("{sets}{cargo}      working-directory: ../x\n"), "nightly -> ?"),
        (
            "here and there",
            both,
            "",
            format!("{sets}{cargo}{cargo}      working-directory: fuzz\n"),
            "nightly -> ?",
        ),
        (
            "here and there, one file",
            top,
            "",
            format!("{sets}{cargo}{cargo}      working-directory: fuzz\n"),
            "nightly -> 1.78.0 SHADOWED",
        ),
        ("cd", both, "", format!("{sets}    - run: cd fuzz && cargo test\n"), "nightly -> ?"),
        (
            "cd, one file",
            top,
            "",
            format!("{sets}    - run: cd a && cargo test && cd ..\n"),
            "nightly -> 1.78.0 SHADOWED",
        ),
        (
            "cd to a variable",
            top,
            "",
            format!("{sets}    - run: cd \"$DIR\" && cargo test\n"),
            "nightly -> ?",
        ),
        (
            "rustup itself may run elsewhere",
            both,
            "",
            format!("    steps:\n    - run: rustup default nightly\n{cargo}      working-directory: fuzz\n"),
            "nightly -> nightly",
        ),
        (
            "checked out below",
            top,
            "",
            format!(
                "    steps:\n    - uses: actions/checkout@v4\n      with: {{path: x}}\n    - uses: dtolnay/rust-toolchain@nightly\n{cargo}"
            ),
            "nightly -> ?",
        ),
        (
            "checked out below, and there",
            both,
            "",
            format!(
                "    steps:\n    - uses: actions/checkout@v4\n      with: {{path: x}}\n    - uses: dtolnay/rust-toolchain@nightly\n{cargo}      working-directory: x/fuzz\n"
            ),
            "nightly -> nightly",
        ),
        (
            "another repository",
            top,
            "",
            format!(
                "    steps:\n    - uses: actions/checkout@v4\n    - uses: actions/checkout@v4\n      with: {{repository: o/r, path: x}}\n    - uses: dtolnay/rust-toolchain@nightly\n{cargo}      working-directory: x\n"
            ),
            "nightly -> ?",
        ),
        (
            "an override above the file",
            both,
            "",
            format!(
                "    steps:\n    - run: rustup override set 1.70.0\n{cargo}      working-directory: fuzz\n"
            ),
            "1.70.0 -> ?",
        ),
        (
            "a variable outranks whatever it is",
            both,
            "",
            format!(
                "    env: {{RUSTUP_TOOLCHAIN: 1.70.0}}\n    steps:\n{cargo}      working-directory: ${{{{ matrix.dir }}}}\n"
            ),
            "1.70.0 -> 1.70.0",
        ),
        (
            "no file at all",
            &[][..],
            "",
            format!("{sets}{cargo}      working-directory: ${{{{ matrix.dir }}}}\n"),
            "nightly -> nightly",
        ),
    ] {
        let text = format!("on: push\n{head}jobs:\n  it:\n{job}");
        let found = recognise(Kind::Workflow, &text).unwrap_or_else(|error| panic!("{name}: {error:?}"));
        let survey = survey(files);
        let file = ToolchainFiles::of(&survey).for_job(&found.jobs[0]);
        let runs = compilers(&found.jobs[0], file);
        let shown: Vec<String> = runs
            .iter()
            .map(|run| {
                let claimed = run.claimed.as_ref().map_or("nothing", |claim| &claim.name);
                let mark = if run.is_shadowed() { " SHADOWED" } else { "" };
                format!("{claimed} -> {}{mark}", run.effective.as_deref().unwrap_or("?"))
            })
            .collect();
        assert_eq!(shown, [expect], "{name}: {:?}", found.jobs[0].directories);
    }
}
