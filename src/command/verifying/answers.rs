//! What cargo remembers of the compiler goes where nobody saw cargo write it: cargo asks again. Cargo itself reads and writes that
//! file without a lock.

use std::collections::BTreeSet;

use super::Verifier;
use crate::apply::removal::Removal;
use crate::cache::{Entry, RUSTC_INFO, locks};
use crate::observe::freshness::Examined;
use crate::policy::Suspects;

impl Verifier<'_> {
    /// Whether cargo is made to ask the compiler again. Not where somebody builds (or nobody could tell): what cargo writes then
    /// would be no better known.
    pub(in crate::command) fn asks_again(&self, examined: &Examined) -> bool {
        examined.ledger.answers.is_some_and(|answers| answers.digest.is_none())
            && self.policy.cache.suspects.value == Suspects::Rebuild
            && !self.is_contested()
            && self.is_ours()
    }

    /// Removes what nobody saw cargo write. It stays where that cannot be done, and where nothing can be remembered: there it would
    /// have to go again and again.
    pub(in crate::command) fn ask_again(&self, examined: &mut Examined) {
        if self.asks_again(examined) && self.try_to_write(examined.clone()).is_ok() && self.forgets_answers()
        {
            examined.ledger.answers = None;
            examined.is_new = true;
        }
    }

    fn forgets_answers(&self) -> bool {
        let Ok(dir) = self.own_dir() else { return false };
        let none = self.locked_dirs(&BTreeSet::new());
        let locks = locks::try_lock(dir.path(), &self.workspace.target_dir.value, &none);
        let (Ok(locks::Held::Locks(locks)), Ok(removal)) = (locks, Removal::open(&dir)) else { return false };
        removal.take(&locks, &[Entry::File(RUSTC_INFO.into())]).is_ok()
    }
}
