//! The few of cargo's flags that xcargo has to understand, read from the places where cargo reads them.
//!
//! Source of the grammar: `src/bin/cargo/cli.rs` and `src/cargo/util/command_prelude.rs` of cargo 1.95.

use std::ffi::{OsStr, OsString};
use std::path::PathBuf;

use super::About;

/// Whether the command line forbids the network.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Offline {
    /// `--offline` or `--frozen` was given.
    Yes,
    /// Neither was.
    #[default]
    NotSaid,
}

/// What the command line says about place, look and network.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Flags {
    /// `-C`: change to this directory first.
    pub directory: Option<PathBuf>,
    /// `--manifest-path`.
    pub manifest_path: Option<PathBuf>,
    /// `--target-dir`.
    pub target_dir: Option<PathBuf>,
    /// `--lockfile-path`.
    pub lockfile_path: Option<PathBuf>,
    /// `--config`, each as it was given.
    pub config: Vec<OsString>,
    /// `--color`.
    pub color: Option<OsString>,
    /// `-q`, `--quiet`.
    pub quiet: bool,
    /// `-v`, `--verbose`: how often.
    pub verbose: u8,
    /// `--offline`, `--frozen`.
    pub offline: Offline,
    /// `-h`, `--help`: nothing will be done but talk.
    pub help: bool,
    /// `-n`, `--dry-run` behind the verb: cargo's own dry run.
    pub dry_run: bool,
    /// The arguments up to `--` (or up to a program's own), for rules about what must be given.
    pub words: Vec<OsString>,
}

/// Global flags of cargo that take a value as the next argument.
const GLOBAL_WITH_VALUE: &[&str] = &["--explain", "--color", "-C", "--config", "-Z"];

/// Flags of cargo's verbs that take a value as the next argument.
const VERB_WITH_VALUE: &[&str] = &[
    "--artifact-dir",
    "--bench",
    "--bin",
    "--branch",
    "--color",
    "--config",
    "--crate-type",
    "--debugger",
    "--edition",
    "--example",
    "--exclude",
    "--features",
    "--filter-platform",
    "--format",
    "--format-version",
    "--git",
    "--index",
    "--jobs",
    "--lockfile-path",
    "--manifest-path",
    "--message-format",
    "--name",
    "--out-dir",
    "--package",
    "--path",
    "--precise",
    "--profile",
    "--registry",
    "--rename",
    "--rev",
    "--root",
    "--tag",
    "--target",
    "--target-dir",
    "--test",
    "--token",
    "--vcs",
    "--vers",
    "--version",
];

/// The letters of a verb's short flags that take a value.
const SHORT_WITH_VALUE: &[u8] = b"CZjpFePid";

/// Verbs whose first positional argument starts the arguments of another program (`trailing_var_arg`).
const TRAILING: &[&str] = &["run", "r", "rustc", "rustdoc"];

/// Global flags of cargo without a value.
const GLOBAL_ALONE: &[&str] =
    &["--version", "--list", "--verbose", "--quiet", "--locked", "--offline", "--frozen", "--help"];

/// Whether these are all global flags of cargo (and their values): only behind such can a word be a verb of ours,
/// and only then is it certain that cargo takes no flag of its own for it.
pub(super) fn are_global(args: &[OsString]) -> bool {
    let mut rest = args.iter();
    while let Some(arg) = rest.next() {
        let bytes = arg.as_encoded_bytes();
        let cluster = short_cluster(bytes);
        let known = match &cluster {
            Some(cluster) => cluster.letters.iter().all(|letter| b"VvqhCZ".contains(letter)),
            None => split_long(arg).is_some_and(|(name, value)| match value {
                Some(_) => GLOBAL_WITH_VALUE.contains(&&*name),
                None => GLOBAL_WITH_VALUE.contains(&&*name) || GLOBAL_ALONE.contains(&&*name),
            }),
        };
        if !known {
            return false;
        }
        if GLOBAL_WITH_VALUE.iter().any(|flag| arg == *flag)
            || cluster.is_some_and(|cluster| cluster.wants_next)
        {
            rest.next();
        }
    }
    true
}

/// Where the verb stands: the first argument from `start` on that is neither a global flag nor a flag's value.
pub(super) fn verb_position(args: &[OsString], start: usize) -> Option<usize> {
    let mut at = start;
    while let Some(arg) = args.get(at) {
        let bytes = arg.as_encoded_bytes();
        if bytes == b"--" || !bytes.starts_with(b"-") || bytes == b"-" {
            return Some(at);
        }
        let takes_next = GLOBAL_WITH_VALUE.iter().any(|flag| arg == *flag)
            || short_cluster(bytes).is_some_and(|cluster| cluster.wants_next);
        at += if takes_next { 2 } else { 1 };
    }
    None
}

/// `--version`, `--list`, `--help` among arguments without a verb, in the order in which cargo looks for them.
pub(super) fn about(args: &[OsString]) -> Option<About> {
    let has = |long: &str, short: u8| {
        args.iter().any(|arg| {
            let bytes = arg.as_encoded_bytes();
            arg == long || short_cluster(bytes).is_some_and(|cluster| cluster.letters.contains(&short))
        })
    };
    if has("--help", b'h') {
        Some(About::Help)
    } else if has("--version", b'V') {
        Some(About::Version)
    } else if args.iter().any(|arg| arg == "--list") {
        Some(About::List)
    } else {
        None
    }
}

impl Flags {
    /// Reads the global arguments, then the verb's own as far as they are cargo's and not another program's.
    #[must_use]
    pub fn read(before: &[OsString], verb: Option<(&OsStr, &[OsString])>) -> Self {
        let mut flags = Self::default();
        flags.scan(before, Positional::Passed);
        if let Some((name, args)) = verb {
            let in_front = std::mem::take(&mut flags.config);
            let directory = flags.directory.take();
            let trailing = TRAILING.iter().any(|verb| name == *verb);
            flags.scan(args, if trailing { Positional::EndsFlags } else { Positional::Passed });
            // clap keeps of a global argument only what stands innermost.
            if flags.config.is_empty() {
                flags.config = in_front;
            }
            // `-C` is cargo's only in front of the verb.
            flags.directory = directory;
        }
        flags
    }

    fn scan(&mut self, args: &[OsString], positional: Positional) {
        let mut rest = args.iter().peekable();
        while let Some(arg) = rest.next() {
            if arg == "--" {
                break;
            }
            let bytes = arg.as_encoded_bytes();
            if !bytes.starts_with(b"-") || bytes == b"-" {
                if positional == Positional::EndsFlags {
                    break;
                }
                self.words.push(arg.clone());
                continue;
            }
            self.words.push(arg.clone());
            if let Some(cluster) = short_cluster(bytes) {
                let value = match cluster.attached {
                    Some(attached) => Some(attached),
                    None if cluster.wants_next => Some(rest.next().cloned().unwrap_or_default()),
                    None => None,
                };
                self.short(&cluster.letters, value);
            } else if let Some((name, value)) = split_long(arg) {
                match value {
                    Some(value) => self.long(&name, Some(value)),
                    None if VERB_WITH_VALUE.contains(&&*name) => {
                        // `--bin`, `--target` and their like may stand without a value; cargo (clap) then takes
                        // a following flag as a flag.
                        let is_flag =
                            rest.peek().is_none_or(|next| next.as_encoded_bytes().starts_with(b"-"));
                        let value = if is_flag { None } else { rest.next().cloned() };
                        self.words.extend(value.clone());
                        self.long(&name, value);
                    }
                    None => self.long(&name, None),
                }
            }
        }
    }

    fn short(&mut self, letters: &[u8], value: Option<OsString>) {
        for letter in letters {
            match letter {
                b'q' => self.quiet = true,
                b'v' => self.verbose = self.verbose.saturating_add(1),
                b'h' => self.help = true,
                b'n' => self.dry_run = true,
                _ => {}
            }
        }
        if letters.last() == Some(&b'C')
            && let Some(value) = value
        {
            self.directory = Some(value.into());
        }
    }

    fn long(&mut self, name: &str, value: Option<OsString>) {
        match (name, value) {
            ("--quiet", _) => self.quiet = true,
            ("--verbose", _) => self.verbose = self.verbose.saturating_add(1),
            ("--help", _) => self.help = true,
            ("--dry-run", _) => self.dry_run = true,
            ("--offline" | "--frozen", _) => self.offline = Offline::Yes,
            ("--color", Some(value)) => self.color = Some(value),
            ("--config", Some(value)) => self.config.push(value),
            ("--manifest-path", Some(value)) => self.manifest_path = Some(value.into()),
            ("--target-dir", Some(value)) => self.target_dir = Some(value.into()),
            ("--lockfile-path", Some(value)) => self.lockfile_path = Some(value.into()),
            _ => {}
        }
    }
}

/// What a word that is no flag means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Positional {
    /// One argument among others.
    Passed,
    /// Everything from here on belongs to another program.
    EndsFlags,
}

/// `-vqj4`: the letters up to and including one that takes a value, and that value where it is attached.
struct Cluster {
    letters: Vec<u8>,
    attached: Option<OsString>,
    wants_next: bool,
}

fn short_cluster(bytes: &[u8]) -> Option<Cluster> {
    if bytes.len() < 2 || bytes[0] != b'-' || bytes[1] == b'-' {
        return None;
    }
    let end = bytes[1..].iter().position(|letter| SHORT_WITH_VALUE.contains(letter)).map(|at| at + 2);
    let Some(end) = end else {
        return Some(Cluster { letters: bytes[1..].to_vec(), attached: None, wants_next: false });
    };
    let letters = bytes[1..end].to_vec();
    let rest = &bytes[end..];
    let rest = rest.strip_prefix(b"=").unwrap_or(rest);
    if rest.is_empty() {
        return Some(Cluster { letters, attached: None, wants_next: true });
    }
    Some(Cluster { letters, attached: Some(os_string(rest)), wants_next: false })
}

/// `--name=value` → the name, and the value where one is attached. None: the name is not UTF-8, so no flag of cargo's.
fn split_long(arg: &OsStr) -> Option<(String, Option<OsString>)> {
    let bytes = arg.as_encoded_bytes();
    let at = bytes.iter().position(|byte| *byte == b'=');
    let name = std::str::from_utf8(&bytes[..at.unwrap_or(bytes.len())]).ok()?;
    Some((name.to_owned(), at.map(|at| os_string(&bytes[at + 1..]))))
}

/// A part of an argument that was cut right behind an ASCII character.
pub(super) fn os_string(bytes: &[u8]) -> OsString {
    // SAFETY: the bytes are the end of an `OsStr`'s own encoding, cut immediately after `=`, `+` or a flag's letter, all
    // ASCII; `from_encoded_bytes_unchecked` allows a split next to a non-empty UTF-8 substring.
    #[expect(unsafe_code, reason = "the only way to take a non-UTF-8 argument apart on every platform")]
    unsafe { OsStr::from_encoded_bytes_unchecked(bytes) }.to_os_string()
}
