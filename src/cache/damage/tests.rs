//! Each format, whole and damaged, in files made by hand or by the machine's own compiler. What cargo makes of damaged ones
//! is in `tests/it/units/damage.rs`.

use std::fs;
use std::path::Path;

use super::file::{Probe, Problem};
use super::{Damage, ar, dep_info, metadata, object, prints, rustc_info};

type Check = fn(&mut Probe) -> Result<(), Problem>;

/// What the check says of these bytes.
fn said(check: Check, bytes: &[u8]) -> Option<Damage> {
    let temp = tempfile::tempdir().expect("temp dir");
    let path = temp.path().join("file");
    fs::write(&path, bytes).expect("file");
    Probe::judge(&path, check)
}

/// Whole it is fine; cut anywhere from `least` bytes on, it is found to be.
fn only_whole(check: Check, whole: &[u8], least: usize) {
    assert_eq!(said(check, whole), None);
    assert_eq!(said(check, &[]), Some(Damage::Empty));
    for length in least..whole.len() {
        let damage = said(check, &whole[..length]);
        assert!(damage.is_some(), "cut at {length} of {}", whole.len());
    }
    assert_eq!(said(check, &vec![0; whole.len()]), Some(Damage::Garbage), "zeros");
}

fn member(name: &str, content: &[u8]) -> Vec<u8> {
    let mut bytes =
        format!("{name:<16}{:<12}{:<6}{:<6}{:<8}{:<10}`\n", 0, 0, 0, 644, content.len()).into_bytes();
    bytes.extend(content);
    if content.len() % 2 == 1 {
        bytes.push(b'\n');
    }
    bytes
}

#[test]
fn archives_end_with_their_last_member() {
    let archive = [b"!<arch>\n".to_vec(), member("/", b"1234"), member("lib.rmeta/", b"1234567")].concat();
    // The byte that fills up the last member may be missing, and a cut between members cannot be seen.
    assert_eq!(said(ar::check, &archive[..archive.len() - 1]), None);
    let between = 8 + 64;
    for length in (1..archive.len() - 1).filter(|length| ![8, between].contains(length)) {
        assert!(said(ar::check, &archive[..length]).is_some(), "cut at {length}");
    }
    only_whole(ar::check, &archive[..archive.len() - 1], archive.len() - 3);
    let mut wrong = archive.clone();
    wrong[8 + 58] = b'x';
    assert_eq!(said(ar::check, &wrong), Some(Damage::Garbage));
    assert_eq!(said(ar::check, b"!<thin>\nand so on"), None, "of a form that is not judged");
}

#[test]
fn metadata_ends_with_its_mark() {
    let root = 30_u64.to_le_bytes();
    let whole = [&b"rust\0\0\0\x0a"[..], &root, b"\x05rustc", &[7; 20], b"rust-end-file"].concat();
    only_whole(metadata::check, &whole, 1);
    let old = [&b"rust\0\0\0\x08"[..], &[1; 20]].concat();
    assert_eq!(said(metadata::check, &old), None, "an older version, which ends otherwise");
    assert_eq!(said(metadata::check, b"something else"), Some(Damage::Garbage));
}

#[test]
fn cargos_dep_info_is_read_to_its_end() {
    let text =
        |text: &str| [&u32::try_from(text.len()).expect("short").to_le_bytes()[..], text.as_bytes()].concat();
    let whole = [
        &[1, 0, 0, 0, 0xff, 1][..],
        &2_u32.to_le_bytes(),
        &[0],
        &text("src/lib.rs"),
        &[0, 1],
        &text("/out/g.rs"),
        &[1],
        &9_u64.to_le_bytes(),
        &text("blake3=00"),
        &2_u32.to_le_bytes(),
        &text("KEY"),
        &[0],
        &text("OTHER"),
        &[1],
        &text("value"),
    ]
    .concat();
    only_whole(dep_info::check, &whole, 1);
    assert_eq!(said(dep_info::check, &[1, 0, 0, 0, 0xff, 2, 9]), None, "a later version");
    assert_eq!(said(dep_info::check, &[2, 0, 0, 0, 0]), None, "an older one");
    assert_eq!(said(dep_info::check, &[0; 8]), None, "an older one, of nothing");
}

/// This test's own program is one that cargo built.
#[test]
fn programs_hold_all_that_their_headers_name() {
    let program = std::env::current_exe().expect("program");
    assert_eq!(Probe::judge(&program, object::check), None);
    let whole = fs::read(&program).expect("program");
    for part in [4, 40, 60, whole.len() / 2, whole.len() - 1] {
        // Nothing is aligned behind the last table, so even one byte is missed.
        assert_eq!(said(object::check, &whole[..part]), Some(Damage::Cut), "{part} of {}", whole.len());
    }
    assert_eq!(said(object::check, b"#!/bin/sh\n"), None, "of a form that is not judged");
    assert_eq!(said(object::check, &[0; 64]), Some(Damage::Garbage));
}

#[test]
fn headers_of_other_platforms_are_read_too() {
    let mut elf = vec![0; 52 + 40];
    elf[..6].copy_from_slice(b"\x7fELF\x01\x02");
    elf[32..36].copy_from_slice(&52_u32.to_be_bytes());
    elf[46..50].copy_from_slice(&[0, 40, 0, 1]);
    elf[52 + 4..52 + 8].copy_from_slice(&1_u32.to_be_bytes());
    elf[52 + 16..52 + 24].copy_from_slice(&[0, 0, 0, 52, 0, 0, 0, 40]);
    let mut mach = vec![0; 32 + 72 + 8];
    mach[..4].copy_from_slice(b"\xcf\xfa\xed\xfe");
    mach[16..24].copy_from_slice(&[1, 0, 0, 0, 72, 0, 0, 0]);
    mach[32..40].copy_from_slice(&[0x19, 0, 0, 0, 72, 0, 0, 0]);
    mach[72] = 104;
    mach[80] = 8;
    let mut pe = vec![0; 64 + 24 + 40 + 8];
    pe[..2].copy_from_slice(b"MZ");
    pe[60] = 64;
    pe[64..72].copy_from_slice(b"PE\0\0\x64\x86\x01\0");
    pe[88 + 16] = 8;
    pe[88 + 20] = 128;
    let wasm = b"\0asm\x01\0\0\0\x01\x02ab\x00\x83\x00xyz".to_vec();
    for (name, whole, header) in [("elf", elf, 52), ("mach-o", mach, 32), ("pe", pe, 128), ("wasm", wasm, 13)]
    {
        assert_eq!(said(object::check, &whole), None, "{name}");
        for length in header..whole.len() {
            assert_eq!(said(object::check, &whole[..length]), Some(Damage::Cut), "{name} cut at {length}");
        }
    }
}

#[test]
fn what_cargo_remembers_of_the_compiler_is_an_answer() {
    let temp = tempfile::tempdir().expect("temp dir");
    let path = temp.path().join("info");
    let answer = |stdout: &str| {
        format!(
            r#"{{"rustc_fingerprint":1,"outputs":{{"2":{{"success":true,"status":"","code":0,"stdout":"{stdout}","stderr":""}}}},"successes":{{}}}}"#
        )
    };
    for (text, expect) in [
        (answer("rustc 1.95.0"), None),
        (answer(""), Some(Damage::Garbage)),
        (answer("x")[..50].to_owned(), Some(Damage::Garbage)),
        (String::new(), Some(Damage::Empty)),
        ("{\"of the future\":1}".to_owned(), None),
    ] {
        fs::write(&path, &text).expect("file");
        assert_eq!(rustc_info::check(&path), expect, "{text}");
    }
    assert_eq!(rustc_info::check(Path::new("/none")), None);
}

#[test]
fn a_fingerprint_is_damaged_only_where_no_build_is_under_way() {
    let temp = tempfile::tempdir().expect("temp dir");
    for (hash, json, expect) in [
        (Some("0123456789abcdef"), "{}", "finished"),
        (Some(""), "{}", "unfinished"),
        (None, "{}", "unfinished"),
        (Some("0123"), "{}", "lib-a Cut"),
        (Some("\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"), "{}", "lib-a Garbage"),
        (Some("0123456789abcdef"), "{\"rustc\":1", "lib-a.json Cut"),
        (Some("0123456789abcdef"), "", "lib-a.json Empty"),
        (Some("0123456789abcdef"), "\0\0", "lib-a.json Garbage"),
    ] {
        let dir = temp.path().join("prints");
        fs::create_dir_all(&dir).expect("dir");
        fs::write(dir.join("lib-a.json"), json).expect("file");
        if let Some(hash) = hash {
            fs::write(dir.join("lib-a"), hash).expect("file");
        }
        let state = match prints::check(temp.path(), Path::new("prints")) {
            prints::State::Finished => "finished".to_owned(),
            prints::State::Unfinished => "unfinished".to_owned(),
            prints::State::Damaged(file, damage) => {
                format!("{} {damage:?}", file.strip_prefix("prints").expect("there").display())
            }
        };
        assert_eq!(state, expect, "{hash:?} {json:?}");
        fs::remove_dir_all(&dir).expect("dir");
    }
}
