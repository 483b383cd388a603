//! Unix: replacing the process, forwarding signals, dying of the child's signal.

use std::io;
use std::os::unix::process::{CommandExt as _, ExitStatusExt as _};
use std::process::{Command, ExitStatus};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, kill_process, waitid};
use signal_hook::consts::{SIGHUP, SIGINT, SIGQUIT, SIGTERM};
use signal_hook::iterator::exfiltrator::origin::WithOrigin;
use signal_hook::iterator::{Handle, SignalsInfo};
use signal_hook::low_level::siginfo::{Cause, Origin};

/// Becomes the command.
pub(super) fn replace(mut command: Command) -> io::Error {
    command.exec()
}

/// Runs the command to its end with signals forwarded.
pub(super) fn run(command: &mut Command) -> io::Result<ExitStatus> {
    let forwarder = Forwarder::start()?;
    let mut child = command.spawn()?;
    let pid = i32::try_from(child.id()).ok().and_then(Pid::from_raw);
    forwarder.child_is(pid);
    if let Some(pid) = pid {
        // The child is waited for without being reaped, so that its number cannot belong to somebody else while
        // a signal might still be forwarded to it.
        while let Err(rustix::io::Errno::INTR) =
            waitid(WaitId::Pid(pid), WaitIdOptions::EXITED | WaitIdOptions::NOWAIT)
        {}
    }
    forwarder.child_is(None);
    child.wait()
}

/// Dies of the signal that killed the child, or exits with its code.
pub(super) fn end_like(status: ExitStatus) -> ! {
    if let Some(signal) = status.signal() {
        // The child has left a core file where one was wanted; ours would only overwrite it.
        let none = rustix::process::Rlimit { current: Some(0), maximum: None };
        let _ = rustix::process::setrlimit(rustix::process::Resource::Core, none);
        die_of(signal);
        // Reached only for a signal that does not kill, which a dead child cannot have had.
        std::process::exit(128 + signal);
    }
    std::process::exit(status.code().unwrap_or(1));
}

/// Forwards what is sent to this process alone, and swallows what the terminal sends to the whole group: the child
/// has that already, and this process must outlive it to pass on how it ended.
struct Forwarder {
    state: Arc<Mutex<State>>,
    handle: Handle,
    thread: Option<std::thread::JoinHandle<()>>,
}

/// The child to forward to, and what came before it was there.
#[derive(Default)]
struct State {
    child: Option<Pid>,
    early: Vec<Signal>,
}

impl Forwarder {
    fn start() -> io::Result<Self> {
        // A signal that is ignored (nohup, a shell's background job) stays ignored, for the child as well.
        let wanted = [SIGTERM, SIGHUP, SIGINT, SIGQUIT].into_iter().filter(|signal| !is_ignored(*signal));
        let mut signals = SignalsInfo::<WithOrigin>::new(wanted)?;
        let handle = signals.handle();
        let state = Arc::new(Mutex::new(State::default()));
        let shared = Arc::clone(&state);
        let thread = std::thread::spawn(move || {
            for origin in signals.forever() {
                if let Some(signal) = to_forward(&origin) {
                    let mut state = lock(&shared);
                    match state.child {
                        Some(child) => drop(kill_process(child, signal)),
                        None => state.early.push(signal),
                    }
                }
            }
        });
        Ok(Self { state, handle, thread: Some(thread) })
    }

    fn child_is(&self, child: Option<Pid>) {
        let mut state = lock(&self.state);
        state.child = child;
        let early = std::mem::take(&mut state.early);
        if let Some(child) = child {
            for signal in early {
                let _ = kill_process(child, signal);
            }
        }
    }
}

impl Drop for Forwarder {
    fn drop(&mut self) {
        self.handle.close();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Ctrl-C and Ctrl-\ come from the kernel, which sends them to the child as well; sent by a process (`kill`), they
/// reach only this one. SIGTERM and SIGHUP are forwarded from wherever they come: twice does no harm, not at all does.
fn to_forward(origin: &Origin) -> Option<Signal> {
    let forward = match origin.signal {
        SIGINT | SIGQUIT => matches!(origin.cause, Cause::Sent(_)),
        _ => true,
    };
    if forward { Signal::from_named_raw(origin.signal) } else { None }
}

#[expect(unsafe_code, reason = "no safe way exists to ask for a signal's disposition without changing it")]
fn is_ignored(signal: i32) -> bool {
    // SAFETY: `sigaction` with a null new action only writes the current one into `current`, which is a valid
    // place for it; all-zero bytes are a valid `sigaction` to start from.
    unsafe {
        let mut current: libc::sigaction = std::mem::zeroed();
        libc::sigaction(signal, std::ptr::null(), &raw mut current) == 0
            && current.sa_sigaction == libc::SIG_IGN
    }
}

#[expect(unsafe_code, reason = "putting back a signal's default and raising it needs the C interface")]
fn die_of(signal: i32) {
    // SAFETY: plain calls with valid arguments; no handler of ours runs any more, and the set is initialised by
    // `sigemptyset` before it is used.
    unsafe {
        libc::signal(signal, libc::SIG_DFL);
        let mut set: libc::sigset_t = std::mem::zeroed();
        libc::sigemptyset(&raw mut set);
        libc::sigaddset(&raw mut set, signal);
        libc::pthread_sigmask(libc::SIG_UNBLOCK, &raw const set, std::ptr::null_mut());
        libc::raise(signal);
    }
}
