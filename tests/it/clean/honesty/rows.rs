//! Every flag and the useful combinations, each with what must and what must not go.

/// How it compares with plain cargo under the same flags.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cargo {
    /// Both take the same, the skeleton aside.
    Same,
    /// Ours takes all that cargo takes, and files of the same units that cargo leaves behind.
    More,
    /// On purpose not the same, or cargo has no such flag.
    Other,
}

/// A command line, with what must and must not go. Paths are relative to the target dir; `HOST` is the host's triple,
/// `GIT` the repository's address.
pub(super) struct Row {
    pub(super) args: &'static [&'static str],
    pub(super) cargo: Cargo,
    pub(super) takes: &'static [&'static str],
    pub(super) keeps: &'static [&'static str],
}

const fn row(
    args: &'static [&'static str],
    cargo: Cargo,
    takes: &'static [&'static str],
    keeps: &'static [&'static str],
) -> Row {
    Row { args, cargo, takes, keeps }
}

const APP: &str = "debug/app";
const PLAIN: &str = "debug/libplain.rlib";
const EX: &str = "debug/examples/ex";
const RELEASE: &str = "release/app";
const SMALL: &str = "small/libplain.rlib";
const TRIPLE: &str = "HOST/debug/app";
const TRIPLE_RELEASE: &str = "HOST/release/libplain.rlib";
const DOC: &str = "doc/plain/index.html";
const TRIPLE_DOC: &str = "HOST/doc/plain/index.html";
const PACKAGE: &str = "package/plain-0.1.0.crate";
const REPORTS: &str = "cargo-timings";
const EVERY: [&str; 3] = ["debug/libevery.a", "debug/libevery.rlib", "debug/libevery.so"];
const ALL: &[&str] =
    &[APP, PLAIN, EX, RELEASE, SMALL, TRIPLE, TRIPLE_RELEASE, DOC, TRIPLE_DOC, PACKAGE, REPORTS];
const NOTHING: &[&str] = &[];

pub(super) const ROWS: &[Row] = &[
    row(&[], Cargo::Same, ALL, NOTHING),
    row(&["--release"], Cargo::Same, &[RELEASE], &[APP, SMALL, TRIPLE, TRIPLE_RELEASE, DOC, PACKAGE]),
    row(&["--profile", "small"], Cargo::Same, &[SMALL], &[APP, RELEASE, TRIPLE, DOC]),
    row(&["--profile", "dev"], Cargo::Same, &[APP, PLAIN, EX, EVERY[0]], &[RELEASE, SMALL, TRIPLE, DOC]),
    row(&["--profile", "test"], Cargo::Same, &[APP, PLAIN, EX], &[RELEASE, SMALL, TRIPLE, DOC]),
    row(&["--profile", "bench"], Cargo::Same, &[RELEASE], &[APP, SMALL, TRIPLE, DOC]),
    row(
        &["--target", "HOST"],
        Cargo::Other,
        &[TRIPLE, TRIPLE_RELEASE, TRIPLE_DOC],
        &[APP, RELEASE, SMALL, DOC, PACKAGE],
    ),
    row(
        &["--target", "HOST", "--release"],
        Cargo::Other,
        &[TRIPLE_RELEASE],
        &[APP, RELEASE, SMALL, TRIPLE, DOC],
    ),
    row(&["--doc"], Cargo::Same, &[DOC], &[APP, RELEASE, PACKAGE, TRIPLE]),
    row(&["--doc", "--target", "HOST"], Cargo::Other, &[TRIPLE_DOC], &[APP, RELEASE, TRIPLE, PACKAGE]),
    row(&["-p", "app"], Cargo::Same, &[APP, EX], &[PLAIN, RELEASE, TRIPLE, DOC, "debug/libfoo_sys.rlib"]),
    row(&["-p", "plain"], Cargo::Same, &[PLAIN], &[APP, SMALL, TRIPLE, DOC, PACKAGE]),
    row(&["-p", "foo-sys"], Cargo::Same, &["debug/libfoo_sys.rlib"], &[APP, PLAIN, RELEASE]),
    row(&["-p", "mac"], Cargo::Same, &["debug/libmac.so"], &[APP, PLAIN, RELEASE]),
    row(&["-p", "every"], Cargo::Same, &EVERY, &[APP, PLAIN, RELEASE]),
    row(&["-p", "itoa"], Cargo::Same, NOTHING, &[APP, PLAIN, RELEASE]),
    row(&["-p", "paste"], Cargo::Same, NOTHING, &[APP, PLAIN, RELEASE]),
    row(&["-p", "either"], Cargo::Same, NOTHING, &[APP, PLAIN, RELEASE]),
    row(&["-p", "either@1.19.0"], Cargo::Other, NOTHING, &[APP, PLAIN, RELEASE]),
    row(&["-p", "either@0.3.0"], Cargo::Other, NOTHING, &[APP, PLAIN, RELEASE]),
    row(&["-p", "GIT#either"], Cargo::Other, NOTHING, &[APP, PLAIN, RELEASE]),
    row(&["-p", "GIT#either@0.3.0"], Cargo::Other, NOTHING, &[APP, PLAIN, RELEASE]),
    row(&["-p", "app", "-p", "plain"], Cargo::Same, &[APP, EX, PLAIN], &["debug/libmac.so", RELEASE]),
    row(&["-p", "app", "--release"], Cargo::Same, &[RELEASE], &[APP, EX, TRIPLE]),
    row(&["-p", "plain", "--profile", "small"], Cargo::Same, &[SMALL], &[PLAIN, TRIPLE_RELEASE]),
    row(&["-p", "plain", "--target", "HOST"], Cargo::More, NOTHING, &[APP, SMALL, TRIPLE_RELEASE]),
    row(
        &["-p", "plain", "--target", "HOST", "--release"],
        Cargo::More,
        &[TRIPLE_RELEASE],
        &[APP, PLAIN, TRIPLE],
    ),
    row(&["--workspace"], Cargo::Same, &[APP, PLAIN, EX, EVERY[1]], &[RELEASE, SMALL, TRIPLE, DOC, PACKAGE]),
    row(&["--workspace", "--release"], Cargo::Same, &[RELEASE], &[APP, SMALL, TRIPLE]),
    row(&["--incremental"], Cargo::Other, NOTHING, ALL),
    row(&["--incremental", "--profile", "dev"], Cargo::Other, NOTHING, ALL),
    row(&["--incremental", "-p", "plain"], Cargo::Other, NOTHING, ALL),
    row(&["--keep-size", "1B"], Cargo::Other, NOTHING, NOTHING),
    row(&["--keep-size", "5MB"], Cargo::Other, NOTHING, NOTHING),
    row(&["--manual", "target"], Cargo::Other, ALL, NOTHING),
];

/// What is not there in the first place.
pub(super) const IDLE: &[&[&str]] = &[
    &["--stale"],
    &["--damaged"],
    &["--older-than", "30d"],
    &["--keep-size", "1TiB"],
    &["--incremental", "--release"],
    &["--stale", "--damaged", "--older-than", "1d"],
    &["--stale", "-p", "plain", "--release"],
];
