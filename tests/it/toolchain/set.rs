//! `set`: everything moves at once, and back, and nothing but what is meant.

use super::site::{NEW, OLD, assert_names, count, git, is_installed, said, sandbox, site, xcargo};

/// What a user would lose: the trust that one command moves what it should, and that it leaves everything else alone.
#[test]
fn there_and_back() {
    let sandbox = sandbox();
    let project = site(&sandbox);
    assert_names(&project, OLD);
    xcargo(&sandbox, &project, &["build"]).run().ok();
    let there = xcargo(&sandbox, &project, &["toolchain", "set", NEW, "--yes"]).run().ok();
    eprintln!("{}", there.show());
    assert!(is_installed(&sandbox, NEW));
    assert_names(&project, NEW);
    let (files, places) = count();
    assert_eq!(said(&there, "Pinned"), [format!("{NEW}: {places} places in {files} files")]);
    let back = xcargo(&sandbox, &project, &["toolchain", "set", OLD, "--yes"]).run().ok();
    eprintln!("{}", back.show());
    assert_names(&project, OLD);
    assert_eq!(git(&sandbox, &project, &["status", "--porcelain"]), "");
}
