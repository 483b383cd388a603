//! `xcargo toolchain check`: findings, in the form that is asked for, and an exit code.

use super::Place;
use crate::cli::{Check, Format};
use crate::diagnostic::{Failure, Severity};
use crate::exit::{Code, Exit};
use crate::observe::dist::{DistServer, Limits};
use crate::pins::check::{self, Existence};
use crate::pins::survey::Survey;
use crate::report::pins::{Checked, github, json, sarif, text};
use crate::toolchain::{self, Channel};

pub(super) fn run(place: &Place<'_>, asked: &Check) -> Result<Exit, Failure> {
    let seen = place.look(Vec::new())?;
    let survey = &seen.survey;
    let mut notes = check::notes(survey);
    let offline = place.is_offline(asked.offline);
    let known =
        if offline { Box::new(|_: &Channel| Existence::Unknown) } else { place.known(survey, &mut notes) };
    let findings = check::findings(survey, &*known);
    let checked = Checked { survey, findings: &findings, notes: &notes };
    let output = place.output();
    output.data(&match asked.format {
        Format::Human => text::check(&checked, output.page(&place.context.env)),
        Format::Json => json::check(&checked),
        Format::Github => github::check(&checked),
        Format::Sarif => sarif::check(&checked),
    });
    let is_error = checked.count(Severity::Error) > 0;
    Ok(if is_error { Exit::Own(Code::Findings) } else { Exit::Success })
}

/// What is known of whether a toolchain exists.
type Known = Box<dyn Fn(&Channel) -> Existence>;

impl Place<'_> {
    /// Asks the dist server for what is not installed. That it does not answer is said, and is nobody's fault here.
    fn known(&self, survey: &Survey, notes: &mut Vec<String>) -> Known {
        let questions = check::questions(survey);
        let rustup = toolchain::rustup(&self.context.env_of_rustup).ok().flatten();
        let installed: Vec<String> = rustup.as_ref().map_or_else(Vec::new, |rustup| {
            toolchain::installed(rustup).into_iter().map(|(name, _)| name).collect()
        });
        let is_installed = |channel: &Channel| {
            rustup
                .as_ref()
                .is_some_and(|rustup| installed.contains(&channel.full_name(rustup.default_host())))
        };
        match DistServer::of(&self.context.env, Limits::default()) {
            Ok(server) => {
                let answers = server.ask(&questions, &is_installed);
                notes.extend(
                    answers
                        .trouble
                        .iter()
                        .map(|error| format!("whether all versions exist was not checked: {error}")),
                );
                Box::new(move |channel| answers.of(channel))
            }
            Err(error) => {
                notes.push(format!("whether all versions exist was not checked: {error}"));
                Box::new(|_| Existence::Unknown)
            }
        }
    }
}
