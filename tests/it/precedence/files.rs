//! What stands in toolchain files and in rustup's settings, and what rustup makes of it.

use super::sandbox::{Expect, Situation};

#[test]
fn toolchain_files_are_read_as_rustup_reads_them() {
    use Expect::{Active, Missing, Refused};
    for (name, text, expect) in [
        ("rust-toolchain", "1.95.0", Active),
        ("rust-toolchain", "  stage1 \r\n", Active),
        ("rust-toolchain", "my chain\n", Active),
        ("rust-toolchain", "", Refused),
        ("rust-toolchain", "\n", Refused),
        ("rust-toolchain", "\n\n", Refused),
        ("rust-toolchain", "1.95.0\n# comment\n", Refused),
        ("rust-toolchain", "# comment", Refused),
        ("rust-toolchain", "\u{feff}1.95.0\n", Refused),
        ("rust-toolchain", "toolchain.channel = \"1.95.0\"", Refused),
        ("rust-toolchain", "{ROOT}/opt/rust", Active),
        ("rust-toolchain", "{ROOT}/opt", Refused),
        ("rust-toolchain", "opt/rust", Refused),
        ("rust-toolchain", "stage2", Refused),
        ("rust-toolchain", "beta", Missing),
        ("rust-toolchain", "stable-{HOST}", Active),
        ("rust-toolchain", "beta-{HOST}", Refused),
        ("rust-toolchain", "stable-gnu", Refused),
        ("rust-toolchain", "[toolchain]\nchannel = \"1.95.0\"", Active),
        ("rust-toolchain.toml", "[toolchain]\r\nchannel = \"1.95.0\"\r\n", Active),
        ("rust-toolchain.toml", "\u{feff}[toolchain]\nchannel = \"1.95.0\"\n", Active),
        ("rust-toolchain.toml", "\n# comment\n\n[toolchain] # more\nchannel = '1.95.0'\n", Active),
        ("rust-toolchain.toml", "toolchain = { channel = \"1.95.0\" }", Active),
        ("rust-toolchain.toml", "toolchain.channel = \"1.95.0\"", Active),
        ("rust-toolchain.toml", "later = 1\n[toolchain]\nchannel = \"1.95.0\"\nlater = []\n[x]\n", Active),
        ("rust-toolchain.toml", "[toolchain]\nchannel = \"1.95.0\"\nchannel = \"stable\"\n", Refused),
        ("rust-toolchain.toml", "[toolchain]\nchannel = 1.95\n", Refused),
        ("rust-toolchain.toml", "[toolchain]\nchannel = \"\"\n", Refused),
        ("rust-toolchain.toml", "[toolchain]\nchannel = \"none\"\n", Refused),
        ("rust-toolchain.toml", "[[toolchain]]\nchannel = \"1.95.0\"\n", Refused),
        ("rust-toolchain.toml", "channel = \"1.95.0\"\n", Refused),
        ("rust-toolchain.toml", "1.95.0\n", Refused),
        ("rust-toolchain.toml", "", Refused),
        ("rust-toolchain.toml", "[toolchain\nchannel = \"1.95.0\"\n", Refused),
        ("rust-toolchain.toml", "[toolchain]\ncomponents = [\"rust-src\"]\n", Active),
        ("rust-toolchain.toml", "[toolchain]\ntargets = []\n", Active),
        ("rust-toolchain.toml", "[toolchain]\ncomponents = [1]\n", Refused),
        ("rust-toolchain.toml", "[toolchain]\nprofile = \"minimal\"\n", Refused),
        ("rust-toolchain.toml", "[toolchain]\nchannel = \"1.95.0\"\nprofile = \"c\"\n", Active),
        ("rust-toolchain.toml", "[toolchain]\nchannel = \"1.95.0\"\nprofile = \"\"\n", Active),
        ("rust-toolchain.toml", "[toolchain]\nchannel = \"1.95.0\"\nprofile = \"all\"\n", Refused),
        ("rust-toolchain.toml", "[toolchain]\nchannel = \"stage1\"\nprofile = \"all\"\n", Active),
        ("rust-toolchain.toml", "[toolchain]\nchannel = \"stage1\"\ncomponents = [\"miri\"]\n", Active),
        ("rust-toolchain.toml", "[toolchain]\nprofile = \"all\"\ntargets = []\n", Refused),
        ("rust-toolchain.toml", "[toolchain]\npath = '{ROOT}/opt/rust'\n", Active),
        ("rust-toolchain.toml", "[toolchain]\npath = '{ROOT}/opt'\n", Refused),
        ("rust-toolchain.toml", "[toolchain]\npath = '../opt/rust'\n", Refused),
        ("rust-toolchain.toml", "[toolchain]\npath = '{ROOT}/opt/rust'\ntargets = []\n", Refused),
        ("rust-toolchain.toml", "[toolchain]\npath = '{ROOT}/opt/rust'\nchannel = 'stable'\n", Refused),
    ] {
        let what: &'static str = Box::leak(format!("{name}: {text:?}").into_boxed_str());
        let files: &'static [(&str, &[u8])] = Box::leak(Box::new([(
            if name == "rust-toolchain" { "w/rust-toolchain" } else { "w/rust-toolchain.toml" },
            text.as_bytes(),
        )]));
        Situation::new(what, expect).files(files).check();
    }
}

#[test]
fn settings_are_read_as_rustup_reads_them() {
    use Expect::{Active, Missing, None, Refused};
    for (settings, expect) in [
        ("{VERSION}\n", None),
        ("{VERSION}\ndefault_toolchain = \"1.95.0\"\n", Active),
        ("{VERSION}\ndefault_toolchain = \"stage1\"\n", Active),
        ("{VERSION}\ndefault_toolchain = \"stage2\"\n", Missing),
        ("{VERSION}\ndefault_toolchain = \"a/b\"\n", Refused),
        ("{VERSION}\ndefault_toolchain = \"{ROOT}/opt/rust\"\n", Refused),
        ("{VERSION}\ndefault_toolchain = 1\n", Refused),
        (
            "{VERSION}\ndefault_toolchain = \"stable\"\ndefault_host_triple = \"riscv64gc-unknown-linux-gnu\"\n",
            Missing,
        ),
        ("{VERSION}\ndefault_toolchain = \"stable\"\ndefault_host_triple = \"x86_64\"\n", Refused),
        ("{VERSION}\ndefault_toolchain = \"stable\"\ndefault_host_triple = \"nonsense\"\n", Refused),
        ("{VERSION}\ndefault_toolchain = \"stable\"\nlater = 1\nprofile = \"minimal\"\n", Active),
        ("{VERSION}\ndefault_toolchain = \"stable\"\nprofile = \"all\"\n", Refused),
        ("{VERSION}\ndefault_toolchain = \"stable\"\nauto_self_update = \"maybe\"\n", Refused),
        ("{VERSION}\ndefault_toolchain = \"stable\"\nauto_install = \"maybe\"\n", Refused),
        ("{VERSION}\ndefault_toolchain = \"stable\"\n[overrides]\n'{ROOT}/w' = 1\n", Refused),
        ("{VERSION}\ndefault_toolchain = \"stable\"\n[overrides]\n'{ROOT}/w/' = 'stage1'\n", Active),
        ("{VERSION}\n[overrides]\n'{ROOT}/w' = '1.95.0'\n", Active),
        ("{VERSION}\n[overrides]\n'{ROOT}/w' = 'beta'\n", Missing),
        ("{VERSION}\n[overrides]\n'{ROOT}/w' = 'a/b'\n", Refused),
        ("{VERSION}\n[overrides]\n'/' = 'stage1'\n", Active),
        ("version = \"2\"\ndefault_toolchain = \"stable\"\n", Refused),
        ("version = \"13\"\ndefault_toolchain = \"stable\"\n", Refused),
        ("version = 12\ndefault_toolchain = \"stable\"\n", Refused),
        ("default_toolchain = \"stable\"\n", Refused),
        ("{VERSION}\ndefault_toolchain =\n", Refused),
    ] {
        Situation::new(settings, expect).settings(settings).check();
    }
    Situation::new("the host by a variable", Missing)
        .settings("{VERSION}\ndefault_toolchain = \"stable\"\n")
        .vars(&[("RUSTUP_OVERRIDE_HOST_TRIPLE", "aarch64-unknown-linux-musl")])
        .check();
    if cfg!(windows) {
        return; // There is no machine-wide file.
    }
    for (what, vars, fallback, expect) in [
        ("the machine's default", &[] as &[(&str, &str)], &b"default_toolchain = \"stage1\""[..], Active),
        ("its version is not looked at", &[], b"version = 1\ndefault_toolchain = \"stage1\"", Active),
        ("it has none", &[], b"", None),
        ("it is broken", &[], b"[", Refused),
        ("it is not UTF-8", &[], b"\xff", Refused),
        ("it is broken and not needed", &[("RUSTUP_TOOLCHAIN", "stage1")], b"[", Refused),
    ] {
        let files: &'static [(&str, &[u8])] = Box::leak(Box::new([("fallback.toml", fallback)]));
        Situation::new(what, expect).settings("{VERSION}\n").files(files).vars(vars).check();
    }
    Situation::new("the user's default over the machine's", Active)
        .files(&[("fallback.toml", b"default_toolchain = \"stage1\"")])
        .check();
}
