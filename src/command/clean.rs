//! `cargo clean`, held to the workspace's bounds. It stays cargo's own; xcargo only refuses to let it loose on what
//! is not this workspace's target or build dir.

use super::context::Context;
use crate::diagnostic::Failure;
use crate::policy::load::Loaded;
use crate::workspace::bounds;

/// Refuses where cargo would delete outside the bounds.
///
/// # Errors
/// The target or the build dir is out of bounds, or cannot be told.
pub(super) fn hold_to_bounds(context: &Context, loaded: Option<&Loaded>) -> Result<(), Failure> {
    let workspace = match &context.workspace {
        Ok(Some(workspace)) => workspace,
        // Without a manifest, or with one that it cannot read, cargo deletes nothing and says why.
        Ok(None) => return Ok(()),
        Err(error) if error.cargo_fails_too() => return Ok(()),
        Err(error) => return Err(error.clone().into_failure()),
    };
    let allowed = loaded.map_or(&[][..], |loaded| &loaded.policy.clean.allow_outside);
    let mut dirs = vec![&workspace.target_dir];
    if workspace.build_dir.value != workspace.target_dir.value {
        dirs.push(&workspace.build_dir);
    }
    for dir in dirs {
        bounds::prove(dir, workspace, allowed, &context.env)
            .and_then(|own| own.is_closed())
            .map_err(bounds::OutOfBounds::into_failure)?;
    }
    Ok(())
}
