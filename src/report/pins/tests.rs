//! The formats as people and programs get them, from one small repository.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde_json::{Value, json};

use super::{Checked, Shown, github, json, sarif, text};
use crate::diagnostic::Severity;
use crate::output::Page;
use crate::pins::check::{Existence, Finding, Rule, findings};
use crate::pins::role::Judged;
use crate::pins::survey::{FileOfPins, Placed, Survey, UnreadableFile};
use crate::pins::{By, Choice, Job, Kind, Nature, Pin, Role, Spelling, Why};
use crate::sourced::{Origin, Sourced};
use crate::toolchain::Channel;

const PLAIN: Page = Page { width: None, colours: false, unicode: true };

fn channel(name: &str, origin: Origin) -> Sourced<Channel> {
    Sourced::new(Channel::parse(name).expect("a channel"), origin)
}

fn file(path: &str, text: &str, pins: &[(&str, Nature, Role, Why)]) -> FileOfPins {
    let place = |(name, nature, role, why): &(&str, Nature, Role, Why)| {
        let at = text.find(name).expect("the pin");
        let pin = Pin::at(text, at..at + name.len(), "the place", Spelling::Channel, *nature);
        Placed { pin, judged: Judged::told(*role, why.clone()) }
    };
    FileOfPins {
        path: PathBuf::from(path),
        kind: Kind::of(Path::new(path)),
        text: Arc::from(text),
        pins: pins.iter().map(place).collect(),
        remarks: Vec::new(),
        jobs: Vec::new(),
        patterns: Vec::new(),
        ignored: None,
    }
}

/// A repository with one of each.
fn survey() -> Survey {
    let toml = "[toolchain]\nchannel = \"1.78.0\"\n";
    let toolchain_file =
        file("rust-toolchain.toml", toml, &[("1.78.0", Nature::ToolchainFile, Role::Dev, Why::IsThePin)]);
    let text = "jobs:\r\n  test:\r\n    rust: [1.70, 1.78.0, 1.75.0]\r\n";
    let rows = [
        ("1.70", Nature::Row, Role::Msrv, Why::NamesRustVersion),
        ("1.78.0", Nature::Row, Role::Dev, Why::NamesThePin),
        ("1.75.0", Nature::Row, Role::Undecided, Why::OneOfSeveral),
    ];
    let mut ci = file(".github/workflows/ci.yml", text, &rows);
    let choice = |it: &Placed| Choice {
        by: By::Default,
        name: it.pin.text.clone(),
        span: it.pin.span.clone(),
        is_row: true,
    };
    let at = text.find("test").expect("the job");
    ci.jobs = vec![Job {
        id: "test".to_owned(),
        span: at..at + 4,
        choices: ci.pins.iter().map(choice).collect(),
        directories: Vec::new(),
        has_other_file: false,
    }];
    let docker = [("1.77", Nature::Environment, Role::Dev, Why::SetsUpEnvironment)];
    let mut vendored = file("vendor/Dockerfile", "FROM rust:1.77\n", &docker);
    vendored.ignored = Some("not ours".to_owned());
    let origin = Origin::ToolchainFile(PathBuf::from("/repo/rust-toolchain.toml"));
    Survey {
        root: PathBuf::from("/repo"),
        pin: Some(channel("1.78.0", origin)),
        files: vec![ci, file("Dockerfile", "FROM rust:1.77\n", &docker), toolchain_file, vendored],
        unreadable: vec![UnreadableFile {
            path: PathBuf::from("odd.yml"),
            why: "no valid YAML".to_owned(),
            span: Some(3..3),
            text: Some(Arc::from("a: [\n")),
        }],
        ..Survey::default()
    }
}

fn one(
    rule: Rule,
    path: &str,
    text: Option<&str>,
    span: impl Into<Option<std::ops::Range<usize>>>,
    message: &str,
) -> Finding {
    Finding {
        rule,
        severity: rule.severity(),
        file: PathBuf::from(path),
        text: text.map(Arc::from),
        span: span.into(),
        message: message.to_owned(),
        notes: Vec::new(),
        help: Vec::new(),
    }
}

/// Runs `look` on what is found in the repository with one of each.
fn checked<T>(look: impl FnOnce(&Checked<'_>) -> T) -> T {
    let survey = survey();
    let findings = findings(&survey, &|_| Existence::Exists);
    let notes = ["the server slept".to_owned()];
    look(&Checked { survey: &survey, findings: &findings, notes: &notes })
}

#[test]
fn people_read_the_findings() {
    let text = checked(|it| text::check(it, PLAIN));
    let drift = "\
error[pin-drift]: the place names `1.77`, but the pinned toolchain is `1.78.0`
 --> Dockerfile:1:11
  |
1 | FROM rust:1.77
  |           ^^^^
  |
  = note: pinned by rust-toolchain.toml; this place follows: it sets up an environment
  = help: run `xcargo toolchain sync`, or say that it is to stay: `# xcargo: role=deliberate`
";
    assert!(text.contains(drift), "{text}");
    let end = "\
note: the server slept
4 errors; 5 places in 3 files, 3 of them for the pinned toolchain 1.78.0
";
    assert!(text.ends_with(end), "{text}");
    let survey = Survey::default();
    let nothing = Checked { survey: &survey, findings: &[], notes: &[] };
    assert_eq!(text::check(&nothing, PLAIN), "nothing to object to; 0 places in 0 files\n");
}

#[test]
fn a_terminal_does_not_obey_what_a_file_says() {
    let odd = one(Rule::Unreadable, "a\u{1b}[2J", Some("é\u{1b}[2J"), 1..3, "bad \u{1b}[2J");
    let text = text::diagnostic(&odd).render(false);
    assert!(!text.contains('\u{1b}'), "{text:?}");
    let nowhere = one(Rule::Unreadable, "a.yml", None, None, "it is gone");
    assert_eq!(text::diagnostic(&nowhere).render(false), "error[unreadable]: a.yml: it is gone");
}

#[test]
fn people_read_the_places() {
    let survey = survey();
    let effective = channel("nightly", Origin::Environment("RUSTUP_TOOLCHAIN".to_owned()));
    let shown = Shown { survey: &survey, effective: Some(&effective), notes: &[] };
    assert_eq!(
        text::show(&shown, PLAIN),
        "\
Pinned to 1.78.0 by rust-toolchain.toml
In use is nightly by environment variable `RUSTUP_TOOLCHAIN`

Places
.github/workflows/ci.yml:3  1.70    agrees     msrv       the place: it names `rust-version`
.github/workflows/ci.yml:3  1.78.0  agrees     dev        the place: it names what is or was pinned
.github/workflows/ci.yml:3  1.75.0  undecided  undecided  the place: it is one of several
Dockerfile:1                1.77    differs    dev        the place: it sets up an environment
rust-toolchain.toml:2       1.78.0  agrees     dev        the place

CI jobs
.github/workflows/ci.yml:2  test (1.70)    1.78.0  by the toolchain file, which outranks `1.70`
.github/workflows/ci.yml:2  test (1.78.0)  1.78.0  by the toolchain file
.github/workflows/ci.yml:2  test (1.75.0)  1.78.0  by the toolchain file, which outranks `1.75.0`

Ignored
vendor/Dockerfile  not ours

Not read
odd.yml  no valid YAML
"
    );
    let narrow = text::show(&shown, Page { width: Some(90), colours: false, unicode: false });
    assert!(narrow.contains("the place: it names what is o...\n"), "{narrow}");
    let nothing = Survey::default();
    let nothing = Shown { survey: &nothing, effective: None, notes: &["a note".to_owned()] };
    assert_eq!(text::show(&nothing, PLAIN), "Pinned to nothing\n\nnote: a note\n");
}

#[test]
fn github_shows_the_lines() {
    let text = checked(github::check);
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(
        lines[0],
        "::error file=.github/workflows/ci.yml,line=3,col=12,endLine=3,title=shadowed-toolchain::job `test` chooses \
         `1.70`, but runs `1.78.0`: the toolchain file outranks it%0Anote: `rust-toolchain.toml` outranks \
         `rustup default` and the image's own toolchain%0Ahelp: choose it with `RUSTUP_TOOLCHAIN`, `cargo +name` or \
         `rustup override set`"
    );
    assert_eq!(lines[4], "::notice title=xcargo::the server slept");
    assert_eq!(lines.len(), 5, "{text}");
}

/// A name that ends the command early would hide a finding, or forge one.
#[test]
fn github_commands_are_escaped() {
    let findings = [
        one(Rule::Unreadable, "a,b:c%\n.yml", None, None, "100%\r\n::error::forged"),
        Finding { severity: Severity::Warning, ..one(Rule::PinDrift, "a", Some("x\ny"), 0..3, "m: n, o") },
    ];
    let survey = Survey::default();
    let text = github::check(&Checked { survey: &survey, findings: &findings, notes: &["%".to_owned()] });
    assert_eq!(
        text,
        "::error file=a%2Cb%3Ac%25%0A.yml,title=unreadable::100%25%0D%0A::error::forged\n\
         ::warning file=a,line=1,col=1,endLine=2,title=pin-drift::m: n, o\n\
         ::notice title=xcargo::%25\n"
    );
}

#[test]
fn programs_read_the_findings() {
    let text = checked(json::check);
    let value: Value = serde_json::from_str(&text).expect("JSON");
    assert_eq!(value["format"], 1);
    assert_eq!(value["pin"], json!({ "name": "1.78.0", "origin": "rust-toolchain.toml" }));
    assert_eq!((&value["errors"], &value["warnings"]), (&json!(4), &json!(0)));
    let drift = &value["findings"][2];
    assert_eq!(
        *drift,
        json!({
            "rule": "pin-drift", "severity": "error", "file": "Dockerfile",
            "start": 10, "end": 14, "line": 1, "column": 11, "end-line": 1, "end-column": 15,
            "message": "the place names `1.77`, but the pinned toolchain is `1.78.0`",
            "notes": ["pinned by rust-toolchain.toml; this place follows: it sets up an environment"],
            "help": ["run `xcargo toolchain sync`, or say that it is to stay: `# xcargo: role=deliberate`"],
        })
    );
    assert_eq!(value["notes"], json!(["the server slept"]));
}

#[test]
fn programs_read_the_places() {
    let survey = survey();
    let text = json::show(&Shown { survey: &survey, effective: None, notes: &[] });
    let value: Value = serde_json::from_str(&text).expect("JSON");
    assert_eq!(value["places"].as_array().map(Vec::len), Some(5));
    assert_eq!(
        value["places"][2],
        json!({
            "file": ".github/workflows/ci.yml",
            "start": 41, "end": 47, "line": 3, "column": 26, "end-line": 3, "end-column": 32,
            "place": "the place", "name": "1.75.0", "role": "undecided", "reason": "it is one of several",
            "agreement": "unrelated", "frozen": null,
        })
    );
    assert_eq!(
        value["jobs"][0],
        json!({
            "file": ".github/workflows/ci.yml",
            "start": 9, "end": 13, "line": 2, "column": 3, "end-line": 2, "end-column": 7,
            "job": "test", "row": "1.70", "claims": "1.70", "runs": "1.78.0", "by": "toolchain-file",
            "shadowed": true, "commands": [],
        })
    );
    assert_eq!(value["effective"], Value::Null);
    assert_eq!(value["ignored"], json!([{ "file": "vendor/Dockerfile", "reason": "not ours" }]));
    assert_eq!(value["unreadable"][0]["line"], 1);
}

/// What a scanner refuses as a whole, nobody sees. These are the properties that SARIF 2.1.0 requires, and GitHub beside.
#[test]
fn sarif_has_what_it_must() {
    let text = checked(sarif::check);
    let value: Value = serde_json::from_str(&text).expect("JSON");
    assert_eq!(value["version"], "2.1.0");
    assert!(value["$schema"].as_str().is_some_and(|it| it.ends_with("sarif-2.1.0.json")));
    let run = &value["runs"][0];
    assert_eq!(run["columnKind"], "utf16CodeUnits");
    assert_eq!(run["originalUriBaseIds"]["%SRCROOT%"]["uri"], "file:///repo/");
    assert_eq!(run["invocations"][0]["executionSuccessful"], true);
    assert_eq!(run["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"], "the server slept");
    let driver = &run["tool"]["driver"];
    assert_eq!(driver["name"], "xcargo");
    let rules = driver["rules"].as_array().expect("rules");
    assert_eq!(rules.len(), Rule::ALL.len());
    for rule in rules {
        for text in ["shortDescription", "fullDescription", "help"] {
            assert!(rule[text]["text"].as_str().is_some_and(|it| !it.is_empty()), "{rule}");
        }
        let level = rule["defaultConfiguration"]["level"].as_str();
        assert!(matches!(level, Some("error" | "warning" | "note")), "{rule}");
    }
    let results = run["results"].as_array().expect("results");
    assert_eq!(results.len(), 4);
    for result in results {
        let index = result["ruleIndex"].as_u64().and_then(|at| usize::try_from(at).ok()).expect("an index");
        assert_eq!(rules[index]["id"], result["ruleId"]);
        assert!(matches!(result["level"].as_str(), Some("error" | "warning" | "note")), "{result}");
        assert!(result["message"]["text"].as_str().is_some_and(|it| !it.is_empty()));
        let place = &result["locations"][0]["physicalLocation"];
        assert_eq!(place["artifactLocation"]["uriBaseId"], "%SRCROOT%");
        assert!(place["region"]["startLine"].as_u64().is_some_and(|line| line >= 1), "{result}");
        assert!(place["region"]["startColumn"].as_u64().is_some_and(|column| column >= 1), "{result}");
    }
    let place = &results[2]["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "Dockerfile");
    assert_eq!(place["region"], json!({ "startLine": 1, "startColumn": 11, "endLine": 1, "endColumn": 15 }));
}

#[test]
fn sarif_escapes_paths_and_counts_code_units() {
    let findings = [
        one(Rule::PinDrift, "a b/c:d#é.yml", Some("\"😀\": 1.78"), 8..12, "it differs"),
        one(Rule::Unreadable, "gone.yml", None, None, "it is gone"),
    ];
    let survey = Survey { root: PathBuf::from("/my repo/100%"), ..Survey::default() };
    let text = sarif::check(&Checked { survey: &survey, findings: &findings, notes: &[] });
    let value: Value = serde_json::from_str(&text).expect("JSON");
    let run = &value["runs"][0];
    let place = &run["results"][0]["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "a%20b/c%3Ad%23%C3%A9.yml");
    assert_eq!(place["region"]["startColumn"], 7);
    assert_eq!(run["originalUriBaseIds"]["%SRCROOT%"]["uri"], "file:///my%20repo/100%25/");
    let nowhere = &run["results"][1]["locations"][0]["physicalLocation"];
    assert_eq!(nowhere["region"], Value::Null, "no place is better than a wrong one");
}

/// Spans come from readers of arbitrary bytes.
#[test]
fn no_span_makes_a_report_panic() {
    let text = "\u{feff}a: é😀\r\n\r\n\tb\n\0\u{1b}[1mc";
    let texts = [text, "", "\n", "\r", "é"];
    for text in texts {
        for start in 0..text.len() + 2 {
            for end in start..text.len() + 2 {
                let findings = [one(Rule::Unreadable, "a", Some(text), start..end, "m")];
                let survey = Survey::default();
                let checked = Checked { survey: &survey, findings: &findings, notes: &[] };
                let _ = text::check(&checked, PLAIN);
                if end <= start + 2 {
                    let _ = github::check(&checked);
                    let _ = json::check(&checked);
                    let _ = sarif::check(&checked);
                }
            }
        }
    }
}
