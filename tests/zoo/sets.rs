//! Which units a correct cargo makes again when a file has changed. [`tests`] holds them against plain cargo, which is right
//! where the time of the file tells.

/// All that links the application's library.
macro_rules! above {
    ($($unit:literal),* $(,)?) => {
        &[$($unit,)* "app lib", "app lib (test)", "app bin", "app test", "app example"]
    };
}

/// Nothing.
pub(crate) const NONE: &[&str] = &[];
/// After a change of the library at the bottom.
pub(crate) const LEAF: &[&str] = above!["leaf lib"];
/// After a change of the proc macro.
pub(crate) const MAC: &[&str] = above!["mac proc-macro"];
/// After a change of what the build script with `rerun-if-changed` reads.
pub(crate) const GEN: &[&str] = above!["gen run", "gen lib"];
/// After a change of that build script.
pub(crate) const GEN_SCRIPT: &[&str] = above!["gen build.rs", "gen run", "gen lib"];
/// After a change of what the build script without `rerun-if-changed` reads.
pub(crate) const PRE: &[&str] = above!["pre run", "pre lib"];
/// After a change of that build script.
pub(crate) const PRE_SCRIPT: &[&str] = above!["pre build.rs", "pre run", "pre lib"];
/// After a change of the dev-dependency. The library's own tests could use it, too, and so could the example.
pub(crate) const DEV: &[&str] = &["dev lib", "app lib (test)", "app test", "app example"];
/// After a change of the application's library.
pub(crate) const APP: &[&str] = above![];
/// After a change of the program.
pub(crate) const BIN: &[&str] = &["app bin"];
/// After a change of the integration test.
pub(crate) const IT: &[&str] = &["app test"];
/// After a change of the example.
pub(crate) const EX: &[&str] = &["app example"];
/// What hangs on a build script, of either kind.
pub(crate) const SCRIPTED: &[&str] = above!["gen run", "gen lib", "pre run", "pre lib"];
/// The whole workspace.
pub(crate) const ALL: &[&str] = above![
    "leaf lib",
    "mac proc-macro",
    "gen build.rs",
    "gen run",
    "gen lib",
    "pre build.rs",
    "pre run",
    "pre lib",
    "dev lib",
];

/// After a change of the library at the bottom, where it is built with a program of its own (`TIP`).
pub(crate) const TIP: &[&str] = &["leaf lib", "leaf example"];

/// The same where only the program is built (`build -p app`).
pub(crate) mod program {
    macro_rules! above {
        ($($unit:literal),* $(,)?) => {
            &[$($unit,)* "app lib", "app bin"]
        };
    }

    /// After a change of the library at the bottom.
    pub(crate) const LEAF: &[&str] = above!["leaf lib"];
    /// After a change of the proc macro.
    pub(crate) const MAC: &[&str] = above!["mac proc-macro"];
    /// After a change of the build script with `rerun-if-changed`.
    pub(crate) const GEN_SCRIPT: &[&str] = above!["gen build.rs", "gen run", "gen lib"];
    /// After a change of the other build script.
    pub(crate) const PRE_SCRIPT: &[&str] = above!["pre build.rs", "pre run", "pre lib"];
    /// After a change of what the build script with `rerun-if-changed` reads.
    pub(crate) const GEN: &[&str] = above!["gen run", "gen lib"];
    /// After a change of what the build script without `rerun-if-changed` reads.
    pub(crate) const PRE: &[&str] = above!["pre run", "pre lib"];
    /// After a change of the application's library.
    pub(crate) const APP: &[&str] = above![];
    /// After a change of all libraries; one of the scripts takes them for its own input.
    pub(crate) const LIBRARIES: &[&str] =
        above!["leaf lib", "mac proc-macro", "gen lib", "pre run", "pre lib"];
    /// All of it.
    pub(crate) const ALL: &[&str] = above![
        "leaf lib",
        "mac proc-macro",
        "gen build.rs",
        "gen run",
        "gen lib",
        "pre build.rs",
        "pre run",
        "pre lib",
    ];
}

mod tests {
    use filetime::FileTime;
    use fs_err as fs;

    use super::{ALL, APP, BIN, DEV, EX, GEN, GEN_SCRIPT, IT, LEAF, MAC, NONE, PRE, PRE_SCRIPT};
    use crate::site::{Driver, Layout, Site};
    use crate::support::sandbox::Sandbox;
    use crate::template::BUILD;

    /// If a set were wrong, the zoo would ask xcargo for what no cargo does.
    fn are_what_cargo_makes_again(layout: Layout) {
        let sandbox = Sandbox::in_memory();
        let built = Site::unbuilt(&sandbox, "unbuilt", layout, Driver::Cargo);
        built.build(BUILD).prints(&[]).rebuilds(ALL);
        let site = Site::new(&sandbox, "honest", layout, Driver::Cargo);
        site.build(BUILD).prints(&[]).rebuilds(NONE);
        for (file, value, set) in [
            ("leaf/src/text.txt", "text", LEAF),
            ("mac/src/lib.rs", "mac", MAC),
            ("gen/input.txt", "input", GEN),
            ("gen/build.rs", "script", GEN_SCRIPT),
            ("pre/value.txt", "pre", PRE),
            ("pre/build.rs", "prescript", PRE_SCRIPT),
            ("dev/src/lib.rs", "dev", DEV),
            ("app/src/lib.rs", "app", APP),
            ("app/src/main.rs", "main", BIN),
            ("app/tests/it.rs", "it", IT),
            ("app/examples/ex.rs", "ex", EX),
        ] {
            let path = site.root().join(file);
            let text = fs::read_to_string(&path).unwrap();
            fs::write(&path, text.replace('1', "2")).unwrap();
            site.build(BUILD).prints(&[(value, "2")]).rebuilds(set);
            fs::write(&path, &text).unwrap();
            filetime::set_file_mtime(&path, FileTime::now()).unwrap();
            site.build(BUILD).prints(&[]).rebuilds(set);
        }
    }

    #[test]
    fn in_layout_one() {
        are_what_cargo_makes_again(Layout::One);
    }

    #[test]
    fn in_layout_two() {
        are_what_cargo_makes_again(Layout::Two);
    }
}
