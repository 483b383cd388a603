//! What a user would lose: a file that says something else than before, and nobody saw it.

use regex::Regex;

use super::{Edit, Refused, apply, apply_as, diff, splice};
use crate::pins::kind::Format;
use crate::pins::testing::unmark;
use crate::pins::{Found, Frozen, Kind, Nature, Pin, Spelling, Unreadable};

#[test]
fn nothing_but_the_spans_changes() {
    let edit = |span, new: &str| Edit { span, new: new.to_owned() };
    let text = "\u{feff}a: 1.78 # é\r\nb: 1.78\r\n";
    let edits = [edit(20..24, "1.79.0"), edit(6..10, "\"1.80\"")];
    assert_eq!(splice(text, &edits).as_deref(), Some("\u{feff}a: \"1.80\" # é\r\nb: 1.79.0\r\n"));
    assert_eq!(splice(text, &[edit(6..10, ""), edit(8..12, "")]), None, "they overlap");
    assert_eq!(splice(text, &[edit(1..2, "")]), None, "inside of a character");
    assert_eq!(splice(text, &[edit(6..999, "")]), None, "beyond the end");
}

/// Every release in a text is a pin, whatever stands around it; one behind `frozen` cannot be replaced.
fn find(text: &str) -> Result<Found, Unreadable> {
    let release = Regex::new(r"\b1\.[0-9]+(\.[0-9]+)?").expect("a pattern");
    let pins = release.find_iter(text).map(|found| {
        let frozen = text[..found.start()].ends_with("frozen@").then_some(Frozen::Digest);
        Pin::at(text, found.range(), "a place", Spelling::Channel, Nature::Job).frozen(frozen)
    });
    Ok(Found { pins: pins.collect(), ..Found::default() })
}

/// Puts these names in the place of the marked ones.
fn edited(format: Format, marked: &str, names: &[&str]) -> Result<String, Refused> {
    let (text, spans) = unmark(marked);
    let edits: Vec<Edit> =
        spans.into_iter().zip(names).map(|(span, new)| Edit { span, new: (*new).to_owned() }).collect();
    let after = apply_as(format, &text, &edits, &find)?;
    assert_eq!(Some(&after), splice(&text, &edits).as_ref());
    Ok(after)
}

#[test]
fn names_in_every_format_and_style() {
    for (format, marked, names, after) in [
        (Format::Yaml, "a: «1.78.0»\nb: 1.70.0\n", &["1.79.0"][..], "a: 1.79.0\nb: 1.70.0\n"),
        (Format::Yaml, "a: «1.78» # why\r\n", &["\"1.80\""], "a: \"1.80\" # why\r\n"),
        (Format::Yaml, "a: &x «1.78»\nb: *x\n", &["\"1.80\""], "a: &x \"1.80\"\nb: *x\n"),
        (
            Format::Yaml,
            "\u{feff}é: { rust: «1.78.0», os: é }\n",
            &["1.100.0"],
            "\u{feff}é: { rust: 1.100.0, os: é }\n",
        ),
        (
            Format::Yaml,
            "a: '«1.78.0»'\nb: \"x-«1.78.0»-y\"",
            &["1.79.0", "1.80.0"],
            "a: '1.79.0'\nb: \"x-1.80.0-y\"",
        ),
        (
            Format::Yaml,
            "run: |\n  rustup default «1.78.0» && cargo +«1.78.0» test\n\n  echo 1.2.3\n",
            &["1.79.0", "1.80.0"],
            "run: |\n  rustup default 1.79.0 && cargo +1.80.0 test\n\n  echo 1.2.3\n",
        ),
        (
            Format::Yaml,
            "run: >-\n  a «1.78.0»\n  b\n   c «1.78.0»\n",
            &["1.79.0", "1.8.0"],
            "run: >-\n  a 1.79.0\n  b\n   c 1.8.0\n",
        ),
        (Format::Yaml, "a: \"\\t «1.78.0»\\n\"\n", &["1.79.0"], "a: \"\\t 1.79.0\\n\"\n"),
        (
            Format::Yaml,
            "- [«1.78.0», stable]\n---\n- «1.78.0»",
            &["1.79.0", "1.80.0"],
            "- [1.79.0, stable]\n---\n- 1.80.0",
        ),
        (Format::Yaml, "«1.78.0»: x\n", &["1.79.0"], "1.79.0: x\n"),
        (
            Format::Toml,
            "[b]\r\nx = \"«1.78.0»\" # c\r\n[a]\r\n[b.c]\r\ny = ['«1.70»']\r\n",
            &["1.79.0", "1.71"],
            "[b]\r\nx = \"1.79.0\" # c\r\n[a]\r\n[b.c]\r\ny = ['1.71']\r\n",
        ),
        (
            Format::Toml,
            "[[a]]\nb = { c = \"rust-«1.78.0»\" }\nd = 1.78\n",
            &["1.79.0"],
            "[[a]]\nb = { c = \"rust-1.79.0\" }\nd = 1.78\n",
        ),
        (
            Format::Json,
            "\u{feff}// c\n{\"a\": [\"rust:«1.78.0»-x\", 1.5, null,],}\n",
            &["1.79.0"],
            "\u{feff}// c\n{\"a\": [\"rust:1.79.0-x\", 1.5, null,],}\n",
        ),
        (
            Format::Lines,
            "FROM rust:«1.78.0»\r\nARG X=«1.78.0»",
            &["1.79.0", "1.80.0"],
            "FROM rust:1.79.0\r\nARG X=1.80.0",
        ),
    ] {
        assert_eq!(edited(format, marked, names).as_deref(), Ok(after), "{marked}");
    }
}

#[test]
fn what_cannot_be_proved_is_not_done() {
    let why = |format, marked, names: &[&str]| edited(format, marked, names).expect_err(marked);
    let y = Format::Yaml;
    assert_eq!(why(y, "a: «1.78»\n", &["1.80"]), Refused::Misread("1.80".to_owned()));
    assert_eq!(why(y, "a: b # «1.78.0»\n", &["1.79.0"]), Refused::NoScalar);
    assert_eq!(why(y, "a: &«1.78.0» b\n", &["1.79.0"]), Refused::NoScalar);
    assert!(matches!(
        why(y, "a: [«1.78.0»]\n", &["x],b:["]),
        Refused::After(_) | Refused::Structure | Refused::Scalar { .. }
    ));
    assert!(matches!(why(y, "a: [«1.78.0»]\n", &["1,2"]), Refused::Structure));
    assert!(matches!(why(y, "a: «1.78.0»\n", &["{}"]), Refused::Structure));
    assert!(matches!(why(y, "a: «1.78.0»\n", &["*x"]), Refused::After(_)));
    assert!(matches!(why(y, "a: «1.78.0»\n", &["x#y:"]), Refused::After(_) | Refused::Structure));
    assert!(matches!(why(y, "a: '«1.78.0»'\n", &["it'#"]), Refused::After(_) | Refused::Scalar { .. }));
    assert!(matches!(why(y, "a: \"«1.78.0»\"\n", &["\\x41"]), Refused::Scalar { .. }));
    assert!(matches!(
        why(y, "a: x-«1.78.0»\n", &["\"1.79.0\""]),
        Refused::Pin { .. } | Refused::Scalar { .. }
    ));
    assert!(matches!(
        why(y, "a: '«1.78.0»'\n", &["\"1.79.0\""]),
        Refused::Scalar { .. } | Refused::Pin { .. }
    ));
    assert!(matches!(why(y, "a: «1.78.0»\n", &["1.79.0\nb: c"]), Refused::Unspeakable(_)));
    assert!(matches!(why(y, "a: «1.78.0»\n", &[""]), Refused::Unspeakable(_)));
    assert!(matches!(why(y, "a: «1.78.0»\n", &["\"\""]), Refused::Unspeakable(_)));
    assert!(matches!(why(y, "a: [«1.78.0»\n", &["1.79.0"]), Refused::Before(_)));
    assert!(matches!(why(y, "a: «1.78.0»\n", &["stable"]), Refused::Pins { was: 1, now: 0 }));
    assert!(matches!(why(y, "a: 1.«78».0\n", &["79"]), Refused::NoPin(_)));
    assert!(matches!(why(y, "a: frozen@«1.78.0»\n", &["1.79.0"]), Refused::Frozen(_)));
    assert!(matches!(why(y, "a: «1.78.0»\n", &["1.79.0-1.2"]), Refused::Pins { .. }));
    assert!(matches!(why(Format::Toml, "a = «1.78»\n", &["1.79"]), Refused::Between(_)));
    assert!(matches!(why(Format::Toml, "a = \"«1.78»\"\n", &["\\u0031"]), Refused::Scalar { .. }));
    assert!(matches!(why(Format::Json, "{\"a\": \"«1.78.0»\"}\n", &["x\",\"b\":\"y"]), Refused::Structure));
    assert!(matches!(why(Format::Lines, "a «»b\n", &["x"]), Refused::Misplaced));
    assert_eq!(
        apply(Kind::Workflow, "a: 1.78.0\n", &[Edit { span: 3..9, new: "1.79.0".to_owned() }]),
        Err(Refused::NoPin("1.79.0".to_owned())),
    );
}

#[test]
fn deep_nesting_and_words_like_our_own_do_no_harm() {
    let deep =
        |open: &str, close: &str| format!("a: {}«1.78.0»{}\n", open.repeat(20_000), close.repeat(20_000));
    assert!(edited(Format::Yaml, &deep("[", "]"), &["1.79.0"]).is_err());
    assert!(edited(Format::Json, &deep("[\"", "\"]")[3..], &["1.79.0"]).is_err());
    assert!(edited(Format::Toml, &deep("[", "]").replacen(':', " =", 1), &["1.79.0"]).is_err());
    let keys = "a.".repeat(20_000) + "a";
    assert!(edited(Format::Toml, &format!("{keys} = '«1.78.0»'\n"), &["1.79.0"]).is_err());
    assert!(edited(Format::Toml, &format!("[{keys}]\nx = '«1.78.0»'\n"), &["1.79.0"]).is_err());
    let after = edited(Format::Yaml, "a: zapinz0e\nb: zbpinz9 «1.78.0»\n", &["1.79.0"]);
    assert_eq!(after.as_deref(), Ok("a: zapinz0e\nb: zbpinz9 1.79.0\n"));
}

#[test]
fn diffs_are_as_git_reads_them() {
    let old: String = (1..=20).map(|line| format!("line {line}\r\n")).collect();
    let new = old.replace("line 9\r", "line nine\r").replace("line 20\r\n", "line 20\rx");
    let expect = "--- a/d/f\n+++ b/d/f\n@@ -6,7 +6,7 @@\n line 6\r\n line 7\r\n line 8\r\n-line 9\r\n+line nine\r\n line 10\r\n line 11\r\n \
                  line 12\r\n@@ -17,4 +17,4 @@\n line 17\r\n line 18\r\n line 19\r\n-line 20\r\n+line 20\rx\n\\ No newline at end of file\n";
    assert_eq!(diff("d/f", Some(&old), &new), expect);
    assert_eq!(
        diff("new file", None, "a\nb"),
        "--- /dev/null\n+++ b/new file\t\n@@ -0,0 +1,2 @@\n+a\n+b\n\\ No newline at end of file\n"
    );
    assert_eq!(diff("a\"é\n", Some("x"), "x\n").lines().next(), Some("--- \"a/a\\\"é\\012\""));
    assert_eq!(diff("same", Some("x"), "x"), "");
}
