//! Which compiler a CI job really runs, by rustup's own ranking, and whether that is the one that the job claims to run.
