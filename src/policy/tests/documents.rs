//! What people read about the policy: the template, the schema, the reference and `policy show` agree with the code.

use serde_json::Value;

use super::{Repo, everything, without_origins};
use crate::diagnostic::SourceText;
use crate::policy::keys::SECTIONS;
use crate::policy::raw::{self, Raw};
use crate::policy::schema::{json_schema, raw_as_json};
use crate::policy::shape::{Effect, Field, Key, Kind, Presence, Section};
use crate::policy::show::show;
use crate::policy::template::TEMPLATE;
use crate::policy::{Policy, Ruling, StepName, Word};
use crate::sourced::Origin;

fn as_json(text: &str) -> Value {
    let source = SourceText { path: "doctor.toml".into(), text: text.into() };
    raw_as_json(Raw::Table(raw::parse(&source).unwrap()))
}

fn keys() -> impl Iterator<Item = &'static Key> {
    SECTIONS.iter().flat_map(|section| section.keys).copied()
}

/// `policy init` promises a file that changes nothing.
#[test]
fn the_template_asks_for_the_defaults() {
    let policy = Repo::new().with("doctor.toml", TEMPLATE).policy();
    assert_eq!(without_origins(policy), Policy::defaults());
}

/// An example that is wrong is copied into a hundred repositories.
#[test]
fn the_examples_of_the_template_hold_every_key() {
    let text = everything();
    let repo = Repo::new().with("repo/doctor.toml", &text).with("team/doctor.toml", "[policy]\n");
    let env = crate::env::Env::of([("HOME", "/home/ada")], repo.path());
    let version = semver::Version::new(0, 1, 0);
    let loaded = super::load_as(&repo.path().join("repo"), &env, &version).unwrap().unwrap();
    let written = as_json(&text);
    for key in keys() {
        assert!(written[key.section].get(key.name).is_some(), "`{}` is not in the template", key.path());
    }
    // Every key was read, too: what is not read keeps its default and its origin.
    let shown = show(&loaded.policy);
    assert!(
        !shown.contains("# default") && !shown.contains("# empty") && !shown.contains("not set"),
        "{shown}"
    );
}

/// The documentation and the schema say the defaults of the table; the code has its own.
#[test]
fn the_documented_defaults_are_the_real_ones() {
    let text: String = SECTIONS
        .iter()
        .map(|section| {
            let keys =
                section.keys.iter().filter_map(|key| Some(format!("{} = {}\n", key.name, key.default?)));
            format!("[{}]\n{}", section.name, keys.collect::<String>())
        })
        .collect();
    assert_eq!(without_origins(Repo::new().with("doctor.toml", text).policy()), Policy::defaults());
}

/// `policy show > doctor.toml` must not change what is asked for, and must say who asked.
#[test]
fn what_is_shown_reads_back() {
    let texts = [
        "[policy]\n".to_owned(),
        everything().replace("extends", "# extends"),
        "[commands]\ndeny = [{ command = 'a', reason = \"it's \\\"so\\\" \\\\ é\" }]\n[toolchain]\nupdate = '36h'\n".to_owned(),
    ];
    for text in texts {
        let policy = Repo::new().with("doctor.toml", text).policy();
        let shown = show(&policy);
        let again = Repo::new().with("doctor.toml", &shown).policy();
        assert_eq!(without_origins(again), without_origins(policy), "{shown}");
    }
    let shown = show(&Repo::new().with("doctor.toml", "\n[clean]\nscope = 'all'\n").policy());
    assert!(shown.contains("scope = \"all\" # doctor.toml:3\n"), "{shown}");
    assert!(shown.contains("keep-toolchains = 0 # default\n"), "{shown}");
    for key in keys() {
        let named = shown.lines().any(|line| {
            line.starts_with(&format!("{} = ", key.name)) || line == format!("# {} is not set", key.name)
        });
        assert!(named, "`{}` is not shown:\n{shown}", key.path());
    }
}

/// A file name must not be able to add a line to the policy that is shown.
#[test]
fn origins_stay_on_their_line() {
    let mut policy = Policy::defaults();
    policy.toolchain.r#override.value = Ruling::Deny;
    policy.toolchain.r#override.origin = Origin::Policy { file: "a\n[x]\n".into(), line: 1 };
    let again = Repo::new().with("doctor.toml", show(&policy)).policy();
    assert_eq!(without_origins(again), without_origins(policy));
}

/// Editors underline what the schema does not know: it must know all that xcargo reads, and no more.
#[test]
fn the_schema_describes_what_is_read() {
    let schema = json_schema();
    assert_eq!(fits(&schema, &as_json(TEMPLATE)), Ok(()));
    assert_eq!(fits(&schema, &as_json(&everything())), Ok(()));
    assert_eq!(fits(&schema, &as_json("[policy]\nxcargo = '>=0.1'\n")), Ok(()));
    for (text, wrong) in [
        ("[zebra]\n", "zebra"),
        ("[clean]\nscop = 'all'\n", "scop"),
        ("[clean]\nscope = 'al'\n", "enum"),
        ("[clean]\nkeep-toolchains = -1\n", "minimum"),
        ("[clean]\nkeep-toolchains = 'x'\n", "integer"),
        ("[steps]\nbuild = ['cargo-update']\n", "enum"),
        ("[clean]\nmax-size = '20'\n", "pattern"),
        ("[clean]\nbackground = 'yes'\n", "boolean"),
        ("[commands]\ndeny = [{}]\n", "command"),
        ("[toolchain]\nupdate = '0d'\n", "pattern"),
        ("[commands]\nrequire = [{ command = 'x', args = [] }]\n", "minItems"),
    ] {
        let found = fits(&schema, &as_json(text)).expect_err(text);
        assert!(found.contains(wrong), "{text}: {found}");
    }
    for key in keys() {
        let described = &schema["properties"][key.section]["properties"][key.name];
        assert!(
            described["description"].as_str().is_some_and(|text| text.contains(key.about)),
            "{}",
            key.path()
        );
        assert_eq!(described.get("default").is_some(), key.default.is_some(), "{}", key.path());
    }
}

/// As much of JSON schema as [`json_schema`] makes use of; an unknown word of the schema is a failure, too.
fn fits(schema: &Value, value: &Value) -> Result<(), String> {
    let wrong = |word: &str| Err(format!("{word}: {value} does not fit {schema}"));
    for (word, rule) in schema.as_object().ok_or("the schema is no object")? {
        let ok = match word.as_str() {
            "$schema" | "title" | "description" | "default" => true,
            "type" => match rule.as_str() {
                Some("object") => value.is_object(),
                Some("array") => value.is_array(),
                Some("string") => value.is_string(),
                Some("integer") => value.is_i64(),
                Some("boolean") => value.is_boolean(),
                _ => false,
            },
            "enum" => rule.as_array().is_some_and(|words| words.contains(value)),
            "minimum" => value.as_i64() >= rule.as_i64(),
            "maximum" => value.as_i64() <= rule.as_i64(),
            "minLength" => value.as_str().map(|text| text.len() as u64) >= rule.as_u64(),
            "minItems" => value.as_array().map(|list| list.len() as u64) >= rule.as_u64(),
            "uniqueItems" => {
                value.as_array().is_some_and(|list| (1..list.len()).all(|at| !list[..at].contains(&list[at])))
            }
            "pattern" => {
                let regex =
                    regex::Regex::new(rule.as_str().unwrap_or("(")).map_err(|error| error.to_string())?;
                value.as_str().is_some_and(|text| regex.is_match(text))
            }
            "oneOf" => rule
                .as_array()
                .is_some_and(|of| of.iter().filter(|one| fits(one, value).is_ok()).count() == 1),
            "required" => rule.as_array().is_some_and(|names| {
                names.iter().all(|name| value.get(name.as_str().unwrap_or_default()).is_some())
            }),
            "items" => {
                for element in value.as_array().into_iter().flatten() {
                    fits(rule, element)?;
                }
                true
            }
            "properties" => {
                for (name, inner) in value.as_object().into_iter().flatten() {
                    fits(rule.get(name).ok_or(format!("{name} is no property"))?, inner)?;
                }
                true
            }
            "additionalProperties" => *rule == Value::Bool(false),
            _ => false,
        };
        if !ok {
            return wrong(word);
        }
    }
    Ok(())
}

/// A key that nobody can look up does not exist; one that is documented and not read is a lie.
#[test]
fn the_reference_has_every_key_and_only_those() {
    let page = include_str!("../../../docs/policy.md");
    for section in SECTIONS {
        let table = reference(section);
        assert!(page.contains(&table), "docs/policy.md does not hold this:\n\n{table}");
    }
    let rows = |text: &str| text.lines().filter(|line| line.starts_with("| `")).count();
    let known: usize = SECTIONS.iter().map(|section| rows(&reference(section))).sum();
    let part = page.split("\n## Reference\n").nth(1).and_then(|rest| rest.split("\n## ").next()).unwrap();
    assert_eq!(rows(part), known, "docs/policy.md has rows that are not of the schema");
    assert_eq!(page.matches("\n### `[").count(), SECTIONS.len());
    for step in StepName::ALL {
        assert!(page.contains(&format!("\n| `{step}` | ")), "docs/policy.md does not say what `{step}` does");
    }
}

/// The section as the reference has it, made from the schema.
fn reference(section: &Section) -> String {
    let mut text = format!("### `[{}]`\n\n{}\n\n", section.name, section.about);
    text += "| key | takes | default | what it does | a file that extends another |\n|---|---|---|---|---|\n";
    for key in section.keys {
        let default = key.default.map_or_else(|| "nothing".to_owned(), |default| format!("`{default}`"));
        let effect = match key.effect {
            Effect::Now => "",
            Effect::NotYet => " **No effect yet.**",
        };
        let (takes, tighter) = (cell(&key.kind.allowed()), key.tighter_in_words());
        text += &format!("| `{}` | {takes} | {default} | {}{effect} | {tighter} |\n", key.name, key.about);
        for field in fields(&key.kind) {
            let default = match field.presence {
                Presence::Required => "required".to_owned(),
                Presence::Optional => "nothing".to_owned(),
                Presence::Default(default) => format!("`\"{default}\"`"),
            };
            let takes = cell(&field.kind.allowed());
            text += &format!("| `{}.{}` | {takes} | {default} | {} | |\n", key.name, field.name, field.about);
        }
    }
    text
}

fn fields(kind: &Kind) -> &'static [Field] {
    match kind {
        Kind::Versions(fields) | Kind::Table(fields) | Kind::List(Kind::Table(fields)) => fields,
        _ => &[],
    }
}

/// A bar would end the cell.
fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}
