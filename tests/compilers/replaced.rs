//! A compiler that is replaced under its name, as `rustup toolchain link`, self-built compilers and some distributions do.

use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use fs_err as fs;

use crate::compilers::{self, Compiler};
use crate::ground::{Ground, PRINTS, assert_all_fresh, assert_no_mix, said};
use crate::support::machine::machine;

const BUILD: &[&str] = &["build", "--workspace", "-v"];

/// A toolchain whose compiler can be exchanged while its `bin/rustc` stays as it is, bytes, inode and time: what cargo
/// looks at to tell whether the compiler is another (`rustc_fingerprint` in its `util/rustc.rs`, cargo #14761).
struct Replaceable {
    toolchain: PathBuf,
    current: PathBuf,
}

impl Replaceable {
    fn new(ground: &Ground) -> Self {
        let root = ground.sandbox.root().join("replaceable");
        let this = Self { toolchain: root.join("toolchain"), current: root.join("current") };
        for tool in ["rustc", "rustdoc"] {
            let real = this.current.join("bin").join(tool);
            ground.sandbox.script(
                this.toolchain.join("bin").join(tool),
                &format!(
                    "#!/bin/sh\nLD_LIBRARY_PATH='{}' exec '{}' \"$@\"\n",
                    this.current.join("lib").display(),
                    real.display()
                ),
            );
        }
        symlink(machine().tool("cargo"), this.toolchain.join("bin/cargo")).unwrap();
        symlink(this.current.join("lib"), this.toolchain.join("lib")).unwrap();
        this
    }

    fn becomes(&self, compiler: &Compiler) {
        if self.current.is_symlink() {
            fs::remove_file(&self.current).unwrap();
        }
        symlink(&compiler.dir, &self.current).unwrap();
    }
}

/// Makes cargo build one member again.
fn touch(root: &Path) {
    let file = root.join("crates/four/src/lib.rs");
    let text = fs::read_to_string(&file).unwrap();
    fs::write(file, format!("{text}// edited\n")).unwrap();
}

/// A user would lose a build to E0514, and would have to find out that the cache is at fault.
#[test]
fn a_compiler_replaced_under_its_name_never_meets_what_the_other_left() {
    let [one, other] = compilers::generations();
    for front in ["cargo", "xcargo"] {
        let ground = Ground::new("[policy]\n");
        let replaceable = Replaceable::new(&ground);
        replaceable.becomes(one);
        ground.sandbox.rustup().args(["toolchain", "link", "mine"]).arg(&replaceable.toolchain).run().ok();
        let file = ground.project.root().join("rust-toolchain.toml");
        fs::write(file, "[toolchain]\nchannel = \"mine\"\n").unwrap();
        let build = || if front == "cargo" { ground.cargo(BUILD) } else { ground.xcargo(BUILD) }.run();
        build().ok();
        for compiler in [other, one] {
            replaceable.becomes(compiler);
            touch(ground.project.root());
            let run = build();
            if front == "cargo" {
                // What xcargo is for: if cargo does not stumble here any more, nothing is shown below.
                assert!(run.err().contains("E0514"), "{}", run.show());
                break;
            }
            let run = run.ok();
            assert_no_mix(&run);
            assert_eq!(said(&run, "Switching").len(), 1, "{}", run.show());
            assert_eq!(ground.program_prints(), PRINTS);
            assert_all_fresh(&build().ok());
        }
    }
}
