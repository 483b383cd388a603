//! Specs mean what cargo takes them for, and what cannot be told of a unit is a doubt, not a yes.

use std::path::PathBuf;

use super::{Belongs, Chosen, Known, Local, Spec, choose};
use crate::cache::{Cache, NoSource, Source, Unit};
use crate::workspace::lock_file;

const LOCK: &[u8] = br#"
[[package]]
name = "app"
version = "0.1.0"

[[package]]
name = "itoa"
version = "0.4.8"
source = "registry+https://github.com/rust-lang/crates.io-index"

[[package]]
name = "itoa"
version = "1.0.9"
source = "registry+https://github.com/rust-lang/crates.io-index"

[[package]]
name = "twin"
version = "1.0.0"
source = "registry+https://github.com/rust-lang/crates.io-index"

[[package]]
name = "twin"
version = "1.0.0"
source = "registry+https://example.invalid/index"

[[package]]
name = "g"
version = "2.0.0-pre.1"
source = "git+https://example.invalid/g.git?branch=main#0123456789abcdef"
"#;

fn known() -> Known {
    let local = Local { name: "app".to_owned(), dir: PathBuf::from("/w/a b/app"), is_member: true };
    Known { locked: lock_file::locked(LOCK).expect("reads").into_iter().collect(), local: vec![local] }
}

fn unit(package: &str, source: Source) -> Unit {
    Unit {
        package: package.to_owned(),
        id: String::new(),
        fingerprints: vec![],
        source,
        built: None,
        entries: vec![],
    }
}

fn chosen(spec: &str) -> Chosen {
    let spec = Spec::parse(spec).unwrap_or_else(|error| panic!("{error}"));
    choose(vec![spec], false, known(), &Cache::default()).unwrap_or_else(|error| panic!("{error:?}"))
}

/// What a user would lose: units of a version or source that they did not name.
#[test]
fn units_are_held_against_all_that_a_spec_says() {
    let registry = |version: &str| Source::Registry { version: version.to_owned() };
    let git = |rev: &str| Source::Git { rev: rev.to_owned() };
    let nobody_knows = || Source::Unknown(NoSource::NoEvidence);
    use Belongs::{Doubtful, No, Yes};
    for (spec, package, source, expect) in [
        ("itoa", "itoa", registry("1.0.9"), Yes),
        ("itoa", "itoa", nobody_knows(), Yes),
        ("itoa", "itoap", registry("1.0.9"), No),
        ("itoa@1.0.9", "itoa", registry("1.0.9"), Yes),
        ("itoa:1.0.9", "itoa", registry("1.0.9"), Yes),
        ("itoa@1", "itoa", registry("1.0.9"), Yes),
        ("itoa@1", "itoa", registry("1.0.1"), Yes),
        ("itoa@1.0", "itoa", registry("1.0.9"), Yes),
        ("itoa@1.0", "itoa", registry("0.4.8"), No),
        ("itoa@1.0.9", "itoa", registry("0.4.8"), No),
        ("itoa@1.0.9", "itoa", nobody_knows(), Doubtful),
        ("https://github.com/rust-lang/crates.io-index#itoa", "itoa", registry("1.0.9"), Yes),
        ("registry+https://GitHub.com/rust-lang/crates.io-index#itoa@0.4.8", "itoa", registry("0.4.8"), Yes),
        ("https://github.com/rust-lang/crates.io-index#itoa", "itoa", registry("0.3.0"), Doubtful),
        ("https://github.com/rust-lang/crates.io-index#twin@1.0.0", "twin", registry("1.0.0"), Doubtful),
        ("twin@1.0.0", "twin", registry("1.0.0"), Yes),
        ("https://example.invalid/g.git", "g", git("0123456"), Yes),
        ("https://example.invalid/g", "g", git("0123456"), Doubtful),
        ("git+https://example.invalid/g.git?branch=main#g@2.0.0-pre.1", "g", git("0123456"), Yes),
        ("https://example.invalid/g.git#2.0.0-pre.1", "g", git("0123456"), Yes),
        ("https://example.invalid/g.git", "g", git("89abcde"), Doubtful),
        ("app@0.1", "app", Source::Path, Yes),
        ("app@0.1", "app", nobody_knows(), Yes),
        ("path+file:///w/a%20b/app#0.1.0", "app", Source::Path, Yes),
        ("file:///w/a%20b/app", "app", Source::Path, Yes),
        ("file:///w/a%20b/app", "app", registry("0.1.0"), Doubtful),
    ] {
        if spec == "https://example.invalid/g" {
            // Nothing lies there: refused before any unit is looked at.
            let spec = Spec::parse(spec).expect("a spec");
            assert!(choose(vec![spec], false, known(), &Cache::default()).is_err());
            continue;
        }
        assert_eq!(
            chosen(spec).judge(&unit(package, source.clone())).0,
            expect,
            "{spec}, {package} {source:?}"
        );
    }
}

#[test]
fn what_is_no_spec_is_refused() {
    for text in ["", "a@", "a@x", "a@1.", "a@1.2.3.4", "a b", "a/b", "https://", "https://host", "a@*", "@1"]
    {
        assert!(Spec::parse(text).is_err(), "{text:?}");
    }
}

#[test]
fn a_spec_that_means_nothing_is_an_error_with_the_nearest_name() {
    for (spec, nearest) in [
        ("itao", Some("itoa")),
        ("nothing-like-it", None),
        ("itoa@2", Some("itoa")),
        ("g@2.0.0", Some("g")),
        ("file:///elsewhere/app", Some("app")),
    ] {
        let parsed = Spec::parse(spec).expect("a spec");
        let error = choose(vec![parsed], false, known(), &Cache::default()).expect_err(spec);
        assert_eq!((error.spec.as_str(), error.nearest.as_deref()), (spec, nearest));
    }
}

/// `--workspace` names the members, not what else has their name.
#[test]
fn members_are_path_packages() {
    let all = choose(vec![], true, known(), &Cache::default()).expect("members");
    assert_eq!(all.judge(&unit("app", Source::Path)).0, Belongs::Yes);
    assert_ne!(all.judge(&unit("app", Source::Registry { version: "0.1.0".to_owned() })).0, Belongs::Yes);
    assert_eq!(all.judge(&unit("itoa", Source::Registry { version: "1.0.9".to_owned() })).0, Belongs::No);
}
