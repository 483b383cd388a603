//! Which version of which package a unit was built from. Cargo does not write it down plainly, so it is put together.
//!
//! 1. Rustc's `.d` file names the sources (`dep_info.rs`).
//! 2. Units that rustc does not compile (documentation, build script runs) may hold `Precalculated`, which is the version
//!    of a registry package, the commit of a git package, or the newest file's time of a path package (`fn fingerprint`
//!    in cargo's `sources/{registry/mod,directory,git/source,path}.rs`).
//! 3. Fingerprints name their dependencies by a hash of the package id and by the fingerprint hash of the unit. The second
//!    finds the unit, and so the first is known for it and for all other units of that package: what one of them knows,
//!    they all know. A run of a build script has the build script's own unit among its dependencies.
//!
//! Units of one name whose fingerprints have the same hash of the path of the crate's root have the same root, so rustc's
//! `.d` file of one of them speaks for all; and where all units of a package say the same by themselves, no dependant can
//! add anything. Most files need not be read for that.
//!
//! Where two of these disagree, or none applies, the answer is that it is unknown, and nothing is removed for its version.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use super::dep_info::{CargoHome, Said, is_rev, version};
use super::fingerprint::{self, Edge, Mode, Records, Target};
use super::{Unit, parallel};

/// Where the package of a unit came from.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Source {
    /// A registry. Vendored copies are told from path packages only where their documentation or build script says so.
    Registry {
        /// As in the lock file.
        version: String,
    },
    /// A git repository.
    Git {
        /// The commit: shortened as in the checkout's directory, or whole. Compare by prefix.
        rev: String,
    },
    /// The workspace itself, or another directory.
    Path,
    /// It cannot be told.
    Unknown(NoSource),
}

/// Why it cannot be told where a unit came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum NoSource {
    /// Neither the unit nor its dependants say.
    NoEvidence,
    /// What they say does not fit together.
    Contradiction,
}

/// A unit on its way to its source.
#[derive(Debug)]
pub(super) struct Draft {
    pub(super) unit: Unit,
    /// A fingerprint is damaged: neither compiler nor source is known, so nothing is judged by either.
    is_unclear: bool,
    /// What the unit's own files say.
    pub(super) said: Vec<Said>,
    /// Rustc's `.d` files, for [`read_dep_infos`].
    pub(super) dep_infos: Vec<PathBuf>,
    /// Cargo's hash of the path of the crate's root, where there is one and the `.d` files are surely the unit's own.
    pub(super) root: Option<u64>,
    /// The fingerprint directory, and the hash files in it, for [`read_hashes`].
    prints: PathBuf,
    hash_files: Vec<OsString>,
    hashes: Vec<u64>,
    pub(super) edges: Vec<Edge>,
}

impl Draft {
    /// Takes over what the fingerprints in the directory `prints` say.
    pub(super) fn new(package: &str, id: &str, prints: &Path, records: Records) -> Self {
        let roots: BTreeSet<u64> = records.all.iter().map(|record| record.root).collect();
        let root = roots.first().copied().filter(|root| *root != 0 && roots.len() == 1);
        let mut draft = Self {
            unit: Unit {
                package: package.to_owned(),
                id: id.to_owned(),
                fingerprints: Vec::new(),
                source: Source::Unknown(NoSource::NoEvidence),
                built: None,
                entries: Vec::new(),
            },
            is_unclear: records.is_damaged,
            said: Vec::new(),
            dep_infos: Vec::new(),
            root,
            prints: prints.to_path_buf(),
            hash_files: Vec::new(),
            hashes: Vec::new(),
            edges: Vec::new(),
        };
        for record in records.all {
            draft.unit.built = draft.unit.built.max(record.built);
            if draft.is_unclear {
                continue;
            }
            let texts = record.local.iter().filter_map(|local| local.precalculated.as_deref());
            draft.said.extend(texts.filter_map(precalculated).map(Said::From));
            draft.hash_files.push(record.hash_file);
            draft.edges.extend(record.edges);
            draft.unit.fingerprints.push(record.fingerprint);
        }
        draft
    }

    /// Whether rustc made it, so that a `.d` file beside its outputs is rustc's and not something that a build script left.
    /// That of a unit with a damaged fingerprint is not asked either.
    pub(super) fn is_compiled(&self) -> bool {
        !self.is_unclear && !self.unit.fingerprints.iter().any(|print| print.kind.mode == Mode::Run)
    }

    /// Of the standard library itself: its sources are rust-src's. Where they are not told, the name is enough of a warning.
    pub(super) fn is_std(&self) -> bool {
        self.said.contains(&Said::Std)
            || matches!(self.unit.package.as_str(), "core" | "std" | "compiler_builtins")
    }

    fn is(&self, mode: Mode, target: Target) -> bool {
        self.unit.fingerprints.iter().any(|print| (print.kind.mode, print.kind.target) == (mode, target))
    }
}

fn precalculated(text: &str) -> Option<Source> {
    if let Some(version) = version(text) {
        return Some(Source::Registry { version });
    }
    if is_rev(text) && matches!(text.len(), 40 | 64) {
        return Some(Source::Git { rev: text.to_owned() });
    }
    is_newest(text).then_some(Source::Path)
}

/// Whether this is the newest file of a path package: `1795376694.751796737s (src/lib.rs)`, the time in filetime's rendering.
pub(super) fn is_newest(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_digit()) && text.contains("s (") && text.ends_with(')')
}

/// What is known so far, where a second opinion may come in.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Belief {
    One(Source),
    Contradiction,
}

impl Belief {
    fn merge(self, other: Self) -> Self {
        match (self, other) {
            (Self::One(a), Self::One(b)) => agreed(a, b).map_or(Self::Contradiction, Self::One),
            _ => Self::Contradiction,
        }
    }
}

/// The same source, a commit in its shorter form.
fn agreed(a: Source, b: Source) -> Option<Source> {
    match (a, b) {
        (Source::Git { rev: a }, Source::Git { rev: b }) if a.starts_with(&b) => Some(Source::Git { rev: b }),
        (Source::Git { rev: a }, Source::Git { rev: b }) if b.starts_with(&a) => Some(Source::Git { rev: a }),
        (a, b) => (a == b).then_some(a),
    }
}

fn all(beliefs: impl IntoIterator<Item = Belief>) -> Option<Belief> {
    beliefs.into_iter().reduce(Belief::merge)
}

fn own(draft: &Draft) -> Option<Belief> {
    all(draft.said.iter().filter_map(|said| match said {
        Said::Nothing => None,
        Said::Contradiction => Some(Belief::Contradiction),
        Said::Std => Some(Belief::One(Source::Path)),
        Said::From(source) => Some(Belief::One(source.clone())),
    }))
}

/// Has the `.d` files say what they do: of units with the same root, those of the first that says anything.
pub(super) fn read_dep_infos(drafts: &mut [Draft], home: &CargoHome) {
    let mut same_root: BTreeMap<(&str, u64), Vec<usize>> = BTreeMap::new();
    let mut groups = Vec::new();
    for (at, draft) in drafts.iter().enumerate().filter(|(_, draft)| !draft.dep_infos.is_empty()) {
        match draft.root {
            Some(root) => same_root.entry((&draft.unit.package, root)).or_default().push(at),
            None => groups.push(vec![at]),
        }
    }
    groups.extend(same_root.into_values());
    let read = |at: &usize| -> Vec<Said> {
        let draft = &drafts[*at];
        draft.dep_infos.iter().map(|file| home.read(file, &draft.unit.package)).collect()
    };
    let said = parallel::map(groups, |group| {
        let said = group.iter().map(read).find(|said| said.iter().any(|one| *one != Said::Nothing));
        (group, said.unwrap_or_default())
    });
    for (group, said) in said {
        for at in group {
            drafts[at].said.extend_from_slice(&said);
        }
    }
}

/// Reads the hash files by which dependants name units: those of the packages of which not every unit knows the same by
/// itself. All others are left out, for [`attribute`] would not change what they know: only units of one package share it.
pub(super) fn read_hashes(drafts: &mut [Draft]) {
    let mut packages: HashMap<&str, (Option<Belief>, bool)> = HashMap::new();
    for draft in drafts.iter().filter(|draft| !draft.hash_files.is_empty()) {
        let own = own(draft);
        let (first, is_open) = packages.entry(&draft.unit.package).or_insert_with(|| (own.clone(), false));
        *is_open |= own.is_none() || own != *first;
    }
    let is_open =
        |draft: &Draft| packages.get(draft.unit.package.as_str()).is_some_and(|(_, is_open)| *is_open);
    let open: Vec<usize> = (0..drafts.len()).filter(|at| is_open(&drafts[*at])).collect();
    let hashes =
        parallel::map(open, |at| (at, fingerprint::hashes(&drafts[at].prints, &drafts[at].hash_files)));
    for (at, hashes) in hashes {
        drafts[at].hashes = hashes;
    }
}

/// Gives every unit its source. Takes time linear in the number of units and edges.
pub(super) fn attribute(drafts: &mut [Draft]) {
    let classes = Classes::of(drafts);
    let own: Vec<Option<Belief>> = drafts.iter().map(own).collect();
    let keys: Vec<BTreeSet<u64>> = drafts.iter().map(|draft| classes.keys(draft)).collect();
    let mut known: HashMap<u64, Belief> = HashMap::new();
    for (belief, keys) in own.iter().zip(&keys) {
        for key in keys {
            if let Some(belief) = belief {
                let merged = match known.remove(key) {
                    Some(before) => before.merge(belief.clone()),
                    None => belief.clone(),
                };
                known.insert(*key, merged);
            }
        }
    }
    for ((draft, own), keys) in drafts.iter_mut().zip(own).zip(keys) {
        let spread = keys.iter().filter_map(|key| known.get(key).cloned());
        draft.unit.source = match all(own.into_iter().chain(spread)) {
            Some(Belief::One(source)) => source,
            Some(Belief::Contradiction) => Source::Unknown(NoSource::Contradiction),
            None => Source::Unknown(NoSource::NoEvidence),
        };
    }
}

/// Units that share a fingerprint hash, with the package ids by which their dependants name them.
struct Classes<'a> {
    by_hash: HashMap<u64, Class<'a>>,
}

#[derive(Default)]
struct Class<'a> {
    packages: HashSet<&'a str>,
    has_build_script: bool,
    keys: HashSet<u64>,
}

impl<'a> Classes<'a> {
    fn of(drafts: &'a [Draft]) -> Self {
        let mut by_hash: HashMap<u64, Class<'a>> = HashMap::new();
        for draft in drafts {
            for hash in &draft.hashes {
                let class = by_hash.entry(*hash).or_default();
                class.packages.insert(&draft.unit.package);
                class.has_build_script |= draft.is(Mode::Build, Target::BuildScript);
            }
        }
        for edge in drafts.iter().flat_map(|draft| &draft.edges) {
            if let Some(class) = by_hash.get_mut(&edge.hash) {
                class.keys.insert(edge.package);
            }
        }
        // Overridden build scripts of different packages have equal hashes (`build_script_override_fingerprint`).
        by_hash.retain(|_, class| class.packages.len() == 1);
        Self { by_hash }
    }

    /// The hashes of the package id of this unit: from its dependants, and for a build script run from its own edges.
    fn keys(&self, draft: &Draft) -> BTreeSet<u64> {
        let mut keys = BTreeSet::new();
        for class in draft.hashes.iter().filter_map(|hash| self.by_hash.get(hash)) {
            keys.extend(&class.keys);
        }
        if draft.is(Mode::Run, Target::BuildScript) {
            let is_own = |class: &Class<'_>| {
                class.has_build_script && class.packages.contains(draft.unit.package.as_str())
            };
            let own = draft.edges.iter().filter(|edge| self.by_hash.get(&edge.hash).is_some_and(is_own));
            keys.extend(own.map(|edge| edge.package));
        }
        keys
    }
}

#[cfg(test)]
mod tests;
