//! Metadata: read by the compilation of each dependant, which begins as soon as it is there.

use super::case::{Case, Known, Wrong, lib_edited};
use super::find::File;
use super::harm::How;
use super::sets;

const LEAF: File = File::Library("leaf", "rmeta");
const INVALID: Wrong = Wrong::Fails("E0786");

const fn read(how: How, plain: Wrong) -> Case {
    Case { then: lib_edited, rebuilds: sets::LEAF, says: &["leaf", ".rmeta"], ..Case::new(LEAF, how, plain) }
}

zoo! {
    emptied => read(How::Empty, Wrong::Fails("E0463"));
    halved => read(How::Half, INVALID);
    zeroed => read(How::Zeros, INVALID);
    zeroed_at_the_end => read(How::ZerosAtTheEnd, INVALID);
    /// A function that definitely exists is not there.
    flipped => Case { known: Known::ByTheLedger, ..read(How::Flip("included"), Wrong::Fails("E0425")) };
    of_another_crate => Case {
        known: Known::ByTheLedger,
        ..read(How::Other(File::Library("dev", "rmeta")), Wrong::Fails("E0425"))
    };
}
