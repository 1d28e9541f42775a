//! Price, limit at that price, offer.

use super::decision::{Constraint, Limit, Offer, Refusal, RefusalReason};
use super::evaluate::{Evaluation, Terms};
use crate::loan::{LoanTerms, Schedule, annual_rate, largest_principal};
use crate::policy::{Plan, Policy, Product};
use crate::summary::Facts;
use crate::{Date, Money, Ratio};

/// What the product itself allows at most.
const MAXIMUM: &str = "maximum";
const AFFORDABILITY: &str = "affordability";

/// What a limit came to, and the evaluation of the amount offered.
struct Bounded {
    limit: Limit,
    constraints: Vec<Constraint>,
    amount: Money,
    evaluation: Evaluation,
}

impl Policy {
    /// The offer of one product and term, or why there is none.
    pub(super) fn offer(&self, facts: &Facts, product: usize, term: u16) -> Result<Offer, Refusal> {
        let Some(chosen) = self.body().products.get(product) else {
            return Err(refusal(
                String::new(),
                term,
                RefusalReason::NoAnnualRate,
                None,
            ));
        };
        let name = || chosen.id.to_string();
        let terms = |amount: Money| Terms {
            product,
            term,
            amount: amount.minor(),
        };
        let look = |amount: Money| Evaluation::of(self, facts, terms(amount));
        let asked = Money::new(facts.amount);
        let bounded = if self.reads_amount {
            self.scan(chosen, term, asked, look)
        } else {
            self.bound(chosen, term, asked, look(asked))
        };
        let bounded =
            bounded.map_err(|(reason, binding)| refusal(name(), term, reason, binding))?;
        let annual_rate = bounded.evaluation.ratio(chosen.rate);
        let priced = priced(chosen.plan, bounded.amount, annual_rate, term, facts.as_of)
            .ok_or_else(|| refusal(name(), term, RefusalReason::NoAnnualRate, None))?;
        Ok(Offer {
            product: name(),
            term,
            annual_rate,
            amount: bounded.amount,
            limit: bounded.limit.amount,
            binding: bounded.limit.binding,
            constraints: bounded.constraints,
            instalment: priced.instalment,
            last_instalment: priced.last_instalment,
            interest: priced.interest,
            total: priced.total,
            simple_rate: priced.simple_rate,
            compound_rate: priced.compound_rate,
        })
    }

    /// Every upper bound of the limit on the evaluated terms.
    fn constraints(
        &self,
        product: &Product,
        term: u16,
        evaluation: &Evaluation,
    ) -> Vec<Constraint> {
        let limit = &self.body().limit;
        let rate = evaluation.ratio(product.rate);
        let affordability = limit.affordability.map(|node| Constraint {
            name: AFFORDABILITY.to_owned(),
            amount: largest_principal(evaluation.money(node), rate, term, limit.step),
        });
        let caps = limit.caps.iter().map(|cap| Constraint {
            name: cap.id.to_string(),
            amount: evaluation.money(cap.node),
        });
        let maximum = Constraint {
            name: MAXIMUM.to_owned(),
            amount: product.maximum,
        };
        affordability
            .into_iter()
            .chain(caps)
            .chain([maximum])
            .collect()
    }

    /// The limit where nothing depends on the amount: the least constraint,
    /// rounded down to the step.
    fn bound(
        &self,
        product: &Product,
        term: u16,
        asked: Money,
        evaluation: Evaluation,
    ) -> Result<Bounded, (RefusalReason, Option<String>)> {
        if evaluation.fired(&self.body().knockouts).next().is_some() {
            return Err((RefusalReason::KnockedOut, None));
        }
        let constraints = self.constraints(product, term, &evaluation);
        let binding = least(&constraints);
        let amount = binding.amount.round_down_to(self.body().limit.step);
        if amount < product.minimum {
            return Err((RefusalReason::BelowMinimum, Some(binding.name)));
        }
        let limit = Limit {
            amount,
            binding: binding.name,
        };
        let amount = if asked <= limit.amount {
            asked
        } else {
            limit.amount
        };
        Ok(Bounded {
            limit,
            constraints,
            amount,
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
    ) -> Result<Bounded, (RefusalReason, Option<String>)> {
        let judge = |amount: Money| {
            let bounded = self.bound(product, term, amount, look(amount))?;
            // The grid is coarser than an amount asked for, so what fits is
            // held against the constraints themselves.
            let least = least(&bounded.constraints);
            if least.amount < amount {
                return Err((RefusalReason::BelowMinimum, Some(least.name)));
            }
            Ok(bounded)
        };
        let step = self.body().limit.step;
        let grid = || {
            let top = product.maximum.round_down_to(step);
            core::iter::successors(Some(top), move |amount| amount.minus(step))
                .take_while(|amount| *amount >= product.minimum)
        };
        // What the next larger amount failed on; nothing but the product's
        // own maximum stands above the top of the grid.
        let mut failed = (RefusalReason::BelowMinimum, Some(MAXIMUM.to_owned()));
        let mut largest = None;
        for amount in grid() {
            match judge(amount) {
                Ok(bounded) => {
                    largest = Some((amount, bounded));
                    break;
                }
                Err(why) => failed = why,
            }
        }
        let Some((largest, top)) = largest else {
            return Err(failed);
        };
        let binding = failed
            .1
            .unwrap_or_else(|| RefusalReason::KnockedOut.code().to_owned());
        let limit = Limit {
            amount: largest,
            binding,
        };
        let offered = if asked > largest {
            Some((largest, top))
        } else {
            core::iter::once(asked)
                .chain(grid().filter(|amount| *amount < asked))
                .find_map(|amount| judge(amount).ok().map(|bounded| (amount, bounded)))
        };
        let (amount, bounded) = offered.ok_or((RefusalReason::BelowMinimum, None))?;
        Ok(Bounded {
            limit,
            amount,
            ..bounded
        })
    }
}

fn refusal(product: String, term: u16, reason: RefusalReason, binding: Option<String>) -> Refusal {
    Refusal {
        product,
        term,
        reason,
        binding,
    }
}

/// The least constraint; of equal ones the first declared.
fn least(constraints: &[Constraint]) -> Constraint {
    let least = constraints
        .iter()
        .min_by_key(|constraint| constraint.amount);
    least.cloned().unwrap_or(Constraint {
        name: MAXIMUM.to_owned(),
        amount: Money::ZERO,
    })
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
        instalment: schedule.rows.first()?.payment,
        last_instalment: schedule.rows.last()?.payment,
        interest,
        total: principal.plus(interest)?,
        simple_rate: rate.simple,
        compound_rate: rate.compound,
    })
}
