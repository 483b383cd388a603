//! What a command will do: build, update, clean, or something that no step belongs to.

use std::collections::HashSet;
use std::ffi::{OsStr, OsString};

use super::{Flags, Offline};

/// What a command means to the build cache.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// It compiles (or may): the `build` steps run ahead of it.
    Build,
    /// `cargo update`: the `update` steps surround it.
    Update,
    /// `cargo clean`: it is held to the workspace's bounds.
    Clean,
    /// Cargo prints its help and does nothing: no policy has a say in that, least of all a broken one.
    Help,
    /// No step belongs to it.
    Other,
}

/// A command with its aliases followed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resolved {
    /// The verb that cargo ends up running: `build` for `b`, for an alias what it stands for.
    pub verb: Option<OsString>,
    /// What follows the verb, what an alias puts there first.
    pub args: Vec<OsString>,
    /// What it will do.
    pub kind: Kind,
    /// The flags, those inside an alias included.
    pub flags: Flags,
    /// For another program behind `cargo <verb>`, whose arguments may mean something else than cargo's flags of the
    /// same name: the flags that are certainly cargo's.
    pub certain_flags: Option<Flags>,
}

/// Cargo's own verbs and what each does; anything else is an alias or another program (`cargo-<verb>`).
const BUILT_IN: &[(&str, Kind)] = &[
    ("add", Kind::Other),
    ("bench", Kind::Build),
    ("build", Kind::Build),
    ("check", Kind::Build),
    ("clean", Kind::Clean),
    ("config", Kind::Other),
    ("doc", Kind::Build),
    ("fetch", Kind::Other),
    ("fix", Kind::Build),
    ("generate-lockfile", Kind::Other),
    ("git-checkout", Kind::Other),
    ("help", Kind::Help),
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
    ("read-manifest", Kind::Other),
    ("remove", Kind::Other),
    ("report", Kind::Other),
    ("run", Kind::Build),
    ("rustc", Kind::Build),
    ("rustdoc", Kind::Build),
    ("search", Kind::Other),
    ("test", Kind::Build),
    ("tree", Kind::Other),
    ("uninstall", Kind::Other),
    ("update", Kind::Update),
    ("vendor", Kind::Other),
    ("verify-project", Kind::Other),
    ("version", Kind::Other),
    ("yank", Kind::Other),
];

/// Cargo's built-in aliases, written out. A user's alias of the same name outranks them (`aliased_command` in cargo's
/// `src/bin/cargo/main.rs`).
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

/// Follows aliases (cargo itself refuses a loop) and says what the command will do.
///
/// `alias` gives what `[alias]` in cargo's config says of a word. Built-in verbs cannot be aliased.
pub(super) fn resolve(
    verb: Option<(&OsStr, &[OsString])>,
    before: &[OsString],
    alias: &dyn Fn(&str) -> Option<Vec<String>>,
) -> Resolved {
    let Some((name, args)) = verb else {
        let flags = Flags::read(before, None);
        return Resolved { verb: None, args: Vec::new(), kind: Kind::Other, flags, certain_flags: None };
    };
    let mut name = name.to_os_string();
    let mut args = args.to_vec();
    let typed_before = before;
    let mut alias_before = None;
    let mut followed = HashSet::new();
    while followed.insert(name.clone()) {
        let Some(word) = name.to_str() else { break };
        if is_built_in(&name) {
            break;
        }
        let Some(expansion) = alias(word) else { break };
        let mut expanded: Vec<OsString> = expansion.into_iter().map(OsString::from).collect();
        let Some(at) = super::flags::verb_position(&expanded, 0) else { break };
        let mut tail = expanded.split_off(at);
        alias_before = Some(expanded);
        name = tail.remove(0);
        tail.append(&mut args);
        args = tail;
    }
    if let Some((_, long)) = SHORT_FORMS.iter().find(|(short, _)| name == *short) {
        name = OsString::from(long);
        alias_before = Some(Vec::new());
    }
    let verb = Some((name.as_os_str(), args.as_slice()));
    let read = |verb| match &alias_before {
        None => Flags::read(typed_before, verb),
        Some(before) => joined(Flags::read(typed_before, None), Flags::read(before, verb)),
    };
    let flags = read(verb);
    let built_in = is_built_in(&name);
    let certain_flags = if built_in { None } else { Some(read(None)) };
    let kind = match kind_of(&name, &flags) {
        _ if flags.help && built_in => Kind::Help,
        // What a program of somebody else's does with `-h` is its own affair.
        _ if flags.help => Kind::Other,
        kind => kind,
    };
    Resolved { verb: Some(name), args, kind, flags, certain_flags }
}

/// What was typed in front of an alias, and what came out of that: cargo reads the two apart and then takes both
/// (`expand_aliases` and `configure_gctx` in its `src/bin/cargo/cli.rs`). What stands in front of the verb in any but
/// the last of several aliases is lost there.
fn joined(typed: Flags, inner: Flags) -> Flags {
    Flags {
        directory: typed.directory,
        config: [typed.config, inner.config].concat(),
        color: inner.color.or(typed.color),
        quiet: typed.quiet || inner.quiet,
        verbose: typed.verbose.saturating_add(inner.verbose),
        offline: if typed.offline == Offline::Yes { Offline::Yes } else { inner.offline },
        help: typed.help || inner.help,
        dry_run: inner.dry_run,
        words: [typed.words, inner.words].concat(),
        ..inner
    }
}

/// Whether the word is one of cargo's own verbs, which nothing can stand for.
pub(super) fn is_built_in(name: &OsStr) -> bool {
    BUILT_IN.iter().any(|(verb, _)| name == *verb)
}

fn kind_of(name: &OsStr, flags: &Flags) -> Kind {
    let Some(word) = name.to_str() else { return Kind::Other };
    match word {
        "update" if flags.dry_run => return Kind::Other,
        // Of what is here, into this workspace's target dir.
        "install" if flags.words.iter().any(|word| word.to_string_lossy().starts_with("--path")) => {
            return Kind::Build;
        }
        _ => {}
    }
    if let Some((_, kind)) = BUILT_IN.iter().find(|(verb, _)| *verb == word) {
        return *kind;
    }
    // A single-file package (`cargo foo.rs`) has a target dir of its own in CARGO_HOME.
    let is_script = word.contains(['/', '\\']) || word.ends_with(".rs");
    if is_script || KNOWN_NOT_TO_BUILD.contains(&word) { Kind::Other } else { Kind::Build }
}
