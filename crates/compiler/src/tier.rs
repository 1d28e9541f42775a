//! How close a decision on the summary is to one on the answers: every use of
//! a feature after the waist is EXACT or CONSERVATIVE, proven, or APPROXIMATE
//! where the author declares it; anything else is refused.

mod direction;
mod threshold;

use prequal::policy::{Cells, Collect, DecideContext, Domain, Node, NodeId, Precision, Program};

use crate::arena::Finished;
use crate::diagnostic::{Code, Diagnostic};
use crate::document::Sink;
use crate::features::BuiltFeature;
use crate::proof::slice;
use crate::source::{Sources, Span};
use crate::tables::BuiltTable;

pub(crate) use direction::{Direction, Directions};

use threshold::separates;

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
    /// Whether a step is where a declared figure leaves what is proven.
    origin: Vec<bool>,
    /// Whether a step rests on such a one.
    declared: Vec<bool>,
}

/// A value that a figure is compared with, and where it comes from if that is
/// a table.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Threshold {
    pub(crate) value: i64,
    pub(crate) row: Option<Span>,
}

/// What a comparison or look-up asks of the precision of what it reads.
pub(crate) enum Finding {
    /// That this input tells `>= threshold` from `< threshold`.
    Demand {
        input: u16,
        threshold: Threshold,
        site: Span,
    },
    /// More than any precision can give; `step` is what asks for it.
    Wrong { step: NodeId, told: Diagnostic },
}

impl<'a> Waist<'a> {
    /// `inexact` tells which inputs are known by their cells only.
    pub(crate) fn new(
        finished: &'a Finished,
        tables: &'a [BuiltTable],
        features: &'a [BuiltFeature],
        domains: &'a [Option<Domain>],
        terms: &'a [i64],
        sources: &'a Sources,
        inexact: impl Fn(u16) -> bool,
    ) -> Waist<'a> {
        let mut waist = Waist {
            program: &finished.program,
            sites: &finished.sites,
            tables,
            features,
            domains,
            terms,
            sources,
            exact: Vec::new(),
            origin: Vec::new(),
            declared: Vec::new(),
        };
        for (node, approximate) in finished.program.nodes.iter().zip(&finished.approximate) {
            let (mut operands_exact, mut declared) = (true, false);
            node.for_each_operand(|operand| {
                operands_exact &= waist.is_exact(operand);
                declared |= waist.is_declared(operand);
            });
            let exact = match node {
                Node::Input(index) => !inexact(*index),
                // Either the same, proven or declared to be near it, or refused.
                step if compares(step) => true,
                _ => operands_exact,
            };
            let origin = *approximate && !operands_exact;
            waist.exact.push(exact);
            waist.origin.push(origin);
            waist.declared.push(declared || origin);
        }
        waist
    }

    /// Which inputs leave the device less than exactly.
    pub(crate) fn rounded_inputs(features: &[BuiltFeature]) -> impl Fn(u16) -> bool + '_ {
        |input| {
            features.get(usize::from(input)).is_some_and(|feature| {
                !matches!(
                    feature.feature.precision,
                    Precision::Exact | Precision::Groups(_)
                )
            })
        }
    }

    fn feature(&self, input: u16) -> Option<&'a BuiltFeature> {
        self.features.get(usize::from(input))
    }

    fn is_exact(&self, node: NodeId) -> bool {
        self.exact.get(usize::from(node)).copied().unwrap_or(true)
    }

    fn is_declared(&self, node: NodeId) -> bool {
        self.declared.get(usize::from(node)) == Some(&true)
    }

    fn is_origin(&self, node: NodeId) -> bool {
        self.origin.get(usize::from(node)) == Some(&true)
    }

    fn node(&self, node: NodeId) -> Option<&'a Node> {
        self.program.nodes.get(usize::from(node))
    }

    /// EXACT: every comparison and look-up of the program is the same on the
    /// summary as on the answers, where these findings hold no fault.
    pub(crate) fn check(&self, findings: Vec<Finding>, sink: &mut Sink) {
        let mut told: Vec<(Span, usize)> = Vec::new();
        for finding in findings {
            let diagnostic = match finding {
                Finding::Wrong { told, .. } => told,
                Finding::Demand {
                    input,
                    threshold,
                    site,
                } => {
                    let feature = self.feature(input);
                    let Some(feature) = feature.filter(|f| !separates(f, threshold.value)) else {
                        continue;
                    };
                    self.inexact(feature, &threshold, &site)
                }
            };
            let known = told.iter().position(|(site, _)| *site == diagnostic.span);
            let known = known.unwrap_or_else(|| {
                told.push((diagnostic.span.clone(), 0));
                told.len() - 1
            });
            if let Some((_, count)) = told.get_mut(known)
                && *count < MOST_TOLD
            {
                *count += 1;
                sink.push(diagnostic);
            }
        }
    }

    /// What every comparison and look-up asks, bins of cards apart.
    pub(crate) fn comparisons(&self) -> Vec<Finding> {
        let mut found = Vec::new();
        for (index, (node, sites)) in self.program.nodes.iter().zip(self.sites).enumerate() {
            let step = NodeId::try_from(index).unwrap_or(NodeId::MAX);
            if self.is_declared(step) {
                continue;
            }
            for site in sites {
                match node {
                    Node::Lt(a, b) => self.compare(step, [*a, *b], [1, 0], site, &mut found),
                    Node::Le(a, b) => self.compare(step, [*a, *b], [0, 1], site, &mut found),
                    Node::Eq(a, b) => {
                        self.compare(step, [*a, *b], [0, 0], site, &mut found);
                        self.compare(step, [*a, *b], [1, 1], site, &mut found);
                    }
                    Node::Within(a, cells) => {
                        self.cells((step, *a), cells, site, None, &mut found);
                    }
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
                        let name = Some(column.name.as_str());
                        self.cells((step, *operand), cells, span, name, &mut found);
                    }
                }
            }
        }
        found
    }

    /// A comparison of `a` with `b`: a value v of `b` is the threshold
    /// `a >= v + plus_b`, a value v of `a` the threshold `b >= v + plus_a`.
    fn compare(
        &self,
        step: NodeId,
        [a, b]: [NodeId; 2],
        [plus_a, plus_b]: [i64; 2],
        site: &Span,
        found: &mut Vec<Finding>,
    ) {
        let mut wrong = |what: &str| {
            let message = format!("`{}` compares {what}", slice(self.sources, site));
            let told = Diagnostic::new(Code::InexactArithmetic, site, message);
            let told = told.help(MAKE_A_FEATURE);
            found.push(Finding::Wrong { step, told });
        };
        let (inexact, other, plus) = match (self.is_exact(a), self.is_exact(b)) {
            (true, true) => return,
            (false, true) => (a, b, plus_b),
            (true, false) => (b, a, plus_a),
            (false, false) => return wrong("two figures that both leave the device rounded"),
        };
        let Some(values) = self.values(other) else {
            return wrong("a rounded figure with one that can be anything");
        };
        for mut threshold in values {
            threshold.value = threshold.value.saturating_add(plus);
            self.threshold((step, inexact), &threshold, site, None, found);
        }
    }

    /// Membership in cells, asked by `step` of `node`.
    pub(crate) fn cells(
        &self,
        (step, node): (NodeId, NodeId),
        cells: &Cells,
        site: &Span,
        name: Option<&str>,
        found: &mut Vec<Finding>,
    ) {
        let Cells::Of { intervals, .. } = cells else {
            return;
        };
        for (low, high) in intervals {
            for value in [*low, high.saturating_add(1)] {
                if value.abs() <= prequal::LARGEST && value != -prequal::LARGEST {
                    let threshold = Threshold { value, row: None };
                    self.threshold((step, node), &threshold, site, name, found);
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
            Node::Lookup(table, _)
            | Node::Collect {
                how: Collect::Min | Collect::Max,
                table,
                ..
            } => {
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
            Node::When(_, a) => self.values(*a),
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

    /// Where declared figures leave what is proven.
    pub(crate) fn origins(&self) -> &[bool] {
        &self.origin
    }

    /// The steps that rest on declared figures.
    pub(crate) fn declared(&self) -> &[bool] {
        &self.declared
    }

    /// The steps that read a feature in a way that is declared APPROXIMATE.
    pub(crate) fn through_declared(&self, feature: usize) -> Vec<bool> {
        let reads = self.program.readers(|input| usize::from(input) == feature);
        let mut through: Vec<bool> = Vec::new();
        for (index, (node, reads)) in self.program.nodes.iter().zip(reads).enumerate() {
            let step = NodeId::try_from(index).unwrap_or(NodeId::MAX);
            // What puts truths together or chooses leaves each as it was.
            let apart = matches!(
                node,
                Node::And(..)
                    | Node::Or(..)
                    | Node::Not(_)
                    | Node::If(..)
                    | Node::Else(..)
                    | Node::When(..)
            );
            let mut any = reads && (self.is_origin(step) || self.is_declared(step) && !apart);
            node.for_each_operand(|operand| {
                any |= through.get(usize::from(operand)) == Some(&true);
            });
            through.push(any);
        }
        through
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
                Some(step) if !self.is_exact(node) && !self.is_origin(node) => {
                    step.for_each_operand(|operand| waiting.push(operand))
                }
                _ => {}
            }
        }
        found
    }
}

/// Whether a step tells values apart, so that what it yields is the same for
/// all values of a cell.
fn compares(step: &Node) -> bool {
    matches!(
        step,
        Node::Eq(..)
            | Node::Lt(..)
            | Node::Le(..)
            | Node::Within(..)
            | Node::Lookup(..)
            | Node::Collect { .. }
            | Node::IsMissing(_)
    )
}

/// After so many thresholds of one comparison, the others go without saying.
const MOST_TOLD: usize = 3;

/// The most values of a step that are looked at one by one.
const FEW: usize = 64;

pub(crate) const MAKE_A_FEATURE: &str = "make the whole comparison, or the figure, a `[feature]`: it is worked out before it is reduced";
