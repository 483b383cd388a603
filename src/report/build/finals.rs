//! What is no unit's in a report: final artifacts, other products, what is left over, and what is left alone.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use super::{Draft, item, relative};
use crate::cache::finals::{Finals, Product};
use crate::cache::{Cache, Entry, ProfileDir, Unknown, Why};
use crate::report::{BuiltBy, Dir, Item, Kind};

impl Draft {
    pub(super) fn finals(&mut self, finals: &Finals, cache: &Cache) {
        let dir = if finals.dir == cache.dir { Dir::Build } else { Dir::Target };
        for uplifted in &finals.uplifted {
            let is_owner =
                |item: &&Item| uplifted.owners.iter().any(|owner| item.id.as_ref() == Some(&owner.id));
            let owners: Vec<&Item> = self.report.items.iter().filter(is_owner).collect();
            let all: BTreeSet<&BuiltBy> = owners.iter().map(|item| &item.built_by).collect();
            let built_by = match all.into_iter().collect::<Vec<_>>().as_slice() {
                [one] => (*one).clone(),
                _ => BuiltBy::Nobody,
            };
            let of_packages: BTreeSet<&str> = uplifted.owners.iter().map(|it| it.package.as_str()).collect();
            let package = of_packages.first().filter(|_| of_packages.len() == 1).map(|it| (*it).to_owned());
            let source = owners.first().and_then(|owner| owner.source.clone()).filter(|_| package.is_some());
            let profile = finals.profiles.iter().find(|profile| profile.path == uplifted.profile);
            let item = Item {
                dir,
                package,
                source,
                built_by,
                profile: profile.map(|profile| profile.name.to_string_lossy().into_owned()),
                triple: profile.and_then(|profile| profile.triple.clone()),
                ..item(Kind::Final, &last(uplifted.entry.path()), None)
            };
            self.push(item, std::slice::from_ref(&uplifted.entry));
        }
        for (kind, products) in [
            (Kind::Docs, &finals.docs),
            (Kind::Package, &finals.packages),
            (Kind::Other, &finals.others),
            (Kind::Loose, &finals.loose),
        ] {
            for Product { triple, entry } in products {
                let profile = finals.profiles.iter().find(|profile| entry.path().starts_with(&profile.path));
                let item = Item {
                    dir,
                    profile: profile.map(|profile| profile.name.to_string_lossy().into_owned()),
                    triple: triple.clone(),
                    ..item(kind, &last(entry.path()), None)
                };
                self.push(item, std::slice::from_ref(entry));
            }
        }
        for unknown in &finals.unknown {
            self.unknown(unknown, &finals.dir, None);
        }
        for profile in &finals.profiles {
            self.leftovers(dir, profile.path.clone(), &profile.name, profile.triple.as_deref());
        }
    }

    pub(super) fn unknown(&mut self, unknown: &Unknown, dir: &Path, profile: Option<&ProfileDir>) {
        let is_known = self.report.unknown.iter().any(|known| known.path == unknown.path);
        // A build dir within the target dir is this very report's.
        let is_other = [&self.report.build_dir, &self.report.target_dir]
            .into_iter()
            .any(|other| other != dir && *other == unknown.path);
        if is_known || is_other {
            return;
        }
        self.report.unknown.push(unknown.clone());
        let path = relative(dir, &unknown.path);
        // The dir itself, a link: there is nothing to be counted.
        if path.as_os_str().is_empty() {
            return;
        }
        let kind = if unknown.why == Why::OtherBuildDir { Kind::Nested } else { Kind::Unknown };
        let item = Item {
            dir: if dir == self.build.dir { Dir::Build } else { Dir::Target },
            why: (kind == Kind::Unknown).then(|| unknown.why.to_string()),
            ..item(kind, &path.to_string_lossy(), profile)
        };
        self.push(item, &[Entry::Tree(path)]);
    }

    /// What is in a profile dir and nobody's: locks. In the directory of a triple there is nothing else but a tag.
    pub(super) fn leftovers(&mut self, dir: Dir, path: PathBuf, profile: &OsStr, triple: Option<&str>) {
        let profile = Some(profile.to_string_lossy().into_owned());
        let of_triple = triple.map(str::to_owned);
        let item = |kind, name| Item { dir, triple: of_triple.clone(), ..item(kind, name, None) };
        self.push(Item { profile, ..item(Kind::Loose, "locks and others") }, &[Entry::Tree(path)]);
        if let Some(triple) = triple {
            self.push(item(Kind::Notes, "CACHEDIR.TAG"), &[Entry::Tree(triple.into())]);
        }
    }
}

fn last(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}
