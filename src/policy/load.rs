//! Finds `doctor.toml` and the files it extends, and reads them: the only file of policy that touches the disk.

use std::io::{self, Read};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use semver::Version;

use super::gate::{self, Verdict};
use super::layer::Layer;
use super::model::Policy;
use super::{merge, raw, read};
use crate::diagnostic::{Diagnostic, Failure, SourceText};
use crate::env::Env;
use crate::exit::Code;
use crate::sourced::Origin;

/// Where a policy may stand, relative to the workspace root.
pub const PLACES: [&str; 2] = ["doctor.toml", ".cargo/doctor.toml"];

/// A policy larger than this many bytes is no policy.
const LARGEST: u64 = 1024 * 1024;

/// A policy, and what was read for it.
#[derive(Debug, Clone)]
pub struct Loaded {
    /// What is asked for.
    pub policy: Policy,
    /// What to say although the policy is valid.
    pub warnings: Vec<Diagnostic>,
    /// The files, in the order in which they were merged: the repository's own is the last.
    pub sources: Vec<SourceText>,
    /// Changes when any of the files does: blake3 (hex) over their contents, in that order.
    pub digest: String,
}

impl Loaded {
    /// What holds where there is no doctor.toml: the defaults, from no file.
    #[must_use]
    pub fn nothing() -> Self {
        Self { policy: Policy::defaults(), warnings: Vec::new(), sources: Vec::new(), digest: String::new() }
    }

    /// The line that an [`Origin::Policy`] names, without the blanks around it: for a caret in another message.
    #[must_use]
    pub fn place(&self, origin: &Origin) -> Option<(SourceText, Range<usize>)> {
        let Origin::Policy { file, line } = origin else { return None };
        let source = self.sources.iter().find(|source| source.path == *file)?;
        let start: usize = source.text.split_inclusive('\n').take(line.checked_sub(1)?).map(str::len).sum();
        let text = source.text.get(start..)?.lines().next()?;
        let from = start + (text.len() - text.trim_start().len());
        Some((source.clone(), from..from + text.trim().len()))
    }
}

/// Loads the policy of the workspace with this root; `None` where it has none.
///
/// # Errors
/// [`Code::PolicyBroken`], with all mistakes of all files. Where this xcargo is not one that a file asks for, that
/// is the only thing said.
pub fn load(workspace_root: &Path, env: &Env) -> Result<Option<Loaded>, Failure> {
    let version = Version::parse(env!("CARGO_PKG_VERSION"))
        .map_err(|error| Failure::new(Code::PolicyBroken, format!("xcargo has no version: {error}")))?;
    load_as(workspace_root, env, &version)
}

/// As an xcargo of this version would.
pub(super) fn load_as(
    workspace_root: &Path,
    env: &Env,
    version: &Version,
) -> Result<Option<Loaded>, Failure> {
    let Some(path) = find(workspace_root, env)? else { return Ok(None) };
    let mut files = Files {
        env,
        version,
        layers: Vec::new(),
        outdated: None,
        refused: vec![],
        wrong: vec![],
        visited: vec![],
    };
    files.visit(&path, None, &mut Vec::new());
    files.merge().map(Some)
}

/// Whether there is a policy, valid or not. Where that cannot be told, there may be one.
pub(super) fn exists(workspace_root: &Path) -> bool {
    PLACES.iter().any(|place| match fs_err::symlink_metadata(workspace_root.join(place)) {
        Ok(_) => true,
        Err(error) => !is_absence(&error),
    })
}

/// `NotADirectory`: `.cargo` is a file.
fn is_absence(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}

/// The policy file, where there is one.
fn find(workspace_root: &Path, env: &Env) -> Result<Option<PathBuf>, Failure> {
    let mut there = Vec::new();
    for place in PLACES {
        let path = workspace_root.join(place);
        // A dangling link counts: somebody meant a policy to be there.
        match fs_err::symlink_metadata(&path) {
            Ok(_) => there.push(path),
            Err(error) if is_absence(&error) => {}
            Err(error) => {
                return Err(Failure::new(Code::PolicyBroken, error.to_string())
                    .note(FAIL_CLOSED)
                    .help("make the directory readable"));
            }
        }
    }
    if let [first, second] = there.as_slice() {
        let (first, second) = (shown(first, env), shown(second, env));
        let message = format!("there are two policies: {} and {}", first.display(), second.display());
        return Err(Failure::new(Code::PolicyBroken, message).help("remove one of them"));
    }
    Ok(there.pop())
}

const FAIL_CLOSED: &str = "a policy that cannot be read is not taken for none";

/// Relative to the current directory where it lies below it, else as it is: both can be opened from a message.
fn shown(path: &Path, env: &Env) -> PathBuf {
    env.cwd().ok().and_then(|cwd| path.strip_prefix(cwd).ok()).unwrap_or(path).to_path_buf()
}

/// The place in an `extends` list that names a file.
type NamedBy<'a> = Option<(&'a SourceText, Range<usize>)>;

/// The files read so far, each behind those that it extends, and all that is to be said about them.
struct Files<'a> {
    env: &'a Env,
    version: &'a Version,
    layers: Vec<(SourceText, Layer)>,
    outdated: Option<Diagnostic>,
    refused: Vec<Diagnostic>,
    wrong: Vec<Diagnostic>,
    visited: Vec<PathBuf>,
}

impl Files<'_> {
    /// Reads a file and, before it is added, those that it extends. `chain` holds the files that led here: the
    /// true path of each, and how it is shown.
    fn visit(&mut self, path: &Path, named_by: NamedBy<'_>, chain: &mut Vec<(PathBuf, PathBuf)>) {
        let shown = shown(path, self.env);
        let (identity, text) = match contents(path) {
            Ok(read) => read,
            Err(unreadable) => return self.wrong.push(unreadable.diagnostic(&shown, named_by)),
        };
        if let Some(at) = chain.iter().position(|(known, _)| *known == identity) {
            let looped = chain[at..].iter().map(|(_, shown)| shown).chain([&shown]);
            let looped: Vec<String> = looped.map(|path| path.display().to_string()).collect();
            let mut mistake = Diagnostic::error(Code::PolicyBroken, "policies extend each other in a loop");
            if let Some((source, span)) = named_by {
                mistake = mistake.label(source, span, "closes the loop");
            }
            return self.wrong.push(mistake.note(looped.join(" -> ")).help("remove one of these `extends`"));
        }
        if self.visited.contains(&identity) {
            return;
        }
        self.visited.push(identity.clone());
        let source = SourceText { path: shown.clone(), text };
        let entries = match raw::parse(&source) {
            Ok(entries) => entries,
            Err(mistake) => return self.wrong.push(mistake),
        };
        match gate::judge(&source, &entries, self.version) {
            Verdict::Fits => {}
            Verdict::Outdated(warning) => self.outdated = self.outdated.take().or(Some(warning)),
            // What else stands there, `extends` included, may mean something that this version does not know.
            Verdict::Refused(mistake) => return self.refused.push(mistake),
        }
        let (layer, mistakes) = read::read(&source, &entries, self.env.home());
        self.wrong.extend(mistakes);
        chain.push((identity, shown));
        let directory = path.parent().unwrap_or(Path::new(""));
        for extended in layer.extends.iter().flat_map(|list| &list.value) {
            let named_by = Some((&extended.source, extended.span.clone()));
            self.visit(&directory.join(&extended.value), named_by, chain);
        }
        chain.pop();
        self.layers.push((source, layer));
    }

    fn merge(mut self) -> Result<Loaded, Failure> {
        if !self.refused.is_empty() {
            return Err(Failure { code: Code::PolicyBroken, diagnostics: self.refused });
        }
        let mut merged = Layer::default();
        let mut sources = Vec::with_capacity(self.layers.len());
        let mut digest = blake3::Hasher::new();
        for (source, layer) in self.layers {
            let (next, mistakes) = merge::over(merged, layer);
            merged = next;
            self.wrong.extend(mistakes);
            // The length keeps two files apart from one that holds the text of both.
            digest.update(&source.text.len().to_le_bytes());
            digest.update(source.text.as_bytes());
            sources.push(source);
        }
        if !self.wrong.is_empty() {
            abridge(&mut self.wrong);
            return Err(Failure { code: Code::PolicyBroken, diagnostics: self.wrong });
        }
        let digest = digest.finalize().to_hex().to_string();
        Ok(Loaded {
            policy: merged.into_policy(),
            warnings: self.outdated.into_iter().collect(),
            sources,
            digest,
        })
    }
}

/// Nobody reads more than this many mistakes, and drawing each takes its time.
const MOST: usize = 100;

fn abridge(mistakes: &mut Vec<Diagnostic>) {
    if mistakes.len() > MOST {
        let more = format!("{} more mistakes are not shown", mistakes.len() - MOST);
        mistakes.truncate(MOST);
        mistakes.push(Diagnostic::error(Code::PolicyBroken, more));
    }
}

/// Why there is no text to take apart.
enum Unreadable {
    Io(io::Error),
    /// It is not a file but this.
    NotAFile(&'static str),
    TooLarge,
    /// Nothing but blanks: more likely the rest of a write that failed than a decision.
    Empty,
    /// The text up to and beyond the first byte that is not UTF-8, and that byte's offset.
    NotUtf8 {
        lossy: Arc<str>,
        at: usize,
    },
}

impl Unreadable {
    fn diagnostic(self, shown: &Path, named_by: NamedBy<'_>) -> Diagnostic {
        let name = shown.display();
        let error = |message: String| Diagnostic::error(Code::PolicyBroken, message);
        let diagnostic = match self {
            Self::Io(cause) => error(format!("{name} cannot be read: {cause}"))
                .note(FAIL_CLOSED)
                .help("make it a readable file, or remove what names it"),
            Self::NotAFile(what) => {
                error(format!("{name} is {what}, not a file")).help("put a file in its place, or remove it")
            }
            Self::TooLarge => error(format!("{name} is larger than {} KiB", LARGEST / 1024))
                .help("restore it: no policy is that long"),
            Self::Empty => error(format!("{name} is empty")).note(FAIL_CLOSED).help(
                "restore it, or write `[policy]` for a policy that asks for the defaults, or remove the file",
            ),
            Self::NotUtf8 { lossy, at } => {
                let source = SourceText { path: shown.to_owned(), text: lossy };
                let message = format!("{name} is not UTF-8 (line {}, byte offset {at})", source.line_of(at));
                let width = char::REPLACEMENT_CHARACTER.len_utf8();
                error(message).label(&source, at..at + width, "this byte").help("save it as UTF-8")
            }
        };
        match named_by {
            Some((source, span)) => diagnostic.label(source, span, "extended here"),
            None => diagnostic,
        }
    }
}

/// The file's true path and its text.
fn contents(path: &Path) -> Result<(PathBuf, Arc<str>), Unreadable> {
    // Asked before it is opened: opening a FIFO would wait for somebody to write.
    let metadata = std::fs::metadata(path).map_err(Unreadable::Io)?;
    if metadata.is_dir() {
        return Err(Unreadable::NotAFile("a directory"));
    }
    if !metadata.is_file() {
        return Err(Unreadable::NotAFile("a pipe, socket or device"));
    }
    let identity = std::fs::canonicalize(path).map_err(Unreadable::Io)?;
    let mut bytes = Vec::new();
    let file = std::fs::File::open(path).map_err(Unreadable::Io)?;
    file.take(LARGEST + 1).read_to_end(&mut bytes).map_err(Unreadable::Io)?;
    if bytes.len() as u64 > LARGEST {
        return Err(Unreadable::TooLarge);
    }
    match String::from_utf8(bytes) {
        Ok(text) if text.trim_start_matches('\u{feff}').trim().is_empty() => Err(Unreadable::Empty),
        Ok(text) => Ok((identity, text.into())),
        Err(error) => {
            let at = error.utf8_error().valid_up_to();
            Err(Unreadable::NotUtf8 { lossy: String::from_utf8_lossy(error.as_bytes()).into(), at })
        }
    }
}
