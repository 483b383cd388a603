//! Many small looks at the disk on all cores, few of them on this thread alone.

use rayon::iter::{IntoParallelIterator, ParallelIterator};

/// From so many on it is worth while to have threads, which cost as much to start as some hundred files to read. A clean of
/// a small build dir, which is before many a build, starts none.
const FEW: usize = 256;

/// What `of` makes of each, in the order given.
pub(super) fn map<T: Send, R: Send>(items: Vec<T>, of: impl Fn(T) -> R + Sync + Send) -> Vec<R> {
    if items.len() < FEW {
        items.into_iter().map(of).collect()
    } else {
        items.into_par_iter().map(of).collect()
    }
}
