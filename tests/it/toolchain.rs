//! `xcargo toolchain`, as a process: a real rustup, a local dist server, git repositories with every kind of file.

mod files;
mod set;
mod site;
