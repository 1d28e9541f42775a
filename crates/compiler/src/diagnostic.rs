//! What the compiler has to say about a policy.

use std::fmt;

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use serde::Serialize;

use crate::excerpt::Excerpt;
use crate::source::{Sources, Span};

macro_rules! codes {
    ($($(#[doc = $doc:literal])+ $variant:ident $code:literal $severity:ident,)+) => {
        /// What is wrong, as a closed set of stable codes.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Code {
            $($(#[doc = $doc])+ $variant,)+
        }

        impl Code {
            /// Every code.
            pub const ALL: &[Code] = &[$(Code::$variant,)+];

            /// The code's text.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Code::$variant => $code,)+
                }
            }

            /// Whether it stops the policy from compiling.
            pub const fn severity(self) -> Severity {
                match self {
                    $(Code::$variant => Severity::$severity,)+
                }
            }
        }
    };
}

codes! {
    /// A file that cannot be read.
    Unreadable "unreadable" Error,
    /// A file that is not what its ending says.
    Syntax "syntax" Error,
    /// A file that is named or needed and not there.
    MissingFile "missing_file" Error,
    /// A key, column or word that is not known here.
    UnknownKey "unknown_key" Error,
    /// A key, column or section that has to be there.
    MissingKey "missing_key" Error,
    /// A value of another kind than its key takes.
    WrongType "wrong_type" Error,
    /// A value of the right kind that is not allowed.
    BadValue "bad_value" Error,
    /// A name that is not one.
    BadName "bad_name" Error,
    /// A name that stands twice.
    DuplicateName "duplicate_name" Error,
    /// More than a stated maximum.
    TooMany "too_many" Error,
    /// A question that no page asks.
    NotAsked "not_asked" Error,
    /// Names that are defined by each other.
    Cycle "cycle" Error,
    /// A formula or cell that cannot be read.
    BadFormula "bad_formula" Error,
    /// A name that nothing declares.
    UnknownName "unknown_name" Error,
    /// An option that the choice does not have.
    UnknownOption "unknown_option" Error,
    /// Operands whose units do not go together.
    UnitMismatch "unit_mismatch" Error,
    /// A value that may be missing where one is needed.
    MayBeMissing "may_be_missing" Error,
    /// A divisor that can be zero.
    DivisionByZero "division_by_zero" Error,
    /// A value that can become too large.
    Overflow "overflow" Error,
    /// An input that no row or bin takes in.
    Gap "gap" Error,
    /// An input that two rows or bins take in.
    Overlap "overlap" Error,
    /// A table with too many distinct cells for a proof.
    TooWide "too_wide" Error,
    /// A threshold that does not stand between two cells of a feature.
    InexactThreshold "inexact_threshold" Error,
    /// A comparison of a figure computed from reduced features.
    InexactArithmetic "inexact_arithmetic" Error,
    /// A limit that could rise by the reduction of a feature.
    NotConservative "not_conservative" Error,
    /// A partition left to the compiler where nothing needs one.
    NoPartition "no_partition" Error,
    /// A partition left to the compiler that needs more cells than allowed.
    TooManyCells "too_many_cells" Error,
    /// A partition left to the compiler of a feature that is read as a number.
    ReadAsNumber "read_as_number" Error,
    /// A rate that reads what a quote does not know.
    RateNotPublic "rate_not_public" Error,
    /// A score, grade or card that reads what comes after it.
    ReadsScore "reads_score" Error,
    /// A rule of another stage than the policy's.
    WrongStage "wrong_stage" Error,
    /// Who can have a product that depends on what is asked for.
    ReadsRequest "reads_request" Error,
    /// What passed all of the compiler's checks and the engine still refuses.
    Refused "refused" Error,
    /// An edge outside the range of its feature.
    EdgeOutOfRange "edge_out_of_range" Warning,
    /// A precision that gives the answer away.
    GivesAway "gives_away" Warning,
    /// A rule that can never fire, or always does.
    ConstantRule "constant_rule" Warning,
    /// A row or bin that no input reaches.
    Unreachable "unreachable" Warning,
    /// An `else` that never applies.
    UselessElse "useless_else" Warning,
    /// A feature, question, value or table that nothing needs.
    Unused "unused" Warning,
    /// A text that a language lacks.
    MissingText "missing_text" Warning,
    /// A text that nothing shows.
    UnusedText "unused_text" Warning,
}

/// How grave it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// The policy does not compile.
    Error,
    /// The policy compiles.
    Warning,
}

/// One thing that the compiler has to say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// What is wrong.
    pub code: Code,
    /// What is wrong, in words: lower case, no full stop.
    pub message: String,
    /// Where.
    pub span: Span,
    /// A few words under the marked source; may be empty.
    pub label: String,
    /// Another place that belongs to it.
    pub other: Option<Box<(Span, String)>>,
    /// What would be right.
    pub help: Option<String>,
}

impl Diagnostic {
    pub(crate) fn new(code: Code, span: &Span, message: impl Into<String>) -> Diagnostic {
        Diagnostic {
            code,
            message: message.into(),
            span: span.clone(),
            label: String::new(),
            other: None,
            help: None,
        }
    }

    pub(crate) fn label(mut self, label: impl Into<String>) -> Diagnostic {
        self.label = label.into();
        self
    }

    pub(crate) fn other(mut self, span: &Span, label: impl Into<String>) -> Diagnostic {
        self.other = Some(Box::new((span.clone(), label.into())));
        self
    }

    pub(crate) fn help(mut self, help: impl Into<String>) -> Diagnostic {
        self.help = Some(help.into());
        self
    }
}

/// All that the compiler has to say about a policy, errors first, then by place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostics {
    sources: Sources,
    list: Vec<Diagnostic>,
    /// How many more there are.
    untold: usize,
}

/// The most diagnostics that are told at once, errors first: who has more
/// slips than these has one that makes the others.
pub(crate) const MOST_TOLD: usize = 500;

impl Diagnostics {
    pub(crate) fn new(sources: &Sources, mut list: Vec<Diagnostic>) -> Diagnostics {
        list.sort_by(|a, b| {
            (a.code.severity(), &a.span, a.code, &a.message).cmp(&(
                b.code.severity(),
                &b.span,
                b.code,
                &b.message,
            ))
        });
        list.dedup();
        let untold = list.len().saturating_sub(MOST_TOLD);
        list.truncate(MOST_TOLD);
        Diagnostics {
            sources: sources.clone(),
            list,
            untold,
        }
    }

    /// Them all.
    pub fn iter(&self) -> impl Iterator<Item = &Diagnostic> {
        self.list.iter()
    }

    /// Whether any of them stops the policy from compiling.
    pub fn has_errors(&self) -> bool {
        self.list
            .iter()
            .any(|d| d.code.severity() == Severity::Error)
    }

    /// Whether there is nothing to say.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Them all in words, each with its marked source. `root` goes before the
    /// files' paths; `colour` adds ANSI escapes.
    pub fn render(&self, root: &str, colour: bool) -> String {
        let renderer = if colour {
            Renderer::styled()
        } else {
            Renderer::plain()
        };
        let rendered = self.list.iter().map(|diagnostic| {
            let excerpts = self.excerpts(diagnostic);
            let group = self.group(root, diagnostic, &excerpts);
            format!("{}\n", renderer.render(&[group]))
        });
        let mut told = rendered.collect::<Vec<_>>().join("\n");
        if self.untold > 0 {
            told.push_str(&format!("\nand {} more\n", self.untold));
        }
        told
    }

    /// The source of a diagnostic, and that of the other place.
    fn excerpts(&self, diagnostic: &Diagnostic) -> [Excerpt<'_>; 2] {
        let other = diagnostic.other.as_deref();
        let spans = || std::iter::once(&diagnostic.span).chain(other.map(|(span, _)| span));
        let of = |file: &str| {
            let here = spans().filter(|span| *span.file == *file);
            let marks: Vec<_> = here.map(|span| self.shown(span)).collect();
            Excerpt::new(self.sources.get(file).unwrap_or_default(), &marks)
        };
        let last = spans().last().unwrap_or(&diagnostic.span);
        [of(&diagnostic.span.file), of(&last.file)]
    }

    fn group<'a>(
        &'a self,
        root: &str,
        diagnostic: &'a Diagnostic,
        [main, other]: &'a [Excerpt<'a>; 2],
    ) -> Group<'a> {
        let level = match diagnostic.code.severity() {
            Severity::Error => Level::ERROR,
            Severity::Warning => Level::WARNING,
        };
        let title = level
            .primary_title(&diagnostic.message)
            .id(diagnostic.code.as_str());
        let snippet = |span: &Span, excerpt: &'a Excerpt<'a>| {
            Snippet::source(&*excerpt.text).path(format!("{root}{}", span.file))
        };
        let range = main.mark(&self.shown(&diagnostic.span));
        let mut main = snippet(&diagnostic.span, main)
            .annotation(AnnotationKind::Primary.span(range).label(&diagnostic.label));
        let mut group = Group::with_title(title);
        match diagnostic.other.as_deref() {
            Some((span, label)) if span.file == diagnostic.span.file => {
                let range = other.mark(&self.shown(span));
                let context = AnnotationKind::Context.span(range).label(label);
                main = main.annotation(context);
                group = group.element(main);
            }
            Some((span, label)) => {
                let range = other.mark(&self.shown(span));
                let context = AnnotationKind::Context.span(range).label(label);
                group = group
                    .element(main)
                    .element(snippet(span, other).annotation(context));
            }
            None => group = group.element(main),
        }
        match &diagnostic.help {
            Some(help) => group.element(Level::HELP.message(help)),
            None => group,
        }
    }

    /// The span within its file, at least one character wide where there is one.
    fn shown(&self, span: &Span) -> std::ops::Range<usize> {
        let text = self.sources.get(&span.file).unwrap_or_default();
        let boundary = |at: usize| {
            (0..=at.min(text.len()))
                .rev()
                .find(|at| text.is_char_boundary(*at))
        };
        let start = boundary(span.start).unwrap_or(0);
        let end = boundary(span.end).unwrap_or(0).max(start);
        start..end
    }

    /// Them all as data, for machines.
    pub fn entries(&self) -> Vec<Entry> {
        let entry = |d: &Diagnostic| {
            let text = self.sources.get(&d.span.file).unwrap_or_default();
            let before = text.get(..self.shown(&d.span).start).unwrap_or_default();
            let last_line = before.rsplit('\n').next().unwrap_or_default();
            Entry {
                severity: d.code.severity(),
                code: d.code.as_str(),
                file: d.span.file.to_string(),
                line: before.matches('\n').count() + 1,
                column: last_line.chars().count() + 1,
                message: d.message.clone(),
                help: d.help.clone(),
            }
        };
        self.list.iter().map(entry).collect()
    }
}

impl fmt::Display for Diagnostics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.render("", false))
    }
}

impl std::error::Error for Diagnostics {}

/// A diagnostic as data.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Entry {
    /// How grave it is.
    pub severity: Severity,
    /// The code, such as `unknown_key`.
    pub code: &'static str,
    /// The file's path from the policy's folder.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// The character in the line, from 1.
    pub column: usize,
    /// What is wrong.
    pub message: String,
    /// What would be right.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub help: Option<String>,
}
