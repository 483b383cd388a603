//! Tables of what cargo's configuration says; the comparison with cargo itself is in `tests/it/layouts.rs`.

use std::ffi::OsString;
use std::path::Path;

use super::CargoConfig;
use crate::env::Env;
use crate::sourced::Origin;
use crate::workspace::WorkspaceError;

/// A directory with these files, and an environment in `sub` with CARGO_HOME in `home`.
fn load(
    files: &[(&str, &str)],
    arguments: &[&str],
    vars: &[(&str, &str)],
) -> (tempfile::TempDir, Result<CargoConfig, WorkspaceError>) {
    let place = tempfile::tempdir().expect("a temporary directory");
    let root = place.path().canonicalize().expect("its real path");
    std::fs::create_dir_all(root.join("sub")).expect("a directory");
    for (name, text) in files {
        let file = root.join(name);
        std::fs::create_dir_all(file.parent().expect("a parent")).expect("a directory");
        std::fs::write(file, text).expect("a file");
    }
    let home = root.join("home").into_os_string();
    let vars = vars.iter().map(|(name, value)| (OsString::from(name), OsString::from(value)));
    let env = Env::of(vars.chain([(OsString::from("CARGO_HOME"), home)]), root.join("sub"));
    let arguments: Vec<OsString> = arguments.iter().map(OsString::from).collect();
    (place, CargoConfig::load(&arguments, &env))
}

#[test]
fn the_command_line_outranks_the_environment_which_outranks_the_nearest_file() {
    const FILES: &[(&str, &str)] = &[
        ("sub/.cargo/config.toml", "term.color = 'near'"),
        (".cargo/config.toml", "term.color = 'far'\nbuild.rustc = 'far'"),
        ("home/config.toml", "term.color = 'home'\nbuild.rustc = 'home'\nbuild.rustdoc = 'home'"),
    ];
    for (arguments, vars, key, expect, origin) in [
        (&[][..], &[][..], "term.color", "near", "sub/.cargo/config.toml"),
        (&[], &[], "build.rustc", "far", ".cargo/config.toml"),
        (&[], &[], "build.rustdoc", "home", "home/config.toml"),
        (&[], &[("CARGO_TERM_COLOR", "env")], "term.color", "env", "CARGO_TERM_COLOR"),
        (&["term.color='arg'"], &[("CARGO_TERM_COLOR", "env")], "term.color", "arg", "--config"),
        (&["term.color='one'", "term.color='two'"], &[], "term.color", "two", "--config"),
        (&[], &[("CARGO_BUILD_TARGET_DIR", "env")], "build.target-dir", "env", "CARGO_BUILD_TARGET_DIR"),
    ] {
        let (place, config) = load(FILES, arguments, vars);
        let found = config.expect(key).string(key).expect(key);
        let root = place.path().canonicalize().expect("a path");
        let told = match found.origin {
            Origin::CargoConfig(file) => {
                file.strip_prefix(&root).expect("a file of the test").display().to_string()
            }
            Origin::Environment(name) | Origin::CommandLine(name) => name,
            other => panic!("{key}: {other}"),
        };
        assert_eq!(
            (found.value.as_str(), told.as_str()),
            (expect, origin),
            "{key} with {arguments:?} {vars:?}"
        );
    }
}

#[test]
fn aliases_are_words_however_they_are_written() {
    const FILES: &[(&str, &str)] = &[(
        "sub/.cargo/config.toml",
        "[alias]\ntext = ' build   --release '\nlist = ['run', '-p', 'a b']\nnumber = 3\nempty = ''",
    )];
    for (name, vars, expect) in [
        ("text", &[][..], Some(&["build", "--release"][..])),
        ("list", &[], Some(&["run", "-p", "a b"])),
        ("list", &[("CARGO_ALIAS_LIST", "-v -q")], Some(&["run", "-p", "a b", "-v", "-q"])),
        ("text", &[("CARGO_ALIAS_TEXT", "check")], Some(&["check"])),
        ("from-env", &[("CARGO_ALIAS_FROM_ENV", "test --doc")], Some(&["test", "--doc"])),
        ("empty", &[], Some(&[])),
        ("number", &[], None),
        ("unknown", &[], None),
        ("b", &[], None),
    ] {
        // Cargo has followed aliases before it reads `--config`; were it otherwise here, a `clean` could be taken for
        // something harmless.
        let (_place, config) =
            load(FILES, &["alias.text='tree'", "alias.list=['-x']", "alias.b='tree'"], vars);
        let words = config.expect(name).alias(name);
        let expect = expect.map(|words| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>());
        assert_eq!(words, expect, "{name} {vars:?}");
    }
}

#[test]
fn cargo_home_on_the_way_up_is_read_once() {
    let place = tempfile::tempdir().expect("a temporary directory");
    let root = place.path().canonicalize().expect("its real path");
    std::fs::create_dir_all(root.join(".cargo")).expect("a directory");
    std::fs::write(root.join(".cargo/config.toml"), "alias.a = ['run', '-v']").expect("a file");
    let env = Env::of([("CARGO_HOME", root.join(".cargo").as_os_str())], &root);
    // Lists grow with every file: read twice, the alias would say everything twice.
    let alias = CargoConfig::load(&[], &env).expect("a configuration").alias("a");
    assert_eq!(alias, Some(vec!["run".to_owned(), "-v".to_owned()]));
}

#[test]
fn booleans_are_exact_words_in_the_environment() {
    const FILES: &[(&str, &str)] =
        &[("sub/.cargo/config.toml", "term.quiet = true\nterm.verbose = 'yes'\nnet.offline = false")];
    for (key, vars, expect) in [
        ("term.quiet", &[][..], Some(true)),
        ("term.verbose", &[], None),
        ("net.offline", &[("CARGO_NET_OFFLINE", "true")], Some(true)),
        ("net.retry", &[("CARGO_NET_RETRY", "1")], None),
        ("term.unicode", &[("CARGO_TERM_UNICODE", "false")], Some(false)),
    ] {
        let (_place, config) = load(FILES, &[], vars);
        assert_eq!(config.expect(key).boolean(key).map(|found| found.value), expect, "{key} {vars:?}");
    }
}

#[test]
fn programs_are_names_unless_they_are_written_as_paths() {
    let (place, config) = load(
        &[("sub/.cargo/config.toml", "build.rustc = 'my-rustc'\nbuild.rustdoc = 'bin/rustdoc'")],
        &[],
        &[],
    );
    let config = config.expect("a configuration");
    let program = |key| config.program(key).map(|found| found.value);
    let root = place.path().canonicalize().expect("a path");
    assert_eq!(program("build.rustc").as_deref(), Some(Path::new("my-rustc")));
    assert_eq!(program("build.rustdoc"), Some(root.join("sub/bin/rustdoc")));
}

#[test]
fn a_configuration_that_stops_cargo_is_an_error_and_says_where() {
    for (file, argument, expect) in [
        ("not toml", "", "is not valid TOML"),
        ("build.jobs = 1.5", "", "may not be a float"),
        ("a.b = 1979-05-27", "", "may not be a datetime"),
        ("include = 'x.toml'", "", "should be an array"),
        ("include = ['x.toml']", "", "cannot read cargo's configuration"),
        ("include = ['config.toml']", "", "is included by itself"),
        ("include = ['x']", "", "cannot be followed"),
        ("include = [{ optional = true }]", "", "cannot be followed"),
        ("build = 1", "build.jobs=1", "should be an integer"),
        ("", "build = { jobs = 1 }", "neither a file nor `KEY=VALUE`"),
        ("", "[build]\njobs = 1", "neither a file nor `KEY=VALUE`"),
        ("", "a=1\nb=2", "neither a file nor `KEY=VALUE`"),
        ("", "nonsense", "neither a file nor `KEY=VALUE`"),
    ] {
        let arguments = if argument.is_empty() { vec![] } else { vec![argument] };
        let (_place, config) = load(&[("sub/.cargo/config.toml", file)], &arguments, &[]);
        let error = config.expect_err(file);
        assert!(error.cargo_fails_too(), "{file:?} {argument:?}");
        let shown = error.into_failure().diagnostics[0].render(false);
        assert!(shown.contains(expect), "{file:?} {argument:?}: {shown}");
        assert!(shown.contains("help: "), "{file:?} {argument:?}: {shown}");
    }
}
