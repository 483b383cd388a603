//! Toolchain files, read as rustup reads them.

use std::path::{Path, PathBuf};

use super::{Profile, Spec, ToolchainFile, Wants};
use crate::toolchain::Channel;
use crate::toolchain::error::FileProblem;

fn read(name: &str, text: &str) -> Result<ToolchainFile, String> {
    ToolchainFile::parse(Path::new(name), text).map_err(|error| {
        assert!(error.rustup_fails_too(), "{text:?}");
        error.to_string()
    })
}

fn plain(name: &str) -> Spec {
    Spec::Channel(Channel::parse(name).expect(name), Wants::default())
}

#[test]
fn a_bump_of_the_pin_replaces_the_channel_and_nothing_else() {
    for (name, text) in [
        ("rust-toolchain", "1.95.0"),
        ("rust-toolchain", "  1.95.0\t\r\n"),
        ("rust-toolchain", "1.95.0/\n"),
        ("rust-toolchain", "# comment\n[toolchain]\nchannel = '1.95.0'\n"),
        ("rust-toolchain.toml", "[toolchain]\nchannel = \"1.95.0\" # 1.95.0\n"),
        ("rust-toolchain.toml", "[toolchain]\r\nchannel = \"1.95.0\"\r\n"),
        ("rust-toolchain.toml", "[toolchain]\nchannel = \"\"\"1.95.0\"\"\"\n"),
        ("rust-toolchain.toml", "[toolchain]\nchannel = \"\"\"\n1.95.0\"\"\"\n"),
        ("rust-toolchain.toml", "[toolchain]\nchannel = '1.95.0/'\n"),
        ("rust-toolchain.toml", "toolchain.channel = \"1.95.0\""),
        ("rust-toolchain.toml", "# 1.95.0\n\n\ntoolchain = { channel = \"1.95.0\" }\n"),
        ("rust-toolchain.toml", "\u{feff}[toolchain]\nchannel = \"1.95.0\"\n"),
    ] {
        let file = read(name, text).unwrap_or_else(|error| panic!("{text:?}: {error}"));
        assert_eq!(file.spec, plain("1.95.0"), "{text:?}");
        let span = file.channel_span.unwrap_or_else(|| panic!("{text:?} has no span"));
        assert_eq!(&text[span.clone()], "1.95.0", "{text:?}");
        let mut bumped = text.to_owned();
        bumped.replace_range(span, "1.96.1");
        assert_eq!(read(name, &bumped).expect("still valid").spec, plain("1.96.1"), "{bumped:?}");
    }
}

#[test]
fn a_channel_written_with_escapes_is_read_but_has_no_place_to_edit() {
    let file = read("rust-toolchain.toml", "[toolchain]\nchannel = \"\\u0031.95.0\"").expect("valid");
    assert_eq!((file.spec, file.channel_span), (plain("1.95.0"), None));
}

#[test]
fn parts_are_those_that_rustup_installs() {
    let text = "[toolchain]\nchannel = \"nightly-2026-05-19\"\ncomponents = [\"miri\", \"rust-src\"]\n\
                targets = [\"wasm32-wasip1\"]\nprofile = \"m\"\nlater = true\n[other]\n";
    let wants = Wants {
        components: vec!["miri".to_owned(), "rust-src".to_owned()],
        targets: vec!["wasm32-wasip1".to_owned()],
        profile: Some(Profile::Minimal),
    };
    let file = read("rust-toolchain.toml", text).expect("valid");
    let nightly = Channel::parse("nightly-2026-05-19").expect("a name");
    assert_eq!(file.spec, Spec::Channel(nightly, wants.clone()));

    let file = read("rust-toolchain.toml", &text.replace("channel", "unknown")).expect("valid");
    assert_eq!(file.spec, Spec::Default(wants));

    // Rustup never looks at the parts of a custom toolchain, not even at a profile that does not exist.
    let custom = text.replace("nightly-2026-05-19", "stage1").replace("\"m\"", "\"none\"");
    assert_eq!(read("rust-toolchain.toml", &custom).expect("valid").spec, plain("stage1"));
}

#[cfg(unix)]
#[test]
fn a_path_is_absolute_and_alone() {
    let opt = Spec::Path(PathBuf::from("/opt/rust"));
    assert_eq!(read("rust-toolchain", "/opt/rust\n").expect("valid").spec, opt);
    assert_eq!(read("rust-toolchain.toml", "[toolchain]\npath = \"/opt/rust\"").expect("valid").spec, opt);
}

#[test]
fn what_rustup_refuses_names_its_place() {
    for (name, text, expect) in [
        ("rust-toolchain", "", "nothing in it"),
        ("rust-toolchain", " \n", "nothing in it"),
        ("rust-toolchain", "\n\n", "no channel, path"),
        ("rust-toolchain.toml", "", "nothing in it"),
        ("rust-toolchain.toml", "1.95.0\n", "line 1"),
        ("rust-toolchain.toml", "\n\n[toolchain\n", "line 3"),
        ("rust-toolchain.toml", "[toolchain]\nchannel = 1.95\n", "line 2: `channel` is float"),
        (
            "rust-toolchain.toml",
            "[toolchain]\nchannel = \"1\"\ncomponents = [\"a\", 1]",
            "line 3: `components`",
        ),
        ("rust-toolchain.toml", "[toolchain]\ntargets = \"wasm32-wasip1\"", "line 2: `targets` is string"),
        ("rust-toolchain.toml", "[toolchain]\nprofile = \"minimal\"", "no channel, path"),
        ("rust-toolchain.toml", "[toolchain]\n", "no channel, path"),
        ("rust-toolchain.toml", "channel = \"stable\"", "no channel, path"),
        ("rust-toolchain.toml", "toolchain = \"stable\"", "line 1: `toolchain` is string"),
        ("rust-toolchain.toml", "[toolchain]\nchannel = \"\"", "may not be empty"),
        ("rust-toolchain.toml", "[toolchain]\nchannel = \"../x\"", "may not contain '/'"),
        ("rust-toolchain.toml", "[toolchain]\nchannel = \"stable\"\nprofile = \"all\"", "no profile `all`"),
        ("rust-toolchain.toml", "[toolchain]\nchannel = \"a\"\npath = \"/b\"", "both a channel and a path"),
        ("rust-toolchain.toml", "[toolchain]\npath = \"b/c\"", "`b/c` is not absolute"),
        (
            "rust-toolchain.toml",
            "[toolchain]\npath = \"/b\"\nprofile = \"m\"",
            "no components, targets or profile",
        ),
    ] {
        let error = read(name, text).expect_err(text);
        assert!(error.contains(expect), "{text:?}: {error}");
    }
}

#[test]
fn every_problem_but_syntax_has_a_way_out() {
    use crate::toolchain::ToolchainError;
    for problem in
        [FileProblem::Empty, FileProblem::PathWithOptions, FileProblem::CustomMissing("x".to_owned())]
    {
        let error = ToolchainError::File { path: PathBuf::from("rust-toolchain"), problem };
        assert!(error.help().is_some(), "{error}");
    }
}
