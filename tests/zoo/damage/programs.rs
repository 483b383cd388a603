//! What is executed: programs, examples, tests and build scripts.

use super::case::{Case, Known, RUN_BIN, RUN_EXAMPLE, RUN_TEST, Wrong};
use super::find::File;
use super::harm::How;
use super::sets;
use crate::faults::edit;
use crate::sets::{BIN, EX, IT};

const fn program(how: How, plain: Wrong) -> Case {
    Case { command: RUN_BIN, rebuilds: BIN, says: &["app"], ..Case::new(File::Program, how, plain) }
}

const fn example(how: How, plain: Wrong) -> Case {
    Case { command: RUN_EXAMPLE, rebuilds: EX, says: &["app"], ..Case::new(File::Example, how, plain) }
}

const fn test(how: How, plain: Wrong) -> Case {
    Case { command: RUN_TEST, rebuilds: IT, says: &["app"], ..Case::new(File::Test, how, plain) }
}

/// The script is run again, because of an edit of what it reads.
const fn script(how: How, plain: Wrong) -> Case {
    Case {
        then: |site| edit(site, "gen/input.txt"),
        prints: &[("input", "2")],
        rebuilds: sets::GEN_SCRIPT,
        says: &["gen", "build-script-build"],
        ..Case::new(File::BuildScript("gen"), how, plain)
    }
}

zoo! {
    /// A shell script without a line, for the system: it succeeds.
    program_emptied => program(How::Empty, Wrong::Nothing);
    program_halved => program(How::Half, Wrong::Fails(""));
    program_zeroed => program(How::Zeros, Wrong::Nothing);
    program_flipped => Case {
        known: Known::ByTheLedger,
        ..program(How::Flip("main=1"), Wrong::Prints(&[("main", "0")]))
    };
    program_of_another_target => Case {
        known: Known::ByTheLedger,
        ..program(How::Other(File::Example), Wrong::Says(" ex=1"))
    };
    example_emptied => example(How::Empty, Wrong::Nothing);
    example_halved => example(How::Half, Wrong::Fails(""));
    example_flipped => Case {
        known: Known::ByTheLedger,
        ..example(How::Flip("ex=1"), Wrong::Prints(&[("ex", "0")]))
    };
    test_emptied => test(How::Empty, Wrong::Fails("Exec format error"));
    test_halved => test(How::Half, Wrong::Fails("test failed"));
    test_zeroed => test(How::Zeros, Wrong::Fails("Exec format error"));
    test_flipped => Case {
        known: Known::ByTheLedger,
        ..test(How::Flip("it=1"), Wrong::Prints(&[("it", "0")]))
    };
    /// It succeeds, so that what its last run generated is taken for what this one did.
    build_script_emptied => script(How::Empty, Wrong::Prints(&[]));
    build_script_zeroed => script(How::Zeros, Wrong::Prints(&[]));
    build_script_halved => script(How::Half, Wrong::Fails("failed to run custom build command"));
    build_script_flipped => Case {
        known: Known::ByTheLedger,
        ..script(How::Flip("fn script"), Wrong::Fails("E0425"))
    };
}
