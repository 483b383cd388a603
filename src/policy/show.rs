//! The policy in force as TOML, with the origin of each value behind it.

use std::fmt::{Display, Write};

use super::model::{Policy, Require};
use super::words::{StepName, When};
use crate::sourced::{Origin, Sourced};

/// A valid `doctor.toml` that asks for the same, each value followed by where it was set.
#[must_use]
pub fn show(policy: &Policy) -> String {
    let mut page = Page::default();
    page.section("policy");
    versions(&mut page, policy);
    page.word("enforce", &policy.meta.enforce);
    page.line("extends", "[]", "resolved: each value below names its file");

    page.section("toolchain");
    match &policy.toolchain.channel {
        Some(channel) => page.word("channel", channel),
        None => page.unset("channel"),
    }
    page.word("override", &policy.toolchain.r#override);
    page.word("install", &policy.toolchain.install);
    page.word("update", &policy.toolchain.update);

    page.section("pins");
    page.list("ignore", &policy.pins.ignore, |pin| {
        format!("{{ path = {}, reason = {} }}", text(&pin.path), text(&pin.reason))
    });
    page.list("extra", &policy.pins.extra, |pin| {
        let (path, pattern, role) = (text(&pin.path), text(&pin.pattern), text(&pin.role.to_string()));
        format!("{{ path = {path}, pattern = {pattern}, role = {role} }}")
    });

    page.section("steps");
    page.steps("build", &policy.steps.build);
    page.steps("update", &policy.steps.update);
    page.steps("toolchain-change", &policy.steps.toolchain_change);

    page.section("clean");
    page.word("scope", &policy.clean.scope);
    page.number("keep-toolchains", &policy.clean.keep_toolchains);
    page.list("allow-outside", &policy.clean.allow_outside, |path| text(&path.to_string_lossy()));
    page.word("full", &policy.clean.full);
    match &policy.clean.max_size {
        Some(size) => page.word("max-size", size),
        None => page.unset("max-size"),
    }
    let background = &policy.clean.background;
    page.line("background", &background.value.to_string(), &origin(&background.origin));

    page.section("cache");
    page.word("freshness", &policy.cache.freshness);
    page.word("restore", &policy.cache.restore);
    page.word("suspects", &policy.cache.suspects);

    page.section("diagnose");
    page.word("on-failure", &policy.diagnose.on_failure);
    let retry = &policy.diagnose.retry;
    page.line("retry", &retry.value.to_string(), &origin(&retry.origin));
    page.number("cleans-per-week", &policy.diagnose.cleans_per_week);

    page.section("commands");
    page.list("deny", &policy.commands.deny, |deny| {
        format!("{{ command = {}{} }}", text(&deny.command), reason(deny.reason.as_deref()))
    });
    page.list("require", &policy.commands.require, require);
    page.text
}

fn versions(page: &mut Page, policy: &Policy) {
    let asked = [("required", &policy.meta.required), ("recommended", &policy.meta.recommended)];
    let set = || asked.iter().filter_map(|(name, asked)| Some((name, asked.as_ref()?)));
    if set().next().is_none() {
        return page.unset("xcargo");
    }
    let fields: Vec<String> =
        set().map(|(name, asked)| format!("{name} = {}", text(&asked.value.to_string()))).collect();
    let origins: Vec<String> =
        set().map(|(name, asked)| format!("{name}: {}", origin(&asked.origin))).collect();
    page.line("xcargo", &format!("{{ {} }}", fields.join(", ")), &origins.join(", "));
}

fn require(rule: &Require) -> String {
    let args: Vec<String> = rule.args.iter().map(|arg| text(arg)).collect();
    let when = match rule.when {
        When::Always => String::new(),
        when => format!(", when = {}", text(&when.to_string())),
    };
    let reason = reason(rule.reason.as_deref());
    format!("{{ command = {}, args = [{}]{when}{reason} }}", text(&rule.command), args.join(", "))
}

fn reason(reason: Option<&str>) -> String {
    reason.map_or_else(String::new, |reason| format!(", reason = {}", text(reason)))
}

/// A TOML string.
fn text(value: &str) -> String {
    toml_edit::Value::from(value).to_string()
}

/// Short, and on one line whatever the file is called.
fn origin(origin: &Origin) -> String {
    match origin {
        Origin::Default => "default".to_owned(),
        other => other.to_string().chars().flat_map(visible).collect(),
    }
}

fn visible(c: char) -> impl Iterator<Item = char> {
    let (escaped, plain) = if c.is_control() { (Some(c.escape_default()), None) } else { (None, Some(c)) };
    escaped.into_iter().flatten().chain(plain)
}

#[derive(Default)]
struct Page {
    text: String,
}

impl Page {
    fn section(&mut self, name: &str) {
        let blank = if self.text.is_empty() { "" } else { "\n" };
        self.push(format_args!("{blank}[{name}]"));
    }

    fn line(&mut self, key: &str, value: &str, comment: &str) {
        self.push(format_args!("{key} = {value} # {comment}"));
    }

    fn unset(&mut self, key: &str) {
        self.push(format_args!("# {key} is not set"));
    }

    fn word<T: Display>(&mut self, key: &str, value: &Sourced<T>) {
        self.line(key, &text(&value.value.to_string()), &origin(&value.origin));
    }

    fn number(&mut self, key: &str, value: &Sourced<u32>) {
        self.line(key, &value.value.to_string(), &origin(&value.origin));
    }

    fn steps(&mut self, key: &str, steps: &Sourced<Vec<StepName>>) {
        let names: Vec<String> = steps.value.iter().map(|step| text(&step.to_string())).collect();
        self.line(key, &format!("[{}]", names.join(", ")), &origin(&steps.origin));
    }

    fn list<T>(&mut self, key: &str, entries: &[Sourced<T>], show: impl Fn(&T) -> String) {
        if entries.is_empty() {
            return self.line(key, "[]", "empty");
        }
        self.push(format_args!("{key} = ["));
        for entry in entries {
            self.push(format_args!("    {}, # {}", show(&entry.value), origin(&entry.origin)));
        }
        self.push(format_args!("]"));
    }

    fn push(&mut self, line: std::fmt::Arguments<'_>) {
        // Writing into a string cannot fail.
        let _ = writeln!(self.text, "{line}");
    }
}
