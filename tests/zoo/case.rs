//! A fault, and what must come of it: plain cargo's wrong outcome, then xcargo's right one.

use crate::outcome::Outcome;
use crate::sets::NONE;
use crate::site::{Driver, Layout, Site};
use crate::support::sandbox::Sandbox;
use crate::template::BUILD;

/// A fault, and what must come of it.
pub(crate) struct Case {
    /// What it begins with.
    pub(crate) start: Start,
    /// What is done before anything is built there.
    pub(crate) setup: fn(&Site<'_>),
    /// What is run before the fault.
    pub(crate) before: &'static [&'static [&'static str]],
    /// Makes the fault.
    pub(crate) fault: fn(&Site<'_>),
    /// What is run after it.
    pub(crate) command: &'static [&'static str],
    /// What plain cargo does wrong.
    pub(crate) plain: Plain,
    /// The values that a clean build's programs print; the others are `1`.
    pub(crate) prints: &'static [(&'static str, &'static str)],
    /// The units that must be made again, no more and no fewer.
    pub(crate) rebuilds: &'static [&'static str],
    /// Words of one line on a repair; nothing is said where there are none.
    pub(crate) says: &'static [&'static str],
    /// The policy, if another than the default one.
    pub(crate) policy: Option<&'static str>,
}

/// What a case begins with.
pub(crate) enum Start {
    /// A copy of the built template: files that have moved, so that only their content proves anything.
    Built,
    /// The sources, which are built where they are.
    Sources,
}

/// What plain cargo does wrong.
pub(crate) enum Plain {
    /// Its programs print these values; the others are `1`.
    Prints(&'static [(&'static str, &'static str)]),
    /// Its programs print nothing at all.
    PrintsNothing,
    /// It fails, with this in what it says.
    Fails(&'static str),
    /// It is right in the end, but makes these again.
    Rebuilds(&'static [&'static str]),
}

impl Default for Case {
    fn default() -> Self {
        Self {
            start: Start::Built,
            setup: |_| {},
            before: &[],
            fault: |_| {},
            command: BUILD,
            plain: Plain::Prints(&[]),
            prints: &[],
            rebuilds: NONE,
            says: &[],
            policy: None,
        }
    }
}

impl Case {
    /// Plays it in this layout.
    pub(crate) fn play(&self, layout: Layout) {
        let sandbox = Sandbox::in_memory();
        let plain = self.outcome(&self.begin(&sandbox, layout, Driver::Cargo));
        match self.plain {
            Plain::Prints(values) => {
                assert_ne!(values, self.prints, "plain cargo is right: the case proves nothing");
                plain.prints(values);
            }
            Plain::PrintsNothing => drop(plain.prints_nothing()),
            Plain::Fails(text) => drop(plain.fails_with(text)),
            Plain::Rebuilds(units) => {
                assert_ne!(units, self.rebuilds, "plain cargo is right: the case proves nothing");
                plain.prints(self.prints).rebuilds(units);
            }
        }
        let site = self.begin(&sandbox, layout, Driver::Xcargo);
        let healed = self.outcome(&site);
        healed.prints(self.prints).rebuilds(self.rebuilds).says(self.says);
        // For good.
        site.build(self.command).prints(self.prints).rebuilds(NONE).says(&[]);
    }

    fn begin<'a>(&self, sandbox: &'a Sandbox, layout: Layout, driver: Driver) -> Site<'a> {
        let name = if driver == Driver::Cargo { "plain" } else { "xcargo" };
        let site = match self.start {
            Start::Built => Site::new(sandbox, name, layout, driver),
            Start::Sources => Site::unbuilt(sandbox, name, layout, driver),
        };
        if let Some(policy) = self.policy {
            fs_err::write(site.root().join("doctor.toml"), policy).unwrap();
        }
        (self.setup)(&site);
        self.before.iter().for_each(|args| drop(site.cmd(args).run().ok()));
        site
    }

    fn outcome(&self, site: &Site<'_>) -> Outcome {
        (self.fault)(site);
        site.build(self.command)
    }
}

/// One test in each layout for each named case.
macro_rules! zoo {
    ($($(#[$doc:meta])* $name:ident => $case:expr;)*) => { $(
        $(#[$doc])*
        mod $name {
            use super::*;

            #[test]
            fn in_layout_one() {
                $case.play(crate::site::Layout::One);
            }

            #[test]
            fn in_layout_two() {
                $case.play(crate::site::Layout::Two);
            }
        }
    )* };
}

/// One test in each layout for each function.
macro_rules! both {
    ($($name:ident),* $(,)?) => { mod tests { $(
        mod $name {
            use crate::site::Layout;

            #[test]
            fn in_layout_one() {
                super::super::$name(Layout::One);
            }

            #[test]
            fn in_layout_two() {
                super::super::$name(Layout::Two);
            }
        }
    )* } };
}
