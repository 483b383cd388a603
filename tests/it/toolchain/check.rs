//! `check`: findings for people, for CI and for programs, and an exit code.

use std::collections::BTreeSet;

use serde_json::Value;

use super::site::{Snapshot, sandbox, site, small, xcargo};
use crate::support::cmd::Run;
use crate::support::dist::{Dist, R1_77};
use crate::support::project::Project;
use crate::support::sandbox::Sandbox;

const FORMATS: &[&str] = &["human", "json", "github", "sarif"];

fn check(sandbox: &Sandbox, project: &Project, args: &[&str]) -> Run {
    let all: Vec<&str> = ["toolchain", "check"].iter().chain(args).copied().collect();
    xcargo(sandbox, project, &all).run()
}

/// What is wrong with a repository, in the order of the files.
fn with_findings(sandbox: &Sandbox) -> Project {
    small(sandbox)
        .file("Dockerfile", "FROM rust:1.76-slim\n")
        .file("Cargo.toml", "[package]\nname = \"small\"\nversion = \"0.1.0\"\nedition = \"2021\"\nrust-version = \"1.78\"\n")
        .file(
            ".github/workflows/ci, 100%: a.yml",
            "jobs:\n  oldest:\n    steps:\n      - uses: dtolnay/rust-toolchain@1.60.0\n      - run: cargo test\n  float:\n    steps:\n\
             \x20     - uses: dtolnay/rust-toolchain@master\n        with: { toolchain: 1.90 }\n      - run: cargo +1.75.0 test\n",
        )
        .file(".github/workflows/odd.yml", "# rust\njobs: [\n")
}

/// The rules, by the JSON form.
fn rules(run: &Run) -> BTreeSet<String> {
    let value: Value =
        serde_json::from_slice(&run.stdout).unwrap_or_else(|error| panic!("{error}: {}", run.show()));
    let findings = value["findings"].as_array().unwrap();
    findings.iter().map(|finding| finding["rule"].as_str().unwrap().to_owned()).collect()
}

/// What a user would lose: a green CI for a repository in step, in whatever form it is asked.
#[test]
fn a_repository_in_step_passes() {
    let sandbox = sandbox();
    let project = site(&sandbox);
    let before = Snapshot::of(&sandbox, &project);
    for format in FORMATS {
        for ci in ["", "true"] {
            let run = xcargo(&sandbox, &project, &["toolchain", "check", "--offline", "--format", format]);
            let run = run.env("CI", ci).env("GITHUB_ACTIONS", ci).run().ok();
            assert_eq!(run.err(), "", "{}", run.show());
        }
    }
    before.assert_same();
}

/// What a user would lose: any of these, found on Monday in production instead of on Friday in CI.
#[test]
fn findings_in_every_form() {
    let sandbox = sandbox();
    let project = with_findings(&sandbox);
    let json = check(&sandbox, &project, &["--offline", "--format", "json"]).code(40);
    let expect =
        ["msrv-above-pin", "pin-drift", "shadowed-toolchain", "undecided-pin", "unreadable", "yaml-float"];
    assert_eq!(rules(&json).into_iter().collect::<Vec<_>>(), expect, "{}", json.show());
    let value: Value = serde_json::from_slice(&json.stdout).unwrap();
    let findings = value["findings"].as_array().unwrap();
    assert_eq!((&value["format"], value["pin"]["name"].as_str()), (&1.into(), Some("1.77.2")));

    let human = check(&sandbox, &project, &["--offline"]).code(40);
    for finding in findings {
        let head =
            format!("{}[{}]", finding["severity"].as_str().unwrap(), finding["rule"].as_str().unwrap());
        assert!(human.out().contains(&head), "{head}: {}", human.show());
    }
    assert!(human.out().contains("--> Dockerfile:1:11\n"), "{}", human.show());
    assert!(!human.out().contains('\u{1b}'), "no colours without a terminal");

    let github = check(&sandbox, &project, &["--offline", "--format", "github"]).code(40);
    let lines: Vec<String> = github.out().lines().map(str::to_owned).collect();
    assert_eq!(lines.len(), findings.len(), "{}", github.show());
    assert!(
        lines.iter().all(|line| line.starts_with("::error file=") || line.starts_with("::warning file="))
    );
    let odd = "file=.github/workflows/ci%2C 100%25%3A a.yml,line=4,col=";
    assert!(
        lines.iter().any(|line| line.contains(odd) && line.contains("title=shadowed-toolchain::")),
        "{}",
        github.show()
    );

    let sarif = check(&sandbox, &project, &["--offline", "--format", "sarif"]).code(40);
    let value: Value = serde_json::from_slice(&sarif.stdout).unwrap();
    let run = &value["runs"][0];
    assert_eq!(value["version"], "2.1.0");
    let known = run["tool"]["driver"]["rules"].as_array().unwrap();
    let results = run["results"].as_array().unwrap();
    assert_eq!(results.len(), findings.len());
    for result in results {
        let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(known[index]["id"], result["ruleId"]);
        let place = &result["locations"][0]["physicalLocation"];
        assert_eq!(place["artifactLocation"]["uriBaseId"], "%SRCROOT%");
        assert!(
            result["ruleId"] == "unreadable" || place["region"]["startLine"].as_u64() >= Some(1),
            "{result}"
        );
    }
    let odd = ".github/workflows/ci%2C%20100%25%3A%20a.yml";
    assert!(
        results.iter().any(|it| it["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == odd),
        "{}",
        sarif.out()
    );
    check(&sandbox, &project, &["--format", "xml"]).code(48);
}

/// What a user would lose: a pull request that names a release which is not there (yet).
#[test]
fn what_the_server_does_not_have() {
    let sandbox = sandbox();
    let dist = Dist::of(&sandbox);
    let project = small(&sandbox).file("Dockerfile", "FROM rust:1.77.2\n");
    // The pin is installed, so nobody is asked for it.
    check(&sandbox, &project, &[]).ok();
    let project = project.file("docker/Dockerfile", "# xcargo: role=deliberate\nFROM rust:1.77.9\n");
    let run = check(&sandbox, &project, &["--format", "json"]).code(40);
    assert_eq!(rules(&run), BTreeSet::from(["unknown-version".to_owned()]), "{}", run.show());
    let offline = check(&sandbox, &project, &["--format", "json", "--offline"]).ok();
    assert_eq!(rules(&offline), BTreeSet::new());
    dist.stub("1.77.9", &R1_77);
    check(&sandbox, &project, &[]).ok();
}

/// What a user would lose: every pipeline, on the day when the server is away.
#[test]
fn a_server_that_does_not_answer_is_no_finding() {
    let sandbox = sandbox();
    let project =
        small(&sandbox).file("Dockerfile", "FROM rust:1.77.2\n# xcargo: role=deliberate\nFROM rust:1.77.9\n");
    for server in
        ["http://127.0.0.1:1", "file:///nowhere/at/all", "gopher://x", "http://user:secret@127.0.0.1:1/"]
    {
        for format in FORMATS {
            let run = xcargo(&sandbox, &project, &["toolchain", "check", "--format", format]);
            let run = run.env("RUSTUP_DIST_SERVER", server).run().ok();
            assert!(run.out().contains("whether all versions exist was not checked"), "{}", run.show());
            assert!(!run.out().contains("secret"), "{}", run.show());
        }
    }
}

/// What a user would lose: a check in a container that has neither cargo nor rustup.
#[test]
fn it_needs_no_cargo() {
    let sandbox = sandbox();
    let project = with_findings(&sandbox);
    let run = xcargo(&sandbox, &project, &["toolchain", "check", "--offline"])
        .env("PATH", "/nowhere")
        .run()
        .code(40);
    assert!(run.out().contains("error[pin-drift]"), "{}", run.show());
    let run = xcargo(&sandbox, &project, &["toolchain", "show"]).env("PATH", "/nowhere").run().ok();
    assert!(run.out().starts_with("Pinned to 1.77.2"), "{}", run.show());
}
