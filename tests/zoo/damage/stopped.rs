//! Builds that were stopped in the middle: killed, or without room on the disk.

use filetime::FileTime;
use fs_err as fs;

use super::case::{BUILD_BIN, RUN_BIN};
use super::sets;
use crate::faults::edit;
use crate::outcome::Outcome;
use crate::sets::NONE;
use crate::site::{Driver, Layout, Site};
use crate::support::cmd::wait_until;
use crate::support::machine::find_in_path;
use crate::support::sandbox::{Sandbox, xcargo};
use rustix::process::Signal;

/// What the script does after it has read its inputs: it tells that it has, and waits until it may go on.
const WAIT: &str = "if fs::rename(\"../hold\", \"../held\").is_ok() {\n        \
     for _ in 0..6000 {\n            if fs::exists(\"../go\").unwrap() { break; }\n            \
     std::thread::sleep(std::time::Duration::from_millis(10));\n        }\n    }\n    let script";

/// A build script whose cargo was killed goes on, and generates from what it has read, after the next cargo is done.
fn an_orphan_script_ends_late(site: &Site<'_>) -> Outcome {
    let [hold, held, go] = ["hold", "held", "go"].map(|name| site.root().join(name));
    let script = site.root().join("gen/build.rs");
    let text = fs::read_to_string(&script).unwrap();
    fs::write(&script, text.replace("let script", WAIT)).unwrap();
    site.build(BUILD_BIN).prints(&[]).rebuilds(sets::GEN_SCRIPT);

    fs::write(&hold, "").unwrap();
    // The content that the orphan reads, and then the one that counts.
    let input = site.root().join("gen/input.txt");
    fs::write(&input, "3").unwrap();
    let running = site.by(Driver::Cargo).cmd(BUILD_BIN).spawn();
    wait_until("the script has read", || held.exists());
    running.signal(Signal::KILL);
    running.finish();
    fs::write(&input, "2").unwrap();
    filetime::set_file_mtime(&input, FileTime::now()).unwrap();
    site.build(BUILD_BIN).prints(&[("input", "2")]);
    // Whoever keeps books has them in order now.
    site.build(BUILD_BIN).prints(&[("input", "2")]).rebuilds(NONE).says(&[]);

    let generated = super::find::File::Generated("gen", "g.rs").path(site);
    fs::write(&go, "").unwrap();
    wait_until("the orphan has generated", || {
        fs::read_to_string(&generated).unwrap_or_default().contains("fn script() -> u32 { 1 }")
            && fs::read_to_string(&generated).unwrap_or_default().contains("fn input() -> u32 { 3 }")
    });
    site.build(BUILD_BIN)
}

fn what_an_orphan_generated_is_not_used(layout: Layout) {
    let sandbox = Sandbox::in_memory();
    let site = Site::new(&sandbox, "plain", layout, Driver::Cargo);
    // Sticky: the script has no reason to run.
    an_orphan_script_ends_late(&site).prints(&[("input", "3")]);
    site.build(BUILD_BIN).prints(&[("input", "3")]);
    let site = Site::new(&sandbox, "xcargo", layout, Driver::Xcargo);
    let outcome = an_orphan_script_ends_late(&site);
    outcome.prints(&[("input", "2")]).rebuilds(sets::GEN).says(&["gen", "g.rs"]);
    site.build(BUILD_BIN).prints(&[("input", "2")]).rebuilds(NONE).says(&[]);
}

/// The power fails while a library is compiled: half of it has reached the disk. Cargo knows that this build never ended, and
/// starts the compiler again. But that takes the metadata from its incremental session, where it is another name of the same
/// file: each build fails until somebody wipes it.
fn a_build_without_power_goes_on(layout: Layout) {
    let sandbox = Sandbox::in_memory();
    for driver in [Driver::Cargo, Driver::Xcargo] {
        let site = Site::new(&sandbox, &format!("{driver:?}"), layout, driver);
        site.build(BUILD_BIN).prints(&[]).rebuilds(NONE).says(&[]);
        edit(&site, "leaf/src/module.rs");
        let root = site.root().display();
        let wrapper = sandbox.script(
            "killer",
            &format!(
                "#!/bin/sh\ncase \" $* \" in *' --crate-name leaf '*) ;; *) exec \"$@\" ;; esac\n\
                 [ -e '{root}/killed' ] && exec \"$@\"\n\"$@\" >/dev/null 2>&1\n: > '{root}/killed'\n\
                 for file in '{root}'/target/debug/deps/libleaf-*.r* '{root}'/target/debug/build/leaf/*/out/libleaf-*.r*; do\n  \
                 [ -e \"$file\" ] && echo half > \"$file\"\ndone\nkill -KILL $PPID\n"
            ),
        );
        let build = || site.build_with(BUILD_BIN, |cmd| cmd.env("RUSTC_WRAPPER", &wrapper));
        let killed = build();
        assert!(!killed.run.status.success(), "{}", killed.run.show());
        if driver == Driver::Cargo {
            build().fails_with("E0786");
            build().fails_with("E0786");
            continue;
        }
        build().prints(&[("module", "2")]).rebuilds(sets::LEAF);
        build().prints(&[("module", "2")]).rebuilds(NONE).says(&[]);
    }
}

/// `unshare` and `mount`, where this system lets somebody mount a file system of his own.
fn mounting(sandbox: &Sandbox) -> Option<[String; 2]> {
    let tool = |name: &str| find_in_path(name).map(|path| path.display().to_string());
    let [unshare, mount] = [tool("unshare")?, tool("mount")?];
    let script = format!("{mount} -t tmpfs tmpfs {}", sandbox.root().join("tmp").display());
    let may = sandbox.command(&unshare).args(["-rm", "sh", "-c", &script]).run().status.success();
    may.then_some([unshare, mount])
}

/// Cargo and rustc clean up after a full disk by themselves. Whoever keeps books beside them must not spoil that: with a
/// little more room each time the build fails in another place, its cause is said by cargo alone, and with room it succeeds.
fn a_full_disk_leaves_nothing_behind(layout: Layout) {
    let sandbox = Sandbox::in_memory();
    let Some([unshare, mount]) = mounting(&sandbox) else {
        let note = "NOT SHOWN: this system lets nobody mount a file system of his own, so no disk was full\n";
        return std::io::Write::write_all(&mut std::io::stderr(), note.as_bytes()).unwrap();
    };
    let site = Site::new(&sandbox, "full", layout, Driver::Xcargo);
    site.build(BUILD_BIN).prints(&[]).rebuilds(NONE).says(&[]);
    edit(&site, "leaf/src/module.rs");
    let script = format!(
        "cd /\n{mount} -t tmpfs -o size=200m tmpfs {tmp} || exit 1\nmkdir {tmp}/p {tmp}/tmp\nexport TMPDIR={tmp}/tmp\n\
         for room in 0 16 128 512 900 4000; do\n  rm -rf {tmp}/p/*\n  cp -a {root}/. {tmp}/p\n  cd {tmp}/p\n  \
         : > {tmp}/filler\n  head -c ${{room}}k /dev/zero > {tmp}/room\n  cat /dev/zero > {tmp}/filler 2>/dev/null\n  : > {tmp}/room\n  \
         code=0; {xcargo} {build} >/dev/null 2>{tmp}/said || code=$?\n  : > {tmp}/filler\n  \
         again=0; {xcargo} {run} >{tmp}/out 2>{tmp}/err || again=$?\n  \
         third=0; {xcargo} {build} -v >/dev/null 2>{tmp}/third || third=$?\n  \
         echo \"room=$room $code $again $third $(grep -c module=2 {tmp}/out) $(grep -c Repairing {tmp}/err) $(grep -c Dirty {tmp}/third)\"\n\
         done\n",
        tmp = sandbox.root().join("tmp").display(),
        root = site.root().display(),
        xcargo = xcargo().display(),
        build = BUILD_BIN.join(" "),
        run = RUN_BIN.join(" "),
    );
    let path = std::env::var_os("PATH").unwrap();
    let mut cmd = sandbox.command(&unshare).args(["-rm", "sh", "-c", &script]).env("PATH", path);
    if layout == Layout::Two {
        cmd = cmd.env("RUSTC_BOOTSTRAP", "1").env("CARGO_UNSTABLE_BUILD_DIR_NEW_LAYOUT", "true");
    }
    let run = cmd.run().ok();
    let out = run.out();
    let lines: Vec<Vec<&str>> = out.lines().map(|line| line.split(' ').collect()).collect();
    let failed = lines.iter().filter(|line| line[1] != "0").count();
    assert!((3..lines.len()).contains(&failed), "it was full in few places only: {}", run.show());
    for line in lines {
        assert_eq!(line[2..], ["0", "0", "1", "0", "0"], "{}", run.show());
    }
}

/// A build that was killed, and one that had no room.
mod tests {
    use super::{
        Layout, a_build_without_power_goes_on, a_full_disk_leaves_nothing_behind,
        what_an_orphan_generated_is_not_used,
    };

    #[test]
    fn orphan_in_layout_one() {
        what_an_orphan_generated_is_not_used(Layout::One);
    }

    #[test]
    fn orphan_in_layout_two() {
        what_an_orphan_generated_is_not_used(Layout::Two);
    }

    #[test]
    fn no_power_in_layout_one() {
        a_build_without_power_goes_on(Layout::One);
    }

    #[test]
    fn no_power_in_layout_two() {
        a_build_without_power_goes_on(Layout::Two);
    }

    #[test]
    fn full_disk_in_layout_one() {
        a_full_disk_leaves_nothing_behind(Layout::One);
    }

    #[test]
    fn full_disk_in_layout_two() {
        a_full_disk_leaves_nothing_behind(Layout::Two);
    }
}
