//! What the author wrote and what was compiled of it, on the same answers.

use std::collections::{BTreeMap, BTreeSet};

use prequal::{Offer, Outcome, Summary};
use prequal_sample::Applicant;

use crate::author::{Answers, Facts, Seen};
use crate::compare::{Subject, Verdict, same};
use crate::model::policy::Policy;
use crate::naive::number::Value;
use crate::naive::{Bugs, Fault, Found, Naive, Terms, loan};

/// Holds what the author wrote against the engine's summary and outcome.
pub(crate) fn as_written(
    policy: &Policy,
    subject: &Subject<'_>,
    applicant: &Applicant,
    found: Option<&(Summary, Outcome)>,
) -> Verdict {
    let body = subject.engine.body();
    let answers = body.questions.iter().zip(&applicant.answers);
    let answers: Answers = answers
        .map(|(question, answer)| (question.id.to_string(), answer.map(i128::from)))
        .collect();
    let as_of = match Naive::days(&applicant.as_of.to_string()) {
        Ok(as_of) => as_of,
        Err(fault) => return same("the date", (), Err(fault)),
    };
    let written = policy.features_of(&answers, as_of);
    let compiled = match subject.naive().features(&applicant.answers, as_of) {
        Ok(compiled) => compiled,
        Err(fault) => return same("the features as compiled", (), Err(fault)),
    };
    let verdict = same("the features as written", compiled, written.clone());
    let (Verdict::Same, Ok(Some(features)), Some((_, outcome))) = (&verdict, written, found) else {
        return verdict;
    };
    let told = match subject.reduce(&features) {
        Ok(told) => told,
        Err(fault) => return same("the features as told", (), Err(fault)),
    };
    let facts = Facts {
        features: &features,
        told: &told,
        as_of,
    };
    let request = &applicant.request;
    let terms = subject.terms(&request.product, request.amount, request.term);
    decided(policy, subject, &facts, terms, outcome)
}

fn decided(
    policy: &Policy,
    subject: &Subject<'_>,
    facts: &Facts<'_>,
    terms: Terms,
    outcome: &Outcome,
) -> Verdict {
    let (trace, decision) = (&outcome.trace, &outcome.decision);
    let declined = !trace.knockouts.is_empty();
    let bins = trace.bins.iter();
    let seen = Seen {
        knockouts: trace.knockouts.clone(),
        reviews: trace.reviews.clone(),
        alerts: trace.alerts.clone(),
        bins: bins
            .map(|hit| {
                (
                    hit.characteristic.clone(),
                    usize::from(hit.bin),
                    i128::from(hit.points),
                )
            })
            .collect(),
        score: decision.score.map(i128::from),
        grade: decision.grade.clone(),
    };
    // After a knock-out nothing is told of the card.
    let written = policy.seen(facts, terms).map(|written| match declined {
        true => Seen {
            bins: Vec::new(),
            score: None,
            grade: None,
            ..written
        },
        false => written,
    });
    let verdict = same("rules and card as written", seen, written);
    if verdict != Verdict::Same || declined || policy.limit.is_none() {
        return verdict;
    }
    let looked_at = decision.offers.iter().map(|offer| offer.product.clone());
    let looked_at = looked_at.chain(
        decision
            .refused
            .iter()
            .map(|refused| refused.product.clone()),
    );
    let looked_at: BTreeSet<String> = looked_at.collect();
    let open = policy.open_to(facts).map(|open| open.into_iter().collect());
    let verdict = same("the products as written", looked_at, open);
    if verdict != Verdict::Same {
        return verdict;
    }
    for offer in &decision.offers {
        let terms = subject.terms(&offer.product, offer.amount, offer.term);
        let engine = Bounds {
            amounts: offer
                .constraints
                .iter()
                .map(|c| (c.name.clone(), c.amount.minor().into()))
                .collect(),
            rate: i128::from(offer.annual_rate.millionths()),
            reviewed: offer.review,
        };
        let verdict = same(
            "an offer's bounds as written",
            engine,
            bounds(policy, facts, terms, offer),
        );
        if verdict != Verdict::Same {
            return verdict;
        }
    }
    Verdict::Same
}

/// What bounds an offer, by name, and its price.
#[derive(Debug, PartialEq)]
struct Bounds {
    amounts: BTreeMap<String, i128>,
    rate: i128,
    reviewed: bool,
}

fn bounds(policy: &Policy, facts: &Facts<'_>, terms: Terms, offer: &Offer) -> Found<Bounds> {
    let written = policy.bounds(facts, terms)?;
    let limit = policy.limit.as_ref().ok_or(Fault::NotThere)?;
    let product = policy.products.get(terms.product).ok_or(Fault::NotThere)?;
    let mut amounts: BTreeMap<String, i128> = written.caps.into_iter().collect();
    amounts.insert("maximum".to_owned(), product.maximum);
    let capacity: Value = written.affordability;
    if let Some(capacity) = capacity {
        let months = i128::from(offer.term);
        let most = loan::affordable(capacity, written.rate, months, limit.step, Bugs::NONE)?;
        amounts.insert("affordability".to_owned(), most);
    }
    Ok(Bounds {
        amounts,
        rate: written.rate,
        reviewed: written.reviewed,
    })
}
