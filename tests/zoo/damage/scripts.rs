//! What build scripts left: what they printed, and what they generated.

use super::case::{Case, Known, Wrong};
use super::find::File;
use super::harm::{How, append};
use super::sets;
use crate::site::Site;

const PRINTED: File = File::Printed("pre");
const GENERATED: File = File::Generated("gen", "g.rs");

/// Another unit is built of what the script printed once.
const fn printed(how: How, plain: Wrong) -> Case {
    Case {
        command: &["check", "-p", "pre"],
        rebuilds: &["pre run", "pre lib"],
        says: &["pre"],
        known: Known::ByTheLedger,
        ..Case::new(PRINTED, how, plain)
    }
}

const fn generated(how: How, plain: Wrong) -> Case {
    Case {
        then: edited,
        rebuilds: sets::GEN,
        says: &["gen", "g.rs"],
        known: Known::ByTheLedger,
        ..Case::new(GENERATED, how, plain)
    }
}

/// The library is compiled again; the script has no reason to run.
fn edited(site: &Site<'_>) {
    append(site.root(), "gen/src/lib.rs");
}

zoo! {
    printed_emptied => printed(How::Empty, Wrong::Fails("PRE_VALUE"));
    printed_cut => printed(How::CutAt("cargo:rustc-env=PRE_SCRIPT"), Wrong::Fails("PRE_SCRIPT"));
    printed_zeroed => Case { known: Known::ByItself, ..printed(How::Zeros, Wrong::Fails("PRE_VALUE")) };
    printed_flipped => printed(How::Flip("PRE_VALUE"), Wrong::Fails("PRE_VALUE"));
    generated_emptied => generated(How::Empty, Wrong::Fails("E0425"));
    generated_halved => generated(How::Half, Wrong::Fails("could not compile `gen`"));
    generated_zeroed => generated(How::Zeros, Wrong::Fails("unknown start of token"));
    /// Wrong code is compiled without a word.
    generated_flipped => generated(How::Flip("script() -> u32 { 1"), Wrong::Prints(&[("script", "0")]));
    /// Cargo sees that it is gone, and does not run the script for it (cargo #4468).
    generated_gone => Case {
        then: |_| {},
        known: Known::ByItself,
        ..generated(How::Gone, Wrong::Fails("couldn't read"))
    };
    /// Cargo sees that it is newer, and compiles it.
    generated_altered => Case {
        then: |_| {},
        ..generated(How::Altered("script() -> u32 { 1", "script() -> u32 { 2"), Wrong::Prints(&[("script", "2")]))
    };
}
