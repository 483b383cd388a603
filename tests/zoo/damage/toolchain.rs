//! What is kept of the compiler, and what another compiler left.

use serde_json::Value;

use super::case::{Case, Known, Wrong, lib_edited};
use super::find::File;
use super::harm::How;
use super::sets;
use crate::sets::NONE;

/// Well-formed, with empty answers: cargo believes them, and builds nothing any more (cargo #9500).
fn without_answers(content: Vec<u8>) -> Vec<u8> {
    let mut info: Value = serde_json::from_slice(&content).unwrap();
    for output in info["outputs"].as_object_mut().unwrap().values_mut() {
        output["stdout"] = "".into();
    }
    info.to_string().into_bytes()
}

/// Well-formed, with another letter in an answer: no form tells it from a true one.
fn with_another_letter(content: Vec<u8>) -> Vec<u8> {
    let text = String::from_utf8(content).unwrap();
    assert!(text.contains("target_pointer_width="));
    text.replacen("target_pointer_width=", "target_pointer_widt%=", 1).into_bytes()
}

/// What the library was built by is not the compiler that reads it: a compiler was exchanged under its name, with its time
/// and size, and cargo did not see it (cargo #14761).
const fn other_compiler(extension: &'static str, says: &'static [&'static str]) -> Case {
    Case {
        then: lib_edited,
        rebuilds: sets::LEAF,
        says,
        ..Case::new(File::Library("leaf", extension), How::Flip("rustc 1."), Wrong::Fails("E0514"))
    }
}

zoo! {
    rustc_info_without_answers => Case {
        rebuilds: NONE,
        says: &["rustc"],
        ..Case::new(File::RustcInfo, How::By(without_answers), Wrong::Fails("host:"))
    };
    rustc_info_with_another_letter => Case {
        rebuilds: NONE,
        known: Known::ByTheLedger,
        says: &[],
        ..Case::new(File::RustcInfo, How::By(with_another_letter), Wrong::Fails("cfg expression"))
    };
    metadata_of_another_compiler => other_compiler("rmeta", &["leaf", ".rmeta"]);
}
