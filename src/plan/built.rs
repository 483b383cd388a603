//! Which profile dirs a command builds in, as far as its flags tell. Where they do not, it could be any.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

/// Verbs whose flags are known to the last, with the profile that they build in by themselves.
const VERBS: &[(&str, &str)] = &[
    ("bench", "release"),
    ("build", "debug"),
    ("check", "debug"),
    ("clippy", "debug"),
    ("doc", "debug"),
    ("fix", "debug"),
    ("run", "debug"),
    ("rustc", "debug"),
    ("rustdoc", "debug"),
    ("test", "debug"),
];

/// What cargo's config says of `build.target`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ConfiguredTarget {
    /// Nothing.
    None,
    /// This one.
    One(String),
    /// Several, or something that is not understood.
    Other,
}

/// The profile dirs, relative to the build dir: the host's, where build scripts and macros are built in any case, and those
/// of the triples. None: it could be any.
///
/// `words` are the arguments behind the verb up to `--`.
#[must_use]
pub fn profile_dirs(verb: Option<&OsStr>, words: &[OsString], configured: &ConfiguredTarget) -> Vec<PathBuf> {
    find(verb, words, configured).unwrap_or_default()
}

fn find(verb: Option<&OsStr>, words: &[OsString], configured: &ConfiguredTarget) -> Option<Vec<PathBuf>> {
    let verb = verb?.to_str()?;
    let mut profile = VERBS.iter().find(|(known, _)| *known == verb)?.1.to_owned();
    let mut triples: Vec<String> = Vec::new();
    let mut rest = words.iter();
    while let Some(word) = rest.next() {
        // A word that is not UTF-8 may be the value of any flag.
        let word = word.to_str()?;
        let (name, value) = word.split_once('=').map_or((word, None), |(name, value)| (name, Some(value)));
        let mut value = || value.map(str::to_owned).or_else(|| Some(rest.next()?.to_str()?.to_owned()));
        match name {
            "--release" | "-r" => "release".clone_into(&mut profile),
            "--profile" => profile = directory_of(&value()?).to_owned(),
            "--target" => triples.push(value()?),
            // Short flags run together, and `--config build.target=…`.
            "--config" | "--target-dir" => return None,
            _ if name.starts_with('-') && !name.starts_with("--") && name[1..].contains('r') => return None,
            _ => {}
        }
    }
    if triples.is_empty() {
        match configured {
            ConfiguredTarget::None => {}
            ConfiguredTarget::One(triple) => triples.push(triple.clone()),
            ConfiguredTarget::Other => return None,
        }
    }
    let mut dirs = vec![PathBuf::from(&profile)];
    for triple in triples {
        dirs.push(Path::new(&directory_of_triple(&triple)?).join(&profile));
    }
    Some(dirs)
}

/// Where cargo keeps what a profile builds (`Profiles::get_dir_name`).
#[must_use]
pub fn directory_of(profile: &str) -> &str {
    match profile {
        "dev" | "test" => "debug",
        "bench" => "release",
        other => other,
    }
}

/// Where cargo keeps what is built for a `--target`: a specification's file name without its ending, else the triple
/// (`CompileTarget::new`). `None`: `host-tuple` and whatever else is resolved by somebody else.
#[must_use]
pub fn directory_of_triple(target: &str) -> Option<String> {
    if target.is_empty() || target == "host-tuple" {
        return None;
    }
    if target.ends_with(".json") {
        return Some(Path::new(target).file_stem()?.to_str()?.to_owned());
    }
    (!target.contains(['/', '\\'])).then(|| target.to_owned())
}

#[cfg(test)]
mod tests {
    use std::ffi::{OsStr, OsString};

    use super::{ConfiguredTarget, profile_dirs};

    /// What a user would lose: the units of a build whose record names another profile.
    #[test]
    fn flags_tell_where_a_command_builds() {
        let none = ConfiguredTarget::None;
        let one = ConfiguredTarget::One("arm".to_owned());
        for (verb, words, configured, expect) in [
            ("build", "", &none, &["debug"][..]),
            ("test", "--lib", &none, &["debug"]),
            ("bench", "", &none, &["release"]),
            ("build", "--release", &none, &["release"]),
            ("build", "-r", &none, &["release"]),
            ("build", "--profile dev", &none, &["debug"]),
            ("build", "--profile=fast -p x", &none, &["fast"]),
            ("bench", "--profile bench", &none, &["release"]),
            ("build", "--target arm", &none, &["debug", "arm/debug"]),
            ("build", "--target=arm --target wasm -r", &one, &["release", "arm/release", "wasm/release"]),
            ("check", "", &one, &["debug", "arm/debug"]),
            ("check", "--target specs/my.json", &none, &["debug", "my/debug"]),
            // Not known: any.
            ("build", "-vr", &none, &[]),
            ("build", "--target host-tuple", &none, &[]),
            ("build", "--config x", &none, &[]),
            ("build", "", &ConfiguredTarget::Other, &[]),
            ("package", "", &none, &[]),
            ("nextest", "--release", &none, &[]),
            ("build", "--profile", &none, &[]),
        ] {
            let words: Vec<OsString> = words.split_whitespace().map(OsString::from).collect();
            let found = profile_dirs(Some(OsStr::new(verb)), &words, configured);
            let expect: Vec<std::path::PathBuf> = expect.iter().map(Into::into).collect();
            assert_eq!(found, expect, "{verb} {words:?}");
        }
        assert!(profile_dirs(None, &[], &none).is_empty());
    }
}
