//! Where the target and build dir are.

#[cfg(unix)]
use super::odd;
use super::{layout, one, two};

#[test]
fn target_dirs() {
    two("CARGO_TARGET_DIR, relative").var("CARGO_TARGET_DIR", "../x").dir("ws/a").agrees();
    two("CARGO_TARGET_DIR, absolute").var("CARGO_TARGET_DIR", "{T}/x").agrees();
    two("CARGO_BUILD_TARGET_DIR").var("CARGO_BUILD_TARGET_DIR", "x").dir("ws/a").agrees();
    two("CARGO_TARGET_DIR before CARGO_BUILD_TARGET_DIR and --config")
        .var("CARGO_TARGET_DIR", "x")
        .var("CARGO_BUILD_TARGET_DIR", "y")
        .flag("--config", "build.target-dir='z'")
        .agrees();
    two("a file, relative to the directory above it")
        .config("ws/.cargo/config.toml", "build.target-dir = 'x/../y'")
        .dir("ws/a")
        .agrees();
    two("the nearest file")
        .config("ws/.cargo/config.toml", "build.target-dir = 'far'")
        .config("ws/a/.cargo/config.toml", "[build]\ntarget-dir = 'near'")
        .dir("ws/a")
        .agrees();
    two("the legacy name wins")
        .config("ws/.cargo/config.toml", "build.target-dir = 'new'")
        .config("ws/.cargo/config", "build.target-dir = 'old'")
        .agrees();
    two("CARGO_HOME's file").config("home/.cargo/config.toml", "build.target-dir = 'x'").agrees();
    two("CARGO_HOME on the way up is read once")
        .dir("home/proj")
        .package("home/proj", "")
        .config("home/.cargo/config.toml", "build.target-dir = 'x'\nalias.a = ['b']")
        .agrees();
    two("the environment before a file")
        .config("ws/.cargo/config.toml", "build.target-dir = 'x'")
        .var("CARGO_BUILD_TARGET_DIR", "y")
        .agrees();
    two("--config before the environment")
        .var("CARGO_BUILD_TARGET_DIR", "y")
        .flag("--config", "build.target-dir='z'")
        .dir("ws/a")
        .agrees();
    two("the last --config wins")
        .flag("--config", "build.target-dir='y'")
        .flag("--config", "build.target-dir = \"z\"")
        .agrees();
    two("--config with a file, two levels up")
        .config("ws/a/b/extra.toml", "build.target-dir = 'x'")
        .flag("--config", "a/b/extra.toml")
        .agrees();
    two("--config with a file beside")
        .config("ws/extra.toml", "build.target-dir = 'x'")
        .flag("--config", "extra.toml")
        .agrees();
    two("includes: their order, and whose directory counts")
        .config(
            "ws/.cargo/config.toml",
            "include = ['sub/one.toml', { path = '../two.toml' }, { path = 'none.toml', optional = true }]",
        )
        .config("ws/.cargo/sub/one.toml", "build.target-dir = 'one'\nbuild.build-dir = 'one-b'")
        .config("ws/two.toml", "build.target-dir = 'two'")
        .agrees();
    two("an including file overrides what it includes")
        .config("ws/.cargo/config.toml", "include = ['x.toml']\nbuild.target-dir = 'own'")
        .config("ws/.cargo/x.toml", "include = ['y.toml']\nbuild.target-dir = 'x'")
        .config("ws/.cargo/y.toml", "build.build-dir = 'y'")
        .agrees();
    two("--config include")
        .config("ws/x.toml", "build.target-dir = 'x'")
        .flag("--config", "include=['x.toml']")
        .dir("ws")
        .agrees();
    two("an absolute path in a file")
        .config("ws/.cargo/config.toml", "build = { target-dir = '{T}/abs' }")
        .agrees();
    two("an unrelated value of a wrong kind further away")
        .config("ws/.cargo/config.toml", "term.verbose = 'x'\nbuild.target-dir = 'y'")
        .agrees();
    #[cfg(unix)]
    two("a variable that is not UTF-8 lends its directory to the file's value")
        .config("ws/.cargo/config.toml", "build.target-dir = 'x'")
        .var("CARGO_BUILD_TARGET_DIR", odd("y"))
        .dir("ws/a")
        .agrees();
}

#[test]
fn build_dirs() {
    two("a file").config("ws/.cargo/config.toml", "build.build-dir = 'b'").dir("ws/a").agrees();
    two("the environment").var("CARGO_BUILD_BUILD_DIR", "b").dir("ws/a").agrees();
    two("--config").flag("--config", "build.build-dir='b'").dir("ws/a").agrees();
    two("follows the target dir").var("CARGO_TARGET_DIR", "x").agrees();
    two("both")
        .var("CARGO_TARGET_DIR", "x")
        .config("ws/.cargo/config.toml", "build.build-dir = 'b'\nbuild.target-dir='no'")
        .agrees();
    two("the root's directory")
        .config("home/.cargo/config.toml", "build.build-dir = '{workspace-root}/b'")
        .dir("ws/a")
        .agrees();
    two("cargo's home and the path's hash")
        .config(
            "home/.cargo/config.toml",
            "build.build-dir = '{cargo-cache-home}/build/{workspace-path-hash}'",
        )
        .dir("ws/a")
        .agrees();
    two("the hash of a manifest behind a longer way")
        .var("CARGO_BUILD_BUILD_DIR", "{workspace-path-hash}/{workspace-path-hash}")
        .flag("--manifest-path", "{T}/ws/a/../Cargo.toml")
        .agrees();
    #[cfg(unix)]
    {
        let linked =
            two("the hash of a manifest behind a link").var("CARGO_BUILD_BUILD_DIR", "{workspace-path-hash}");
        std::os::unix::fs::symlink(linked.root().join("ws"), linked.root().join("link")).expect("a link");
        linked.flag("--manifest-path", "{T}/link/a/Cargo.toml").agrees();
    }
}

#[test]
fn what_cargo_cleans_is_what_we_found() {
    one("--target-dir, relative").flag("--target-dir", "x/../y").dir("ws/src").gets_cleaned();
    one("--target-dir before CARGO_TARGET_DIR")
        .flag("--target-dir", "{T}/x")
        .var("CARGO_TARGET_DIR", "y")
        .gets_cleaned();
    one("--target-dir and a build dir")
        .flag("--target-dir", "x")
        .var("CARGO_BUILD_BUILD_DIR", "b")
        .gets_cleaned();
    #[cfg(unix)]
    {
        let path = odd("ws");
        let here =
            |name| layout(name).package(&path, "[workspace]\nmembers = ['a']").package(path.join("a"), "");
        here("a root that is not UTF-8").dir(&path).gets_cleaned();
        here("a member below it").dir(path.join("a")).gets_cleaned();
        here("CARGO_TARGET_DIR that is not UTF-8")
            .dir(&path)
            .var("CARGO_TARGET_DIR", odd("t"))
            .gets_cleaned();
        let config = path.join(".cargo/config.toml");
        here("a file below it").file(config, "build.target-dir = 'x'").dir(&path).gets_cleaned();
    }
}
