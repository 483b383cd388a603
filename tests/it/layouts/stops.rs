//! Where cargo stops, and xcargo may hand over for cargo's own message.

use std::fs;

use xcargo::workspace::WorkspaceError;

#[cfg(unix)]
use super::odd;
use super::{layout, one, two};

#[test]
fn where_cargo_stops() {
    layout("no manifest").dir("empty").both_stop();
    layout("a wrongly written name").file("ws/cargo.toml", "").both_stop();
    one("not TOML").file("ws/Cargo.toml", "[package\n").both_stop();
    let bytes = one("not UTF-8 at all");
    fs::write(bytes.cwd.join("Cargo.toml"), b"[package]\nname = \"\xff\"\n").expect("a file");
    bytes.both_stop();
    one("neither package nor workspace").file("ws/Cargo.toml", "[dependencies]").both_stop();
    one("an ancestor is broken").file("Cargo.toml", "[lib]").both_stop();
    layout("an ancestor's manifest is a directory")
        .package("ws/p", "")
        .file("ws/Cargo.toml/x", "")
        .dir("ws/p")
        .both_stop();
    one("both kinds of root").package("ws", "workspace = '.'\n[workspace]").both_stop();
    one("a pointer to itself").package("ws", "workspace = '.'").both_stop();
    one("a pointer to nothing").package("ws", "workspace = '../none'").both_stop();
    one("a pointer to no root").package("ws", "workspace = '../p'").package("p", "").both_stop();
    one("a pointer that is no string").package("ws", "workspace = 1").both_stop();
    two("not listed").package("ws/c", "").dir("ws/c").both_stop();
    two("a member is missing").file("ws/Cargo.toml", "[workspace]\nmembers = ['a', 'none']").both_stop();
    two("members are no strings").file("ws/Cargo.toml", "[workspace]\nmembers = [1]").both_stop();
    two("a default member is none")
        .file("ws/Cargo.toml", "[workspace]\nmembers = ['a']\ndefault-members = ['b']")
        .both_stop();
    two("a bad pattern").file("ws/Cargo.toml", "[workspace]\nmembers = ['a', '**b']").both_stop();
    two("a missing path dependency").package("ws/a", "[dependencies]\nx.path = 'x'").both_stop();
    two("a manifest path that is not there").flag("--manifest-path", "none/Cargo.toml").both_stop();
    two("a manifest path that is a directory").flag("--manifest-path", "a").both_stop();
    two("a manifest path of another name")
        .flag("--manifest-path", "a/x.toml")
        .file("ws/a/x.toml", "")
        .both_stop();
    two("an empty CARGO_TARGET_DIR").var("CARGO_TARGET_DIR", "").both_stop();
    two("an empty CARGO_BUILD_TARGET_DIR").var("CARGO_BUILD_TARGET_DIR", "").both_stop();
    two("an empty target dir in a file").config("ws/.cargo/config.toml", "build.target-dir = ''").both_stop();
    two("an empty build dir").var("CARGO_BUILD_BUILD_DIR", "").both_stop();
    two("an unknown variable").var("CARGO_BUILD_BUILD_DIR", "{nope}/x").both_stop();
    two("a lone brace").var("CARGO_BUILD_BUILD_DIR", "x}").both_stop();
    two("a target dir of the wrong kind").config("ws/.cargo/config.toml", "build.target-dir = 1").both_stop();
    two("build is no table").config("ws/.cargo/config.toml", "build = 1").both_stop();
    two("kinds that differ")
        .config("ws/.cargo/config.toml", "a = 1")
        .config(".cargo/config.toml", "a.b = 1")
        .both_stop();
    two("a broken file far away").config(".cargo/config.toml", "=").both_stop();
    two("a float").config("ws/.cargo/config.toml", "x.y = 1.5").both_stop();
    two("an include that is missing").config("ws/.cargo/config.toml", "include = ['x.toml']").both_stop();
    two("an include of itself").config("ws/.cargo/config.toml", "include = ['config.toml']").both_stop();
    two("an include as a string")
        .config("ws/.cargo/config.toml", "include = 'x.toml'")
        .config("ws/.cargo/x.toml", "")
        .both_stop();
    two("the configuration is a directory").config("ws/.cargo/config.toml/x", "").both_stop();
    two("--config of a table").flag("--config", "build={jobs=1}").both_stop();
    two("--config of nothing").flag("--config", "").both_stop();
    two("--config of a word").flag("--config", "word").both_stop();
    two("the same file twice")
        .config("ws/x.toml", "")
        .flag("--config", "x.toml")
        .flag("--config", "x.toml")
        .both_stop();
    #[cfg(unix)]
    {
        two("a variable that is not UTF-8").var("CARGO_BUILD_TARGET_DIR", odd("y")).both_stop();
        let path = odd("ws");
        let template = layout("a template below a root that is not UTF-8").package(&path, "").dir(&path);
        template.var("CARGO_BUILD_BUILD_DIR", "b").both_stop();
    }
}

#[test]
fn a_single_file_package_is_told_apart_because_nightly_runs_it() {
    let script = one("a script").file("ws/x.rs", "fn main() {}").flag("--manifest-path", "x.rs");
    let error = script.ours().expect_err("no workspace");
    assert!(matches!(error, WorkspaceError::Embedded(_)) && !error.cargo_fails_too(), "{error}");
}
