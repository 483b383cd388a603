//! The damage half of the zoo: files in the build dir that are not what cargo, rustc or a script wrote.
//!
//! Cargo looks at no content in there, and at no size. So each file is harmed as a power failure, a full disk or a bad one
//! would do it, its time is put back, and plain cargo goes on with it: it fails in every build, or it succeeds with what is
//! wrong.
//!
//! - `case`: a harm, what plain cargo makes of it, and what xcargo must; in a workspace that xcargo has recorded and, where
//!   the file alone is proof, in one that only plain cargo has built
//! - `find`: the files of a unit, in either layout
//! - `harm`: ways to damage a file
//! - `sets`: which units must be made again, in the commands that are used here

mod after;
mod case;
mod dep_info;
mod elsewhere;
mod find;
mod harm;
mod libraries;
mod metadata;
mod programs;
mod scripts;
mod sessions;
mod sets;
mod stopped;
mod toolchain;
