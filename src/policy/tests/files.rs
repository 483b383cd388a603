//! Where a policy stands, and what may stand there instead of one.

use super::{Repo, line, rendered, without_origins};
use crate::policy::Policy;
use crate::sourced::Origin;

/// A file that says nothing of substance is a team that has decided on nothing yet; that must not stop anybody. One
/// without a single character is what a full disk leaves behind.
#[test]
fn no_file_is_no_policy_and_one_without_keys_asks_for_the_defaults() {
    assert!(Repo::new().load().unwrap().is_none());
    assert!(Repo::new().with(".cargo", "a file").load().unwrap().is_none());
    for text in ["# nothing\r\n", "[policy]", "[toolchain]\n[steps]\n"] {
        assert_eq!(Repo::new().with("doctor.toml", text).policy(), Policy::defaults(), "{text:?}");
    }
    for text in ["", "\n", " \r\n\t", "\u{feff}"] {
        let mistakes = Repo::new().with("doctor.toml", text).mistakes();
        assert_eq!(mistakes[0].message, "doctor.toml is empty", "{text:?}");
    }
}

/// Which of two would win is nothing that people should have to know.
#[test]
fn two_policies_are_one_too_many() {
    let elsewhere = Repo::new().with(".cargo/doctor.toml", "[clean]\nscope = 'all'\n");
    assert_eq!(
        elsewhere.policy().clean.scope.origin,
        Origin::Policy { file: ".cargo/doctor.toml".into(), line: 2 }
    );
    let mistakes = elsewhere.with("doctor.toml", "").mistakes();
    assert_eq!(mistakes.len(), 1);
    assert_eq!(mistakes[0].message, "there are two policies: doctor.toml and .cargo/doctor.toml");
}

/// What cannot be read must stop the command: taken for "no policy", it would switch every rule off.
#[test]
fn what_is_no_text_is_said_to_be_none() {
    let directory = Repo::new().with("doctor.toml/x", "");
    assert_eq!(directory.mistakes()[0].message, "doctor.toml is a directory, not a file");

    let large = Repo::new().with("doctor.toml", "#".repeat(1024 * 1024 + 1));
    assert_eq!(large.mistakes()[0].message, "doctor.toml is larger than 1024 KiB");
    let as_large_as_allowed = Repo::new().with("doctor.toml", "#".repeat(1024 * 1024));
    assert_eq!(as_large_as_allowed.policy(), Policy::defaults());

    for (bytes, at, place) in [
        (&b"[clean]\n# caf\xe9 \nscope = 'all'"[..], 2, "(line 2, byte offset 13)"),
        (b"\xff\xfe[\0", 1, "(line 1, byte offset 0)"),
        (b"# \xe2\x82", 1, "(line 1, byte offset 2)"),
    ] {
        let mistakes = Repo::new().with("doctor.toml", bytes).mistakes();
        let said = rendered(&mistakes);
        assert_eq!((mistakes.len(), line(&mistakes[0])), (1, at), "{said}");
        assert!(mistakes[0].message.ends_with(place), "{said}");
    }
}

/// A FIFO would hang every build, a dangling link would switch the policy off.
#[cfg(unix)]
#[test]
fn links_and_special_files_are_seen_through() {
    use std::os::unix::fs::symlink;

    let dangling = Repo::new();
    symlink("gone.toml", dangling.path().join("doctor.toml")).unwrap();
    assert!(dangling.mistakes()[0].message.starts_with("doctor.toml cannot be read: "));
    let dangling = dangling.with(".cargo/doctor.toml", "");
    assert!(dangling.mistakes()[0].message.starts_with("there are two policies"));

    let itself = Repo::new();
    symlink("doctor.toml", itself.path().join("doctor.toml")).unwrap();
    assert!(itself.mistakes()[0].message.starts_with("doctor.toml cannot be read: "));

    let device = Repo::new();
    symlink("/dev/null", device.path().join("doctor.toml")).unwrap();
    assert_eq!(device.mistakes()[0].message, "doctor.toml is a pipe, socket or device, not a file");

    let fifo = Repo::new();
    let (file, mode) = (rustix::fs::FileType::Fifo, rustix::fs::Mode::RWXU);
    rustix::fs::mknodat(rustix::fs::CWD, fifo.path().join("doctor.toml"), file, mode, 0).unwrap();
    assert_eq!(fifo.mistakes()[0].message, "doctor.toml is a pipe, socket or device, not a file");

    let linked = Repo::new().with("shared.toml", "[clean]\nscope = 'all'\n");
    symlink("shared.toml", linked.path().join("doctor.toml")).unwrap();
    assert_eq!(linked.policy().clean.scope.origin, Origin::Policy { file: "doctor.toml".into(), line: 2 });
}

/// A workspace below a directory whose name is not UTF-8 is a workspace like any other.
#[cfg(target_os = "linux")]
#[test]
fn paths_need_not_be_utf8() {
    use std::os::unix::ffi::OsStrExt;

    let repo = Repo::new();
    let root = repo.path().join(std::ffi::OsStr::from_bytes(b"caf\xe9"));
    fs_err::create_dir(&root).unwrap();
    fs_err::write(root.join("doctor.toml"), "[policy]\nextends = ['team.toml']\n").unwrap();
    fs_err::write(root.join("team.toml"), "[clean]\nscope = 'all'\n").unwrap();
    let env = crate::env::Env::of([("HOME", "/home/ada")], repo.path());
    let loaded = super::load_as(&root, &env, &semver::Version::new(0, 1, 0)).unwrap().unwrap();
    assert_eq!(loaded.policy.clean.scope.value, crate::policy::Scope::All);
    assert!(loaded.place(&loaded.policy.clean.scope.origin).is_some());
    let shown = crate::policy::show::show(&loaded.policy);
    assert_eq!(
        without_origins(Repo::new().with("doctor.toml", shown).policy()),
        without_origins(loaded.policy)
    );
}

/// Other messages ("refused by doctor.toml:3") point at the policy's own line.
#[test]
fn an_origin_leads_back_to_its_line() {
    let text = "[commands]\r\ndeny = [\r\n    { command = 'publish' },\r\n]";
    let loaded = Repo::new().with("doctor.toml", text).load().unwrap().unwrap();
    let (source, span) = loaded.place(&loaded.policy.commands.deny[0].origin).unwrap();
    assert_eq!(&source.text[span], "{ command = 'publish' },");
    assert!(loaded.place(&Origin::Default).is_none());
    for line in [0, 5, 99] {
        let elsewhere = Origin::Policy { file: "doctor.toml".into(), line };
        assert!(loaded.place(&elsewhere).is_none(), "line {line}");
    }
}

/// The stamp holds the digest: a policy that changed unnoticed would not be obeyed.
#[test]
fn the_digest_follows_every_file() {
    let digest = |team: &str, own: &str| {
        let own = format!("[policy]\nextends = ['team.toml']\n{own}");
        let repo = Repo::new().with("team.toml", team).with("doctor.toml", own);
        repo.load().unwrap().unwrap().digest
    };
    let before = digest("# a", "# b");
    assert_eq!(before, digest("# a", "# b"));
    assert_eq!(before.len(), 64);
    assert_ne!(before, digest("# A", "# b"));
    assert_ne!(before, digest("# a", "# B"));
}
