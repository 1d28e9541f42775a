//! What opening an optional page changes.

use prequal::policy::{Body, Group, Rule};
use prequal::{Outcome, Policy};

use crate::applicant::Applicant;
use crate::tiers::limit;

/// What a policy decides with an optional page left closed, and with it opened and filled in.
#[derive(Clone, Debug)]
pub struct Opened {
    /// The page.
    pub page: String,
    /// Without it.
    pub closed: Outcome,
    /// With it.
    pub opened: Outcome,
    /// The rules by which the page contradicts the rest: knock-outs and reviews that read what is asked on it, fire once
    /// it is opened and are told as a reason.
    pub contradictions: Vec<String>,
}

impl Opened {
    /// Closes each page that the applicant opened, one at a time. What is wrong without a page is left out.
    pub fn each(policy: &Policy, applicant: &Applicant) -> Vec<Opened> {
        let body = policy.body();
        let Ok(summary) = applicant.summarise(policy) else {
            return Vec::new();
        };
        let opened = policy.assess(&summary);
        let pages = body.groups.iter().filter_map(|group| {
            let opener = usize::from(group.opener?);
            let mut without = applicant.clone();
            let answer = without.answers.get_mut(opener)?;
            if answer.take() != Some(1) {
                return None;
            }
            let closed = policy.assess(&without.summarise(policy).ok()?);
            Some(Opened {
                page: group.id.to_string(),
                contradictions: contradictions(policy, group, &opened),
                closed,
                opened: opened.clone(),
            })
        });
        pages.collect()
    }

    /// NEVER LOWER: a page that contradicts nothing leaves the limit as high, and the result as good, as it was.
    pub fn is_never_lower(&self) -> bool {
        let eligibility = |outcome: &Outcome| outcome.decision.eligibility;
        let (closed, opened) = self.limits();
        !self.contradictions.is_empty()
            || (eligibility(&self.closed) <= eligibility(&self.opened) && closed <= opened)
    }

    /// The limit without the page and with it, in minor units; 0 where there is none.
    pub fn limits(&self) -> (i64, i64) {
        (limit(&self.closed), limit(&self.opened))
    }
}

fn contradictions(policy: &Policy, page: &Group, opened: &Outcome) -> Vec<String> {
    let body = policy.body();
    let asked = questions(body, page);
    let reads = |rule: &Rule| {
        let inputs = body.decide.inputs_of(rule.when).into_iter();
        let features = inputs.filter_map(|input| body.features.get(usize::from(input)));
        features
            .flat_map(|feature| policy.questions_of(feature))
            .any(|question| asked.contains(&question))
    };
    let told = |rule: &Rule| {
        let code = body.reasons.get(usize::from(rule.reason));
        let mut reasons = opened.decision.reasons.iter();
        code.is_some_and(|code| reasons.any(|told| told == code.as_str()))
    };
    let (knockouts, reviews) = (body.knockouts.iter(), body.reviews.iter());
    let fired = knockouts
        .filter(|rule| names(&opened.trace.knockouts, rule))
        .chain(reviews.filter(|rule| names(&opened.trace.reviews, rule)));
    fired
        .filter(|rule| reads(rule) && told(rule))
        .map(|rule| rule.id.to_string())
        .collect()
}

fn names(fired: &[String], rule: &Rule) -> bool {
    fired.iter().any(|id| id == rule.id.as_str())
}

/// What is asked on an optional page, whether it was opened among it.
fn questions(body: &Body, page: &Group) -> Vec<u16> {
    let lists = body.lists.iter();
    let lists = lists.filter(|list| page.questions.contains(&list.count));
    let fields = lists.flat_map(|list| list.first..list.first + list.fields * list.entries);
    let all = page.questions.iter().copied().chain(page.opener);
    all.chain(fields).collect()
}
