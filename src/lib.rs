//! xcargo: a drop-in front end for cargo, run the way a repository's `doctor.toml` says.
//!
//! # The way of the data
//!
//! ```text
//! argv, env ──► Invocation ──► Workspace ──► Policy ──► Observed ──► Plan ──► apply ──► cargo ──► stamp ──► Exit
//!               what is        root, target  doctor.toml what the     pure     the only          what this
//!               asked          and build dir → rules     disk says    decision place that acts   run was based on
//! ```
//!
//! A plain build pays only for what its policy needs: without a `doctor.toml` the process becomes cargo after looking
//! for that file; with one, and nothing changed since the last build, after a handful of `stat`s and small reads.
//!
//! # The rooms
//!
//! | room | what is there |
//! |---|---|
//! | [`invocation`] | argv → what is asked: ours or cargo's, `+toolchain`, the flags that say where |
//! | [`cargo_exe`], [`nested`] | the real cargo, never ourselves; whether an outer cargo runs this call |
//! | [`workspace`] | root, members, target and build dir, bounds, cargo's config: no child process |
//! | [`policy`] | doctor.toml: raw with spans → validated; merging, template, schema |
//! | [`toolchain`] | names, rustup's precedence, the toolchain file, a compiler's identity |
//! | [`pins`] | every other place that names a toolchain: one recogniser per kind of file, roles, edits |
//! | [`cache`] | a build dir as data: layouts, units, who built them; cargo's locks |
//! | [`observe`] | what the disk says now, asked for in parts: pin, lock file, stamp, known compilers |
//! | [`report`] | what is in a build dir, for people and programs: pure data, and its text, JSON and page |
//! | [`plan`] | pure: which steps, which units, which refusals, and the words for them |
//! | [`doctor`] | pure: what is wrong with a build cache, in findings with codes that stay; what each message means |
//! | [`apply`] | effects: processes, atomic files, guarded removal, rustup's commands |
//! | [`command`] | one short file per verb: observe → plan → show or apply → exit |
//! | [`cli`], [`output`], [`diagnostic`], [`exit`], [`env`](mod@env), [`sourced`] | the ground |
//!
//! # Invariants (held by `tests/it/house.rs`)
//!
//! 1. Only [`env`](mod@env) reads `std::env`; everything else is given a snapshot.
//! 2. [`policy`] (but its loader), [`toolchain`] (but its probe), [`pins`], [`plan`], [`doctor`], [`report`] and [`invocation`] touch neither disk nor
//!    processes nor clock.
//! 3. Only [`apply`] changes anything on the disk (cargo's lock files apart, which [`cache`] opens as cargo does).
//! 4. Only [`output`] prints.
//! 5. What goes to cargo is never converted: arguments stay `OsString`, paths stay `Path`.
//! 6. Unknown means untouched: a unit, a layout, a policy key or a lock that cannot be judged is said and left alone.

pub mod apply;
pub mod cache;
pub mod cargo_exe;
pub mod cli;
pub mod command;
pub mod diagnostic;
pub mod doctor;
pub mod env;
pub mod exit;
pub mod invocation;
pub mod nested;
pub mod observe;
pub mod output;
pub mod pins;
pub mod plan;
pub mod policy;
pub mod report;
pub mod sourced;
pub mod toolchain;
pub mod workspace;
