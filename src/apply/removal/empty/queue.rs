//! Work that is handed from one thread to another: only where another waits for some, so that there is never much of it.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// Tasks for a fixed number of threads, each of which may make more.
pub(super) struct Queue<T> {
    state: Mutex<State<T>>,
    changed: Condvar,
    threads: usize,
}

struct State<T> {
    tasks: VecDeque<T>,
    /// The threads that have nothing to do.
    idle: usize,
}

impl<T> Queue<T> {
    /// A queue with a first task.
    pub(super) fn new(threads: usize, first: T) -> Self {
        let state = State { tasks: VecDeque::from([first]), idle: 0 };
        Self { state: Mutex::new(state), changed: Condvar::new(), threads }
    }

    /// The next task. Waits for one; `None` once there is none and nobody is left who could make one.
    pub(super) fn next(&self) -> Option<T> {
        let mut state = self.lock();
        state.idle += 1;
        loop {
            if let Some(task) = state.tasks.pop_front() {
                state.idle -= 1;
                return Some(task);
            }
            if state.idle == self.threads {
                self.changed.notify_all();
                return None;
            }
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Hands a task to a thread that waits; `Some`, the task, if all are busy.
    pub(super) fn offer(&self, task: impl FnOnce() -> T) -> bool {
        let mut state = self.lock();
        if state.tasks.len() >= state.idle {
            return false;
        }
        state.tasks.push_back(task());
        drop(state);
        self.changed.notify_one();
        true
    }

    fn lock(&self) -> MutexGuard<'_, State<T>> {
        // A thread that panicked ends the command anyway (`std::thread::scope`).
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
