//! A drop-in: whoever types `xcargo` for `cargo` must not be able to tell, but for what policy asks for.

mod argv;
mod environment;
mod finding;
mod names;
mod streams;

/// A valid policy that asks for nothing in particular, so that xcargo stays behind cargo instead of becoming it.
const POLICY: &str = "[policy]\nenforce = \"deny\"\n";
