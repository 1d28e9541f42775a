//! Price, limit at that price, offer.

use super::decision::{Constraint, Offer, OfferFee, Refusal, RefusalReason};
use super::evaluate::{Evaluation, Terms};
use super::recommend::Made;
use crate::loan::{Charged, Leeway};
use crate::policy::{Policy, Product, ProductFee};
use crate::summary::Facts;
use crate::{Money, Ratio};

/// What bounds a limit.
#[derive(Clone, Copy)]
enum Bound {
    /// What can be paid each month.
    Affordability,
    /// A cap of the policy, by index.
    Cap(usize),
    /// What the product allows at most.
    Maximum,
}

/// Why there is no offer, and what bound its limit.
type Refused = (RefusalReason, Option<Bound>);

/// The largest amount that fits, and on which evaluation.
struct Fit {
    amount: Money,
    evaluation: Evaluation,
    /// What the next larger amount of the step grid fails on.
    beyond: Option<Bound>,
}

impl Policy {
    /// The offer of one product and term, or why there is none.
    pub(super) fn offer(&self, facts: &Facts, index: usize, term: u16) -> Result<Made, Refusal> {
        let refusal = |product: String, (reason, binding): Refused| Refusal {
            product,
            term,
            reason,
            binding: binding.map(|bound| self.name(bound)),
        };
        let Some(product) = self.body().products.get(index) else {
            return Err(refusal(String::new(), (RefusalReason::BelowMinimum, None)));
        };
        let look = |amount: Money| {
            let terms = Terms {
                product: index,
                term,
                amount: amount.minor(),
            };
            Evaluation::of(self, facts, terms)
        };
        let refused = |why| refusal(product.id.to_string(), why);
        let top = product.maximum.round_down_to(self.body().limit.step);
        let largest = self
            .largest_up_to(product, term, top, &look)
            .map_err(refused)?;
        let (limit, beyond) = (largest.amount, largest.beyond);
        let reviewed = |fit: &Fit| fit.evaluation.fired(&self.body().reviews).next().is_some();
        let limit_review = reviewed(&largest);
        let wanted = Money::new(facts.amount);
        if wanted < product.minimum {
            return Err(refused((RefusalReason::AskedTooLittle, None)));
        }
        let wanted = wanted.min(limit);
        let same_from = |amount| self.same_from(amount, |node| largest.evaluation.value(node));
        let offered = if same_from(wanted) == same_from(limit) {
            Fit {
                amount: wanted,
                ..largest
            }
        } else {
            self.largest_up_to(product, term, wanted, &look)
                .map_err(refused)?
        };
        let evaluation = &offered.evaluation;
        let annual_rate = self.rate(product, evaluation);
        let terms = product
            .repayment
            .terms(offered.amount, annual_rate, term, facts.as_of);
        let cost = product.cost(&terms).and_then(|cost| {
            let fees = fees(product, offered.amount, cost.schedule.charges())?;
            Some((cost, fees))
        });
        let (cost, fees) = cost.ok_or_else(|| refused((RefusalReason::NoAnnualRate, None)))?;
        let price = self.body().price;
        if price
            .ceiling
            .is_some_and(|ceiling| cost.rate.simple > ceiling)
        {
            return Err(refused((RefusalReason::AboveCeiling, None)));
        }
        let shape = cost.schedule.shape();
        let constraints = self.bounds(product, term, evaluation).into_iter();
        let discounts = self.body().discounts.iter();
        let given = discounts.filter(|discount| evaluation.value(discount.when).is_true());
        let offer = Offer {
            product: product.id.to_string(),
            term,
            annual_rate,
            discounts: given.map(|discount| discount.id.to_string()).collect(),
            amount: offered.amount,
            review: reviewed(&offered),
            limit,
            limit_review,
            binding: match beyond {
                Some(bound) => self.name(bound),
                None => RefusalReason::KnockedOut.code().to_owned(),
            },
            constraints: constraints
                .map(|(bound, amount)| Constraint {
                    name: self.name(bound),
                    amount,
                })
                .collect(),
            instalments: terms.instalments,
            level: shape.level,
            instalment: shape.first,
            largest_instalment: shape.largest,
            last_instalment: shape.last,
            received: cost.received,
            interest: cost.interest,
            fees,
            fee_total: cost.fees,
            total: cost.total,
            simple_rate: cost.rate.simple,
            compound_rate: cost.rate.compound,
            overdue_rate: price.raised(annual_rate, price.overdue),
            misuse_rate: price.raised(annual_rate, price.misuse),
            prepayment_fee: price.prepayment,
        };
        let suits = |node| evaluation.value(node).is_true();
        Ok(Made {
            suits: product.suits.is_some_and(suits),
            offer,
        })
    }

    /// What can be paid back on the evaluated terms; `None` where nothing is
    /// asked of it.
    pub(super) fn affordable(
        &self,
        product: &Product,
        term: u16,
        evaluation: &Evaluation,
    ) -> Option<Money> {
        let capacity = self.capacity(|node| evaluation.money(node))?;
        let (rate, of) = (self.rate(product, evaluation), (term, evaluation.as_of));
        let step = self.body().limit.step;
        Some(product.affordable(&capacity, rate, of, Leeway::Exact, step))
    }

    /// The nominal rate on the evaluated terms.
    pub(super) fn rate(&self, product: &Product, evaluation: &Evaluation) -> Ratio {
        let rate = evaluation.ratio(product.rate);
        self.discounted(rate, |when| evaluation.value(when).is_true())
    }

    fn name(&self, bound: Bound) -> String {
        match bound {
            Bound::Affordability => "affordability".to_owned(),
            Bound::Cap(index) => {
                let cap = self.body().limit.caps.get(index);
                cap.map(|cap| cap.id.to_string()).unwrap_or_default()
            }
            Bound::Maximum => "maximum".to_owned(),
        }
    }

    /// Every upper bound of the limit on the evaluated terms, in declared
    /// order.
    fn bounds(&self, product: &Product, term: u16, evaluation: &Evaluation) -> Vec<(Bound, Money)> {
        let limit = &self.body().limit;
        let mut bounds = Vec::with_capacity(limit.caps.len() + 2);
        let affordable = self.affordable(product, term, evaluation);
        bounds.extend(affordable.map(|principal| (Bound::Affordability, principal)));
        for (index, cap) in limit.caps.iter().enumerate() {
            bounds.push((Bound::Cap(index), evaluation.money(cap.node)));
        }
        bounds.push((Bound::Maximum, product.maximum));
        bounds
    }

    /// The least bound on the evaluated terms; of equal ones the first
    /// declared.
    fn least_bound(
        &self,
        product: &Product,
        term: u16,
        evaluation: &Evaluation,
    ) -> Result<(Bound, Money), Refused> {
        if evaluation.fired(&self.body().knockouts).next().is_some() {
            return Err((RefusalReason::KnockedOut, None));
        }
        let bounds = self.bounds(product, term, evaluation).into_iter();
        let least = bounds.min_by_key(|(_, amount)| *amount);
        least.ok_or((RefusalReason::BelowMinimum, None))
    }

    /// The largest amount that fits on the terms it would itself have: `from`,
    /// or an amount of the step grid below it.
    ///
    /// "Fits" need not be monotone in the amount, since rules, score, price
    /// and caps may read it; but they are the same for all amounts of a
    /// segment ([`Policy::same_from`]), so that one look at a segment finds
    /// the largest amount in it that fits, or that none does.
    fn largest_up_to(
        &self,
        product: &Product,
        term: u16,
        from: Money,
        look: &impl Fn(Money) -> Evaluation,
    ) -> Result<Fit, Refused> {
        let step = self.body().limit.step;
        // Nothing but the product's own maximum stands above the top.
        let (mut reason, mut beyond) = (RefusalReason::BelowMinimum, Some(Bound::Maximum));
        let mut amount = from;
        while amount >= product.minimum {
            let evaluation = look(amount);
            let start = self.same_from(amount, |node| evaluation.value(node));
            match self.least_bound(product, term, &evaluation) {
                Ok((bound, least)) => {
                    if least < amount {
                        (reason, beyond) = (RefusalReason::BelowMinimum, Some(bound));
                        amount = least.round_down_to(step);
                    }
                    if amount >= start && amount >= product.minimum {
                        return Ok(Fit {
                            amount,
                            evaluation,
                            beyond,
                        });
                    }
                }
                Err(why) => (reason, beyond) = why,
            }
            amount = start
                .minus(Money::new(1))
                .unwrap_or(Money::ZERO)
                .round_down_to(step);
        }
        Err((reason, beyond))
    }
}

/// What a product costs beside its interest; `None` beyond what can be
/// counted.
fn fees(product: &Product, asked: Money, charges: u16) -> Option<Vec<OfferFee>> {
    let told = |told: &ProductFee| {
        let fee = &told.fee;
        let each = fee.amount(asked)?;
        let times = match fee.charged {
            Charged::EachInstalment => charges,
            _ => 1,
        };
        Some(OfferFee {
            name: told.id.to_string(),
            charged: fee.charged,
            payee: told.payee.to_string(),
            fixed: fee.fixed,
            share: fee.share,
            each,
            times,
            amount: Money::new(each.minor().checked_mul(times.into())?),
        })
    };
    product.fees.iter().map(told).collect()
}
