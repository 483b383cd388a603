//! Broken policies: what a person who made the mistake is told, and where the caret points.

use super::{Repo, line, rendered};

/// (the file, for each mistake: its line, a piece of the message, a piece of what else is said)
type Case = (&'static str, &'static [(usize, &'static str, &'static str)]);

#[rustfmt::skip]
const CASES: &[Case] = &[
    // Names
    ("[toolchian]\n", &[(1, "unknown section `toolchian`", "did you mean `toolchain`?")]),
    ("[toolchain]\noveride = 'deny'\n", &[(2, "unknown key `overide` in [toolchain]", "did you mean `override`?")]),
    ("[clean]\nkeep_toolchains = 1\n", &[(2, "unknown key `keep_toolchains`", "did you mean `keep-toolchains`?")]),
    ("[toolchain]\nscope = 'all'\n", &[(2, "unknown key `scope`", "`scope` belongs in [clean]")]),
    ("[policy]\nupdate = '7d'\n", &[(2, "unknown key `update`", "`update` belongs in [toolchain] or [steps]")]),
    ("enforce = 'deny'\n", &[(1, "unknown key `enforce`", "`enforce` belongs in [policy]")]),
    ("[zebra]\n", &[(1, "unknown section `zebra`", "the sections `policy`, `toolchain`,")]),
    ("toolchain.chanel = '1.78'\n", &[(1, "unknown key `chanel` in [toolchain]", "did you mean `channel`?")]),
    ("toolchain = 'stable'\n", &[(1, "`toolchain` cannot be a string", "a section, `[toolchain]`")]),
    ("[[clean]]\nscope = 'all'\n", &[(1, "`clean` cannot be a list", "a section, `[clean]`")]),
    ("[policy]\nxcargo = { minimum = '1' }\n", &[(2, "unknown key `minimum` in `policy.xcargo`", "`required` or `recommended`")]),
    ("[[commands.deny]]\ncommand = 'x'\nreasons = 'y'\n", &[(3, "unknown key `reasons` in `commands.deny[]`", "did you mean `reason`?")]),
    // Types
    ("[toolchain]\noverride = true\n", &[(2, "`toolchain.override` cannot be a boolean", "`allow`, `warn` or `deny`")]),
    ("[toolchain]\nupdate = 7\n", &[(2, "`toolchain.update` cannot be a whole number", "`12h`, `7d`, `2w`")]),
    ("[clean]\nkeep-toolchains = '1'\n", &[(2, "`clean.keep-toolchains` cannot be a string", "a whole number")]),
    ("[clean]\nkeep-toolchains = 1.5\n", &[(2, "cannot be a number with a fraction", "a whole number")]),
    ("[steps]\nbuild = 'verify-cache'\n", &[(2, "`steps.build` cannot be a string", "a list of `ensure-toolchain`")]),
    ("[commands]\ndeny = ['publish']\n", &[(2, "`commands.deny[]` cannot be a string", "`{ command, reason? }`")]),
    ("[policy]\nxcargo = 1\n", &[(2, "`policy.xcargo` cannot be a whole number", "`{ required?, recommended? }`")]),
    ("[policy]\nextends = '../team.toml'\n", &[(2, "`policy.extends` cannot be a string", "a list")]),
    // Values
    ("[toolchain]\noverride = 'dney'\n", &[(2, "`toolchain.override` cannot be `dney`", "did you mean `deny`?")]),
    ("[policy]\nenforce = 'allow'\n", &[(2, "`policy.enforce` cannot be `allow`", "allowed: `warn` or `deny`")]),
    ("[policy]\nxcargo = 'newest'\n", &[(2, "`policy.xcargo` cannot be `newest`", "a version requirement")]),
    ("[policy]\nxcargo = { required = '>=x' }\n", &[(2, "`policy.xcargo.required` cannot be `>=x`", "a version requirement")]),
    ("[toolchain]\nchannel = 'a b'\n", &[(2, "`toolchain.channel` cannot be `a b`", "may not contain ' '")]),
    ("[toolchain]\nchannel = \"1.78\\u001b[2J\"\n", &[(2, "cannot be `1.78\\u{1b}[2J`", "a control character")]),
    ("[toolchain]\nupdate = '0d'\n", &[(2, "`toolchain.update` cannot be `0d`", "a time cannot be zero")]),
    ("[toolchain]\nupdate = '-7d'\n", &[(2, "`toolchain.update` cannot be `-7d`", "a time cannot be negative")]),
    ("[toolchain]\nupdate = '1y'\n", &[(2, "`toolchain.update` cannot be `1y`", "`y` is no unit of it")]),
    ("[clean]\nkeep-toolchains = -1\n", &[(2, "`clean.keep-toolchains` cannot be -1", "it is negative")]),
    ("[diagnose]\ncleans-per-week = 4294967296\n", &[(2, "cannot be 4294967296", "it is too large")]),
    ("[clean]\nmax-size = 20\n", &[(2, "`clean.max-size` cannot be a whole number", "a whole number and a unit")]),
    ("[clean]\nmax-size = '20GB '\n", &[(2, "`clean.max-size` cannot be `20GB `", "is no unit of it")]),
    ("[clean]\nbackground = 'no'\n", &[(2, "`clean.background` cannot be a string", "`true` or `false`")]),
    ("[clean]\nallow-outside = ['../x']\n", &[(2, "`clean.allow-outside[]` cannot be `../x`", "it is not absolute")]),
    ("[clean]\nallow-outside = ['~/target']\n", &[(2, "cannot be `~/target`", "`~` is not resolved")]),
    ("[pins]\nignore = [{ path = 'a[', reason = 'x' }]\n", &[(2, "`pins.ignore[].path` cannot be `a[`", "unclosed character class")]),
    ("[pins]\nignore = [{ path = '../a', reason = 'x' }]\n", &[(2, "cannot be `../a`", "it leads out of the workspace")]),
    ("[pins]\nignore = [{ path = 'a', reason = ' ' }]\n", &[(2, "`pins.ignore[].reason` cannot be ` `", "it is empty")]),
    ("[pins]\nignore = [{ path = 'a' }]\n", &[(2, "an entry of `pins.ignore` has no `reason`", "`{ path, reason }`")]),
    ("[pins]\nextra = [{ path = 'a', pattern = 'v=(', role = 'dev' }]\n", &[(2, "`pins.extra[].pattern` cannot be `v=(`", "unclosed group")]),
    ("[pins]\nextra = [{ path = 'a', pattern = 'v=', role = 'dev' }]\n", &[(2, "cannot be `v=`", "no capture group")]),
    ("[pins]\nextra = [{ path = 'a', pattern = '(a)(b)', role = 'dev' }]\n", &[(2, "cannot be `(a)(b)`", "2 capture groups")]),
    ("[pins]\nextra = [{ path = 'a', pattern = '(a)', role = 'prod' }]\n", &[(2, "`pins.extra[].role` cannot be `prod`", "`dev`, `msrv` or `deliberate`")]),
    ("[steps]\nbuild = ['verify-cache', 'verify-cache']\n", &[(2, "`steps.build` has `verify-cache` twice", "none twice")]),
    ("[steps]\nbuild = ['cargo-update']\n", &[(2, "`steps.build` cannot have `cargo-update`", "change the lock file")]),
    ("[steps]\ntoolchain-change = [\n  'sync-pins',\n  'cargo-update',\n]\n", &[(4, "cannot have `cargo-update`", "change the lock file")]),
    ("[steps]\nupdate = ['cargo-updat']\n", &[(2, "`steps.update[]` cannot be `cargo-updat`", "did you mean `cargo-update`?")]),
    ("[commands]\ndeny = [{ command = 'git push' }]\n", &[(2, "cannot be `git push`", "more than one word")]),
    ("[commands]\ndeny = [{ command = '--locked' }]\n", &[(2, "cannot be `--locked`", "an argument, not a command")]),
    ("[commands]\nrequire = [{ command = 'build', args = [] }]\n", &[(2, "`commands.require[].args` is empty", "at least one entry")]),
    ("[commands]\nrequire = [{ command = 'build' }]\n", &[(2, "an entry of `commands.require` has no `args`", "`{ command, args, when?, reason? }`")]),
    ("[commands]\nrequire = [{ command = 'build', args = ['-q'], when = 'CI' }]\n", &[(2, "`commands.require[].when` cannot be `CI`", "did you mean `ci`?")]),
    // Files that cannot be extended
    ("[policy]\nextends = ['~/team.toml']\n", &[(2, "`policy.extends[]` cannot be `~/team.toml`", "`~` is not resolved")]),
    ("[policy]\nextends = ['https://x/doctor.toml']\n", &[(2, "cannot be `https://x/doctor.toml`", "only local files")]),
    ("[policy]\nextends = ['']\n", &[(2, "`policy.extends[]` cannot be ``", "it is empty")]),
    ("[policy]\nextends = ['gone.toml']\n", &[(2, "gone.toml cannot be read", "extended here")]),
    // TOML itself
    ("[toolchain\n", &[(1, "not valid TOML", "")]),
    ("[toolchain]\nchannel = \n", &[(2, "not valid TOML", "")]),
    ("[toolchain]\ninstall = 'ask'\ninstall = 'deny'\n", &[(3, "not valid TOML: duplicate key", "")]),
    ("[toolchain]\n[clean]\n[toolchain]\n", &[(3, "not valid TOML: duplicate key", "")]),
    ("[toolchain]\r\nchannel = 'stable\r\n", &[(2, "not valid TOML", "")]),
    // Several at once, in the order of the file
    ("[toolchain]\noverride = 'x'\ninstall = 1\n[clean]\nscop = 'all'\n", &[
        (2, "`toolchain.override` cannot be `x`", ""),
        (3, "`toolchain.install` cannot be a whole number", ""),
        (5, "unknown key `scop`", "did you mean `scope`?"),
    ]),
    ("top = 1\n[policy]\nxcargo = '??'\nenforce = 'no'\n[toolchain]\nchannel = ''\nupdate = '1'\n[steps]\nbuild = ['a']\n\
      [clean]\nscope = 3\nkeep-toolchains = -2\nallow-outside = ['x']\n[commands]\ndeny = [{}]\n", &[
        (1, "unknown key `top`", ""),
        (3, "`policy.xcargo` cannot be `??`", ""),
        (4, "`policy.enforce` cannot be `no`", ""),
        (6, "`toolchain.channel` cannot be ``", ""),
        (7, "`toolchain.update` cannot be `1`", "a unit is missing"),
        (9, "`steps.build[]` cannot be `a`", ""),
        (11, "`clean.scope` cannot be a whole number", ""),
        (12, "`clean.keep-toolchains` cannot be -2", ""),
        (13, "`clean.allow-outside[]` cannot be `x`", ""),
        (15, "an entry of `commands.deny` has no `command`", ""),
    ]),
];

/// Without this, somebody fixes a policy one run at a time, or is sent to the wrong line.
#[test]
fn every_mistake_is_said_at_once_with_its_line() {
    for (text, expected) in CASES {
        let mistakes = Repo::new().with("doctor.toml", text).mistakes();
        let whole = rendered(&mistakes);
        assert_eq!(mistakes.len(), expected.len(), "{text}\n{whole}");
        for (mistake, (at, message, more)) in mistakes.iter().zip(*expected) {
            let said = mistake.render(false);
            assert_eq!(line(mistake), *at, "{text}\n{said}");
            assert!(mistake.message.contains(message), "{message:?} is not the message of\n{said}");
            assert!(said.contains(more), "{more:?} is not in\n{said}");
        }
    }
}

/// The caret must stand under the very value: this is what people look at first.
#[test]
fn the_caret_stands_under_the_value() {
    let repo = Repo::new().with("doctor.toml", "\u{feff}# hi\r\n[toolchain]\r\noverride = 'dney' # é\r\n");
    let said = rendered(&repo.mistakes());
    let expected = "\
error[policy-broken]: `toolchain.override` cannot be `dney`
 --> doctor.toml:3:12
  |
3 | override = 'dney' # é
  |            ^^^^^^ an unknown value
  |
  = note: allowed: `allow`, `warn` or `deny`
  = help: did you mean `deny`?
";
    assert_eq!(said, expected);
}

/// A file for a newer xcargo must say so, whatever else of it this one does not understand.
#[test]
fn the_version_is_judged_before_anything_else() {
    for (text, refused) in [
        ("[policy]\nxcargo = { required = '>=0.2' }\n[new]\nkey = 1\n", true),
        ("[policy]\nxcargo = '>=0.2'\nextends = ['gone.toml']\n[toolchain]\noverride = 'new'\n", true),
        ("[policy.xcargo]\nnew = 1\nrequired = '^1'\n", true),
        ("policy.xcargo = '<0.1'\n", true),
        ("[policy]\nxcargo = { required = '>=0.1' }\n[new]\nkey = 1\n", false),
        ("[policy]\nxcargo = { required = 'newest' }\n", false),
    ] {
        let mistakes = Repo::new().with("doctor.toml", text).mistakes();
        let said = rendered(&mistakes);
        assert_eq!(mistakes.len(), 1, "{said}");
        assert_eq!(mistakes[0].message.starts_with("this policy needs xcargo "), refused, "{said}");
        assert_eq!(mistakes[0].message.ends_with(", this is 0.1.0"), refused, "{said}");
    }
}

/// A file of another program under this name must not scroll a terminal for minutes.
#[test]
fn a_flood_is_cut_short_and_says_so() {
    let mistakes =
        Repo::new().with("doctor.toml", format!("[steps]\nbuild = [{}]\n", "1, ".repeat(1_000))).mistakes();
    assert_eq!(mistakes.len(), 101);
    assert_eq!(mistakes[100].message, "900 more mistakes are not shown");
}

/// A recommendation that stopped the build, or that nobody saw, would be none.
#[test]
fn a_recommendation_warns_once() {
    let repo = Repo::new()
        .with("team.toml", "[policy]\nxcargo = { recommended = '>=0.3' }\n")
        .with("doctor.toml", "[policy]\nextends = ['team.toml']\nxcargo = { recommended = '>=0.2' }\n");
    let loaded = repo.load().unwrap().unwrap();
    assert_eq!(loaded.warnings.len(), 1);
    assert!(loaded.warnings[0].message.starts_with("this policy recommends xcargo >=0."));
    assert_eq!(loaded.warnings[0].severity, crate::diagnostic::Severity::Warning);
}
