//! What makes a compiler the same as yesterday.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, SystemTime};

use tempfile::TempDir;

use super::{Stamped, identify, system_rustc};
use crate::env::Env;
use crate::toolchain::ToolchainError;

/// The cargo that runs these tests: of a toolchain, not a proxy.
const CARGO: &str = env!("CARGO");

fn rustc() -> PathBuf {
    Path::new(CARGO).with_file_name(format!("rustc{}", std::env::consts::EXE_SUFFIX))
}

fn program(path: PathBuf, text: &str) -> PathBuf {
    fs::create_dir_all(path.parent().expect("a parent")).expect("directories");
    fs::write(&path, text).expect("a file");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("executable");
    }
    path
}

/// A toolchain's files as far as `stat` goes; the driver lies in `lib`, and on Windows beside the compiler.
fn toolchain(root: &Path, lib: &str) -> (PathBuf, PathBuf) {
    let rustc = program(root.join("bin/rustc"), "rustc");
    let driver = if cfg!(windows) {
        "bin/rustc_driver-0a.dll".to_owned()
    } else {
        format!("{lib}/librustc_driver-0a.so")
    };
    let driver = program(root.join(driver), "driver");
    (rustc, driver)
}

fn set_times(path: &Path, accessed: SystemTime, modified: SystemTime) {
    let times = fs::FileTimes::new().set_accessed(accessed).set_modified(modified);
    fs::File::options().write(true).open(path).and_then(|file| file.set_times(times)).expect("times are set");
}

#[test]
fn a_driver_replaced_beside_an_unchanged_rustc_is_noticed() {
    for lib in ["lib", "lib64", "lib/x86_64-linux-gnu"] {
        let dir = TempDir::new().expect("a directory");
        let (rustc, driver) = toolchain(dir.path(), lib);
        let old = fs::metadata(&driver).and_then(|meta| meta.modified()).expect("a time");
        let before = Stamped::read(&rustc).expect("it is there");
        assert_eq!(Stamped::read(&rustc).expect("it is there"), before);

        fs::write(&driver, "another driver").expect("written");
        set_times(&driver, old, old);
        assert_ne!(Stamped::read(&rustc).expect("it is there"), before, "{lib}: another size");
        fs::write(&driver, "driver").expect("written");
        set_times(&driver, old, old + Duration::from_nanos(100));
        assert_ne!(Stamped::read(&rustc).expect("it is there"), before, "{lib}: another time");
        fs::remove_file(&driver).expect("removed");
        assert_ne!(Stamped::read(&rustc).expect("it is there"), before, "{lib}: gone");
    }
}

/// Distribution packages clamp their files' times, so the replacement may have the old size and the old time.
#[cfg(unix)]
#[test]
fn a_driver_replaced_under_the_same_size_and_time_is_noticed() {
    let dir = TempDir::new().expect("a directory");
    let (rustc, driver) = toolchain(dir.path(), "lib");
    let old = fs::metadata(&driver).and_then(|meta| meta.modified()).expect("a time");
    let before = Stamped::read(&rustc).expect("it is there");
    let new = driver.with_extension("new");
    fs::write(&new, "revird").expect("written");
    set_times(&new, old, old);
    fs::rename(&new, &driver).expect("replaced, as a package manager does");
    assert_ne!(Stamped::read(&rustc).expect("it is there"), before);
}

#[test]
fn reading_and_backups_do_not_make_it_another_compiler() {
    let dir = TempDir::new().expect("a directory");
    let (rustc, driver) = toolchain(dir.path(), "lib");
    let before = Stamped::read(&rustc).expect("it is there");
    for file in [&rustc, &driver] {
        let modified = fs::metadata(file).and_then(|meta| meta.modified()).expect("a time");
        // Sets the change time too.
        set_times(file, modified + Duration::from_secs(1000), modified);
        fs::read(file).expect("read");
    }
    program(dir.path().join("lib/libLLVM.so"), "beside it");
    assert_eq!(Stamped::read(&rustc).expect("it is there"), before);
}

#[cfg(unix)]
#[test]
fn a_link_is_what_it_leads_to() {
    use std::os::unix::fs::symlink;
    let dir = TempDir::new().expect("a directory");
    let (one, two) = (dir.path().join("one"), dir.path().join("two"));
    let direct = Stamped::read(&toolchain(&one, "lib").0).expect("it is there");
    toolchain(&two, "lib");
    let link = dir.path().join("linked");
    symlink(&one, &link).expect("a link");
    assert_eq!(Stamped::read(&link.join("bin/rustc")).expect("it is there"), direct);
    fs::remove_file(&link).expect("removed");
    symlink(&two, &link).expect("a link");
    assert_ne!(Stamped::read(&link.join("bin/rustc")).expect("it is there"), direct, "linked elsewhere");
}

#[cfg(target_os = "linux")]
#[test]
fn a_path_that_is_not_utf8_survives_the_stamp_file() {
    use std::os::unix::ffi::OsStringExt;
    let dir = TempDir::new().expect("a directory");
    let read = |byte| {
        let odd = dir.path().join(OsString::from_vec(vec![b'c', byte]));
        Stamped::read(&toolchain(&odd, "lib").0).expect("it is there")
    };
    let stamp = read(0xe9);
    let json = serde_json::to_string(&stamp).expect("JSON");
    assert_eq!(serde_json::from_str::<Stamped>(&json).expect("the same"), stamp);
    assert_ne!(stamp.files[0].path, read(0xe8).files[0].path);
}

#[test]
fn this_compiler_is_known_by_what_its_cargo_writes() {
    let dir = TempDir::new().expect("a directory");
    fs::create_dir_all(dir.path().join("src")).expect("a directory");
    fs::write(dir.path().join("src/lib.rs"), "").expect("a source");
    fs::write(dir.path().join("Cargo.toml"), "[package]\nname = \"tiny\"\nedition = \"2021\"\n[workspace]\n")
        .expect("a manifest");
    let status = Command::new(CARGO)
        .args(["check", "-q", "--offline", "--target-dir", "target"])
        .env("CARGO_INCREMENTAL", "1")
        .env("CARGO_HOME", dir.path().join("home"))
        .env_remove("CARGO_BUILD_BUILD_DIR")
        .env("RUSTC", rustc())
        .current_dir(dir.path())
        .status()
        .expect("cargo starts");
    assert!(status.success());

    let identity = identify(&rustc(), "this", &Env::of([("A", "b")], dir.path())).expect("a compiler");
    let find = |ending: &str| -> Vec<PathBuf> {
        let mut dirs = vec![dir.path().join("target")];
        let mut found = Vec::new();
        while let Some(next) = dirs.pop() {
            for entry in fs::read_dir(next).expect("a directory").map(|entry| entry.expect("an entry").path())
            {
                if entry.is_dir() {
                    dirs.push(entry);
                } else if entry.to_string_lossy().ends_with(ending) {
                    found.push(entry);
                }
            }
        }
        found
    };
    let [fingerprint] = find("lib-tiny.json").try_into().expect("one fingerprint");
    let fingerprint: serde_json::Value =
        serde_json::from_slice(&fs::read(fingerprint).expect("read")).expect("JSON");
    assert_eq!(fingerprint["rustc"].as_u64(), Some(identity.fingerprint_hashes()[0]));

    let [graph] = find("dep-graph.bin").try_into().expect("one session");
    let graph = fs::read(graph).expect("read");
    let version = identity.incremental_version().expect("a version");
    // `RSIC`, a version of the format in two bytes, the length in one, then the compiler's version.
    assert_eq!(&graph[7..7 + usize::from(graph[6])], version.as_bytes());
    assert_eq!(identity.stat, Stamped::read(&rustc()).expect("it is there"));
    assert!(identity.stat.files.len() >= 2, "no driver library found: {:?}", identity.stat);
}

#[cfg(unix)]
#[test]
fn what_is_no_compiler_is_refused_with_its_own_words() {
    let dir = TempDir::new().expect("a directory");
    let env = Env::of([("A", "b")], dir.path());
    let rustc = dir.path().join("rustc");
    assert!(matches!(identify(&rustc, "gone", &env), Err(ToolchainError::Rustc { .. })));
    let says = "release: 1.95.0\nhost: x";
    for (text, expect) in [
        (format!("echo '{says}'"), None),
        ("echo 'host: x'".to_owned(), Some("did not say what it is")),
        (format!("echo '{says}'; echo 'no libLLVM' >&2; exit 127"), Some("no libLLVM")),
    ] {
        program(rustc.clone(), &format!("#!/bin/sh\n{text}\n"));
        // A child that another test starts at this moment may hold the file open for writing until it execs.
        let answer = loop {
            match identify(&rustc, "fake", &env) {
                Err(ToolchainError::Rustc { source, .. })
                    if source.kind() == std::io::ErrorKind::ExecutableFileBusy => {}
                other => break other,
            }
        };
        match (answer, expect) {
            (Ok(identity), None) => assert_eq!(identity.release(), Some("1.95.0")),
            (Err(error), Some(words)) => assert!(error.to_string().contains(words), "{error}"),
            other => panic!("{text}: {other:?}"),
        }
    }
}

#[test]
fn without_rustup_the_compiler_is_the_one_that_cargo_starts() {
    let dir = TempDir::new().expect("a directory");
    let root = fs::canonicalize(dir.path()).expect("a real path");
    let exe = std::env::consts::EXE_SUFFIX;
    let at = |path: &str| root.join(format!("{path}{exe}"));
    for path in ["bin/rustc", "bin/other", "tools/rustc", "rustup/toolchains/t/bin/rustc"] {
        program(at(path), "a compiler");
    }
    // Without the right to run it is passed over, as by `execvp`.
    fs::create_dir_all(root.join("first")).expect("a directory");
    #[cfg(unix)]
    fs::write(root.join("first/rustc"), "a text").expect("a file");
    let path = std::env::join_paths([root.join("first"), root.join("bin")]).expect("a list");
    let find = |vars: &[(&str, &str)], config: Option<&Path>| {
        let own = [("PATH", path.clone()), ("RUSTUP_HOME", root.join("rustup").into_os_string())];
        let more = vars.iter().map(|(key, value)| (*key, OsString::from(value)));
        system_rustc(&root.join("elsewhere/cargo"), config, &Env::of(own.into_iter().chain(more), &root))
    };
    assert_eq!(find(&[], None), Some(at("bin/rustc")));
    assert_eq!(find(&[("RUSTC", "other")], None), Some(at("bin/other")));
    assert_eq!(find(&[("RUSTC", "tools/rustc")], None), Some(root.join("tools/rustc")));
    assert_eq!(find(&[("RUSTC", "nowhere")], Some(&at("tools/rustc"))), None, "RUSTC wins, even a wrong one");
    assert_eq!(find(&[], Some(&at("tools/rustc"))), Some(at("tools/rustc")));
    assert_eq!(find(&[], Some(Path::new("other"))), Some(at("bin/other")));
    assert_eq!(find(&[("PATH", "")], None), None);

    let under_rustup = [("RUSTUP_TOOLCHAIN", "t")];
    assert_eq!(find(&under_rustup, None), Some(at("bin/rustc")), "no rustup in PATH");
    program(at("bin/rustup"), "a compiler");
    assert_eq!(
        find(&under_rustup, None),
        Some(at("rustup/toolchains/t/bin/rustc")),
        "rustc is as long as rustup"
    );
    assert_eq!(find(&[("RUSTUP_TOOLCHAIN", "gone")], None), Some(at("bin/rustc")));
    assert_eq!(find(&[("RUSTUP_TOOLCHAIN", "/opt/t")], None), Some(at("bin/rustc")));
    program(at("bin/rustup"), "a real rustup");
    assert_eq!(find(&under_rustup, None), Some(at("bin/rustc")), "they differ");
}
