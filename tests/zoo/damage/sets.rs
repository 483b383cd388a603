//! Which units must be made again for the program alone, if a unit below it is damaged.

/// The unit and what is between it and the program.
macro_rules! below {
    ($($unit:literal),* $(,)?) => {
        &[$($unit,)* "app lib", "app bin"]
    };
}

/// The program's library.
pub(super) const APP: &[&str] = below![];
/// The library at the bottom.
pub(super) const LEAF: &[&str] = below!["leaf lib"];
/// The proc macro.
pub(super) const MAC: &[&str] = below!["mac proc-macro"];
/// The run of the build script, or what it made.
pub(super) const GEN: &[&str] = below!["gen run", "gen lib"];
/// The compiled build script.
pub(super) const GEN_SCRIPT: &[&str] = below!["gen build.rs", "gen run", "gen lib"];
