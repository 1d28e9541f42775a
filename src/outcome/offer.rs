//! Price, limit at that price, offer.

use super::decision::{Constraint, Offer, Refusal, RefusalReason};
use super::evaluate::{Evaluation, Terms};
use crate::loan::{LoanTerms, Schedule, annual_rate, largest_principal};
use crate::policy::{Plan, Policy, Product};
use crate::summary::Facts;
use crate::{Date, Money, Ratio};

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

/// A limit, what binds it, and the evaluation of the amount offered.
struct Bounded {
    limit: Money,
    binding: Option<Bound>,
    amount: Money,
    evaluation: Evaluation,
}

impl Policy {
    /// The offer of one product and term, or why there is none.
    pub(super) fn offer(&self, facts: &Facts, index: usize, term: u16) -> Result<Offer, Refusal> {
        let refusal = |product: String, (reason, binding): Refused| Refusal {
            product,
            term,
            reason,
            binding: binding.map(|bound| self.name(bound)),
        };
        let Some(product) = self.body().products.get(index) else {
            return Err(refusal(String::new(), (RefusalReason::BelowMinimum, None)));
        };
        let asked = Money::new(facts.amount);
        let look = |amount: Money| {
            let terms = Terms {
                product: index,
                term,
                amount: amount.minor(),
            };
            Evaluation::of(self, facts, terms)
        };
        let bounded = if self.reads_amount {
            self.scan(product, term, asked, look)
        } else {
            self.bound(product, term, asked, look(asked))
        };
        let bounded = bounded.map_err(|why| refusal(product.id.to_string(), why))?;
        let annual_rate = bounded.evaluation.ratio(product.rate);
        let priced = priced(product.plan, bounded.amount, annual_rate, term, facts.as_of)
            .ok_or_else(|| refusal(product.id.to_string(), (RefusalReason::NoAnnualRate, None)))?;
        let constraints = self.bounds(product, term, &bounded.evaluation);
        Ok(Offer {
            product: product.id.to_string(),
            term,
            annual_rate,
            amount: bounded.amount,
            limit: bounded.limit,
            binding: match bounded.binding {
                Some(bound) => self.name(bound),
                None => RefusalReason::KnockedOut.code().to_owned(),
            },
            constraints: constraints
                .map(|(bound, amount)| Constraint {
                    name: self.name(bound),
                    amount,
                })
                .collect(),
            instalment: priced.instalment,
            last_instalment: priced.last_instalment,
            interest: priced.interest,
            total: priced.total,
            simple_rate: priced.simple_rate,
            compound_rate: priced.compound_rate,
        })
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
    fn bounds<'a>(
        &'a self,
        product: &'a Product,
        term: u16,
        evaluation: &'a Evaluation,
    ) -> impl Iterator<Item = (Bound, Money)> + 'a {
        let limit = &self.body().limit;
        let affordability = limit.affordability.map(|node| {
            let (capacity, rate) = (evaluation.money(node), evaluation.ratio(product.rate));
            let principal = largest_principal(capacity, rate, term, limit.step);
            (Bound::Affordability, principal)
        });
        let caps = limit.caps.iter().enumerate();
        let caps = caps.map(|(index, cap)| (Bound::Cap(index), evaluation.money(cap.node)));
        let maximum = (Bound::Maximum, product.maximum);
        affordability.into_iter().chain(caps).chain([maximum])
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
        let bounds = self.bounds(product, term, evaluation);
        let least = bounds.min_by_key(|(_, amount)| *amount);
        least.ok_or((RefusalReason::BelowMinimum, None))
    }

    /// The limit where nothing depends on the amount: the least bound,
    /// rounded down to the step. What is offered of it is what was asked for,
    /// as far as product and limit have it.
    fn bound(
        &self,
        product: &Product,
        term: u16,
        asked: Money,
        evaluation: Evaluation,
    ) -> Result<Bounded, Refused> {
        let (bound, least) = self.least_bound(product, term, &evaluation)?;
        let limit = least.round_down_to(self.body().limit.step);
        if limit < product.minimum {
            return Err((RefusalReason::BelowMinimum, Some(bound)));
        }
        Ok(Bounded {
            limit,
            binding: Some(bound),
            amount: asked.clamp(product.minimum, limit),
            evaluation,
        })
    }

    /// The limit where rules, score, price or caps read the amount: the
    /// largest amount of the step grid that fits on the terms it would itself
    /// have. "Fits" need not be monotone, so the grid is scanned from above;
    /// its size is bounded when the policy is checked.
    fn scan(
        &self,
        product: &Product,
        term: u16,
        asked: Money,
        look: impl Fn(Money) -> Evaluation,
    ) -> Result<Bounded, Refused> {
        let fits = |amount: Money| {
            let evaluation = look(amount);
            match self.least_bound(product, term, &evaluation)? {
                (_, least) if amount <= least => Ok(evaluation),
                (bound, _) => Err((RefusalReason::BelowMinimum, Some(bound))),
            }
        };
        let step = self.body().limit.step;
        let grid = || {
            let top = product.maximum.round_down_to(step);
            core::iter::successors(Some(top), move |amount| amount.minus(step))
                .take_while(|amount| *amount >= product.minimum)
        };
        // What the next larger amount failed on; nothing but the product's
        // own maximum stands above the top of the grid.
        let mut failed = (RefusalReason::BelowMinimum, Some(Bound::Maximum));
        for limit in grid() {
            let evaluation = match fits(limit) {
                Ok(evaluation) => evaluation,
                Err(why) => {
                    failed = why;
                    continue;
                }
            };
            let largest = |amount, evaluation| Bounded {
                limit,
                binding: failed.1,
                amount,
                evaluation,
            };
            if asked >= limit {
                return Ok(largest(limit, evaluation));
            }
            let wanted = asked.clamp(product.minimum, limit);
            let smaller = grid().filter(|amount| *amount < wanted);
            let offered = core::iter::once(wanted)
                .chain(smaller)
                .find_map(|amount| Some((amount, fits(amount).ok()?)));
            // Where neither what was asked for nor less of it fits, more does.
            let (amount, evaluation) = offered.unwrap_or((limit, evaluation));
            return Ok(largest(amount, evaluation));
        }
        Err(failed)
    }
}

/// What a loan costs.
pub(super) struct Priced {
    pub(super) instalment: Money,
    pub(super) last_instalment: Money,
    pub(super) interest: Money,
    pub(super) total: Money,
    pub(super) simple_rate: Ratio,
    pub(super) compound_rate: Ratio,
}

/// The figures of a plan; `None` where it has no schedule or no annual rate.
pub(super) fn priced(
    plan: Plan,
    principal: Money,
    annual: Ratio,
    months: u16,
    start: Date,
) -> Option<Priced> {
    let terms = LoanTerms {
        principal,
        annual_rate: annual,
        months,
        start,
    };
    let schedule = match plan {
        Plan::EqualInstalment => Schedule::equal_instalments(&terms)?,
    };
    let interest = schedule.interest()?;
    let rate = annual_rate(principal, schedule.payments())?;
    Some(Priced {
        instalment: schedule.payments().next()?,
        last_instalment: schedule.payments().next_back()?,
        interest,
        total: principal.plus(interest)?,
        simple_rate: rate.simple,
        compound_rate: rate.compound,
    })
}
