//! Leaves the stamp: what this run was started from, for the next one to compare with.
//!
//! It is written before cargo runs wherever there is a build dir to hold it: a build that takes hours must not write over
//! what others have recorded meanwhile.

use super::{Done, Run};
use crate::apply::record;
use crate::cache::stamp::Stamp;
use crate::observe::build::Observed;
use crate::plan::Goal;

/// Whether what there is to record is recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Recorded {
    /// It is, or will never be.
    Yes,
    /// There is no build dir yet.
    NoBuildDir,
}

impl Run<'_> {
    /// Writes the stamp, where cargo has made a build dir for it. That it could not be written costs the next build a
    /// second look; it is said, and is no failure of this one.
    pub(super) fn record(&self, observed: &Observed, done: &Done) -> Recorded {
        // The build dir itself may be a link; what is behind it is where cargo builds, and nothing is deleted here.
        if !fs_err::metadata(&self.workspace.build_dir.value).is_ok_and(|meta| meta.is_dir()) {
            return Recorded::NoBuildDir;
        }
        if let Some(stamp) = self.stamp(observed, done).filter(|stamp| observed.stamp.as_ref() != Some(stamp))
            && let Err(cause) = record::stamp(&observed.stamp_path, &stamp)
        {
            let path = observed.stamp_path.display();
            self.context.output.status("Skipping", format!("the record of this build: {path}: {cause}"));
        }
        self.record_use(observed);
        Recorded::Yes
    }

    /// The stamp of now. `None`: there is nothing to record.
    fn stamp(&self, observed: &Observed, done: &Done) -> Option<Stamp> {
        let before = observed.stamp.clone();
        let mut stamp = match self.goal {
            // Nothing is built, nothing is moved.
            Goal::Other => return None,
            // An update changes no compiler, and without a stamp there is nothing to bring forward.
            Goal::Update => before?,
            Goal::Build | Goal::Change => {
                let identity = observed.identity_if_installed(&self.context.env)?;
                match before {
                    Some(stamp) => stamp.with_pin(identity),
                    None => Stamp::first(identity),
                }
            }
        };
        stamp.policy.clone_from(&self.loaded.digest);
        stamp.root = Some(self.workspace.root.clone());
        // A change of the toolchain says nothing of the lock file: that it moved is still the next build's matter.
        if self.goal != Goal::Change {
            stamp.lock.clone_from(&observed.lock);
        }
        stamp.refreshed.extend(done.refreshed.clone());
        Some(stamp)
    }
}
