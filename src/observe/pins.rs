//! What a repository's files say about toolchains: its tree is walked, and what may name one is read and recognised on all
//! cores. No link is followed, nothing that git ignores is looked at, and no nested repository.

use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use globset::{Glob, GlobMatcher};
use ignore::{DirEntry, WalkBuilder, WalkState};
use rayon::prelude::*;
use regex::Regex;
use regex::bytes::Regex as BytesRegex;

use crate::env::Env;
use crate::pins::extra::{self, Pattern};
use crate::pins::name::Named;
use crate::pins::role::{self, Ground};
use crate::pins::survey::{FileOfPins, Placed, Survey, UnreadableFile};
use crate::pins::{Found, Kind, Pin, Role, Unreadable, Why};
use crate::policy::load::Loaded;
use crate::policy::{PinsPolicy, Policy};
use crate::sourced::{Origin, Sourced};
use crate::toolchain::precedence::{BARE, TOML};
use crate::toolchain::{Channel, Spec, ToolchainError, ToolchainFile};
use crate::workspace::Workspace;

/// No file that names a toolchain for people is larger, in bytes.
const LARGEST: u64 = 4 << 20;

/// What is looked at, and by what rules.
#[derive(Debug)]
pub struct Asked<'a> {
    /// The workspace.
    pub workspace: &'a Workspace,
    /// Its policy, where it has one.
    pub loaded: Option<&'a Loaded>,
    /// What the repository was pinned to before: what names one of these follows, too.
    pub lately: Vec<Channel>,
    /// The environment.
    pub env: &'a Env,
}

/// What was found.
#[derive(Debug)]
pub struct Seen {
    /// Every place, and what it is for.
    pub survey: Survey,
    /// The toolchain file in charge of the workspace, where the repository has one.
    pub file: Option<ToolchainFile>,
    /// Its text.
    pub text: Option<Arc<str>>,
}

/// The directory that a change of the toolchain is about: the repository around the workspace, else the workspace.
///
/// A repository in the home directory holds somebody's dotfiles, and is none.
#[must_use]
pub fn repository(workspace: &Path, env: &Env) -> PathBuf {
    let is_top = |dir: &&Path| fs_err::symlink_metadata(dir.join(".git")).is_ok();
    let found =
        workspace.ancestors().find(is_top).filter(|dir| *dir == workspace || Some(*dir) != env.home());
    found.unwrap_or(workspace).to_path_buf()
}

/// The toolchain file that counts in the workspace's root, where it lies in the repository.
///
/// # Errors
/// It is there and is not what rustup would take.
pub fn toolchain_file(
    workspace: &Path,
    top: &Path,
) -> Result<Option<(ToolchainFile, String)>, ToolchainError> {
    for dir in workspace.ancestors().take_while(|dir| dir.starts_with(top)) {
        for name in [BARE, TOML] {
            let path = dir.join(name);
            // As for rustup: what cannot be read counts as absent.
            if let Ok(text) = fs_err::read_to_string(&path) {
                return ToolchainFile::parse(&path, &text).map(|file| Some((file, text)));
            }
        }
    }
    Ok(None)
}

/// Looks at the whole repository.
///
/// # Errors
/// The toolchain file in charge is broken.
pub fn survey(asked: &Asked<'_>) -> Result<Seen, ToolchainError> {
    let workspace = asked.workspace;
    let top = repository(&workspace.root, asked.env);
    let in_charge = toolchain_file(&workspace.root, &top)?;
    let (file, text) = in_charge.unzip();
    let defaults;
    let policy = match asked.loaded {
        Some(loaded) => &loaded.policy,
        None => {
            defaults = Policy::defaults();
            &defaults
        }
    };
    let pin = pin(file.as_ref(), policy);
    let rules = Rules::of(&policy.pins);
    let paths = walk(asked, &top, file.as_ref(), &rules);
    let read: Vec<Read> =
        paths.par_iter().filter_map(|path| Read::of(path, &top, workspace, &rules)).collect();

    let manifests = manifests(workspace);
    let rust_versions =
        read.iter().filter(|read| manifests.contains(&read.path)).flat_map(Read::names).collect();
    let ground = Ground {
        pins: pin.iter().map(|pin| pin.value.clone()).chain(asked.lately.clone()).collect(),
        rust_versions,
    };
    let main_dir = file.as_ref().and_then(|file| file.path.parent()).unwrap_or(&workspace.root);
    let trees = Trees::of(&read, main_dir, &ground);
    let mut files = Vec::new();
    let mut unreadable = Vec::new();
    for read in read {
        if read.kind == Some(Kind::Manifest) && !manifests.contains(&read.path) {
            continue;
        }
        let relative = read.path.strip_prefix(&top).unwrap_or(&read.path).to_path_buf();
        match read.found {
            Ok(mut found) => {
                role::mark_by_path(&relative, read.kind, &ground, &mut found);
                let placed =
                    found.pins.into_iter().map(|pin| place(pin, &read.path, &ground, &trees)).collect();
                files.push(FileOfPins {
                    path: relative,
                    kind: read.kind,
                    text: read.text,
                    pins: placed,
                    remarks: found.remarks,
                    jobs: found.jobs,
                    patterns: read.patterns,
                    ignored: read.ignored,
                });
            }
            Err(_) if read.ignored.is_some() => {}
            Err(error) => {
                let text = Some(read.text).filter(|text| !text.is_empty());
                unreadable.push(UnreadableFile { path: relative, why: error.why, span: error.span, text });
            }
        }
    }
    let survey = Survey { root: top, pin, ground, files, unreadable };
    Ok(Seen { survey, file, text: text.map(Arc::from) })
}

/// What the repository is pinned to: by its toolchain file, else by its policy.
fn pin(file: Option<&ToolchainFile>, policy: &Policy) -> Option<Sourced<Channel>> {
    let by_file = file.and_then(|file| match &file.spec {
        Spec::Channel(channel, _) => {
            Some(Sourced::new(channel.clone(), Origin::ToolchainFile(file.path.clone())))
        }
        Spec::Path(_) | Spec::Default(_) => None,
    });
    by_file.or_else(|| policy.toolchain.channel.clone())
}

/// The manifests whose `rust-version` counts: those of the workspace.
fn manifests(workspace: &Workspace) -> Vec<PathBuf> {
    let mut found = vec![workspace.manifest.clone()];
    // A workspace that cargo cannot read is said by cargo; its root counts all the same.
    found.extend(workspace.members().into_iter().flatten().map(|member| member.manifest));
    found
}

fn place(pin: Pin, path: &Path, ground: &Ground, trees: &Trees) -> Placed {
    let (role, why) = role::of(&pin, ground);
    let is_own = matches!(why, Why::Comment | Why::Policy | Why::NamesThePin);
    match trees.other(path, &pin) {
        true if !is_own => Placed { pin, role: Role::Deliberate, why: Why::OtherTree },
        _ => Placed { pin, role, why },
    }
}

/// Trees below toolchain files of their own that name something else.
struct Trees {
    dirs: Vec<PathBuf>,
}

impl Trees {
    fn of(read: &[Read], main_dir: &Path, ground: &Ground) -> Self {
        let is_other = |read: &&Read| {
            read.kind == Some(Kind::ToolchainFile)
                && read.path.parent() != Some(main_dir)
                && !read.names().any(|named| ground.pins.iter().any(|pin| named.agrees_with(pin)))
        };
        let dirs = read.iter().filter(is_other).filter_map(|read| read.path.parent().map(Path::to_path_buf));
        // What lies around the workspace is no tree below it.
        Self { dirs: dirs.filter(|dir| !main_dir.starts_with(dir)).collect() }
    }

    /// Whether the pin is for such a tree. A CI's own files lie at the top, whatever tree they are for.
    fn other(&self, path: &Path, _: &Pin) -> bool {
        self.dirs.iter().any(|dir| path.starts_with(dir))
    }
}

/// The globs and patterns of `[pins]`.
struct Rules {
    ignored: Vec<(GlobMatcher, String)>,
    extra: Vec<(GlobMatcher, Pattern)>,
}

impl Rules {
    /// The policy has been validated: what does not compile here did not compile there.
    fn of(policy: &PinsPolicy) -> Self {
        let glob = |text: &str| Glob::new(text).ok().map(|glob| glob.compile_matcher());
        let ignored =
            policy.ignore.iter().filter_map(|it| Some((glob(&it.value.path)?, it.value.reason.clone())));
        let extra = policy.extra.iter().filter_map(|it| {
            let it = &it.value;
            let regex = Regex::new(&it.pattern).ok()?;
            Some((glob(&it.path)?, Pattern { regex, role: it.role.into() }))
        });
        Self { ignored: ignored.collect(), extra: extra.collect() }
    }

    fn patterns<'a>(&'a self, names: &'a Names<'_>) -> impl Iterator<Item = &'a Pattern> {
        self.extra.iter().filter(|(glob, _)| names.match_glob(glob)).map(|(_, pattern)| pattern)
    }

    fn is_extra(&self, names: &Names<'_>) -> bool {
        self.patterns(names).next().is_some()
    }
}

/// A path as globs may mean it: from the workspace's root, and from the repository's.
struct Names<'a> {
    in_workspace: Option<&'a Path>,
    in_repository: &'a Path,
}

impl<'a> Names<'a> {
    fn of(path: &'a Path, top: &Path, workspace: &Workspace) -> Self {
        Self {
            in_workspace: path.strip_prefix(&workspace.root).ok(),
            in_repository: path.strip_prefix(top).unwrap_or(path),
        }
    }

    fn match_glob(&self, glob: &GlobMatcher) -> bool {
        self.in_workspace.is_some_and(|path| glob.is_match(path)) || glob.is_match(self.in_repository)
    }
}

/// Every file that may name a toolchain, in order of their paths, the toolchain file in charge first.
fn walk(asked: &Asked<'_>, top: &Path, file: Option<&ToolchainFile>, rules: &Rules) -> Vec<PathBuf> {
    let workspace = asked.workspace;
    let skipped = [workspace.target_dir.value.clone(), workspace.build_dir.value.clone()];
    let found = Mutex::new(Vec::new());
    let top_owned = top.to_path_buf();
    WalkBuilder::new(top)
        .hidden(false)
        .ignore(false)
        .follow_links(false)
        .require_git(false)
        .filter_entry(move |entry| is_entered(entry, &top_owned, &skipped))
        .build_parallel()
        .run(|| {
            Box::new(|entry| {
                if let Ok(entry) = entry
                    && entry.file_type().is_some_and(|kind| kind.is_file())
                {
                    let path = entry.into_path();
                    let names = Names::of(&path, top, workspace);
                    if Kind::of(names.in_repository).is_some() || rules.is_extra(&names) {
                        found.lock().unwrap_or_else(PoisonError::into_inner).push(path);
                    }
                }
                WalkState::Continue
            })
        });
    let mut found = found.into_inner().unwrap_or_else(PoisonError::into_inner);
    // These count whatever git ignores and wherever a link leads.
    found.extend(file.map(|file| file.path.clone()));
    let cwd = asked.env.cwd().unwrap_or(Path::new(""));
    let policies =
        asked.loaded.iter().flat_map(|loaded| &loaded.sources).map(|source| cwd.join(&source.path));
    found.extend(policies.filter(|path| path.starts_with(top)));
    found.sort();
    found.dedup();
    if let Some(at) = file.and_then(|file| found.iter().position(|path| *path == file.path)) {
        let first = found.remove(at);
        found.insert(0, first);
    }
    found
}

/// Whether a directory's files are the repository's own: no build product, no copy of somebody else's, no other repository.
fn is_entered(entry: &DirEntry, top: &Path, skipped: &[PathBuf]) -> bool {
    if entry.path() == top || !entry.file_type().is_some_and(|kind| kind.is_dir()) {
        return entry.file_name() != ".git";
    }
    let there = |name: &str| fs_err::symlink_metadata(entry.path().join(name)).is_ok();
    let name = entry.file_name();
    !(name == ".git"
        || name == "node_modules"
        || skipped.iter().any(|dir| dir == entry.path())
        || there(".git")
        || there(".cargo-checksum.json")
        || there("CACHEDIR.TAG"))
}

/// One file, read.
struct Read {
    path: PathBuf,
    kind: Option<Kind>,
    text: Arc<str>,
    found: Result<Found, Unreadable>,
    patterns: Vec<Pattern>,
    ignored: Option<String>,
}

impl Read {
    /// `None`: the file names nothing, or is gone by now.
    fn of(path: &Path, top: &Path, workspace: &Workspace, rules: &Rules) -> Option<Self> {
        let names = Names::of(path, top, workspace);
        // A policy that another one extends may have any name.
        let mut kind = Kind::of(names.in_repository);
        if kind.is_none() && !rules.is_extra(&names) {
            kind = Some(Kind::Policy);
        }
        let ignored =
            rules.ignored.iter().find(|(glob, _)| names.match_glob(glob)).map(|(_, why)| why.clone());
        let refused = |why: String| {
            let (found, patterns) = (Err(Unreadable { span: 0..0, why }), Vec::new());
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
        let always =
            matches!(kind, Some(Kind::ToolchainFile | Kind::Policy | Kind::Manifest | Kind::Clippy) | None);
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
    fn names(&self) -> impl Iterator<Item = Named> {
        self.found.iter().flat_map(|found| &found.pins).filter_map(Pin::named)
    }
}

static SPEAKS_OF_RUST: LazyLock<BytesRegex> = LazyLock::new(|| {
    BytesRegex::new("(?i-u)rust|cargo").unwrap_or_else(|error| unreachable!("a constant: {error}"))
});
