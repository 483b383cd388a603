//! Where it works, what it leaves alone, and whose verb it is.

use fs_err as fs;

use super::{NO_WORKSPACE, USAGE, cache, cargo, json, project};
use crate::support::recorder::Recorder;
use crate::support::sandbox::{Sandbox, xcargo};
use crate::support::terminal::Terminal;
use crate::support::tree::{Ours, Tree};

#[test]
fn it_changes_nothing_takes_no_lock_and_starts_no_cargo() {
    let sandbox = Sandbox::new();
    let project = project(&sandbox);
    cargo(&sandbox, &project, &["build"]);
    let lock =
        fs::File::options().write(true).open(project.root().join("target/debug/.cargo-lock")).expect("lock");
    lock.lock().expect("nobody else has it");
    let recorder = Recorder::install(&sandbox);
    let before = Tree::read(project.root(), Ours::Counts);
    for args in [&[][..], &["--json"], &["--by", "kind", "--all"]] {
        cache(&sandbox, &project, args).ok();
    }
    assert_eq!(before.difference(&Tree::read(project.root(), Ours::Counts)), "");
    let calls = recorder.take();
    assert!(calls.iter().all(|call| call.tool == "rustc" && call.args == ["-vV"]), "{calls:?}");
    assert!(!calls.is_empty(), "the recorder saw nobody being asked who he is");
}

#[test]
fn nothing_there_is_no_error() {
    let sandbox = Sandbox::new();
    let project = project(&sandbox);
    let none = cache(&sandbox, &project, &[]).ok();
    assert!(none.out().contains("target does not exist: nothing is cached"), "{}", none.show());
    assert_eq!(json(&sandbox, &project, &[])["bytes"], 0);
    fs::create_dir(project.root().join("target")).expect("dir");
    let empty = cache(&sandbox, &project, &[]).ok();
    assert!(empty.out().contains("target is empty: nothing is cached"), "{}", empty.show());
}

/// When everything else refuses, one still wants to see what takes the space.
#[test]
fn it_works_where_the_policy_or_the_manifest_is_broken() {
    let sandbox = Sandbox::new();
    let project = project(&sandbox);
    cargo(&sandbox, &project, &["build"]);
    let bytes = json(&sandbox, &project, &[])["bytes"].clone();
    let project = project.doctor("[policy\n");
    assert_eq!(json(&sandbox, &project, &[])["bytes"], bytes);
    let project = project.file("Cargo.toml", "[package\n");
    let refused = cache(&sandbox, &project, &[]).code(NO_WORKSPACE);
    assert!(refused.err().contains("`xcargo cache --target-dir <DIR>`"), "{}", refused.show());
    assert_eq!(json(&sandbox, &project, &["--target-dir", "target"])["bytes"], bytes);
    let cmd = sandbox.xcargo().args(["cache", "--json", "--target-dir"]).arg(project.root().join("target"));
    assert!(cmd.run().ok().out().contains(&format!("\"bytes\": {bytes}")));
    sandbox.xcargo().arg("cache").run().code(NO_WORKSPACE);
}

#[test]
fn a_target_dir_that_is_a_link_is_said_and_not_followed() {
    let sandbox = Sandbox::new();
    let project = project(&sandbox);
    fs::create_dir_all(sandbox.work().join("elsewhere/debug")).expect("dirs");
    fs::write(sandbox.work().join("elsewhere/debug/.cargo-lock"), "12345").expect("file");
    std::os::unix::fs::symlink("../elsewhere", project.root().join("target")).expect("link");
    let report = json(&sandbox, &project, &[]);
    assert_eq!(report["bytes"], 0);
    assert!(report["left-alone"][0]["why"].as_str().is_some_and(|why| why.contains("link")), "{report}");
    let text = cache(&sandbox, &project, &[]).ok();
    assert!(text.out().contains("Left alone\n"), "{}", text.show());
}

/// `cargo cache` is somebody else's program on many machines: a drop-in is not in its way.
#[test]
fn called_as_cargo_the_verb_is_cargos() {
    let sandbox = Sandbox::new();
    let project = project(&sandbox);
    sandbox.script("bin/cargo-cache", "#!/bin/sh\necho theirs \"$@\"\n");
    let link = sandbox.root().join("tools/link");
    fs::create_dir(&link).expect("dir");
    std::os::unix::fs::symlink(xcargo(), link.join("cargo")).expect("link");
    let theirs = sandbox.command(link.join("cargo")).args(["cache", "--json"]).dir(project.root()).run().ok();
    assert_eq!(theirs.out(), "theirs cache --json\n");
    let theirs = sandbox.xcargo().args(["--", "cache"]).dir(project.root()).run().ok();
    assert_eq!(theirs.out(), "theirs cache\n");
    let ours = cache(&sandbox, &project, &[]).ok();
    assert!(ours.out().contains("nothing is cached"), "{}", ours.show());
}

#[test]
fn wrong_words_are_refused() {
    let sandbox = Sandbox::new();
    let project = project(&sandbox);
    for args in
        [&["--by", "size"][..], &["--json", "--all"], &["--html"], &["more"], &["--json", "--html", "x.html"]]
    {
        let run = cache(&sandbox, &project, args).code(USAGE);
        assert!(run.stdout.is_empty() && run.err().starts_with("error[usage]: "), "{}", run.show());
    }
    for args in [&["cache", "--help"][..], &["help", "cache"]] {
        let help = sandbox.xcargo().args(args).run().ok();
        for word in ["--html <FILE>", "--json", "--by <WHAT>", "--target-dir", "--manifest-path"] {
            assert!(help.out().contains(word), "{word}\n{}", help.show());
        }
    }
}

#[test]
fn a_terminal_shows_bars_and_colours_and_a_pipe_does_not() {
    let sandbox = Sandbox::new();
    let project = project(&sandbox);
    cargo(&sandbox, &project, &["build"]);
    let cmd = || sandbox.xcargo().args(["cache", "--by", "kind"]).dir(project.root());
    let shown = Terminal::start(cmd()).finish().ok();
    assert!(shown.out().contains('█') && shown.out().contains("\u{1b}["), "{}", shown.show());
    for line in shown.out().lines().skip(2) {
        assert!(console::measure_text_width(line.trim_end()) <= 100, "{line:?}");
    }
    let ascii = Terminal::start(cmd().env("LC_ALL", "C").env("NO_COLOR", "1")).finish().ok();
    assert!(
        ascii.out().contains("##") && ascii.out().is_ascii() && !ascii.out().contains('\u{1b}'),
        "{}",
        ascii.show()
    );
    let dumb = Terminal::start(cmd().env("TERM", "dumb")).finish().ok();
    assert!(dumb.out().is_ascii() && !dumb.out().contains('\u{1b}'), "{}", dumb.show());
    let piped = cmd().run().ok();
    assert!(
        piped.out().is_ascii() && !piped.out().contains('#') && !piped.out().contains('\t'),
        "{}",
        piped.show()
    );
    let coloured = cmd().args(["--color", "always"]).run().ok();
    assert_eq!(console::strip_ansi_codes(&coloured.out()), piped.out());
    assert_ne!(coloured.out(), piped.out());
}
