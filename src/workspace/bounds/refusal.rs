//! Why a directory is not cleaned: one variant for each rule.

use std::fmt;
use std::path::PathBuf;

use super::evidence::Evidence;
use super::protected::Treasure;
use crate::diagnostic::Failure;
use crate::exit::Code;
use crate::sourced::Sourced;
use crate::workspace::WorkspaceError;

/// A rule that the directory breaks.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum OutOfBounds {
    /// It is the empty path.
    Nameless {
        /// As it was set.
        dir: Sourced<PathBuf>,
    },
    /// Where it (or what it is compared with) really lies cannot be told: a link leads nowhere, or the way is barred.
    Unresolved {
        /// As it was set.
        dir: Sourced<PathBuf>,
        /// What could not be resolved.
        path: PathBuf,
        /// What the system says.
        cause: String,
    },
    /// It is itself a link.
    Link {
        /// As it was set.
        dir: Sourced<PathBuf>,
        /// Where the link leads.
        leads_to: PathBuf,
    },
    /// A link inside the workspace, on the way to it, leads out of the workspace.
    ThroughLink {
        /// As it was set.
        dir: Sourced<PathBuf>,
        /// The link.
        link: PathBuf,
        /// Where the link leads.
        leads_to: PathBuf,
    },
    /// It is, or holds, something that must survive.
    Holds {
        /// As it was set.
        dir: Sourced<PathBuf>,
        /// What it holds.
        treasure: Treasure,
        /// Where that lies.
        path: PathBuf,
    },
    /// The workspace's members could not be listed, so it may hold one.
    MembersUnknown {
        /// As it was set.
        dir: Sourced<PathBuf>,
        /// Why they could not.
        error: Box<WorkspaceError>,
    },
    /// It lies outside the workspace, and the policy does not allow that.
    Outside {
        /// As it was set.
        dir: Sourced<PathBuf>,
        /// Where it lies, links resolved.
        real: PathBuf,
        /// The workspace's root, links resolved.
        root: PathBuf,
    },
    /// It lies in another workspace, or in a package that is not of this one.
    OtherWorkspace {
        /// As it was set.
        dir: Sourced<PathBuf>,
        /// The directory of the other's manifest.
        root: PathBuf,
    },
    /// Git tracks something in it.
    Tracked {
        /// As it was set.
        dir: Sourced<PathBuf>,
        /// What.
        file: PathBuf,
    },
    /// What git tracks cannot be told.
    IndexUnreadable {
        /// As it was set.
        dir: Sourced<PathBuf>,
        /// The file that cannot be read.
        index: PathBuf,
        /// What is wrong with it.
        cause: String,
    },
    /// It, or a profile's directory in it, belongs to another user.
    Foreign {
        /// As it was set.
        dir: Sourced<PathBuf>,
        /// What belongs to the other.
        at: PathBuf,
        /// The other's user id.
        owner: u32,
        /// The id of the user who runs this.
        me: u32,
    },
    /// Something is there, but no directory.
    NotADirectory {
        /// As it was set.
        dir: Sourced<PathBuf>,
    },
    /// A link in it leads out again.
    LinkInside {
        /// The directory.
        dir: Sourced<PathBuf>,
        /// The link.
        link: PathBuf,
        /// Where it leads.
        leads_to: PathBuf,
    },
    /// Something else is mounted in it.
    MountInside {
        /// The directory.
        dir: Sourced<PathBuf>,
        /// Where.
        at: PathBuf,
    },
    /// Named by hand, it has only this mark of cargo's, which is too little where no manifest says whose it is.
    Doubtful {
        /// As it was named.
        dir: Sourced<PathBuf>,
        /// The mark.
        evidence: Evidence,
    },
    /// Named by hand, it cannot be looked through.
    Unsearchable {
        /// As it was named.
        dir: Sourced<PathBuf>,
        /// Where the search ended.
        path: PathBuf,
        /// Why.
        cause: String,
    },
    /// It has content, and nothing in it is cargo's.
    Strange {
        /// As it was set.
        dir: Sourced<PathBuf>,
    },
}

impl OutOfBounds {
    /// The directory, as it was set.
    #[must_use]
    pub const fn dir(&self) -> &Sourced<PathBuf> {
        match self {
            Self::Nameless { dir }
            | Self::Unresolved { dir, .. }
            | Self::Link { dir, .. }
            | Self::ThroughLink { dir, .. }
            | Self::Holds { dir, .. }
            | Self::MembersUnknown { dir, .. }
            | Self::Outside { dir, .. }
            | Self::LinkInside { dir, .. }
            | Self::MountInside { dir, .. }
            | Self::OtherWorkspace { dir, .. }
            | Self::Tracked { dir, .. }
            | Self::IndexUnreadable { dir, .. }
            | Self::Foreign { dir, .. }
            | Self::Doubtful { dir, .. }
            | Self::Unsearchable { dir, .. }
            | Self::NotADirectory { dir }
            | Self::Strange { dir } => dir,
        }
    }

    /// As it is shown and ends the command: which directory, where it was set, which rule, and the way out.
    #[must_use]
    pub fn into_failure(self) -> Failure {
        let failure = Failure::new(Code::OutsideBounds, self.to_string())
            .note(format!("the directory was set by {}", self.dir().origin));
        let allow = |path: &PathBuf| {
            format!(
                "to allow it, add {:?} to `clean.allow-outside` in doctor.toml (`xcargo policy init` writes one)",
                path.display().to_string()
            )
        };
        match self {
            Self::Nameless { .. } => failure.help("give it a name"),
            Self::Unresolved { cause, .. } => {
                failure.note(cause).help("remove the broken link, or make the way readable")
            }
            Self::Link { leads_to, .. } => failure
                .note("nothing is deleted through a link")
                .help(format!("set `build.target-dir` to `{}` itself", leads_to.display())),
            Self::ThroughLink { leads_to, .. } => failure
                .note("nothing is deleted through a link")
                .help(format!("set the directory by its real path below `{}`", leads_to.display())),
            Self::Holds { .. } => failure
                .note("`clean.allow-outside` cannot open this")
                .help("set the target dir to a directory of its own, such as `target`"),
            Self::MembersUnknown { error, .. } => {
                let mut failure = failure;
                failure.diagnostics.extend((*error).into_failure().diagnostics);
                failure
            }
            Self::Outside { real, root, .. } => {
                failure.note(format!("the workspace is `{}`", root.display())).help(allow(&real))
            }
            Self::LinkInside { .. } => failure
                .note("nothing is deleted through a link")
                .help("remove the link, or clean by hand what it leads to"),
            Self::MountInside { .. } => {
                failure.note("nothing is deleted on another mount").help("unmount it first")
            }
            Self::OtherWorkspace { root, .. } => failure
                .note("a directory belongs to the nearest package or workspace above it")
                .help(format!("run the command in `{}`, or set another directory", root.display())),
            Self::Tracked { .. } => failure
                .note("what is in version control was put there by a person")
                .help("if it is tracked by mistake, `git rm -r --cached` it; else set another directory"),
            Self::IndexUnreadable { cause, .. } => failure
                .note(cause)
                .help("`git status` there says more; repair the repository, or move it away"),
            Self::Foreign { me, .. } => failure
                .note(format!("this command is run by user {me}"))
                .help("run the command as that user, or `chown` what is yours"),
            Self::Doubtful { .. } => failure
                .note("where no manifest says whose a directory is, two kinds of marks are asked for")
                .note(format!("looked for {}", Evidence::LOOKED_FOR))
                .help("if it is cargo's all the same, remove it by hand"),
            Self::Unsearchable { cause, .. } => failure
                .note(cause)
                .note("where no manifest says whose a directory is, all of it is looked through")
                .help("make it readable, or remove the directory by hand"),
            Self::NotADirectory { .. } => failure.help("remove the file, or set another directory"),
            Self::Strange { .. } => failure
                .note(format!("looked for {}", Evidence::LOOKED_FOR))
                .help("if it is cargo's all the same, remove it by hand; else set another directory"),
        }
    }
}

impl fmt::Display for OutOfBounds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let dir = self.dir().value.display();
        match self {
            Self::Nameless { .. } => f.write_str("a target or build dir is set to the empty path"),
            Self::Unresolved { path, .. } => {
                write!(
                    f,
                    "it cannot be told whether `{dir}` is inside: `{}` cannot be resolved",
                    path.display()
                )
            }
            Self::Link { leads_to, .. } => write!(f, "`{dir}` is a link to `{}`", leads_to.display()),
            Self::ThroughLink { link, leads_to, .. } => write!(
                f,
                "`{dir}` lies behind the link `{}`, which leads out of the workspace to `{}`",
                link.display(),
                leads_to.display()
            ),
            Self::Holds { treasure, path, .. } => {
                write!(f, "`{dir}` is or holds {treasure}, `{}`", path.display())
            }
            Self::MembersUnknown { .. } => {
                write!(f, "it cannot be told whether `{dir}` holds a member of the workspace")
            }
            Self::Outside { .. } => write!(f, "`{dir}` lies outside the workspace"),
            Self::LinkInside { link, leads_to, .. } => write!(
                f,
                "`{dir}` holds the link `{}`, which leads out of it to `{}`",
                link.display(),
                leads_to.display()
            ),
            Self::MountInside { at, .. } => {
                write!(f, "something is mounted inside `{dir}`, at `{}`", at.display())
            }
            Self::OtherWorkspace { root, .. } => {
                write!(f, "`{dir}` lies in another workspace, `{}`", root.display())
            }
            Self::Tracked { file, .. } => {
                write!(f, "git tracks what lies in `{dir}`: `{}`", file.display())
            }
            Self::IndexUnreadable { index, .. } => {
                write!(
                    f,
                    "it cannot be told whether git tracks something in `{dir}`: `{}` cannot be read",
                    index.display()
                )
            }
            Self::Foreign { at, owner, .. } => {
                write!(f, "`{dir}` is not yours: `{}` belongs to user {owner}", at.display())
            }
            Self::Doubtful { evidence, .. } => {
                write!(f, "`{dir}` looks too little like a directory of cargo's: it has only {evidence}")
            }
            Self::Unsearchable { path, .. } => {
                write!(
                    f,
                    "it cannot be told what lies in `{dir}`: `{}` cannot be looked through",
                    path.display()
                )
            }
            Self::NotADirectory { .. } => write!(f, "`{dir}` is not a directory"),
            Self::Strange { .. } => write!(f, "`{dir}` does not look like a directory of cargo's"),
        }
    }
}

impl std::error::Error for OutOfBounds {}

impl fmt::Display for Evidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Tag => "cargo's `CACHEDIR.TAG`",
            Self::RustcInfo => "`.rustc_info.json`",
            Self::Fingerprints => "a `.fingerprint` directory",
            Self::Lock => "a lock file of cargo's",
            Self::Units => "units under `build`",
        })
    }
}

impl fmt::Display for Treasure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::FileSystem => "the root of the file system",
            Self::Workspace => "the workspace",
            Self::Package => "a package or workspace",
            Self::CurrentDir => "the current directory",
            Self::Home => "the home directory",
            Self::CargoHome => "cargo's home",
            Self::RustupHome => "rustup's home",
            Self::Git => "a git repository",
            Self::Member => "a member of the workspace",
            Self::Sources => "a member's sources",
            Self::PathDependency => "a package that a member depends on",
        })
    }
}
