//! `policy check`, `show` and `schema`, and the words about them.

use fs_err as fs;
use serde_json::Value;
use toml_edit::DocumentMut;

use super::{BROKEN, FINDINGS, NO_WORKSPACE, USAGE, package, run};
use crate::support::project::Project;
use crate::support::sandbox::Sandbox;

/// What a CI job calls: its exit code is all that is looked at.
#[test]
fn check_says_by_its_exit_code_whether_the_policy_is_valid() {
    let sandbox = Sandbox::new();
    let project = package(&sandbox, "p");
    let none = run(&sandbox, &project, &["policy", "check"]).code(FINDINGS);
    assert!(none.err().contains("error[findings]: there is no doctor.toml in "), "{}", none.show());
    assert!(none.err().contains("`xcargo policy init` writes one"), "{}", none.show());

    let project = project.file("team/base.toml", "[clean]\nscope = 'workspace'\n");
    let project = project.doctor("[policy]\nextends = ['team/base.toml']\n");
    let valid = run(&sandbox, &project, &["policy", "check"]).ok();
    assert!(valid.stdout.is_empty(), "{}", valid.show());
    assert!(valid.err().contains("Checked team/base.toml, doctor.toml: valid"), "{}", valid.show());
    let inner = sandbox.xcargo().args(["policy", "check"]).dir(project.root().join("src")).run().ok();
    assert!(inner.err().contains(project.root().join("doctor.toml").to_str().unwrap()), "{}", inner.show());

    let project = project.file("team/base.toml", "[clean]\nscope = 'some'\n");
    for dir in [project.root(), &project.root().join("src"), &sandbox.work()] {
        let manifest = project.root().join("Cargo.toml");
        let cmd = sandbox.xcargo().args(["policy", "check", "--manifest-path"]).arg(manifest);
        let broken = cmd.dir(dir).run().code(BROKEN);
        assert!(broken.err().contains("base.toml:2:9"), "{}", broken.show());
    }
}

/// "Why does it do that here?" must be answered with a file and a line, through every file that has a say.
#[test]
fn show_is_the_policy_in_force_with_the_origin_of_each_value() {
    let sandbox = Sandbox::new();
    let project = package(&sandbox, "w/p")
        .file("../team/base.toml", "[policy]\nextends = ['org.toml']\n\n[toolchain]\noverride = 'warn'\ninstall = 'ask'\n")
        .file("../team/org.toml", "[commands]\ndeny = [{ command = 'publish', reason = \"it's CI's\" }]\n")
        .doctor("[policy]\nextends = ['../team/base.toml']\n[toolchain]\noverride = 'deny'\n[commands]\ndeny = [{ command = 'yank' }]\n");
    let shown = run(&sandbox, &project, &["policy", "show"]).ok();
    assert_eq!(shown.err(), "");
    let line = |start: &str| {
        let text = shown.out();
        let found = text.lines().find(|line| line.trim_start().starts_with(start)).map(str::to_owned);
        found.unwrap_or_else(|| panic!("no line starts with {start}:\n{text}"))
    };
    for (start, end) in [
        ("override = \"deny\" ", "# doctor.toml:4"),
        ("install = \"ask\" ", "team/base.toml:6"),
        ("{ command = \"publish\"", "team/org.toml:2"),
        ("{ command = \"yank\"", "# doctor.toml:6"),
        ("scope = \"stale\" ", "# default"),
    ] {
        assert!(line(start).ends_with(end), "{start} … {end}\n{}", shown.show());
    }
    // What is shown is a policy itself, and asks for the same.
    let document: DocumentMut = shown.out().parse().expect("it is TOML");
    assert_eq!(document["toolchain"]["install"].as_str(), Some("ask"));
    let again = package(&sandbox, "again").doctor(&shown.out());
    run(&sandbox, &again, &["policy", "check"]).ok();
    let values = |text: String| -> Vec<String> {
        text.lines().map(|line| line.split(" # ").next().unwrap_or_default().to_owned()).collect()
    };
    let again = run(&sandbox, &again, &["policy", "show"]).ok();
    assert_eq!(values(again.out()), values(shown.out()));

    let none = package(&sandbox, "none");
    let defaults = run(&sandbox, &none, &["policy", "show"]).ok().out();
    assert!(defaults.contains("override = \"allow\" # default"), "{defaults}");
    assert!(!none.root().join("doctor.toml").exists());
}

/// Editors fetch it by this command: it must be JSON and nothing else, and know what the example uses.
#[test]
fn the_schema_is_json_that_knows_every_key_of_the_example() {
    let sandbox = Sandbox::new();
    let run = sandbox.xcargo().args(["policy", "schema"]).run().ok();
    assert_eq!(run.err(), "");
    let schema: Value = serde_json::from_slice(&run.stdout).expect("it is JSON");
    let example: DocumentMut = include_str!("../../../doctor.toml.example").parse().expect("it is TOML");
    let knows = |section: &str, key: &str| {
        let section = &schema["properties"][section];
        assert_eq!(section["additionalProperties"], false, "{section}");
        section["properties"].get(key).cloned()
    };
    let mut keys = 0;
    for (section, table) in example.iter() {
        for (key, value) in table.as_table().expect("a section").iter() {
            let known = knows(section, key).unwrap_or_else(|| panic!("{section}.{key} is not in the schema"));
            let default = match value.as_value().expect("a value") {
                toml_edit::Value::String(text) => Value::from(text.value().as_str()),
                toml_edit::Value::Boolean(flag) => Value::from(*flag.value()),
                toml_edit::Value::Integer(number) => Value::from(*number.value()),
                toml_edit::Value::Array(list) => list.iter().filter_map(toml_edit::Value::as_str).collect(),
                other => panic!("{section}.{key}: {other}"),
            };
            assert_eq!(known["default"], default, "{section}.{key}");
            keys += 1;
        }
    }
    assert!(keys > 10, "only {keys} keys were compared");
    assert_eq!(knows("clean", "scop"), None);
}

#[test]
fn wrong_use_is_said_with_the_right_use() {
    let sandbox = Sandbox::new();
    let project = package(&sandbox, "p");
    for (args, says) in [
        (&["policy"][..], "xcargo policy --help"),
        (&["policy", "chekc"], "unrecognized subcommand 'chekc'"),
        (&["policy", "init", "--force"], "unexpected argument '--force'"),
        (&["policy", "show", "extra"], "unexpected argument 'extra'"),
        (&["policy", "check", "--manifest-path"], "a value is required for '--manifest-path"),
        (&["-q", "policy", "--frob"], "unexpected argument '--frob'"),
    ] {
        let run = run(&sandbox, &project, args).code(USAGE);
        assert!(run.stdout.is_empty() && run.err().starts_with("error[usage]: "), "{}", run.show());
        assert!(run.err().contains(says), "{says:?} is not said\n{}", run.show());
    }
    let missing = run(&sandbox, &project, &["policy", "check", "--manifest-path", "gone/Cargo.toml"]);
    assert!(missing.code(NO_WORKSPACE).err().contains("gone/Cargo.toml"));
    assert!(!project.root().join("doctor.toml").exists());
}

/// A policy is written and checked before anybody has installed anything.
#[test]
fn the_verbs_need_no_cargo() {
    let sandbox = Sandbox::new();
    let project: Project = package(&sandbox, "p");
    let empty = sandbox.root().join("empty");
    fs::create_dir(&empty).unwrap();
    let verb = |args: &[&str]| {
        let cmd = sandbox.xcargo().args(args).dir(project.root());
        cmd.env("PATH", &empty).env("CARGO_HOME", &empty).env("RUSTUP_HOME", &empty).run().ok()
    };
    for (args, out) in [
        (&["policy", "init"][..], ""),
        (&["policy", "check"], ""),
        (&["policy", "show"], "[toolchain]"),
        (&["policy", "schema"], "$schema"),
        (&["policy", "--help"], "Usage: xcargo policy"),
        (&["policy", "show", "--help"], "Usage: xcargo policy show"),
        (&["help", "policy"], "Usage: xcargo policy"),
    ] {
        let run = verb(args);
        assert!(run.out().contains(out), "{}", run.show());
        assert_eq!(run.stdout.is_empty(), out.is_empty(), "{}", run.show());
    }
    for verb in ["init", "check", "show", "schema"] {
        let help = sandbox.xcargo().args(["help", "policy"]).run().ok().out();
        assert!(help.lines().any(|line| line.trim_start().starts_with(verb)), "{verb} is not in\n{help}");
    }
}
