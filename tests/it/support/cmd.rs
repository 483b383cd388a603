//! Running a program in a sandbox, with a deadline, and what came of it.

use std::ffi::{OsStr, OsString};
use std::io::{Read, Write};
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::Once;
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process, kill_process_group};

/// A program that is still running after this long hangs; the whole suite takes less.
pub(crate) const DEADLINE: Duration = Duration::from_secs(240);

/// A program about to be run.
pub(crate) struct Cmd {
    inner: Command,
    stdin: Vec<u8>,
}

impl Cmd {
    /// The program, with exactly these variables as its environment.
    pub(crate) fn new(
        program: impl AsRef<OsStr>,
        dir: &Path,
        vars: impl IntoIterator<Item = (OsString, OsString)>,
    ) -> Self {
        let mut inner = Command::new(program);
        inner.env_clear().envs(vars).current_dir(dir);
        Self { inner, stdin: Vec::new() }
    }

    /// With one more argument.
    pub(crate) fn arg(mut self, arg: impl AsRef<OsStr>) -> Self {
        self.inner.arg(arg);
        self
    }

    /// With more arguments.
    pub(crate) fn args(mut self, args: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Self {
        self.inner.args(args);
        self
    }

    /// With one more variable.
    pub(crate) fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.inner.env(name, value);
        self
    }

    /// In this directory.
    pub(crate) fn dir(mut self, dir: impl AsRef<Path>) -> Self {
        self.inner.current_dir(dir);
        self
    }

    /// As this user and group, which only root may ask for.
    pub(crate) fn user(mut self, id: u32) -> Self {
        self.inner.uid(id).gid(id);
        self
    }

    /// With this on standard input, which is empty otherwise.
    pub(crate) fn stdin(mut self, text: &str) -> Self {
        self.stdin = text.as_bytes().to_vec();
        self
    }

    /// Runs it to its end.
    pub(crate) fn run(self) -> Run {
        self.spawn().finish()
    }

    /// Starts it, in a process group of its own.
    pub(crate) fn spawn(mut self) -> Running {
        default_signals();
        let shown = format!("{:?}", self.inner);
        self.inner.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).process_group(0);
        let mut child = self.inner.spawn().unwrap_or_else(|error| panic!("{shown}: {error}"));
        let mut stdin = child.stdin.take().expect("stdin is a pipe");
        let text = self.stdin;
        // A program that does not read its input closes the pipe; that is its own affair.
        thread::spawn(move || stdin.write_all(&text).ok());
        let stdout = collect(child.stdout.take().expect("stdout is a pipe"));
        let stderr = collect(child.stderr.take().expect("stderr is a pipe"));
        Running { child, shown, stdout, stderr, seen: Vec::new(), seen_err: Vec::new() }
    }

    /// The command itself, for those who attach something else than pipes.
    pub(crate) fn into_inner(self) -> Command {
        self.inner
    }
}

/// A program that is running.
pub(crate) struct Running {
    child: Child,
    shown: String,
    stdout: Receiver<Vec<u8>>,
    stderr: Receiver<Vec<u8>>,
    seen: Vec<u8>,
    seen_err: Vec<u8>,
}

impl Running {
    /// Waits until its standard output holds `text`.
    pub(crate) fn wait_for(&mut self, text: &str) {
        if !fill(&mut self.seen, &self.stdout, text) {
            self.never(text);
        }
    }

    /// Waits until its standard error holds `text`.
    pub(crate) fn wait_for_err(&mut self, text: &str) {
        if !fill(&mut self.seen_err, &self.stderr, text) {
            self.never(text);
        }
    }

    fn never(&mut self, text: &str) -> ! {
        self.kill();
        for (seen, more) in [(&mut self.seen, &self.stdout), (&mut self.seen_err, &self.stderr)] {
            seen.extend(more.iter().flatten());
        }
        let [out, err] = [&self.seen, &self.seen_err].map(|seen| String::from_utf8_lossy(seen));
        panic!("{} never printed {text:?}:\n{out}\n{err}", self.shown);
    }

    /// Sends a signal to this one process, not to its children.
    pub(crate) fn signal(&self, signal: Signal) {
        kill_process(self.pid(), signal).expect("the process takes a signal");
    }

    /// Waits for its end and for all that it printed.
    pub(crate) fn finish(mut self) -> Run {
        let mut stdout = std::mem::take(&mut self.seen);
        let mut stderr = std::mem::take(&mut self.seen_err);
        for (from, to) in [(&self.stdout, &mut stdout), (&self.stderr, &mut stderr)] {
            loop {
                match from.recv_timeout(DEADLINE) {
                    Ok(more) => to.extend(more),
                    Err(std::sync::mpsc::RecvTimeoutError::Disconnected) => break,
                    Err(std::sync::mpsc::RecvTimeoutError::Timeout) => {
                        self.kill();
                        panic!("{} hangs; so far:\n{}", self.shown, String::from_utf8_lossy(to));
                    }
                }
            }
        }
        let status = self.child.wait().expect("a child can be waited for");
        Run { shown: self.shown, status, stdout, stderr }
    }

    /// The process that was started.
    pub(crate) fn pid(&self) -> Pid {
        Pid::from_child(&self.child)
    }

    /// It leads a group of its own, so this reaches its children too. It may have ended already.
    fn kill(&self) {
        kill_process_group(self.pid(), Signal::KILL).ok();
    }
}

/// What came of a program.
#[derive(Debug)]
pub(crate) struct Run {
    /// The command, for messages.
    pub(crate) shown: String,
    /// How it ended.
    pub(crate) status: ExitStatus,
    /// All of its standard output.
    pub(crate) stdout: Vec<u8>,
    /// All of its standard error.
    pub(crate) stderr: Vec<u8>,
}

impl Run {
    /// Asserts that it ended with 0.
    #[track_caller]
    pub(crate) fn ok(self) -> Self {
        self.code(0)
    }

    /// Asserts that it ended with this exit code.
    #[track_caller]
    pub(crate) fn code(self, code: i32) -> Self {
        assert_eq!(self.status.code(), Some(code), "{}", self.show());
        self
    }

    /// The signal that killed it.
    pub(crate) fn killed_by(&self) -> Option<i32> {
        self.status.signal()
    }

    /// Its standard output as text.
    pub(crate) fn out(&self) -> String {
        String::from_utf8_lossy(&self.stdout).into_owned()
    }

    /// Its standard error as text.
    pub(crate) fn err(&self) -> String {
        String::from_utf8_lossy(&self.stderr).into_owned()
    }

    /// All there is to know, for a failed assertion.
    pub(crate) fn show(&self) -> String {
        format!("{}\n{}\n--- stdout\n{}--- stderr\n{}", self.shown, self.status, self.out(), self.err())
    }
}

/// Receives until `text` is there; false if it never comes.
fn fill(seen: &mut Vec<u8>, from: &Receiver<Vec<u8>>, text: &str) -> bool {
    while !String::from_utf8_lossy(seen).contains(text) {
        match from.recv_timeout(DEADLINE) {
            Ok(more) => seen.extend(more),
            Err(_) => return false,
        }
    }
    true
}

/// Waits until something holds that another process brings about.
#[track_caller]
pub(crate) fn wait_until(what: &str, holds: impl Fn() -> bool) {
    let started = Instant::now();
    while !holds() {
        assert!(started.elapsed() < DEADLINE, "never so: {what}");
        thread::sleep(Duration::from_millis(5));
    }
}

/// Signals do what they do by default, here and so in every child, whoever started the tests: a job in the background of a
/// script has SIGINT and SIGQUIT ignored, one behind nohup SIGHUP.
pub(super) fn default_signals() {
    static ONCE: Once = Once::new();
    #[expect(unsafe_code, reason = "a signal's disposition is set through the C interface")]
    ONCE.call_once(|| {
        for signal in [libc::SIGINT, libc::SIGQUIT, libc::SIGHUP, libc::SIGTERM, libc::SIGUSR1, libc::SIGUSR2]
        {
            // SAFETY: the default disposition has no handler that could run.
            unsafe { libc::signal(signal, libc::SIG_DFL) };
        }
    });
}

/// Reads to the end on a thread of its own, piece by piece. A terminal's other end is closed with an error on Linux and with
/// an end of file elsewhere: both end it.
pub(super) fn collect(mut from: impl Read + Send + 'static) -> Receiver<Vec<u8>> {
    let (send, receive) = channel();
    thread::spawn(move || {
        let mut buffer = [0; 8192];
        while let Ok(length @ 1..) = from.read(&mut buffer) {
            if send.send(buffer[..length].to_vec()).is_err() {
                break;
            }
        }
    });
    receive
}
