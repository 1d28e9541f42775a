//! What can never happen, and what always does.

use std::collections::BTreeSet;

use prequal::policy::{Domain, NodeId, Stage, Value};

use super::roots::{Root, Roots};
use crate::declare::Declared;
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::document::Sink;
use crate::reach::Reach;

/// Rules that never fire or always do, reviews that come after a knock-out
/// only, cards and products for nobody, bins and grades that nobody reaches.
pub(super) fn report(
    reach: &Reach<'_>,
    domains: &[Option<Domain>],
    roots: &Roots,
    declared: &Declared,
    scores: (i64, i64),
    sink: &mut Sink,
) {
    // What is wrong may be what would have made the difference.
    if sink.iter().any(|d| d.code.severity() == Severity::Error) {
        return;
    }
    for rule in roots.rules() {
        if let Some(always) = constant(reach, domains, rule.node) {
            let how = if always {
                "always fires"
            } else {
                "can never fire"
            };
            let message = format!("{} {how}", rule.user);
            sink.push(Diagnostic::new(Code::ConstantRule, &rule.span, message));
        }
    }
    for review in &roots.reviews {
        sink.extend(declined_already(reach, review, &roots.knockouts));
    }
    for product in &roots.products {
        if constant(reach, domains, product.node) == Some(false) {
            let message = format!("nobody can have the {}", product.user);
            sink.push(Diagnostic::new(Code::Unreachable, &product.span, message));
        }
    }
    between_steps(declared, sink);
    for bound in roots.limits() {
        let domain = domains.get(usize::from(bound.node)).copied().flatten();
        if declared.stage != Stage::EarlyWarning && domain.is_some_and(|domain| domain.high <= 0) {
            let message = format!(
                "nobody can be offered anything: {} is never above 0",
                bound.user
            );
            sink.push(Diagnostic::new(Code::Unreachable, &bound.span, message));
        }
    }
    cards(reach, roots, sink);
    for characteristic in roots.characteristics() {
        let mut hit: BTreeSet<usize> = BTreeSet::new();
        let seen = reach.each(&[characteristic.column.node], |values| {
            let value = values.first().copied().unwrap_or(Value::MISSING);
            let mut bins = characteristic.bins.iter();
            hit.extend(bins.position(|bin| bin.it.cells.contains(value)));
        });
        let bins = characteristic.bins.iter().enumerate().filter(|_| seen);
        for (_, bin) in bins.filter(|(index, _)| !hit.contains(index)) {
            let message = format!(
                "no answer reaches this bin of `{}`",
                characteristic.column.name
            );
            sink.push(Diagnostic::new(Code::Unreachable, &bin.span, message));
        }
    }
    grades(declared, scores, sink);
}

/// Products that no limit fits: limits are multiples of a step.
fn between_steps(declared: &Declared, sink: &mut Sink) {
    let step = declared
        .limit
        .as_ref()
        .and_then(|limit| limit.step.as_ref());
    let Some(step) = step.filter(|step| step.it > 0) else {
        return;
    };
    for product in &declared.products {
        let (Some(least), Some(most)) = (product.minimum, product.maximum) else {
            continue;
        };
        if most - most.rem_euclid(step.it) < least {
            let message = format!("nobody can have the product `{}`", product.id.it);
            let help = "between `minimum` and `maximum` is no multiple of the limit's step";
            sink.push(
                Diagnostic::new(Code::Unreachable, &product.id.span, message)
                    .other(&step.span, "limits are multiples of this")
                    .help(help),
            );
        }
    }
}

/// The truth of a condition that is the same for everyone, as far as ranges or
/// a look at everyone tell.
fn constant(reach: &Reach<'_>, domains: &[Option<Domain>], node: NodeId) -> Option<bool> {
    let domain = domains.get(usize::from(node)).copied().flatten();
    if let Some(domain) = domain.filter(|domain| domain.low == domain.high) {
        return Some(domain.low == 1);
    }
    let (mut ever, mut always) = (false, true);
    let seen = reach.each(&[node], |values| {
        let fires = values.iter().any(|value| value.is_true());
        ever |= fires;
        always &= fires;
    });
    match (seen, ever, always) {
        (true, false, _) => Some(false),
        (true, _, true) => Some(true),
        _ => None,
    }
}

/// A review that fires only where a knock-out that reads nothing else does.
fn declined_already(reach: &Reach<'_>, review: &Root, knockouts: &[Root]) -> Option<Diagnostic> {
    let read = reach.inputs(review.node);
    let knockouts: Vec<&Root> = knockouts
        .iter()
        .filter(|knockout| reach.inputs(knockout.node).is_subset(&read))
        .collect();
    let mut nodes = vec![review.node];
    nodes.extend(knockouts.iter().map(|knockout| knockout.node));
    let (mut fires, mut alone) = (false, false);
    let mut declines = vec![false; knockouts.len()];
    let seen = reach.each(&nodes, |values| {
        let Some((review, knockouts)) = values.split_first() else {
            return;
        };
        if review.is_true() {
            fires = true;
            alone |= !knockouts.iter().any(|knockout| knockout.is_true());
            for (declines, knockout) in declines.iter_mut().zip(knockouts) {
                *declines |= knockout.is_true();
            }
        }
    });
    if !seen || !fires || alone {
        return None;
    }
    let message = format!(
        "{} fires only where a knock-out already declined",
        review.user
    );
    let mut diagnostic = Diagnostic::new(Code::ConstantRule, &review.span, message);
    let mut declining = knockouts.iter().zip(declines);
    if let Some((knockout, _)) = declining.find(|(_, declines)| *declines) {
        diagnostic = diagnostic.other(&knockout.span, format!("{} does", knockout.user));
    }
    Some(diagnostic)
}

/// Cards that earlier cards, or their own condition, leave to nobody.
fn cards(reach: &Reach<'_>, roots: &Roots, sink: &mut Sink) {
    let mut before: Vec<NodeId> = Vec::new();
    for card in &roots.cards {
        let mut nodes = before.clone();
        nodes.extend(card.when.iter().map(|when| when.node));
        let conditional = card.when.is_some();
        let mut counts = false;
        let seen = reach.each(&nodes, |values| {
            let (own, earlier) = match values.split_last() {
                Some((own, earlier)) if conditional => (own.is_true(), earlier),
                _ => (true, values),
            };
            counts |= own && !earlier.iter().any(|value| value.is_true());
        });
        if seen && !counts {
            let span = card.when.as_ref().map_or(&card.span, |when| &when.span);
            let message = "this card counts for nobody";
            let help = "the first card whose `when` holds counts";
            sink.push(Diagnostic::new(Code::Unreachable, span, message).help(help));
        }
        before = nodes;
    }
}

/// Grades that no score of any card falls into.
fn grades(declared: &Declared, (low, high): (i64, i64), sink: &mut Sink) {
    let mut below = i64::MAX;
    for grade in declared
        .grades
        .iter()
        .filter(|_| !declared.scores.is_empty())
    {
        let least = grade.it.at_least.map_or(i64::MIN, i64::from);
        if least > high || below <= low {
            let message = format!("no score falls into the grade `{}`", grade.it.id);
            let help = format!("scores go from {low} to {high}");
            sink.push(Diagnostic::new(Code::Unreachable, &grade.span, message).help(help));
        }
        below = least;
    }
}
