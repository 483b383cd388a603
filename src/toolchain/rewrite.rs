//! A toolchain file with another channel, or with more parts: comments, order and everything else stay.

use std::fmt;

use toml_edit::{Array, DocumentMut, Item, Table, Value};

use super::channel::Channel;
use super::file::{Profile, Spec, ToolchainFile, Wants};

/// What is to be added to a toolchain file beside its channel.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Parts {
    /// Components.
    pub components: Vec<String>,
    /// Target triples.
    pub targets: Vec<String>,
    /// The profile, where another one is wanted.
    pub profile: Option<Profile>,
}

impl Parts {
    /// Whether nothing is to be added.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.components.is_empty() && self.targets.is_empty() && self.profile.is_none()
    }

    /// What is wanted with these: each once, and the profile replaced where another one is wanted.
    #[must_use]
    pub fn added_to(&self, wants: &Wants) -> Wants {
        let with = |known: &[String], new: &[String]| {
            let mut all = known.to_vec();
            for name in new {
                if !all.contains(name) {
                    all.push(name.clone());
                }
            }
            all
        };
        Wants {
            components: with(&wants.components, &self.components),
            targets: with(&wants.targets, &self.targets),
            profile: self.profile.or(wants.profile),
        }
    }
}

/// Why a toolchain file cannot be rewritten.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CannotRewrite {
    /// It names a directory instead of a channel.
    NamesPath,
    /// It is a bare name, which has no room for components, targets or a profile.
    BareName,
    /// The channel is written with escapes, or the file is not as it was.
    Spelled,
}

impl fmt::Display for CannotRewrite {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NamesPath => "it names the directory of a toolchain (`path`), not a channel",
            Self::BareName => "it is a bare name, which has no room for components, targets or a profile",
            Self::Spelled => "rustup would not read from it what is wanted: its channel is no plain string, or a list is none",
        })
    }
}

/// The file's text with this channel, and these parts added to those that it has.
///
/// # Errors
/// The file is of a kind that cannot hold that.
pub fn rewrite(
    file: &ToolchainFile,
    text: &str,
    to: &Channel,
    parts: &Parts,
) -> Result<String, CannotRewrite> {
    let with_channel = match (&file.spec, &file.channel_span) {
        (Spec::Path(_), _) => return Err(CannotRewrite::NamesPath),
        (Spec::Channel(channel, _), Some(span)) => {
            if text.get(span.clone()) != Some(channel.as_str()) {
                return Err(CannotRewrite::Spelled);
            }
            format!("{}{}{}", &text[..span.start], to.as_str(), &text[span.end..])
        }
        (Spec::Channel(..), None) => return Err(CannotRewrite::Spelled),
        (Spec::Default(_), _) => edited(text, |table| {
            table.insert("channel", Item::Value(to.as_str().into()));
        })?,
    };
    if parts.is_empty() {
        return proven(file, with_channel, to, parts);
    }
    let is_bare = file.path.extension().is_none() && with_channel.lines().count() == 1;
    if is_bare {
        return Err(CannotRewrite::BareName);
    }
    let with_parts = edited(&with_channel, |table| {
        add(table, "components", &parts.components);
        add(table, "targets", &parts.targets);
        if let Some(profile) = parts.profile {
            set_profile(table, profile);
        }
    })?;
    proven(file, with_parts, to, parts)
}

/// The text, if rustup would read from it what is wanted, and all else that it read before.
fn proven(file: &ToolchainFile, text: String, to: &Channel, parts: &Parts) -> Result<String, CannotRewrite> {
    let wants = match &file.spec {
        Spec::Channel(_, wants) | Spec::Default(wants) => parts.added_to(wants),
        Spec::Path(_) => return Err(CannotRewrite::NamesPath),
    };
    // Of a linked toolchain's parts rustup reads nothing.
    let was_linked = matches!(&file.spec, Spec::Channel(channel, _) if channel.is_custom());
    let is_linked = was_linked || to.is_custom();
    match ToolchainFile::parse(&file.path, &text).map(|file| file.spec) {
        Ok(Spec::Channel(named, found)) if named == *to && (is_linked || found == wants) => Ok(text),
        _ => Err(CannotRewrite::Spelled),
    }
}

/// The text of a new toolchain file.
#[must_use]
pub fn create(to: &Channel, parts: &Parts) -> String {
    let mut document = DocumentMut::new();
    let mut table = Table::new();
    table.insert("channel", Item::Value(to.as_str().into()));
    add(&mut table, "components", &parts.components);
    add(&mut table, "targets", &parts.targets);
    if let Some(profile) = parts.profile {
        set_profile(&mut table, profile);
    }
    document.insert("toolchain", Item::Table(table));
    document.to_string()
}

/// TOML knows `\n` only where it writes something itself; a file keeps the line ends that it has.
fn edited(text: &str, change: impl FnOnce(&mut dyn toml_edit::TableLike)) -> Result<String, CannotRewrite> {
    let mut document: DocumentMut = text.parse().map_err(|_| CannotRewrite::Spelled)?;
    let table =
        document.get_mut("toolchain").and_then(Item::as_table_like_mut).ok_or(CannotRewrite::Spelled)?;
    change(table);
    // The byte order mark is no part of the document, and stays.
    let mark = if text.starts_with('\u{feff}') { "\u{feff}" } else { "" };
    let new = format!("{mark}{}", document.to_string().trim_start_matches('\u{feff}'));
    let all_crlf = text.contains('\n') && text.matches('\n').count() == text.matches("\r\n").count();
    Ok(if all_crlf { new.replace("\r\n", "\n").replace('\n', "\r\n") } else { new })
}

fn add(table: &mut dyn toml_edit::TableLike, key: &str, wanted: &[String]) {
    if wanted.is_empty() {
        return;
    }
    if table.get(key).is_none() {
        table.insert(key, Item::Value(Value::Array(Array::new())));
    }
    let Some(list) = table.get_mut(key).and_then(Item::as_array_mut) else { return };
    for name in wanted {
        if list.iter().any(|known| known.as_str() == Some(name)) {
            continue;
        }
        // As the one before it: a list with an entry on each line stays such a list.
        let decor = list.iter().last().map(|last| last.decor().clone()).filter(|_| list.len() > 1);
        list.push(name.as_str());
        if let (Some(decor), Some(new)) = (decor, list.iter_mut().last()) {
            let prefix = decor.prefix().and_then(|raw| raw.as_str()).unwrap_or(" ").to_owned();
            // A comment in front of the last one is about that one.
            let prefix = if prefix.contains('#') { " ".to_owned() } else { prefix };
            *new.decor_mut() = toml_edit::Decor::new(prefix, "");
        }
    }
}

fn set_profile(table: &mut dyn toml_edit::TableLike, profile: Profile) {
    match table.get_mut("profile").and_then(Item::as_value_mut) {
        Some(value) => {
            let decor = value.decor().clone();
            *value = profile.as_str().into();
            *value.decor_mut() = decor;
        }
        None => {
            table.insert("profile", Item::Value(profile.as_str().into()));
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{CannotRewrite, Parts, create, rewrite};
    use crate::toolchain::file::Profile;
    use crate::toolchain::{Channel, ToolchainFile};

    fn parts(components: &[&str], targets: &[&str], profile: Option<Profile>) -> Parts {
        let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        Parts { components: owned(components), targets: owned(targets), profile }
    }

    fn to(name: &str, text: &str, parts: &Parts) -> Result<String, CannotRewrite> {
        let file = ToolchainFile::parse(Path::new(name), text).expect("a toolchain file");
        rewrite(&file, text, &Channel::parse("1.79.0").expect("a channel"), parts)
    }

    /// What people wrote around the channel is theirs.
    #[test]
    fn comments_and_order_stay() {
        let none = Parts::default();
        for (name, text, expect) in [
            (
                "rust-toolchain.toml",
                "# why\n[toolchain]\nprofile = \"minimal\" # small\nchannel   = '1.78.0' # the pin\n",
                "# why\n[toolchain]\nprofile = \"minimal\" # small\nchannel   = '1.79.0' # the pin\n",
            ),
            ("rust-toolchain", "1.78.0\n", "1.79.0\n"),
            ("rust-toolchain", "  1.78.0", "  1.79.0"),
            (
                "rust-toolchain.toml",
                "toolchain = { channel = \"1.78.0\" }\r\n",
                "toolchain = { channel = \"1.79.0\" }\r\n",
            ),
            (
                "rust-toolchain.toml",
                "[toolchain]\r\ncomponents = [\"clippy\"]\r\n",
                "[toolchain]\r\ncomponents = [\"clippy\"]\r\nchannel = \"1.79.0\"\r\n",
            ),
        ] {
            assert_eq!(to(name, text, &none).as_deref(), Ok(expect), "{text:?}");
        }
    }

    #[test]
    fn parts_are_added_once() {
        let wanted = parts(&["clippy", "rustfmt"], &["wasm32-unknown-unknown"], Some(Profile::Minimal));
        let text = "[toolchain]\nchannel = \"1.78.0\"\ncomponents = [\n    \"rust-src\",\n    \"clippy\",\n]\nprofile = \"default\" # p\n";
        let expect = "[toolchain]\nchannel = \"1.79.0\"\ncomponents = [\n    \"rust-src\",\n    \"clippy\",\n    \"rustfmt\",\n]\n\
                      profile = \"minimal\" # p\ntargets = [\"wasm32-unknown-unknown\"]\n";
        assert_eq!(to("rust-toolchain.toml", text, &wanted).as_deref(), Ok(expect));
    }

    #[test]
    fn what_cannot_hold_it_is_said() {
        assert_eq!(
            to("rust-toolchain", "1.78.0\n", &parts(&["clippy"], &[], None)),
            Err(CannotRewrite::BareName)
        );
        let path = if cfg!(windows) { "C:\\\\t" } else { "/t" };
        let text = format!("[toolchain]\npath = \"{path}\"\n");
        assert_eq!(to("rust-toolchain.toml", &text, &Parts::default()), Err(CannotRewrite::NamesPath));
    }

    #[test]
    fn a_new_file_is_one_that_rustup_reads() {
        let text = create(
            &Channel::parse("1.79.0").expect("a channel"),
            &parts(&["clippy"], &[], Some(Profile::Minimal)),
        );
        assert_eq!(
            text,
            "[toolchain]\nchannel = \"1.79.0\"\ncomponents = [\"clippy\"]\nprofile = \"minimal\"\n"
        );
        ToolchainFile::parse(Path::new("rust-toolchain.toml"), &text).expect("a toolchain file");
    }
}
