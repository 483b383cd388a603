//! Shared policies: found, merged in order, and never loosened.

use std::path::PathBuf;

use super::{Repo, line, rendered};
use crate::policy::keys::SECTIONS;
use crate::policy::shape::Tighter;
use crate::policy::{Ruling, Scope};

/// (key, base, tighter or equal, looser): a section and its keys each. Keys that cannot be loosened have no last one.
type Case = (&'static str, &'static str, &'static str, Option<&'static str>);

#[rustfmt::skip]
const CASES: &[Case] = &[
    ("policy.xcargo", "xcargo = '>=0.1'", "xcargo = '<0.2'", None),
    ("policy.enforce", "enforce = 'deny'", "enforce = 'deny'", Some("enforce = 'warn'")),
    ("toolchain.channel", "channel = '1.78.0'", "channel = '1.78.0'", Some("channel = '1.79.0'")),
    ("toolchain.override", "override = 'warn'", "override = 'deny'", Some("override = 'allow'")),
    ("toolchain.install", "install = 'ask'", "install = 'deny'", Some("install = 'auto'")),
    ("toolchain.update", "update = '7d'", "update = '12h'", Some("update = '8d'")),
    ("toolchain.update", "update = '7d'", "update = '1w'", Some("update = 'never'")),
    ("toolchain.update", "update = 'never'", "update = '2w'", None),
    ("pins.ignore", "ignore = [{path='a', reason='x'}, {path='b', reason='x'}]", "ignore = [{path='a', reason='y'}]", Some("ignore = [{path='c', reason='x'}]")),
    ("pins.ignore", "ignore = []", "ignore = []", Some("ignore = [{path='c', reason='x'}]")),
    ("pins.extra", "extra = [{path='a', pattern='(x)', role='dev'}]", "extra = [{path='b', pattern='(x)', role='dev'}]", Some("extra = [{path='a', pattern='(x)', role='deliberate'}]")),
    ("steps.build", "build = ['ensure-toolchain', 'scoped-clean']", "build = ['verify-cache', 'ensure-toolchain', 'sync-pins', 'scoped-clean']", Some("build = ['ensure-toolchain']")),
    ("steps.update", "update = ['cargo-update', 'scoped-clean']", "update = ['cargo-update', 'scoped-clean']", Some("update = ['scoped-clean', 'cargo-update']")),
    ("steps.toolchain-change", "toolchain-change = ['sync-pins']", "toolchain-change = ['rustup-update', 'sync-pins']", Some("toolchain-change = []")),
    ("clean.scope", "scope = 'workspace'", "scope = 'all'", Some("scope = 'stale'")),
    ("clean.keep-toolchains", "keep-toolchains = 1", "keep-toolchains = 0", Some("keep-toolchains = 2")),
    ("clean.full", "full = 'ask'", "full = 'deny'", Some("full = 'allow'")),
    ("clean.max-size", "max-size = '2GiB'", "max-size = '2047MiB'", Some("max-size = '3GB'")),
    ("clean.background", "background = true", "background = false", None),
    ("clean.allow-outside", "allow-outside = []", "allow-outside = []", None),
    ("cache.freshness", "freshness = 'content'", "freshness = 'content'", Some("freshness = 'mtime'")),
    ("cache.restore", "restore = 'units'", "restore = 'off'", Some("restore = 'mtimes'")),
    ("cache.suspects", "suspects = 'rebuild'", "suspects = 'rebuild'", Some("suspects = 'trust'")),
    ("diagnose.retry", "retry = false", "retry = true", None),
    ("diagnose.on-failure", "on-failure = 'scan'", "on-failure = 'verdict'", Some("on-failure = 'off'")),
    ("diagnose.cleans-per-week", "cleans-per-week = 2", "cleans-per-week = 1", Some("cleans-per-week = 3")),
    ("commands.deny", "deny = [{command='publish'}]", "deny = []", None),
    ("commands.require", "require = [{command='build', args=['--locked']}]", "require = []", None),
];

fn extending(section: &str, base: &str, own: &str) -> Repo {
    let own = if section == "policy" {
        format!("[policy]\nextends = ['team/base.toml']\n{own}\n")
    } else {
        format!("[policy]\nextends = ['team/base.toml']\n[{section}]\n{own}\n")
    };
    Repo::new().with("team/base.toml", format!("# ours\n[{section}]\n{base}\n")).with("doctor.toml", own)
}

/// Whoever shares a policy must be able to rely on it, for each and every key.
#[test]
fn each_key_may_be_tightened_and_not_loosened() {
    for (key, base, tight, loose) in CASES {
        let section = key.split('.').next().unwrap();
        extending(section, base, tight).policy();
        let Some(loose) = loose else { continue };
        let mistakes = extending(section, base, loose).mistakes();
        let said = rendered(&mistakes);
        assert_eq!(mistakes.len(), 1, "{said}");
        let how = if *key == "toolchain.channel" { "differs from" } else { "is looser than in" };
        assert_eq!(mistakes[0].message, format!("`{key}` {how} team/base.toml"));
        let places: Vec<(PathBuf, usize)> = mistakes[0]
            .labels
            .iter()
            .map(|label| (label.source.path.clone(), label.source.line_of(label.span.start)))
            .collect();
        let own = if section == "policy" { 3 } else { 4 };
        assert_eq!(places, [("doctor.toml".into(), own), ("team/base.toml".into(), 3)], "{said}");
        assert!(said.contains("--> doctor.toml:") && said.contains("::: team/base.toml:3"), "{said}");
    }
    for key in SECTIONS.iter().flat_map(|section| section.keys) {
        let held = CASES.iter().any(|(path, ..)| *path == key.path()) || key.tighter == Tighter::Own;
        assert!(held, "nothing here says what may be done to `{}`", key.path());
    }
}

/// A directory that the team never gave away must not be cleaned because one repository says so.
#[cfg(unix)]
#[test]
fn exceptions_are_not_added_to() {
    let mistakes =
        extending("clean", "allow-outside = ['/a', '/b']", "allow-outside = ['/b/', '/c', '/d']").mistakes();
    assert_eq!(mistakes.len(), 2, "{}", rendered(&mistakes));
    let kept = extending("clean", "allow-outside = ['/a', '/b']", "allow-outside = ['/b/']").policy();
    let kept: Vec<PathBuf> = kept.clean.allow_outside.into_iter().map(|path| path.value).collect();
    assert_eq!(kept, [PathBuf::from("/b")]);
    let free = extending("clean", "scope = 'stale'", "allow-outside = ['/c']").policy();
    assert_eq!(free.clean.allow_outside.len(), 1);
}

/// Rules of several files hold together; a rule that both state is the base's.
#[test]
fn rules_add_up() {
    let policy = extending(
        "commands",
        "deny = [{ command = 'publish', reason = 'CI does' }]",
        "deny = [{ command = 'yank' }, { command = 'publish', reason = 'why not' }]",
    )
    .policy();
    let denied: Vec<(String, Option<String>)> =
        policy.commands.deny.into_iter().map(|deny| (deny.value.command, deny.value.reason)).collect();
    assert_eq!(denied, [("publish".to_owned(), Some("CI does".to_owned())), ("yank".to_owned(), None)]);

    let both = extending("policy", "xcargo = '>=0.1'", "xcargo = '<0.2'").policy().meta.required.unwrap();
    assert_eq!(both.value.to_string(), ">=0.1, <0.2");
    let refused = extending("policy", "xcargo = '>=0.2'", "xcargo = '>=0.1'").mistakes();
    assert_eq!((refused.len(), line(&refused[0])), (1, 3), "{}", rendered(&refused));
}

/// Every file counts once, behind those that it extends; each path is relative to the file that names it.
#[test]
fn levels_and_diamonds_are_read_in_order() {
    let repo = Repo::new()
        .with("org/root.toml", "[toolchain]\noverride = 'warn'\n[clean]\nscope = 'workspace'\n")
        .with("org/a.toml", "[policy]\nextends = ['root.toml']\n[toolchain]\noverride = 'deny'\n")
        .with("org/b.toml", "[policy]\nextends = ['../org/./root.toml']\n[clean]\nscope = 'all'\n")
        .with("doctor.toml", "[policy]\nextends = ['org/a.toml', 'org/b.toml', 'org/a.toml']\n");
    let loaded = repo.load().unwrap().unwrap();
    let order: Vec<PathBuf> = loaded.sources.iter().map(|source| source.path.clone()).collect();
    assert_eq!(order, ["org/root.toml", "org/a.toml", "org/b.toml", "doctor.toml"].map(PathBuf::from));
    assert_eq!(loaded.policy.toolchain.r#override.value, Ruling::Deny);
    assert_eq!(loaded.policy.clean.scope.value, Scope::All);
}

/// A loop must be shown as one, not end in a hang or an overflow.
#[test]
fn loops_show_their_chain() {
    let itself = Repo::new().with("doctor.toml", "[policy]\nextends = ['doctor.toml']\n").mistakes();
    assert_eq!((itself.len(), line(&itself[0])), (1, 2));
    assert_eq!(itself[0].notes, ["doctor.toml -> doctor.toml"]);

    let chain = Repo::new()
        .with("doctor.toml", "[policy]\nextends = ['x/a.toml']\n")
        .with("x/a.toml", "\n[policy]\nextends = ['b.toml']\n")
        .with("x/b.toml", "\n\n[policy]\nextends = ['a.toml']\n")
        .mistakes();
    assert_eq!((chain.len(), line(&chain[0])), (1, 4), "{}", rendered(&chain));
    assert_eq!(chain[0].notes, ["x/a.toml -> x/b.toml -> x/a.toml"]);
}

/// The mistakes of all files come together; a file that two others extend is complained about once.
#[test]
fn mistakes_of_all_files_come_at_once() {
    let repo = Repo::new()
        .with("bad.toml", "[clean]\nscope = 'x'\n")
        .with("a.toml", "[policy]\nextends = ['bad.toml', 'sub.toml']\n[cache]\nfreshness = 'content'\n")
        .with("b.toml", "[policy]\nextends = ['bad.toml']\n[zebra\n")
        .with("sub.toml/x", "")
        .with(
            "doctor.toml",
            "[policy]\nextends = ['a.toml', 'b.toml']\nenforce = 1\n[cache]\nfreshness = 'mtime'\n",
        );
    let mistakes = repo.mistakes();
    let messages: Vec<&str> = mistakes.iter().map(|mistake| mistake.message.as_str()).collect();
    assert_eq!(
        messages,
        [
            "`policy.enforce` cannot be a whole number",
            "`clean.scope` cannot be `x`",
            "sub.toml is a directory, not a file",
            "b.toml is not valid TOML: unclosed table, expected `]`",
            "`cache.freshness` is looser than in a.toml",
        ],
        "{}",
        rendered(&mistakes)
    );
}
