//! Each rule speaks where it should, and is silent elsewhere.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::{Existence, Finding, Rule, findings, notes, questions};
use crate::diagnostic::Severity;
use crate::pins::directives::Directives;
use crate::pins::kind::Format;
use crate::pins::role::{Judged, Tree};
use crate::pins::survey::{FileOfPins, Placed, Survey, UnreadableFile};
use crate::pins::testing::{ground, unmark};
use crate::pins::{By, Choice, Frozen, Job, Kind, Nature, Pin, Remark, Role, Spelling, What, Why, role};
use crate::sourced::{Origin, Sourced};
use crate::toolchain::Channel;

/// A file with each pin between « and », all of the same nature.
fn file(path: &str, marked: &str, nature: Nature) -> FileOfPins {
    frozen(path, marked, nature, None)
}

fn frozen(path: &str, marked: &str, nature: Nature, why: Option<Frozen>) -> FileOfPins {
    let (text, spans) = unmark(marked);
    let place = |span| {
        let mut pin = Pin::at(&text, span, "the place", Spelling::Channel, nature).frozen(why);
        pin.told = Directives::of(Format::Lines, &text).told(&pin.span);
        let judged = role::judge(&pin, &ground(), Tree::Own);
        Placed { pin, judged }
    };
    let pins = spans.into_iter().map(place).collect();
    FileOfPins {
        path: PathBuf::from(path),
        kind: Kind::of(Path::new(path)),
        text: Arc::from(&*text),
        pins,
        remarks: Vec::new(),
        jobs: Vec::new(),
        patterns: Vec::new(),
        ignored: None,
    }
}

fn toolchain_file(name: &str) -> FileOfPins {
    file("rust-toolchain.toml", &format!("[toolchain]\nchannel = \"«{name}»\"\n"), Nature::ToolchainFile)
}

fn policy(name: &str) -> FileOfPins {
    let mut policy = file("doctor.toml", &format!("[toolchain]\nchannel = \"«{name}»\"\n"), Nature::Policy);
    policy.pins[0].pin.place = "toolchain.channel".to_owned();
    policy
}

/// A repository that is pinned to 1.78.0.
fn survey(files: Vec<FileOfPins>) -> Survey {
    let origin = Origin::ToolchainFile(PathBuf::from("/repo/rust-toolchain.toml"));
    Survey {
        root: PathBuf::from("/repo"),
        pin: Some(Sourced::new(Channel::parse("1.78.0").expect("a channel"), origin)),
        ground: ground(),
        files,
        unreadable: Vec::new(),
    }
}

fn found(survey: &Survey) -> Vec<Finding> {
    findings(survey, &|_| Existence::Exists)
}

/// Each finding as `path:text rule severity`.
fn short(found: &[Finding]) -> Vec<String> {
    let one = |it: &Finding| {
        let text = it.text.as_deref().and_then(|text| text.get(it.span.clone()?)).unwrap_or_default();
        let severity = if it.severity == Severity::Error { "error" } else { "warning" };
        format!("{}:{text} {} {severity}", it.file.display(), it.rule.id())
    };
    found.iter().map(one).collect()
}

/// A rule that is silent lets CI pass on another compiler; one that speaks without cause gets switched off.
#[test]
fn each_pin_by_its_role() {
    for (name, files, expect) in [
        (
            "agreement is silent",
            vec![file("Dockerfile", "FROM rust:«1.78.0»\nFROM rust:«1.78»\n", Nature::Environment)],
            vec![],
        ),
        (
            "an environment follows",
            vec![file("Dockerfile", "FROM rust:«1.77»\n", Nature::Environment)],
            vec!["Dockerfile:1.77 pin-drift error"],
        ),
        (
            "a comment lets it stay",
            vec![file("Dockerfile", "# xcargo: role=deliberate\nFROM rust:«1.77»\n", Nature::Environment)],
            vec![],
        ),
        (
            "a comment lets it be",
            vec![file("Dockerfile", "FROM rust:«1.77» # xcargo: ignore\n", Nature::Environment)],
            vec![],
        ),
        (
            "a row",
            vec![file("ci.yml", "rust: [«1.78.0», «1.70», «1.75.0», «nightly»]\n", Nature::Row)],
            vec!["ci.yml:1.75.0 undecided-pin warning"],
        ),
        (
            "the oldest release",
            vec![file("Cargo.toml", "rust-version = \"«1.79»\"\n", Nature::Msrv)],
            vec!["Cargo.toml:1.79 msrv-above-pin error"],
        ),
        (
            "the oldest release is the pin",
            vec![file("Cargo.toml", "rust-version = \"«1.78»\"\n", Nature::Msrv)],
            vec![],
        ),
        (
            "a digest",
            vec![frozen(
                "Dockerfile",
                "FROM rust:«1.77»@sha256:a\n",
                Nature::Environment,
                Some(Frozen::Digest),
            )],
            vec!["Dockerfile:1.77 digest-pinned error"],
        ),
        (
            "a digest that agrees",
            vec![frozen(
                "Dockerfile",
                "FROM rust:«1.78»@sha256:a\n",
                Nature::Environment,
                Some(Frozen::Digest),
            )],
            vec![],
        ),
        (
            "written with escapes",
            vec![frozen("x.json", "«1.77»\n", Nature::Environment, Some(Frozen::Spelled))],
            vec!["x.json:1.77 pin-drift error"],
        ),
        ("the pin itself", vec![toolchain_file("1.78.0"), policy("1.78.0")], vec![]),
        (
            "two pins",
            vec![toolchain_file("1.78.0"), policy("1.77.0")],
            vec!["doctor.toml:1.77.0 two-pins-disagree error"],
        ),
        (
            "two pins, the policy is the pin",
            vec![toolchain_file("1.77.0"), policy("1.78.0")],
            vec!["doctor.toml:1.78.0 two-pins-disagree error"],
        ),
        ("two pins that mean the same", vec![toolchain_file("1.78.0"), policy("1.78")], vec![]),
    ] {
        assert_eq!(short(&found(&survey(files))), expect, "{name}");
    }
}

#[test]
fn without_a_pin_nothing_drifts() {
    let mut none = survey(vec![file("Dockerfile", "FROM rust:«1.77»\n", Nature::Environment)]);
    none.pin = None;
    assert_eq!(found(&none), []);
    assert_eq!(notes(&none).len(), 1);
    assert_eq!(notes(&survey(Vec::new())).len(), 0);
}

#[test]
fn a_drift_says_why_and_the_way_out() {
    let found = found(&survey(vec![file("Dockerfile", "FROM rust:«1.77»\n", Nature::Environment)]));
    assert_eq!(found[0].message, "the place names `1.77`, but the pinned toolchain is `1.78.0`");
    assert_eq!(
        found[0].notes,
        ["pinned by rust-toolchain.toml; this place follows: it sets up an environment"]
    );
    assert_eq!(
        found[0].help,
        ["run `xcargo toolchain sync`, or say that it is to stay: `# xcargo: role=deliberate`"]
    );
}

#[test]
fn ignored_files_and_other_trees_are_silent() {
    let mut ignored = file("Dockerfile", "FROM rust:«1.77»\n", Nature::Environment);
    ignored.ignored = Some("generated".to_owned());
    ignored.remarks.push(Remark { span: 0..4, what: What::Unfollowed { expression: "x".to_owned() } });
    let mut below = file("fuzz/rust-toolchain", "«nightly»\n", Nature::ToolchainFile);
    below.pins[0].judged = Judged::told(Role::Deliberate, Why::OtherTree);
    let all = survey(vec![ignored, below]);
    assert_eq!(found(&all), []);
    assert_eq!(questions(&all).len(), 1, "the pin alone");
}

#[test]
fn of_two_toolchain_files_the_bare_one_counts() {
    for (bare, severity) in [("1.78.0", "warning"), ("1.77.0", "error")] {
        let bare = file("rust-toolchain", &format!("«{bare}»\n"), Nature::ToolchainFile);
        let all = survey(vec![bare, toolchain_file("1.78.0")]);
        let found = short(&found(&all));
        assert!(found.contains(&format!("rust-toolchain.toml:1.78.0 shadowed-file {severity}")), "{found:?}");
    }
    let below = FileOfPins { path: PathBuf::from("fuzz/rust-toolchain"), ..toolchain_file("1.78.0") };
    assert_eq!(found(&survey(vec![below, toolchain_file("1.78.0")])), []);
}

#[test]
fn what_the_dist_server_lacks() {
    let files = vec![
        toolchain_file("1.78.0"),
        file("Dockerfile", "FROM rust:«1.78.9» # xcargo: role=deliberate\n", Nature::Environment),
        file("ci.yml", "[«stable», «nightly», «mine», «nightly-2024-05-01»]\n", Nature::Row),
    ];
    let all = survey(files);
    let asked: Vec<String> = questions(&all).iter().map(ToString::to_string).collect();
    assert_eq!(asked, ["1.78.0", "1.78.9", "nightly-2024-05-01"]);
    let known = |channel: &Channel| match channel.as_str() {
        "1.78.9" => Existence::Missing,
        _ => Existence::Unknown,
    };
    let found = short(&findings(&all, &known));
    assert!(found.contains(&"Dockerfile:1.78.9 unknown-version error".to_owned()), "{found:?}");
    assert!(!found.iter().any(|it| it.contains("nightly-2024") && it.contains("unknown")), "{found:?}");
}

#[test]
fn remarks_are_findings_unless_their_pin_is_ignored() {
    let float =
        |span| Remark { span, what: What::YamlFloat { written: "1.80".to_owned(), read: "1.8".to_owned() } };
    let mut ci = file("ci.yml", "a: «1.80» # xcargo: ignore\nb: 1.80\n", Nature::Row);
    ci.remarks = vec![
        float(3..7),
        float(28..32),
        Remark { span: 0..1, what: What::RefWithInput { reference: "1.80".to_owned() } },
        Remark { span: 0..1, what: What::Unfollowed { expression: "${{ x }}".to_owned() } },
    ];
    assert_eq!(
        short(&found(&survey(vec![ci]))),
        [
            "ci.yml:a ref-with-input error",
            "ci.yml:a unfollowed-expression warning",
            "ci.yml:1.80 yaml-float error",
        ]
    );
}

#[test]
fn a_file_that_cannot_be_read_is_a_finding() {
    let mut all = survey(Vec::new());
    let path = PathBuf::from("ci.yml");
    all.unreadable.push(UnreadableFile { path, why: "no valid YAML".to_owned(), span: None, text: None });
    assert_eq!(short(&found(&all)), ["ci.yml: unreadable error"]);
}

fn choice(by: By, name: &str, at: usize, is_row: bool) -> Choice {
    Choice { by, name: name.to_owned(), span: at..at + name.len(), is_row }
}

#[test]
fn a_void_choice_is_said_once_for_its_place() {
    let with_job = |marked: &str, by: By, is_row: bool| {
        let mut ci = file(".github/workflows/ci.yml", marked, Nature::Row);
        let choices = ci.pins.iter().map(|it| choice(by, &it.pin.text, it.pin.span.start, is_row)).collect();
        ci.jobs = vec![Job {
            id: "test".to_owned(),
            span: 0..1,
            choices,
            has_other_file: false,
            directories: Vec::new(),
        }];
        short(&found(&survey(vec![toolchain_file("1.78.0"), ci])))
    };
    let row = |text: &str| format!(".github/workflows/ci.yml:{text} shadowed-toolchain error");
    assert_eq!(with_job("[«1.78.0», «1.70», «1.75.0»]", By::Default, true), [row("1.70"), row("1.75.0")]);
    assert_eq!(with_job("[«1.70» # xcargo: ignore\n]", By::Default, true), [""; 0]);
    assert_eq!(with_job("[«1.70»]", By::Variable, true), [""; 0]);
    assert_eq!(
        with_job("«stable»", By::Default, false),
        [".github/workflows/ci.yml:stable shadowed-toolchain warning"]
    );
    assert_eq!(
        with_job("«1.70» # xcargo: role=dev\n", By::Default, false),
        [".github/workflows/ci.yml:1.70 pin-drift error"],
        "bringing it in step mends both"
    );
}

/// The names are published.
#[test]
fn rules_have_names_of_their_own() {
    let mut names: Vec<&str> = Rule::ALL.iter().map(|rule| rule.id()).collect();
    assert!(names.iter().all(|name| name.chars().all(|c| c.is_ascii_lowercase() || c == '-')));
    assert!(
        Rule::ALL.iter().all(|rule| !rule.description().ends_with('.') && !rule.way_out().ends_with('.'))
    );
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), Rule::ALL.len());
}

#[test]
fn every_rule_is_documented() {
    let docs = include_str!("../../../docs/toolchain.md");
    for rule in Rule::ALL {
        let weight = if rule.severity() == Severity::Error { "error" } else { "warning" };
        let row = format!("| `{}` | {weight} | {} |", rule.id(), rule.description());
        assert!(docs.contains(&row), "docs/toolchain.md has no row {row:?}");
    }
}
