//! Bindings for JavaScript: conversions and nothing else.
//!
//! Two ways across. *Objects* for what happens once: every function takes and
//! gives plain objects whose TypeScript types are generated from the Rust
//! types, and answers with a union tagged by `status`; nothing is thrown but a
//! policy that cannot be loaded, as an object with a stable `code`. *A handle*,
//! [`Applicant`], for every keystroke: plain numbers in, packed numbers out.

pub mod applicant;
mod read;
pub mod sealing;
pub mod views;

use std::rc::Rc;

use tsify::{Ts, Tsify};
use wasm_bindgen::prelude::*;

use views::*;

use crate::{Answers, Request, SummaryFields};

/// Two-level segregated fit: constant time, and a fifth of the code of what the
/// standard library brings for this target.
#[global_allocator]
static ALLOCATOR: rlsf::SmallGlobalTlsf = rlsf::SmallGlobalTlsf::new();

/// A loaded policy. Load once, assess many times.
#[wasm_bindgen]
pub struct Policy {
    inner: Rc<crate::Policy>,
}

#[wasm_bindgen]
impl Policy {
    /// Loads a compiled policy.
    ///
    /// @throws {PolicyFault} if the bytes are not a policy that this engine computes
    #[wasm_bindgen(constructor)]
    pub fn new(bytes: &[u8]) -> Result<Policy, JsValue> {
        match crate::Policy::decode(bytes) {
            Ok(policy) => Ok(Policy {
                inner: Rc::new(policy),
            }),
            Err(error) => {
                let fault = Fault {
                    code: error.code().to_owned(),
                    message: error.to_string(),
                };
                Err(fault.into_js().map(JsValue::from).unwrap_or(JsValue::NULL))
            }
        }
    }

    /// The policy's name.
    #[wasm_bindgen(getter)]
    pub fn id(&self) -> String {
        self.inner.body().id.to_string()
    }

    /// The author's version.
    #[wasm_bindgen(getter)]
    pub fn version(&self) -> String {
        self.inner.body().version.to_string()
    }

    /// SHA-256 of the compiled bytes in hex: the policy's identity.
    #[wasm_bindgen(getter)]
    pub fn hash(&self) -> String {
        self.inner.hash().to_string()
    }

    /// The ISO 4217 code of every amount.
    #[wasm_bindgen(getter)]
    pub fn currency(&self) -> String {
        self.inner.body().currency.code().to_owned()
    }

    /// Digits after the decimal point of the currency.
    #[wasm_bindgen(getter, js_name = minorDigits)]
    pub fn minor_digits(&self) -> u8 {
        self.inner.body().currency.minor_digits()
    }

    /// Questions, pages, features and products, to build a form from.
    pub fn describe(&self) -> Ts<PolicyView> {
        give(PolicyView::of(&self.inner))
    }

    /// The representative price of a request, before anything was answered.
    pub fn quote(&self, request: Ts<Request>) -> Ts<QuoteResult> {
        let quoted = read::request(&request).and_then(|request| self.inner.quote(&request));
        give(match quoted {
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
        let features = read::inputs(&answers, &request, as_of)
            .and_then(|(answers, request, as_of)| self.inner.derive(&answers, &request, as_of));
        give(match features {
            Ok(features) => SummariseResult::Ok {
                summary: self.inner.reduce(&features).fields().clone(),
                cells: self.inner.cells(&features),
            },
            Err(errors) => SummariseResult::Invalid { errors },
        })
    }

    /// Decides on a summary.
    pub fn assess(&self, summary: Ts<SummaryFields>) -> Ts<AssessResult> {
        let summary = read::summary(&summary).and_then(|fields| self.inner.admit(fields));
        give(match summary {
            Ok(summary) => {
                let outcome = self.inner.assess(&summary);
                AssessResult::Ok {
                    digest: outcome.decision.digest().to_string(),
                    canonical: outcome.decision.canonical(),
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
        let fields = read::summary(&summary).ok()?;
        Some(self.inner.admit(fields).ok()?.canonical())
    }

    /// The repayment schedule of an offer.
    pub fn schedule(&self, terms: Ts<ScheduleTerms>) -> Ts<ScheduleResult> {
        let schedule = read::json(&terms)
            .and_then(|terms| ScheduleTerms::from_json(&terms)?.schedule(&self.inner));
        give(match schedule {
            Some(schedule) => ScheduleResult::Ok {
                rows: schedule.installments().collect(),
            },
            None => ScheduleResult::Error {
                error: Fault {
                    code: "no_schedule".to_owned(),
                    message: "these terms make no loan: a product of the policy, a positive \
                              amount, at least one month and a rate of zero or more are needed"
                        .to_owned(),
                },
            },
        })
    }
}

/// A value as an object of JavaScript. Every integer of this crate is one
/// that JavaScript holds exactly, so the conversion cannot fail.
fn give<T: Tsify + serde::Serialize>(value: T) -> Ts<T> {
    value
        .into_ts()
        .unwrap_or_else(|_| Ts::new_unchecked(JsValue::UNDEFINED))
}
