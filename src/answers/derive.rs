//! From answers to features.

use super::{Answer, AnswerError, AnswerFault, Answers};
use crate::policy::{AS_OF, Kind, Policy, Question, Value};
use crate::{Date, Request};

/// What a policy derives from answers, at full precision: still on the device.
#[derive(Clone, PartialEq)]
pub struct Features {
    pub(crate) as_of: Date,
    pub(crate) request: Request,
    pub(crate) product: usize,
    pub(crate) values: Vec<Value>,
}

impl Policy {
    /// Holds the answers against the questions and evaluates the features.
    ///
    /// # Errors
    /// Every wrong answer, unknown field and wrong part of the request at once.
    pub fn derive(
        &self,
        answers: &Answers,
        request: &Request,
        as_of: Date,
    ) -> Result<Features, Vec<AnswerError>> {
        let mut errors = Vec::new();
        let questions = &self.body().questions;
        let values = questions
            .iter()
            .map(|question| match typed(question, answers) {
                Ok(value) => value,
                Err(error) => {
                    errors.push(error);
                    Value::MISSING
                }
            });
        let values: Vec<Value> = values.collect();
        let known = |id: &str| questions.iter().any(|question| question.id.as_str() == id);
        let unknown = answers.questions().filter(|id| !known(id));
        errors.extend(unknown.map(|id| AnswerError::new(id, AnswerFault::UnknownField)));
        match self.derive_values(values, request, as_of) {
            Ok(features) if errors.is_empty() => return Ok(features),
            Ok(_) => {}
            Err(more) => errors.extend(more),
        }
        Err(errors)
    }

    /// Evaluates the features of answers that were already held against their
    /// questions, in the questions' order.
    ///
    /// # Errors
    /// What is wrong with the request or the date.
    pub(crate) fn derive_values(
        &self,
        mut inputs: Vec<Value>,
        request: &Request,
        as_of: Date,
    ) -> Result<Features, Vec<AnswerError>> {
        let product = self.admit_request(request, as_of)?;
        inputs.push(Value::new(as_of.days()));
        let program = &self.body().derive;
        let mut nodes = Vec::with_capacity(program.nodes.len());
        program.run(&inputs, &[], program.nodes.len(), &mut nodes);
        let value = |node: u16| {
            nodes
                .get(usize::from(node))
                .copied()
                .unwrap_or(Value::MISSING)
        };
        let values = self
            .body()
            .features
            .iter()
            .map(|feature| value(feature.node))
            .collect();
        Ok(Features {
            as_of,
            request: request.clone(),
            product,
            values,
        })
    }

    /// The index of the product asked for.
    ///
    /// # Errors
    /// An unknown product; an amount or term that it does not have; a date
    /// outside the years 2000 to 2199.
    pub(crate) fn admit_request(
        &self,
        request: &Request,
        as_of: Date,
    ) -> Result<usize, Vec<AnswerError>> {
        let mut errors = Vec::new();
        errors.extend(AnswerError::outside(
            "as_of",
            as_of.days(),
            AS_OF.low,
            AS_OF.high,
        ));
        let products = &self.body().products;
        let Some((index, product)) = products
            .iter()
            .enumerate()
            .find(|(_, p)| p.id.as_str() == request.product)
        else {
            errors.push(AnswerError::new(
                "request.product",
                AnswerFault::UnknownOption,
            ));
            return Err(errors);
        };
        let (low, high) = (product.minimum.minor(), product.maximum.minor());
        errors.extend(AnswerError::outside(
            "request.amount",
            request.amount.minor(),
            low,
            high,
        ));
        if !product.terms.contains(&request.term) {
            errors.push(AnswerError::new("request.term", AnswerFault::UnknownOption));
        }
        if errors.is_empty() {
            Ok(index)
        } else {
            Err(errors)
        }
    }
}

/// The answer to a question as a value in the question's unit.
fn typed(question: &Question, answers: &Answers) -> Result<Value, AnswerError> {
    let id = question.id.as_str();
    let fault = |code| AnswerError::new(id, code);
    let Some(answer) = answers.get(id) else {
        return match question.optional {
            true => Ok(Value::MISSING),
            false => Err(fault(AnswerFault::Missing)),
        };
    };
    let number = match (&question.kind, answer) {
        (Kind::Integer | Kind::Money | Kind::Ratio, Answer::Number(number)) => {
            return question.admit_number(*number);
        }
        (Kind::Boolean, Answer::Flag(flag)) => i64::from(*flag),
        (Kind::Choice(options), Answer::Text(text)) => options
            .iter()
            .position(|option| option.as_str() == text)
            .and_then(|index| i64::try_from(index).ok())
            .ok_or_else(|| fault(AnswerFault::UnknownOption))?,
        (Kind::Date, Answer::Text(text)) => text
            .parse::<Date>()
            .map_err(|_| fault(AnswerFault::NotADate))?
            .days(),
        _ => return Err(fault(AnswerFault::WrongType)),
    };
    question.admit(number)
}

impl Question {
    /// A number in the question's unit as an answer to it.
    ///
    /// # Errors
    /// A number that is not whole, outside its range or off its step.
    pub(crate) fn admit_number(&self, number: f64) -> Result<Value, AnswerError> {
        if !number.is_finite() || number != number.floor() {
            return Err(AnswerError::new(self.id.as_str(), AnswerFault::NotWhole));
        }
        // A number too large for an integer becomes the largest one, and the
        // range says so.
        self.admit(number as i64)
    }

    fn admit(&self, number: i64) -> Result<Value, AnswerError> {
        if let Some(error) = AnswerError::outside(self.id.as_str(), number, self.low, self.high) {
            return Err(error);
        }
        match (number - self.low).checked_rem(self.step) {
            Some(0) => Ok(Value::new(number)),
            _ => Err(AnswerError::new(self.id.as_str(), AnswerFault::OffStep)),
        }
    }
}
