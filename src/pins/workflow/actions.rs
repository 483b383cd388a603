//! The actions that set up Rust, each with the input that names a toolchain and what it does with it: one table.
//!
//! Where it says so, read in their repositories in 2026. The difference that matters is the last column: most of them end
//! with `rustup default`, which a toolchain file outranks, so that the repository's own pin runs instead of what they were told.

use crate::pins::By;
use crate::pins::yaml::Node;

/// What an action does with the toolchain that it is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Effect {
    /// It chooses it in this way.
    Chooses(By),
    /// `rustup override set`, unless its input `override` says no.
    OverridesByDefault,
    /// `rustup override set` or `rustup default` where its inputs `override` and `default` ask for it.
    AsAsked,
    /// Nobody can tell from here.
    Unknown,
}

/// An action that knows toolchains.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Action {
    /// The repository, and the folder in it.
    pub(super) name: &'static str,
    /// Its inputs that name a toolchain.
    pub(super) inputs: &'static [&'static str],
    /// What it does with that.
    pub(super) effect: Effect,
}

const DEFAULT: Effect = Effect::Chooses(By::Default);
const PLUS: Effect = Effect::Chooses(By::Plus);

const fn action(name: &'static str, inputs: &'static [&'static str], effect: Effect) -> Action {
    Action { name, inputs, effect }
}

const KNOWN: &[Action] = &[
    // `action.yml` there: `rustup toolchain install`, then `rustup default`; nothing else, on every branch.
    action("dtolnay/rust-toolchain", &["toolchain"], DEFAULT),
    // A fork of it that reads the toolchain file where it is told nothing, and ends in `rustup default` too.
    action("IronCoreLabs/rust-toolchain", &["toolchain"], DEFAULT),
    // `src/main.ts` and the README there: an override or a default only where the inputs of these names are true.
    action("actions-rs/toolchain", &["toolchain"], Effect::AsAsked),
    action("ructions/toolchain", &["toolchain"], Effect::AsAsked),
    // `action.yml` there: `rustup override set` with the last of the list; `override` is true unless it is set.
    action("actions-rust-lang/setup-rust-toolchain", &["toolchain"], Effect::OverridesByDefault),
    // `src/rust.ts` there: `rustup default`.
    action("moonrepo/setup-rust", &["channel"], DEFAULT),
    // `src/main.ts` there: `rustup default`.
    action("hecrj/setup-rust-action", &["rust-version"], DEFAULT),
    // `build-and-test/action.yaml` there: `rustup override set`.
    action("artichoke/setup-rust", &["toolchain"], Effect::Chooses(By::Override)),
    // These call cargo (or cross) with `+toolchain`.
    action("houseabsolute/actions-rust-cross", &["toolchain"], PLUS),
    action("actions-rs/cargo", &["toolchain"], PLUS),
    action("actions-rs/clippy-check", &["toolchain"], PLUS),
    action("ructions/cargo", &["toolchain"], PLUS),
    action("ClementTsang/cargo-action", &["toolchain"], PLUS),
    // What these do with it is not in their `action.yml`, or changed from version to version.
    action("actions-rs-plus/clippy-check", &["toolchain"], Effect::Unknown),
    action("ATiltedTree/setup-rust", &["rust-version"], Effect::Unknown),
    action("brndnmtthws/rust-action", &["toolchain"], Effect::Unknown),
    action("brndnmtthws/rust-action-rustup", &["toolchain"], Effect::Unknown),
    action("EmbarkStudios/cargo-deny-action", &["rust-version"], Effect::Unknown),
    action("obi1kenobi/cargo-semver-checks-action", &["rust-toolchain"], Effect::Unknown),
    action("PyO3/maturin-action", &["rust-toolchain"], Effect::Unknown),
    action("messense/maturin-action", &["rust-toolchain"], Effect::Unknown),
];

/// An action of dtolnay's kind: without an input, its ref is the toolchain.
pub(super) fn is_by_ref(repository: &str) -> bool {
    repository.eq_ignore_ascii_case("dtolnay/rust-toolchain")
}

/// The action behind a `uses` without its ref; Forgejo and Gitea may give a whole address.
pub(super) fn known(name: &str) -> Option<&'static Action> {
    let name = repository(name);
    KNOWN.iter().find(|known| {
        // A folder in the repository is another action of the same people with the same inputs.
        let is_inside =
            |rest: &str| rest.is_empty() || (known.name == "artichoke/setup-rust" && rest.starts_with('/'));
        let (head, rest) = name.split_at_checked(known.name.len()).unwrap_or((name, ""));
        head.eq_ignore_ascii_case(known.name) && is_inside(rest)
    })
}

/// `owner/name` of `https://code.example.org/owner/name`.
pub(super) fn repository(name: &str) -> &str {
    match name.strip_prefix("https://").or_else(|| name.strip_prefix("http://")) {
        Some(rest) => rest.split_once('/').map_or(rest, |(_, path)| path),
        None => name,
    }
}

impl Action {
    /// How it chooses what it is told in this `with`.
    pub(super) fn by(&self, with: Option<&Node>) -> Option<By> {
        let says = |input: &str| with.and_then(|with| input_of(with, input)).and_then(Node::str);
        match self.effect {
            Effect::Chooses(by) => Some(by),
            Effect::OverridesByDefault if says("override").is_none_or(|set| set == "true") => {
                Some(By::Override)
            }
            Effect::OverridesByDefault => Some(By::Installed),
            Effect::AsAsked if is_true(says("override")) => Some(By::Override),
            Effect::AsAsked if is_true(says("default")) => Some(By::Default),
            Effect::AsAsked => Some(By::Installed),
            Effect::Unknown => None,
        }
    }
}

fn is_true(value: Option<&str>) -> bool {
    value.is_some_and(|value| value.eq_ignore_ascii_case("true") || value == "1")
}

/// An input in a `with`: letters count the same, large or small.
pub(super) fn input_of<'n>(with: &'n Node, input: &str) -> Option<&'n Node> {
    with.entries()
        .iter()
        .rev()
        .find(|(key, _)| key.value.eq_ignore_ascii_case(input))
        .map(|(_, node)| &**node)
}
