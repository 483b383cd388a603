//! Links, permissions and names as Unix has them.

use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{PermissionsExt, symlink};

use super::*;

#[test]
fn links_are_never_followed() {
    let link_on_the_way: &[(&str, Entry)] = &[
        ("debug/deps", file("debug/deps/precious")),
        ("debug/deps", dir("debug/deps/sub")),
        ("debug/build", dir("debug/build")),
        ("debug/x", file("debug/x")),
        (".xcargo", dir("debug/tree")),
        (".xcargo/trash", dir("debug/tree")),
    ];
    for (link, entry) in link_on_the_way {
        let fixture = Fixture::new(&["debug/tree/x"]);
        fs::create_dir(fixture.temp.path().join("outside/sub")).expect("dir");
        let link = fixture.build().join(link);
        fs::create_dir_all(link.parent().expect("parent")).expect("dir");
        symlink(fixture.temp.path().join("outside"), &link).expect("link");
        let error = fixture.remove(std::slice::from_ref(entry)).expect_err("a link");
        assert!(matches!(error.cause, Cause::Link), "{entry:?}: {error:?}");
        assert!(link.symlink_metadata().expect("still there").is_symlink());
        assert!(fixture.build().join("debug/tree/x").exists());
        assert_eq!(fs::read_dir(fixture.temp.path().join("outside")).expect("list").count(), 2);
    }
}

#[test]
fn a_trash_that_is_a_link_is_not_emptied() {
    for link in [".xcargo", ".xcargo/trash"] {
        let fixture = Fixture::new(&[]);
        let outside = fixture.temp.path().join("outside");
        fs::create_dir(outside.join("trash")).expect("dir");
        fs::write(outside.join("trash/precious"), "").expect("file");
        let path = fixture.build().join(link);
        fs::create_dir_all(path.parent().expect("parent")).expect("dir");
        symlink(&outside, &path).expect("link");
        let error = fixture.removal().empty_trash(&|_| {}).expect_err("a link");
        assert!(matches!(error.cause, Cause::Link), "{error:?}");
        assert_eq!(error.path, path);
        assert!(outside.join("precious").exists() && outside.join("trash/precious").exists());
    }
}

#[test]
fn links_inside_a_tree_go_and_what_they_point_to_stays() {
    let fixture = Fixture::new(&["debug/build/x/out/g"]);
    let outside = fixture.temp.path().join("outside");
    for (name, to) in [("dir", outside.clone()), ("file", outside.join("precious")), ("none", "none".into())]
    {
        symlink(to, fixture.build().join("debug/build/x/out").join(name)).expect("link");
    }
    let done = fixture.remove(&[dir("debug/build/x")]).expect("remove");
    assert_eq!(done, Size { files: 4, bytes: 4 });
    assert!(outside.join("precious").exists());
}

#[test]
fn a_build_dir_that_is_a_link_is_refused() {
    let fixture = Fixture::new(&[]);
    let link = fixture.temp.path().join("link");
    symlink(fixture.build(), &link).expect("link");
    assert!(matches!(Removal::at(&link), Err(RemovalError { cause: Cause::Link, .. })));
    assert!(matches!(Removal::at(Path::new("/")), Err(RemovalError { cause: Cause::Outside, .. })));
}

#[test]
fn read_only_directories_of_build_scripts_go_too() {
    let fixture = Fixture::new(&["debug/build/x/out/mod/a/file", "debug/build/x/out/closed/file"]);
    let out = fixture.build().join("debug/build/x/out");
    for (name, mode) in [("mod/a/file", 0o444), ("mod/a", 0o555), ("mod", 0o555), ("closed", 0o000)] {
        fs::set_permissions(out.join(name), fs::Permissions::from_mode(mode)).expect("chmod");
    }
    assert_eq!(fixture.remove(&[dir("debug/build/x")]).expect("remove").files, 2);
    assert!(!has_trash(&fixture.build()));
}

#[test]
fn names_that_are_not_utf8_and_files_that_are_neither_go_too() {
    let fixture = Fixture::new(&["debug/build/x/out/g"]);
    let odd = std::ffi::OsStr::from_bytes(b"\xff\xfe\n");
    let path = fixture.build().join("debug/build/x/out").join(odd);
    File::create(&path).expect("file");
    let socket = fixture.build().join("debug/build/x/socket");
    let _listener = std::os::unix::net::UnixListener::bind(socket).expect("socket");
    let tree = Entry::Tree(Path::new("debug/build").join("x"));
    assert_eq!(fixture.remove(&[tree]).expect("remove").files, 3);
    File::create(fixture.build().join("debug").join(odd)).expect("file");
    fixture.remove(&[Entry::File(Path::new("debug").join(odd))]).expect("remove");
    assert!(!fixture.build().join("debug").join(odd).exists());
}
