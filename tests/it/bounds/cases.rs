//! Every way that we know to let a `clean` loose on what is not this workspace's to clean.

/// One way to set a directory that is not this workspace's to clean.
pub(super) struct Case {
    pub(super) args: &'static [&'static str],
    pub(super) vars: &'static [(&'static str, &'static str)],
    /// Files that are written first: path and text.
    pub(super) files: &'static [(&'static str, &'static str)],
    /// Links that are made first: their place, and where they lead.
    pub(super) links: &'static [(&'static str, &'static str)],
    /// What plain cargo deletes then; nothing where it would have deleted nothing that it should not.
    pub(super) lost: &'static str,
    /// What the message must say: the rule, and who set the directory.
    pub(super) says: [&'static str; 2],
}

const CASE: Case = Case {
    args: &["clean"],
    vars: &[],
    files: &[],
    links: &[],
    lost: "outside/precious.txt",
    says: ["lies outside the workspace", ""],
};

const TAG: &str =
    "Signature: 8a477f597d28d172789f06886806bc55\n# This file is a cache directory tag created by cargo.\n";
const FLAG: &str = "`--target-dir` on the command line";
const BY_VARIABLE: &[(&str, &str)] = &[("CARGO_TARGET_DIR", "../outside")];
const VARIABLE: &str = "environment variable `CARGO_TARGET_DIR`";
const OUTSIDE: &str = "lies outside the workspace";

/// A policy that opens another place and only warns; neither opens these.
pub(super) const POLICY: &str = "[policy]\nenforce = \"warn\"\n[clean]\nallow-outside = [\"@/elsewhere\"]\n";

#[rustfmt::skip]
pub(super) const CASES: &[Case] = &[
    // Who sets it
    Case { args: &["clean", "--target-dir", "../outside"], says: [OUTSIDE, FLAG], ..CASE },
    Case { args: &["clean", "--target-dir=@/outside"], says: [OUTSIDE, FLAG], ..CASE },
    Case { vars: BY_VARIABLE, says: [OUTSIDE, VARIABLE], ..CASE },
    Case { vars: &[("CARGO_BUILD_TARGET_DIR", "../outside")], says: [OUTSIDE, "`CARGO_BUILD_TARGET_DIR`"], ..CASE },
    Case { vars: &[("CARGO_BUILD_BUILD_DIR", "../outside")], says: [OUTSIDE, "`CARGO_BUILD_BUILD_DIR`"], ..CASE },
    Case { args: &["clean", "--config", "build.target-dir='../outside'"], says: [OUTSIDE, "`--config` on the command line"], ..CASE },
    Case { args: &["--config=build.build-dir='@/outside'", "clean"], says: [OUTSIDE, "`--config` on the command line"], ..CASE },
    Case {
        args: &["clean", "--config", "my/own.toml"],
        files: &[("ws/my/own.toml", "build.build-dir = '../outside'")],
        says: [OUTSIDE, "my/own.toml"], ..CASE
    },
    Case { files: &[("ws/.cargo/config.toml", "build.target-dir = '../outside'")], says: [OUTSIDE, "ws/.cargo/config.toml"], ..CASE },
    Case { files: &[("ws/.cargo/config.toml", "build.build-dir = '../outside'")], says: [OUTSIDE, "ws/.cargo/config.toml"], ..CASE },
    Case { files: &[("ws/.cargo/config", "build.target-dir = '../outside'")], says: [OUTSIDE, "ws/.cargo/config"], ..CASE },
    Case { files: &[(".cargo/config.toml", "build.target-dir = 'outside'")], says: [OUTSIDE, ".cargo/config.toml"], ..CASE },
    Case { files: &[("cargo/config.toml", "build.target-dir = '@/outside'")], says: [OUTSIDE, "cargo/config.toml"], ..CASE },
    Case {
        files: &[("ws/.cargo/config.toml", "include = ['team.toml']"), ("ws/.cargo/team.toml", "build.target-dir = '../outside'")],
        says: [OUTSIDE, "ws/.cargo/team.toml"], ..CASE
    },
    Case {
        files: &[("ws/.cargo/config.toml", "build.build-dir = '{workspace-root}/../outside'")],
        says: [OUTSIDE, "ws/.cargo/config.toml"], ..CASE
    },
    Case {
        vars: &[("CARGO_BUILD_BUILD_DIR", "{cargo-cache-home}/built")],
        lost: "cargo/built/precious.txt", says: [OUTSIDE, "`CARGO_BUILD_BUILD_DIR`"], ..CASE
    },
    // How the command is written
    Case { args: &["clean", "-p", "p"], vars: BY_VARIABLE, lost: "outside/debug/.fingerprint/p-0123456789abcdef", says: [OUTSIDE, VARIABLE], ..CASE },
    Case { args: &["clean", "--release"], vars: BY_VARIABLE, lost: "outside/release", says: [OUTSIDE, VARIABLE], ..CASE },
    Case { args: &["clean", "--profile=dev"], vars: BY_VARIABLE, lost: "outside/debug", says: [OUTSIDE, VARIABLE], ..CASE },
    Case { args: &["clean", "--doc"], vars: BY_VARIABLE, lost: "outside/doc", says: [OUTSIDE, VARIABLE], ..CASE },
    Case { args: &["wipe"], vars: BY_VARIABLE, lost: "outside/release", says: [OUTSIDE, VARIABLE], ..CASE },
    Case { args: &["sweep"], vars: BY_VARIABLE, lost: "outside/release", says: [OUTSIDE, VARIABLE], ..CASE },
    Case { args: &["out"], vars: &[("CARGO_ALIAS_OUT", "clean --target-dir ../outside")], says: [OUTSIDE, FLAG], ..CASE },
    // A user's `c` outranks cargo's, and cargo follows aliases before it reads `--config`.
    Case { args: &["c"], files: &[("ws/.cargo/config.toml", "alias.c = 'clean'")], vars: BY_VARIABLE, says: [OUTSIDE, VARIABLE], ..CASE },
    Case { args: &["--config", "alias.wipe='tree'", "wipe"], vars: BY_VARIABLE, lost: "outside/release", says: [OUTSIDE, VARIABLE], ..CASE },
    Case {
        args: &["out"], files: &[("ws/.cargo/config.toml", "alias.out = ['clean', '--config', 'build.target-dir=\"../outside\"']")],
        says: [OUTSIDE, "`--config` on the command line"], ..CASE
    },
    Case {
        args: &["out"], files: &[("ws/.cargo/config.toml", "alias.out = ['--config', 'build.target-dir=\"../outside\"', 'clean']")],
        says: [OUTSIDE, "`--config` on the command line"], ..CASE
    },
    // Of two `--config`, one in front of the verb and one behind it, only the second counts.
    Case {
        args: &["--config", "build.target-dir='target'", "clean", "--config", "term.quiet=true"],
        files: &[("ws/.cargo/config.toml", "build.target-dir = '../outside'")], says: [OUTSIDE, "ws/.cargo/config.toml"], ..CASE
    },
    Case { args: &["-vq", "--color=never", "clean"], vars: BY_VARIABLE, lost: "", says: [OUTSIDE, VARIABLE], ..CASE },
    Case { args: &["clean", "--manifest-path", "inner/Cargo.toml"], vars: &[("CARGO_TARGET_DIR", "target")], lost: "ws/target/precious.txt", says: [OUTSIDE, VARIABLE], ..CASE },
    Case {
        args: &["-Zunstable-options", "-C", "inner", "clean"],
        vars: &[("CARGO_TARGET_DIR", "../target"), ("RUSTC_BOOTSTRAP", "1")],
        lost: "ws/target/precious.txt", says: [OUTSIDE, VARIABLE], ..CASE
    },
    // Where it leads
    Case { args: &["clean", "--target-dir", "target/../../outside"], says: [OUTSIDE, FLAG], ..CASE },
    Case { args: &["clean", "--target-dir", "../other/target"], lost: "other/target/precious.txt", says: [OUTSIDE, FLAG], ..CASE },
    Case { args: &["clean", "--target-dir", "../other"], lost: "other/Cargo.toml", says: ["is or holds a package or workspace", FLAG], ..CASE },
    Case { args: &["clean", "--target-dir", "."], lost: "ws/src/lib.rs", says: ["is or holds the workspace", FLAG], ..CASE },
    Case { args: &["clean", "--target-dir", ""], lost: "ws/src/lib.rs", says: ["is or holds the workspace", FLAG], ..CASE },
    Case { args: &["clean", "--target-dir", ".."], lost: "home/precious.txt", says: ["is or holds the workspace", FLAG], ..CASE },
    Case { args: &["clean", "--target-dir", "src"], lost: "ws/src/lib.rs", says: ["is or holds a member's sources", FLAG], ..CASE },
    Case { args: &["clean", "--target-dir", ".git"], lost: "ws/.git/HEAD", says: ["is or holds a git repository", FLAG], ..CASE },
    Case { args: &["clean", "--target-dir", "@/home"], lost: "home/precious.txt", says: ["is or holds the home directory", FLAG], ..CASE },
    Case { args: &["clean", "--target-dir", "@/cargo"], lost: "cargo/built", says: ["is or holds cargo's home", FLAG], ..CASE },
    Case { args: &["clean", "--target-dir", "notes"], lost: "ws/notes/precious.txt", says: ["does not look like a directory of cargo's", FLAG], ..CASE },
    // Whose it is
    Case {
        args: &["clean", "--target-dir", "inner/target"], files: &[("ws/inner/target/CACHEDIR.TAG", TAG), ("ws/inner/target/precious.txt", "mine")],
        lost: "ws/inner/target/precious.txt", says: ["lies in another workspace", FLAG], ..CASE
    },
    Case {
        files: &[("ws/target/scratch/Cargo.toml", "[workspace]")],
        lost: "ws/target/scratch", says: ["is or holds a package or workspace", "the built-in default"], ..CASE
    },
    Case { files: &[("ws/target/clone/.git/HEAD", "x")], lost: "ws/target/clone", says: ["is or holds a git repository", "the built-in default"], ..CASE },
    Case {
        files: &[("ws/.git/index", "DIRC, and then nothing")],
        lost: "ws/target/precious.txt", says: ["it cannot be told whether git tracks something in", "the built-in default"], ..CASE
    },
    // Through links
    Case { args: &["clean"], links: &[("ws/target", "../outside")], lost: "ws/target", says: ["is a link to", "the built-in default"], ..CASE },
    Case { args: &["clean", "--release"], links: &[("ws/target", "../outside")], lost: "outside/release", says: ["is a link to", "the built-in default"], ..CASE },
    Case {
        args: &["clean", "--target-dir", "link/target"], links: &[("ws/link", "../way")],
        lost: "way/target/precious.txt", says: ["lies behind the link", FLAG], ..CASE
    },
    Case {
        args: &["clean", "--target-dir", "link/../outside"], links: &[("ws/link", "../way")],
        says: ["lies behind the link", FLAG], ..CASE
    },
];
