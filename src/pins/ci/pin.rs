//! A value in its place becomes a pin, once, however many uses lead to it.

use std::collections::HashMap;

use super::{Ci, Site, Takes, Value};
use crate::pins::directives::Directives;
use crate::pins::kind::Format;
use crate::pins::name::Named;
use crate::pins::{Frozen, Nature, Pin, Spelling, image, marks};

impl<'a> Ci<'a> {
    /// A text without references, in its place.
    pub(super) fn pin(&mut self, value: &Value<'a>, takes: Takes, site: &Site) {
        match takes {
            Takes::Image => self.resolve_image(value, &[], site),
            Takes::Tag | Takes::Digest => {
                const IMAGE: &str = "rust:";
                let Some(tag) = image::tag(&format!("{IMAGE}{}", value.text)) else { return };
                let part = value.part(tag.span.start - IMAGE.len()..tag.span.end - IMAGE.len());
                let spelling = if part.is_plain { Spelling::PlainRelease } else { Spelling::ImageTag };
                let frozen = (takes == Takes::Digest).then_some(Frozen::Digest);
                self.push(&part, spelling, tag.frozen.or(frozen), site);
            }
            Takes::Name | Takes::Perhaps => {
                if value.text.contains(['$', '`', '<', '%', '{', '(']) {
                    // `$(cat rust-toolchain)`, `$1`
                    if takes == Takes::Name {
                        self.unfollowed(value);
                    }
                    return;
                }
                let spelling = if value.is_plain { Spelling::PlainYaml } else { Spelling::Channel };
                match Named::parse(value.text, spelling) {
                    Some(Named::Channel(channel)) if channel.is_custom() => {
                        if takes == Takes::Name && is_name(value.text) {
                            self.push(value, spelling, None, site);
                        } else if takes == Takes::Perhaps {
                            self.resolve_image(value, &[], site);
                        }
                    }
                    Some(named @ Named::Channel(_)) if is_rust(&named) => {
                        self.push(value, spelling, None, site);
                    }
                    Some(Named::Channel(_)) => {}
                    Some(Named::Newest) => self.push(value, spelling, None, site),
                    None => {
                        if takes == Takes::Perhaps {
                            self.resolve_image(value, &[], site);
                        }
                    }
                }
            }
            Takes::Minor => {
                let spelling = if value.is_plain { Spelling::PlainMinor } else { Spelling::Minor };
                if Named::parse(value.text, spelling).is_some() {
                    self.push(value, spelling, None, site);
                }
            }
        }
    }

    pub(super) fn push(
        &mut self,
        value: &Value<'a>,
        spelling: Spelling,
        frozen: Option<Frozen>,
        site: &Site,
    ) {
        let frozen = frozen.or((!value.is_exact()).then_some(Frozen::Spelled));
        let around = site.around.iter().map(String::as_str);
        let span = value.span();
        let pin = Pin::at(self.source, span.clone(), &site.place, spelling, site.nature)
            .around(around)
            .frozen(frozen);
        if site.is_echo {
            self.echoes.insert((span.start, span.end));
        }
        self.places.add(pin);
    }

    /// What only repeats a row (`allow_failures`) has the role of that row, or the two would part.
    pub(super) fn echo(&mut self) {
        if self.echoes.is_empty() {
            return;
        }
        let is_echo = |pin: &Pin| self.echoes.contains(&(pin.span.start, pin.span.end));
        let directives = Directives::of(Format::Yaml, self.source);
        let mut said: HashMap<String, (Option<String>, Option<marks::Told>)> = HashMap::new();
        for pin in self.found.pins.iter().filter(|pin| !is_echo(pin) && pin.nature == Nature::Row) {
            let comment = || marks::msrv_comment(self.source, pin);
            let row = (pin.marked_msrv.clone().or_else(comment), directives.told(&pin.span));
            let known = said.entry(pin.text.clone()).or_default();
            *known = (known.0.take().or(row.0), known.1.or(row.1));
        }
        for pin in &mut self.found.pins {
            let is_echo = self.echoes.contains(&(pin.span.start, pin.span.end));
            if let Some((word, told)) = said.get(&pin.text).filter(|_| is_echo) {
                pin.marked_msrv = pin.marked_msrv.take().or_else(|| word.clone());
                pin.told = directives.told(&pin.span).or(*told);
            }
        }
    }
}

/// Whether a name of rustup's, and no long text that happens to stand there.
fn is_name(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_'))
}

/// No Rust has another first number: `2.3.1` is something else's version.
fn is_rust(named: &Named) -> bool {
    named.release().is_none_or(|(major, ..)| major == 1)
}
