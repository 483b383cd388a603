//! `XCARGO_POLICY=off`: the documented way past a policy, loud, and closed where `CI` is set.

use crate::diagnostic::{Diagnostic, Failure};
use crate::env::Env;
use crate::exit::Code;

/// The variable.
pub const VARIABLE: &str = "XCARGO_POLICY";

/// Whether the policy counts for this command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Switch {
    /// It does.
    On,
    /// It does not; the warning must be shown.
    Off(Diagnostic),
}

/// Reads the switch from the environment. Only worth asking where there is a policy.
///
/// # Errors
/// [`Code::PolicyRefused`] for `off` in a CI job, [`Code::Usage`] for a value that is neither `on` nor `off`.
pub fn switch(env: &Env) -> Result<Switch, Failure> {
    let Some(value) = env.non_empty(VARIABLE) else { return Ok(Switch::On) };
    if value == "on" {
        return Ok(Switch::On);
    }
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
    Ok(Switch::Off(
        Diagnostic::warning(Code::PolicyRefused, message)
            .note("cargo runs as if there were no doctor.toml: no step is taken, and nothing is refused"),
    ))
}

#[cfg(test)]
mod tests {
    use super::{Switch, switch};
    use crate::env::Env;
    use crate::exit::Code;

    /// A typo must not turn a policy off, and no CI job may.
    #[test]
    fn only_a_person_who_says_off_gets_off() {
        let off = Err(Code::PolicyRefused);
        for (policy, ci, expected) in [
            (None, None, Ok(true)),
            (Some(""), None, Ok(true)),
            (Some("on"), Some("true"), Ok(true)),
            (Some("off"), None, Ok(false)),
            (Some("off"), Some("true"), off),
            (Some("off"), Some("1"), off),
            (Some("off"), Some("false"), Ok(false)),
            (Some("OFF"), None, Err(Code::Usage)),
            (Some("0"), None, Err(Code::Usage)),
        ] {
            let vars = [("XCARGO_POLICY", policy), ("CI", ci)];
            let env = Env::of(vars.into_iter().filter_map(|(key, value)| Some((key, value?))), "/");
            let found = switch(&env).map(|switch| switch == Switch::On).map_err(|failure| failure.code);
            assert_eq!(found, expected, "{policy:?} with CI={ci:?}");
        }
    }
}
