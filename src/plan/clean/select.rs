//! Which units and sessions go, and for which one reason each; then the entries that this comes to.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::budget::{self, Item};
use super::spec::Belongs;
use super::{
    Asked, Chosen, CleanPlan, Criteria, Left, Owners, Reason, Side, Toolchain, Wanted, What, Where, age,
    stale,
};
use crate::cache::damage;
use crate::cache::finals::{By, Finals, Uplifted};
use crate::cache::{Cache, Entry, Fingerprint, Incremental, ProfileDir, RUSTC_INFO, Target, Unit};

/// One reason, or none, for each unit and session of a cache.
#[derive(Debug, Default)]
pub(super) struct Verdicts {
    gone: BTreeMap<(usize, Order), Reason>,
    rustc_info: Option<Reason>,
}

/// Units before sessions, in the order of the cache.
type Order = (bool, usize);

fn order(item: Item) -> Order {
    match item {
        Item::Unit(at) => (false, at),
        Item::Session(at) => (true, at),
    }
}

impl Verdicts {
    pub(super) fn take(&mut self, profile: usize, item: Item, reason: Reason) {
        self.gone.entry((profile, order(item))).or_insert(reason);
    }

    pub(super) fn is_gone(&self, profile: usize, item: Item) -> bool {
        self.gone.contains_key(&(profile, order(item)))
    }

    pub(super) fn gone(&self) -> impl Iterator<Item = (usize, Item)> {
        self.gone.keys().map(|(profile, (is_session, at))| {
            (*profile, if *is_session { Item::Session(*at) } else { Item::Unit(*at) })
        })
    }
}

/// Decides about units: everything but whole directories.
pub(super) fn decide(cache: &Cache, finals: &Finals, wanted: &Wanted, owners: &Owners) -> CleanPlan {
    let mut plan = CleanPlan::default();
    let verdicts = match &wanted.what {
        What::All | What::Doc => own_part(cache, &wanted.place, owners, &mut plan),
        What::Packages => packages(cache, &wanted.place, owners, &mut plan),
        What::Matching(criteria) => matching(cache, &wanted.place, criteria, owners, &mut plan),
    };
    assemble(cache, &verdicts, &mut plan);
    if wanted.by == Asked::ByPerson {
        uplifted(cache, finals, wanted, &verdicts, owners, &mut plan);
    }
    plan
}

/// All that is provably this workspace's alone, in a dir that others use as well.
fn own_part(cache: &Cache, place: &Where, owners: &Owners, plan: &mut CleanPlan) -> Verdicts {
    let mut verdicts = Verdicts::default();
    let mut shared = 0;
    for (at_profile, profile) in
        cache.profiles.iter().enumerate().filter(|(_, profile)| whole(place, profile))
    {
        for (at, unit) in profile.units.iter().enumerate() {
            if owners.may_need(unit) {
                shared += 1;
            } else {
                verdicts.take(at_profile, Item::Unit(at), Reason::Everything);
            }
        }
        for (at, session) in profile.incremental.iter().enumerate() {
            if !owners.may_need_crate(&session.crate_name) {
                verdicts.take(at_profile, Item::Session(at), Reason::Everything);
            }
        }
    }
    plan.leave_shared(shared);
    plan.left.insert(Left::SharedFinals);
    verdicts
}

/// As for whole directories: a profile without triples is the host's.
fn whole(place: &Where, profile: &ProfileDir) -> bool {
    let host_only = place.profile.is_some() && place.triples.is_empty();
    place.includes(profile) && !(host_only && profile.triple.is_some())
}

/// `-p`: one profile, the host and the triples (cargo's `clean_specs`).
fn packages(cache: &Cache, place: &Where, owners: &Owners, plan: &mut CleanPlan) -> Verdicts {
    let mut verdicts = Verdicts::default();
    let Some(chosen) = &place.packages else { return verdicts };
    let (mut shared, mut doubtful) = (0, BTreeMap::<(String, String), usize>::new());
    for (at_profile, profile) in cache.profiles.iter().enumerate() {
        let is_meant = match &place.profile {
            Some(name) => *name == profile.name,
            None => profile.name == "debug",
        };
        if !is_meant || profile.triple.as_ref().is_some_and(|triple| !place.triples.contains(triple)) {
            continue;
        }
        let mut crates: BTreeMap<String, &str> =
            chosen.local_names().map(|name| (name.replace('-', "_"), name)).collect();
        for (at, unit) in profile.units.iter().enumerate() {
            match chosen.judge(unit) {
                (Belongs::No, _) => {}
                (Belongs::Doubtful, spec) => {
                    let spec = spec.map_or_else(String::new, |spec| spec.text.clone());
                    *doubtful.entry((spec, unit.package.clone())).or_default() += 1;
                }
                (Belongs::Yes, _) if owners.may_need(unit) => shared += 1,
                (Belongs::Yes, _) => {
                    let reason = Reason::Package { package: unit.package.clone() };
                    verdicts.take(at_profile, Item::Unit(at), reason);
                    crates.extend(sessions_of(unit).map(|name| (name, unit.package.as_str())));
                }
            }
        }
        // As for cargo, the host's sessions stay where triples are asked for.
        if profile.triple.is_none() != place.triples.is_empty() {
            continue;
        }
        for (at, session) in profile.incremental.iter().enumerate() {
            if let Some(package) = crates.get(&session.crate_name)
                && !owners.may_need_crate(&session.crate_name)
            {
                let reason = Reason::Package { package: (*package).to_owned() };
                verdicts.take(at_profile, Item::Session(at), reason);
            }
        }
    }
    plan.leave_shared(shared);
    plan.left.extend(doubtful.into_iter().map(|((spec, package), units)| Left::Doubtful {
        spec,
        package,
        units,
    }));
    verdicts
}

/// The names of the sessions of a unit. Those of build scripts bear no package's name.
fn sessions_of(unit: &Unit) -> impl Iterator<Item = String> {
    let is_script = |print: &&Fingerprint| print.kind.target == Target::BuildScript;
    unit.fingerprints
        .iter()
        .filter(move |print| !is_script(print))
        .map(|print| print.kind.name.replace('-', "_"))
}

fn matching(
    cache: &Cache,
    place: &Where,
    criteria: &Criteria,
    owners: &Owners,
    plan: &mut CleanPlan,
) -> Verdicts {
    let mut verdicts = Verdicts::default();
    let too_little = criteria.older_than.as_ref().and_then(age::Age::too_little);
    let judge = Judge { cache, criteria, can_tell_age: too_little.is_none() };
    plan.left.extend(too_little);
    let mut shared = 0;
    for (at_profile, profile) in cache.profiles.iter().enumerate().filter(|(_, dir)| place.includes(dir)) {
        let relative = &profile.relative();
        for (at, unit) in profile.units.iter().enumerate().filter(|(_, unit)| is_chosen(place, unit)) {
            let Some(reason) = judge.unit(unit, profile, relative) else { continue };
            let is_shared = match reason {
                // Damage is nobody's loss: every build that needs the unit has to make it again.
                Reason::Damaged { .. } => false,
                // Compilers were judged with the pins of all others that left a stamp.
                Reason::BuiltBy { .. } => owners.may_need_of_any_compiler(unit),
                Reason::InScope => !owners.is_alone(),
                _ => owners.may_need(unit),
            };
            if is_shared {
                shared += 1;
            } else {
                verdicts.take(at_profile, Item::Unit(at), reason);
            }
        }
        for (at, session) in profile.incremental.iter().enumerate() {
            let Some(reason) = judge.session(session, profile, relative, place) else { continue };
            let is_shared = match reason {
                Reason::Damaged { .. } => false,
                Reason::BuiltBy { .. } => owners.may_need_crate_of_any_compiler(&session.crate_name),
                Reason::InScope => !owners.is_alone(),
                _ => owners.may_need_crate(&session.crate_name),
            };
            if !is_shared {
                verdicts.take(at_profile, Item::Session(at), reason);
            }
        }
    }
    verdicts.rustc_info = judge.rustc_info();
    if let Some(budget) = &criteria.keep_size {
        let may_go = |profile: usize, item: Item| {
            let Some(dir) = cache.profiles.get(profile).filter(|dir| place.includes(dir)) else {
                return false;
            };
            match item {
                Item::Unit(at) => {
                    dir.units.get(at).is_some_and(|unit| is_chosen(place, unit) && !owners.may_need(unit))
                }
                Item::Session(at) => dir.incremental.get(at).is_some_and(|session| {
                    place.packages.is_none() && !owners.may_need_crate(&session.crate_name)
                }),
            }
        };
        if let Some(remains) = budget::fit(cache, budget, &mut verdicts, &may_go) {
            plan.left.insert(Left::StillOverSize { remains, cap: budget.cap });
        }
    }
    plan.leave_shared(shared);
    verdicts
}

fn is_chosen(place: &Where, unit: &Unit) -> bool {
    place.packages.as_ref().is_none_or(|chosen: &Chosen| chosen.judge(unit).0 == Belongs::Yes)
}

/// Holds criteria against one unit or session after the other.
struct Judge<'a> {
    cache: &'a Cache,
    criteria: &'a Criteria,
    can_tell_age: bool,
}

impl Judge<'_> {
    fn unit(&self, unit: &Unit, profile: &ProfileDir, relative: &Path) -> Option<Reason> {
        let criteria = self.criteria;
        let stale = criteria.stale.as_ref().and_then(|rules| stale::judge(unit, profile, rules));
        let is_it = |part: &damage::What| matches!(part, damage::What::Unit(it) if it.package == unit.package && it.id == unit.id);
        let built_by = |toolchain: &&Toolchain| unit.all_built_by(|rustc| toolchain.wrote(rustc));
        stale
            .or_else(|| self.damage(relative, is_it))
            .or_else(|| criteria.toolchain.as_ref().filter(built_by).map(Toolchain::reason))
            .or_else(|| self.age().filter(|age| age.is_unused(unit, profile)).map(unused))
    }

    fn session(
        &self,
        session: &Incremental,
        profile: &ProfileDir,
        relative: &Path,
        place: &Where,
    ) -> Option<Reason> {
        let criteria = self.criteria;
        if let Some(chosen) = &place.packages {
            let units = profile.units.iter().filter(|unit| chosen.judge(unit).0 == Belongs::Yes);
            if !units.flat_map(sessions_of).any(|name| name == session.crate_name) {
                return None;
            }
        }
        let stale = criteria.stale.as_ref().and_then(|rules| stale::judge_incremental(session, rules));
        let below = session.path.strip_prefix(&self.cache.dir).unwrap_or(&session.path);
        let is_it = |part: &damage::What| matches!(part, damage::What::Incremental(it) if it == below);
        let wrote = |toolchain: &&Toolchain| {
            let by = |identity: &crate::toolchain::Identity| {
                session
                    .rustc_version()
                    .is_some_and(|version| identity.incremental_version().as_deref() == Some(version))
            };
            toolchain.identities.iter().any(by)
        };
        stale
            .or_else(|| self.damage(relative, is_it))
            .or_else(|| criteria.toolchain.as_ref().filter(wrote).map(Toolchain::reason))
            .or_else(|| self.age().filter(|age| age.is_unused_session(session, profile)).map(unused))
            .or_else(|| criteria.incremental.then_some(Reason::Incremental))
    }

    fn rustc_info(&self) -> Option<Reason> {
        let stale = self.criteria.stale.as_ref().and_then(|rules| stale::judge_rustc_info(self.cache, rules));
        let damaged =
            self.criteria.damaged.iter().flatten().find(|damaged| damaged.what == damage::What::RustcInfo);
        stale.or_else(|| damaged.map(|damaged| Reason::Damaged { damage: damaged.damage }))
    }

    fn damage(&self, profile: &Path, is_it: impl Fn(&damage::What) -> bool) -> Option<Reason> {
        let mut damaged = self.criteria.damaged.iter().flatten();
        let found = damaged.find(|damaged| damaged.profile == profile && is_it(&damaged.what))?;
        Some(Reason::Damaged { damage: found.damage })
    }

    fn age(&self) -> Option<&age::Age> {
        self.criteria.older_than.as_ref().filter(|_| self.can_tell_age)
    }
}

fn unused(age: &age::Age) -> Reason {
    Reason::Unused { since: age.cutoff }
}

impl Toolchain {
    fn wrote(&self, rustc: u64) -> bool {
        self.hashes.contains(&rustc)
            || self.identities.iter().any(|identity| identity.fingerprint_hashes().contains(&rustc))
    }

    fn reason(&self) -> Reason {
        Reason::Toolchain { name: self.name.clone() }
    }
}

/// The entries of all that goes.
fn assemble(cache: &Cache, verdicts: &Verdicts, plan: &mut CleanPlan) {
    for ((profile, (is_session, at)), reason) in &verdicts.gone {
        let Some(dir) = cache.profiles.get(*profile) else { continue };
        if *is_session {
            let entries = dir.incremental.get(*at).map(|session| session.entries.as_slice());
            plan.add(reason, 0, Side::Build, entries.unwrap_or_default());
        } else {
            let entries = dir.units.get(*at).map(|unit| unit.entries.as_slice());
            plan.add(reason, 1, Side::Build, entries.unwrap_or_default());
        }
    }
    if let Some(reason) = &verdicts.rustc_info {
        plan.add(reason, 0, Side::Build, &[Entry::File(RUSTC_INFO.into())]);
    }
}

/// The final artifacts that go with their units: the very same files, and for packages also what only they can have made.
fn uplifted(
    cache: &Cache,
    finals: &Finals,
    wanted: &Wanted,
    verdicts: &Verdicts,
    owners: &Owners,
    plan: &mut CleanPlan,
) {
    let by_name = wanted.what == What::Packages;
    let mut reasons: BTreeMap<(PathBuf, &str, &str), &Reason> = BTreeMap::new();
    for ((profile, (is_session, at)), reason) in &verdicts.gone {
        let Some(dir) = cache.profiles.get(*profile).filter(|_| !is_session) else { continue };
        let Some(unit) = dir.units.get(*at) else { continue };
        reasons.insert((dir.relative(), &unit.package, &unit.id), reason);
    }
    let side = if finals.dir == cache.dir { Side::Build } else { Side::Target };
    let taken: BTreeSet<&Path> = plan_paths(plan);
    let mut found: Vec<(Reason, Entry)> = Vec::new();
    for file in finals.uplifted.iter().filter(|file| by_name || file.by == By::SameFile) {
        let reason_of = |file: &Uplifted| {
            let mut all = file
                .owners
                .iter()
                .map(|owner| reasons.get(&(file.profile.clone(), owner.package.as_str(), owner.id.as_str())));
            let first = all.next()??;
            all.all(|other| other.is_some()).then(|| (*first).clone())
        };
        if let Some(reason) = reason_of(file).filter(|_| !taken.contains(file.entry.path())) {
            found.push((reason, file.entry.clone()));
        }
    }
    if !owners.is_alone() {
        // A program may be another's, linked from the same unit's output.
        if !found.is_empty() {
            plan.left.insert(Left::SharedFinals);
        }
        return;
    }
    for (reason, entry) in found {
        plan.add(&reason, 0, side, &[entry]);
    }
}

fn plan_paths(plan: &CleanPlan) -> BTreeSet<&Path> {
    plan.groups.iter().flat_map(|group| &group.build).map(Entry::path).collect()
}
