//! What the pages are made of: a real build, and what a report says of it.

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::support::project::Project;
use crate::support::sandbox::Sandbox;

/// A project with a build in two profiles, and the page and the JSON of its target dir.
pub(crate) struct Ground {
    sandbox: Sandbox,
    project: Project,
}

impl Ground {
    /// Builds it.
    pub(crate) fn new(name: &str) -> Self {
        let sandbox = Sandbox::new();
        let project = Project::new(&sandbox, name)
            .package(
                "",
                "app",
                "[dependencies]\nlib-one = { path = 'one' }\nitoa = '1'\n[features]\nextra = []\n",
            )
            .file("src/main.rs", "fn main() {\n    println!(\"{}\", lib_one::one());\n}\n")
            .file("tests/it.rs", "#[test]\nfn it() {}\n")
            .package("one", "lib-one", "")
            .file("one/build.rs", "fn main() {}\n")
            .file("one/src/lib.rs", "pub fn one() -> u32 {\n    1\n}\n");
        for args in [&["build"][..], &["build", "--release", "--features", "extra"], &["test", "--no-run"]] {
            sandbox.cargo().args(args).dir(project.root()).run().ok();
        }
        Self { sandbox, project }
    }

    /// The target dir.
    pub(crate) fn target(&self) -> PathBuf {
        self.project.root().join("target")
    }

    /// The page, written beside the project.
    pub(crate) fn page(&self) -> PathBuf {
        let path = self.sandbox.work().join("page.html");
        self.sandbox.xcargo().args(["cache", "--html"]).arg(&path).dir(self.project.root()).run().ok();
        path
    }

    /// What the report says.
    pub(crate) fn report(&self) -> Value {
        let run = self.sandbox.xcargo().args(["cache", "--json"]).dir(self.project.root()).run().ok();
        serde_json::from_str(&run.out()).unwrap()
    }

    /// The sandbox's directory.
    pub(crate) fn root(&self) -> &Path {
        self.sandbox.root()
    }
}

/// The items of a report.
pub(crate) fn items(report: &Value) -> &[Value] {
    report["items"].as_array().unwrap()
}

/// How many bytes an item has.
pub(crate) fn bytes(item: &Value) -> u64 {
    item["bytes"].as_u64().unwrap()
}
