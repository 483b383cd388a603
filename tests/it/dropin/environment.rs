//! What cargo's children see in their environment is what they would see without xcargo: all of it, compared.

use fs_err as fs;

use super::POLICY;
use crate::support::project::Project;
use crate::support::sandbox::Sandbox;
use crate::support::twins::Twins;

/// Writes the whole environment into a file of the package, so that it becomes part of the compared tree.
const DUMP: &str = r#"
    use std::os::unix::ffi::OsStrExt;
    let mut vars: Vec<_> = std::env::vars_os().collect();
    vars.sort();
    let mut text = Vec::new();
    for (name, value) in vars {
        text.extend([name.as_bytes(), b"=", value.as_bytes(), b"\n"].concat());
    }
    let dir = std::path::PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    std::fs::write(dir.join("seen-by-WHO.txt"), text).unwrap();
"#;

fn project(sandbox: &Sandbox) -> Project {
    let dump = |who: &str| DUMP.replace("WHO", who);
    Project::new(sandbox, "env")
        .package("", "env", "")
        .file(
            "build.rs",
            format!("fn main() {{ println!(\"cargo::rerun-if-changed=build.rs\");{}}}", dump("script")),
        )
        .file("src/main.rs", format!("fn main() {{{}}}", dump("program")))
        .file("tests/dump.rs", format!("#[test]\nfn dump() {{{}}}", dump("test")))
        .file("examples/other.rs", format!("fn main() {{{}}}", dump("example")))
        .file(".cargo/config.toml", "[env]\nFROM_CONFIG = \"1\"\n[alias]\nx = \"run --example other\"\n")
}

fn check(policy: Option<&str>) {
    let sandbox = Sandbox::new();
    let mut project = project(&sandbox);
    if let Some(policy) = policy {
        project = project.doctor(policy);
    }
    let dump_script =
        format!("#!/bin/sh\nenv | sort > '{}/seen-by-subcommand.txt'\n", project.root().display());
    sandbox.script("bin/cargo-dump", &dump_script);
    let twins = Twins::of(&sandbox, &project);
    for args in [&["run"][..], &["test"], &["x"], &["+host", "run"], &["dump"]] {
        twins.same_with(|cmd| {
            cmd.args(args)
                .env("LD_LIBRARY_PATH", "/of/the/user")
                .env("XCARGO_LOOKALIKE", "kept")
                .env("EMPTY", "")
        });
    }
    twins.change(|root| {
        for who in ["script", "program", "test", "example", "subcommand"] {
            let seen = fs::read_to_string(root.join(format!("seen-by-{who}.txt"))).expect("it was run");
            assert!(seen.contains("CARGO="), "{who} was run by cargo:\n{seen}");
            assert!(seen.contains("RUSTUP_TOOLCHAIN=host\n"), "{who} was run through rustup:\n{seen}");
        }
    });
}

#[test]
fn build_scripts_tests_programs_and_subcommands_see_the_same_variables() {
    check(None);
}

#[test]
fn they_do_under_a_policy_too() {
    check(Some(POLICY));
}
