//! `prequal assess`.

use std::path::PathBuf;

use prequal::policy::Policy;
use prequal::{AnswerError, Decision, Eligibility, Money, Outcome, Summary, SummaryFields, Trace};
use serde::Serialize;

use crate::application::{self, Application};
use crate::figure;
use crate::output::{self, Answer, Failure};
use crate::source;

/// Decide on answers: prints the summary that would leave the device, and the
/// outcome.
#[derive(clap::Args, Debug)]
#[command(after_help = "Example: prequal assess policies/instalment answers.json
where answers.json is
  {\"answers\": {\"birth\": \"1990-05-01\", \"income\": 835000, …},
   \"request\": {\"product\": \"basket\", \"amount\": 299900, \"term\": 12},
   \"as_of\": \"2026-11-22\"}
Entries of a list are a list of objects; what the lender supplies may stand
apart, under \"supplied\"
Exit codes: 0 eligible or review, 1 not eligible, 2 bad use or input")]
pub(crate) struct Arguments {
    /// A policy: its compiled file or its folder
    policy: PathBuf,
    /// A JSON file with answers, request and date, or a policy's case; `-` is
    /// standard input. Money is in minor units
    answers: PathBuf,
    /// Print data instead of words
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
#[serde(tag = "status", rename_all = "snake_case")]
enum Assessed<'a> {
    Ok {
        summary: &'a SummaryFields,
        decision: &'a Decision,
        digest: String,
        trace: &'a Trace,
    },
    Invalid {
        errors: &'a [AnswerError],
    },
}

pub(crate) fn run(arguments: &Arguments) -> Result<Answer, Failure> {
    let policy = source::policy(&arguments.policy)?;
    let application = Application::read(&arguments.answers)?;
    let summary = match application.summarise(&policy) {
        Ok(summary) => summary,
        Err(errors) => {
            if arguments.json {
                output::say_json(&Assessed::Invalid { errors: &errors });
            }
            return Err(application::wrong_answers(&arguments.answers, &errors));
        }
    };
    let outcome = policy.assess(&summary);
    if arguments.json {
        output::say_json(&Assessed::Ok {
            summary: summary.fields(),
            decision: &outcome.decision,
            digest: outcome.decision.digest().to_string(),
            trace: &outcome.trace,
        });
    } else {
        describe(&policy, &summary, &outcome);
    }
    Ok(Answer::of(
        outcome.decision.eligibility != Eligibility::NotEligible,
    ))
}

/// A summary and its outcome in words.
pub(crate) fn describe(policy: &Policy, summary: &Summary, outcome: &Outcome) {
    let body = policy.body();
    let money = |amount: Money| figure::money(amount, body.currency);
    let rate = figure::percent;
    let decision = &outcome.decision;
    output::say(format_args!("summary   {}", summary.canonical()));
    output::say(format_args!("result    {}", decision.eligibility.code()));
    if !decision.reasons.is_empty() {
        output::say(format_args!("reasons   {}", decision.reasons.join(", ")));
    }
    if let (Some(score), Some(grade)) = (decision.score, &decision.grade) {
        let probability = decision.probability.map(rate).unwrap_or_default();
        output::say(format_args!(
            "score     {score}, grade {grade}, {probability} go bad"
        ));
    }
    if let Some(limit) = &decision.limit {
        let amount = money(limit.amount);
        output::say(format_args!(
            "limit     {amount}, bound by {}",
            limit.binding
        ));
    }
    for offer in &decision.offers {
        output::say(format_args!(
            "offer     {} for {} months: {} at {}, first instalment {}, largest {}, last {}, {} in all, all-in {} simple, {} compound",
            offer.product,
            offer.term,
            money(offer.amount),
            rate(offer.annual_rate),
            money(offer.instalment),
            money(offer.largest_instalment),
            money(offer.last_instalment),
            money(offer.total),
            rate(offer.simple_rate),
            rate(offer.compound_rate),
        ));
    }
    for refused in &decision.refused {
        let binding = refused.binding.as_deref();
        let binding = binding.map_or_else(String::new, |binding| format!(", bound by {binding}"));
        output::say(format_args!(
            "no offer  {} for {} months: {}{binding}",
            refused.product,
            refused.term,
            refused.reason.code()
        ));
    }
    output::say(format_args!("digest    {}", decision.digest()));
}
