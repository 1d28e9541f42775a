//! How close a decision on the summary is to one on the answers: every use of
//! a feature after the waist is EXACT or CONSERVATIVE, or refused.

mod direction;
mod threshold;

use prequal::policy::{Cells, DecideContext, Domain, Node, NodeId, Precision, Program};

use crate::diagnostic::{Code, Diagnostic};
use crate::document::Sink;
use crate::features::BuiltFeature;
use crate::proof::slice;
use crate::source::{Sources, Span};
use crate::tables::BuiltTable;

pub(crate) use direction::{Direction, Directions};

/// What the analysis looks at.
pub(crate) struct Waist<'a> {
    pub(crate) program: &'a Program,
    pub(crate) sites: &'a [Vec<Span>],
    pub(crate) tables: &'a [BuiltTable],
    pub(crate) features: &'a [BuiltFeature],
    /// Ranges over the reduced features.
    pub(crate) domains: &'a [Option<Domain>],
    /// The terms that can be asked for.
    pub(crate) terms: &'a [i64],
    pub(crate) sources: &'a Sources,
    /// Whether a step is the same on the summary as on the answers.
    exact: Vec<bool>,
}

/// A value that a figure is compared with, and where it comes from if that is
/// a table.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Threshold {
    value: i64,
    row: Option<Span>,
}

impl<'a> Waist<'a> {
    pub(crate) fn new(
        program: &'a Program,
        sites: &'a [Vec<Span>],
        tables: &'a [BuiltTable],
        features: &'a [BuiltFeature],
        domains: &'a [Option<Domain>],
        terms: &'a [i64],
        sources: &'a Sources,
    ) -> Waist<'a> {
        let mut waist = Waist {
            program,
            sites,
            tables,
            features,
            domains,
            terms,
            sources,
            exact: Vec::new(),
        };
        for node in &program.nodes {
            let exact = match node {
                Node::Input(index) => waist.feature(*index).is_none_or(|feature| {
                    matches!(
                        feature.feature.precision,
                        Precision::Exact | Precision::Groups(_)
                    )
                }),
                // Either proven the same or refused.
                Node::Eq(..)
                | Node::Lt(..)
                | Node::Le(..)
                | Node::Within(..)
                | Node::Lookup(..)
                | Node::Collect { .. }
                | Node::IsMissing(_) => true,
                other => {
                    let mut all = true;
                    other.for_each_operand(|operand| all &= waist.is_exact(operand));
                    all
                }
            };
            waist.exact.push(exact);
        }
        waist
    }

    fn feature(&self, input: u16) -> Option<&'a BuiltFeature> {
        self.features.get(usize::from(input))
    }

    fn is_exact(&self, node: NodeId) -> bool {
        self.exact.get(usize::from(node)).copied().unwrap_or(true)
    }

    fn node(&self, node: NodeId) -> Option<&'a Node> {
        self.program.nodes.get(usize::from(node))
    }

    /// EXACT: checks every comparison and look-up of the program.
    pub(crate) fn check(&self, sink: &mut Sink) {
        for (node, sites) in self.program.nodes.iter().zip(self.sites) {
            for site in sites {
                match node {
                    Node::Lt(a, b) => self.compare(*a, *b, [1, 0], site, sink),
                    Node::Le(a, b) => self.compare(*a, *b, [0, 1], site, sink),
                    Node::Eq(a, b) => {
                        self.compare(*a, *b, [0, 0], site, sink);
                        self.compare(*a, *b, [1, 1], site, sink);
                    }
                    Node::Within(a, cells) => self.check_cells(*a, cells, site, None, sink),
                    _ => {}
                }
            }
            if let Node::Lookup(table, operands)
            | Node::Collect {
                table, operands, ..
            } = node
                && let Some(table) = self.tables.get(usize::from(*table))
            {
                for (row, span) in table.table.rows.iter().zip(&table.rows) {
                    for ((operand, cells), column) in
                        operands.iter().zip(&row.cells).zip(&table.columns)
                    {
                        self.check_cells(*operand, cells, span, Some(&column.name), sink);
                    }
                }
            }
        }
    }

    /// A comparison of `a` with `b`: a value v of `b` is the threshold
    /// `a >= v + plus_b`, a value v of `a` the threshold `b >= v + plus_a`.
    fn compare(
        &self,
        a: NodeId,
        b: NodeId,
        [plus_a, plus_b]: [i64; 2],
        site: &Span,
        sink: &mut Sink,
    ) {
        let (inexact, other, plus) = match (self.is_exact(a), self.is_exact(b)) {
            (true, true) => return,
            (false, true) => (a, b, plus_b),
            (true, false) => (b, a, plus_a),
            (false, false) => {
                let message = format!(
                    "`{}` compares two figures that both leave the device rounded",
                    slice(self.sources, site)
                );
                sink.push(
                    Diagnostic::new(Code::InexactArithmetic, site, message).help(MAKE_A_FEATURE),
                );
                return;
            }
        };
        let Some(values) = self.values(other) else {
            let message = format!(
                "`{}` compares a rounded figure with one that can be anything",
                slice(self.sources, site)
            );
            sink.push(Diagnostic::new(Code::InexactArithmetic, site, message).help(MAKE_A_FEATURE));
            return;
        };
        let before = sink.len();
        for mut threshold in values {
            threshold.value = threshold.value.saturating_add(plus);
            self.check_threshold(inexact, &threshold, site, None, sink);
            if sink.len() - before >= MOST_TOLD {
                break;
            }
        }
    }

    /// Membership of a step in cells.
    pub(crate) fn check_cells(
        &self,
        node: NodeId,
        cells: &Cells,
        site: &Span,
        name: Option<&str>,
        sink: &mut Sink,
    ) {
        let Cells::Of { intervals, .. } = cells else {
            return;
        };
        if self.is_exact(node) {
            return;
        }
        for (low, high) in intervals {
            for value in [*low, high.saturating_add(1)] {
                if value.abs() <= prequal::LARGEST && value != -prequal::LARGEST {
                    let threshold = Threshold { value, row: None };
                    self.check_threshold(node, &threshold, site, name, sink);
                }
            }
        }
    }

    /// The values that an exact step can have, if they are few.
    fn values(&self, node: NodeId) -> Option<Vec<Threshold>> {
        let plain = |values: Vec<i64>| {
            let values = values.into_iter();
            Some(values.map(|value| Threshold { value, row: None }).collect())
        };
        let both = |a: &NodeId, b: &NodeId| {
            let mut all = self.values(*a)?;
            all.extend(self.values(*b)?);
            Some(all)
        };
        let term = self.features.len() + DecideContext::Term as usize;
        match self.node(node)? {
            Node::Input(index) if usize::from(*index) == term => plain(self.terms.to_vec()),
            Node::Lookup(table, _) => {
                let table = self.tables.get(usize::from(*table))?;
                let rows = table.table.rows.iter().zip(&table.rows);
                let mut all: Vec<Threshold> = rows
                    .map(|(row, span)| Threshold {
                        value: row.output,
                        row: Some(span.clone()),
                    })
                    .collect();
                all.sort();
                all.dedup_by_key(|threshold| threshold.value);
                Some(all)
            }
            Node::If(_, a, b) | Node::Else(a, b) | Node::Min(a, b) | Node::Max(a, b) => both(a, b),
            Node::Add(a, b) => self.pairs(*a, *b, |a, b| a.checked_add(b)),
            Node::Sub(a, b) => self.pairs(*a, *b, |a, b| a.checked_sub(b)),
            Node::Mul {
                a,
                b,
                scale,
                rounding,
            } => self.pairs(*a, *b, |a, b| {
                let product = i128::from(a).checked_mul(i128::from(b))?;
                i64::try_from(rounding.divide(product, i128::from(*scale))?).ok()
            }),
            _ => {
                let domain = self.domains.get(usize::from(node)).copied().flatten()?;
                let few = domain.high.abs_diff(domain.low) < FEW as u64;
                few.then(|| (domain.low..=domain.high).collect())
                    .and_then(plain)
            }
        }
    }

    /// The values of an operation on two steps with few values.
    fn pairs(
        &self,
        a: NodeId,
        b: NodeId,
        operation: impl Fn(i64, i64) -> Option<i64>,
    ) -> Option<Vec<Threshold>> {
        let (a, b) = (self.values(a)?, self.values(b)?);
        let pairs = a.iter().flat_map(|a| b.iter().map(move |b| (a, b)));
        let mut all: Vec<Threshold> = pairs
            .map(|(a, b)| {
                Some(Threshold {
                    value: operation(a.value, b.value)?,
                    row: a.row.clone().or_else(|| b.row.clone()),
                })
            })
            .collect::<Option<_>>()?;
        all.sort();
        all.dedup_by_key(|threshold| threshold.value);
        (all.len() <= FEW).then_some(all)
    }

    /// The features of which a step reads a rounded value, as it were a
    /// number: not through a comparison or look-up.
    pub(crate) fn rounded(&self, node: NodeId) -> Vec<&'a BuiltFeature> {
        let mut found: Vec<&BuiltFeature> = Vec::new();
        let mut waiting = vec![node];
        let mut seen = vec![false; self.program.nodes.len()];
        while let Some(node) = waiting.pop() {
            let Some(flag) = seen.get_mut(usize::from(node)).filter(|seen| !**seen) else {
                continue;
            };
            *flag = true;
            match self.node(node) {
                Some(Node::Input(index)) => {
                    let feature = self.feature(*index).filter(|_| !self.is_exact(node));
                    found.extend(feature);
                }
                Some(step) if !self.is_exact(node) => {
                    step.for_each_operand(|operand| waiting.push(operand))
                }
                _ => {}
            }
        }
        found
    }
}

/// After so many thresholds of one comparison, the others go without saying.
const MOST_TOLD: usize = 3;

/// The most values of a step that are looked at one by one.
const FEW: usize = 64;

pub(crate) const MAKE_A_FEATURE: &str = "make the whole comparison, or the figure, a `[feature]`: it is worked out before it is reduced";
