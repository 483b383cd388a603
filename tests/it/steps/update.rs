//! `xcargo update`: cargo's own update with the arguments that were typed, then what left the lock file goes.

use super::{compiled, files, project, said, sandbox, xcargo};

#[test]
fn update_moves_the_lock_file_and_takes_the_old_units_along() {
    let sandbox = sandbox();
    let project = project(&sandbox, "[policy]\n");
    let manifest = project.root().join("Cargo.toml");
    xcargo(&sandbox, &project, &["build"]).run().ok();
    let text = fs_err::read_to_string(&manifest).unwrap();
    fs_err::write(&manifest, text.replace("=1.0.18", "1")).unwrap();
    // The requirement is wider now, the lock file is what it was.
    xcargo(&sandbox, &project, &["build"]).run().ok();
    let before = files(&project);

    let shown = xcargo(&sandbox, &project, &["--dry-run", "update", "itoa"]).run().ok();
    assert!(shown.err().contains("cargo update itoa"), "{}", shown.show());
    assert_eq!(files(&project), before);

    let run = xcargo(&sandbox, &project, &["update", "itoa"]).run().ok();
    assert!(run.err().contains("itoa v1.0.18 -> v1.0.19"), "{}", run.show());
    assert!(said(&run, "Cleaning")[0].ends_with("of itoa 1.0.18: no longer in Cargo.lock"), "{}", run.show());
    let build = xcargo(&sandbox, &project, &["build"]).run().ok();
    assert!(said(&build, "Cleaning").is_empty(), "it was done already: {}", build.show());
    assert!(compiled(&build).contains("itoa"), "{}", build.show());
}

#[test]
fn an_update_that_fails_ends_as_cargo_ends_and_cleans_nothing() {
    let sandbox = sandbox();
    let project = project(&sandbox, "[policy]\n");
    xcargo(&sandbox, &project, &["build"]).run().ok();
    let before = files(&project);
    let plain = sandbox.cargo().args(["update", "nosuch"]).dir(project.root()).run();
    let ours = xcargo(&sandbox, &project, &["update", "nosuch"]).run();
    assert_eq!(ours.status.code(), plain.status.code());
    assert_eq!(ours.err(), plain.err());
    assert_eq!(files(&project), before);
}
