//! What xcargo has to say about something that is wrong: message, place, cause and way out, each in its own part.

use std::ops::Range;
use std::path::PathBuf;
use std::sync::Arc;

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

use crate::exit::Code;

/// How much it weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The command goes on.
    Warning,
    /// The command stops.
    Error,
}

/// A text file that diagnostics can point into.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceText {
    /// The file, as a message shows it.
    pub path: PathBuf,
    /// Its whole text.
    pub text: Arc<str>,
}

impl SourceText {
    /// The line (counted from 1) in which this byte offset lies.
    #[must_use]
    pub fn line_of(&self, offset: usize) -> usize {
        let end = offset.min(self.text.len());
        1 + self.text.as_bytes()[..end].iter().filter(|byte| **byte == b'\n').count()
    }
}

/// A place in a file, with what is to be said about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// The file.
    pub source: SourceText,
    /// Byte offsets into the file's text.
    pub span: Range<usize>,
    /// What is wrong (or of interest) at this place; may be empty.
    pub text: String,
}

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// Stops the command or not.
    pub severity: Severity,
    /// Stands in brackets behind the severity: `error[policy-broken]`.
    pub code: &'static str,
    /// The thing and what is wrong with it, without a full stop.
    pub message: String,
    /// Where: the first is the place itself, others explain it.
    pub labels: Vec<Label>,
    /// The cause, and what else is worth knowing.
    pub notes: Vec<String>,
    /// The way out.
    pub help: Vec<String>,
}

impl Diagnostic {
    /// An error with the name of an exit code.
    pub fn error(code: Code, message: impl Into<String>) -> Self {
        Self::new(Severity::Error, code.name(), message)
    }

    /// A warning with the name of the exit code that it would have as an error.
    pub fn warning(code: Code, message: impl Into<String>) -> Self {
        Self::new(Severity::Warning, code.name(), message)
    }

    fn new(severity: Severity, code: &'static str, message: impl Into<String>) -> Self {
        Self {
            severity,
            code,
            message: message.into(),
            labels: Vec::new(),
            notes: Vec::new(),
            help: Vec::new(),
        }
    }

    /// With a place to point at.
    #[must_use]
    pub fn label(mut self, source: &SourceText, span: Range<usize>, text: impl Into<String>) -> Self {
        self.labels.push(Label { source: source.clone(), span, text: text.into() });
        self
    }

    /// With a cause, or something else worth knowing.
    #[must_use]
    pub fn note(mut self, text: impl Into<String>) -> Self {
        self.notes.push(text.into());
        self
    }

    /// With a way out.
    #[must_use]
    pub fn help(mut self, text: impl Into<String>) -> Self {
        self.help.push(text.into());
        self
    }

    /// The text as a terminal shows it, without a final line feed.
    #[must_use]
    pub fn render(&self, colours: bool) -> String {
        let level = match self.severity {
            Severity::Error => Level::ERROR,
            Severity::Warning => Level::WARNING,
        };
        let mut group = Group::with_title(level.primary_title(&self.message).id(self.code));
        for (at, label) in self.labels.iter().enumerate() {
            let kind = if at == 0 { AnnotationKind::Primary } else { AnnotationKind::Context };
            let length = label.source.text.len();
            let span = label.span.start.min(length)..label.span.end.min(length);
            let mut annotation = kind.span(span);
            if !label.text.is_empty() {
                annotation = annotation.label(&label.text);
            }
            group = group.element(
                Snippet::source(&*label.source.text)
                    .path(label.source.path.to_string_lossy().into_owned())
                    .annotation(annotation),
            );
        }
        for note in &self.notes {
            group = group.element(Level::NOTE.message(note));
        }
        for help in &self.help {
            group = group.element(Level::HELP.message(help));
        }
        let renderer = if colours { Renderer::styled() } else { Renderer::plain() };
        renderer.render(&[group])
    }
}

/// Why a command cannot go on: an exit code and everything there is to say about it, all at once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// The exit code.
    pub code: Code,
    /// At least one; shown in this order.
    pub diagnostics: Vec<Diagnostic>,
}

impl Failure {
    /// A failure with one thing to say.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self { code, diagnostics: vec![Diagnostic::error(code, message)] }
    }

    /// With a cause, on the last diagnostic.
    #[must_use]
    pub fn note(self, text: impl Into<String>) -> Self {
        self.amend(|last| last.note(text))
    }

    /// With a way out, on the last diagnostic.
    #[must_use]
    pub fn help(self, text: impl Into<String>) -> Self {
        self.amend(|last| last.help(text))
    }

    fn amend(mut self, change: impl FnOnce(Diagnostic) -> Diagnostic) -> Self {
        if let Some(last) = self.diagnostics.pop() {
            self.diagnostics.push(change(last));
        }
        self
    }
}

impl From<Diagnostic> for Failure {
    /// The code is found again by its name, so that a diagnostic made by hand keeps its exit code.
    fn from(diagnostic: Diagnostic) -> Self {
        let code = Code::ALL.iter().copied().find(|code| code.name() == diagnostic.code);
        Self { code: code.unwrap_or(Code::Usage), diagnostics: vec![diagnostic] }
    }
}
