//! The policy as a whole, from files on disk to what is said about them.

mod broken;
mod documents;
mod extends;
mod files;
mod hostile;

use std::path::Path;

use semver::Version;

use super::load::{Loaded, load_as};
use super::model::Policy;
use crate::diagnostic::{Diagnostic, Failure};
use crate::env::Env;
use crate::sourced::{Origin, Sourced};

/// Files in a workspace of their own, loaded from its root as xcargo 0.1.0 would.
struct Repo {
    dir: tempfile::TempDir,
}

impl Repo {
    fn new() -> Self {
        Self { dir: tempfile::tempdir().unwrap() }
    }

    fn with(self, file: &str, contents: impl AsRef<[u8]>) -> Self {
        let path = self.path().join(file);
        fs_err::create_dir_all(path.parent().unwrap()).unwrap();
        fs_err::write(path, contents).unwrap();
        self
    }

    fn path(&self) -> &Path {
        self.dir.path()
    }

    fn load(&self) -> Result<Option<Loaded>, Failure> {
        let env = Env::of([("HOME", "/home/ada")], self.path());
        load_as(self.path(), &env, &Version::new(0, 1, 0))
    }

    fn policy(&self) -> Policy {
        self.load().unwrap_or_else(|failure| panic!("{}", rendered(&failure.diagnostics))).unwrap().policy
    }

    fn mistakes(&self) -> Vec<Diagnostic> {
        let failure = self.load().expect_err("a broken policy");
        assert_eq!(failure.code, crate::exit::Code::PolicyBroken);
        assert!(failure.diagnostics.iter().all(|mistake| mistake.code == "policy-broken"));
        failure.diagnostics
    }
}

fn rendered(diagnostics: &[Diagnostic]) -> String {
    diagnostics.iter().map(|diagnostic| diagnostic.render(false) + "\n").collect()
}

/// The line that the first label points at.
fn line(diagnostic: &Diagnostic) -> usize {
    diagnostic.labels.first().map_or(0, |label| label.source.line_of(label.span.start))
}

/// The policy with every origin wiped, to compare what is asked for and not who asks.
fn without_origins(mut policy: Policy) -> Policy {
    fn wipe<T>(value: &mut Sourced<T>) {
        value.origin = Origin::Default;
    }
    policy.meta.required.iter_mut().for_each(wipe);
    policy.meta.recommended.iter_mut().for_each(wipe);
    wipe(&mut policy.meta.enforce);
    policy.toolchain.channel.iter_mut().for_each(wipe);
    wipe(&mut policy.toolchain.r#override);
    wipe(&mut policy.toolchain.install);
    wipe(&mut policy.toolchain.update);
    policy.pins.ignore.iter_mut().for_each(wipe);
    policy.pins.extra.iter_mut().for_each(wipe);
    wipe(&mut policy.steps.build);
    wipe(&mut policy.steps.update);
    wipe(&mut policy.steps.toolchain_change);
    wipe(&mut policy.clean.scope);
    wipe(&mut policy.clean.keep_toolchains);
    policy.clean.allow_outside.iter_mut().for_each(wipe);
    wipe(&mut policy.clean.full);
    policy.clean.max_size.iter_mut().for_each(wipe);
    wipe(&mut policy.clean.background);
    wipe(&mut policy.cache.freshness);
    wipe(&mut policy.cache.restore);
    wipe(&mut policy.cache.suspects);
    wipe(&mut policy.diagnose.on_failure);
    wipe(&mut policy.diagnose.retry);
    wipe(&mut policy.diagnose.cleans_per_week);
    policy.commands.deny.iter_mut().for_each(wipe);
    policy.commands.require.iter_mut().for_each(wipe);
    policy
}

/// The template with its example lines uncommented: every key is set.
fn everything() -> String {
    let uncommented = super::template::TEMPLATE.lines().map(|line| match line.strip_prefix('#') {
        Some(example) if example.starts_with(|c: char| c.is_ascii_lowercase()) => example,
        _ => line,
    });
    uncommented.map(|line| format!("{line}\n")).collect()
}
