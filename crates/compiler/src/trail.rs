//! Which step each part of a formula became: for explanations.

use std::collections::BTreeMap;
use std::mem;

use prequal::policy::{Kind, NodeId};

use crate::elaborate::Typed;
use crate::source::Span;

/// A part of a formula that is no constant, and what it became.
#[derive(Clone, Debug)]
pub(crate) struct Trace {
    pub(crate) span: Span,
    /// Absent where the part is a branch between constants that have no unit yet.
    pub(crate) typed: Option<Typed>,
    pub(crate) parts: Vec<Trace>,
}

/// The traces of whole figures by where each is written: a formula by its
/// text, a table by the name of its file.
pub(crate) type Traces = BTreeMap<Span, Trace>;

/// What is being traced. Each part is traced between [`Trail::open`] and
/// [`Trail::close`]; what is traced meanwhile is its parts.
#[derive(Debug, Default)]
pub(crate) struct Trail {
    parts: Vec<Trace>,
    figures: Traces,
}

impl Trail {
    /// Begins a part; the parts before it are handed to `close`.
    pub(crate) fn open(&mut self) -> Vec<Trace> {
        mem::take(&mut self.parts)
    }

    /// Ends a part of a formula.
    pub(crate) fn close(&mut self, mut before: Vec<Trace>, span: &Span, typed: Option<&Typed>) {
        let parts = mem::take(&mut self.parts);
        before.push(Trace {
            span: span.clone(),
            typed: typed.cloned(),
            parts,
        });
        self.parts = before;
    }

    /// Ends a part that is a constant and says itself.
    pub(crate) fn forget(&mut self, before: Vec<Trace>) {
        self.parts = before;
    }

    /// The unit of a branch between constants turned out.
    pub(crate) fn settle(&mut self, span: &Span, typed: &Typed) {
        if let Some(trace) = self.parts.iter_mut().rfind(|trace| trace.span == *span) {
            trace.typed.get_or_insert_with(|| typed.clone());
        }
    }

    /// Ends a whole figure, which is kept apart from what refers to it.
    pub(crate) fn keep(&mut self, before: Vec<Trace>, span: &Span, typed: Option<&Typed>) {
        let parts = mem::replace(&mut self.parts, before);
        let (Some(typed), [whole]) = (typed, parts.as_slice()) else {
            self.keep_parts(span, typed, parts);
            return;
        };
        let whole = Trace {
            typed: Some(typed.clone()),
            ..whole.clone()
        };
        self.figures.insert(span.clone(), whole);
    }

    /// Keeps a figure of these parts.
    pub(crate) fn keep_parts(&mut self, span: &Span, typed: Option<&Typed>, parts: Vec<Trace>) {
        let whole = Trace {
            span: span.clone(),
            typed: typed.cloned(),
            parts,
        };
        self.figures.insert(span.clone(), whole);
    }

    /// The figures.
    pub(crate) fn finish(self) -> Traces {
        self.figures
    }
}

/// Gives the steps their new indices; one that nothing needs any more is no
/// step.
pub(crate) fn renumber(figures: &mut Traces, id: &impl Fn(NodeId) -> Option<NodeId>) {
    for trace in figures.values_mut() {
        trace.change(&|typed| {
            let node = id(typed.node)?;
            Some(Typed { node, ..typed })
        });
    }
}

/// Gives the steps for which there is a new kind their new kind.
pub(crate) fn rekind(figures: &mut Traces, kind: &impl Fn(NodeId) -> Option<Kind>) {
    for trace in figures.values_mut() {
        trace.change(&|typed| {
            let kind = kind(typed.node).unwrap_or_else(|| typed.kind.clone());
            Some(Typed { kind, ..typed })
        });
    }
}

impl Trace {
    fn change(&mut self, change: &impl Fn(Typed) -> Option<Typed>) {
        self.typed = self.typed.take().and_then(change);
        for part in &mut self.parts {
            part.change(change);
        }
    }
}
