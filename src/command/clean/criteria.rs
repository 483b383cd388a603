//! What the criteria of a clean are judged by: toolchains, lock file, records of use, sizes, damage.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{SystemTime, UNIX_EPOCH};

use super::Clean;
use super::look::Look;
use crate::cache::{Cache, Source, damage, finals};
use crate::command::{compilers, failures, rule};
use crate::diagnostic::Failure;
use crate::exit::Code;
use crate::observe::rules::{self, Basis};
use crate::observe::{build, uses, weights};
use crate::plan::Causes;
use crate::plan::clean::{Age, Budget, Criteria, Rules, Toolchain};
use crate::policy::{ByteSize, MaxAge, Scope};
use crate::workspace::Workspace;
use crate::workspace::lock_file::{self, Package};

impl Clean<'_> {
    /// Those that were asked for.
    ///
    /// # Errors
    /// One of them means nothing, or cannot be judged.
    pub(super) fn criteria(&self, workspace: &Workspace, look: &Look) -> Result<Criteria, Failure> {
        let asked = &self.asked;
        let build_dir = &workspace.build_dir.value;
        let older_than = asked
            .older_than
            .as_deref()
            .map(|text| Ok::<_, Failure>(Age { cutoff: cutoff(text)?, uses: uses::all(build_dir) }));
        let keep_size = asked.keep_size.as_deref().map(|text| {
            let cap = ByteSize::parse(text).map_err(|wrong| usage("--keep-size", text, &wrong, "10GiB"))?;
            let finals = finals::read(&workspace.target_dir.value, &look.cache).ok();
            let weights = weights::weigh(look.build(), &look.cache, finals.as_ref());
            Ok::<_, Failure>(Budget { cap: cap.0, weights, uses: uses::all(build_dir), spare_since: None })
        });
        Ok(Criteria {
            stale: asked.stale.then(|| self.stale(workspace, &look.cache)).transpose()?,
            toolchain: self.toolchain(workspace, &look.cache)?,
            older_than: older_than.transpose()?,
            keep_size: keep_size.transpose()?,
            incremental: asked.incremental,
            damaged: asked.damaged.then(|| damage::find(&look.cache)),
        })
    }

    /// What a person means by stale is more than what moved since the last build: whatever the pin and the lock file of
    /// now can never use. In a dir beyond the workspace others may build whom nobody has recorded, so there only what
    /// this workspace itself once locked is known to have left.
    fn stale(&self, workspace: &Workspace, cache: &Cache) -> Result<Rules, Failure> {
        let exe = self.exe.ok_or_else(|| {
            Failure::new(Code::NoCargo, "there is no cargo, so nobody can tell which toolchain counts")
                .help("`--toolchain NAME` needs none")
        })?;
        let found = rule::toolchain(self.invocation, exe, self.context, self.policy)?;
        let configured = self.context.config.boolean("net.offline").map(|found| found.value);
        let network = build::network(self.context.resolved.flags.offline, configured);
        let env = &self.context.env;
        let observed = build::observe(workspace, &found, network, &BTreeMap::new(), env, SystemTime::now())
            .map_err(failures::toolchain)?;
        let basis = Basis {
            policy: &self.policy.clean,
            observed: &observed,
            lock_before: None,
            rustup: found.rustup.as_ref(),
            env,
        };
        let mut rules = rules::rules(cache, Causes { toolchain: true, lock: true }, &basis);
        rules.scope = Scope::Stale;
        if workspace.build_dir.value.starts_with(&workspace.root)
            && let Some(packages) = &mut rules.packages
        {
            packages.before.extend(built(cache));
        }
        Ok(rules)
    }

    fn toolchain(&self, workspace: &Workspace, cache: &Cache) -> Result<Option<Toolchain>, Failure> {
        if self.asked.toolchain.is_empty() {
            return Ok(None);
        }
        let env = &self.context.env_of_rustup;
        let mut known = compilers::known(cache, Some(&workspace.root), env, self.invocation, self.argv0);
        let mut wanted = Toolchain { name: self.asked.toolchain.join(", "), ..Toolchain::default() };
        for name in &self.asked.toolchain {
            let mut meant = known.meant(name);
            if meant.identities.is_empty() && meant.hash.is_none() {
                compilers::add_installed(&mut known, env, self.invocation, self.argv0);
                meant = known.meant(name);
            }
            if meant.identities.is_empty() && meant.hash.is_none() {
                let names: BTreeSet<String> =
                    known.iter().flat_map(|compiler| compiler.names.iter().cloned()).collect();
                let names: Vec<String> = names.into_iter().collect();
                return Err(Failure::new(Code::Usage, format!("no toolchain is known by the name `{name}`"))
                    .note(format!("known are: {}", names.join(", ")))
                    .help("`xcargo cache --by toolchain` shows what is in the cache, with a number for what has no name"));
            }
            wanted.identities.extend(meant.identities);
            wanted.hashes.extend(meant.hash);
        }
        Ok(Some(wanted))
    }
}

/// The package versions of which there are units.
fn built(cache: &Cache) -> impl Iterator<Item = Package> {
    let units = cache.profiles.iter().flat_map(|profile| &profile.units);
    units.filter_map(|unit| {
        let (version, source) = match &unit.source {
            Source::Registry { version } => (version.clone(), lock_file::Source::Registry),
            Source::Git { rev } => (rev.clone(), lock_file::Source::Git(rev.clone())),
            Source::Path | Source::Unknown(_) => return None,
        };
        Some(Package { name: unit.package.clone(), version, source })
    })
}

fn cutoff(text: &str) -> Result<i64, Failure> {
    let wrong = |wrong: &str| usage("--older-than", text, wrong, "30d");
    match MaxAge::parse(text).map_err(|why| wrong(&why))? {
        MaxAge::Never => Err(wrong("nothing is older than that")),
        MaxAge::After(age) => {
            let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
            Ok(i64::try_from(now.saturating_sub(age).as_secs()).unwrap_or(i64::MAX))
        }
    }
}

fn usage(flag: &str, value: &str, wrong: &str, example: &str) -> Failure {
    Failure::new(Code::Usage, format!("`{flag} {value}`: {wrong}"))
        .help(format!("for example `{flag} {example}`"))
}
