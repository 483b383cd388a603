//! What is ours, what is cargo's, and that cargo gets what was typed.

use std::ffi::OsString;
use std::path::PathBuf;

use super::{About, CalledAs, Invocation, Kind, Request, Verb};

fn parse(line: &str) -> Invocation {
    let argv: Vec<OsString> = line.split(' ').map(OsString::from).collect();
    Invocation::parse(&argv)
}

#[test]
fn everything_that_is_not_ours_reaches_cargo_as_it_was_typed() {
    for line in [
        "xcargo",
        "xcargo build",
        "xcargo +nightly build --release",
        "xcargo -q --color never -C dir build -p x -- --flag",
        "xcargo foo.rs --dry-run",
        "xcargo -Zscript foo.rs",
        "xcargo -- build",
        "xcargo publish --dry-run",
        "xcargo run -- policy",
        "xcargo --config build.jobs=1 policyx",
        "xcargo -",
        "xcargo -vv --explain E0001",
        "xcargo --unknown-flag policy",
        "xcargo --unknown-flag help",
        "xcargo --unknown-flag --version",
        "xcargo --color",
        "xcargo -x policy",
        "cargo --version",
        "cargo help",
        "cargo --list",
    ] {
        let invocation = parse(line);
        let typed: Vec<OsString> = line.split(' ').skip(1).map(OsString::from).collect();
        assert_eq!(invocation.cargo_args, typed, "{line}");
        assert_eq!(invocation.request, Request::Cargo, "{line}");
    }
}

#[test]
fn our_verbs_and_words_about_ourselves_are_told_apart() {
    let verb = |verb, words: &[&str]| Request::Own(verb, words.iter().map(OsString::from).collect());
    let own = |words: &[&str]| verb(Verb::Policy, words);
    for (line, expected) in [
        ("xcargo policy", own(&["policy"])),
        ("xcargo -q policy check", own(&["policy", "check"])),
        ("xcargo --color always policy show", own(&["policy", "show"])),
        ("/usr/bin/cargo policy check", own(&["policy", "check"])),
        ("xcargo cache --json", verb(Verb::Cache, &["cache", "--json"])),
        ("xcargo help cache", Request::About(About::HelpOf(Verb::Cache))),
        // `cargo-cache` is another program.
        ("cargo cache --json", Request::Cargo),
        ("cargo help cache", Request::Cargo),
        ("xcargo -- cache", Request::Cargo),
        ("xcargo --version", Request::About(About::Version)),
        ("xcargo +nightly -V", Request::About(About::Version)),
        ("xcargo -vV", Request::About(About::Version)),
        ("xcargo --list", Request::About(About::List)),
        ("xcargo help", Request::About(About::Help)),
        ("xcargo -h", Request::About(About::Help)),
        ("xcargo help build", Request::Cargo),
        ("xcargo help policy", Request::About(About::HelpOf(Verb::Policy))),
        ("cargo help policy", Request::About(About::HelpOf(Verb::Policy))),
        ("xcargo build --version", Request::Cargo),
    ] {
        assert_eq!(parse(line).request, expected, "{line}");
    }
}

#[test]
fn two_dashes_hand_a_verb_of_ours_to_cargo() {
    let invocation = parse("xcargo -v -- policy check");
    assert_eq!(invocation.request, Request::Cargo);
    assert_eq!(invocation.cargo_args, ["-v", "policy", "check"]);
}

#[test]
fn dry_run_is_ours_only_in_front_of_the_verb() {
    let ours = parse("xcargo +stable -q --dry-run build --release");
    assert!(ours.dry_run);
    assert_eq!(ours.cargo_args, ["+stable", "-q", "build", "--release"]);
    for line in ["xcargo update --dry-run", "xcargo run -- --dry-run"] {
        assert!(!parse(line).dry_run, "{line}");
    }
}

#[test]
fn the_name_is_read_from_the_file_stem() {
    for (argv0, expected) in [
        ("cargo", CalledAs::Cargo),
        ("/opt/shims/cargo", CalledAs::Cargo),
        ("Cargo.exe", CalledAs::Cargo),
        ("xcargo", CalledAs::Xcargo),
        ("cargo-x", CalledAs::Xcargo),
        ("", CalledAs::Xcargo),
    ] {
        assert_eq!(CalledAs::from_argv0(argv0.as_ref()), expected, "{argv0}");
    }
}

#[test]
fn flags_are_read_where_cargo_reads_them_and_nowhere_else() {
    let dir = |line: &str| parse(line).flags().target_dir;
    let t = Some(PathBuf::from("t"));
    for (line, expected) in [
        ("xcargo build --target-dir t", t.clone()),
        ("xcargo build --target-dir=t --release", t.clone()),
        ("xcargo test name --target-dir t", t.clone()),
        ("xcargo run --target-dir t x --target-dir y", t.clone()),
        ("xcargo run x --target-dir t", None),
        ("xcargo run --bin x --target-dir t", t.clone()),
        ("xcargo run --bin --target-dir t", t.clone()),
        ("xcargo r -p x -- --target-dir t", None),
        ("xcargo rustc -- --target-dir t", None),
        ("xcargo clean --target x86 --target-dir t", t),
    ] {
        assert_eq!(dir(line), expected, "{line}");
    }
    let flags =
        parse("xcargo -C sub -q build -vp x --manifest-path m/Cargo.toml --config a=1 --config=b=2").flags();
    assert_eq!(flags.directory, Some("sub".into()));
    assert_eq!(flags.manifest_path, Some("m/Cargo.toml".into()));
    assert_eq!(flags.config, ["a=1", "b=2"]);
    assert!(flags.quiet);
    assert_eq!(flags.verbose, 1);
}

#[test]
fn aliases_are_followed_to_what_cargo_will_run() {
    let alias = |word: &str| -> Option<Vec<String>> {
        let words = match word {
            "xt" => "run -p xtask --",
            "up" => "update --offline",
            "again" => "xt deep",
            "loop" => "loop2",
            "loop2" => "loop",
            "build" => "clean",
            "pub" => "--config a=1 publish",
            "c" => "clean",
            long if long.starts_with("deep") => {
                let left = long.len() - "deep".len();
                return Some(vec![if left == 0 {
                    "clean".to_owned()
                } else {
                    format!("deep{}", "-".repeat(left - 1))
                }]);
            }
            _ => return None,
        };
        Some(words.split(' ').map(str::to_owned).collect())
    };
    for (line, verb, kind) in [
        ("xcargo b", "build", Kind::Build),
        ("xcargo build", "build", Kind::Build),
        ("xcargo c", "clean", Kind::Clean),
        ("xcargo deep------------------------", "clean", Kind::Clean),
        ("xcargo xt", "run", Kind::Build),
        ("xcargo again", "run", Kind::Build),
        ("xcargo up", "update", Kind::Update),
        ("xcargo pub", "publish", Kind::Build),
        ("xcargo clean", "clean", Kind::Clean),
        ("xcargo rm x", "remove", Kind::Other),
        ("xcargo nextest run", "nextest", Kind::Build),
        ("xcargo fmt", "fmt", Kind::Other),
        ("xcargo foo.rs", "foo.rs", Kind::Other),
        ("xcargo build --help", "build", Kind::Help),
        ("xcargo t -h", "test", Kind::Help),
        ("xcargo help build", "help", Kind::Help),
        ("xcargo nextest -h", "nextest", Kind::Other),
        ("xcargo run -- --help", "run", Kind::Build),
        ("xcargo update --dry-run", "update", Kind::Other),
        ("xcargo update -n", "update", Kind::Other),
        ("xcargo install --path .", "install", Kind::Build),
        ("xcargo install foo", "install", Kind::Other),
        ("xcargo -- xt", "run", Kind::Build),
        ("xcargo -- nextest", "nextest", Kind::Build),
        ("xcargo -- build", "build", Kind::Other),
    ] {
        let invocation = parse(line);
        let resolved = invocation.resolve(&alias);
        assert_eq!((resolved.verb, resolved.kind), (Some(verb.into()), kind), "{line}");
    }
    for (line, config) in [
        ("xcargo pub", &["a=1"][..]),
        ("xcargo --config b=2 pub", &["b=2", "a=1"]),
        ("xcargo pub --config b=2", &["b=2"]),
        ("xcargo --config b=2 build --config c=3", &["c=3"]),
        ("xcargo --config b=2 b --config c=3", &["b=2", "c=3"]),
    ] {
        assert_eq!(parse(line).resolve(&alias).flags.config, config, "{line}");
    }
    let looping = parse("xcargo loop").resolve(&alias);
    assert!(looping.verb.is_some(), "a loop ends; cargo itself reports it");
}

#[cfg(unix)]
#[test]
fn arguments_that_are_not_utf8_survive() {
    use std::os::unix::ffi::OsStringExt as _;
    let odd = OsString::from_vec(b"--target-dir=t\xff".to_vec());
    let argv =
        ["xcargo".into(), "build".into(), odd.clone(), OsString::from_vec(b"\xfe".to_vec()), "".into()];
    let invocation = Invocation::parse(&argv);
    assert_eq!(invocation.cargo_args, argv[1..]);
    assert_eq!(invocation.flags().target_dir, Some(OsString::from_vec(b"t\xff".to_vec()).into()));
}
