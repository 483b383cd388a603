//! Shows that files are read, where that takes long enough to be noticed.

use std::sync::OnceLock;
use std::time::{Duration, Instant};

use crate::command::context::Context;
use crate::output::Progress;

/// Reading files is shown once it takes longer than this.
const PATIENCE: Duration = Duration::from_millis(500);

/// Shows that files are read, where it takes longer.
pub(super) struct Watch<'a> {
    context: &'a Context,
    since: Instant,
    bar: OnceLock<Progress>,
}

impl<'a> Watch<'a> {
    pub(super) fn new(context: &'a Context) -> Self {
        Self { context, since: Instant::now(), bar: OnceLock::new() }
    }

    pub(super) fn reached(&self, done: u64, total: u64) {
        if self.since.elapsed() > PATIENCE {
            self.bar.get_or_init(|| self.context.output.progress_in_bytes("Verifying", total)).reached(done);
        }
    }
}
