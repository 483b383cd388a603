//! What the repository says now, for all of `xcargo toolchain`.

use std::path::Path;

use super::Place;
use crate::command::context::Context;
use crate::command::failures;
use crate::diagnostic::Failure;
use crate::exit::Code;
use crate::invocation::Invocation;
use crate::observe::git;
use crate::observe::pins::{self, Asked, Seen};
use crate::observe::toolchain::{Found, Pinned};
use crate::sourced::Sourced;
use crate::toolchain::{self, Channel, Spec, ToolchainFile};

impl Place<'_> {
    /// Every place that names a toolchain. What names one of `lately` follows as well.
    ///
    /// # Errors
    /// The toolchain file in charge is broken.
    pub(super) fn look(&self, lately: Vec<Channel>) -> Result<Seen, Failure> {
        let loaded = Some(self.loaded).filter(|loaded| !loaded.sources.is_empty());
        let asked = Asked { workspace: self.workspace, loaded, lately, env: &self.context.env };
        pins::survey(&asked).map_err(failures::toolchain)
    }

    /// What the toolchain file names in the last commit: who edits it by hand leaves the other places behind.
    ///
    /// # Errors
    /// The toolchain file in charge is broken.
    pub(super) fn committed(&self) -> Result<Option<Channel>, Failure> {
        let top = pins::repository(&self.workspace.root, &self.context.env);
        let found = pins::toolchain_file(&self.workspace.root, &top).map_err(failures::toolchain)?;
        Ok(found.and_then(|(file, _)| committed(&top, &file.path)))
    }
}

/// What a command that is typed here would run, and who says so.
pub(super) fn in_use(invocation: &Invocation, context: &Context, found: &Found) -> Option<Sourced<Channel>> {
    let Found { rustup: Some(rustup), pin, toolchains, .. } = found else { return None };
    if let Some(asked) = &toolchains.overridden {
        let plus = invocation.plus.as_deref().map(|plus| plus.to_string_lossy());
        let active = toolchain::active(rustup, plus.as_deref(), &context.env_of_rustup).ok().flatten();
        return active.map(|active| Sourced::new(active.name.value, asked.origin.clone()));
    }
    match pin {
        Some(Pinned::Rustup(active)) => Some(active.name.clone()),
        Some(Pinned::System { .. }) | None => None,
    }
}

fn committed(top: &Path, path: &Path) -> Option<Channel> {
    let text = String::from_utf8(git::committed(top, path.strip_prefix(top).ok()?)?).ok()?;
    match ToolchainFile::parse(path, &text).ok()?.spec {
        Spec::Channel(channel, _) => Some(channel),
        Spec::Path(_) | Spec::Default(_) => None,
    }
}

/// Reads a channel as it is typed.
///
/// # Errors
/// It cannot be the name of a toolchain.
pub(super) fn channel(text: &str) -> Result<Channel, Failure> {
    Channel::parse(text).map_err(|cause| {
        Failure::new(Code::Usage, format!("`{text}` is no toolchain: {cause}"))
            .help("name a release (1.78.0, 1.78), stable, beta, nightly-2026-05-19, a linked toolchain, or `latest`")
    })
}
