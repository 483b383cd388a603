//! What things are called: compilers by the hashes that units have, packages by their crates.

use std::collections::{BTreeMap, HashMap};

use crate::cache::Cache;
use crate::observe::compilers::Compilers;
use crate::report::Toolchain;

/// All compilers that units name, each under a name that no other has.
pub(super) fn toolchains(cache: &Cache, compilers: &Compilers) -> Vec<Toolchain> {
    let mut toolchains: Vec<Toolchain> = Vec::new();
    for hash in cache.rustc_hashes() {
        if toolchains.iter().any(|toolchain| toolchain.hashes.contains(&hash)) {
            continue;
        }
        toolchains.push(match compilers.by_hash(hash) {
            Some(known) => Toolchain {
                label: known.identity.short(),
                names: known.names.iter().cloned().collect(),
                standing: Some(known.standing),
                hashes: known.identity.fingerprint_hashes().to_vec(),
            },
            None => Toolchain {
                label: format!("unknown compiler {hash:016x}"),
                names: Vec::new(),
                standing: None,
                hashes: vec![hash],
            },
        });
    }
    let mut labels: BTreeMap<String, usize> = BTreeMap::new();
    for toolchain in &toolchains {
        *labels.entry(toolchain.label.clone()).or_default() += 1;
    }
    for toolchain in toolchains.iter_mut().filter(|toolchain| labels[&toolchain.label] > 1) {
        toolchain.label = format!("{} {:016x}", toolchain.label, toolchain.hashes[0]);
    }
    toolchains
}

/// The one package that has units of this crate; `None` where several have.
pub(super) fn crates(cache: &Cache) -> HashMap<String, Option<String>> {
    let mut crates: HashMap<String, Option<String>> = HashMap::new();
    for unit in cache.profiles.iter().flat_map(|profile| &profile.units) {
        for print in &unit.fingerprints {
            let name = print.kind.name.replace('-', "_");
            let package = crates.entry(name).or_insert_with(|| Some(unit.package.clone()));
            if package.as_ref() != Some(&unit.package) {
                *package = None;
            }
        }
    }
    crates
}
