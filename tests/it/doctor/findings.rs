//! Each fault is found under its code, repaired by `--fix`, and not found again.

use filetime::FileTime;
use fs_err as fs;
use serde_json::Value;

use super::{FINDINGS, Layout, Site, json, unseen};

/// A fault, and what must come of it.
struct Fault {
    name: &'static str,
    make: fn(&Site),
    code: &'static str,
    severity: &'static str,
    /// Part of what is said.
    says: &'static str,
    /// What the program prints once it is repaired and built by plain cargo.
    prints: &'static str,
}

/// Played one after the other in the same workspace, so that each also proves that the one before has left nothing.
const FAULTS: &[Fault] = &[
    Fault {
        name: "another content under the old time",
        make: |site| unseen(&site.at("low/src/m.rs"), |text| replaced(text, "one", "two")),
        code: "ghost-source",
        severity: "error",
        says: "low/src/m.rs is not what it was built from",
        prints: "41 two",
    },
    Fault {
        name: "written anew behind cargo's back, and no record",
        make: |site| {
            fs::remove_dir_all(site.at("target/.xcargo")).unwrap();
            unseen(&site.at("low/src/m.rs"), |text| replaced(text, "two", "ten"));
        },
        code: "suspect-source",
        severity: "warning",
        says: "low/src/m.rs may be another than it was built from",
        prints: "41 ten",
    },
    Fault {
        name: "a library that was cut, and is known",
        make: |site| unseen(&site.rlib(), |bytes| bytes[..bytes.len() / 2].to_vec()),
        code: "damaged-artifact",
        severity: "error",
        says: ".rlib is not what was built",
        prints: "41 ten",
    },
    Fault {
        name: "a library that was cut, and no record",
        make: |site| {
            fs::remove_dir_all(site.at("target/.xcargo")).unwrap();
            unseen(&site.rlib(), |bytes| bytes[..bytes.len() / 2].to_vec());
        },
        code: "damaged-artifact",
        severity: "error",
        says: ".rlib ends before its own header says",
        prints: "41 ten",
    },
    Fault {
        name: "a library with one other byte",
        make: |site| {
            unseen(&site.rlib(), |mut bytes| {
                let at = bytes.len() / 2;
                bytes[at] ^= 1;
                bytes
            });
        },
        code: "damaged-artifact",
        severity: "error",
        says: ".rlib is not what was built",
        prints: "41 ten",
    },
    Fault {
        name: "a library that was cut, and sources with new times",
        make: |site| {
            unseen(&site.rlib(), |bytes| bytes[..bytes.len() / 2].to_vec());
            filetime::set_file_mtime(site.at("low/src/lib.rs"), FileTime::now()).unwrap();
        },
        code: "damaged-artifact",
        severity: "error",
        says: ".rlib is not what was built",
        prints: "41 ten",
    },
    Fault {
        name: "empty answers of the compiler",
        make: |site| {
            unseen(&site.at("target/.rustc_info.json"), |text| {
                let mut info: Value = serde_json::from_slice(&text).unwrap();
                let outputs = info["outputs"].as_object_mut().unwrap();
                outputs.values_mut().for_each(|output| output["stdout"] = "".into());
                info.to_string().into_bytes()
            });
        },
        code: "damaged-compiler-record",
        severity: "error",
        says: "it holds an answer that no compiler gives",
        prints: "41 ten",
    },
    Fault {
        name: "a generated file that is gone",
        make: |site| fs::remove_file(site.file(|path| path.ends_with("out/n.rs"))).unwrap(),
        code: "damaged-artifact",
        severity: "error",
        says: "out/n.rs is not there any more",
        prints: "41 ten",
    },
    Fault {
        name: "an empty object file of a session",
        make: |site| {
            unseen(&site.file(|path| path.contains("incremental/low-") && path.ends_with(".o")), |_| {
                Vec::new()
            });
        },
        code: "damaged-session",
        severity: "error",
        says: ".o is empty",
        prints: "41 ten",
    },
];

fn replaced(text: Vec<u8>, from: &str, to: &str) -> Vec<u8> {
    let text = String::from_utf8(text).unwrap();
    assert!(text.contains(from), "{from} in {text}");
    text.replace(from, to).into_bytes()
}

#[test]
fn every_fault_is_found_repaired_and_gone_in_layout_one() {
    play(Layout::One);
}

#[test]
fn every_fault_is_found_repaired_and_gone_in_layout_two() {
    play(Layout::Two);
}

fn play(layout: Layout) {
    let site = Site::new(layout);
    site.is_healthy("built by plain cargo");
    for fault in FAULTS {
        let name = fault.name;
        (fault.make)(&site);
        let (sources, built) = (fs::read(site.at("low/src/m.rs")).unwrap(), site.built());
        let run = site.doctor(&["--json"]).run().code(FINDINGS);
        let report = json(&run);
        let found = |finding: &&Value| finding["code"] == fault.code;
        let findings = report["findings"].as_array().unwrap();
        let finding = findings.iter().find(found).unwrap_or_else(|| panic!("{name}: {}", run.show()));
        assert_eq!(finding["severity"], fault.severity, "{name}: {finding}");
        assert!(finding["what"].as_str().unwrap().contains(fault.says), "{name}: {finding}");
        assert!(!finding["evidence"].as_array().unwrap().is_empty(), "{name}: {finding}");
        assert!(finding["fix"].is_string() && finding["fixed"] == false, "{name}: {finding}");
        let is_other = |it: &&Value| it["code"] != fault.code && it["severity"] != "info";
        assert!(findings.iter().find(is_other).is_none(), "{name}: something else is wrong: {}", run.show());
        assert_eq!(built, site.built(), "{name}: something was changed without --fix");
        // Still found: nothing that was written down hides it.
        site.doctor(&["--json"]).run().code(FINDINGS);

        let fixed = site.doctor(&["--fix"]).run().ok();
        assert!(fixed.out().contains(&format!("[{}]: ", fault.code)), "{name}: {}", fixed.show());
        assert!(fixed.out().contains("= fixed: "), "{name}: {}", fixed.show());
        assert_ne!(built, site.built(), "{name}: nothing was repaired: {}", fixed.show());
        site.prints(fault.prints);
        assert_eq!(sources, fs::read(site.at("low/src/m.rs")).unwrap(), "{name}: a source was changed");
        site.is_healthy(name);
    }
}

/// A file that was only touched is no fault: what is built is right.
#[test]
fn new_times_of_the_same_content_are_said_and_are_no_fault() {
    let site = Site::new(Layout::One);
    site.is_healthy("built by plain cargo");
    filetime::set_file_mtime(site.at("low/src/m.rs"), FileTime::now()).unwrap();
    let run = site.doctor(&["--json"]).run().ok();
    let report = json(&run);
    assert_eq!((&report["infos"], &report["errors"], &report["warnings"]), (&1.into(), &0.into(), &0.into()));
    assert_eq!(report["findings"][0]["code"], "stale-times", "{}", run.show());
    let fixed = json(&site.doctor(&["--fix", "--json"]).run().ok());
    assert_eq!((&fixed["fixed"], &fixed["findings"][0]["fixed"]), (&1.into(), &true.into()));
    let build = site.cargo(&["build"]).run().ok();
    assert!(!build.err().contains("Compiling"), "{}", build.show());
    site.is_healthy("touched and repaired");
}

/// A source from the future is nothing that a doctor may change: it stays found until somebody touches it.
#[test]
fn a_source_from_the_future_is_not_repaired() {
    let site = Site::new(Layout::One);
    site.is_healthy("built by plain cargo");
    let later = FileTime::from_unix_time(FileTime::now().unix_seconds() + 864_000, 0);
    filetime::set_file_mtime(site.at("low/src/m.rs"), later).unwrap();
    for args in [&["--json"][..], &["--json", "--fix"]] {
        let run = site.doctor(args).run().code(FINDINGS);
        let report = json(&run);
        let is_it =
            |it: &Value| it["code"] == "future-time" && it["about"] == "low/src/m.rs" && it["fixed"] == false;
        assert!(report["findings"].as_array().unwrap().iter().any(is_it), "{}", run.show());
    }
    assert_eq!(FileTime::from_last_modification_time(&site.at("low/src/m.rs").metadata().unwrap()), later);
}

/// Cargo removes a program before it builds it. If the build then fails by an error in the code, nothing is damaged.
#[test]
fn an_error_in_the_code_damages_nothing() {
    for layout in [Layout::One, Layout::Two] {
        let site = Site::new(layout);
        site.is_healthy("built by plain cargo");
        let right = fs::read(site.at("src/main.rs")).unwrap();
        fs::write(site.at("src/main.rs"), "fn main() { nope }\n").unwrap();
        site.cargo(&["build"]).run().code(101);
        site.is_healthy("the build failed");
        fs::write(site.at("src/main.rs"), right).unwrap();
        site.prints("41 one");
        site.is_healthy("built again");
    }
}

/// With `--quick` nothing is read whose `stat` is the recorded one; what is changed behind the time shows by its ctime.
#[test]
fn a_quick_look_reads_what_changed() {
    let site = Site::new(Layout::One);
    site.is_healthy("built by plain cargo");
    let quick = json(&site.doctor(&["--quick", "--json"]).run().ok());
    assert_eq!(quick["depth"], "stat");
    unseen(&site.rlib(), |bytes| bytes[..bytes.len() / 2].to_vec());
    let run = site.doctor(&["--quick"]).run().code(FINDINGS);
    assert!(run.out().starts_with("error[damaged-artifact]: low (debug): "), "{}", run.show());
    assert!(
        run.out().contains("= help: with `--fix`: ") && run.out().contains("1 error; "),
        "{}",
        run.show()
    );
}
