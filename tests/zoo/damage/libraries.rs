//! Libraries and proc macros: read by whoever is built above them, after an edit there.

use super::case::{Case, Known, Wrong, lib_edited, main_edited};
use super::find::File;
use super::harm::How;
use super::sets;

const LEAF: File = File::Library("leaf", "rlib");
const MAC: File = File::Library("mac", "so");
const NO_RLIB: Wrong = Wrong::Fails("required to be available in rlib format");
const NO_LINK: Wrong = Wrong::Fails("linking with");
const INVALID: Wrong = Wrong::Fails("E0786");

/// The program is linked again, of a harmed library.
const fn linked(how: How, plain: Wrong) -> Case {
    Case { then: main_edited, rebuilds: sets::LEAF, says: &["leaf", ".rlib"], ..Case::new(LEAF, how, plain) }
}

/// The application is compiled again, with a harmed proc macro.
const fn expanded(how: How, plain: Wrong) -> Case {
    Case { then: lib_edited, rebuilds: sets::MAC, says: &["mac", ".so"], ..Case::new(MAC, how, plain) }
}

zoo! {
    rlib_emptied => linked(How::Empty, NO_RLIB);
    rlib_halved => linked(How::Half, NO_RLIB);
    /// The metadata is whole, the code is not.
    rlib_cut => linked(How::By(|content| content[..content.len() - 200].to_vec()), NO_LINK);
    rlib_zeroed => linked(How::Zeros, NO_RLIB);
    rlib_zeroed_at_the_end => linked(How::ZerosAtTheEnd, NO_RLIB);
    rlib_of_another_crate => Case {
        known: Known::ByTheLedger,
        ..linked(How::Other(File::Library("dev", "rlib")), NO_RLIB)
    };
    /// The program is linked without a word, and shows something wrong.
    rlib_flipped => Case {
        rebuilds: sets::APP,
        says: &["app", ".rlib"],
        known: Known::ByTheLedger,
        then: main_edited,
        ..Case::new(File::Library("app", "rlib"), How::Flip("app=1"), Wrong::Prints(&[("app", "0")]))
    };
    proc_macro_emptied => expanded(How::Empty, INVALID);
    proc_macro_halved => expanded(How::Half, INVALID);
    proc_macro_zeroed => expanded(How::Zeros, INVALID);
    proc_macro_flipped => Case {
        known: Known::ByTheLedger,
        ..expanded(How::Flip("rustc_proc_macro_decls"), Wrong::Fails("E0463"))
    };
}
