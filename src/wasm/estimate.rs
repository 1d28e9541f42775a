//! The handle of a policy: from answers to an outcome, and what a submission
//! is made of.

use std::rc::Rc;

use tsify::Ts;
use wasm_bindgen::prelude::*;

use super::views::*;
use super::{Fault, inputs, read, write};
use crate::policy::Source;
use crate::seal::Content;
use crate::{Answers, Date, Digest, Request, SummaryFields};

/// A loaded policy. Load once, assess many times.
#[wasm_bindgen]
pub struct Policy {
    pub(super) inner: Rc<crate::Policy>,
}

#[wasm_bindgen]
impl Policy {
    /// Loads a compiled policy.
    ///
    /// @throws {PolicyFault} if the bytes are not a policy that this engine computes
    #[wasm_bindgen(constructor)]
    pub fn new(bytes: &[u8]) -> Result<Policy, JsValue> {
        match crate::Policy::decode_trusted(bytes) {
            Ok(policy) => Ok(Policy {
                inner: Rc::new(policy),
            }),
            Err(error) => {
                let fault = Fault {
                    code: error.code().to_owned(),
                    message: error.to_string(),
                };
                Err(write::object(&fault))
            }
        }
    }

    /// SHA-256 of the compiled bytes in hex: the policy's identity.
    #[wasm_bindgen(getter)]
    pub fn hash(&self) -> String {
        self.inner.hash().to_string()
    }

    /// Questions, pages, features and products, to build a form from.
    pub fn describe(&self) -> Ts<PolicyView> {
        write::typed(PolicyView::of(&self.inner))
    }

    /// The representative price of a request on a day, before anything was
    /// answered.
    pub fn quote(&self, request: Ts<Request>, as_of: &str) -> Ts<QuoteResult> {
        let quoted = inputs::dated(&request, as_of)
            .and_then(|(request, as_of)| self.inner.quote(&request, as_of));
        write::typed(match quoted {
            Ok(quote) => QuoteResult::Ok { quote },
            Err(errors) => QuoteResult::Invalid { errors },
        })
    }

    /// Answers to a summary, with what is told of each feature. Every wrong
    /// answer is reported at once.
    pub fn summarise(
        &self,
        answers: Ts<Answers>,
        request: Ts<Request>,
        as_of: &str,
    ) -> Ts<SummariseResult> {
        let features = inputs::inputs(&answers, &request, as_of)
            .and_then(|(answers, request, as_of)| self.inner.derive(&answers, &request, as_of));
        write::typed(match features {
            Ok(features) => SummariseResult::Ok {
                cells: self.inner.cells(&features),
                summary: self.inner.reduce(&features).into_fields(),
            },
            Err(errors) => SummariseResult::Invalid { errors },
        })
    }

    /// The questions asked of whom has answered this so far; what else was
    /// answered counts for nothing.
    #[wasm_bindgen(unchecked_return_type = "string[]")]
    pub fn asked(&self, answers: Ts<Answers>, as_of: &str) -> JsValue {
        let (Ok(answers), Ok(as_of)) = (inputs::answers(&answers), inputs::date(as_of)) else {
            return write::object::<[&str]>(&[]);
        };
        let asked = self.inner.asked(&answers, as_of);
        let mut ids = Vec::new();
        for (question, asked) in self.inner.body().questions.iter().zip(asked) {
            if asked && question.source == Source::Borrower {
                ids.push(question.id.as_str());
            }
        }
        write::object(ids.as_slice())
    }

    /// Decides on a summary.
    pub fn assess(&self, summary: Ts<SummaryFields>) -> Ts<AssessResult> {
        let summary = inputs::summary(&summary).and_then(|fields| self.inner.admit(fields));
        write::typed(match summary {
            Ok(summary) => {
                let outcome = self.inner.assess(&summary);
                let canonical = outcome.decision.canonical();
                AssessResult::Ok {
                    digest: Digest::of(canonical.as_bytes()).to_string(),
                    canonical,
                    decision: outcome.decision,
                    trace: outcome.trace,
                }
            }
            Err(error) => AssessResult::Error {
                error: Fault {
                    code: error.code().to_owned(),
                    message: error.to_string(),
                },
            },
        })
    }

    /// The canonical text of a summary: the bytes that are sent.
    pub fn canonical(&self, summary: Ts<SummaryFields>) -> Option<String> {
        let fields = inputs::summary(&summary).ok()?;
        Some(self.inner.admit(fields).ok()?.canonical())
    }

    /// How many commitments a submission carries, answers and decoys together.
    #[wasm_bindgen(getter)]
    pub fn commitments(&self) -> u16 {
        self.inner.body().commitments
    }

    /// What a submission of these answers consists of; the module `sealing`
    /// seals it. It holds raw answers and stays on the device.
    pub fn content(
        &self,
        answers: Ts<Answers>,
        request: Ts<Request>,
        as_of: &str,
    ) -> Ts<ContentResult> {
        write::typed(match inputs::inputs(&answers, &request, as_of) {
            Ok((answers, request, as_of)) => self.content_of(&answers, &request, as_of),
            Err(errors) => ContentResult::Invalid { errors },
        })
    }

    /// The repayment schedule of an offer.
    pub fn schedule(&self, terms: Ts<ScheduleTerms>) -> Ts<ScheduleResult> {
        let schedule = read::json(&terms)
            .and_then(|terms| ScheduleTerms::from_json(&terms)?.schedule(&self.inner));
        write::typed(schedule.unwrap_or_else(|| {
            ScheduleResult::Error {
                error: Fault {
                    code: "no_schedule".to_owned(),
                    message: "no product of the policy makes a loan of these terms; an extra \
                              payment comes before the last instalment"
                        .to_owned(),
                },
            }
        }))
    }
}

impl Policy {
    fn content_of(&self, answers: &Answers, request: &Request, as_of: Date) -> ContentResult {
        let summary = match self.inner.summarise(answers, request, as_of) {
            Ok(summary) => summary,
            Err(errors) => return ContentResult::Invalid { errors },
        };
        let outcome = self.inner.assess(&summary);
        match Content::of(&self.inner, &summary, &outcome.decision, answers) {
            Ok(content) => ContentResult::Ok {
                content: content.to_json().to_canonical(),
            },
            Err(error) => ContentResult::Error {
                error: Fault {
                    code: error.code().to_owned(),
                    message: error.to_string(),
                },
            },
        }
    }
}
