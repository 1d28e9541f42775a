//! What the author wrote and what was compiled of it, on the same answers.

use std::collections::{BTreeMap, BTreeSet};

use prequal::loan::{Charged, Fee, Repayment};
use prequal::policy::{Body, Price};
use prequal::{Offer, Outcome, Summary};
use prequal_sample::Applicant;

use crate::author::{Answers, Facts, Seen};
use crate::compare::{Subject, Verdict, same};
use crate::model::policy::Policy;
use crate::naive::{Bug, Bugs, Capacity, Conditions, Fault, Found, Made, Naive, Terms};

/// What is offered, as the author wrote it and as it was compiled.
pub(crate) fn products_as_written(policy: &Policy, body: &Body) -> Verdict {
    let compiled = body.products.iter().map(|product| {
        let fees = product.fees.iter();
        let fees = fees.map(|fee| (fee.id.to_string(), fee.payee.to_string(), fee.fee));
        (product.repayment, fees.collect::<Vec<_>>())
    });
    let compiled: Vec<_> = compiled.collect();
    let misread = |fee: Fee| match policy.misread.has(Bug::FeesNeverDeducted) {
        true if fee.charged == Charged::Deducted => Fee {
            charged: Charged::UpFront,
            ..fee
        },
        _ => fee,
    };
    // What is never offered says nothing of it.
    let is_offered = policy.limit.is_some();
    let written = policy.products.iter().map(|product| match is_offered {
        true => {
            let fees = product.fees.iter();
            let fees = fees.map(|(name, to, fee)| (name.clone(), (*to).to_owned(), misread(*fee)));
            (product.repayment, fees.collect())
        }
        false => (Repayment::LEVEL, Vec::new()),
    });
    let verdict = same("the products as written", compiled, Ok(written.collect()));
    if verdict != Verdict::Same {
        return verdict;
    }
    let discounts = body.discounts.iter();
    let discounts = discounts.map(|discount| (discount.id.to_string(), discount.change));
    let compiled: (Vec<_>, Price) = (discounts.collect(), body.price);
    let discounts = policy.discounts.iter();
    let discounts = discounts.map(|discount| (discount.name.clone(), discount.change));
    let written = (discounts.collect(), policy.price);
    same("the price as written", compiled, Ok(written))
}

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
    let verdict = same("the open products as written", looked_at, open);
    if verdict != Verdict::Same {
        return verdict;
    }
    let mut made = Vec::new();
    for offer in &decision.offers {
        let terms = subject.terms(&offer.product, offer.amount, offer.term);
        let engine = Bounds {
            amounts: offer
                .constraints
                .iter()
                .map(|c| (c.name.clone(), c.amount.minor().into()))
                .collect(),
            rate: i128::from(offer.annual_rate.millionths()),
            discounts: offer.discounts.clone(),
            reviewed: offer.review,
        };
        let (written, suits) = match bounds(policy, facts, terms, offer) {
            Ok((written, suits)) => (Ok(written), suits),
            Err(fault) => (Err(fault), false),
        };
        let verdict = same("an offer's bounds as written", engine, written);
        if verdict != Verdict::Same {
            return verdict;
        }
        made.push(Made {
            product: offer.product.clone(),
            term: offer.term,
            limit: (
                i128::from(offer.limit.minor()),
                offer.binding.clone(),
                offer.limit_review,
            ),
            amount: terms.amount,
            review: offer.review,
            suits,
            cost: i128::from(offer.total.minor()) - terms.amount,
        });
    }
    let recommended = decision.recommended.as_ref();
    let recommended = recommended.map(|it| serde_json::to_value(it).unwrap_or_default());
    let written = Ok(subject.naive().recommended(&made));
    same("the recommendation as written", recommended, written)
}

/// What bounds an offer, by name, and its price.
#[derive(Debug, PartialEq)]
struct Bounds {
    amounts: BTreeMap<String, i128>,
    rate: i128,
    discounts: Vec<String>,
    reviewed: bool,
}

/// The same as written, and whether the product suits.
fn bounds(
    policy: &Policy,
    facts: &Facts<'_>,
    terms: Terms,
    offer: &Offer,
) -> Found<(Bounds, bool)> {
    let written = policy.bounds(facts, terms)?;
    let limit = policy.limit.as_ref().ok_or(Fault::NotThere)?;
    let product = policy.products.get(terms.product).ok_or(Fault::NotThere)?;
    let mut amounts: BTreeMap<String, i128> = written.caps.into_iter().collect();
    amounts.insert("maximum".to_owned(), product.maximum);
    if let Some(capacity) = Capacity::of(written.affordability)? {
        let conditions = Conditions {
            repayment: product.repayment,
            fees: product.fees.iter().map(|(_, _, fee)| *fee).collect(),
            rate: written.rate,
            months: i128::from(offer.term),
            start: facts.as_of,
            bugs: Bugs::NONE,
        };
        let most = conditions.affordable(&capacity, limit.step)?;
        amounts.insert("affordability".to_owned(), most);
    }
    let bounds = Bounds {
        amounts,
        rate: written.rate,
        discounts: written.discounts,
        reviewed: written.reviewed,
    };
    Ok((bounds, written.suits))
}
