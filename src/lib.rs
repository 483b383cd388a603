//! xcargo: a drop-in front end for cargo. (The map of the house is completed as the rooms are built.)

pub mod apply;
pub mod cache;
pub mod cargo_exe;
pub mod cli;
pub mod command;
pub mod diagnostic;
pub mod env;
pub mod exit;
pub mod policy;
pub mod sourced;
pub mod toolchain;
pub mod workspace;
