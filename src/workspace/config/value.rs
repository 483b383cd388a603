//! Cargo's configuration as a tree in which every value knows where it was written, and how two trees become one.
//!
//! The rules are those of cargo's `util/context/config_value.rs` and `value.rs`.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use toml_edit::{Item, Table, TableLike, Value};

use super::error::ConfigError;
use crate::sourced::Origin;

/// Where a value was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Definition {
    /// In a file that cargo found by itself, or one that such a file includes.
    File(PathBuf),
    /// In a file named by `--config FILE`, or one that such a file includes.
    CommandLineFile(PathBuf),
    /// In a `--config KEY=VALUE` argument.
    CommandLine,
}

impl Definition {
    /// The command line outranks files; the environment lies between them (see `CargoConfig`).
    pub(super) const fn is_command_line(&self) -> bool {
        !matches!(self, Self::File(_))
    }

    /// The file that holds the value.
    pub(super) fn file(&self) -> Option<&Path> {
        match self {
            Self::File(file) | Self::CommandLineFile(file) => Some(file),
            Self::CommandLine => None,
        }
    }

    /// The directory from which a relative path is meant: the one above the directory of the file. For an included file
    /// and for `--config FILE` too, however odd that looks (`Definition::root`).
    ///
    /// Cargo carries the definition through serde as text, so bytes that are not UTF-8 become U+FFFD (`de.rs`).
    pub(super) fn base(&self, cwd: &Path) -> Option<PathBuf> {
        match self.file() {
            None => Some(cwd.to_path_buf()),
            Some(file) => Some(Path::new(&*file.to_string_lossy()).parent()?.parent()?.to_path_buf()),
        }
    }

    pub(super) fn origin(&self) -> Origin {
        match self {
            Self::File(file) => Origin::CargoConfig(file.clone()),
            Self::CommandLineFile(file) => Origin::CommandLine(format!("--config {}", file.display())),
            Self::CommandLine => Origin::CommandLine("--config".to_owned()),
        }
    }
}

/// A value and where it was written.
#[derive(Debug, Clone)]
pub(super) struct Node {
    pub(super) kind: Kind,
    pub(super) definition: Arc<Definition>,
}

/// What cargo's configuration can hold; TOML's floats and dates are no part of it.
#[derive(Debug, Clone)]
pub(super) enum Kind {
    String(String),
    Integer,
    Boolean(bool),
    List(Vec<Node>),
    Table(BTreeMap<String, Node>),
}

impl Kind {
    pub(super) const fn name(&self) -> &'static str {
        match self {
            Self::String(_) => "a string",
            Self::Integer => "an integer",
            Self::Boolean(_) => "a boolean",
            Self::List(_) => "an array",
            Self::Table(_) => "a table",
        }
    }
}

impl Node {
    pub(super) const fn empty(definition: Arc<Definition>) -> Self {
        Self { kind: Kind::Table(BTreeMap::new()), definition }
    }

    /// The same values as a parsed TOML table.
    pub(super) fn from_table(table: &Table, definition: &Arc<Definition>) -> Result<Self, ConfigError> {
        table_like(table, definition, "")
    }

    /// The value at this dotted key; an error where something on the way is no table.
    pub(super) fn get(&self, key: &str) -> Result<Option<&Self>, ConfigError> {
        let mut node = self;
        for part in key.split('.') {
            let Kind::Table(table) = &node.kind else { return Err(ConfigError::kind(key, "a table", node)) };
            let Some(next) = table.get(part) else { return Ok(None) };
            node = next;
        }
        Ok(Some(node))
    }

    /// Takes `other` into this tree. Tables and arrays grow together; of two single values the one from the command
    /// line wins, else the incoming one where `force` says so.
    pub(super) fn merge(&mut self, other: Self, force: Force, key: &str) -> Result<(), ConfigError> {
        let outranked = other.definition.is_command_line() && !self.definition.is_command_line();
        match (&mut self.kind, other.kind) {
            (Kind::List(old), Kind::List(mut new)) => {
                // A few keys that name programs replace instead (NON_MERGEABLE_LISTS); none of them is asked for here.
                match force {
                    Force::Incoming => old.append(&mut new),
                    Force::Existing => {
                        new.append(old);
                        *old = new;
                    }
                }
                old.sort_by_key(|item| item.definition.is_command_line());
                Ok(())
            }
            (Kind::Table(old), Kind::Table(new)) => {
                for (name, value) in new {
                    match old.entry(name) {
                        Entry::Vacant(place) => {
                            place.insert(value);
                        }
                        Entry::Occupied(mut place) => {
                            let key = joined(key, place.key());
                            place.get_mut().merge(value, force, &key)?;
                        }
                    }
                }
                Ok(())
            }
            (Kind::List(_) | Kind::Table(_), kind) | (_, kind @ (Kind::List(_) | Kind::Table(_))) => {
                let other = Self { kind, definition: other.definition };
                Err(ConfigError::kind(key, self.kind.name(), &other))
            }
            (_, kind) => {
                if outranked || force == Force::Incoming {
                    *self = Self { kind, definition: other.definition };
                }
                Ok(())
            }
        }
    }
}

/// Which of two single values from equally ranked places is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Force {
    /// The one that was there first: files further away do not override nearer ones.
    Existing,
    /// The one that comes later: an including file overrides what it includes, a later `--config` an earlier one.
    Incoming,
}

fn table_like(table: &dyn TableLike, definition: &Arc<Definition>, key: &str) -> Result<Node, ConfigError> {
    let mut values = BTreeMap::new();
    for (name, item) in table.iter() {
        if let Some(node) = from_item(item, definition, &joined(key, name))? {
            values.insert(name.to_owned(), node);
        }
    }
    Ok(Node { kind: Kind::Table(values), definition: Arc::clone(definition) })
}

fn from_item(item: &Item, definition: &Arc<Definition>, key: &str) -> Result<Option<Node>, ConfigError> {
    let node = match item {
        Item::None => return Ok(None),
        Item::Value(value) => from_value(value, definition, key)?,
        Item::Table(table) => table_like(table, definition, key)?,
        Item::ArrayOfTables(tables) => {
            let items =
                tables.iter().map(|table| table_like(table, definition, key)).collect::<Result<_, _>>()?;
            Node { kind: Kind::List(items), definition: Arc::clone(definition) }
        }
    };
    Ok(Some(node))
}

fn from_value(value: &Value, definition: &Arc<Definition>, key: &str) -> Result<Node, ConfigError> {
    let kind = match value {
        Value::String(text) => Kind::String(text.value().clone()),
        Value::Integer(_) => Kind::Integer,
        Value::Boolean(flag) => Kind::Boolean(*flag.value()),
        Value::Array(items) => {
            Kind::List(items.iter().map(|item| from_value(item, definition, key)).collect::<Result<_, _>>()?)
        }
        Value::InlineTable(table) => return table_like(table, definition, key),
        Value::Float(_) | Value::Datetime(_) => {
            return Err(ConfigError::Unsupported {
                key: key.to_owned(),
                found: value.type_name(),
                origin: definition.origin(),
            });
        }
    };
    Ok(Node { kind, definition: Arc::clone(definition) })
}

fn joined(key: &str, part: &str) -> String {
    if key.is_empty() { part.to_owned() } else { format!("{key}.{part}") }
}
