//! What the template has not: a package of the registry, a build script that tells where it generates, and libraries for other
//! languages.

use fs_err as fs;

use super::find::File;
use super::harm::{How, append, harm};
use crate::sets::NONE;
use crate::site::{Driver, Layout, Site};
use crate::support::project::Project;
use crate::support::sandbox::Sandbox;

const BUILD: &[&str] = &["build"];

const SCRIPT: &str = "fn main() {\n    let dir = std::env::var(\"OUT_DIR\").unwrap();\n    \
    std::fs::write(format!(\"{dir}/value.txt\"), \"1\").unwrap();\n    \
    println!(\"cargo:rerun-if-changed=build.rs\\ncargo:rustc-env=GENERATED={dir}\");\n}\n";

const MAIN: &str = "fn main() {\n    let file = concat!(env!(\"GENERATED\"), \"/value.txt\");\n    \
    let generated = std::fs::read_to_string(file).unwrap_or(\"none\".to_owned());\n    \
    println!(\"generated={generated} formatted={}\", itoa::Buffer::new().format(1));\n}\n";

fn site<'a>(sandbox: &'a Sandbox, name: &str, layout: Layout, driver: Driver) -> Site<'a> {
    let root = sandbox.work().join(name);
    Project::at(root.clone())
        .package("", "reg", "[lib]\nname = \"native\"\ncrate-type = [\"cdylib\", \"staticlib\"]\n[dependencies]\nitoa = \"=1.0.19\"\n[profile.dev]\ndebug = false\n")
        .file("build.rs", SCRIPT)
        .file("src/main.rs", MAIN)
        .file("src/lib.rs", "#[no_mangle]\npub extern \"C\" fn value() -> u32 { 1 }\n")
        .doctor("[policy]\n");
    let site = Site::at(sandbox, root, layout, driver);
    site.build(BUILD).prints(&[]);
    site.build(BUILD).prints(&[]).rebuilds(NONE).says(&[]);
    site
}

/// Harms the file, and builds what needs it.
fn harmed(site: &Site<'_>, file: File, how: How) -> crate::outcome::Outcome {
    harm(site, &file, &how);
    append(site.root(), "src/main.rs");
    site.build(BUILD)
}

fn what_the_template_has_not(layout: Layout) {
    let sandbox = Sandbox::in_memory();
    let registry = File::Library("itoa", "rlib");
    let root = File::RootOutput("reg");

    let plain = site(&sandbox, "plain", layout, Driver::Cargo);
    // What the script told is rewritten for another place than the one that it told of.
    harmed(&plain, root, How::Half).prints(&[("generated", "none")]);
    harmed(&plain, registry, How::Empty).fails_with("itoa");
    plain.build(BUILD).fails_with("itoa");

    let repaired = site(&sandbox, "repaired", layout, Driver::Xcargo);
    harmed(&repaired, root, How::Half)
        .prints(&[])
        .rebuilds(&["reg run", "reg cdylib", "reg bin"])
        .says(&["reg", "root-output"]);
    repaired.build(BUILD).prints(&[]).rebuilds(NONE).says(&[]);
    for how in [How::Empty, How::Half, How::ZerosAtTheEnd] {
        let outcome = harmed(&repaired, registry, how);
        outcome.prints(&[]).rebuilds(&["itoa lib", "reg cdylib", "reg bin"]).says(&["itoa", ".rlib"]);
        repaired.build(BUILD).prints(&[]).rebuilds(NONE).says(&[]);
    }
}

/// Nobody notices but whoever links or loads them, elsewhere.
fn libraries_for_others(layout: Layout) {
    let sandbox = Sandbox::in_memory();
    let [plain, repaired] = [("plain", Driver::Cargo), ("repaired", Driver::Xcargo)]
        .map(|(name, driver)| site(&sandbox, name, layout, driver));
    for (file, how) in [
        ("libnative.so", How::Empty),
        ("libnative.so", How::Half),
        ("libnative.a", How::Empty),
        ("libnative.a", How::Half),
    ] {
        let file = File::Final(file);
        let whole = fs::read(file.path(&plain)).unwrap();
        harm(&plain, &file, &how);
        let harmed = fs::read(file.path(&plain)).unwrap();
        plain.build(BUILD).prints(&[]).rebuilds(NONE);
        assert_eq!(fs::read(file.path(&plain)).unwrap(), harmed, "plain cargo mends it");
        let time = crate::faults::time(&file.path(&plain));
        fs::write(file.path(&plain), whole).unwrap();
        filetime::set_file_mtime(file.path(&plain), time).unwrap();

        let length = file.path(&repaired).metadata().unwrap().len();
        harm(&repaired, &file, &how);
        repaired.build(BUILD).prints(&[]).rebuilds(&["reg cdylib"]).says(&["reg", "libnative"]);
        assert_eq!(file.path(&repaired).metadata().unwrap().len(), length, "it is what it was");
        repaired.build(BUILD).prints(&[]).rebuilds(NONE).says(&[]);
    }
}

#[test]
fn in_layout_one() {
    what_the_template_has_not(Layout::One);
}

#[test]
fn in_layout_two() {
    what_the_template_has_not(Layout::Two);
}

#[test]
fn in_layout_one_libraries_for_others() {
    libraries_for_others(Layout::One);
}

#[test]
fn in_layout_two_libraries_for_others() {
    libraries_for_others(Layout::Two);
}
