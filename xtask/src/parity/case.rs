//! One case: what the native engine says of an applicant, as the line that the harness reads.

use anyhow::{Context, Result};
use prequal::policy::{Kind, Question};
use prequal::{
    Answer, AnswerError, Answers, Date, Digest, Eligibility, Outcome, Policy, Request, Summary,
};
use prequal_sample::Applicant;
use serde::Serialize;

use super::piece::{self, Compared};

/// A decided case.
pub(crate) struct Case {
    asked: Asked,
    answer: Answered,
}

/// What the line has of the canonical bytes of summary and decision.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// All of them.
    Text,
    /// SHA-256 of them: as good where they are equal, and less to write and read.
    Digest,
}

/// What is put to the engine, by index and in the units of the questions.
struct Asked {
    as_of: Date,
    values: Vec<Option<i64>>,
    product: usize,
    request: Request,
}

enum Answered {
    Refused(Vec<AnswerError>),
    Decided {
        eligibility: Eligibility,
        summary: String,
        decision: String,
        digest: Digest,
    },
}

/// The members of a line: see `tests/js/lib/comparison.mjs`.
#[derive(Serialize)]
struct Line<'a> {
    as_of: String,
    values: &'a [Option<i64>],
    product: usize,
    term: u16,
    amount: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    errors: Option<&'a [AnswerError]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    summary: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    decision: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    digest: Option<String>,
}

impl Form {
    /// The name by which the harness knows it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Form::Text => "text",
            Form::Digest => "digest",
        }
    }

    /// What a line has of a text.
    pub(super) fn of(self, text: &str) -> String {
        match self {
            Form::Text => text.to_owned(),
            Form::Digest => Digest::of(text.as_bytes()).to_string(),
        }
    }
}

impl Case {
    /// Decides on a random applicant; `look` sees summary and outcome, or that there are none.
    pub(super) fn decide(
        policy: &Policy,
        applicant: &Applicant,
        look: impl FnOnce(Option<(&Summary, &Outcome)>),
    ) -> Result<Case> {
        let asked = Asked {
            as_of: applicant.as_of,
            values: applicant.answers.clone(),
            product: product(policy, &applicant.request)?,
            request: applicant.request.clone(),
        };
        Ok(asked.decide(policy, &applicant.answers(policy), look))
    }

    /// Decides on named answers, as a policy's cases and real applications give them.
    pub(crate) fn named(
        policy: &Policy,
        answers: &Answers,
        request: Request,
        as_of: Date,
    ) -> Result<Case> {
        let questions = &policy.body().questions;
        let values = questions
            .iter()
            .map(|question| value(question, answers.get(question.id.as_str())));
        let asked = Asked {
            as_of,
            values: values.collect::<Result<Vec<_>>>()?,
            product: product(policy, &request)?,
            request,
        };
        Ok(asked.decide(policy, answers, |_| {}))
    }

    /// The outcome's code, or that the answers are refused.
    pub(crate) fn eligibility(&self) -> &'static str {
        match &self.answer {
            Answered::Refused(_) => "answers refused",
            Answered::Decided { eligibility, .. } => eligibility.code(),
        }
    }
}

impl Compared for Case {
    fn line(&self, form: Form) -> Result<String> {
        let Asked {
            as_of,
            values,
            product,
            request,
        } = &self.asked;
        let mut line = Line {
            as_of: as_of.to_string(),
            values,
            product: *product,
            term: request.term,
            amount: request.amount.minor(),
            errors: None,
            summary: None,
            decision: None,
            digest: None,
        };
        match &self.answer {
            Answered::Refused(errors) => line.errors = Some(errors),
            Answered::Decided {
                summary,
                decision,
                digest,
                ..
            } => {
                line.summary = Some(form.of(summary));
                line.decision = Some(form.of(decision));
                line.digest = Some(digest.to_string());
            }
        }
        Ok(serde_json::to_string(&line)?)
    }

    fn flip_one_bit(&mut self) -> bool {
        match &mut self.answer {
            Answered::Refused(_) => false,
            Answered::Decided { decision, .. } => piece::flip_last(decision),
        }
    }
}

impl Asked {
    /// Puts it to the native engine.
    fn decide(
        self,
        policy: &Policy,
        answers: &Answers,
        look: impl FnOnce(Option<(&Summary, &Outcome)>),
    ) -> Case {
        let answer = match policy.summarise(answers, &self.request, self.as_of) {
            Err(errors) => {
                look(None);
                Answered::Refused(errors)
            }
            Ok(summary) => {
                let outcome = policy.assess(&summary);
                look(Some((&summary, &outcome)));
                Answered::Decided {
                    eligibility: outcome.decision.eligibility,
                    summary: summary.canonical(),
                    decision: outcome.decision.canonical(),
                    digest: outcome.decision.digest(),
                }
            }
        };
        Case {
            asked: self,
            answer,
        }
    }
}

/// The product that is asked for, by index.
fn product(policy: &Policy, request: &Request) -> Result<usize> {
    let mut products = policy.body().products.iter();
    let found = products.position(|product| product.id.as_str() == request.product);
    found.with_context(|| format!("no product `{}`", request.product))
}

/// A named answer in the unit of its question.
fn value(question: &Question, answer: Option<&Answer>) -> Result<Option<i64>> {
    let Some(answer) = answer else {
        return Ok(None);
    };
    let value = match (&question.kind, answer) {
        (Kind::Choice(options), Answer::Text(text)) => options
            .iter()
            .position(|option| option.as_str() == text)
            .and_then(|index| i64::try_from(index).ok()),
        (Kind::Date, Answer::Text(text)) => text.parse::<Date>().ok().map(Date::days),
        (Kind::Boolean, Answer::Flag(flag)) => Some(i64::from(*flag)),
        (_, Answer::Number(number)) => Some(*number as i64),
        _ => None,
    };
    value
        .map(Some)
        .with_context(|| format!("`{}` cannot be answered so", question.id))
}
