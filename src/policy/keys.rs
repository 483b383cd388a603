//! The schema of `doctor.toml`, once: hints, "allowed" texts, the JSON schema and the reference come from here.

use super::fields::{DENIED, EXTRA_PIN, IGNORED, REQUIRED, VERSIONS};
use super::shape::{Effect, Key, Kind, Section, Tighter};
use super::words::{
    Enforce, Freshness, FullClean, Install, OnFailure, Restore, Ruling, Scope, StepName, Suspects, Word,
};

/// Every section, in the order in which the documentation lists them.
pub(super) static SECTIONS: &[Section] = &[
    Section {
        name: "policy",
        about: "The policy itself: who may use it, and what it builds on.",
        keys: &[&XCARGO, &ENFORCE, &EXTENDS],
    },
    Section {
        name: "toolchain",
        about: "Which toolchain builds this workspace, and who may use another.",
        keys: &[&CHANNEL, &OVERRIDE, &INSTALL, &UPDATE],
    },
    Section {
        name: "pins",
        about: "Other places that name a toolchain (CI workflows, Dockerfiles and the like).",
        keys: &[&IGNORE, &EXTRA],
    },
    Section {
        name: "steps",
        about: "What is done, in this order, and when.",
        keys: &[&ON_BUILD, &ON_UPDATE, &ON_TOOLCHAIN_CHANGE],
    },
    Section {
        name: "clean",
        about: "What may be removed. Only ever build artifacts, only ever inside the bounds.",
        keys: &[&SCOPE, &KEEP_TOOLCHAINS, &ALLOW_OUTSIDE, &FULL, &MAX_SIZE, &BACKGROUND],
    },
    Section {
        name: "cache",
        about: "How the build cache is judged.",
        keys: &[&FRESHNESS, &RESTORE, &SUSPECTS],
    },
    Section {
        name: "diagnose",
        about: "What is done when a build fails.",
        keys: &[&ON_FAILURE, &RETRY, &CLEANS_PER_WEEK],
    },
    Section {
        name: "commands",
        about: "Commands that are refused, and arguments that are asked for.",
        keys: &[&DENY, &REQUIRE],
    },
];

/// The section with this name.
pub(super) fn section(name: &str) -> Option<&'static Section> {
    SECTIONS.iter().find(|section| section.name == name)
}

pub(super) static XCARGO: Key = Key {
    section: "policy",
    name: "xcargo",
    kind: Kind::Versions(VERSIONS),
    default: None,
    tighter: Tighter::Together,
    effect: Effect::Now,
    about: "The versions of xcargo that may use this policy, judged before anything else. \
            Without a table it is `required`.",
};

pub(super) static ENFORCE: Key = Key {
    section: "policy",
    name: "enforce",
    kind: Kind::Words(Enforce::WORDS),
    default: Some("\"deny\""),
    tighter: Tighter::Later,
    effect: Effect::Now,
    about: "What a violation does: stop the command, or only say so.",
};

pub(super) static EXTENDS: Key = Key {
    section: "policy",
    name: "extends",
    kind: Kind::List(&Kind::PolicyPath),
    default: Some("[]"),
    tighter: Tighter::Own,
    effect: Effect::Now,
    about: "Shared policies that this one builds on, relative to this file; \
            later ones come after earlier ones.",
};

pub(super) static CHANNEL: Key = Key {
    section: "toolchain",
    name: "channel",
    kind: Kind::Channel,
    default: None,
    tighter: Tighter::Same,
    effect: Effect::Now,
    about: "The pinned toolchain. Without it the toolchain file is the pin; with both, they must agree.",
};

pub(super) static OVERRIDE: Key = Key {
    section: "toolchain",
    name: "override",
    kind: Kind::Words(Ruling::WORDS),
    default: Some("\"allow\""),
    tighter: Tighter::Later,
    effect: Effect::Now,
    about: "What `cargo +other`, `RUSTUP_TOOLCHAIN` and `rustup override` do.",
};

pub(super) static INSTALL: Key = Key {
    section: "toolchain",
    name: "install",
    kind: Kind::Words(Install::WORDS),
    default: Some("\"auto\""),
    tighter: Tighter::Later,
    effect: Effect::Now,
    about: "What is done when the pinned toolchain is missing; `ask` refuses where there is no terminal.",
};

pub(super) static UPDATE: Key = Key {
    section: "toolchain",
    name: "update",
    kind: Kind::MaxAge,
    default: Some("\"never\""),
    tighter: Tighter::Shorter,
    effect: Effect::Now,
    about: "How old a moving channel (`stable`, `nightly`, `1.78`) may get before \
            `rustup update` runs ahead of a build.",
};

pub(super) static IGNORE: Key = Key {
    section: "pins",
    name: "ignore",
    kind: Kind::List(&Kind::Table(IGNORED)),
    default: Some("[]"),
    tighter: Tighter::FewerEntries,
    effect: Effect::Now,
    about: "Files that may name another toolchain.",
};

pub(super) static EXTRA: Key = Key {
    section: "pins",
    name: "extra",
    kind: Kind::List(&Kind::Table(EXTRA_PIN)),
    default: Some("[]"),
    tighter: Tighter::MoreEntries,
    effect: Effect::Now,
    about: "Files that name a toolchain in a way of their own.",
};

pub(super) static ON_BUILD: Key = Key {
    section: "steps",
    name: "build",
    kind: Kind::Steps(StepName::WITHOUT_LOCK),
    default: Some("[\"ensure-toolchain\", \"verify-cache\"]"),
    tighter: Tighter::MoreSteps,
    effect: Effect::Now,
    about: "Before each command that builds.",
};

pub(super) static ON_UPDATE: Key = Key {
    section: "steps",
    name: "update",
    kind: Kind::Steps(StepName::ON_UPDATE),
    default: Some("[\"cargo-update\", \"scoped-clean\"]"),
    tighter: Tighter::MoreSteps,
    effect: Effect::Now,
    about: "On `xcargo update`, and (without `cargo-update`) when the lock file moved since the last build.",
};

pub(super) static ON_TOOLCHAIN_CHANGE: Key = Key {
    section: "steps",
    name: "toolchain-change",
    kind: Kind::Steps(StepName::ON_CHANGE),
    default: Some("[\"rustup-update\", \"sync-pins\", \"scoped-clean\"]"),
    tighter: Tighter::MoreSteps,
    effect: Effect::Now,
    about: "When the pinned toolchain moved since the last build, or `xcargo toolchain` moves it.",
};

pub(super) static SCOPE: Key = Key {
    section: "clean",
    name: "scope",
    kind: Kind::Words(Scope::WORDS),
    default: Some("\"stale\""),
    tighter: Tighter::Later,
    effect: Effect::Now,
    about: "What `scoped-clean` removes: what can never be used again, the members' own units \
            as well, or everything.",
};

pub(super) static KEEP_TOOLCHAINS: Key = Key {
    section: "clean",
    name: "keep-toolchains",
    kind: Kind::Count,
    default: Some("0"),
    tighter: Tighter::Smaller,
    effect: Effect::Now,
    about: "How many toolchains beside the pinned one keep what they built.",
};

pub(super) static ALLOW_OUTSIDE: Key = Key {
    section: "clean",
    name: "allow-outside",
    kind: Kind::List(&Kind::Directory),
    default: Some("[]"),
    tighter: Tighter::FewerEntries,
    effect: Effect::Now,
    about: "Target directories beyond the workspace that may be cleaned.",
};

pub(super) static FULL: Key = Key {
    section: "clean",
    name: "full",
    kind: Kind::Words(FullClean::WORDS),
    default: Some("\"allow\""),
    tighter: Tighter::Later,
    effect: Effect::Now,
    about: "What a bare `xcargo clean` does; `ask` refuses where there is no terminal, unless `--yes` is given.",
};

pub(super) static MAX_SIZE: Key = Key {
    section: "clean",
    name: "max-size",
    kind: Kind::Bytes,
    default: None,
    tighter: Tighter::Smaller,
    effect: Effect::Now,
    about: "Ahead of a build, at most once a day for the same one, the least recently used units are removed until \
            the build dir is no larger. What the last day's builds could use stays.",
};

pub(super) static BACKGROUND: Key = Key {
    section: "clean",
    name: "background",
    kind: Kind::Boolean,
    default: Some("true"),
    tighter: Tighter::Free,
    effect: Effect::Now,
    about: "Whether what was removed is deleted by a process of low priority that outlives the command.",
};

pub(super) static FRESHNESS: Key = Key {
    section: "cache",
    name: "freshness",
    kind: Kind::Words(Freshness::WORDS),
    default: Some("\"content\""),
    tighter: Tighter::Later,
    effect: Effect::Now,
    about: "What counts as proof that sources are unchanged: their content, or \
            (as for cargo) their modification times.",
};

pub(super) static RESTORE: Key = Key {
    section: "cache",
    name: "restore",
    kind: Kind::Words(Restore::WORDS),
    default: Some("\"units\""),
    tighter: Tighter::Later,
    effect: Effect::Now,
    about: "What is done for unchanged sources with new modification times.",
};

pub(super) static SUSPECTS: Key = Key {
    section: "cache",
    name: "suspects",
    kind: Kind::Words(Suspects::WORDS),
    default: Some("\"rebuild\""),
    tighter: Tighter::Later,
    effect: Effect::Now,
    about: "What is done with a unit of which nobody can tell whether it was built from what is there now: \
            a source was changed after the build, its modification time is older, and there is no record of its content.",
};

pub(super) static ON_FAILURE: Key = Key {
    section: "diagnose",
    name: "on-failure",
    kind: Kind::Words(OnFailure::WORDS),
    default: Some("\"scan\""),
    tighter: Tighter::Later,
    effect: Effect::Now,
    about: "What is done when a build fails: nothing, or look for damage in the cache. `verdict` does as `scan` for now.",
};

pub(super) static RETRY: Key = Key {
    section: "diagnose",
    name: "retry",
    kind: Kind::Boolean,
    default: Some("false"),
    tighter: Tighter::Free,
    effect: Effect::Now,
    about: "Whether a build that failed is started once more by itself where the cache was damaged and is repaired.",
};

pub(super) static CLEANS_PER_WEEK: Key = Key {
    section: "diagnose",
    name: "cleans-per-week",
    kind: Kind::Count,
    default: Some("1"),
    tighter: Tighter::Smaller,
    effect: Effect::NotYet,
    about: "More cleans than this in a week ask for the root cause.",
};

pub(super) static DENY: Key = Key {
    section: "commands",
    name: "deny",
    kind: Kind::List(&Kind::Table(DENIED)),
    default: Some("[]"),
    tighter: Tighter::MoreEntries,
    effect: Effect::Now,
    about: "Cargo commands that are refused.",
};

pub(super) static REQUIRE: Key = Key {
    section: "commands",
    name: "require",
    kind: Kind::List(&Kind::Table(REQUIRED)),
    default: Some("[]"),
    tighter: Tighter::MoreEntries,
    effect: Effect::Now,
    about: "Arguments that a cargo command must be given.",
};
