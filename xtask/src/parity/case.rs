//! One case: what the native engine says of an applicant, as the line that the harness reads.

use anyhow::{Context, Result};
use prequal::policy::{Kind, Question};
use prequal::{AnswerError, Answers, Date, Eligibility, Outcome, Policy, Request};
use prequal_sample::Applicant;
use serde_json::{Value, json};

use super::reached::Reached;

/// A decided case. Members of the line: see `tests/js/lib/comparison.mjs`.
pub(crate) struct Case {
    asked: Asked,
    answer: Answer,
}

/// What is put to the engine, in both forms that cross the boundary.
struct Asked {
    as_of: Date,
    /// By name, as a page gives them.
    answers: Value,
    /// By index, in the units of the questions.
    values: Vec<Option<i64>>,
    product: usize,
    request: Request,
}

enum Answer {
    Refused(Vec<AnswerError>),
    Decided {
        eligibility: Eligibility,
        summary: String,
        decision: String,
        digest: String,
    },
}

impl Case {
    /// Decides on a random applicant and counts what was reached.
    pub(super) fn decide(
        policy: &Policy,
        applicant: &Applicant,
        reached: &mut Reached,
    ) -> Result<Case> {
        let asked = Asked {
            as_of: applicant.as_of,
            answers: applicant.answers_json(policy),
            values: applicant.answers.clone(),
            product: product(policy, &applicant.request)?,
            request: applicant.request.clone(),
        };
        asked.decide(policy, |outcome| match outcome {
            Some(outcome) => reached.decided(outcome),
            None => reached.refused(),
        })
    }

    /// Decides on named answers, as a policy's cases and real applications give them.
    pub(crate) fn named(
        policy: &Policy,
        answers: Value,
        request: Request,
        as_of: Date,
    ) -> Result<Case> {
        let questions = &policy.body().questions;
        let values = questions
            .iter()
            .map(|question| value(question, answers.get(question.id.as_str())));
        let values = values.collect::<Result<Vec<_>>>()?;
        let product = product(policy, &request)?;
        Asked {
            as_of,
            answers,
            values,
            product,
            request,
        }
        .decide(policy, |_| {})
    }

    /// Flips the lowest bit of the last digit of the decision's last number; false where there is no decision.
    pub(super) fn flip_one_bit(&mut self) -> bool {
        let Answer::Decided { decision, .. } = &mut self.answer else {
            return false;
        };
        let Some(at) = decision.rfind(|letter: char| letter.is_ascii_digit()) else {
            return false;
        };
        let mut bytes = std::mem::take(decision).into_bytes();
        if let Some(digit) = bytes.get_mut(at) {
            *digit ^= 1;
        }
        *decision = String::from_utf8_lossy(&bytes).into_owned();
        true
    }

    /// The outcome's code, or that the answers are refused.
    pub(crate) fn eligibility(&self) -> &'static str {
        match &self.answer {
            Answer::Refused(_) => "answers refused",
            Answer::Decided { eligibility, .. } => eligibility.code(),
        }
    }

    /// One line of JSON.
    pub(crate) fn line(&self) -> String {
        let Asked {
            as_of,
            answers,
            values,
            product,
            request,
        } = &self.asked;
        let asked = json!({
            "as_of": as_of.to_string(), "answers": answers, "values": values, "product": product, "request": request,
        });
        let answered = match &self.answer {
            Answer::Refused(errors) => json!({ "errors": errors }),
            Answer::Decided {
                summary,
                decision,
                digest,
                ..
            } => {
                json!({ "summary": summary, "decision": decision, "digest": digest })
            }
        };
        let members = [asked, answered].into_iter().filter_map(|part| match part {
            Value::Object(members) => Some(members),
            _ => None,
        });
        Value::Object(members.flatten().collect()).to_string()
    }
}

impl Asked {
    /// Puts it to the native engine; `look` sees the outcome, or that there is none.
    fn decide(self, policy: &Policy, look: impl FnOnce(Option<&Outcome>)) -> Result<Case> {
        let answers: Answers = serde_json::from_value(self.answers.clone())?;
        let answer = match policy.summarise(&answers, &self.request, self.as_of) {
            Err(errors) => {
                look(None);
                Answer::Refused(errors)
            }
            Ok(summary) => {
                let outcome = policy.assess(&summary);
                look(Some(&outcome));
                Answer::Decided {
                    eligibility: outcome.decision.eligibility,
                    summary: summary.canonical(),
                    decision: outcome.decision.canonical(),
                    digest: outcome.decision.digest().to_string(),
                }
            }
        };
        Ok(Case {
            asked: self,
            answer,
        })
    }
}

/// The product that is asked for, by index.
fn product(policy: &Policy, request: &Request) -> Result<usize> {
    let mut products = policy.body().products.iter();
    let found = products.position(|product| product.id.as_str() == request.product);
    found.with_context(|| format!("no product `{}`", request.product))
}

/// A named answer in the unit of its question.
fn value(question: &Question, answer: Option<&Value>) -> Result<Option<i64>> {
    let Some(answer) = answer else {
        return Ok(None);
    };
    let value = match (&question.kind, answer) {
        (Kind::Choice(options), Value::String(text)) => options
            .iter()
            .position(|option| option.as_str() == text)
            .and_then(|index| i64::try_from(index).ok()),
        (Kind::Date, Value::String(text)) => text.parse::<Date>().ok().map(Date::days),
        (Kind::Boolean, Value::Bool(flag)) => Some(i64::from(*flag)),
        (_, number) => number.as_i64(),
    };
    value
        .map(Some)
        .with_context(|| format!("`{}` cannot be answered with `{answer}`", question.id))
}
