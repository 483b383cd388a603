//! Unix: replacing the process, forwarding signals, dying of the child's signal.

use std::io;
use std::os::unix::process::{CommandExt as _, ExitStatusExt as _};
use std::process::{Command, ExitStatus};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, kill_process, waitid};
use signal_hook::consts::{SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2};
use signal_hook::iterator::SignalsInfo;
use signal_hook::iterator::exfiltrator::origin::WithOrigin;
use signal_hook::low_level::siginfo::{Cause, Origin};

/// Becomes the command.
pub(super) fn replace(mut command: Command) -> io::Error {
    command.exec()
}

/// Runs the command to its end with signals forwarded.
pub(super) fn run(command: &mut Command) -> io::Result<ExitStatus> {
    let forwarder = Forwarder::start()?;
    forwarder.becomes(State::Starting(Vec::new()));
    let mut child = command.spawn().inspect_err(|_| forwarder.becomes(State::Idle))?;
    let Some(pid) = i32::try_from(child.id()).ok().and_then(Pid::from_raw) else { return child.wait() };
    forwarder.becomes(State::Running(pid));
    // The child is waited for without being reaped, so that its number cannot belong to somebody else while a signal
    // might still be forwarded to it.
    while let Err(rustix::io::Errno::INTR) =
        waitid(WaitId::Pid(pid), WaitIdOptions::EXITED | WaitIdOptions::NOWAIT)
    {}
    forwarder.becomes(State::Idle);
    child.wait()
}

/// Whether a signal ended the child.
pub(super) fn was_killed(status: ExitStatus) -> bool {
    status.signal().is_some()
}

/// Dies of the signal that killed the child, or exits with its code.
pub(super) fn end_like(status: ExitStatus) -> ! {
    if let Some(signal) = status.signal() {
        // The child has left a core file where one was wanted; ours would only overwrite it.
        let limit = rustix::process::getrlimit(rustix::process::Resource::Core);
        let none = rustix::process::Rlimit { current: Some(0), ..limit };
        let _ = rustix::process::setrlimit(rustix::process::Resource::Core, none);
        die_of(signal);
        // Reached only for a signal that does not kill, which a dead child cannot have had.
        std::process::exit(128 + signal);
    }
    std::process::exit(status.code().unwrap_or(1));
}

/// Forwards what is sent to this process alone, and swallows what the terminal sends to the whole group: the child has
/// that already, and this process must outlive it to pass on how it ended. Where no child runs, a signal does what it
/// would do without xcargo's handlers.
///
/// It is started with the first child and stays: handlers cannot be taken away again without losing what arrives meanwhile.
struct Forwarder {
    state: Arc<Mutex<State>>,
}

/// Whether there is a child to forward to.
enum State {
    /// None.
    Idle,
    /// About to be; these came too early for it.
    Starting(Vec<Signal>),
    /// This one.
    Running(Pid),
}

impl Forwarder {
    fn start() -> io::Result<&'static Self> {
        static ONLY: OnceLock<Forwarder> = OnceLock::new();
        if let Some(forwarder) = ONLY.get() {
            return Ok(forwarder);
        }
        // A signal that is ignored (nohup, a shell's background job) stays ignored, for the child as well.
        let wanted = [SIGTERM, SIGHUP, SIGINT, SIGQUIT, SIGUSR1, SIGUSR2]
            .into_iter()
            .filter(|signal| !is_ignored(*signal));
        let mut signals = SignalsInfo::<WithOrigin>::new(wanted)?;
        let state = Arc::new(Mutex::new(State::Idle));
        let shared = Arc::clone(&state);
        std::thread::spawn(move || {
            for origin in signals.forever() {
                take(&mut lock(&shared), &origin);
            }
        });
        Ok(ONLY.get_or_init(|| Self { state }))
    }

    fn becomes(&self, next: State) {
        let before = std::mem::replace(&mut *lock(&self.state), next);
        if let State::Starting(early) = before {
            for signal in early {
                match &*lock(&self.state) {
                    State::Running(child) => drop(kill_process(*child, signal)),
                    // It could not be started: the signal was meant for this process alone.
                    State::Idle | State::Starting(_) => die_of(signal.as_raw()),
                }
            }
        }
    }
}

/// Does with a signal what the state asks for.
fn take(state: &mut State, origin: &Origin) {
    let Some(signal) = Signal::from_named_raw(origin.signal) else { return };
    match state {
        State::Idle => die_of(origin.signal),
        State::Starting(early) => early.push(signal),
        State::Running(child) if is_for_us_alone(origin) => drop(kill_process(*child, signal)),
        State::Running(_) => {}
    }
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Ctrl-C and Ctrl-\ come from the kernel, which sends them to the child as well; sent by a process (`kill`), they
/// reach only this one. SIGTERM and SIGHUP are forwarded from wherever they come: nobody types them.
fn is_for_us_alone(origin: &Origin) -> bool {
    match origin.signal {
        SIGINT | SIGQUIT => matches!(origin.cause, Cause::Sent(_)),
        _ => true,
    }
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
