//! `xcargo doctor --explain`: needs no workspace and no policy.

use crate::diagnostic::Failure;
use crate::doctor::explain::{Unknown, find};
use crate::env::Env;
use crate::exit::{Code, Exit};
use crate::output::Output;
use crate::report::doctor::explain as report;

pub(super) fn run(what: &str, env: &Env, output: &Output) -> Result<Exit, Failure> {
    if what.trim().is_empty() {
        output.data(&report::overview(output.page(env)));
        return Ok(Exit::Success);
    }
    match find(what) {
        Ok(topics) => {
            output.data(&report::pages(&topics, output.page(env)));
            Ok(Exit::Success)
        }
        Err(Unknown { nearest }) => {
            let failure =
                Failure::new(Code::Usage, format!("there is no page about `{}`", what.escape_debug()));
            let failure = match nearest {
                Some(nearest) => failure.help(format!("did you mean `{nearest}`?")),
                None => failure,
            };
            Err(failure.help("`xcargo doctor --explain` lists all that there is"))
        }
    }
}
