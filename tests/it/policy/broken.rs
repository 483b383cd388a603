//! Broken policies: each stops every command before anything ran, with its line and the way out.

use super::{BROKEN, is_broken, package, run};
use crate::support::recorder::Recorder;
use crate::support::sandbox::Sandbox;

/// The file; where the caret stands; what is wrong; the way out.
type Text = (&'static str, &'static str, &'static str, &'static str);

#[rustfmt::skip]
const TEXTS: &[Text] = &[
    // TOML
    ("[toolchain\n", "doctor.toml:1:11", "not valid TOML", "expected `]`"),
    ("[toolchain]\nchannel = \n", "doctor.toml:2:11", "not valid TOML", "string values must be quoted"),
    ("[toolchain]\nchannel = '1.78\n", "doctor.toml:2:", "not valid TOML", "expected `'`"),
    ("[toolchain]\ninstall = 'ask'\ninstall = 'deny'\n", "doctor.toml:3:1", "not valid TOML", "duplicate key"),
    ("[clean]\n[toolchain]\n[clean]\n", "doctor.toml:3:", "not valid TOML", "duplicate key"),
    // Names
    ("[toolchian]\n", "doctor.toml:1:2", "unknown section `toolchian`", "did you mean `toolchain`?"),
    ("[clean]\nkeep_toolchains = 1\n", "doctor.toml:2:1", "unknown key `keep_toolchains` in [clean]", "did you mean `keep-toolchains`?"),
    ("enforce = 'deny'\n", "doctor.toml:1:1", "unknown key `enforce`", "`enforce` belongs in [policy]"),
    ("[toolchain]\nscope = 'all'\n", "doctor.toml:2:1", "unknown key `scope` in [toolchain]", "`scope` belongs in [clean]"),
    ("[[commands.deny]]\ncommand = 'x'\nreasons = 'y'\n", "doctor.toml:3:1", "unknown key `reasons`", "did you mean `reason`?"),
    // Types
    ("toolchain = 'stable'\n", "doctor.toml:1:13", "`toolchain` cannot be a string", "allowed: a section, `[toolchain]`"),
    ("[toolchain]\noverride = true\n", "doctor.toml:2:12", "`toolchain.override` cannot be a boolean", "allowed: `allow`, `warn` or `deny`"),
    ("[toolchain]\nupdate = 7\n", "doctor.toml:2:10", "`toolchain.update` cannot be a whole number", "`12h`, `7d`, `2w`"),
    ("[steps]\nbuild = 'verify-cache'\n", "doctor.toml:2:9", "`steps.build` cannot be a string", "allowed: a list of"),
    ("[clean]\nkeep-toolchains = 1.5\n", "doctor.toml:2:19", "a number with a fraction", "allowed: a whole number"),
    ("[commands]\ndeny = ['publish']\n", "doctor.toml:2:9", "`commands.deny[]` cannot be a string", "`{ command, reason? }`"),
    // Versions
    ("[policy]\nxcargo = 'newest'\n", "doctor.toml:2:10", "`policy.xcargo` cannot be `newest`", "allowed: a version requirement"),
    ("[policy]\nxcargo = { required = '>=x' }\n", "doctor.toml:2:23", "`policy.xcargo.required` cannot be `>=x`", "allowed: a version requirement"),
    ("[policy]\nxcargo = '>=99'\n[from-the-future]\nkey = 1\n", "doctor.toml:2:10", "this policy needs xcargo >=99, this is ", "install such an xcargo"),
    ("[policy.xcargo]\nrequired = '<0.0.1'\n", "doctor.toml:2:12", "this policy needs xcargo <0.0.1, this is ", "`XCARGO_POLICY=off`"),
    // Values
    ("[toolchain]\noverride = 'dney'\n", "doctor.toml:2:12", "cannot be `dney`", "did you mean `deny`?"),
    ("[toolchain]\nchannel = 'a b'\n", "doctor.toml:2:11", "`toolchain.channel` cannot be `a b`", "allowed: the name of a toolchain"),
    ("[toolchain]\nchannel = \"1.78\\u001b[2J\"\n", "doctor.toml:2:11", "cannot be `1.78\\u{1b}[2J`", "a control character is in it"),
    ("[toolchain]\nupdate = '1y'\n", "doctor.toml:2:10", "`y` is no unit of it", "`12h`, `7d`, `2w`"),
    ("[clean]\nkeep-toolchains = -1\n", "doctor.toml:2:19", "it is negative", "allowed: a whole number"),
    ("[clean]\nallow-outside = ['../target']\n", "doctor.toml:2:18", "it is not absolute", "allowed: an absolute path"),
    ("[clean]\nallow-outside = ['/']\n", "doctor.toml:2:18", "it is the root of the file system", "allowed: an absolute path"),
    ("[pins]\nignore = [{ path = 'a[', reason = 'x' }]\n", "doctor.toml:2:20", "`pins.ignore[].path` cannot be `a[`", "allowed: a glob"),
    ("[pins]\nignore = [{ path = 'a' }]\n", "doctor.toml:2:11", "has no `reason`", "`{ path, reason }`"),
    ("[pins]\nextra = [{ path = 'a', pattern = 'v=(', role = 'dev' }]\n", "doctor.toml:2:34", "`pins.extra[].pattern` cannot be `v=(`", "allowed: a regular expression with one capture group"),
    ("[pins]\nextra = [{ path = 'a', pattern = '(a)(b)', role = 'dev' }]\n", "doctor.toml:2:34", "2 capture groups", "`(?:…)`"),
    ("[steps]\nbuild = ['verify-cache', 'verify-cache']\n", "doctor.toml:2:26", "has `verify-cache` twice", "none twice"),
    ("[steps]\nbuild = ['cargo-update']\n", "doctor.toml:2:10", "cannot have `cargo-update`", "allowed: a list of"),
    ("[commands]\ndeny = [{ command = 'git push' }]\n", "doctor.toml:2:21", "cannot be `git push`", "allowed: one cargo command"),
    ("[commands]\nrequire = [{ command = 'build', args = [] }]\n", "doctor.toml:2:40", "`commands.require[].args` is empty", "at least one entry"),
    // What cannot be extended
    ("[policy]\nextends = ['gone.toml']\n", "doctor.toml:2:12", "gone.toml cannot be read", "help: "),
    ("[policy]\nextends = ['src']\n", "doctor.toml:2:12", "`policy.extends[]` cannot be `src`", "ends in `.toml`"),
    ("[policy]\nextends = ['doctor.toml']\n", "doctor.toml:2:12", "policies extend each other in a loop", "remove one of these `extends`"),
    ("[policy]\nextends = ['https://example.com/doctor.toml']\n", "doctor.toml:2:12", "only local files can be extended", "allowed: the path of a policy file"),
    ("[policy]\nextends = ['~/doctor.toml']\n", "doctor.toml:2:12", "`~` is not resolved", "allowed: the path of a policy file"),
];
const _: () = assert!(TEXTS.len() >= 30);

/// A policy that is taken for none, or read in half, is worse than no policy: somebody relies on it.
#[test]
fn a_broken_policy_stops_every_command_with_its_line_and_the_way_out() {
    let sandbox = Sandbox::new();
    let recorder = Recorder::install(&sandbox);
    for (at, (text, place, wrong, way_out)) in TEXTS.iter().enumerate() {
        let project = package(&sandbox, &format!("p{at}")).doctor(text);
        is_broken(&sandbox, &recorder, &project, &[&format!(" --> {place}"), "^", wrong, way_out]);
    }
}

/// Who shares a policy must be led to the line in the very file, and to both where two do not agree.
#[test]
fn a_broken_shared_policy_names_the_file_and_both_lines() {
    let sandbox = Sandbox::new();
    let recorder = Recorder::install(&sandbox);
    let named = "[policy]\nextends = ['../team/doctor.toml']\n";
    for (at, (team, own, says)) in [
        ("[clean]\nscop = 'all'\n", "", &["team/doctor.toml:2:1", "did you mean `scope`?"][..]),
        (
            "[policy]\nextends = ['more.toml']\n",
            "",
            &["more.toml cannot be read", "team/doctor.toml:2:12", "extended here"],
        ),
        (
            "[policy]\nxcargo = '>=99'\n[new]\n",
            "",
            &["team/doctor.toml:2:10", "needs xcargo >=99", "nothing else in the policy was judged"],
        ),
        (
            "[toolchain]\noverride = 'deny'\n",
            "[toolchain]\noverride = 'allow'\n",
            &[
                "--> doctor.toml:4:12",
                "`deny` stands here",
                "team/doctor.toml:2",
                "is looser than in",
                "remove it here",
            ],
        ),
        (
            "[clean]\nallow-outside = []\n",
            "[clean]\nallow-outside = ['/var/cache/target']\n",
            &["--> doctor.toml:4:18", "team/doctor.toml:2", "remove it here"],
        ),
        ("[policy]\nextends = ['LOOP']\n", "", &["in a loop", "closes the loop", " -> "]),
    ]
    .into_iter()
    .enumerate()
    {
        let project = package(&sandbox, &format!("w{at}/p")).doctor(&format!("{named}{own}"));
        let back = project.root().join("doctor.toml");
        let team = team.replace("LOOP", back.to_str().unwrap());
        let project = project.file("../team/doctor.toml", team);
        is_broken(&sandbox, &recorder, &project, &[says, &["^"]].concat());
    }
}

/// One run, one list: nobody mends a policy one mistake at a time.
#[test]
fn ten_mistakes_are_said_at_once_in_the_order_of_the_file() {
    let sandbox = Sandbox::new();
    let recorder = Recorder::install(&sandbox);
    let project = package(&sandbox, "p").doctor(
        "top = 1\n[policy]\nxcargo = '??'\nenforce = 'no'\n[toolchain]\nchannel = ''\nupdate = '1'\n\
         [steps]\nbuild = ['a']\n[clean]\nscope = 3\nkeep-toolchains = -2\nallow-outside = ['x']\n[commands]\ndeny = [{}]\n",
    );
    let lines = [1, 3, 4, 6, 7, 9, 11, 12, 13, 15].map(|line| format!(" --> doctor.toml:{line}:"));
    let says: Vec<&str> = lines.iter().map(String::as_str).collect();
    is_broken(&sandbox, &recorder, &project, &says);
    let said = run(&sandbox, &project, &["build"]).code(BROKEN).err();
    let at: Vec<usize> = lines.iter().filter_map(|line| said.find(line)).collect();
    assert!(at.is_sorted(), "{said}");
    assert_eq!(said.matches("error[policy-broken]: ").count(), 10, "{said}");
    assert!(said.ends_with("10 errors\n"), "{said}");
}

/// Whoever asked for silence did not ask for a command that fails without a word.
#[test]
fn nothing_silences_a_broken_policy() {
    let sandbox = Sandbox::new();
    let project = package(&sandbox, "p").doctor("[toolchian]\n");
    let plain = run(&sandbox, &project, &["build"]).code(BROKEN).err();
    for (args, vars) in [
        (&["-q", "build"][..], &[][..]),
        (&["build", "--quiet"], &[]),
        (&["build", "--config", "term.quiet=true"], &[]),
        (&["build", "--message-format=json"], &[]),
        (&["build"], &[("CARGO_TERM_QUIET", "true"), ("NO_COLOR", "1")]),
        (&["build"], &[("XCARGO_DRY_RUN", "1")]),
        (&["--dry-run", "build"], &[]),
    ] {
        let cmd = sandbox.xcargo().args(args).dir(project.root());
        let run = vars.iter().fold(cmd, |cmd, (name, value)| cmd.env(name, value)).run().code(BROKEN);
        assert_eq!((run.out(), run.err()), (String::new(), plain.clone()), "{}", run.show());
    }
    let coloured = run(&sandbox, &project, &["--color=always", "build"]).code(BROKEN).err();
    assert!(coloured.contains("\u{1b}[") && coloured.contains("policy-broken"), "{coloured:?}");
}

/// The words about xcargo and cargo themselves, and the schema that helps to mend the file, need no valid policy.
#[test]
fn what_needs_no_policy_works_beside_a_broken_one() {
    let sandbox = Sandbox::new();
    let project = package(&sandbox, "p").doctor("[toolchian]\n");
    for args in [
        &["--version"][..],
        &["--list"],
        &["help"],
        &["help", "build"],
        &["build", "--help"],
        &["t", "-h"],
        &["policy", "--help"],
        &["help", "policy"],
        &["policy", "schema"],
    ] {
        run(&sandbox, &project, args).ok();
    }
    let show = run(&sandbox, &project, &["policy", "show"]).code(BROKEN);
    assert!(show.stdout.is_empty(), "half a policy is none: {}", show.show());
}
