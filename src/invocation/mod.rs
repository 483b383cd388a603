//! What was typed: xcargo's own verb, or a command for cargo, with every argument kept exactly as it came.
//!
//! Nothing here changes what cargo receives. Arguments are read only to know which workspace a command is about,
//! whether it builds, and how much xcargo itself may print; a flag that is misread can at worst make xcargo look
//! at the wrong place, never make cargo run something else.

mod flags;
mod kind;

use std::ffi::{OsStr, OsString};
use std::path::Path;

pub use flags::{Flags, Offline};
pub use kind::{Kind, Resolved};

/// The name by which the program was called (`argv[0]`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CalledAs {
    /// `xcargo`, or anything else that is not `cargo`: says in `--version`, `--list` and `help` that it is there.
    Xcargo,
    /// A link or copy named `cargo`, early in PATH: those three are cargo's own.
    Cargo,
}

impl CalledAs {
    /// Reads the file stem of `argv[0]`.
    #[must_use]
    pub fn from_argv0(argv0: &OsStr) -> Self {
        let stem = Path::new(argv0).file_stem().unwrap_or_default();
        if stem.eq_ignore_ascii_case("cargo") { Self::Cargo } else { Self::Xcargo }
    }
}

/// xcargo's own verbs. Everything else is cargo's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verb {
    /// `xcargo cache`.
    Cache,
    /// `xcargo doctor`.
    Doctor,
    /// `xcargo policy init|check|show|schema`.
    Policy,
    /// `xcargo toolchain set|show|check|sync|update`.
    Toolchain,
}

impl Verb {
    /// All of them, with the line that `--list` and `help` show.
    pub const ALL: &[(Self, &'static str, &'static str)] = &[
        (Self::Cache, "cache", "Show what is in the target dir and the build dir"),
        (Self::Doctor, "doctor", "Hold the build cache against what it was built from, and repair it"),
        (Self::Policy, "policy", "Write, check or show the policy in doctor.toml"),
        (
            Self::Toolchain,
            "toolchain",
            "Change the pinned toolchain everywhere at once, or check that all agree",
        ),
    ];

    /// `cache` is also the verb of a widely used program (`cargo-cache`): called as `cargo`, it stays that one's.
    fn named(word: &OsStr, called_as: CalledAs) -> Option<Self> {
        let found = Self::ALL.iter().find(|(_, name, _)| word == *name).map(|(verb, ..)| *verb);
        found.filter(|verb| *verb != Self::Cache || called_as == CalledAs::Xcargo)
    }
}

/// The only argument of the process that empties the trash in the background (`apply/removal/background.rs`): no verb, and
/// no name that a program or an alias would have.
pub const EMPTY_TRASH: &str = "--xcargo-empty-trash";

/// What kind of thing was asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Request {
    /// One of xcargo's own verbs; the arguments start with the verb itself, as clap expects its program's name.
    Own(Verb, Vec<OsString>),
    /// Cargo's version, list of commands or help, to which xcargo adds its own lines.
    About(About),
    /// xcargo itself asks for the trash to be emptied: [`EMPTY_TRASH`] and nothing else.
    EmptyTrash,
    /// Everything else goes to cargo as it is.
    Cargo,
}

/// Cargo's words about itself, to which xcargo adds its own where it was called `xcargo`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum About {
    /// `--version`, `-V`.
    Version,
    /// `--list`.
    List,
    /// `help`, `--help`, `-h` without a further word.
    Help,
    /// `help <verb of ours>`.
    HelpOf(Verb),
}

/// One command line, taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invocation {
    /// The name by which the program was called.
    pub called_as: CalledAs,
    /// What was asked.
    pub request: Request,
    /// The toolchain of a leading `+toolchain`, without the plus sign.
    pub plus: Option<OsString>,
    /// `xcargo --dry-run <verb>`: show the plan, run nothing.
    pub dry_run: bool,
    /// What cargo gets, `+toolchain` included: all arguments but xcargo's own `--dry-run`, and a `--` that only
    /// stood there to hand one of xcargo's verbs to cargo.
    pub cargo_args: Vec<OsString>,
    /// Where in `cargo_args` the verb stands.
    verb_at: Option<usize>,
}

impl Invocation {
    /// Takes the arguments apart, the program's own name first.
    #[must_use]
    pub fn parse(argv: &[OsString]) -> Self {
        let called_as = CalledAs::from_argv0(argv.first().map_or(OsStr::new(""), OsString::as_os_str));
        let mut args: Vec<OsString> = argv.iter().skip(1).cloned().collect();
        let plus = args.first().and_then(|first| toolchain_of(first));
        let dry_run = take_dry_run(&mut args, usize::from(plus.is_some()));
        let mut verb_at = flags::verb_position(&args, usize::from(plus.is_some()));

        let mut request = Request::Cargo;
        let start = usize::from(plus.is_some());
        let certain = flags::are_global(&args[start..verb_at.unwrap_or(args.len())]);
        match verb_at.map(|at| (at, args[at].as_os_str())).filter(|_| certain) {
            Some((at, word)) if word == "--" => {
                if args.get(at + 1).is_some_and(|word| Verb::named(word, called_as).is_some()) {
                    args.remove(at);
                } else {
                    // Cargo runs aliases and other programs from behind `--`, and refuses its own verbs there.
                    verb_at = (at + 1 < args.len()).then_some(at + 1);
                }
            }
            Some((at, word)) => {
                if let Some(verb) = Verb::named(word, called_as) {
                    request = Request::Own(verb, args[at..].to_vec());
                } else if word == "help" {
                    request = match args.get(at + 1) {
                        None => Request::About(About::Help),
                        Some(word) => Verb::named(word, called_as)
                            .map_or(Request::Cargo, |verb| Request::About(About::HelpOf(verb))),
                    };
                }
            }
            None => {
                if let Some(about) = flags::about(&args[start..]).filter(|_| certain && verb_at.is_none()) {
                    request = Request::About(about);
                }
            }
        }
        if argv.len() == 2 && argv[1] == EMPTY_TRASH {
            request = Request::EmptyTrash;
        }
        if called_as == CalledAs::Cargo
            && matches!(request, Request::About(About::Version | About::List | About::Help))
        {
            request = Request::Cargo;
        }
        Self { called_as, request, plus, dry_run, cargo_args: args, verb_at }
    }

    /// Where in [`Self::cargo_args`] the verb stands.
    #[must_use]
    pub const fn verb_at(&self) -> Option<usize> {
        self.verb_at
    }

    /// The word that cargo takes for the verb, and what follows it.
    #[must_use]
    pub fn verb(&self) -> Option<(&OsStr, &[OsString])> {
        let at = self.verb_at?;
        Some((self.cargo_args.get(at)?, &self.cargo_args[at + 1..]))
    }

    /// What the flags say, in front of the verb and, as far as `verb` is known to read them, behind it.
    #[must_use]
    pub fn flags(&self) -> Flags {
        Flags::read(self.before_verb(), self.verb())
    }

    /// The command with its aliases followed; `alias` gives what `[alias]` in cargo's config says of a word.
    #[must_use]
    pub fn resolve(&self, alias: &dyn Fn(&str) -> Option<Vec<String>>) -> Resolved {
        let resolved = kind::resolve(self.verb(), self.before_verb(), alias);
        let behind_dashes = self.before_verb().last().is_some_and(|word| word == "--");
        let refused = behind_dashes && self.verb().is_some_and(|(verb, _)| kind::is_built_in(verb));
        Resolved { kind: if refused { Kind::Other } else { resolved.kind }, ..resolved }
    }

    fn before_verb(&self) -> &[OsString] {
        let start = usize::from(self.plus.is_some());
        let end = self.verb_at.unwrap_or(self.cargo_args.len());
        self.cargo_args.get(start..end).unwrap_or_default()
    }
}

/// `+nightly` → `nightly`, as rustup's proxies read it: only as the very first argument.
fn toolchain_of(first: &OsStr) -> Option<OsString> {
    let rest = first.as_encoded_bytes().strip_prefix(b"+")?;
    Some(flags::os_string(rest))
}

/// Removes `--dry-run` where it stands in front of the verb: there it is xcargo's, behind it the verb's own.
fn take_dry_run(args: &mut Vec<OsString>, start: usize) -> bool {
    let end = flags::verb_position(args, start).unwrap_or(args.len());
    let found = args[start.min(end)..end].iter().position(|arg| arg == "--dry-run");
    if let Some(at) = found {
        args.remove(start + at);
    }
    found.is_some()
}

#[cfg(test)]
mod tests;
