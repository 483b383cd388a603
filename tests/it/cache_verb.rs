//! `xcargo cache` as a user meets it: right about a real build, harmless, and not in the way of cargo's own.

mod page;
mod places;
mod sums;

use serde_json::Value;

use crate::support::cmd::Run;
use crate::support::project::Project;
use crate::support::sandbox::Sandbox;

/// Exit codes from docs/exit-codes.md.
const USAGE: i32 = 48;
const NO_WORKSPACE: i32 = 49;

/// A package with a library, a program, a test, an example, a build script and a dependency.
fn project(sandbox: &Sandbox) -> Project {
    Project::new(sandbox, "p")
        .package("", "app", "[dependencies]\nitoa = '1'\n[features]\nextra = []\n")
        .file("build.rs", "fn main() {}\n")
        .file("src/lib.rs", "pub fn one() -> u32 {\n    1\n}\n")
        .file("src/main.rs", "fn main() {\n    println!(\"{}\", app::one());\n}\n")
        .file("tests/it.rs", "#[test]\nfn it() {}\n")
        .file("examples/ex.rs", "fn main() {}\n")
}

fn cargo(sandbox: &Sandbox, project: &Project, args: &[&str]) {
    sandbox.cargo().args(args).dir(project.root()).run().ok();
}

/// `xcargo cache <args>` in the project.
fn cache(sandbox: &Sandbox, project: &Project, args: &[&str]) -> Run {
    sandbox.xcargo().arg("cache").args(args).dir(project.root()).run()
}

fn json(sandbox: &Sandbox, project: &Project, args: &[&str]) -> Value {
    let run = cache(sandbox, project, &[&["--json"], args].concat()).ok();
    serde_json::from_str(&run.out()).expect("JSON")
}

fn items(report: &Value) -> &[Value] {
    report["items"].as_array().expect("items")
}
