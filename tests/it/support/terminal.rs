//! A program under a pseudo-terminal, so that it sees what a user at a terminal sees.
//!
//! The one place with `unsafe`: the child must become a session leader and take the terminal between fork and exec.

use std::fs::{File, OpenOptions};
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::os::unix::process::CommandExt;
use std::process::{Child, Stdio};
use std::sync::mpsc::Receiver;

use rustix::process::{Pid, Signal, ioctl_tiocsctty, kill_process_group, setsid};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{Winsize, tcsetwinsize};

use super::cmd::{Cmd, DEADLINE, Run, collect, default_signals};

/// A running program and the user's end of its terminal.
pub(crate) struct Terminal {
    child: Child,
    shown: String,
    keyboard: File,
    screen: Receiver<Vec<u8>>,
    seen: Vec<u8>,
}

impl Terminal {
    /// Starts the program with a terminal of 100 columns as its stdin, stdout, stderr and controlling terminal.
    pub(crate) fn start(cmd: Cmd) -> Self {
        default_signals();
        let master =
            openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC).expect("a terminal");
        grantpt(&master).expect("the terminal's other end may be opened");
        unlockpt(&master).expect("the terminal's other end can be opened");
        let size = Winsize { ws_row: 30, ws_col: 100, ws_xpixel: 0, ws_ypixel: 0 };
        tcsetwinsize(&master, size).expect("the terminal takes a size");
        let name = ptsname(&master, Vec::new()).expect("the terminal's name").into_string().expect("UTF-8");
        let slave = || {
            let noctty = rustix::fs::OFlags::NOCTTY.bits();
            let flags = i32::try_from(noctty).expect("a flag of open(2)");
            OpenOptions::new()
                .read(true)
                .write(true)
                .custom_flags(flags)
                .open(&name)
                .expect("the terminal opens")
        };
        let mut command = cmd.into_inner();
        let shown = format!("{command:?}");
        command.stdin(slave()).stdout(slave()).stderr(Stdio::from(slave()));
        #[expect(unsafe_code, reason = "the standard library has no safe way to give a child a terminal")]
        // SAFETY: setsid(2) and ioctl(2) are async-signal-safe, and nothing here allocates.
        unsafe {
            command.pre_exec(|| {
                setsid()?;
                ioctl_tiocsctty(rustix::stdio::stdin())?;
                Ok(())
            });
        }
        let child = command.spawn().unwrap_or_else(|error| panic!("{shown}: {error}"));
        // It holds the terminal's other end open, and as long as that is open there is no end of file.
        drop(command);
        let keyboard = File::from(master);
        let screen = collect(keyboard.try_clone().expect("a second handle"));
        Self { child, shown, keyboard, screen, seen: Vec::new() }
    }

    /// Types.
    pub(crate) fn type_in(&mut self, text: &str) {
        self.keyboard.write_all(text.as_bytes()).expect("the terminal takes input");
    }

    /// Waits until the screen has shown `text`.
    pub(crate) fn wait_for(&mut self, text: &str) {
        while !String::from_utf8_lossy(&self.seen).contains(text) {
            match self.screen.recv_timeout(DEADLINE) {
                Ok(more) => self.seen.extend(more),
                Err(_) => {
                    let seen = String::from_utf8_lossy(&self.seen).into_owned();
                    self.hang(&format!("never showed {text:?}:\n{seen}"))
                }
            }
        }
    }

    /// Waits for the program's end. All that the screen has shown is in the run's `stdout`.
    pub(crate) fn finish(mut self) -> Run {
        loop {
            match self.screen.recv_timeout(DEADLINE) {
                Ok(more) => self.seen.extend(more),
                Err(std::sync::mpsc::RecvTimeoutError::Disconnected) => break,
                Err(std::sync::mpsc::RecvTimeoutError::Timeout) => self.hang("does not end"),
            }
        }
        let status = self.child.wait().expect("a child can be waited for");
        Run { shown: self.shown, status, stdout: self.seen, stderr: Vec::new() }
    }

    fn hang(&self, how: &str) -> ! {
        // It leads a session, and so a group, of its own.
        kill_process_group(Pid::from_child(&self.child), Signal::KILL).ok();
        panic!("{} {how}", self.shown);
    }
}
