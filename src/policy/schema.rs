//! The JSON schema of `doctor.toml`, made from `keys`, so that editors complete and check it.

use serde_json::{Map, Value, json};

use super::keys::SECTIONS;
use super::raw::{self, Raw};
use super::shape::{Effect, Field, Key, Kind, Presence};
use crate::diagnostic::SourceText;

/// The schema (draft 2020-12).
#[must_use]
pub fn json_schema() -> Value {
    let sections = SECTIONS.iter().map(|section| {
        let keys = section.keys.iter().map(|key| (key.name.to_owned(), of_key(key)));
        let mut object = object(keys.collect());
        object["description"] = json!(section.about);
        (section.name.to_owned(), object)
    });
    let mut schema = object(sections.collect());
    schema["$schema"] = json!("https://json-schema.org/draft/2020-12/schema");
    schema["title"] = json!("doctor.toml");
    schema["description"] = json!("How a team wants cargo to be run in this workspace; read by xcargo.");
    schema
}

fn of_key(key: &Key) -> Value {
    let mut schema = of_kind(&key.kind);
    let effect = match key.effect {
        Effect::Now => "",
        Effect::NotYet => " No effect yet.",
    };
    schema["description"] = json!(format!("{}{effect}", key.about));
    if let Some(default) = key.default {
        schema["default"] = as_json(default);
    }
    schema
}

fn of_kind(kind: &Kind) -> Value {
    let text = |allowed: String| json!({ "type": "string", "minLength": 1, "description": allowed });
    match kind {
        Kind::Words(words) => json!({ "type": "string", "enum": words }),
        Kind::MaxAge => json!({ "type": "string", "pattern": "^(never|0*[1-9][0-9]*[hdw])$" }),
        Kind::Count => json!({ "type": "integer", "minimum": 0, "maximum": u32::MAX }),
        Kind::Bytes => {
            json!({ "type": "string", "pattern": "^0*[1-9][0-9]*(B|kB|MB|GB|TB|KiB|MiB|GiB|TiB)$" })
        }
        Kind::Boolean => json!({ "type": "boolean" }),
        Kind::Command => {
            json!({ "type": "string", "pattern": "^[^-+\\s]\\S*$", "description": kind.allowed() })
        }
        Kind::Steps(steps) => {
            let names: Vec<String> = steps.iter().map(ToString::to_string).collect();
            json!({ "type": "array", "items": { "type": "string", "enum": names }, "uniqueItems": true })
        }
        Kind::List(of) => json!({ "type": "array", "items": of_kind(of) }),
        Kind::Filled(of) => json!({ "type": "array", "items": of_kind(of), "minItems": 1 }),
        Kind::Table(fields) => of_fields(fields),
        Kind::Versions(fields) => json!({ "oneOf": [of_kind(&Kind::VersionReq), of_fields(fields)] }),
        Kind::Channel
        | Kind::VersionReq
        | Kind::PolicyPath
        | Kind::Directory
        | Kind::Glob
        | Kind::Pattern
        | Kind::Reason
        | Kind::Argument => text(kind.allowed()),
    }
}

fn of_fields(fields: &[Field]) -> Value {
    let properties = fields.iter().map(|field| {
        let mut schema = of_kind(&field.kind);
        schema["description"] = json!(field.about);
        if let Presence::Default(default) = field.presence {
            schema["default"] = json!(default);
        }
        (field.name.to_owned(), schema)
    });
    let mut table = object(properties.collect());
    let required = fields.iter().filter(|field| field.presence == Presence::Required);
    let required: Vec<&str> = required.map(|field| field.name).collect();
    if !required.is_empty() {
        table["required"] = json!(required);
    }
    table
}

fn object(properties: Map<String, Value>) -> Value {
    json!({ "type": "object", "properties": properties, "additionalProperties": false })
}

/// A default of the schema, which is written as TOML there.
fn as_json(toml: &str) -> Value {
    let source = SourceText { path: "default".into(), text: format!("it = {toml}").into() };
    let entries = raw::parse(&source).unwrap_or_default();
    entries.into_iter().next().map_or(Value::Null, |entry| raw_as_json(entry.node.value))
}

pub(super) fn raw_as_json(raw: Raw) -> Value {
    match raw {
        Raw::Text(text) => json!(text),
        Raw::Integer(number) => json!(number),
        Raw::Boolean(value) => json!(value),
        Raw::List(elements) => elements.into_iter().map(|node| raw_as_json(node.value)).collect(),
        Raw::Table(entries) => {
            let fields = entries.into_iter().map(|entry| (entry.key, raw_as_json(entry.node.value)));
            Value::Object(fields.collect())
        }
        Raw::Other(_) => Value::Null,
    }
}
