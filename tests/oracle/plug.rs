//! Builds that are killed while they run.

use std::thread;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process, kill_process_group, test_kill_process_group};

use super::support::cmd::{Cmd, wait_until};

/// Starts a command and kills it: with all that it started, as when the power fails, or alone, as `kill -9` does; then the
/// compilers that it leaves behind come to their own end before anything else happens.
pub(super) fn kill(cmd: Cmd, all: bool, after_ms: u64) {
    let running = cmd.spawn();
    let pid: Pid = running.pid();
    thread::sleep(Duration::from_millis(after_ms));
    // It may have ended already.
    if all {
        kill_process_group(pid, Signal::KILL).ok();
    } else {
        kill_process(pid, Signal::KILL).ok();
    }
    running.finish();
    wait_until("nobody is left of a killed build", || test_kill_process_group(pid).is_err());
}
