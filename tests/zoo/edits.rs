//! New content under the old time, for each kind of file: cargo calls what was built from it fresh.

use fs_err as fs;

use crate::case::{Case, Plain};
use crate::faults::{edit_unseen, stamp, time};
use crate::sets::{self, program};
use crate::site::Site;
use crate::template::PROGRAM;

type Values = &'static [(&'static str, &'static str)];
type Words = &'static [&'static str];

/// A file has another value under its old time, and plain cargo's programs print the old one.
fn unseen(fault: fn(&Site<'_>), prints: Values, rebuilds: Words, says: Words) -> Case {
    Case { fault, plain: Plain::Prints(&[]), prints, rebuilds, says, ..Case::default() }
}

/// The same where only the program is built.
fn below(fault: fn(&Site<'_>), prints: Values, rebuilds: Words, says: Words) -> Case {
    Case { command: PROGRAM, ..unseen(fault, prints, rebuilds, says) }
}

zoo! {
    library => unseen(|site| edit_unseen(site, "leaf/src/lib.rs"), &[("lib", "2")], sets::LEAF, &["leaf", "src/lib.rs"]);
    module => below(|site| edit_unseen(site, "leaf/src/module.rs"), &[("module", "2")], program::LEAF, &["leaf", "src/module.rs"]);
    included_code => below(|site| edit_unseen(site, "leaf/src/included.rs"), &[("included", "2")], program::LEAF, &["leaf", "src/included.rs"]);
    included_text => below(|site| edit_unseen(site, "leaf/src/text.txt"), &[("text", "2")], program::LEAF, &["leaf", "src/text.txt"]);
    proc_macro => below(|site| edit_unseen(site, "mac/src/lib.rs"), &[("mac", "2")], program::MAC, &["mac", "src/lib.rs"]);
    dev_dependency => unseen(|site| edit_unseen(site, "dev/src/lib.rs"), &[("dev", "2")], sets::DEV, &["dev", "src/lib.rs"]);
    library_with_tests => unseen(|site| edit_unseen(site, "app/src/lib.rs"), &[("app", "2")], sets::APP, &["app", "src/lib.rs"]);
    main => unseen(|site| edit_unseen(site, "app/src/main.rs"), &[("main", "2")], sets::BIN, &["app", "src/main.rs"]);
    integration_test => unseen(|site| edit_unseen(site, "app/tests/it.rs"), &[("it", "2")], sets::IT, &["app", "tests/it.rs"]);
    example => unseen(|site| edit_unseen(site, "app/examples/ex.rs"), &[("ex", "2")], sets::EX, &["app", "examples/ex.rs"]);
    /// A script that names itself by `rerun-if-changed`.
    build_script => below(|site| edit_unseen(site, "gen/build.rs"), &[("script", "2")], program::GEN_SCRIPT, &["gen", "build.rs"]);
    /// A script that names nothing.
    silent_build_script => below(|site| edit_unseen(site, "pre/build.rs"), &[("prescript", "2")], program::PRE_SCRIPT, &["pre", "build.rs"]);
    input_of_a_script => below(|site| edit_unseen(site, "gen/input.txt"), &[("input", "2")], program::GEN, &["gen", "input.txt"]);
    input_of_a_silent_script => below(|site| edit_unseen(site, "pre/value.txt"), &[("pre", "2")], program::PRE, &["pre", "value.txt"]);
    file_in_a_directory_for_a_script => below(|site| edit_unseen(site, "gen/inputs/a.txt"), &[("dir", "2")], program::GEN, &["gen", "inputs"]);
    /// The directory gets its old time back, as by an archive or `cp -a`.
    file_put_into_a_directory_for_a_script => below(
        |site| {
            let dir = site.root().join("gen/inputs");
            let old = time(&dir);
            fs::write(dir.join("b.txt"), "2").unwrap();
            stamp(site, "gen/inputs/b.txt", old);
            stamp(site, "gen/inputs", old);
        },
        &[("dir", "12")],
        program::GEN,
        &["gen", "inputs"],
    );
    file_removed_from_a_directory_for_a_script => Case {
        setup: |site| fs::write(site.root().join("gen/inputs/b.txt"), "2").unwrap(),
        before: &[PROGRAM],
        plain: Plain::Prints(&[("dir", "12")]),
        ..below(
            |site| {
                let old = time(&site.root().join("gen/inputs"));
                fs::remove_file(site.root().join("gen/inputs/b.txt")).unwrap();
                stamp(site, "gen/inputs", old);
            },
            &[],
            program::GEN,
            &["gen", "inputs"],
        )
    };
}
