//! Offers: every amount of the grid from the top down, each on its own terms.

use prequal::policy::Product;
use serde_json::{Map, Value as Json, json};

use super::bug::Bug;
use super::card::{Facts, Look};
use super::fault::{Fault, Found};
use super::formula::floor_to;
use super::loan::{self, Loan};
use super::{Naive, Terms, minor};

/// An offer, or why there is none.
pub(crate) struct Looked {
    /// The offer's limit, what binds it, and whether a person would look.
    pub(crate) limit: Option<(i128, String, bool)>,
    pub(crate) json: Json,
}

/// The largest amount that fits, and what the next larger fails on.
struct Fit<'a> {
    amount: i128,
    look: Look<'a>,
    beyond: Option<String>,
}

/// Why no amount fits, and what bound it.
struct Unfit {
    reason: &'static str,
    binding: Option<String>,
}

impl Naive {
    /// The offer of a product and term to someone who asks for this.
    pub(crate) fn offer(&self, facts: &Facts, asked: Terms, at: (usize, u16)) -> Found<Looked> {
        let (index, term) = at;
        let product = self.body.products.get(index).ok_or(Fault::NotThere)?;
        let term = i128::from(term);
        let refused = |unfit: Unfit| {
            let mut members = Map::new();
            members.extend(
                unfit
                    .binding
                    .map(|name| ("binding".to_owned(), json!(name))),
            );
            members.insert("product".to_owned(), json!(product.id.as_str()));
            members.insert("reason".to_owned(), json!(unfit.reason));
            members.insert("term".to_owned(), json!(term as i64));
            Looked {
                limit: None,
                json: Json::Object(members),
            }
        };
        let step = minor(self.body.limit.step);
        let top = match self.bugs.has(Bug::TopOffTheGrid) {
            true => minor(product.maximum),
            false => floor_to(minor(product.maximum), step, super::Bugs::NONE),
        };
        let largest = match self.largest(facts, asked, at, top)? {
            Ok(fit) => fit,
            Err(unfit) => return Ok(refused(unfit)),
        };
        if asked.amount < minor(product.minimum) {
            return Ok(refused(Unfit {
                reason: "asked_too_little",
                binding: None,
            }));
        }
        let wanted = match self.bugs.has(Bug::OfferAboveTheLimit) {
            true => asked.amount,
            false => asked.amount.min(largest.amount),
        };
        let offered = match self.largest(facts, asked, at, wanted)? {
            Ok(fit) => fit,
            Err(unfit) => return Ok(refused(unfit)),
        };
        let amount = if self.bugs.has(Bug::OfferAboveTheLimit) {
            wanted
        } else {
            offered.amount
        };
        let rate = offered.look.walk.number(product.rate)?;
        let Some(loan) = loan::loan(amount, rate, term, self.bugs)? else {
            return Ok(refused(Unfit {
                reason: "no_annual_rate",
                binding: None,
            }));
        };
        let binding = largest.beyond.unwrap_or_else(|| "knocked_out".to_owned());
        let constraints = self.bounds(product, term, &offered.look)?;
        let constraints = constraints
            .into_iter()
            .map(|(name, amount)| json!({ "amount": amount as i64, "name": name }));
        let limit_review = self.reviewed(&largest.look)?;
        let Loan {
            first,
            last,
            interest,
            total,
            simple,
            compound,
        } = loan;
        let json = json!({
            "amount": amount as i64,
            "annual_rate": rate as i64,
            "binding": binding,
            "compound_rate": compound as i64,
            "constraints": constraints.collect::<Vec<Json>>(),
            "instalment": first as i64,
            "interest": interest as i64,
            "last_instalment": last as i64,
            "limit": largest.amount as i64,
            "limit_review": limit_review,
            "product": product.id.as_str(),
            "review": self.reviewed(&offered.look)?,
            "simple_rate": simple as i64,
            "term": term as i64,
            "total": total as i64,
        });
        Ok(Looked {
            limit: Some((largest.amount, binding, limit_review)),
            json,
        })
    }

    fn reviewed(&self, look: &Look<'_>) -> Found<bool> {
        for rule in &self.body.reviews {
            if look.walk.truth(rule.when)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The largest amount that fits on its own terms: this one, or one of the
    /// grid below it.
    fn largest(
        &self,
        facts: &Facts,
        asked: Terms,
        (index, term): (usize, u16),
        from: i128,
    ) -> Found<Result<Fit<'_>, Unfit>> {
        let product = self.body.products.get(index).ok_or(Fault::NotThere)?;
        let step = minor(self.body.limit.step);
        let mut unfit = Unfit {
            reason: "below_minimum",
            binding: Some("maximum".to_owned()),
        };
        let mut amount = from;
        while amount >= minor(product.minimum) {
            let mut terms = Terms {
                product: index,
                amount,
                term: i128::from(term),
            };
            if self.bugs.has(Bug::RulesAtTheAmountAsked) {
                terms.amount = asked.amount;
            }
            if self.bugs.has(Bug::RulesAtTheTermAsked) {
                terms.term = asked.term;
            }
            let look = self.look(facts, terms)?;
            let mut out = false;
            for rule in &self.body.knockouts {
                out = out || look.walk.truth(rule.when)?;
            }
            if out {
                unfit = Unfit {
                    reason: "knocked_out",
                    binding: None,
                };
            } else {
                let (name, least) = self.least(product, i128::from(term), &look)?;
                if amount <= least {
                    return Ok(Ok(Fit {
                        amount,
                        look,
                        beyond: unfit.binding,
                    }));
                }
                unfit = Unfit {
                    reason: "below_minimum",
                    binding: Some(name),
                };
            }
            amount = floor_to(amount - 1, step, super::Bugs::NONE);
        }
        Ok(Err(unfit))
    }

    fn least(&self, product: &Product, term: i128, look: &Look<'_>) -> Found<(String, i128)> {
        let mut least: Option<(String, i128)> = None;
        for (name, amount) in self.bounds(product, term, look)? {
            let lower = least.as_ref().is_none_or(|(_, found)| {
                amount < *found || amount == *found && self.bugs.has(Bug::LastOfEqualBoundsBinds)
            });
            if lower {
                least = Some((name, amount));
            }
        }
        least.ok_or(Fault::NotThere)
    }

    /// Every upper bound by its name, in declared order.
    fn bounds(&self, product: &Product, term: i128, look: &Look<'_>) -> Found<Vec<(String, i128)>> {
        let limit = &self.body.limit;
        let mut bounds = Vec::new();
        if let Some(node) = limit.affordability
            && !self.bugs.has(Bug::AffordabilityLeftOut)
        {
            let (capacity, rate) = (look.walk.number(node)?, look.walk.number(product.rate)?);
            let most = loan::affordable(capacity, rate, term, minor(limit.step), self.bugs)?;
            bounds.push(("affordability".to_owned(), most));
        }
        let left_out = usize::from(self.bugs.has(Bug::FirstCapLeftOut));
        for cap in limit.caps.iter().skip(left_out) {
            bounds.push((cap.id.to_string(), look.walk.number(cap.node)?));
        }
        bounds.push(("maximum".to_owned(), minor(product.maximum)));
        Ok(bounds)
    }
}
