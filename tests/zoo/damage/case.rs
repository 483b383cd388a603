//! A harm, and what must come of it: plain cargo's wrong outcome, then xcargo's right one.

use fs_err as fs;

use super::find::File;
use super::harm::{How, append, harm};
use crate::sets::NONE;
use crate::site::{Driver, Layout, Site};
use crate::support::sandbox::Sandbox;

/// Where only plain cargo built: nobody can tell whether a copied source is what it was, and that is not the matter here.
const TRUST: &str = "[policy]\n[cache]\nsuspects = \"trust\"\n";

/// Builds the program.
pub(super) const BUILD_BIN: &[&str] = &["build", "-p", "app", "--bin", "app"];
/// Runs the program.
pub(super) const RUN_BIN: &[&str] = &["run", "-p", "app", "--bin", "app"];
/// Runs the example.
pub(super) const RUN_EXAMPLE: &[&str] = &["run", "-p", "app", "--example", "ex"];
/// Runs the integration test.
pub(super) const RUN_TEST: &[&str] = &["test", "-p", "app", "--test", "it", "--", "--nocapture"];

/// A harm, and what must come of it.
pub(super) struct Case {
    /// Which file.
    pub(super) file: File,
    /// What is done to it.
    pub(super) how: How,
    /// What happens before that.
    pub(super) first: fn(&Site<'_>),
    /// What happens after it, so that somebody reads the file.
    pub(super) then: fn(&Site<'_>),
    /// The command that is run.
    pub(super) command: &'static [&'static str],
    /// What plain cargo does wrong.
    pub(super) plain: Wrong,
    /// The values that a clean build's programs print; the others are `1`.
    pub(super) prints: &'static [(&'static str, &'static str)],
    /// The units that must be made again, no more and no fewer.
    pub(super) rebuilds: &'static [&'static str],
    /// Words of the line on the repair.
    pub(super) says: &'static [&'static str],
    /// What is needed to know.
    pub(super) known: Known,
}

/// What is needed to know that a file is damaged.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Known {
    /// The file alone: it is found where xcargo sees the build dir for the first time, too.
    ByItself,
    /// What xcargo has recorded of it.
    ByTheLedger,
}

/// What plain cargo does wrong.
#[derive(Clone, Copy)]
pub(super) enum Wrong {
    /// It fails, with this in what it says, and so does the next build.
    Fails(&'static str),
    /// The programs print these values; the others are `1`.
    Prints(&'static [(&'static str, &'static str)]),
    /// It succeeds, and nothing is printed at all.
    Nothing,
    /// Another program runs: this is printed.
    Says(&'static str),
    /// It warns in this build and in each one after it.
    Warns(&'static str),
    /// It builds these, and the next build, with nothing changed, those.
    Late(&'static [&'static str], &'static [&'static str]),
}

impl Case {
    /// The usual one: the file is needed for the program, and says by itself that it is damaged.
    pub(super) const fn new(file: File, how: How, plain: Wrong) -> Self {
        Self {
            file,
            how,
            first: |_| {},
            then: |_| {},
            command: BUILD_BIN,
            plain,
            prints: &[],
            rebuilds: NONE,
            says: &[],
            known: Known::ByItself,
        }
    }

    /// Plays it in this layout.
    pub(super) fn play(&self, layout: Layout) {
        let sandbox = Sandbox::in_memory();
        let site = Site::new(&sandbox, "plain", layout, Driver::Cargo);
        self.fault(&site);
        self.assert_wrong(&site);
        let site = Site::new(&sandbox, "recorded", layout, Driver::Xcargo);
        // A copy is another file for whoever looks at inodes and times only. It is as good as the one that was copied.
        site.build(BUILD_BIN).prints(&[]).rebuilds(NONE).says(&[]);
        self.fault(&site);
        self.assert_right(&site);
        if self.known == Known::ByItself {
            let site = Site::new(&sandbox, "unrecorded", layout, Driver::Cargo).by(Driver::Xcargo);
            fs::write(site.root().join("doctor.toml"), TRUST).unwrap();
            self.fault(&site);
            self.assert_right(&site);
        }
    }

    fn fault(&self, site: &Site<'_>) {
        (self.first)(site);
        harm(site, &self.file, &self.how);
        (self.then)(site);
    }

    fn assert_wrong(&self, site: &Site<'_>) {
        let first = site.build(self.command);
        match self.plain {
            Wrong::Fails(text) => {
                first.fails_with(text);
                site.build(self.command).fails_with(text);
            }
            Wrong::Prints(values) => {
                assert_ne!(values, self.prints, "plain cargo is right: the case proves nothing");
                first.prints(values);
            }
            Wrong::Nothing => {
                first.prints_nothing();
            }
            Wrong::Says(text) => assert!(first.run.out().contains(text), "{}", first.run.show()),
            Wrong::Warns(text) => {
                for outcome in [first, site.build(self.command)] {
                    outcome.prints(self.prints);
                    assert!(outcome.run.out().contains(text), "{}", outcome.run.show());
                }
            }
            Wrong::Late(now, later) => {
                first.prints(self.prints).rebuilds(now);
                site.build(self.command).prints(self.prints).rebuilds(later);
            }
        }
    }

    fn assert_right(&self, site: &Site<'_>) {
        let outcome = site.build(self.command);
        outcome.prints(self.prints).rebuilds(self.rebuilds).says(self.says);
        if let Wrong::Warns(text) = self.plain {
            assert!(!outcome.run.out().contains(text), "{}", outcome.run.show());
        }
        // Healed for good, and nothing else was wrong.
        site.build(self.command).prints(self.prints).rebuilds(NONE).says(&[]);
    }
}

/// A change of the program's source that changes no code.
pub(super) fn main_edited(site: &Site<'_>) {
    append(site.root(), "app/src/main.rs");
}

/// A change of the application's library that changes no code.
pub(super) fn lib_edited(site: &Site<'_>) {
    append(site.root(), "app/src/lib.rs");
}
