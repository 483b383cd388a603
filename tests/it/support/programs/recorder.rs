//! Stands in the place of a program: notes that it was started, then becomes that program.
//!
//! Beside it lies `<its name>.recorder`: the log, the place's name and the real program, a line each. There is no
//! variable and no argument of its own, so that what runs cannot tell it from the real one.

use std::env;
use std::ffi::OsString;
use std::fs::{self, OpenOptions};
use std::io::Write;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::process::{CommandExt, parent_id};
use std::process::Command;

fn main() {
    let exe = env::current_exe().expect("its own file");
    let mut note = exe.clone().into_os_string();
    note.push(".recorder");
    let note = fs::read_to_string(note).expect("the note beside it");
    let [log, place, real] = note.lines().collect::<Vec<_>>()[..] else { panic!("three lines beside it") };

    let args: Vec<OsString> = env::args_os().collect();
    let tool = exe.file_name().expect("a name");
    let mut line = format!("{place}\t{}\t{}\t", std::process::id(), parent_id()).into_bytes();
    line.extend(tool.as_bytes());
    for arg in &args[1..] {
        line.push(b'\t');
        line.extend(arg.as_bytes().escape_ascii());
    }
    line.push(b'\n');
    // One write to a file opened for appending is one line, whoever else writes.
    OpenOptions::new().append(true).create(true).open(log).expect("the log").write_all(&line).expect("the log");

    let error = Command::new(real).arg0(&args[0]).args(&args[1..]).exec();
    panic!("{real}: {error}");
}
