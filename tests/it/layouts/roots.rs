//! Where the root is, who the members are.

use std::collections::BTreeSet;

use super::{layout, one, two};

#[test]
fn roots_and_members() {
    one("a package alone").agrees();
    one("from below a package").dir("ws/src/deep/er").agrees();
    one("a package with an empty workspace").package("ws", "[workspace]").agrees();
    two("virtual").agrees();
    two("in a member").dir("ws/a").agrees();
    two("in a member's sources").dir("ws/b/src").agrees();
    two("beside the members").dir("ws/docs").agrees();
    two("default members")
        .file("ws/Cargo.toml", "[workspace]\nmembers = ['a', 'b']\ndefault-members = ['b']")
        .agrees();
    two("default members from a member")
        .file("ws/Cargo.toml", "[workspace]\nmembers = ['a', 'b']\ndefault-members = ['b']")
        .dir("ws/a")
        .agrees();
    layout("globs")
        .file("ws/Cargo.toml", "[workspace]\nmembers = ['crates/*', 'x[0-9]']\nexclude = ['crates/c']\ndefault-members = ['crates/?']")
        .package("ws/crates/a", "")
        .package("ws/crates/b", "")
        .package("ws/crates/c", "")
        .package("ws/x1", "")
        .package("ws/xy", "[workspace]")
        .file("ws/crates/.DS_Store", "")
        .agrees();
    layout("an excluded package is its own root")
        .package("ws", "[workspace]\nmembers = ['a']\nexclude = ['lone']")
        .package("ws/a", "")
        .package("ws/lone", "")
        .dir("ws/lone")
        .agrees();
    layout("members override exclude")
        .file("ws/Cargo.toml", "[workspace]\nmembers = ['x/a']\nexclude = ['x']")
        .package("ws/x/a", "")
        .package("ws/x/b", "")
        .dir("ws/x/a")
        .agrees();
    layout("a root that excludes itself").package("ws", "[workspace]\nexclude = ['.']").agrees();
    layout("an excluded package below another root")
        .package("", "[workspace]\nmembers = ['ws/out']")
        .package("ws", "[workspace]\nexclude = ['out']")
        .package("ws/out", "")
        .dir("ws/out")
        .agrees();
    layout("nested workspaces")
        .package("ws", "[workspace]\nexclude = ['inner']")
        .package("ws/inner", "[workspace]\nmembers = ['m']")
        .package("ws/inner/m", "")
        .dir("ws/inner/m")
        .agrees();
    layout("a pointer to a root elsewhere")
        .file("ws/Cargo.toml", "[workspace]\nmembers = ['../far']")
        .package("far", "workspace = '../ws'")
        .dir("far")
        .agrees();
    layout("path dependencies become members")
        .package(
            "ws",
            "[workspace]\n[dependencies]\na.path = 'a'\n[dev-dependencies]\nb = { path = './b' }\n\
             [build-dependencies]\nc = { path = 'x/../c' }\n[target.'cfg(windows)'.dependencies]\nd = { path = 'd', optional = true }\n\
             [target.wasm32-unknown-unknown.dev-dependencies]\ne.path = 'e'\n[patch.crates-io]\np.path = 'p'",
        )
        .package("ws/a", "[dependencies]\nf.path = 'f'")
        .package("ws/a/f", "")
        .package("ws/b", "")
        .package("ws/c", "")
        .package("ws/d", "")
        .package("ws/e", "")
        .package("ws/p", "")
        .package("ws/unlisted", "[workspace]")
        .agrees();
    layout("inherited path dependencies")
        .file("ws/Cargo.toml", "[workspace]\nmembers = ['x/a']\n[workspace.dependencies]\nb = { path = 'b', version = '0.1' }\nunused = { path = 'unused' }")
        .package("ws/x/a", "[dependencies]\nb.workspace = true")
        .package("ws/b", "")
        .package("ws/unused", "")
        .agrees();
    layout("a path dependency outside is none, one that points back is")
        .package("ws", "[workspace]\n[dependencies]\nout.path = '../out'\nback.path = '../back'")
        .package("out", "[dependencies]\nfurther.path = '../further'")
        .package("further", "")
        .package("back", "workspace = '../ws'")
        .agrees();
    layout("an excluded path dependency")
        .package("ws", "[workspace]\nexclude = ['vendor']\n[dependencies]\nv.path = 'vendor/v'")
        .package("ws/vendor/v", "")
        .agrees();
    layout("a member with dots")
        .file("ws/Cargo.toml", "[workspace]\nmembers = ['./x/../a']")
        .package("ws/a", "")
        .agrees();
    layout("old spellings")
        .file(
            "ws/Cargo.toml",
            "[package]\nname = 'ws'\nversion = '0.1.0'\n[workspace]\n[dev_dependencies]\na.path = 'a'",
        )
        .file("ws/src/lib.rs", "")
        .package("ws/a", "")
        .agrees();
    layout("spaces")
        .dir("my ws")
        .package("my ws", "[workspace]\nmembers = ['a b']")
        .package("my ws/a b", "")
        .agrees();
    layout("a glob character in the root's own name")
        .dir("w[sx]")
        .package("w[sx]", "[workspace]\nmembers = ['a']")
        .package("w[sx]/a", "")
        .agrees();
    layout("an unpacked package does not join the workspace around it")
        .package("ws", "[workspace]")
        .package("ws/target/package/p-0", "")
        .dir("ws/target/package/p-0")
        .agrees();
    layout("the way up does not cross CARGO_HOME")
        .package("ws", "[workspace]")
        .package("ws/cargo/registry/src/p", "")
        .var("CARGO_HOME", "{T}/ws/cargo")
        .dir("ws/cargo/registry/src/p")
        .agrees();
    one("a CARGO_HOME relative to the current directory")
        .var("CARGO_HOME", "../ch")
        .config("ch/config.toml", "build.target-dir='x'")
        .agrees();
    let deep = "d/".repeat(40);
    let below = two("forty levels down");
    below.dir(format!("ws/a/{deep}")).agrees();
}

#[test]
fn manifest_paths() {
    two("absolute").flag("--manifest-path", "{T}/ws/b/Cargo.toml").dir("").agrees();
    two("relative, from elsewhere").flag("--manifest-path", "../ws/a/../b/Cargo.toml").dir("home").agrees();
    two("the root's own").flag("--manifest-path", "../Cargo.toml").dir("ws/a").agrees();
    two("a configuration beside the manifest is not read")
        .flag("--manifest-path", "../ws/Cargo.toml")
        .config("ws/.cargo/config.toml", "build.target-dir = 'no'")
        .config("other/.cargo/config.toml", "build.target-dir = 'yes'")
        .dir("other")
        .agrees();
}

#[cfg(unix)]
#[test]
fn a_link_to_the_current_directory_is_the_directory() {
    let linked = two("a linked current directory").config("ws/.cargo/config.toml", "build.target-dir = 'x'");
    let (from, to) = (linked.root().join("ws/a"), linked.root().join("link"));
    std::os::unix::fs::symlink(from, to).expect("a link");
    linked.dir("link").agrees();
}

#[test]
fn path_dependencies_are_those_that_are_no_members() {
    let found = layout("strangers")
        .package("ws", "[workspace]\nexclude = ['vendor']\n[dependencies]\nin.path = 'in'\nout.path = '../out'\nv.path = 'vendor/v'")
        .package("ws/in", "")
        .package("ws/vendor/v", "")
        .package("out", "[dependencies]\nshared.workspace = true\n[dev-dependencies]\nnone.path = '../none'\n[workspace]\nmembers = []\n[workspace.dependencies]\nshared.path = '../shared'")
        .package("shared", "");
    let workspace = found.ours().expect("a workspace").expect("a workspace");
    let names: BTreeSet<_> =
        workspace.path_dependencies().expect("all").into_iter().map(|one| one.name).collect();
    assert_eq!(names, BTreeSet::from(["out", "shared", "v"].map(str::to_owned)));
}
