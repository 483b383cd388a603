//! What cargo remembers of the compiler goes where nobody saw cargo write it: cargo asks again. Cargo itself reads and writes that
//! file without a lock.

use std::collections::BTreeSet;

use super::Verifier;
use crate::apply::removal::Removal;
use crate::cache::{Entry, RUSTC_INFO, locks};
use crate::observe::freshness::Examined;
use crate::policy::Suspects;
use crate::workspace::bounds::OwnDir;

impl Verifier<'_> {
    /// The build dir in which cargo is made to ask the compiler again. Not where somebody builds (or nobody could tell): what cargo
    /// writes then would be no better known.
    pub(super) fn dir_to_forget_in(&self, examined: &Examined) -> Option<OwnDir> {
        let is_unknown = examined.ledger.answers.is_some_and(|answers| answers.digest.is_none());
        let is_wanted = is_unknown && self.policy.cache.suspects.value == Suspects::Rebuild;
        if is_wanted && !self.is_contested() { self.own_dir().ok() } else { None }
    }

    /// Removes what nobody saw cargo write. It stays where that cannot be done, and where nothing can be remembered: there it would
    /// have to go again and again.
    pub(in crate::command) fn ask_again(&self, examined: &mut Examined) {
        let Some(dir) = self.dir_to_forget_in(examined) else { return };
        if self.try_to_write(examined.clone()).is_ok() && self.forgets_answers(&dir) {
            examined.ledger.answers = None;
            examined.is_new = true;
        }
    }

    fn forgets_answers(&self, dir: &OwnDir) -> bool {
        let none = self.locked_dirs(&BTreeSet::new());
        let locks = locks::try_lock(dir.path(), &self.workspace.target_dir.value, &none);
        let (Ok(locks::Held::Locks(locks)), Ok(removal)) = (locks, Removal::open(dir)) else { return false };
        removal.take(&locks, &[Entry::File(RUSTC_INFO.into())]).is_ok()
    }
}
