//! Faults on demand: at the n-th step of this thread it is killed, or the system says no.

use std::cell::Cell;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

/// What goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    /// The process ends there: nothing that it would do afterwards is done.
    Kill(usize),
    /// This one step fails.
    Fail(usize),
    /// This step fails and all after it.
    FailFrom(usize),
}

thread_local! {
    static FAULT: Cell<Option<Fault>> = const { Cell::new(None) };
    static STEPS: Cell<usize> = const { Cell::new(0) };
}

struct Killed;

/// One step of the code under test.
pub(in super::super) fn step() -> io::Result<()> {
    let at = STEPS.replace(STEPS.get() + 1);
    match FAULT.get() {
        // No destructor of the code under test does anything that a killed process would not.
        Some(Fault::Kill(wanted)) if wanted == at => resume_unwind(Box::new(Killed)),
        Some(Fault::Fail(wanted)) if wanted == at => Err(io::ErrorKind::StorageFull.into()),
        Some(Fault::FailFrom(wanted)) if wanted <= at => Err(io::ErrorKind::StorageFull.into()),
        _ => Ok(()),
    }
}

/// Runs something with a fault. `None`: it was killed. The second says whether the fault was met at all.
pub(super) fn with<T>(fault: Fault, run: impl FnOnce() -> T) -> (Option<T>, bool) {
    FAULT.set(Some(fault));
    STEPS.set(0);
    let done = catch_unwind(AssertUnwindSafe(run));
    FAULT.set(None);
    let (Fault::Kill(at) | Fault::Fail(at) | Fault::FailFrom(at)) = fault;
    let met = STEPS.get() > at;
    match done {
        Ok(done) => (Some(done), met),
        Err(thrown) if thrown.is::<Killed>() => (None, met),
        Err(thrown) => resume_unwind(thrown),
    }
}
