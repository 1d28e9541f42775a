//! What the inputs of a policy's programs can be.

use super::*;
use crate::Ratio;

/// The days on which a decision can be dated: 2000-01-01 to 2199-12-31.
pub(crate) const AS_OF: Domain = Domain::between(10_957, 84_005);

/// Of answers and the day.
pub(super) fn derive_inputs(body: &Body) -> Vec<Domain> {
    let questions = body.questions.iter();
    let ranges = questions.map(|q| Domain {
        low: q.low,
        high: q.high,
        optional: q.blank == Blank::Missing || q.asked.is_some(),
    });
    let mut inputs: Vec<Domain> = ranges.collect();
    inputs.push(AS_OF);
    inputs
}

/// Domains of the request: amount, term, product.
pub(super) fn request_domains(body: &Body) -> [Domain; 3] {
    let least = |values: &mut dyn Iterator<Item = i64>| values.min().unwrap_or(0);
    let most = |values: &mut dyn Iterator<Item = i64>| values.max().unwrap_or(0);
    let terms = || {
        body.products
            .iter()
            .flat_map(|p| &p.terms)
            .map(|term| i64::from(*term))
    };
    let last = i64::try_from(body.products.len()).unwrap_or(1) - 1;
    [
        Domain::between(
            least(&mut body.products.iter().map(|p| p.minimum.minor())),
            most(&mut body.products.iter().map(|p| p.maximum.minor())),
        ),
        Domain::between(least(&mut terms()), most(&mut terms())),
        Domain::between(0, last),
    ]
}

/// Of reduced features, day, request and score.
pub(super) fn decide_inputs(
    body: &Body,
    ranges: &[Domain],
    [amount, term, product]: [Domain; 3],
) -> Vec<Domain> {
    let context = [AS_OF, amount, term, product];
    let features = body
        .features
        .iter()
        .zip(ranges)
        .map(|(f, range)| f.precision.reduced(*range));
    let mut inputs: Vec<Domain> = features.collect();
    inputs.extend(context);
    inputs.extend(score_inputs(body));
    inputs
}

/// The domains of score, probability and grade.
pub(super) fn score_inputs(body: &Body) -> [Domain; 3] {
    let (low, high) = score_range(body);
    let last_grade = i64::try_from(body.grades.len()).unwrap_or(1) - 1;
    [
        Domain::between(low, high),
        Domain::between(0, Ratio::SCALE),
        Domain::between(0, last_grade.max(0)),
    ]
}

/// The least and the largest score of any card; zero without one.
fn score_range(body: &Body) -> (i64, i64) {
    let points = |c: &Characteristic| -> Vec<i64> {
        c.bins.iter().map(|bin| i64::from(bin.points)).collect()
    };
    let range = |card: &Card| {
        let start = i64::from(card.start);
        card.characteristics
            .iter()
            .fold((start, start), |(low, high), characteristic| {
                let points = points(characteristic);
                (
                    low + points.iter().copied().min().unwrap_or(0),
                    high + points.iter().copied().max().unwrap_or(0),
                )
            })
    };
    let ranges = body.cards.iter().map(range);
    let widest = ranges.reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)));
    widest.unwrap_or((0, 0))
}
