//! The step `sync-pins` of a build: says where the repository still names another toolchain than the pin that has moved.
//!
//! It edits nothing: those files are in version control, and a build that changes them would surprise everybody.

use super::Run;
use crate::observe::pins::{self, Asked};
use crate::pins::survey::Agreement;

impl Run<'_> {
    /// Says how many places have stayed behind. That they cannot be looked at stops no build.
    pub(super) fn say_pins(&self) {
        let asked = Asked {
            workspace: self.workspace,
            loaded: Some(self.loaded),
            lately: Vec::new(),
            env: &self.context.env,
        };
        let Ok(seen) = pins::survey(&asked) else { return };
        let survey = &seen.survey;
        let differs = |placed: &_| survey.agreement(placed) == Agreement::Differs;
        let behind: usize =
            survey.files.iter().map(|file| file.judged().filter(|placed| differs(placed)).count()).sum();
        let Some(pin) = survey.channel().filter(|_| behind > 0) else { return };
        let places = if behind == 1 { "1 place names" } else { &format!("{behind} places name") };
        self.context.output.remark(&format!(
            "{places} another toolchain than {pin}: `xcargo toolchain check` shows them, `xcargo toolchain sync` mends them"
        ));
    }
}
