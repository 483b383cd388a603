//! Documentation, which cargo holds against the newest file of the package alone.

use filetime::FileTime;
use fs_err as fs;

use crate::faults::{backup, built_files, edit_unseen};
use crate::sets;
use crate::site::{Driver, Layout, Site};
use crate::support::machine::machine;
use crate::support::sandbox::Sandbox;

const MODULE: &str = "leaf/src/module.rs";
const DOCUMENT: &[&str] = &["doc", "-p", "leaf"];
/// Cargo's messages call it as they call the library.
const LEAF: &[&str] = &["leaf lib"];

/// The value of the module, as the page with its source has it.
fn documented(site: &Site<'_>) -> String {
    let page = fs::read_to_string(site.target().join("doc/src/leaf/module.rs.html")).unwrap();
    let value = page.split_once("<span class=\"number\">").expect("a number in the source").1;
    value.split_once('<').expect("the end of a number").0.trim().to_owned()
}

/// Plays a fault on documentation, for both.
fn play(layout: Layout, setup: fn(&Site<'_>), fault: fn(&Site<'_>)) {
    for driver in [Driver::Cargo, Driver::Xcargo] {
        let sandbox = Sandbox::in_memory();
        let site = Site::unbuilt(&sandbox, "ws", layout, driver);
        setup(&site);
        site.build(DOCUMENT).prints(&[]).rebuilds(LEAF);
        assert_eq!(documented(&site), "1");
        fault(&site);
        let built = site.build(DOCUMENT);
        match driver {
            Driver::Cargo => {
                built.rebuilds(sets::NONE);
                assert_eq!(documented(&site), "1");
            }
            Driver::Xcargo => {
                built.rebuilds(LEAF).says(&["leaf", "docs", "src/module.rs"]);
                assert_eq!(documented(&site), "2");
                site.build(DOCUMENT).rebuilds(sets::NONE).says(&[]);
            }
        }
    }
}

fn edited(layout: Layout) {
    play(layout, |_| {}, |site| edit_unseen(site, MODULE));
}

/// The same, and then everything that was built gets one later time: by all that cargo compares, it was made after the edit.
fn edited_and_touched(layout: Layout) {
    let fault = |site: &Site<'_>| {
        edit_unseen(site, MODULE);
        let now = FileTime::now();
        built_files(site).iter().for_each(|path| filetime::set_file_mtime(path, now).unwrap());
    };
    play(layout, |_| {}, fault);
}

/// Something older is moved over a source after rustdoc has read it, before cargo writes down that the documentation is made.
fn replaced_while_it_is_made(layout: Layout) {
    let setup = |site: &Site<'_>| {
        let (other, place) = (backup(site, MODULE), site.root().join(MODULE));
        let rustdoc = machine().sysroot.join("bin/rustdoc");
        let wrapper = site.sandbox().script(
            "wrapper",
            &format!(
                "#!/bin/sh\n\"{0}\" \"$@\" || exit\ncase \" $* \" in\n*\" --crate-name leaf \"*)\n\
                 [ -e {1}.done ] || cp -p {1} {2}\n: > {1}.done\nesac\nexit 0\n",
                rustdoc.display(),
                other.display(),
                place.display(),
            ),
        );
        fs::create_dir_all(site.root().join(".cargo")).unwrap();
        let config = format!("[build]\nrustdoc = \"{}\"\n", wrapper.display());
        fs::write(site.root().join(".cargo/config.toml"), config).unwrap();
    };
    play(layout, setup, |_| {});
}

both!(edited, edited_and_touched, replaced_while_it_is_made);
