//! devcontainer.json: the image, the Rust feature, arguments of the build, commands of its life.

use jsonc_parser::ast::{Object, ObjectProp, StringLit, Value};
use jsonc_parser::common::Ranged;
use jsonc_parser::{CollectOptions, ParseOptions, parse_to_ast};

use super::variable::{is_of_rust, is_official};
use super::{Found, Frozen, Nature, Pin, Spelling, Unreadable, image, script};

/// Commands that run inside of the container.
const COMMANDS: [&str; 5] =
    ["onCreateCommand", "updateContentCommand", "postCreateCommand", "postStartCommand", "postAttachCommand"];

/// Finds every toolchain that the file names.
///
/// # Errors
/// The file is no JSON with comments.
pub(super) fn find(text: &str) -> Result<Found, Unreadable> {
    let json = text.strip_prefix('\u{feff}').unwrap_or(text);
    let skip = text.len() - json.len();
    let parsed = parse_to_ast(json, &CollectOptions::default(), &ParseOptions::default());
    let value = parsed.map_err(|error| {
        let range = error.range();
        Unreadable {
            span: Some(skip + range.start..skip + range.end),
            why: format!("no valid JSON with comments: {}", error.kind()),
        }
    })?;
    let mut reader = Reader { text, skip, pins: Vec::new() };
    if let Some(Value::Object(root)) = &value.value {
        reader.root(root);
    }
    Ok(Found { pins: reader.pins, ..Found::default() })
}

struct Reader<'a> {
    text: &'a str,
    /// The bytes in front of the JSON.
    skip: usize,
    pins: Vec<Pin>,
}

impl Reader<'_> {
    fn root(&mut self, root: &Object<'_>) {
        for property in &root.properties {
            let name = property.name.as_str();
            match &property.value {
                Value::StringLit(reference) if name == "image" => self.image(reference),
                Value::Object(features) if name == "features" => self.features(features),
                Value::Object(build) if name == "build" => {
                    if let Some(args) = build.get_object("args") {
                        self.variables(args, "build.args");
                    }
                }
                Value::Object(env) if matches!(name, "containerEnv" | "remoteEnv") => {
                    self.variables(env, name);
                }
                command if COMMANDS.contains(&name) => self.command(command, name),
                _ => {}
            }
        }
    }

    fn image(&mut self, reference: &StringLit<'_>) {
        let Some(tag) = image::tag(&reference.value) else { return };
        let Some(literal) = self.literal(reference) else {
            let pin = self.whole(reference, "image", tag.spelling);
            self.pins.push(Pin { text: reference.value[tag.span].to_owned(), ..pin });
            return;
        };
        let span = literal + tag.span.start..literal + tag.span.end;
        let pin = Pin::at(self.text, span, "image", tag.spelling, Nature::Environment);
        self.pins.push(pin.frozen(tag.frozen));
    }

    fn features(&mut self, features: &Object<'_>) {
        for feature in features.properties.iter().filter(|feature| is_rust(feature.name.as_str())) {
            let version = match &feature.value {
                Value::Object(options) => options.get_string("version"),
                // A text alone is the version.
                Value::StringLit(version) => Some(version),
                _ => None,
            };
            if let Some(version) = version {
                self.named(version, format!("features.{}.version", feature.name.as_str()));
            }
        }
    }

    fn variables(&mut self, variables: &Object<'_>, place: &str) {
        for ObjectProp { name, value, .. } in &variables.properties {
            if let Value::StringLit(value) = value
                && is_of_rust(name.as_str())
            {
                self.named(value, format!("{place}.{}", name.as_str()));
            }
        }
    }

    fn named(&mut self, version: &StringLit<'_>, place: String) {
        if is_official(&version.value, Spelling::Channel) {
            let name = place.rsplit('.').next().unwrap_or_default().to_owned();
            let pin = self.whole(version, place, Spelling::Channel);
            self.pins.push(pin.around([name.as_str()]));
        }
    }

    /// A text for a shell, the words of one command, or several commands by name.
    fn command(&mut self, command: &Value<'_>, place: &str) {
        match command {
            Value::StringLit(command) => self.script(command, place),
            Value::Array(words) => self.words(words.range, place),
            Value::Object(commands) => {
                for ObjectProp { name, value, .. } in &commands.properties {
                    let place = format!("{place}.{}", name.as_str());
                    match value {
                        Value::StringLit(command) => self.script(command, &place),
                        Value::Array(words) => self.words(words.range, &place),
                        _ => {}
                    }
                }
            }
            _ => {}
        }
    }

    fn script(&mut self, command: &StringLit<'_>, place: &str) {
        if let Some(start) = self.literal(command) {
            self.pins.extend(script::read(self.text, start, &command.value, place).pins);
        }
    }

    fn words(&mut self, range: jsonc_parser::common::Range, place: &str) {
        let span = self.skip + range.start..self.skip + range.end;
        let words = self.text.get(span.clone()).and_then(script::exec);
        for (at, part) in words.unwrap_or_default() {
            self.pins.extend(script::read(self.text, span.start + at, &part, place).pins);
        }
    }

    /// The byte at which the text of a string starts; `None` where it is written with escapes.
    fn literal(&self, string: &StringLit<'_>) -> Option<usize> {
        let start = self.skip + string.range().start + 1;
        let written = self.text.get(start..start + string.value.len())?;
        (written == string.value).then_some(start)
    }

    /// The pin that a whole string is.
    fn whole(&self, string: &StringLit<'_>, place: impl Into<String>, spelling: Spelling) -> Pin {
        let range = string.range();
        let span = self.skip + range.start + 1..self.skip + range.end.max(range.start + 2) - 1;
        let frozen = self.literal(string).is_none().then_some(Frozen::Spelled);
        let pin = Pin::at(self.text, span, place, spelling, Nature::Environment).frozen(frozen);
        Pin { text: string.value.to_string(), ..pin }
    }
}

/// `ghcr.io/devcontainers/features/rust:1`, and the same from a mirror.
fn is_rust(feature: &str) -> bool {
    let name = feature.split('@').next().unwrap_or_default();
    let slash = name.rfind('/').map_or(0, |at| at + 1);
    let path = match name.get(slash..).and_then(|last| last.find(':')) {
        Some(colon) => name.get(..slash + colon).unwrap_or_default(),
        None => name,
    };
    path.ends_with("devcontainers/features/rust")
}

#[cfg(test)]
mod tests;
