//! `XCARGO_POLICY=off`: the documented way past a policy, loud, and closed where `CI` is set.

use std::ffi::OsStr;
use std::path::Path;

use super::load;
use crate::diagnostic::{Diagnostic, Failure};
use crate::env::Env;
use crate::exit::Code;

/// The variable.
pub const VARIABLE: &str = "XCARGO_POLICY";

/// Whether somebody goes past the policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Bypass {
    /// Nobody does, or there is no policy to go past.
    No,
    /// The policy does not count for this command; the warning must be shown.
    Off(Diagnostic),
}

/// Judges the variable. Where there is no policy nothing is said, whatever its value: there the command is cargo's.
///
/// # Errors
/// [`Code::PolicyRefused`] for `off` in a CI job, [`Code::Usage`] for a value that is neither `on` nor `off`.
pub fn decide(workspace_root: &Path, env: &Env) -> Result<Bypass, Failure> {
    match env.non_empty(VARIABLE) {
        Some(value) if value != "on" && load::exists(workspace_root) => past(value, env),
        _ => Ok(Bypass::No),
    }
}

fn past(value: &OsStr, env: &Env) -> Result<Bypass, Failure> {
    if value != "off" {
        let message = format!("`{VARIABLE}` cannot be `{}`", value.to_string_lossy());
        return Err(Failure::new(Code::Usage, message).note("allowed: `on` or `off`"));
    }
    if env.is_ci() {
        let message = format!("`{VARIABLE}=off` is refused in a CI job");
        return Err(Failure::new(Code::PolicyRefused, message)
            .note("`CI` is set, and what CI builds must be what the policy asks for")
            .help(format!("unset `{VARIABLE}`, or change the policy")));
    }
    let message = format!("the policy is off: `{VARIABLE}=off` is set");
    Ok(Bypass::Off(
        Diagnostic::warning(Code::PolicyRefused, message)
            .note("cargo runs as if there were no doctor.toml: no step is taken, and no rule of it holds"),
    ))
}

#[cfg(test)]
mod tests {
    use super::{Bypass, decide};
    use crate::env::Env;
    use crate::exit::Code;

    /// A typo must not turn a policy off, and no CI job may.
    #[test]
    fn only_a_person_who_says_off_gets_off() {
        let (root, empty) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        fs_err::write(root.path().join("doctor.toml"), "broken [").unwrap();
        let off = Err(Code::PolicyRefused);
        for (policy, ci, expected) in [
            (None, None, Ok(true)),
            (Some(""), None, Ok(true)),
            (Some("on"), Some("true"), Ok(true)),
            (Some("off"), None, Ok(false)),
            (Some("off"), Some("true"), off),
            (Some("off"), Some("1"), off),
            (Some("off"), Some("false"), off),
            (Some("OFF"), None, Err(Code::Usage)),
            (Some("0"), None, Err(Code::Usage)),
        ] {
            let vars = [("XCARGO_POLICY", policy), ("CI", ci)];
            let env = Env::of(vars.into_iter().filter_map(|(key, value)| Some((key, value?))), "/");
            let found =
                decide(root.path(), &env).map(|found| found == Bypass::No).map_err(|failure| failure.code);
            assert_eq!(found, expected, "{policy:?} with CI={ci:?}");
            // Without a policy every stream is cargo's, so there is nothing to say either.
            assert_eq!(decide(empty.path(), &env), Ok(Bypass::No));
        }
    }
}
