//! "Did you mean …?", and how a stranger's text is quoted in a message.

/// The name that was probably meant, if one is near enough: at most a third of it is wrong.
pub(super) fn nearest<'a>(written: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    // Beyond that no known name is near, and comparing would take its time.
    if written.len() > 64 {
        return None;
    }
    let written = written.to_lowercase().replace('_', "-");
    let allowed = (written.chars().count() / 3).max(1);
    known
        .into_iter()
        .map(|name| (strsim::osa_distance(&written, name), name))
        .filter(|(distance, _)| *distance <= allowed)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
}

/// `` `a`, `b` or `c` ``
pub(super) fn one_of<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    let mut quoted: Vec<String> = names.into_iter().map(|name| format!("`{name}`")).collect();
    match quoted.pop() {
        None => String::new(),
        Some(last) if quoted.is_empty() => last,
        Some(last) => format!("{} or {last}", quoted.join(", ")),
    }
}

/// The text in backquotes, shortened, with what a terminal would obey made visible.
pub(super) fn quoted(text: &str) -> String {
    const LONGEST: usize = 60;
    let mut shown = String::new();
    for c in text.chars().take(LONGEST) {
        match c {
            '\\' | '"' | '\'' => shown.push(c),
            _ => shown.extend(c.escape_debug()),
        }
    }
    let more = if text.chars().nth(LONGEST).is_some() { "…" } else { "" };
    format!("`{shown}{more}`")
}

#[cfg(test)]
mod tests {
    use super::{nearest, quoted};

    /// A wrong hint is worse than none: it sends people to a key that does something else.
    #[test]
    fn only_what_is_near_is_hinted_at() {
        let known = ["override", "install", "keep-toolchains", "all"];
        for (written, hint) in [
            ("overide", Some("override")),
            ("Install", Some("install")),
            ("keep_toolchains", Some("keep-toolchains")),
            ("al", Some("all")),
            ("instruct", None),
            ("zzz", None),
            ("", None),
        ] {
            assert_eq!(nearest(written, known), hint, "{written}");
        }
    }

    /// A cloned repository must not be able to steer the terminal through an error message.
    #[test]
    fn quoting_shows_control_characters() {
        assert_eq!(quoted("a\u{1b}[2Jb"), "`a\\u{1b}[2Jb`");
        assert_eq!(quoted(r#"v="(\d)""#), r#"`v="(\d)"`"#);
        assert_eq!(quoted(&"x".repeat(70)), format!("`{}…`", "x".repeat(60)));
    }
}
