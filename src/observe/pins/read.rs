//! One file: read within bounds, and recognised.

use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};

use regex::bytes::Regex as BytesRegex;

use super::rules::{Names, Rules};
use crate::pins::extra::{self, Pattern};
use crate::pins::name::Named;
use crate::pins::{Found, Kind, Pin, Unreadable};
use crate::workspace::Workspace;

/// No file that names a toolchain for people is larger, in bytes.
const LARGEST: u64 = 4 << 20;

/// One file, read.
pub(super) struct Read {
    pub(super) path: PathBuf,
    pub(super) kind: Option<Kind>,
    pub(super) text: Arc<str>,
    pub(super) found: Result<Found, Unreadable>,
    pub(super) patterns: Vec<Pattern>,
    pub(super) ignored: Option<String>,
}

impl Read {
    /// `None`: the file names nothing, or is gone by now.
    pub(super) fn of(path: &Path, top: &Path, workspace: &Workspace, rules: &Rules) -> Option<Self> {
        let names = Names::of(path, top, workspace);
        let kind = rules.kind(path, &names);
        let ignored =
            rules.ignored.iter().find(|(glob, _)| names.match_glob(glob)).map(|(_, why)| why.clone());
        let refused = |why: String| {
            let (found, patterns) = (Err(Unreadable { span: None, why }), Vec::new());
            let (path, text) = (path.to_path_buf(), Arc::from(""));
            Some(Self { path, kind, text, found, patterns, ignored: ignored.clone() })
        };
        let bytes = match fs_err::metadata(path) {
            Ok(meta) if meta.len() > LARGEST => return refused("it is larger than 4 MiB".to_owned()),
            Ok(_) => match std::fs::read(path) {
                Ok(bytes) => bytes,
                Err(cause) => return refused(cause.to_string()),
            },
            Err(_) => return None,
        };
        let is_by_name =
            matches!(kind, Some(Kind::ToolchainFile | Kind::Policy | Kind::Manifest | Kind::Clippy));
        // What a pattern describes need not speak of Rust at all.
        let always = is_by_name || rules.is_extra(&names);
        // Most of what a repository holds has nothing to do with Rust, and what is wrong with it is no concern of ours.
        if !always && !SPEAKS_OF_RUST.is_match(&bytes) {
            return None;
        }
        let Ok(text) = String::from_utf8(bytes) else { return refused("it is not UTF-8".to_owned()) };
        let patterns: Vec<Pattern> = rules.patterns(&names).cloned().collect();
        let found = extra::with_patterns(kind, &patterns, &text);
        Some(Self { path: path.to_path_buf(), kind, text: Arc::from(text), found, patterns, ignored })
    }

    /// Everything that it names.
    pub(super) fn names(&self) -> impl Iterator<Item = Named> {
        self.found.iter().flat_map(|found| &found.pins).filter_map(Pin::named)
    }
}

static SPEAKS_OF_RUST: LazyLock<BytesRegex> = LazyLock::new(|| {
    BytesRegex::new("(?i-u)rust|cargo").unwrap_or_else(|error| unreachable!("a constant: {error}"))
});
