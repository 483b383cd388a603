//! `xcargo toolchain`, as a process: a real rustup, a local dist server, git repositories with every kind of file.

mod asking;
mod channels;
mod check;
mod dry_run;
mod faults;
mod files;
mod set;
mod shapes;
mod show;
mod site;
mod sync;
mod update;
