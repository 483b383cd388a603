//! Whose the files are: a directory of somebody else's is not cleaned, even where permissions would allow it.
//!
//! Root is no exception, with one: in a container root builds and cleans a workspace that is mounted from outside and belongs
//! to user 1000, say. So root may clean what is its own or belongs to whoever the workspace belongs to, and no third user's.

use std::path::{Path, PathBuf};

use cap_std::fs::Dir;

use super::evidence;

/// A directory that belongs to somebody else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Foreign {
    /// The directory itself, or a profile's directory in it.
    pub(super) at: PathBuf,
    /// The user it belongs to.
    pub(super) owner: u32,
    /// The user that runs this.
    pub(super) me: u32,
}

/// The first directory, of this one and those of profiles in it, that belongs to a stranger.
#[cfg(unix)]
pub(super) fn first_foreign(dir: &Dir, real: &Path, root: &Path) -> std::io::Result<Option<Foreign>> {
    use cap_std::fs::MetadataExt as _;
    let me = rustix::process::geteuid().as_raw();
    let workspaces = std::os::unix::fs::MetadataExt::uid(&std::fs::metadata(root)?);
    let may = |owner| may_clean(me, owner, workspaces);
    let mut owners = vec![(real.to_path_buf(), dir.dir_metadata()?.uid())];
    for (path, profile) in evidence::profiles(dir) {
        owners.push((real.join(path), profile.dir_metadata()?.uid()));
    }
    Ok(owners.into_iter().find(|(_, owner)| !may(*owner)).map(|(at, owner)| Foreign { at, owner, me }))
}

#[cfg(unix)]
const fn may_clean(me: u32, owner: u32, workspaces: u32) -> bool {
    owner == me || (me == 0 && owner == workspaces)
}

/// Elsewhere owners are not numbers, and permissions decide.
#[cfg(not(unix))]
pub(super) fn first_foreign(_: &Dir, _: &Path, _: &Path) -> std::io::Result<Option<Foreign>> {
    Ok(None)
}

#[cfg(all(test, unix))]
mod tests {
    use super::may_clean;

    #[test]
    fn a_strangers_directory_is_not_ours_to_clean() {
        for (me, owner, workspaces, may) in [
            (1000, 1000, 1000, true),
            (1000, 1000, 0, true),
            (1000, 0, 1000, false),
            (1000, 1001, 1001, false),
            (0, 0, 0, true),
            (0, 0, 1000, true),
            (0, 1000, 1000, true),
            (0, 1000, 0, false),
            (0, 1001, 1000, false),
        ] {
            assert_eq!(may_clean(me, owner, workspaces), may, "{me} {owner} {workspaces}");
        }
    }
}
