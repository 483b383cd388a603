//! How other content comes under an old time: by copies, renames, archives, links, version control, equal and coarse times.

use std::io::Read;
use std::os::unix::fs::symlink;

use filetime::FileTime;
use fs_err as fs;

use crate::case::{Case, Plain, Start};
use crate::faults::{backup, branches, dep_infos, edit, edit_at, git, old, renewed, stamp, time, touch};
use crate::sets;
use crate::site::Site;
use crate::template::{BUILD, PROGRAM, TIP, WRITTEN};

const MODULE: &str = "leaf/src/module.rs";

/// The module of the library at the bottom has another value behind cargo's back.
fn module(fault: fn(&Site<'_>)) -> Case {
    Case {
        fault,
        command: PROGRAM,
        plain: Plain::Prints(&[]),
        prints: &[("module", "2")],
        rebuilds: sets::program::LEAF,
        says: &["leaf", "src/module.rs"],
        ..Case::default()
    }
}

zoo! {
    /// `cp -p backup module.rs`: the same file, written in place.
    copied_with_its_time => module(|site| {
        let cp = site.sandbox().command("cp").arg("-p").arg(backup(site, MODULE));
        cp.arg(site.root().join(MODULE)).run().ok();
    });
    /// `mv backup module.rs`.
    moved_into_place => module(|site| fs::rename(backup(site, MODULE), site.root().join(MODULE)).unwrap());
    /// As editors restore a backup: removed first, then made anew.
    removed_and_an_older_one_put_in_its_place => module(|site| {
        let text = renewed(site, MODULE);
        fs::remove_file(site.root().join(MODULE)).unwrap();
        fs::write(site.root().join(MODULE), text).unwrap();
        stamp(site, MODULE, old());
    });
    /// `mv src src.new; mv src.old src`.
    directory_moved_into_place => module(|site| {
        let (src, other) = (site.root().join("leaf/src"), site.root().join("leaf/other"));
        crate::support::copy::copy_tree(&src, &other);
        edit_at(site, "leaf/other/module.rs", old());
        fs::remove_dir_all(&src).unwrap();
        fs::rename(other, src).unwrap();
    });
    /// `tar x` over the sources.
    unpacked_from_an_archive => module(|site| {
        let text = renewed(site, MODULE);
        let mut header = tar::Header::new_gnu();
        header.set_size(text.len() as u64);
        header.set_mode(0o644);
        header.set_mtime(u64::try_from(WRITTEN).unwrap());
        let mut archive = tar::Builder::new(Vec::new());
        archive.append_data(&mut header, MODULE, text.as_bytes()).unwrap();
        let bytes = archive.into_inner().unwrap();
        tar::Archive::new(bytes.as_slice().take(1 << 20)).unpack(site.root()).unwrap();
    });
    /// A checkout, and then the times of the commits, as some CI systems put them back.
    checked_out_with_restored_times => module(|site| {
        branches(site, MODULE);
        git(site, &["checkout", "-q", "other"]);
        stamp(site, MODULE, old());
    });
    /// Package stores and reproducible archives date everything 1970.
    dated_at_the_epoch => module(|site| edit_at(site, MODULE, FileTime::zero()));
    /// Edited while the clock was behind, though after the build.
    edited_by_a_clock_that_was_behind => module(|site| {
        let built = time(&dep_infos(site, "leaf")[0]);
        edit_at(site, MODULE, FileTime::from_unix_time(built.unix_seconds() - 600, 0));
    });
    /// Equal times count as fresh.
    dated_as_the_build => module(|site| {
        let built = time(&dep_infos(site, "leaf")[0]);
        edit_at(site, MODULE, built);
    });
    /// Edited in the second of the build, where the file system keeps whole seconds.
    dated_in_the_second_of_the_build => module(|site| {
        let built = time(&dep_infos(site, "leaf")[0]);
        edit_at(site, MODULE, FileTime::from_unix_time(built.unix_seconds(), 0));
    });
    /// A file becomes a link to another one.
    replaced_by_a_link => module(|site| {
        let other = backup(site, MODULE);
        fs::remove_file(site.root().join(MODULE)).unwrap();
        symlink(other, site.root().join(MODULE)).unwrap();
    });
    /// Cargo watches what the link led to when the unit was built, and never the link: no time at all would tell it.
    link_led_elsewhere => Case {
        start: Start::Sources,
        setup: |site| {
            fs::rename(site.root().join(MODULE), site.root().join("leaf/src/first")).unwrap();
            symlink("first", site.root().join(MODULE)).unwrap();
        },
        before: &[TIP],
        command: TIP,
        rebuilds: sets::TIP,
        says: &["leaf"],
        ..module(|site| {
            fs::write(site.root().join("leaf/src/second"), renewed(site, MODULE)).unwrap();
            fs::remove_file(site.root().join(MODULE)).unwrap();
            symlink("second", site.root().join(MODULE)).unwrap();
        })
    };
    /// The same for a directory on the way: cargo knows it by where it led.
    directory_link_led_elsewhere => Case {
        start: Start::Sources,
        setup: |site| {
            fs::rename(site.root().join("leaf/src"), site.root().join("leaf/first")).unwrap();
            symlink("first", site.root().join("leaf/src")).unwrap();
        },
        before: &[TIP],
        command: TIP,
        rebuilds: sets::TIP,
        says: &["leaf"],
        ..module(|site| {
            let (first, second) = (site.root().join("leaf/first"), site.root().join("leaf/second"));
            crate::support::copy::copy_tree(&first, &second);
            edit_at(site, "leaf/second/module.rs", old());
            fs::remove_file(site.root().join("leaf/src")).unwrap();
            symlink("second", site.root().join("leaf/src")).unwrap();
        })
    };
    /// Two files change their names. Both are as old as before, and each of them has been read by somebody.
    swapped_with_another => Case {
        setup: |site| {
            edit(site, "leaf/src/module.rs");
            touch(site, "dev/src/lib.rs");
        },
        before: &[BUILD],
        fault: |site| {
            let [one, other, aside] = ["leaf/src/module.rs", "dev/src/lib.rs", "aside"].map(|it| site.root().join(it));
            fs::rename(&one, &aside).unwrap();
            fs::rename(&other, &one).unwrap();
            fs::rename(&aside, &other).unwrap();
        },
        command: BUILD,
        plain: Plain::Prints(&[("module", "2")]),
        prints: &[("dev", "2")],
        rebuilds: &[
            "leaf lib", "dev lib", "app lib", "app lib (test)", "app bin", "app test", "app example",
        ],
        says: &["leaf", "src/module.rs"],
        ..Case::default()
    };
    /// A file of nobody's package, which cargo knows by its absolute path.
    outside_of_every_package => Case {
        start: Start::Sources,
        setup: |site| {
            let lib = site.root().join("leaf/src/lib.rs");
            let text = fs::read_to_string(&lib).unwrap();
            fs::write(lib, text.replace("\"text.txt\"", "\"../../outside.txt\"")).unwrap();
            fs::write(site.root().join("outside.txt"), "1").unwrap();
        },
        before: &[TIP],
        command: TIP,
        rebuilds: sets::TIP,
        prints: &[("text", "2")],
        says: &["leaf", "outside.txt"],
        ..module(|site| edit_at(site, "outside.txt", old()))
    };
    /// What cargo builds from is in another directory than what it gives to people.
    build_dir_apart => Case {
        start: Start::Sources,
        setup: |site| {
            fs::create_dir(site.root().join(".cargo")).unwrap();
            fs::write(site.root().join(".cargo/config.toml"), "[build]\nbuild-dir = \"built\"\n").unwrap();
        },
        before: &[TIP],
        command: TIP,
        rebuilds: sets::TIP,
        ..module(|site| edit_at(site, MODULE, old()))
    };
    /// Nothing has moved, and no hash is needed to suspect it: the same as a copy, where the build was.
    edited_in_place => Case {
        start: Start::Sources,
        before: &[TIP],
        command: TIP,
        rebuilds: sets::TIP,
        ..module(|site| edit_at(site, MODULE, old()))
    };
}
