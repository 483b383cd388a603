//! Finding and reading the files of cargo's configuration, each once, and merging them in cargo's order.
//!
//! The rules are those of `load_values_from`, `_load_file`, `include_paths` and `cli_args_as_table` in cargo's
//! `util/context/mod.rs` (1.95; `include` is stable there).

use std::collections::HashSet;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use toml_edit::{Document, Item, Table};

use super::error::{ConfigError, IncludeProblem};
use super::value::{Definition, Force, Kind, Node};
use crate::diagnostic::SourceText;
use crate::sourced::Origin;

/// Everything that the files of the hierarchy say, as one tree.
pub(super) fn files(cwd: &Path, cargo_home: &Path) -> Result<Node, ConfigError> {
    let mut tree = Node::empty(Arc::new(Definition::File(PathBuf::new())));
    for file in hierarchy(cwd, cargo_home) {
        let one = from_file(&Definition::File(file), &mut HashSet::new(), cwd)?;
        tree.merge(one, Force::Existing, "")?;
    }
    Ok(tree)
}

/// The tree with what `--config` arguments say over it.
pub(super) fn with_arguments(
    mut tree: Node,
    arguments: &[OsString],
    cwd: &Path,
) -> Result<Node, ConfigError> {
    let mut seen = HashSet::new();
    for argument in arguments {
        tree.merge(from_argument(argument, &mut seen, cwd)?, Force::Incoming, "")?;
    }
    Ok(tree)
}

/// The files, nearest first: `.cargo/config.toml` from the current directory to the root, then the one in CARGO_HOME
/// unless the way up led through it.
fn hierarchy(cwd: &Path, cargo_home: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut passed = HashSet::new();
    for dir in cwd.ancestors() {
        let dir = dir.join(".cargo");
        found.extend(config_file(&dir));
        passed.insert(dir.canonicalize().unwrap_or(dir));
    }
    let canonical = cargo_home.canonicalize().unwrap_or_else(|_| cargo_home.to_path_buf());
    if !passed.contains(&canonical) && !passed.contains(cargo_home) {
        found.extend(config_file(cargo_home));
    }
    found
}

/// The name without extension wins where both exist; it counts as existing when it can be opened (`get_file_path`).
fn config_file(dir: &Path) -> Option<PathBuf> {
    let legacy = dir.join("config");
    if same_file::Handle::from_path(&legacy).is_ok() {
        return Some(legacy);
    }
    Some(dir.join("config.toml")).filter(|file| file.exists())
}

fn from_file(definition: &Definition, seen: &mut HashSet<PathBuf>, cwd: &Path) -> Result<Node, ConfigError> {
    let file = definition.file().unwrap_or(Path::new(""));
    if !seen.insert(file.to_path_buf()) {
        return Err(ConfigError::Cycle(file.to_path_buf()));
    }
    let text = std::fs::read_to_string(file)
        .map_err(|error| ConfigError::Unreadable { file: file.to_path_buf(), cause: error.to_string() })?;
    let document = Document::parse(text.as_str()).map_err(|error| ConfigError::Syntax {
        source: SourceText { path: file.to_path_buf(), text: Arc::from(text.as_str()) },
        span: error.span().unwrap_or(0..0),
        message: error.message().to_owned(),
    })?;
    with_includes(document.as_table(), &Arc::new(definition.clone()), seen, cwd)
}

/// The table over everything that it includes; a later include over an earlier one.
fn with_includes(
    table: &Table,
    definition: &Arc<Definition>,
    seen: &mut HashSet<PathBuf>,
    cwd: &Path,
) -> Result<Node, ConfigError> {
    let mut own = Node::from_table(table, definition)?;
    let mut tree = Node::empty(Arc::clone(definition));
    for included in includes(&mut own, cwd)? {
        let included = match **definition {
            Definition::File(_) => Definition::File(included),
            Definition::CommandLineFile(_) | Definition::CommandLine => Definition::CommandLineFile(included),
        };
        tree.merge(from_file(&included, seen, cwd)?, Force::Incoming, "")?;
    }
    tree.merge(own, Force::Incoming, "")?;
    Ok(tree)
}

/// Takes the `include` list out of a tree: the files that have to be there, and those optional ones that are.
fn includes(tree: &mut Node, cwd: &Path) -> Result<Vec<PathBuf>, ConfigError> {
    let Kind::Table(table) = &mut tree.kind else { return Ok(Vec::new()) };
    let Some(include) = table.remove("include") else { return Ok(Vec::new()) };
    let Kind::List(entries) = include.kind else {
        return Err(ConfigError::kind("include", "an array", &include));
    };
    let base = tree.definition.file().and_then(Path::parent).unwrap_or(cwd);
    let mut files = Vec::new();
    for entry in entries {
        let (path, optional) = include_entry(entry)?;
        let file = base.join(path);
        if !optional || file.exists() {
            files.push(file);
        }
    }
    Ok(files)
}

fn include_entry(entry: Node) -> Result<(String, bool), ConfigError> {
    let wrong = |problem| ConfigError::Include { origin: entry.definition.origin(), problem };
    let (path, optional) = match entry.kind {
        Kind::String(path) => (path, false),
        Kind::Table(mut table) => {
            let optional = match table.remove("optional").map(|node| node.kind) {
                None => false,
                Some(Kind::Boolean(optional)) => optional,
                Some(_) => return Err(wrong(IncludeProblem::Shape)),
            };
            match table.remove("path").map(|node| node.kind) {
                Some(Kind::String(path)) => (path, optional),
                _ => return Err(wrong(IncludeProblem::Shape)),
            }
        }
        _ => return Err(wrong(IncludeProblem::Shape)),
    };
    let is_toml = Path::new(&path).extension() == Some(OsStr::new("toml"));
    if !is_toml || path.contains(['*', '?', '[', ']', '{', '}']) {
        return Err(wrong(IncludeProblem::Path(path)));
    }
    Ok((path, optional))
}

/// A `--config` argument: a file where one of that name exists, else `KEY=VALUE`.
fn from_argument(argument: &OsStr, seen: &mut HashSet<PathBuf>, cwd: &Path) -> Result<Node, ConfigError> {
    let Some(text) = argument.to_str() else {
        return Err(ConfigError::NotUtf8(Origin::CommandLine("--config".to_owned())));
    };
    let file = cwd.join(text);
    if !text.is_empty() && file.exists() {
        return from_file(&Definition::CommandLineFile(file), seen, cwd);
    }
    let wrong = |cause: &str| ConfigError::Argument { argument: text.to_owned(), cause: cause.to_owned() };
    let document = Document::parse(text).map_err(|error| wrong(error.message()))?;
    if !is_dotted_key(document.as_table()) {
        return Err(wrong("it must set one key, and not to a table"));
    }
    with_includes(document.as_table(), &Arc::new(Definition::CommandLine), &mut HashSet::new(), cwd)
}

/// One key with dots, set to something that is no table (`toml_dotted_keys`).
fn is_dotted_key(table: &Table) -> bool {
    let mut entries = table.iter();
    match (entries.next(), entries.next()) {
        (Some((_, Item::Value(value))), None) => !value.is_inline_table(),
        (Some((_, Item::Table(inner))), None) => inner.is_dotted() && is_dotted_key(inner),
        _ => false,
    }
}
