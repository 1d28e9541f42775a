//! The handle: the applicant lives in wasm, numbers cross raw.

use std::rc::Rc;

use js_sys::{Float64Array, Uint8Array};
use wasm_bindgen::prelude::*;

use super::estimate::Policy;
use super::views::DecisionResult;
use super::write;
use crate::{Decision, Eligibility, Money, Offer, Request};

/// An applicant at the form, for recomputing on every keystroke.
#[wasm_bindgen]
pub struct Applicant {
    policy: Rc<crate::Policy>,
    inner: crate::Applicant,
    decision: Option<Decision>,
}

#[wasm_bindgen]
impl Applicant {
    /// Someone who has answered nothing yet and asks for the least amount of
    /// the first product over its shortest term.
    ///
    /// @throws {TypeError} if `as_of` is not a date as `YYYY-MM-DD`
    #[wasm_bindgen(constructor)]
    pub fn new(policy: &Policy, as_of: &str) -> Result<Applicant, JsValue> {
        let date = as_of.parse().map_err(|error: crate::DateError| {
            JsValue::from(js_sys::TypeError::new(&error.to_string()))
        })?;
        let policy = policy.inner.clone();
        let request = request(&policy, 0, None, None);
        let inner = crate::Applicant::new(&policy, request, date);
        Ok(Applicant {
            policy,
            inner,
            decision: None,
        })
    }

    /// Answers the question with this index, in the unit of its kind: minor
    /// units, the option's index, days since 1970-01-01, 0 or 1.
    pub fn set(&mut self, index: usize, value: f64) {
        self.inner.set(&self.policy, index, value);
    }

    /// Leaves the question with this index open again.
    pub fn clear(&mut self, index: usize) {
        self.inner.clear(&self.policy, index);
    }

    /// Asks for an amount (minor units) of the product with this index over
    /// a term in months.
    pub fn request(&mut self, product: usize, term: u16, amount: f64) {
        self.inner
            .ask(request(&self.policy, product, Some(term), Some(amount)));
    }

    /// Which questions are asked now, by index: 1 or 0. What was set for one
    /// that is not asked counts for nothing.
    pub fn asked(&self) -> Uint8Array {
        let mut asked = Vec::new();
        for is_asked in self.inner.asked(&self.policy) {
            asked.push(u8::from(is_asked));
        }
        Uint8Array::from(asked.as_slice())
    }

    /// Decides: 0 if an answer is missing or wrong, 1 not eligible, 2 a person
    /// will look, 3 eligible.
    pub fn assess(&mut self) -> u32 {
        self.decision = self
            .inner
            .assess(&self.policy)
            .map(|outcome| outcome.decision);
        match self.decision.as_ref().map(|decision| decision.eligibility) {
            None => 0,
            Some(Eligibility::NotEligible) => 1,
            Some(Eligibility::Review) => 2,
            Some(Eligibility::Eligible) => 3,
        }
    }

    /// What is certain and what is still possible, whatever is answered to the
    /// open questions; optional pages stay as they are. Sound bounds, not a
    /// promise. `undefined` for an early warning, which has no limit, and for a
    /// request that the policy does not have.
    #[wasm_bindgen(unchecked_return_type = "Outlook | undefined")]
    pub fn outlook(&self) -> JsValue {
        let outlook = self.inner.outlook(&self.policy);
        outlook.map_or(JsValue::UNDEFINED, |outlook| write::object(&outlook))
    }

    /// The most, in minor units, that the limit can come to if the optional
    /// page with this index is opened, whatever is answered there. `-1` where
    /// the page is not optional or nothing can be said.
    pub fn prospect(&self, group: usize) -> f64 {
        let most = self.inner.prospect(&self.policy, group);
        most.map_or(-1.0, |most| most.minor() as f64)
    }

    /// The figures of the last decision, `-1` for what is absent: limit,
    /// score, probability, number of offers; then for each offer product
    /// index, term, amount, limit, annual rate, first instalment, last
    /// instalment, interest, total, simple rate, compound rate. Amounts in
    /// minor units, rates and probability in millionths. Empty before the
    /// first decision.
    pub fn packed(&self) -> Float64Array {
        let numbers = self
            .decision
            .as_ref()
            .map(|decision| pack(&self.policy, decision));
        Float64Array::from(numbers.unwrap_or_default().as_slice())
    }

    /// The last decision and its digest as objects, when words are needed; or
    /// every wrong and missing answer.
    #[wasm_bindgen(unchecked_return_type = "DecisionResult")]
    pub fn decision(&self) -> JsValue {
        write::object(&match &self.decision {
            Some(decision) => DecisionResult::Ok {
                digest: decision.digest().to_string(),
                decision,
            },
            None => DecisionResult::Invalid {
                errors: self.inner.errors(&self.policy),
            },
        })
    }
}

/// A request by numbers; what the policy does not have is refused when it is
/// assessed.
fn request(
    policy: &crate::Policy,
    product: usize,
    term: Option<u16>,
    amount: Option<f64>,
) -> Request {
    let found = policy.body().products.get(product);
    let first_term = || found.and_then(|product| product.terms.first().copied());
    let least = || found.map(|product| product.minimum);
    let whole = |amount: f64| {
        if amount == amount.floor() {
            amount as i64
        } else {
            -1
        }
    };
    Request {
        product: found
            .map(|product| product.id.to_string())
            .unwrap_or_default(),
        term: term.or_else(first_term).unwrap_or(0),
        amount: amount
            .map(|a| Money::new(whole(a)))
            .or_else(least)
            .unwrap_or(Money::ZERO),
    }
}

fn pack(policy: &crate::Policy, decision: &Decision) -> Vec<f64> {
    let number = |value: Option<i64>| value.unwrap_or(-1) as f64;
    let mut packed = Vec::with_capacity(4 + 11 * decision.offers.len());
    packed.extend_from_slice(&[
        number(decision.limit.as_ref().map(|limit| limit.amount.minor())),
        number(decision.score),
        number(
            decision
                .probability
                .map(|probability| probability.millionths()),
        ),
        decision.offers.len() as f64,
    ]);
    for offer in &decision.offers {
        packed.extend_from_slice(&pack_offer(policy, offer));
    }
    packed
}

fn pack_offer(policy: &crate::Policy, offer: &Offer) -> [f64; 11] {
    let mut products = policy.body().products.iter();
    let product = products.position(|product| product.id.as_str() == offer.product);
    [
        product.map_or(-1.0, |index| index as f64),
        f64::from(offer.term),
        offer.amount.minor() as f64,
        offer.limit.minor() as f64,
        offer.annual_rate.millionths() as f64,
        offer.instalment.minor() as f64,
        offer.last_instalment.minor() as f64,
        offer.interest.minor() as f64,
        offer.total.minor() as f64,
        offer.simple_rate.millionths() as f64,
        offer.compound_rate.millionths() as f64,
    ]
}
