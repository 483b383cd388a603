//! From what the disk holds to a report: whose each file is, and by which name each compiler is called.

mod finals;
mod names;

use std::collections::{BTreeSet, HashMap};
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use super::{BuiltBy, Dir, Item, Kind, Report, Toolchain};
use crate::cache::finals::Finals;
use crate::cache::usage::{Claims, Usage};
use crate::cache::{Cache, Entry, OWN_DIR, ProfileDir, RUSTC_INFO, Size, Unit, Why};
use crate::observe::compilers::Compilers;
use names::{crates, toolchains};

/// A report without sizes, and the question whose answer gives them: see [`Draft::claims`].
#[derive(Debug, Clone)]
pub struct Draft {
    report: Report,
    build: Claims,
    target: Option<Claims>,
}

/// Where everything is.
#[derive(Debug, Clone, Copy)]
pub struct Place<'a> {
    /// The workspace's root.
    pub workspace: Option<&'a Path>,
    /// Where final artifacts go.
    pub target_dir: &'a Path,
    /// Where intermediate ones go.
    pub build_dir: &'a Path,
}

impl Draft {
    /// Everything that the model knows of becomes an item, and claims its files. `finals` are those of the target dir, and
    /// of the build dir where that is another.
    #[must_use]
    pub fn new(place: Place<'_>, cache: &Cache, finals: &[Finals], compilers: &Compilers) -> Self {
        let report = Report {
            workspace: place.workspace.map(Path::to_path_buf),
            target_dir: place.target_dir.to_path_buf(),
            build_dir: place.build_dir.to_path_buf(),
            toolchains: toolchains(cache, compilers),
            items: Vec::new(),
            unknown: Vec::new(),
            unreadable: Vec::new(),
        };
        let claims = |dir: &Path| Claims { dir: dir.to_path_buf(), owners: HashMap::new() };
        let target = (place.target_dir != place.build_dir).then(|| claims(place.target_dir));
        let mut draft = Self { report, build: claims(place.build_dir), target };
        let crates = crates(cache);
        // Units first: of a file with several names they have the bytes.
        for profile in &cache.profiles {
            for unit in &profile.units {
                draft.unit(profile, unit);
            }
            for session in &profile.incremental {
                let built_by = draft.by_version(session.rustc_version(), compilers);
                let package = crates.get(&session.crate_name).cloned().flatten();
                draft.push(
                    Item {
                        package,
                        built_by,
                        built: session.told.as_ref().and_then(|told| told.built).and_then(seconds),
                        ..item(Kind::Incremental, &session.crate_name, Some(profile))
                    },
                    &session.entries,
                );
            }
        }
        for finals in finals {
            draft.finals(finals, cache);
        }
        for unknown in &cache.unknown {
            let profile = cache.profiles.iter().find(|profile| unknown.path.starts_with(&profile.path));
            draft.unknown(unknown, &cache.dir, profile);
        }
        for profile in &cache.profiles {
            draft.leftovers(
                Dir::Build,
                relative(&cache.dir, &profile.path),
                &profile.name,
                profile.triple.as_deref(),
            );
        }
        for (name, says) in [(OWN_DIR, "xcargo's own notes"), (RUSTC_INFO, "what rustc says of itself")] {
            draft.push(item(Kind::Notes, says, None), &[Entry::Tree(name.into())]);
        }
        draft
    }

    /// Whose is what: in the build dir, and in the target dir where that is another.
    #[must_use]
    pub fn claims(&self) -> Vec<Claims> {
        std::iter::once(&self.build).chain(&self.target).cloned().collect()
    }

    /// The report, once it is counted what each has.
    #[must_use]
    pub fn counted(self, usage: Usage) -> Report {
        let mut report = self.report;
        for (at, item) in report.items.iter_mut().enumerate() {
            item.size = usage.of(at);
        }
        // What was there when the model was read and is gone now, and such as could be there but is not.
        report.items.retain(|item| item.size.files > 0 || item.id.is_some());
        for (rest, dir) in usage.rest.iter().zip([Dir::Build, Dir::Target]) {
            report.items.extend(rest.iter().map(|(name, size)| unclaimed(name, *size, dir)));
        }
        report.items.sort_by(|a, b| {
            let of = |item: &Item| (std::cmp::Reverse(item.size.bytes), item.dir);
            (of(a), &a.path, a.kind).cmp(&(of(b), &b.path, b.kind))
        });
        report.unreadable =
            usage.unreadable.into_iter().map(|(path, kind)| (path, kind.to_string())).collect();
        report
    }

    fn unit(&mut self, profile: &ProfileDir, unit: &Unit) {
        let kind = Kind::of(&unit.fingerprints);
        let hashes: BTreeSet<u64> = unit.fingerprints.iter().map(|print| print.rustc).collect();
        let found: BTreeSet<usize> = hashes.iter().filter_map(|hash| self.toolchain_of(*hash)).collect();
        let found: Vec<usize> = found.into_iter().collect();
        let built_by = match found.as_slice() {
            [] => BuiltBy::Unfinished,
            [one] => BuiltBy::One(*one),
            _ => BuiltBy::Several(found),
        };
        let features: BTreeSet<String> =
            unit.fingerprints.iter().flat_map(|print| print.features.iter().cloned()).collect();
        let name = unit.fingerprints.first().map_or(unit.package.as_str(), |print| print.kind.name.as_str());
        let item = Item {
            package: Some(unit.package.clone()),
            source: Some(unit.source.clone()),
            id: Some(unit.id.clone()),
            built_by,
            features: features.into_iter().collect(),
            built: unit.built.and_then(seconds),
            ..item(kind, name, Some(profile))
        };
        self.push(item, &unit.entries);
    }

    fn push(&mut self, item: Item, entries: &[Entry]) {
        let at = self.report.items.len();
        let claims = match item.dir {
            Dir::Build => &mut self.build,
            Dir::Target => self.target.as_mut().unwrap_or(&mut self.build),
        };
        let is_place = |entry: &&Entry| !matches!(entry, Entry::EmptyDir(_));
        for entry in entries.iter().filter(is_place) {
            // What an earlier one claims stays its own.
            claims.owners.entry(entry.path().to_path_buf()).or_insert(at);
        }
        let place = entries.iter().rfind(is_place).map(|entry| entry.path().to_path_buf());
        self.report.items.push(Item { path: place.unwrap_or_default(), ..item });
    }

    fn toolchain_of(&self, hash: u64) -> Option<usize> {
        self.report.toolchains.iter().position(|toolchain| toolchain.hashes.contains(&hash))
    }

    /// A session's compiler: one of the units', as far as its version tells, else one more.
    fn by_version(&mut self, version: Option<&str>, compilers: &Compilers) -> BuiltBy {
        let Some(version) = version else { return BuiltBy::Unfinished };
        let known = compilers.by_version(version);
        let hashes = known.map_or_else(Vec::new, |it| it.identity.fingerprint_hashes().to_vec());
        if let Some(at) = hashes.iter().find_map(|hash| self.toolchain_of(*hash)) {
            return BuiltBy::One(at);
        }
        let label = known.map_or_else(|| version.to_owned(), |it| it.identity.short());
        let toolchains = &mut self.report.toolchains;
        let at = toolchains.iter().position(|toolchain| toolchain.label == label);
        BuiltBy::One(at.unwrap_or_else(|| {
            toolchains.push(Toolchain {
                label,
                names: known.map_or_else(Vec::new, |it| it.names.iter().cloned().collect()),
                standing: known.map(|it| it.standing),
                hashes,
            });
            toolchains.len() - 1
        }))
    }
}

/// An item of which only this is known.
fn item(kind: Kind, name: &str, profile: Option<&ProfileDir>) -> Item {
    Item {
        kind,
        package: None,
        source: None,
        name: name.to_owned(),
        id: None,
        features: Vec::new(),
        profile: profile.map(|profile| profile.name.to_string_lossy().into_owned()),
        triple: profile.and_then(|profile| profile.triple.clone()),
        built_by: BuiltBy::Nobody,
        built: None,
        dir: Dir::Build,
        path: PathBuf::new(),
        why: None,
        size: Size::default(),
    }
}

/// Something at the top of a dir that the model has nothing to say of.
fn unclaimed(name: &OsStr, size: Size, dir: Dir) -> Item {
    let is_note = name == "CACHEDIR.TAG" || name == OWN_DIR || name == RUSTC_INFO;
    let kind = if is_note { Kind::Notes } else { Kind::Unknown };
    let why = (kind == Kind::Unknown).then(|| Why::Name.to_string());
    Item { dir, path: name.into(), size, why, ..item(kind, &name.to_string_lossy(), None) }
}

fn seconds(time: SystemTime) -> Option<i64> {
    time.duration_since(UNIX_EPOCH).ok().and_then(|since| i64::try_from(since.as_secs()).ok())
}

fn relative(dir: &Path, path: &Path) -> PathBuf {
    path.strip_prefix(dir).unwrap_or(path).to_path_buf()
}
