//! A threshold has to stand between two cells.

use prequal::policy::{Domain, Node, NodeId, Precision, Value};

use super::{Finding, MAKE_A_FEATURE, Threshold, Waist};
use crate::diagnostic::{Code, Diagnostic};
use crate::features::BuiltFeature;
use crate::number::show;
use crate::proof::slice;
use crate::source::Span;

impl Waist<'_> {
    /// What `node >= threshold`, asked by `step`, needs to be the same on the
    /// summary as on the answers. Choosing between figures keeps them: the
    /// threshold then has to hold for each of them.
    pub(super) fn threshold(
        &self,
        (step, node): (NodeId, NodeId),
        threshold: &Threshold,
        site: &Span,
        name: Option<&str>,
        found: &mut Vec<Finding>,
    ) {
        if self.is_exact(node) || self.is_declared(node) {
            return;
        }
        match self.node(node) {
            Some(Node::Input(input)) => found.push(Finding::Demand {
                input: *input,
                threshold: threshold.clone(),
                site: site.clone(),
            }),
            Some(Node::Else(a, b) | Node::Min(a, b) | Node::Max(a, b) | Node::If(_, a, b)) => {
                self.threshold((step, *a), threshold, site, name, found);
                self.threshold((step, *b), threshold, site, name, found);
            }
            Some(Node::When(_, a)) => self.threshold((step, *a), threshold, site, name, found),
            _ => {
                let what = name.map_or_else(|| slice(self.sources, site).to_owned(), str::to_owned);
                let message =
                    format!("`{what}` compares a figure that is computed from rounded features");
                let figure = self
                    .sites
                    .get(usize::from(node))
                    .and_then(|sites| sites.first());
                let mut told = Diagnostic::new(Code::InexactArithmetic, site, message);
                if let Some(figure) = figure.filter(|figure| *figure != site) {
                    told = told.other(figure, "computed here");
                }
                let told = told.help(MAKE_A_FEATURE);
                found.push(Finding::Wrong { step, told });
            }
        }
    }

    pub(super) fn inexact(
        &self,
        feature: &BuiltFeature,
        threshold: &Threshold,
        site: &Span,
    ) -> Diagnostic {
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
pub(super) fn separates(feature: &BuiltFeature, threshold: i64) -> bool {
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
