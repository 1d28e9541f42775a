//! Offers of the sample policies hold what they promise: the limit is the
//! largest amount of the step grid that the policy itself would lend.

use std::sync::LazyLock;

use prequal::{Applicant, Date, Money, Offer, Outcome, Policy, Request};
use proptest::prelude::*;

use crate::policies::load;

static INSTALMENT: LazyLock<Policy> = LazyLock::new(|| load("instalment"));
static GERMAN_CREDIT: LazyLock<Policy> = LazyLock::new(|| load("german-credit"));

/// Numbers from 0 to 1, one for each question and two for the request.
fn draws() -> impl Strategy<Value = Vec<f64>> {
    proptest::collection::vec(0.0..1.0, 24)
}

fn as_of() -> Date {
    "2026-11-22".parse().unwrap()
}

/// Somebody whose answers lie where the draws say in their questions' ranges.
fn applicant(policy: &Policy, draws: &[f64]) -> (Applicant, Request) {
    let body = policy.body();
    let product = &body.products[0];
    let at = |draw: f64, low: i64, high: i64, step: i64| {
        let steps = (high - low) / step;
        low + (draw * (steps + 1) as f64).floor() as i64 * step
    };
    let (minimum, maximum) = (product.minimum.minor(), product.maximum.minor());
    let request = Request {
        product: product.id.to_string(),
        amount: Money::new(at(draws[22], minimum, maximum, 1)),
        term: product.terms[(draws[23] * product.terms.len() as f64) as usize],
    };
    let mut applicant = Applicant::new(policy, request.clone(), as_of());
    for (index, (question, draw)) in body.questions.iter().zip(draws).enumerate() {
        // Squared: ordinary people's amounts are in the lower part of a range.
        let number = at(draw * draw, question.low, question.high, question.step);
        applicant.set(policy, index, number as f64);
    }
    (applicant, request)
}

fn offer(outcome: &Outcome, term: u16) -> Option<&Offer> {
    outcome
        .decision
        .offers
        .iter()
        .find(|offer| offer.term == term)
}

/// The limit of the requested term against asking for every amount of the
/// grid: an amount fits where it is offered as it was asked for.
fn limit_is_the_largest_that_fits(policy: &Policy, draws: &[f64]) -> Result<(), TestCaseError> {
    let (mut applicant, request) = applicant(policy, draws);
    let outcome = applicant.assess(policy).unwrap();
    let (product, step) = (&policy.body().products[0], policy.body().limit.step);
    let top = product.maximum.round_down_to(step);
    let grid = std::iter::successors(Some(top), |amount| amount.minus(step))
        .take_while(|amount| *amount >= product.minimum);
    let mut largest = None;
    for amount in grid {
        applicant.ask(Request {
            amount,
            ..request.clone()
        });
        let asked = applicant.assess(policy).unwrap();
        if offer(&asked, request.term).is_some_and(|offer| offer.amount == amount) {
            largest = Some(amount);
            break;
        }
    }
    // Where the request itself is knocked out, nothing is offered at all.
    if outcome.trace.knockouts.is_empty() {
        prop_assert_eq!(
            offer(&outcome, request.term).map(|offer| offer.limit),
            largest
        );
    }
    Ok(())
}

fn offers_are_consistent(policy: &Policy, draws: &[f64]) -> Result<(), TestCaseError> {
    let (applicant, request) = applicant(policy, draws);
    let outcome = applicant.assess(policy).unwrap();
    let product = &policy.body().products[0];
    for offer in &outcome.decision.offers {
        prop_assert!(offer.amount <= offer.limit && offer.limit <= product.maximum);
        prop_assert!(offer.amount >= product.minimum);
        prop_assert!(offer.amount == offer.limit || offer.amount <= request.amount);
        prop_assert_eq!(offer.amount.plus(offer.interest), Some(offer.total));
        let rounded = offer.limit.round_down_to(policy.body().limit.step);
        prop_assert_eq!(offer.limit, rounded);
        let bound = offer
            .constraints
            .iter()
            .find(|bound| bound.name == offer.binding);
        prop_assert!(
            bound.is_some(),
            "{} binds but is no constraint",
            offer.binding
        );
        // Without fees the all-in rate is the nominal one, but for rounding to
        // the minor unit.
        let apart = offer.simple_rate.to_f64() - offer.annual_rate.to_f64();
        prop_assert!(apart.abs() < 0.001, "{offer:?}");
    }
    let limit = outcome
        .decision
        .offers
        .iter()
        .map(|offer| offer.limit)
        .max();
    prop_assert_eq!(
        outcome.decision.limit.as_ref().map(|limit| limit.amount),
        limit
    );
    // The handle, the summary and its text all come to the same bytes.
    let summary = applicant.summarise(policy).unwrap();
    let again = policy.parse_summary(&summary.canonical()).unwrap();
    prop_assert_eq!(&policy.assess(&again), &outcome);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn nothing_larger_fits_where_nothing_reads_the_amount(draws in draws()) {
        limit_is_the_largest_that_fits(&INSTALMENT, &draws)?;
    }

    #[test]
    fn nothing_larger_fits_where_the_score_reads_the_amount(draws in draws()) {
        limit_is_the_largest_that_fits(&GERMAN_CREDIT, &draws)?;
    }
}

proptest! {
    #[test]
    fn offers_of_instalment_are_consistent(draws in draws()) {
        offers_are_consistent(&INSTALMENT, &draws)?;
    }

    #[test]
    fn offers_of_german_credit_are_consistent(draws in draws()) {
        offers_are_consistent(&GERMAN_CREDIT, &draws)?;
    }
}
