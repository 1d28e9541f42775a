//! One applicant.

use prequal::policy::{Kind, Policy, Question};
use prequal::{Answer, AnswerError, Answers, Date, Features, Request, Summary};
use serde_json::{Map, Value, json};

/// Someone's answers, and what they ask for.
#[derive(Clone, Debug, PartialEq)]
pub struct Applicant {
    /// By index, in the units of the questions; `None` is left open.
    pub answers: Vec<Option<i64>>,
    /// What is asked for.
    pub request: Request,
    /// The day of the decision.
    pub as_of: Date,
}

impl Applicant {
    /// The answers by name, as a page gives them.
    pub fn answers(&self, policy: &Policy) -> Answers {
        self.named(policy).collect()
    }

    /// The same as JSON: [`Answers`] themselves are not told to anyone.
    pub fn answers_json(&self, policy: &Policy) -> Value {
        let json = |answer| match answer {
            Answer::Number(number) => json!(number as i64),
            Answer::Text(text) => json!(text),
            Answer::Flag(flag) => json!(flag),
        };
        let members = self
            .named(policy)
            .map(|(id, answer)| (id.to_owned(), json(answer)));
        Value::Object(members.collect::<Map<_, _>>())
    }

    /// The applicant as `prequal assess` reads one: answers, request and date.
    /// What the lender supplies stands among the answers.
    pub fn to_json(&self, policy: &Policy) -> Value {
        json!({
            "answers": self.answers_json(policy),
            "request": self.request,
            "as_of": self.as_of.to_string(),
        })
    }

    /// What the policy derives from the answers, before it is reduced.
    ///
    /// # Errors
    /// Every wrong answer at once, by field.
    pub fn derive(&self, policy: &Policy) -> Result<Features, Vec<AnswerError>> {
        policy.derive(&self.answers(policy), &self.request, self.as_of)
    }

    /// What would leave the device.
    ///
    /// # Errors
    /// Every wrong answer at once, by field.
    pub fn summarise(&self, policy: &Policy) -> Result<Summary, Vec<AnswerError>> {
        policy.summarise(&self.answers(policy), &self.request, self.as_of)
    }

    fn named<'a>(&'a self, policy: &'a Policy) -> impl Iterator<Item = (&'a str, Answer)> {
        let questions = policy.body().questions.iter().zip(&self.answers);
        questions.filter_map(|(question, answer)| {
            Some((question.id.as_str(), typed(question, (*answer)?)?))
        })
    }
}

/// A value in the question's unit as an answer to it; none where the value stands for no option or day.
fn typed(question: &Question, value: i64) -> Option<Answer> {
    Some(match &question.kind {
        Kind::Boolean => Answer::Flag(value == 1),
        Kind::Date => Answer::Text(Date::from_days(value)?.to_string()),
        Kind::Choice(options) => {
            let option = options.get(usize::try_from(value).ok()?)?;
            Answer::Text(option.to_string())
        }
        _ => Answer::from(value),
    })
}
