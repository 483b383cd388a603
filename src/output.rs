//! The only place that prints: status lines in cargo's style, findings, data, progress.
//!
//! Everything but data goes to stderr, and obeys `-q`, `--color`, `NO_COLOR` and `CARGO_TERM_*` as cargo does. A
//! stream that is closed is no error: what cannot be said is not said.

use std::ffi::OsStr;
use std::io::Write as _;
use std::time::Duration;

use anstyle::{AnsiColor, Style};
use console::Term;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::diagnostic::{Diagnostic, Failure, Severity};
use crate::env::Env;
use crate::invocation::Flags;

/// How much is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verbosity {
    /// `-q`: warnings and errors only.
    Quiet,
    /// One line for each step.
    Normal,
    /// `-v`: the commands that steps run, too.
    Verbose,
}

/// What cargo's config says of the look, where the command line and the environment are silent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ConfiguredLook {
    /// `term.color`.
    pub color: Option<String>,
    /// `term.quiet`.
    pub quiet: Option<bool>,
    /// `term.verbose`.
    pub verbose: Option<bool>,
    /// `term.progress.when`.
    pub progress: Option<String>,
}

/// What stdout can show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Page {
    /// The columns of the terminal; `None`: it is none.
    pub width: Option<usize>,
    /// Colours are wanted.
    pub colours: bool,
    /// Characters beyond ASCII can be shown.
    pub unicode: bool,
}

/// What an empty answer means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Preferred {
    /// Yes.
    Yes,
    /// No: for what cannot be taken back.
    No,
}

/// Where and how to print.
#[derive(Debug, Clone)]
pub struct Output {
    verbosity: Verbosity,
    colours: bool,
    colours_of_data: bool,
    terminal: bool,
    progress: bool,
}

impl Output {
    /// The look that cargo itself would have for this command.
    #[must_use]
    pub fn new(flags: &Flags, config: &ConfiguredLook, env: &Env) -> Self {
        let stderr = Term::stderr();
        let flag =
            |name: &str| env.get(name).and_then(OsStr::to_str).and_then(|text| text.parse::<bool>().ok());
        let verbosity = if flags.quiet {
            Verbosity::Quiet
        } else if flags.verbose > 0 {
            Verbosity::Verbose
        } else if flag("CARGO_TERM_QUIET").or(config.quiet) == Some(true) {
            Verbosity::Quiet
        } else if flag("CARGO_TERM_VERBOSE").or(config.verbose) == Some(true) {
            Verbosity::Verbose
        } else {
            Verbosity::Normal
        };
        let asked =
            flags.color.as_deref().or_else(|| env.non_empty("CARGO_TERM_COLOR")).and_then(OsStr::to_str);
        let on = |terminal: &Term| match asked.or(config.color.as_deref()) {
            Some("always") => true,
            Some("never") => false,
            _ => terminal.is_term() && env.non_empty("NO_COLOR").is_none() && !is_dumb(env),
        };
        let colours = on(&stderr);
        let colours_of_data = on(&Term::stdout());
        let when = env.non_empty("CARGO_TERM_PROGRESS_WHEN").and_then(OsStr::to_str);
        let progress = stderr.is_term() && when.or(config.progress.as_deref()) != Some("never");
        Self { verbosity, colours, colours_of_data, terminal: stderr.is_term(), progress }
    }

    /// Whether the commands behind the steps are shown as well.
    #[must_use]
    pub fn is_verbose(&self) -> bool {
        self.verbosity == Verbosity::Verbose
    }

    /// One line with a right-aligned green verb: `    Cleaning 412 files, …`.
    pub fn status(&self, verb: &str, message: impl std::fmt::Display) {
        if self.verbosity > Verbosity::Quiet {
            self.line(verb, AnsiColor::BrightGreen, message);
        }
    }

    /// A line of a plan that is only shown. It is what was asked for, so `-q` does not silence it.
    pub fn planned(&self, verb: &str, message: impl std::fmt::Display) {
        self.line(verb, AnsiColor::BrightCyan, message);
    }

    /// Something that has to be waited for, as cargo says it: cyan, in the status column.
    pub fn waiting(&self, message: impl std::fmt::Display) {
        if self.verbosity > Verbosity::Quiet {
            self.line("Blocking", AnsiColor::BrightCyan, message);
        }
    }

    /// A warning or an error, with its place and its way out. Never silenced.
    pub fn finding(&self, finding: &Diagnostic) {
        let _ = writeln!(std::io::stderr(), "{}", finding.render(self.colours));
    }

    /// A plain warning in cargo's style, of something that is no finding.
    pub fn remark(&self, message: &str) {
        let style = if self.colours { AnsiColor::Yellow.on_default().bold() } else { Style::new() };
        let _ = writeln!(std::io::stderr(), "{style}warning{style:#}: {}", printable(message));
    }

    /// Everything that a failure has to say, and for many mistakes their count.
    pub fn failure(&self, failure: &Failure) {
        for finding in &failure.diagnostics {
            self.finding(finding);
        }
        let errors = failure.diagnostics.iter().filter(|finding| finding.severity == Severity::Error).count();
        if errors > 1 {
            let _ = writeln!(std::io::stderr(), "{errors} errors");
        }
    }

    /// Data that was asked for: to stdout, as it is.
    pub fn data(&self, text: &str) {
        let mut out = std::io::stdout().lock();
        let _ = out.write_all(text.as_bytes());
        let _ = out.flush();
    }

    /// How data for people may look.
    #[must_use]
    pub fn page(&self, env: &Env) -> Page {
        let stdout = Term::stdout();
        let width = stdout.size_checked().map(|(_, columns)| usize::from(columns));
        // As the C library chooses the locale of characters: the first of these that is set.
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"].iter().find_map(|name| env.non_empty(name));
        let locale = locale.unwrap_or_default().to_string_lossy().to_ascii_lowercase();
        let unicode = locale.contains("utf-8") || locale.contains("utf8") || cfg!(windows);
        Page {
            width: width.filter(|_| stdout.is_term()),
            colours: self.colours_of_data,
            unicode: unicode && !is_dumb(env),
        }
    }

    /// A bar for something long, which shows on a terminal only, and only once it takes a while.
    #[must_use]
    pub fn progress(&self, verb: &'static str, total: u64) -> Progress {
        self.bar(verb, total, "{pos}/{len} files")
    }

    /// The same for bytes.
    #[must_use]
    pub fn progress_in_bytes(&self, verb: &'static str, total: u64) -> Progress {
        self.bar(verb, total, "{bytes}/{total_bytes}")
    }

    fn bar(&self, verb: &'static str, total: u64, of: &str) -> Progress {
        if !self.progress || self.verbosity == Verbosity::Quiet {
            return Progress(None);
        }
        let bar = ProgressBar::with_draw_target(Some(total), ProgressDrawTarget::hidden());
        let look = if self.colours { "{prefix:>12.cyan.bold}" } else { "{prefix:>12}" };
        let template = format!("{look} [{{bar:25}}] {of}");
        if let Ok(style) = ProgressStyle::with_template(&template) {
            bar.set_style(style.progress_chars("=> "));
        }
        bar.set_prefix(verb);
        Progress(Some(bar))
    }

    /// Asks yes or no on the terminal. `None`: there is nobody to ask.
    #[must_use]
    pub fn ask(&self, question: &str, preferred: Preferred) -> Option<bool> {
        let input = std::io::stdin();
        if !self.terminal || !std::io::IsTerminal::is_terminal(&input) {
            return None;
        }
        let choice = if preferred == Preferred::Yes { "[Y/n]" } else { "[y/N]" };
        let _ = write!(std::io::stderr(), "{} {choice} ", printable(question));
        let _ = std::io::stderr().flush();
        let mut answer = String::new();
        match input.read_line(&mut answer) {
            // The end of input is no consent.
            Ok(0) | Err(_) => Some(false),
            Ok(_) if answer.trim().is_empty() => Some(preferred == Preferred::Yes),
            Ok(_) => Some(matches!(answer.trim().to_ascii_lowercase().as_str(), "y" | "yes")),
        }
    }

    fn line(&self, verb: &str, colour: AnsiColor, message: impl std::fmt::Display) {
        let style = if self.colours { colour.on_default().bold() } else { Style::new() };
        let verb = format!("{style}{verb:>12}{style:#}");
        let _ = writeln!(std::io::stderr(), "{verb} {}", printable(&message.to_string()));
    }
}

fn is_dumb(env: &Env) -> bool {
    env.get("TERM").is_some_and(|term| term == "dumb")
}

/// `1.3 GiB`.
#[must_use]
pub fn human(bytes: u64) -> String {
    humansize::format_size(bytes, humansize::BINARY)
}

/// Paths may hold anything; a terminal must not obey it.
#[must_use]
pub fn printable(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_control() { c.escape_default().to_string() } else { c.to_string() })
        .collect()
}

/// What takes no longer than this needs no bar.
const PATIENCE: Duration = Duration::from_millis(500);

/// A progress bar that may not be there. It goes away when it is dropped.
#[derive(Debug)]
pub struct Progress(Option<ProgressBar>);

impl Progress {
    /// So many are done by now.
    pub fn reached(&self, done: u64) {
        let Some(bar) = &self.0 else { return };
        bar.set_position(done);
        if bar.is_hidden() && bar.elapsed() > PATIENCE {
            bar.set_draw_target(ProgressDrawTarget::stderr_with_hz(8));
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some(bar) = &self.0 {
            bar.finish_and_clear();
        }
    }
}
