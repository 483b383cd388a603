//! Names that would be markup or scripts, if anybody took them for such: a dependency chooses its own name.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use fs_err as fs;

use crate::browser::Browser;
use crate::ground::{Ground, items};

/// They are parts of file names, so none has a slash; the closing tags come from the way to the project.
const NAMES: &[&str] = &[
    "<img src=x onerror=window.pwned=1>",
    "\"><svg onload=window.pwned=1>",
    "'onmouseover='window.pwned=1",
    "javascript:window.pwned=1",
    "<!--<script>",
    "]]>",
    "&lt;script&gt;",
    "${window.pwned=1}",
    "\u{202e}txt.exe",
    "\u{2028}window.pwned=1",
    "tab\tand\nline",
    "__proto__",
    "constructor",
];

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
    }
}

/// The first fingerprint dir in here.
fn a_fingerprint(dir: &Path) -> PathBuf {
    let mut all: Vec<PathBuf> = fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path()).collect();
    all.sort();
    all.into_iter().find(|path| path.to_string_lossy().contains("itoa-")).unwrap()
}

#[test]
fn names_are_text_and_never_anything_else() {
    // Two directories, `…<` and `script><script>…`: their path has a closing tag in it.
    let ground = Ground::new("p<\u{2f}script><script>window.pwned=1<\u{2f}script><!--");
    let fingerprints = ground.target().join("debug/.fingerprint");
    let model = a_fingerprint(&fingerprints);
    for (at, name) in NAMES.iter().enumerate() {
        let dir = fingerprints.join(format!("{name}-{at:016x}"));
        copy(&model, &dir);
        let json = dir.join("lib-itoa.json");
        let text = fs::read_to_string(&json).unwrap();
        let mut print: serde_json::Value = serde_json::from_str(&text).unwrap();
        print["features"] = serde_json::json!("[\"</script><script>window.pwned=1</script>\"]");
        fs::write(&json, print.to_string()).unwrap();
        fs::write(ground.target().join("debug/deps").join(format!("x-{at:016x}.d")), "x: y\n").unwrap();
        fs::create_dir_all(ground.target().join(name).join("deps")).unwrap();
        fs::write(ground.target().join(name).join(".cargo-lock"), "").unwrap();
        fs::write(ground.target().join(name).join("deps/file"), "some bytes").unwrap();
        fs::create_dir_all(ground.target().join("debug/incremental").join(format!("{name}-1"))).unwrap();
        fs::write(ground.target().join("debug/incremental").join(format!("{name}-1/x")), "bytes").unwrap();
    }
    let odd = ground.target().join(OsStr::from_bytes(b"not\xffunicode"));
    fs::create_dir(&odd).unwrap();
    fs::write(odd.join("file"), "bytes").unwrap();

    let report = ground.report();
    for name in NAMES {
        assert!(
            items(&report).iter().any(|item| item["package"] == *name),
            "{name} is no package of the report"
        );
    }
    assert!(items(&report).iter().any(|item| item["name"] == "not\u{fffd}unicode"));
    assert!(
        items(&report)
            .iter()
            .any(|item| item["features"][0].as_str().is_some_and(|it| it.starts_with("</script>")))
    );
    let page = ground.page();
    assert!(page.starts_with(ground.root()));
    let mut browser = Browser::start(1280, 900, "light");
    browser.open(&page);
    assert_eq!(browser.value("document.querySelectorAll('#rows tr').length"), items(&report).len());
    let positive = items(&report).iter().filter(|item| item["bytes"] != 0).count();
    assert_eq!(browser.value("document.querySelectorAll('#map .leaf').length"), positive);
    for (what, selector, expect) in [
        ("images", "img", 0),
        ("frames", "iframe", 0),
        ("scripts", "script", 2),
        ("pictures", "svg:not([aria-hidden])", 1),
    ] {
        let count = browser.value(&format!("document.querySelectorAll({selector:?}).length"));
        assert_eq!(count, expect, "{what}");
    }
    // Everything that can be pointed at and gone into.
    browser.value(
        "[...document.querySelectorAll('#map .leaf')].forEach((it) => \
        it.dispatchEvent(new MouseEvent('mousemove', { bubbles: true, clientX: 9, clientY: 9 })))",
    );
    for _ in 0..3 {
        browser.value(
            "document.querySelector('#map .node').dispatchEvent(new MouseEvent('click', { bubbles: true }))",
        );
    }
    assert_eq!(browser.value("typeof window.pwned"), "undefined");
    browser.was_quiet();
}

/// The net below the rope: were a name markup after all, the page's policy would stop it.
#[test]
fn the_policy_stops_a_script_that_got_in() {
    let ground = Ground::new("p");
    let page = ground.page();
    let text = fs::read_to_string(&page).unwrap();
    let inject = "<script>window.pwned=1</script><img src=x onerror=window.pwned=2><table>";
    let broken = text.replacen("<table>", inject, 1);
    assert_ne!(text, broken);
    fs::write(&page, broken).unwrap();
    let mut browser = Browser::start(1280, 900, "light");
    browser.open(&page);
    assert_eq!(browser.value("document.querySelectorAll('img').length"), 1, "it did not get in");
    assert_eq!(browser.value("typeof window.pwned"), "undefined");
    assert_ne!(browser.value("document.querySelectorAll('#map .leaf').length"), 0, "our own script runs");
}
