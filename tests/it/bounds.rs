//! `clean` outside of the workspace's bounds: refused, named, and nothing of it happens.

mod allowed;
mod cases;
mod refused;

use std::path::{Path, PathBuf};

use fs_err as fs;

use crate::support::cmd::{Cmd, Run};
use crate::support::project::Project;
use crate::support::sandbox::{Sandbox, TOOLCHAIN};

/// The exit code for "something outside would have been deleted", from docs/exit-codes.md.
const OUTSIDE_BOUNDS: i32 = 43;

/// A workspace with all that must survive around it. `@` in a text of the tests stands for its directory.
///
/// - `ws`: the workspace, built; `ws/inner`: one of its own within; `ws/notes`: a directory that is not cargo's
/// - `outside`, `other/target`, `cargo/built`: directories as cargo leaves them, each with a file of somebody's
/// - `other`: another workspace; `home`, `cargo`: `HOME` and `CARGO_HOME`
struct Place {
    project: Project,
}

impl Place {
    fn new(sandbox: &Sandbox, name: &str) -> Self {
        let mut project = Project::new(sandbox, name)
            .package("ws", "p", "[workspace]\nexclude = [\"inner\"]\n")
            .file("ws/src/lib.rs", "")
            .file("ws/Cargo.lock", lock("p"))
            .file(
                "ws/.cargo/config.toml",
                "[alias]\nwipe = \"clean --release\"\nsweep = [\"wipe\", \"-v\"]\n",
            )
            .file("ws/.git/HEAD", "ref: refs/heads/main\n")
            .file("ws/notes/precious.txt", "mine")
            .package("ws/inner", "inner", "[workspace]\n")
            .file("ws/inner/src/lib.rs", "")
            .file("ws/inner/Cargo.lock", lock("inner"))
            .package("other", "other", "")
            .file("other/src/lib.rs", "")
            .file("home/precious.txt", "mine");
        for built in ["ws/target", "outside", "way/target", "other/target", "cargo/built"] {
            project = as_cargo_leaves_it(project, built);
        }
        Self { project }
    }

    fn root(&self) -> &Path {
        self.project.root()
    }

    fn at(&self, path: &str) -> PathBuf {
        self.root().join(path)
    }

    /// The text with `@` filled in.
    fn text(&self, text: &str) -> String {
        text.replace('@', self.root().to_str().expect("the sandbox's path is UTF-8"))
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.at(path);
        fs::create_dir_all(path.parent().expect("a file is in a directory")).expect("its directory");
        fs::write(path, self.text(text)).expect("a file");
    }

    /// Runs it in `ws`, at home here.
    fn run(&self, front: Cmd, args: &[&str], vars: &[(&str, &str)]) -> Run {
        let at_home = |cmd: Cmd| cmd.env("HOME", self.at("home")).env("CARGO_HOME", self.at("cargo"));
        let cmd = at_home(front).dir(self.at("ws")).args(args.iter().map(|arg| self.text(arg)));
        vars.iter().fold(cmd, |cmd, (name, value)| cmd.env(name, self.text(value))).run()
    }
}

/// What the package `p` and the profiles dev, release and doc leave, with a file of the user's beside it.
fn as_cargo_leaves_it(project: Project, dir: &str) -> Project {
    let tag = "Signature: 8a477f597d28d172789f06886806bc55\n# This file is a cache directory tag created by cargo.\n";
    let mut project = project
        .file(format!("{dir}/CACHEDIR.TAG"), tag)
        .file(format!("{dir}/doc/p/index.html"), "")
        .file(format!("{dir}/precious.txt"), "mine");
    for profile in ["debug", "release"] {
        project = project
            .file(format!("{dir}/{profile}/.cargo-lock"), "")
            .file(format!("{dir}/{profile}/.fingerprint/p-0123456789abcdef/lib-p"), "0123456789abcdef")
            .file(format!("{dir}/{profile}/deps/libp-0123456789abcdef.rlib"), "");
    }
    project
}

fn lock(package: &str) -> String {
    format!("version = 4\n\n[[package]]\nname = \"{package}\"\nversion = \"0.1.0\"\n")
}

/// `+host`, as it is typed.
fn plus() -> String {
    format!("+{TOOLCHAIN}")
}
