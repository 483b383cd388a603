//! The ground under every test of toolchain changes: a real rustup, a local dist server, compilers that differ.

use fs_err as fs;

use crate::support::dist::{Dist, NIGHTLY, R1_77, R1_78, full_name, installed};
use crate::support::machine::machine;
use crate::support::project::Project;
use crate::support::sandbox::{Sandbox, TOOLCHAIN};
use crate::support::tree::{Ours, Tree};

fn served(sandbox: &Sandbox) -> Dist {
    let dist = Dist::of(sandbox);
    dist.stub("1.77.2", &R1_77);
    dist.stub("1.78.0", &R1_78);
    dist.stub("nightly-2024-05-01", &NIGHTLY);
    dist.stub("stable", &R1_77);
    dist
}

#[test]
fn rustup_installs_what_a_toolchain_file_asks_for() {
    let sandbox = Sandbox::new();
    served(&sandbox);
    let project = Project::program(&sandbox, "pinned", "fn main() { println!(\"ran\") }")
        .toolchain("channel = \"1.78.0\"\ncomponents = [\"clippy\"]\ntargets = [\"wasm32-unknown-unknown\"]");
    let run = sandbox.cargo().args(["run", "--quiet"]).dir(project.root()).run().ok();
    assert_eq!(run.out(), "ran\n", "{}", run.show());
    for there in ["cargo", "rustc", "cargo-clippy", "../lib/rustlib/wasm32-unknown-unknown/lib/stub"] {
        assert!(installed(&sandbox, "1.78.0", there).exists(), "{there} was installed");
    }
    assert!(!installed(&sandbox, "1.78.0", "rustfmt").exists(), "what nobody asked for was not");
    let components = fs::read_to_string(installed(&sandbox, "1.78.0", "../lib/rustlib/components")).unwrap();
    assert!(components.contains(&format!("clippy-preview-{}", machine().host)), "{components}");

    let version = sandbox.command("rustc").arg("-vV").dir(project.root()).run().ok();
    assert_eq!(version.out(), R1_78.verbose_version());
    let version = sandbox.cargo().arg("-V").dir(project.root()).run().ok();
    assert!(version.out().starts_with("cargo 1.78.0 "), "{}", version.show());
    sandbox.cargo().args(["clippy", "--quiet"]).dir(project.root()).run().ok();
}

#[test]
fn a_moving_channel_moves_when_the_server_does() {
    let sandbox = Sandbox::new();
    let dist = served(&sandbox);
    let version = || sandbox.command("rustc").args(["+stable", "-V"]).run().ok().out();
    sandbox.rustup().args(["toolchain", "install", "stable", "--no-self-update"]).run().ok();
    assert!(version().contains("1.77.2"));
    dist.stub("stable", &R1_78);
    sandbox.rustup().args(["update", "stable", "--no-self-update"]).run().ok();
    assert!(version().contains("1.78.0"));
}

#[test]
fn the_worlds_server_is_never_asked() {
    let sandbox = Sandbox::new();
    let run = sandbox.rustup().args(["toolchain", "install", "1.70.0", "--no-self-update"]).run();
    assert!(!run.status.success(), "{}", run.show());
    assert!(!sandbox.rustup_home().join("toolchains").join(full_name("1.70.0")).exists());
    // Nor can what a test does to its toolchain reach the machine's.
    let run = sandbox.rustup().args(["component", "remove", "rust-std", "--toolchain", TOOLCHAIN]).run();
    assert!(!run.status.success(), "{}", run.show());
    sandbox.rustup().args(["toolchain", "uninstall", TOOLCHAIN]).run().ok();
    assert!(machine().tool("rustc").is_file());
}

#[test]
fn cargo_takes_two_stubs_for_two_compilers() {
    let sandbox = Sandbox::new();
    served(&sandbox);
    let project = Project::new(&sandbox, "two")
        .package("", "two", "[dependencies]\ncfg-if = \"1\"\n")
        .file("src/main.rs", "cfg_if::cfg_if! { if #[cfg(all())] { fn main() {} } else {} }");
    let libs = |prefix: &str| {
        let tree = Tree::read(project.root(), Ours::Counts);
        tree.named(prefix).filter(|path| path.extension().is_some_and(|end| end == "rlib")).count()
    };
    let mut expect = 0;
    for channel in ["1.77.2", "1.78.0", "nightly-2024-05-01"] {
        sandbox.rustup().args(["toolchain", "install", channel, "--no-self-update"]).run().ok();
        let run = sandbox.cargo().arg(format!("+{channel}")).arg("build").dir(project.root()).run().ok();
        assert!(run.err().contains("Compiling cfg-if"), "{}", run.show());
        expect += 1;
        assert_eq!(libs("libcfg_if-"), expect, "{channel} has units of its own beside the others");
        let again = sandbox.cargo().arg(format!("+{channel}")).arg("build").dir(project.root()).run().ok();
        assert!(!again.err().contains("Compiling"), "{}", again.show());
    }
    let run = sandbox.cargo().args(["+1.77.2", "build"]).dir(project.root()).run().ok();
    assert!(!run.err().contains("Compiling"), "going back finds what was built before: {}", run.show());
}

#[test]
fn what_two_stubs_made_cannot_be_linked_together() {
    let sandbox = Sandbox::new();
    served(&sandbox);
    let dir = Project::new(&sandbox, "mixed")
        .file("a.rs", "pub fn a() -> u32 { 1 }")
        .file("b.rs", "extern crate a; pub fn b() -> u32 { a::a() }")
        .file("c.rs", "extern crate b; fn main() { b::b(); }");
    for channel in ["1.77.2", "1.78.0"] {
        sandbox.rustup().args(["toolchain", "install", channel, "--no-self-update"]).run().ok();
    }
    let rustc = |toolchain: &str, args: &[&str]| {
        sandbox
            .command("rustc")
            .arg(toolchain)
            .args(["--edition=2021", "-L."])
            .args(args)
            .dir(dir.root())
            .run()
    };
    rustc("+1.77.2", &["--crate-type=rlib", "a.rs"]).ok();
    rustc("+1.77.2", &["--crate-type=rlib", "b.rs"]).ok();
    rustc("+1.77.2", &["c.rs"]).ok();
    rustc("+1.78.0", &["--crate-type=rlib", "a.rs"]).ok();
    let run = rustc("+1.77.2", &["c.rs"]).code(1);
    assert!(run.err().contains("E0460") || run.err().contains("E0463"), "{}", run.show());
}

#[test]
fn a_real_toolchain_is_installed_and_builds() {
    let sandbox = Sandbox::new();
    let release = machine().release.as_str();
    Dist::of(&sandbox).real(release);
    let project = Project::program(&sandbox, "real", "fn main() { println!(\"ran\") }")
        .toolchain(&format!("channel = \"{release}\""));
    let run = sandbox.cargo().args(["run", "--quiet"]).dir(project.root()).run().ok();
    assert_eq!(run.out(), "ran\n", "{}", run.show());
    let sysroot = sandbox.command("rustc").args(["--print", "sysroot"]).dir(project.root()).run().ok();
    let expect = sandbox.rustup_home().join("toolchains").join(full_name(release));
    assert_eq!(
        sysroot.out().trim_end(),
        expect.to_str().unwrap(),
        "it is not the machine's own behind a link"
    );
}
