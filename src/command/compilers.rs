//! The compilers that can be named, for those who show or choose by who built something.

use std::ffi::OsStr;
use std::path::Path;

use crate::cache::{Cache, stamp};
use crate::cargo_exe;
use crate::env::Env;
use crate::invocation::Invocation;
use crate::observe::compilers::{self, Compilers, Standing};
use crate::toolchain;

/// What stamps and, where they do not explain all that is in the cache, the installed toolchains say. What fails on the way
/// only leaves more compilers without a name. `env` is the environment as rustup sees it.
pub(super) fn known(
    cache: &Cache,
    root: Option<&Path>,
    env: &Env,
    invocation: &Invocation,
    argv0: &OsStr,
) -> Compilers {
    let own = root.map(|root| stamp::path(&cache.dir, root)).unwrap_or_default();
    let mut known = Compilers::recorded(&cache.dir, &own);
    if !known.explain(&cache.rustc_hashes()) {
        add_installed(&mut known, env, invocation, argv0);
    }
    known
}

/// Asks the installed compilers who they are.
pub(super) fn add_installed(known: &mut Compilers, env: &Env, invocation: &Invocation, argv0: &OsStr) {
    if let Ok(Some(rustup)) = toolchain::rustup(env) {
        compilers::installed(&rustup, env).for_each(|identity| known.add(identity, Standing::Installed));
    }
    let exe = cargo_exe::find(invocation.called_as, argv0, env).ok();
    let exe = exe.filter(|exe| exe.kind != cargo_exe::Kind::RustupProxy);
    if let Some(rustc) = exe.and_then(|exe| toolchain::system_rustc(&exe.path, None, env))
        && let Ok(identity) = toolchain::identify(&rustc, &rustc.to_string_lossy(), env)
    {
        known.add(identity, Standing::Installed);
    }
}
