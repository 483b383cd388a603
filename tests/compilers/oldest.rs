//! A compiler from before 1.85: its cargo hashes in another way, writes another lock file, and knows no sparse registry.

use fs_err as fs;

use crate::compilers;
use crate::ground::{Ground, assert_all_fresh, assert_no_mix, said};
use crate::support::project::Project;
use crate::support::sandbox::Sandbox;

const BUILD: &[&str] = &["build", "--workspace", "-v"];

/// What its program prints.
const PRINTS: &str = "42 7 3 1\n";

/// A smaller workspace: packages from the registry that are old enough, vendored as teams with such a compiler do; C; a
/// proc macro; build scripts.
fn workspace(sandbox: &Sandbox) -> Project {
    let project = Project::new(sandbox, "old")
        .package(
            "",
            "app",
            "rust-version = \"1.63\"\n[workspace]\nmembers = [\"own-sys\", \"macros\", \"text\"]\n[dependencies]\n\
             own-sys = { path = \"own-sys\" }\nmacros = { path = \"macros\" }\ntext = { path = \"text\" }\n",
        )
        .file(
            "src/main.rs",
            "macros::make!();\nfn main() { println!(\"{} {} {} {}\", own_sys::answer(), made(), text::three(), text::ONE); }\n",
        )
        .package("own-sys", "own-sys", "links = \"own\"\n[build-dependencies]\nautocfg = \"1\"\n")
        .file("own-sys/own.c", "int own_answer(void) { return 42; }\n")
        .file(
            "own-sys/build.rs",
            "use std::process::Command;\nfn main() {\n    autocfg::rerun_path(\"own.c\");\n    \
             let out = std::env::var(\"OUT_DIR\").unwrap();\n    let object = format!(\"{}/own.o\", out);\n    \
             let run = |cmd: &mut Command| assert!(cmd.status().unwrap().success());\n    \
             run(Command::new(\"cc\").args([\"-c\", \"own.c\", \"-o\", &object]));\n    \
             run(Command::new(\"ar\").args([\"crs\", &format!(\"{}/libown.a\", out), &object]));\n    \
             println!(\"cargo:rustc-link-search=native={}\\ncargo:rustc-link-lib=static=own\", out);\n}\n",
        )
        .file(
            "own-sys/src/lib.rs",
            "extern \"C\" { fn own_answer() -> i32; }\npub fn answer() -> i32 { unsafe { own_answer() } }\n",
        )
        .package("macros", "macros", "[lib]\nproc-macro = true\n")
        .file(
            "macros/src/lib.rs",
            "use proc_macro::TokenStream;\n#[proc_macro]\npub fn make(_: TokenStream) -> TokenStream {\n    \
             \"fn made() -> u32 { 7 }\".parse().unwrap()\n}\n",
        )
        .package("text", "text", "[dependencies]\npaste = \"1\"\ncfg-if = \"1\"\n")
        .file(
            "text/src/lib.rs",
            "paste::paste! { pub fn [<th ree>]() -> u32 { 3 } }\n\
             cfg_if::cfg_if! { if #[cfg(unix)] { pub const ONE: u32 = 1; } else { pub const ONE: u32 = 0; } }\n",
        );
    // With the machine's cargo; what it prints is the setting that makes any cargo use the copies.
    let config = sandbox.cargo().arg("vendor").dir(project.root()).run().ok().out();
    // The oldest is to write the lock file: what it writes, the others read.
    fs::remove_file(project.root().join("Cargo.lock")).unwrap();
    project.file(".cargo/config.toml", config)
}

/// A user who comes from such a compiler would lose the disk to its units: their numbers are by another hash.
#[test]
fn the_oldest_compilers_units_go_and_come_back() {
    let oldest = compilers::oldest();
    for newer in compilers::generations() {
        let ground = Ground::with("[policy]\n", workspace);
        let prints = || ground.sandbox.command(ground.target().join("debug/app")).run().ok().out();
        ground.pin(oldest);
        assert_no_mix(&ground.xcargo(BUILD).run().ok());
        let built = ground.state();
        for args in
            [&["test", "--workspace"][..], &["check", "--workspace"], &["doc", "--workspace", "--no-deps"]]
        {
            assert_no_mix(&ground.xcargo(args).run().ok());
        }
        ground.pin(newer);
        let run = ground.xcargo(BUILD).run().ok();
        assert_no_mix(&run);
        let reason = format!("built by {}: the pin is now", oldest.release);
        assert!(said(&run, "Cleaning").iter().any(|line| line.contains(&reason)), "{}", run.show());
        ground.state().assert_is(&ground.fresh(BUILD), &format!("from {} to {}", oldest.name, newer.name));
        assert_eq!(prints(), PRINTS);
        assert_all_fresh(&ground.xcargo(BUILD).run().ok());

        ground.pin(oldest);
        let run = ground.xcargo(BUILD).run().ok();
        assert_no_mix(&run);
        ground.state().assert_is(&built, &format!("back from {} to {}", newer.name, oldest.name));
        assert_eq!(prints(), PRINTS);
        assert_all_fresh(&ground.xcargo(BUILD).run().ok());
    }
}
