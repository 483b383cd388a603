//! What may be written down as proof of a build, and what is none any more once something else was built.

use std::os::unix::fs::symlink;

use filetime::FileTime;
use fs_err as fs;

use crate::faults::{built_files, edit, stamp};
use crate::sets::NONE;
use crate::site::{Driver, Layout, Site};
use crate::small::{BIN, BUILD, RUN, SCRIPTED, append, arm, hook, judge, package, replace, tick, write};
use crate::support::sandbox::Sandbox;

const DRIVERS: [Driver; 2] = [Driver::Cargo, Driver::Xcargo];
const MAIN: &str = "src/main.rs";
/// The program prints what the build script has left in `OUT_DIR`.
const PRINTS_OUT: &str =
    "fn main() { println!(\"v={}\", include_str!(concat!(env!(\"OUT_DIR\"), \"/v.txt\"))) }\n";
/// A script that names its input.
const NAMES: &str = "fn main() {\n    println!(\"cargo:rerun-if-changed=in.txt\");\n    \
    let out = std::env::var(\"OUT_DIR\").unwrap();\n    std::fs::copy(\"in.txt\", out + \"/v.txt\").unwrap();\n}\n";
/// A script that names nothing, and counts the files in a directory.
const COUNTS: &str = "fn main() {\n    let count = std::fs::read_dir(\"data\").unwrap().count().to_string();\n    \
    std::fs::write(std::env::var(\"OUT_DIR\").unwrap() + \"/v.txt\", count).unwrap();\n}\n";
const COUNTING: &[(&str, &str)] =
    &[("build.rs", COUNTS), (MAIN, PRINTS_OUT), ("data/one.txt", ""), ("data/two.txt", "")];

/// A build script's input is edited, built by plain cargo, and moved back with its old time. What was known of the script's first
/// run is no proof of what its second one left, though no file that cargo keeps of it differs.
fn input_moved_back(layout: Layout, script: &str, main: &str) {
    let sandbox = Sandbox::in_memory();
    for driver in DRIVERS {
        let site =
            package(&sandbox, layout, driver, "app", &[("build.rs", script), (MAIN, main), ("in.txt", "1")]);
        site.build(BUILD).prints(&[("v", "1")]).rebuilds(SCRIPTED);
        let (input, aside) = (site.root().join("in.txt"), site.root().with_extension("aside"));
        fs::rename(&input, &aside).unwrap();
        tick();
        fs::write(&input, "2").unwrap();
        site.by(Driver::Cargo).build(BUILD).prints(&[("v", "2")]).rebuilds(RUN);
        fs::rename(&aside, &input).unwrap();
        judge(&site, "2", "1", RUN);
    }
}

/// The script writes into the sources, and nothing into `OUT_DIR`.
const WRITES_SOURCES: &str = "fn main() {\n    println!(\"cargo:rerun-if-changed=in.txt\");\n    \
    let text = std::fs::read(\"in.txt\").unwrap();\n    std::fs::write(\"src/v.txt\", text).unwrap();\n}\n";
const PRINTS_SOURCE: &str = "fn main() { println!(\"v={}\", include_str!(\"v.txt\")) }\n";

fn generated_among_the_sources(layout: Layout) {
    input_moved_back(layout, WRITES_SOURCES, PRINTS_SOURCE);
}

/// What matters lies behind many files, deep in `OUT_DIR`, as in the tree of a C library that was installed there.
fn generated_deep_in_a_large_out_dir(layout: Layout) {
    let script = "fn main() {\n    println!(\"cargo:rerun-if-changed=in.txt\");\n    \
        let out = std::env::var(\"OUT_DIR\").unwrap() + \"/lib\";\n    std::fs::create_dir_all(&out).unwrap();\n    \
        for at in 0..80 { std::fs::write(format!(\"{out}/{at}.h\"), \"\").unwrap(); }\n    \
        std::fs::copy(\"in.txt\", out + \"/v.txt\").unwrap();\n}\n";
    input_moved_back(layout, script, &PRINTS_OUT.replace("/v.txt", "/lib/v.txt"));
}

/// The same without plain cargo in between: the first input is moved back before the build of the second is over, so that nobody
/// can write down what the second run read.
fn input_moved_back_during_the_build(layout: Layout) {
    let sandbox = Sandbox::in_memory();
    for driver in DRIVERS {
        let files = [("build.rs", WRITES_SOURCES), (MAIN, PRINTS_SOURCE), ("in.txt", "1")];
        let site = package(&sandbox, layout, driver, "app", &files);
        let aside = site.root().with_extension("aside");
        hook(&site, &format!("mv {} in.txt", aside.display()), ":");
        site.build(BUILD).prints(&[("v", "1")]).rebuilds(SCRIPTED);
        fs::rename(site.root().join("in.txt"), aside).unwrap();
        tick();
        fs::write(site.root().join("in.txt"), "2").unwrap();
        arm(&site);
        site.build(BUILD).prints(&[("v", "2")]).rebuilds(RUN);
        judge(&site, "2", "1", RUN);
    }
}

/// A file of the package is deleted after the script has counted it, while rustc is at work. The script names nothing, so all
/// files are its input; and a file that is gone has no time that would tell.
fn deleted_during_the_build(layout: Layout) {
    let sandbox = Sandbox::in_memory();
    for driver in DRIVERS {
        let site = package(&sandbox, layout, driver, "app", COUNTING);
        hook(&site, "rm data/one.txt", ":");
        site.build(BUILD).prints(&[("v", "2")]).rebuilds(SCRIPTED);
        tick();
        append(&site.root().join(MAIN));
        arm(&site);
        site.build(BUILD).prints(&[("v", "2")]).rebuilds(RUN);
        judge(&site, "2", "1", RUN);
    }
}

/// The same after plain cargo has built an edit: the files that were there when the script ran last are known from before.
fn deleted_after_plain_cargo(layout: Layout) {
    let sandbox = Sandbox::in_memory();
    for driver in DRIVERS {
        let site = package(&sandbox, layout, driver, "app", COUNTING);
        site.build(BUILD).prints(&[("v", "2")]).rebuilds(SCRIPTED);
        tick();
        append(&site.root().join(MAIN));
        site.by(Driver::Cargo).build(BUILD).prints(&[("v", "2")]).rebuilds(RUN);
        tick();
        fs::remove_file(site.root().join("data/one.txt")).unwrap();
        judge(&site, "2", "1", RUN);
    }
}

/// While rustc runs, another file is where its source was; afterwards all is as it was before. Neither the file nor its time tells
/// that it was away.
fn away_during_the_build(layout: Layout, setup: fn(&Site<'_>), away: &str, back: &str) {
    let sandbox = Sandbox::in_memory();
    for driver in DRIVERS {
        let main = "fn main() { println!(\"v={}\", include_str!(\"gen/v.txt\")) }\n";
        let site = package(&sandbox, layout, driver, "app", &[(MAIN, main)]);
        setup(&site);
        tick();
        hook(&site, away, back);
        site.build(BUILD).prints(&[("v", "1")]).rebuilds(BIN);
        tick();
        append(&site.root().join(MAIN));
        arm(&site);
        site.build(BUILD).prints(&[("v", "2")]).rebuilds(BIN);
        judge(&site, "2", "1", BIN);
    }
}

/// A directory is moved away and back.
fn directory_away_during_the_build(layout: Layout) {
    let setup = |site: &Site<'_>| {
        write(&site.root().join("src/gen/v.txt"), "1");
        write(&site.root().join("other/v.txt"), "2");
    };
    away_during_the_build(
        layout,
        setup,
        "mv src/gen one && mv other src/gen",
        "mv src/gen other && mv one src/gen",
    );
}

/// A link leads elsewhere and back.
fn link_led_elsewhere_during_the_build(layout: Layout) {
    let setup = |site: &Site<'_>| {
        write(&site.root().join("one/v.txt"), "1");
        write(&site.root().join("other/v.txt"), "2");
        symlink("../one", site.root().join("src/gen")).unwrap();
    };
    away_during_the_build(layout, setup, "ln -sfn ../other src/gen", "ln -sfn ../one src/gen");
}

/// An input is edited, and then everything that was built gets one later time (`touch`, or a copy without times): by all that cargo
/// compares, it was built after the edit.
fn build_dir_touched(layout: Layout) {
    let sandbox = Sandbox::in_memory();
    for driver in DRIVERS {
        let files = [("build.rs", NAMES), (MAIN, PRINTS_OUT), ("in.txt", "1")];
        let site = package(&sandbox, layout, driver, "app", &files);
        site.build(BUILD).prints(&[("v", "1")]).rebuilds(SCRIPTED);
        tick();
        edit(&site, "in.txt");
        tick();
        let now = FileTime::now();
        built_files(&site).iter().for_each(|path| filetime::set_file_mtime(path, now).unwrap());
        judge(&site, "1", "2", RUN);
    }
}

/// A file of the package is a link, and what it leads to is replaced by something as old. The script names nothing, so all files
/// are its input, and the content of this one lies outside.
fn replaced_behind_a_link_of_the_package(layout: Layout) {
    let sandbox = Sandbox::in_memory();
    for driver in DRIVERS {
        let script = NAMES.replace("    println!(\"cargo:rerun-if-changed=in.txt\");\n", "");
        let site = package(&sandbox, layout, driver, "app", &[("build.rs", &script), (MAIN, PRINTS_OUT)]);
        let outside = site.root().with_extension("txt");
        write(&outside, "1");
        symlink(&outside, site.root().join("in.txt")).unwrap();
        tick();
        site.build(BUILD).prints(&[("v", "1")]).rebuilds(SCRIPTED);
        tick();
        replace(&outside, "2");
        judge(&site, "1", "2", RUN);
    }
}

/// What plain cargo has built is taken for granted only where nothing came to be as it is after the build. The build dir is no
/// place where that would not hold: a directory in there is moved.
fn directory_moved_in_the_build_dir(layout: Layout) {
    let sandbox = Sandbox::in_memory();
    for driver in DRIVERS {
        let main = "fn main() { println!(\"v={}\", include_str!(\"../target/gen/v.txt\")) }\n";
        let files = [(MAIN, main), ("target/gen/v.txt", "1"), ("target/other/v.txt", "2")];
        let site = package(&sandbox, layout, driver, "app", &files);
        site.by(Driver::Cargo).build(BUILD).prints(&[("v", "1")]).rebuilds(BIN);
        tick();
        fs::rename(site.target().join("gen"), site.target().join("one")).unwrap();
        fs::rename(site.target().join("other"), site.target().join("gen")).unwrap();
        judge(&site, "1", "2", BIN);
    }
}

/// The same where the build dir is the workspace itself, so that every source lies in it. Nothing may be removed there, by no
/// policy; but what would be repaired elsewhere is said.
fn directory_moved_where_the_workspace_is_the_build_dir(layout: Layout) {
    let sandbox = Sandbox::in_memory();
    for driver in DRIVERS {
        let main = "fn main() { println!(\"v={}\", include_str!(\"gen/v.txt\")) }\n";
        let files = [(MAIN, main), ("src/gen/v.txt", "1"), ("other/v.txt", "2")];
        let site = package(&sandbox, layout, driver, "app", &files);
        let root = site.root().to_owned();
        let site = site.sharing(root.clone());
        site.by(Driver::Cargo).build(BUILD).prints(&[("v", "1")]).rebuilds(BIN);
        tick();
        fs::rename(root.join("src/gen"), root.join("one")).unwrap();
        fs::rename(root.join("other"), root.join("src/gen")).unwrap();
        let built = site.build(BUILD);
        built.prints(&[("v", "1")]).rebuilds(NONE);
        let said = built.run.err();
        let is_told =
            said.lines().any(|line| line.contains("not repaired") && line.contains("src/gen/v.txt"));
        assert_eq!(is_told, driver == Driver::Xcargo, "{said}");
    }
}

/// An unchanged source is dated a little ahead of the clock. It is built already; but nobody may say so by a time that is still to
/// come, or an edit before that is lost, whoever builds then. Plain cargo is right here.
fn edited_before_its_time(layout: Layout) {
    let sandbox = Sandbox::in_memory();
    for [driver, then] in
        [[Driver::Cargo, Driver::Cargo], [Driver::Xcargo, Driver::Cargo], [Driver::Xcargo, Driver::Xcargo]]
    {
        let name = format!("then-{then:?}");
        let main = "fn main() { println!(\"v={}\", 1) }\n";
        let site = package(&sandbox, layout, driver, &name, &[(MAIN, main)]);
        site.build(BUILD).prints(&[("v", "1")]).rebuilds(BIN);
        tick();
        let now = FileTime::now();
        let ahead = now.unix_seconds() * 1_000_000_000 + i64::from(now.nanoseconds()) + 900_000_000;
        let nanos = u32::try_from(ahead % 1_000_000_000).unwrap();
        stamp(&site, MAIN, FileTime::from_unix_time(ahead / 1_000_000_000, nanos));
        site.build(BUILD).prints(&[("v", "1")]);
        tick();
        edit(&site, MAIN);
        site.by(then).build(BUILD).prints(&[("v", "2")]).rebuilds(BIN);
    }
}

/// A test links a file that it has included, which changes the file's own record in the file system and nothing else. Where
/// nothing was known before the first build, nobody can tell; from the second run on nothing is built. Plain cargo is right here.
fn fixture_linked_by_its_test(layout: Layout) {
    let sandbox = Sandbox::in_memory();
    for driver in DRIVERS {
        let test = "#[test]\nfn links() {\n    \
            let fixture = concat!(env!(\"CARGO_MANIFEST_DIR\"), \"/tests/v.txt\");\n    \
            let link = concat!(env!(\"CARGO_TARGET_TMPDIR\"), \"/link\");\n    \
            std::fs::hard_link(fixture, link).unwrap();\n    std::fs::remove_file(link).unwrap();\n    \
            println!(\"\\nv={}\", include_str!(\"v.txt\"));\n}\n";
        let files = [("src/lib.rs", ""), ("tests/links.rs", test), ("tests/v.txt", "1")];
        let site = package(&sandbox, layout, driver, "app", &files);
        let command = &["test", "--test", "links", "--", "--nocapture"];
        site.build(command).prints(&[("v", "1")]).rebuilds(&["app lib", "app test"]);
        if driver == Driver::Xcargo {
            site.build(command).prints(&[("v", "1")]).rebuilds(&["app test"]).says(&["app", "tests/v.txt"]);
        }
        for _ in 0..3 {
            site.build(command).prints(&[("v", "1")]).rebuilds(NONE).says(&[]);
        }
    }
}

both! {
    generated_among_the_sources,
    generated_deep_in_a_large_out_dir,
    input_moved_back_during_the_build,
    deleted_during_the_build,
    deleted_after_plain_cargo,
    directory_away_during_the_build,
    link_led_elsewhere_during_the_build,
    build_dir_touched,
    replaced_behind_a_link_of_the_package,
    directory_moved_in_the_build_dir,
    directory_moved_where_the_workspace_is_the_build_dir,
    edited_before_its_time,
    fixture_linked_by_its_test,
}
