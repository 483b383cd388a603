//! What a command will do: build, update, clean, or something that no step belongs to.

use std::ffi::{OsStr, OsString};

use super::Flags;

/// What a command means to the build cache.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// It compiles (or may): the `build` steps run ahead of it.
    Build,
    /// `cargo update`: the `update` steps surround it.
    Update,
    /// `cargo clean`: it is held to the workspace's bounds.
    Clean,
    /// No step belongs to it.
    Other,
}

/// A command with its aliases followed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resolved {
    /// The verb that cargo ends up running: `build` for `b`, for an alias what it stands for.
    pub verb: Option<OsString>,
    /// What it will do.
    pub kind: Kind,
    /// The flags, those inside an alias included.
    pub flags: Flags,
}

/// Cargo's own verbs and what each does; anything else is an alias or another program (`cargo-<verb>`).
const BUILT_IN: &[(&str, Kind)] = &[
    ("add", Kind::Other),
    ("b", Kind::Build),
    ("bench", Kind::Build),
    ("build", Kind::Build),
    ("c", Kind::Build),
    ("check", Kind::Build),
    ("clean", Kind::Clean),
    ("config", Kind::Other),
    ("d", Kind::Build),
    ("doc", Kind::Build),
    ("fetch", Kind::Other),
    ("fix", Kind::Build),
    ("generate-lockfile", Kind::Other),
    ("git-checkout", Kind::Other),
    ("help", Kind::Other),
    ("info", Kind::Other),
    ("init", Kind::Other),
    ("install", Kind::Other),
    ("locate-project", Kind::Other),
    ("login", Kind::Other),
    ("logout", Kind::Other),
    ("metadata", Kind::Other),
    ("new", Kind::Other),
    ("owner", Kind::Other),
    ("package", Kind::Build),
    ("pkgid", Kind::Other),
    ("publish", Kind::Build),
    ("r", Kind::Build),
    ("read-manifest", Kind::Other),
    ("remove", Kind::Other),
    ("report", Kind::Other),
    ("rm", Kind::Other),
    ("run", Kind::Build),
    ("rustc", Kind::Build),
    ("rustdoc", Kind::Build),
    ("search", Kind::Other),
    ("t", Kind::Build),
    ("test", Kind::Build),
    ("tree", Kind::Other),
    ("uninstall", Kind::Other),
    ("update", Kind::Update),
    ("vendor", Kind::Other),
    ("verify-project", Kind::Other),
    ("version", Kind::Other),
    ("yank", Kind::Other),
];

/// Cargo's built-in aliases, written out.
const SHORT_FORMS: &[(&str, &str)] =
    &[("b", "build"), ("c", "check"), ("d", "doc"), ("r", "run"), ("rm", "remove"), ("t", "test")];

/// Well-known programs behind `cargo <verb>` that never compile the workspace.
const KNOWN_NOT_TO_BUILD: &[&str] = &[
    "about",
    "audit",
    "binstall",
    "cache",
    "deny",
    "edit",
    "fmt",
    "generate",
    "machete",
    "outdated",
    "set-version",
    "sort",
    "sweep",
    "upgrade",
    "vet",
];

/// Follows aliases (at most 16 deep; cargo itself refuses a loop) and says what the command will do.
///
/// `alias` gives what `[alias]` in cargo's config says of a word. Built-in verbs cannot be aliased.
pub(super) fn resolve(
    verb: Option<(&OsStr, &[OsString])>,
    before: &[OsString],
    alias: &dyn Fn(&str) -> Option<Vec<String>>,
) -> Resolved {
    let Some((name, args)) = verb else {
        return Resolved { verb: None, kind: Kind::Other, flags: Flags::read(before, None) };
    };
    let mut name = name.to_os_string();
    let mut args = args.to_vec();
    let mut before = before.to_vec();
    for _ in 0..16 {
        let Some(word) = name.to_str() else { break };
        if BUILT_IN.iter().any(|(verb, _)| *verb == word) {
            break;
        }
        let Some(expansion) = alias(word) else { break };
        let mut expanded: Vec<OsString> = expansion.into_iter().map(OsString::from).collect();
        let Some(at) = super::flags::verb_position(&expanded, 0) else { break };
        let mut tail = expanded.split_off(at);
        before.append(&mut expanded);
        name = tail.remove(0);
        tail.append(&mut args);
        args = tail;
    }
    let long = SHORT_FORMS.iter().find(|(short, _)| name == *short).map(|(_, long)| OsString::from(long));
    let name = long.unwrap_or(name);
    let flags = Flags::read(&before, Some((&name, &args)));
    let kind = if flags.help { Kind::Other } else { kind_of(&name) };
    Resolved { verb: Some(name), kind, flags }
}

fn kind_of(name: &OsStr) -> Kind {
    let Some(word) = name.to_str() else { return Kind::Other };
    if let Some((_, kind)) = BUILT_IN.iter().find(|(verb, _)| *verb == word) {
        return *kind;
    }
    // A single-file package (`cargo foo.rs`) has a target dir of its own in CARGO_HOME.
    let is_script = word.contains(['/', '\\']) || word.ends_with(".rs");
    if is_script || KNOWN_NOT_TO_BUILD.contains(&word) { Kind::Other } else { Kind::Build }
}
