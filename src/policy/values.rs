//! Single values, parsed from their text. What is wrong with one is said in a few words, for under the caret.

use std::path::{Component, Path, PathBuf};
use std::time::Duration;

use super::hint::quoted;
use super::model::{ByteSize, MaxAge};
use crate::toolchain::channel::Channel;

/// What is wrong, in a few words.
pub(super) type Wrong = String;

/// rustup would take a name with a blank for a custom toolchain's; in a policy it is a slip of the hand.
pub(super) fn channel(text: &str) -> Result<Channel, Wrong> {
    if let Some(blank) = text.chars().find(|c| c.is_whitespace()) {
        return Err(format!("a toolchain name may not contain {blank:?}"));
    }
    Channel::parse(text).map_err(|error| error.to_string())
}

pub(super) fn requirement(text: &str) -> Result<semver::VersionReq, Wrong> {
    semver::VersionReq::parse(text).map_err(|error| error.to_string())
}

/// A number and a unit. (Calendar units stay out: a month has no length.)
pub(super) fn max_age(text: &str) -> Result<MaxAge, Wrong> {
    if text == "never" {
        return Ok(MaxAge::Never);
    }
    if text.starts_with('-') {
        return Err("a time cannot be negative".to_owned());
    }
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, unit) = text.split_at(digits);
    if number.is_empty() {
        return Err("it starts with no number".to_owned());
    }
    let seconds: u64 = match unit {
        "h" => 3600,
        "d" => 24 * 3600,
        "w" => 7 * 24 * 3600,
        "" => return Err("a unit is missing".to_owned()),
        _ => return Err(format!("{} is no unit of it", quoted(unit))),
    };
    match number.parse::<u64>().ok().and_then(|number| number.checked_mul(seconds)) {
        None => Err("nothing lasts that long".to_owned()),
        Some(0) => Err("a time cannot be zero".to_owned()),
        Some(age) => Ok(MaxAge::After(Duration::from_secs(age))),
    }
}

/// A whole number and a unit, without a blank.
pub(super) fn byte_size(text: &str) -> Result<ByteSize, Wrong> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, unit) = text.split_at(digits);
    if number.is_empty() {
        return Err("it starts with no number".to_owned());
    }
    if unit.is_empty() {
        return Err("a unit is missing".to_owned());
    }
    let Some((_, bytes)) = ByteSize::UNITS.iter().find(|(name, _)| *name == unit) else {
        return Err(format!("{} is no unit of it", quoted(unit)));
    };
    match number.parse::<u64>().ok().and_then(|number| number.checked_mul(*bytes)) {
        None => Err("no disk is that large".to_owned()),
        Some(0) => Err("a size cannot be zero".to_owned()),
        Some(bytes) => Ok(ByteSize(bytes)),
    }
}

impl ByteSize {
    /// Reads what `--keep-size` and `clean.max-size` take: `10GiB`.
    ///
    /// # Errors
    /// What is wrong with it, in a few words.
    pub fn parse(text: &str) -> Result<Self, String> {
        byte_size(text)
    }
}

/// The path of another policy file; whether it is there is the loader's to find out.
pub(super) fn policy_path(text: &str) -> Result<PathBuf, Wrong> {
    if text.is_empty() {
        return Err("it is empty".to_owned());
    }
    if text == "~" || text.starts_with("~/") {
        return Err("`~` is not resolved: a policy must mean the same for everyone".to_owned());
    }
    if text.contains("://") || text.starts_with("git@") {
        return Err("only local files can be extended".to_owned());
    }
    // A file that is no policy would be quoted in the message that says so.
    if Path::new(text).extension().is_none_or(|extension| extension != "toml") {
        return Err("the name of a policy ends in `.toml`".to_owned());
    }
    Ok(PathBuf::from(text))
}

/// A directory outside the workspace that may be cleaned. What would give too much away is refused here,
/// whatever the disk looks like.
pub(super) fn directory(text: &str, home: Option<&Path>) -> Result<PathBuf, Wrong> {
    if text == "~" || text.starts_with("~/") {
        return Err("`~` is not resolved: write the whole path".to_owned());
    }
    let path = Path::new(text);
    if !path.is_absolute() {
        return Err("it is not absolute".to_owned());
    }
    if path.components().any(|part| part == Component::ParentDir) {
        return Err("it has a `..` in it".to_owned());
    }
    // Taking it apart and together again drops `.` and doubled slashes.
    let path: PathBuf = path.components().collect();
    if path.parent().is_none() {
        return Err("it is the root of the file system".to_owned());
    }
    match home {
        Some(home) if home == path => Err("it is the home directory".to_owned()),
        Some(home) if home.starts_with(&path) => Err("the home directory is in it".to_owned()),
        _ => Ok(path),
    }
}

pub(super) fn glob(text: &str) -> Result<String, Wrong> {
    if text.is_empty() {
        return Err("it is empty".to_owned());
    }
    let path = Path::new(text);
    if path.has_root() || path.is_absolute() || text.starts_with("~/") {
        return Err("it is not relative to the workspace root".to_owned());
    }
    if path.components().any(|part| part == Component::ParentDir) {
        return Err("it leads out of the workspace".to_owned());
    }
    match globset::Glob::new(text) {
        Ok(_) => Ok(text.to_owned()),
        Err(error) => Err(error.kind().to_string()),
    }
}

pub(super) fn pattern(text: &str) -> Result<String, Wrong> {
    let regex = match regex::Regex::new(text) {
        Ok(regex) => regex,
        Err(regex::Error::CompiledTooBig(_)) => return Err("it is too large a pattern".to_owned()),
        // The crate draws its own carets over several lines; the last one says what is wrong.
        Err(error) => {
            let whole = error.to_string();
            let last = whole.lines().last().unwrap_or_default();
            return Err(last.strip_prefix("error: ").unwrap_or(last).to_owned());
        }
    };
    match regex.captures_len() - 1 {
        1 => Ok(text.to_owned()),
        0 => Err("it has no capture group".to_owned()),
        count => Err(format!("it has {count} capture groups; `(?:…)` groups without capturing")),
    }
}

pub(super) fn sentence(text: &str) -> Result<String, Wrong> {
    if text.trim().is_empty() { Err("it is empty".to_owned()) } else { Ok(text.to_owned()) }
}

pub(super) fn command(text: &str) -> Result<String, Wrong> {
    if text.is_empty() {
        return Err("it is empty".to_owned());
    }
    if text.contains(char::is_whitespace) {
        return Err("it is more than one word".to_owned());
    }
    if text.starts_with(['-', '+']) {
        return Err("it is an argument, not a command".to_owned());
    }
    Ok(text.to_owned())
}

pub(super) fn argument(text: &str) -> Result<String, Wrong> {
    if text.is_empty() { Err("it is empty".to_owned()) } else { Ok(text.to_owned()) }
}

#[cfg(test)]
mod tests {
    use super::{MaxAge, byte_size, directory, max_age};
    use std::path::{Path, PathBuf};
    use std::time::Duration;

    /// An age read wrongly would make every build wait for the network, or none ever.
    #[test]
    fn ages_are_hours_days_and_weeks() {
        let hours = |count: u64| Ok(MaxAge::After(Duration::from_secs(count * 3600)));
        for (text, expected) in
            [("12h", hours(12)), ("7d", hours(168)), ("2w", hours(336)), ("never", Ok(MaxAge::Never))]
        {
            assert_eq!(max_age(text), expected, "{text}");
            let shown = expected.as_ref().expect(text).to_string();
            assert_eq!(max_age(&shown), expected, "{text} shown as {shown}");
        }
        for text in
            ["", "7", "d", "0d", "-1d", "1m", "1.5h", "7 d", "7D", "١d", "99999999999999999999d", "Never"]
        {
            assert!(max_age(text).is_err(), "{text:?}");
        }
    }

    /// A size read wrongly would empty the cache before each build, or never.
    #[test]
    fn sizes_are_whole_numbers_of_a_unit() {
        for (text, bytes, shown) in [
            ("20GiB", 20 << 30, "20GiB"),
            ("1024MiB", 1 << 30, "1GiB"),
            ("1536MiB", 1536 << 20, "1536MiB"),
            ("1TB", 1_000_000_000_000, "976562500KiB"),
            ("5kB", 5000, "5kB"),
            ("7B", 7, "7B"),
        ] {
            let size = byte_size(text).expect(text);
            assert_eq!((size.0, &*size.to_string()), (bytes, shown), "{text}");
            assert_eq!(byte_size(shown), Ok(size));
        }
        for text in [
            "",
            "20",
            "GiB",
            "0GiB",
            "-1GiB",
            "1.5GiB",
            "1 GiB",
            "1gib",
            "1K",
            "99999999999TiB",
            "١GiB",
            "1KB",
        ] {
            assert!(byte_size(text).is_err(), "{text:?}");
        }
    }

    /// Whatever passes here may be deleted in.
    #[cfg(unix)]
    #[test]
    fn too_much_is_never_given_away() {
        let home = Some(Path::new("/home/ada"));
        for text in
            ["/", "//", "/./", "/home", "/home/ada", "/home/ada/", "/home/./ada", "/x/../y", "x", "~/x", ""]
        {
            assert!(directory(text, home).is_err(), "{text:?}");
        }
        for (text, expected) in [
            ("/home/ada/target", "/home/ada/target"),
            ("/var//x/./t/", "/var/x/t"),
            ("/home/adam", "/home/adam"),
        ] {
            assert_eq!(directory(text, home), Ok(PathBuf::from(expected)));
        }
    }
}
