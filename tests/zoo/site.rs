//! A copy of the template, and commands in there through plain cargo or through xcargo.

use std::path::{Path, PathBuf};

use crate::outcome::Outcome;
use crate::support::cmd::Cmd;
use crate::support::copy::copy_tree;
use crate::support::machine::machine;
use crate::support::sandbox::Sandbox;
use crate::template;

/// Which of cargo's layouts a build dir is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Layout {
    /// By kind of file.
    One,
    /// By unit.
    Two,
}

/// Who builds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Driver {
    /// Plain cargo.
    Cargo,
    /// The program under test.
    Xcargo,
}

/// A workspace, and who builds it.
pub(crate) struct Site<'a> {
    sandbox: &'a Sandbox,
    root: PathBuf,
    shared: Option<PathBuf>,
    pub(crate) layout: Layout,
    pub(crate) driver: Driver,
}

impl<'a> Site<'a> {
    /// What is at `root`, as it is.
    pub(crate) fn at(sandbox: &'a Sandbox, root: PathBuf, layout: Layout, driver: Driver) -> Self {
        Self { sandbox, root, shared: None, layout, driver }
    }

    /// A copy of the built template, with all times.
    pub(crate) fn new(sandbox: &'a Sandbox, name: &str, layout: Layout, driver: Driver) -> Self {
        let site = Self::at(sandbox, sandbox.work().join(name), layout, driver);
        copy_tree(&template::built(layout, driver), &site.root);
        site
    }

    /// The sources alone, not built yet: whatever is built here has never moved.
    pub(crate) fn unbuilt(sandbox: &'a Sandbox, name: &str, layout: Layout, driver: Driver) -> Self {
        let site = Self::at(sandbox, sandbox.work().join(name), layout, driver);
        template::write(&site.root);
        site
    }

    /// The same workspace, built by another.
    pub(crate) fn by(&self, driver: Driver) -> Self {
        Self { shared: self.shared.clone(), root: self.root.clone(), driver, ..*self }
    }

    /// The same, with all that is built in this target dir.
    pub(crate) fn sharing(mut self, target: PathBuf) -> Self {
        self.shared = Some(target);
        self
    }

    /// The workspace's directory.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// The target dir, which is also the build dir.
    pub(crate) fn target(&self) -> PathBuf {
        self.shared.clone().unwrap_or_else(|| self.root.join("target"))
    }

    /// The sandbox that it is in.
    pub(crate) fn sandbox(&self) -> &'a Sandbox {
        self.sandbox
    }

    /// A command of whoever builds here.
    pub(crate) fn cmd(&self, args: &[&str]) -> Cmd {
        let front = match self.driver {
            Driver::Cargo => self.sandbox.cargo(),
            Driver::Xcargo => self.sandbox.xcargo(),
        };
        // The toolchain without rustup's proxies: cargo asks a compiler at another path anew what it is, in every copy.
        let path = [machine().sysroot.join("bin"), self.sandbox.root().join("tools")];
        let path = std::env::join_paths(path).expect("no colon in a path");
        let cmd = front.args(args).dir(&self.root).env("PATH", path);
        let cmd = match &self.shared {
            Some(target) => cmd.env("CARGO_TARGET_DIR", target),
            None => cmd,
        };
        match self.layout {
            Layout::One => cmd,
            Layout::Two => cmd.env("RUSTC_BOOTSTRAP", "1").env("CARGO_UNSTABLE_BUILD_DIR_NEW_LAYOUT", "true"),
        }
    }

    /// Runs a command that builds, and looks at what came of it.
    pub(crate) fn build(&self, args: &[&str]) -> Outcome {
        self.build_with(args, |cmd| cmd)
    }

    /// The same with more variables, say.
    pub(crate) fn build_with(&self, args: &[&str], set: impl Fn(Cmd) -> Cmd) -> Outcome {
        let (verb, rest) = args.split_first().expect("a command");
        let told = [&[*verb, "-v", "--message-format=json"], rest].concat();
        let run = set(self.cmd(&told)).run();
        // What was built and not run yet is run, to see what it prints.
        let is_run = matches!(*verb, "run" | "test" | "bench");
        Outcome::of(run, |program| {
            let cmd = self.sandbox.command(program).arg("--nocapture").dir(&self.root);
            (!is_run).then(|| cmd.env("RUST_TEST_THREADS", "1").run())
        })
    }
}
