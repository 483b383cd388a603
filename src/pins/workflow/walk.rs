//! What the walk through a workflow gathers: pins, each place once, and remarks; and how far it may go.

use std::ops::Range;

use crate::pins::merge::Places;
use crate::pins::name::Named;
use crate::pins::{By, Choice, Found, Frozen, Nature, Pin, Remark, Spelling, Unreadable, What};

/// A value that is, or may be, the name of a toolchain: where it stands and what is around it.
#[derive(Debug, Clone)]
pub(super) struct Leaf {
    /// Its bytes in the file.
    pub(super) span: Range<usize>,
    /// The value.
    pub(super) name: String,
    /// How a name may be spelled there.
    pub(super) spelling: Spelling,
    /// Why an edit of the text alone would be wrong.
    pub(super) frozen: Option<Frozen>,
    /// What the place is by its nature.
    pub(super) nature: Nature,
    /// Where that is.
    pub(super) place: String,
    /// Keys and titles around it.
    pub(super) around: Vec<String>,
    /// One of several of which each is a run of its own.
    pub(super) is_row: bool,
    /// Something can come to be this; what a matrix excludes, or an input offers, goes along without choosing.
    pub(super) is_choice: bool,
}

impl Leaf {
    /// The same place, with only this part of its name.
    pub(super) fn part(&self, part: &Range<usize>, spelling: Spelling) -> Option<Self> {
        let name = self.name.get(part.clone())?.to_owned();
        let span = match self.frozen {
            Some(Frozen::Spelled) => self.span.clone(),
            _ => self.span.start + part.start..self.span.start + part.end,
        };
        Some(Self { span, name, spelling, ..self.clone() })
    }

    /// As a part of an image's tag.
    pub(super) fn in_tag(mut self, frozen: Option<Frozen>) -> Self {
        self.spelling = match self.spelling {
            Spelling::PlainYaml | Spelling::PlainRelease => Spelling::PlainRelease,
            _ => Spelling::ImageTag,
        };
        self.frozen = self.frozen.or(frozen);
        self
    }
}

/// The gatherer.
pub(super) struct Walk<'t> {
    /// The file.
    pub(super) text: &'t str,
    /// What was found so far.
    pub(super) found: Found,
    /// What the steps of the job at hand do beside choosing.
    pub(super) done: Done,
    places: Places,
    fuel: usize,
}

/// What the steps of a job do beside choosing.
#[derive(Debug, Default)]
pub(super) struct Done {
    /// Each command without a toolchain of its own: how many choices were made before it.
    pub(super) plain: Vec<usize>,
    /// The toolchain file is another one from some step on.
    pub(super) has_other_file: bool,
}

impl<'t> Walk<'t> {
    /// More than any file that people write needs, however large: aliases can make a small text endless.
    const FUEL: usize = 400_000;

    /// Nothing is found yet.
    pub(super) fn new(text: &'t str) -> Self {
        let (found, done, places) = (Found::default(), Done::default(), Places::default());
        Self { text, found, done, places, fuel: Self::FUEL }
    }

    /// Pays for a step of the walk; whether there is anything left.
    pub(super) const fn spend(&mut self) -> bool {
        self.fuel = self.fuel.saturating_sub(1);
        self.fuel > 0
    }

    /// What was found.
    ///
    /// # Errors
    /// The walk did not come to its end.
    pub(super) fn finish(self) -> Result<Found, Unreadable> {
        if self.fuel == 0 {
            return Err(Unreadable {
                span: None,
                why: "its aliases make it too large to be followed".to_owned(),
            });
        }
        Ok(Found { pins: self.places.sorted(), ..self.found })
    }

    /// Whether a pin stands there already.
    pub(super) fn has(&self, span: &Range<usize>) -> bool {
        self.places.has(span)
    }

    /// Takes a value for a pin; whether it is the name of a toolchain.
    pub(super) fn pin(&mut self, leaf: &Leaf) -> bool {
        let Some(named) = Named::parse(&leaf.name, leaf.spelling) else { return false };
        let place = leaf.place.as_str();
        let mut pin =
            Pin::at(self.text, leaf.span.clone(), place, leaf.spelling, leaf.nature).frozen(leaf.frozen);
        // The nightly of a job about the oldest release is no oldest release.
        if named.is_release() {
            pin = pin.around(leaf.around.iter().map(String::as_str));
        }
        self.places.add(pin);
        true
    }

    /// Takes values for pins, and for choices of a job.
    pub(super) fn choose(&mut self, leaves: &[Leaf], by: Option<By>, choices: &mut Vec<Choice>) {
        let several = leaves.iter().filter(|leaf| leaf.is_choice).count() > 1;
        for leaf in leaves {
            if !self.spend() || !self.pin(leaf) {
                continue;
            }
            let Some(by) = by.filter(|_| leaf.is_choice) else { continue };
            let (name, span) = (leaf.name.clone(), leaf.span.clone());
            choices.push(Choice { by, name, span, is_row: leaf.is_row || several });
        }
    }

    /// An expression that leads nowhere.
    pub(super) fn unfollowed(&mut self, span: Range<usize>) {
        let expression = self.text.get(span.clone()).unwrap_or_default().to_owned();
        self.found.remarks.push(Remark { span, what: What::Unfollowed { expression } });
    }
}
