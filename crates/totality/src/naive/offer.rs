//! Offers: every amount of the grid from the top down, each on its own terms.

use prequal::Ratio;
use prequal::loan::{Charged, Fee};
use prequal::policy::{Change, Product};
use serde_json::{Map, Value as Json, json};

use super::bug::Bug;
use super::card::{Facts, Look};
use super::fault::{Fault, Found};
use super::formula::floor_to;
use super::period::half_up;
use super::{Capacity, Conditions, Naive, Terms, minor};

const MILLION: i128 = 1_000_000;

/// An offer, or why there is none.
pub(crate) struct Looked {
    pub(crate) made: Option<Made>,
    pub(crate) json: Json,
}

/// What of an offer counts beside others.
pub(crate) struct Made {
    pub(crate) product: String,
    pub(crate) term: u16,
    /// The offer's limit, what binds it, and whether a person would look.
    pub(crate) limit: (i128, String, bool),
    pub(crate) amount: i128,
    pub(crate) review: bool,
    pub(crate) suits: bool,
    /// All interest and fees.
    pub(crate) cost: i128,
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
                made: None,
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
        let (rate, discounts) = self.rate(product, &offered.look)?;
        let conditions = self.conditions(product, rate, (term, facts.as_of));
        let Some(cost) = conditions.cost(amount)? else {
            return Ok(refused(Unfit {
                reason: "no_annual_rate",
                binding: None,
            }));
        };
        if self.is_above_ceiling(rate, cost.simple) {
            return Ok(refused(Unfit {
                reason: "above_ceiling",
                binding: None,
            }));
        }
        let binding = largest.beyond.unwrap_or_else(|| "knocked_out".to_owned());
        let constraints = self.bounds(product, (term, facts.as_of), &offered.look)?;
        let constraints = constraints
            .into_iter()
            .map(|(name, amount)| json!({ "amount": amount as i64, "name": name }));
        let limit_review = self.reviewed(&largest.look)?;
        let review = self.reviewed(&offered.look)?;
        let fees = product.fees.iter().map(|fee| {
            let each = conditions.fee(&fee.fee, amount);
            let times = match fee.fee.charged {
                Charged::EachInstalment => cost.charges,
                _ => 1,
            };
            json!({
                "amount": (each * times) as i64,
                "charged": charged(&fee.fee),
                "each": each as i64,
                "fixed": fee.fee.fixed.minor(),
                "name": fee.id.as_str(),
                "payee": fee.payee.as_str(),
                "share": fee.fee.share.millionths(),
                "times": times as i64,
            })
        });
        let suits = match product.suits {
            Some(suits) => offered.look.walk.truth(suits)?,
            None => false,
        };
        let price = self.body.price;
        let raised = |beyond: Ratio| {
            let raised = rate * (MILLION + i128::from(beyond.millionths()));
            let raised = half_up(raised, MILLION);
            match price
                .ceiling
                .map(|ceiling| i128::from(ceiling.millionths()))
            {
                Some(ceiling) if raised > ceiling => ceiling.max(rate) as i64,
                _ => raised as i64,
            }
        };
        let json = json!({
            "amount": amount as i64,
            "annual_rate": rate as i64,
            "binding": binding,
            "compound_rate": cost.compound as i64,
            "constraints": constraints.collect::<Vec<Json>>(),
            "discounts": discounts,
            "fee_total": (cost.total - amount - cost.interest) as i64,
            "fees": fees.collect::<Vec<Json>>(),
            "instalment": cost.first as i64,
            "instalments": conditions.instalments() as i64,
            "interest": cost.interest as i64,
            "largest_instalment": cost.largest as i64,
            "level": cost.level,
            "last_instalment": cost.last as i64,
            "limit": largest.amount as i64,
            "limit_review": limit_review,
            "misuse_rate": raised(price.misuse),
            "overdue_rate": raised(price.overdue),
            "prepayment_fee": price.prepayment.millionths(),
            "product": product.id.as_str(),
            "received": cost.received as i64,
            "review": review,
            "simple_rate": cost.simple as i64,
            "term": term as i64,
            "total": cost.total as i64,
        });
        let made = Made {
            product: product.id.to_string(),
            term: at.1,
            limit: (largest.amount, binding, limit_review),
            amount,
            review,
            suits,
            cost: cost.total - amount,
        };
        Ok(Looked {
            made: Some(made),
            json,
        })
    }

    /// The nominal rate that is left of a product's, and the discounts that
    /// are given.
    pub(crate) fn rate(&self, product: &Product, look: &Look<'_>) -> Found<(i128, Vec<String>)> {
        let mut rate = look.walk.number(product.rate)?;
        let mut given = Vec::new();
        for discount in &self.body.discounts {
            if look.walk.truth(discount.when)? {
                given.push(discount);
            }
        }
        let names = given.iter().map(|discount| discount.id.to_string());
        let names = names.collect();
        if self.bugs.has(Bug::DiscountsInReverse) {
            given.reverse();
        }
        if self.bugs.has(Bug::OneDiscountOnly) {
            given.truncate(1);
        }
        for discount in given {
            rate = match discount.change {
                Change::Less(by) => (rate - i128::from(by.millionths())).max(0),
                Change::Times(share) => {
                    let left = rate * i128::from(share.millionths());
                    match self.bugs.has(Bug::DiscountsRoundedDown) {
                        true => left.div_euclid(MILLION),
                        false => -(-left).div_euclid(MILLION),
                    }
                }
            };
        }
        Ok((rate, names))
    }

    /// The conditions of loans of a product, for so many months from a day.
    pub(crate) fn conditions(
        &self,
        product: &Product,
        rate: i128,
        (months, start): (i128, i128),
    ) -> Conditions {
        Conditions {
            repayment: product.repayment,
            fees: product.fees.iter().map(|fee| fee.fee).collect(),
            rate,
            months,
            start,
            bugs: self.bugs.of_loans(),
        }
    }

    fn is_above_ceiling(&self, nominal: i128, simple: i128) -> bool {
        let Some(ceiling) = self.body.price.ceiling else {
            return false;
        };
        let rate = match self.bugs.has(Bug::CeilingOnTheNominalRate) {
            true => nominal,
            false => simple,
        };
        let above = i128::from(ceiling.millionths()) + 1;
        rate >= above - i128::from(self.bugs.has(Bug::CeilingIsAbove))
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
                let (name, least) = self.least(product, (i128::from(term), facts.as_of), &look)?;
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

    fn least(&self, product: &Product, of: (i128, i128), look: &Look<'_>) -> Found<(String, i128)> {
        let mut least: Option<(String, i128)> = None;
        for (name, amount) in self.bounds(product, of, look)? {
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
    fn bounds(
        &self,
        product: &Product,
        of: (i128, i128),
        look: &Look<'_>,
    ) -> Found<Vec<(String, i128)>> {
        let limit = &self.body.limit;
        let mut bounds = Vec::new();
        let figures = limit.affordability.iter();
        let figures = figures.map(|node| look.walk.number(*node));
        let capacity = Capacity::of(figures.collect::<Found<_>>()?)?;
        if let Some(capacity) = capacity
            && !self.bugs.has(Bug::AffordabilityLeftOut)
        {
            let (rate, _) = self.rate(product, look)?;
            let most = self
                .conditions(product, rate, of)
                .affordable(&capacity, minor(limit.step))?;
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

/// The code of the way in which a fee is charged.
fn charged(fee: &Fee) -> &'static str {
    match fee.charged {
        Charged::UpFront => "up_front",
        Charged::Deducted => "deducted",
        Charged::Financed => "financed",
        Charged::EachInstalment => "each_instalment",
        Charged::AtEnd => "at_end",
        Charged::ByPartner => "by_partner",
    }
}
