//! A threshold has to stand between two cells.

use prequal::policy::{Domain, Node, NodeId, Precision, Value};

use super::{MAKE_A_FEATURE, Threshold, Waist};
use crate::diagnostic::{Code, Diagnostic};
use crate::document::Sink;
use crate::features::BuiltFeature;
use crate::number::show;
use crate::proof::slice;
use crate::source::Span;

impl Waist<'_> {
    /// Whether `node >= threshold` is the same on the summary as on the
    /// answers. Choosing between figures keeps them: the threshold then holds
    /// for each of them.
    pub(super) fn check_threshold(
        &self,
        node: NodeId,
        threshold: &Threshold,
        site: &Span,
        name: Option<&str>,
        sink: &mut Sink,
    ) {
        if self.is_exact(node) {
            return;
        }
        match self.node(node) {
            Some(Node::Input(index)) => {
                let feature = self.feature(*index);
                if let Some(feature) = feature.filter(|f| !separates(f, threshold.value)) {
                    sink.push(self.inexact(feature, threshold, site));
                }
            }
            Some(Node::Else(a, b) | Node::Min(a, b) | Node::Max(a, b) | Node::If(_, a, b)) => {
                self.check_threshold(*a, threshold, site, name, sink);
                self.check_threshold(*b, threshold, site, name, sink);
            }
            _ => {
                let what = name.map_or_else(|| slice(self.sources, site).to_owned(), str::to_owned);
                let message =
                    format!("`{what}` compares a figure that is computed from rounded features");
                let figure = self
                    .sites
                    .get(usize::from(node))
                    .and_then(|sites| sites.first());
                let mut diagnostic = Diagnostic::new(Code::InexactArithmetic, site, message);
                if let Some(figure) = figure.filter(|figure| *figure != site) {
                    diagnostic = diagnostic.other(figure, "computed here");
                }
                sink.push(diagnostic.help(MAKE_A_FEATURE));
            }
        }
    }

    fn inexact(&self, feature: &BuiltFeature, threshold: &Threshold, site: &Span) -> Diagnostic {
        let kind = &feature.feature.kind;
        let id = &feature.feature.id;
        let value = threshold.value;
        let cell = feature.feature.precision.cell(value, feature.range);
        let between = |low: i64, high: i64| format!("{} to {}", show(kind, low), show(kind, high));
        let before = value.saturating_sub(1);
        let (how, help) = match &feature.feature.precision {
            Precision::Bands { edges, .. } => {
                let edge = format!(
                    "add the edge {} to `bands` of `[feature.{id}]`",
                    show(kind, value)
                );
                let help = if edges.contains(&before) {
                    let stands = show(kind, before);
                    format!("{edge}, or write `>= {stands}` or `< {stands}`: {stands} is an edge")
                } else {
                    edge
                };
                ("in bands", help)
            }
            Precision::Floor(step) => {
                let help = if before.rem_euclid(*step) == 0 && value > feature.range.low {
                    let stands = show(kind, before);
                    format!("write `>= {stands}` or `< {stands}`: they agree with rounding down")
                } else {
                    format!("take a multiple of {}, with `>=` or `<`", show(kind, *step))
                };
                ("rounded down", help)
            }
            Precision::Ceil(step) => {
                let help = if value.rem_euclid(*step) == 0 {
                    let stands = show(kind, value);
                    format!("write `> {stands}` or `<= {stands}`: they agree with rounding up")
                } else {
                    format!("take a multiple of {}, with `>` or `<=`", show(kind, *step))
                };
                ("rounded up", help)
            }
            Precision::Exact | Precision::Groups(_) => ("exactly", String::new()),
        };
        let message = format!(
            "`{id}` is known only {how}: {} falls inside of {}",
            show(kind, value),
            between(cell.low, cell.high)
        );
        let diagnostic = Diagnostic::new(Code::InexactThreshold, site, message).help(help);
        match &threshold.row {
            Some(row) => diagnostic.other(row, format!("{} comes from here", show(kind, value))),
            None => diagnostic.other(&feature.precision_span, format!("the precision of `{id}`")),
        }
    }
}

/// Whether `x >= threshold` holds for a value exactly when it holds for the
/// number that stands for its cell: the values next to the threshold decide,
/// since reducing is monotone.
fn separates(feature: &BuiltFeature, threshold: i64) -> bool {
    let Domain { low, high, .. } = feature.range;
    let stands_for = |value: i64| {
        let reduced = feature
            .feature
            .precision
            .reduce(Value::new(value), feature.range);
        reduced.get().unwrap_or(value)
    };
    let below = threshold.saturating_sub(1).min(high);
    let above = threshold.max(low);
    (below < low || stands_for(below) < threshold)
        && (above > high || stands_for(above) >= threshold)
}
