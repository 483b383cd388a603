//! Deletes what is in the trash: on Unix by all cores, elsewhere by one.

#[cfg(not(unix))]
mod other;
#[cfg(unix)]
mod queue;
#[cfg(unix)]
mod unix;

use crate::cache::Size;

#[cfg(not(unix))]
pub(super) use other::all;
#[cfg(unix)]
pub(super) use unix::all;

/// Whether it is counted what is deleted. A count costs a look at each file.
#[derive(Clone, Copy)]
pub(super) enum Count<'a> {
    /// It is, and this is told how much it is so far.
    Yes(&'a (dyn Fn(Size) + Sync)),
    /// Nobody wants to know.
    No,
}
