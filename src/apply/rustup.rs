//! The commands that are given to rustup, as a user could type them, and whose turn it is to run them.

mod turn;

use std::path::{Path, PathBuf};
use std::process::Command;

pub use turn::Turn;

use crate::cargo_exe::CargoExe;
use crate::env::Env;
use crate::plan::Presence;
use crate::toolchain::Active;

/// The rustup that stands behind the cargo proxy: beside it, else in PATH.
#[must_use]
pub fn executable(cargo: &CargoExe, env: &Env) -> Option<PathBuf> {
    let name = format!("rustup{}", std::env::consts::EXE_SUFFIX);
    let beside = cargo.path.with_file_name(&name);
    std::iter::once(beside)
        .chain(env.search_path().into_iter().map(|dir| dir.join(&name)))
        .find(|candidate| fs_err::metadata(candidate).is_ok_and(|meta| meta.is_file()))
}

/// What installs the missing parts of a toolchain: all of it with what the toolchain file asks for, or only the
/// components and targets that it lacks (installing again would also move a moving channel).
#[must_use]
pub fn install(rustup: &Path, toolchain: &Active, missing: &Presence) -> Vec<Command> {
    let name = toolchain.name.value.as_str();
    match missing {
        Presence::Complete | Presence::CannotInstall(_) => Vec::new(),
        Presence::Missing => vec![whole(rustup, toolchain)],
        Presence::HalfInstalled => {
            let mut remove = Command::new(rustup);
            remove.args(["toolchain", "uninstall", name]);
            vec![remove, whole(rustup, toolchain)]
        }
        Presence::Lacks { components, targets } => [("component", components), ("target", targets)]
            .into_iter()
            .filter(|(_, wanted)| !wanted.is_empty())
            .map(|(kind, wanted)| {
                let mut command = Command::new(rustup);
                command.args([kind, "add", "--toolchain", name]).args(wanted);
                command
            })
            .collect(),
    }
}

fn whole(rustup: &Path, toolchain: &Active) -> Command {
    let mut command = Command::new(rustup);
    command.args(["toolchain", "install", toolchain.name.value.as_str(), "--no-self-update"]);
    if let Some(profile) = &toolchain.wants.profile {
        command.args(["--profile", profile.as_str()]);
    }
    for component in &toolchain.wants.components {
        command.args(["--component", component]);
    }
    for target in &toolchain.wants.targets {
        command.args(["--target", target]);
    }
    command
}

/// What brings a moving channel up to date.
#[must_use]
pub fn update(rustup: &Path, channel: &str) -> Command {
    let mut command = Command::new(rustup);
    command.args(["update", channel, "--no-self-update"]);
    command
}
