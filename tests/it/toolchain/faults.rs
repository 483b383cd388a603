//! What goes wrong on the way of a `set`, one thing at a time: it ends with its exit code, says the way out, and every file is
//! as it was, or every file is new.

mod blocked;
mod disk;
mod files;
mod ground;
mod install;
mod killed;
mod server;
