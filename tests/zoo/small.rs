//! Small packages, each written for one case: one program, `app`, that prints one value as `v=…`.

use std::os::unix::fs::symlink;
use std::path::Path;
use std::time::Duration;

use filetime::FileTime;
use fs_err as fs;

use crate::sets::NONE;
use crate::site::{Driver, Layout, Site};
use crate::support::sandbox::Sandbox;
use crate::support::shared::system_tool;
use crate::template::WRITTEN;

/// The command that builds it.
pub(crate) const BUILD: &[&str] = &["build"];
/// After a change of what the program alone is made from.
pub(crate) const BIN: &[&str] = &["app bin"];
/// After a change of what the build script reads.
pub(crate) const RUN: &[&str] = &["app run", "app bin"];
/// All of it, where there is a build script.
pub(crate) const SCRIPTED: &[&str] = &["app build.rs", "app run", "app bin"];

const MANIFEST: &str = "[package]\nname = 'app'\nversion = '0.1.0'\nedition = '2021'\n";

/// A package of these files, written long before any build; a manifest is among them where it is not the usual one.
pub(crate) fn package<'a>(
    sandbox: &'a Sandbox,
    layout: Layout,
    driver: Driver,
    name: &str,
    files: &[(&str, &str)],
) -> Site<'a> {
    let site = Site::at(sandbox, sandbox.work().join(format!("{driver:?}")).join(name), layout, driver);
    for (file, text) in [("Cargo.toml", MANIFEST), ("doctor.toml", "[policy]\n")].iter().chain(files) {
        write(&site.root().join(file), text);
    }
    site.cmd(&["generate-lockfile"]).run().ok();
    tick();
    site
}

/// A file with the time of those in the template.
pub(crate) fn write(path: &Path, text: &str) {
    fs::create_dir_all(path.parent().expect("a file is in a directory")).unwrap();
    fs::write(path, text).unwrap();
    filetime::set_file_mtime(path, FileTime::from_unix_time(WRITTEN, 0)).unwrap();
}

/// Another file of the same time takes its place.
pub(crate) fn replace(path: &Path, text: &str) {
    let other = path.with_extension("new");
    write(&other, text);
    fs::rename(other, path).unwrap();
}

/// One more line, by an ordinary edit.
pub(crate) fn append(path: &Path) {
    let text = fs::read_to_string(path).unwrap();
    fs::write(path, text + "// more\n").unwrap();
}

/// What is written from now on is later than what was written before, by the clock of any file system.
pub(crate) fn tick() {
    std::thread::sleep(Duration::from_millis(50));
}

/// Has shell commands run right before and after rustc makes the program, in the one build after the next [`arm`].
pub(crate) fn hook(site: &Site<'_>, before: &str, after: &str) {
    for tool in ["ln", "mv", "rm"] {
        let link = site.sandbox().root().join("tools").join(tool);
        if !link.is_symlink() {
            symlink(system_tool(tool), link).unwrap();
        }
    }
    let armed = site.root().with_extension("armed");
    let wrapper = site.root().with_extension("wrapper");
    let wrapper = site.sandbox().script(
        wrapper,
        &format!(
            "#!/bin/sh\ncase \" $* \" in *\" --crate-name app \"*) ;; *) exec \"$@\" ;; esac\n\
             [ -e {0} ] || exec \"$@\"\nrm {0} && {before} && \"$@\" && {after}\n",
            armed.display(),
        ),
    );
    let config = format!("[build]\nrustc-wrapper = \"{}\"\n", wrapper.display());
    write(&site.root().join(".cargo/config.toml"), &config);
}

/// The next build that makes the program runs the commands of [`hook`].
pub(crate) fn arm(site: &Site<'_>) {
    fs::write(site.root().with_extension("armed"), "").unwrap();
}

/// Builds after a fault: plain cargo sees nothing, and its program prints the `wrong` value; xcargo makes these units again, says
/// so, and prints the `right` one.
#[track_caller]
pub(crate) fn judge(site: &Site<'_>, wrong: &str, right: &str, units: &[&str]) {
    judge_by(site, BUILD, wrong, right, units);
}

/// The same by another command.
#[track_caller]
pub(crate) fn judge_by(site: &Site<'_>, command: &[&str], wrong: &str, right: &str, units: &[&str]) {
    let built = site.build(command);
    match site.driver {
        Driver::Cargo => drop(built.prints(&[("v", wrong)]).rebuilds(NONE)),
        Driver::Xcargo => {
            built.prints(&[("v", right)]).rebuilds(units).says(&["app"]);
            // For good.
            site.build(command).prints(&[("v", right)]).rebuilds(NONE).says(&[]);
        }
    }
}
