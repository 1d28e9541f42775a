//! The rate at which a stream is worth nothing, and whether it is the only one.
//!
//! Advances and payments are each worth less the higher the rate, so between
//! two rates each is worth no more than at the lower and no less than at the
//! higher. The same holds of how fast they fall. That bounds their difference
//! and its slope over a whole interval of rates from the ends alone, which is
//! all that a proof needs: the root is alone where the difference falls
//! through zero in an interval and keeps its sign in all others.

use core::cmp::Ordering;

use super::RateError;
use super::interval::Time;
use crate::math::{exp2, pow, power};

/// Binary logarithms of how much a debt may grow in a month, at most: sixfold
/// where one rate at most is possible, half as much again where there may be
/// several.
const MOST_GROWTH_OF_ONE: f64 = 2.584_962_500_721_156;
const MOST_GROWTH_OF_SEVERAL: f64 = 0.584_962_500_721_156_2;

/// The most Newton steps or halvings; a rate takes about five.
const STEPS: u32 = 200;

/// The most intervals that a proof looks at.
const INTERVALS: u32 = 4_000;

/// How a debt grows within a fraction of a period, at the rate `i` of a period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Growth {
    /// By `1 + f · i` in the fraction `f`: 12 CFR 1026, Appendix J, (b)(6).
    Simple,
    /// By `(1 + i)^f`.
    Compound,
}

/// What is paid and what is advanced, net at each time, in periods.
#[derive(Clone, Debug)]
pub(super) struct Equation {
    growth: Growth,
    /// The flows at each part of a period that occurs.
    groups: Vec<Group>,
    /// What is paid less what is advanced, without interest.
    profit: i64,
    /// How often payments follow advances or advances payments; none where
    /// all are of one kind.
    changes: u32,
    /// Whether the first is a payment.
    paid_first: bool,
    /// The share of a sum of worths that rounding may have added or taken.
    slack: f64,
}

/// Flows at the same part of a period, over which the discount of whole
/// periods runs along.
#[derive(Clone, Debug)]
struct Group {
    part: f64,
    paid: Flows,
    advanced: Flows,
}

/// Amounts in the order of time.
#[derive(Clone, Debug, Default)]
struct Flows {
    all: Vec<Flow>,
    reached: u32,
}

#[derive(Clone, Copy, Debug)]
struct Flow {
    amount: f64,
    /// Whole periods since the beginning, and since the flow before.
    whole: f64,
    gap: u32,
}

/// Worth at a rate, and how fast it falls as the rate rises.
#[derive(Clone, Copy, Debug)]
struct Worth {
    now: f64,
    fall: f64,
}

/// Both sides at a rate.
#[derive(Clone, Copy, Debug)]
struct Sides {
    rate: f64,
    paid: Worth,
    advanced: Worth,
}

/// What is known of a number from its bounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sign {
    Positive,
    Negative,
    Unknown,
}

impl Equation {
    /// The equation of flows in any order, each in minor units, payments
    /// above zero and advances below; all payments and all advances together
    /// within ±[`LARGEST`](crate::LARGEST).
    pub(super) fn new(growth: Growth, mut flows: Vec<(Time, i64)>) -> Equation {
        flows.sort_by(|(one, _), (other, _)| one.order(*other));
        let mut equation = Equation {
            growth,
            groups: Vec::new(),
            profit: 0,
            changes: 0,
            paid_first: false,
            // A few units in the last place for each multiplication and
            // addition, and for each period, over which the discount's own
            // add up.
            slack: 0.0,
        };
        let mut last = None;
        let mut rest = flows.as_slice();
        while let [(time, _), ..] = rest {
            let same = |(other, _): &&(Time, i64)| time.order(*other) == Ordering::Equal;
            let count = rest.iter().take_while(same).count();
            let (now, later) = rest.split_at_checked(count).unwrap_or((rest, &[]));
            rest = later;
            let net: i64 = now.iter().map(|(_, amount)| amount).sum();
            if net == 0 {
                continue;
            }
            equation.put(*time, net);
            let paid = net > 0;
            equation.profit += net;
            equation.paid_first |= last.is_none() && paid;
            equation.changes += u32::from(last.is_some_and(|last| last != paid));
            last = Some(paid);
        }
        let longest = flows.last().map_or(0, |(time, _)| time.whole);
        let operations = 4.0 * flows.len() as f64 + 4.0 * f64::from(longest) + 64.0;
        equation.slack = operations * f64::EPSILON;
        equation
    }

    /// Adds what is paid at a time, not before that of any other.
    fn put(&mut self, time: Time, net: i64) {
        let same = |group: &Group| group.part == time.part;
        let group = match self.groups.iter().position(same) {
            Some(index) => self.groups.get_mut(index),
            None => {
                self.groups.push(Group {
                    part: time.part,
                    paid: Flows::default(),
                    advanced: Flows::default(),
                });
                self.groups.last_mut()
            }
        };
        if let Some(group) = group {
            let side = if net > 0 {
                &mut group.paid
            } else {
                &mut group.advanced
            };
            side.all.push(Flow {
                amount: net.unsigned_abs() as f64,
                whole: f64::from(time.whole),
                gap: time.whole - side.reached,
            });
            side.reached = time.whole;
        }
    }

    /// The rate of a period, of so many months, at which all that is paid is
    /// worth all that is advanced: from 0 up, and the only one, as told in
    /// the [module](super)'s documentation.
    ///
    /// # Errors
    /// That there is none, or not one alone.
    pub(super) fn solve(&self, months: f64) -> Result<f64, RateError> {
        if self.groups.is_empty() {
            // Every rate solves it.
            return Err(RateError::Several);
        }
        if self.profit < 0 {
            return Err(RateError::LessPaid);
        }
        let highest = |growth: f64| exp2(growth * months) - 1.0;
        match (self.changes, self.profit) {
            (0, _) => Err(RateError::OutOfRange),
            (1, 0) => Ok(0.0),
            (1, _) if self.paid_first => Err(RateError::OutOfRange),
            (1, _) => self.only(highest(MOST_GROWTH_OF_ONE)),
            _ => self.proven(highest(MOST_GROWTH_OF_SEVERAL)),
        }
    }

    /// The rate where there is at most one and the payments are worth more
    /// than the advances without interest: all advances come first. Worth of
    /// payments over that of advances only falls as the rate rises, by either
    /// growth, since later times are discounted more; where it is not yet 1
    /// at the highest rate, no rate in the range solves it.
    fn only(&self, highest: f64) -> Result<f64, RateError> {
        let top = self.sides(highest);
        if top.paid.now > top.advanced.now {
            return Err(RateError::OutOfRange);
        }
        Ok(self.root(highest))
    }

    /// The rate where there may be several.
    fn proven(&self, highest: f64) -> Result<f64, RateError> {
        let (bottom, top) = (self.sides(0.0), self.sides(highest));
        if self.profit == 0 {
            let alone = self.alone(&bottom, &bottom, &top);
            return if alone {
                Ok(0.0)
            } else {
                Err(RateError::Several)
            };
        }
        match self.difference(&top, &top) {
            Sign::Negative => {
                let root = self.sides(self.root(highest));
                if self.alone(&bottom, &root, &top) {
                    Ok(root.rate)
                } else {
                    Err(RateError::Several)
                }
            }
            Sign::Positive if self.keeps(Sign::Positive, bottom, top) => Err(RateError::OutOfRange),
            _ => Err(RateError::Several),
        }
    }

    /// A rate in the range at which both sides are worth the same, where the
    /// payments are worth more at 0 and no more at the highest.
    ///
    /// Newton's steps on `(P − A) / (P + A)`, nearly straight in the rate for
    /// streams that are discounted over and over; halving where they would
    /// leave the bracket or do not at least halve.
    fn root(&self, highest: f64) -> f64 {
        let (mut low, mut high, mut rate, mut last) = (0.0, highest, 0.0, highest);
        for _ in 0..STEPS {
            let Sides { paid, advanced, .. } = self.sides(rate);
            let difference = paid.now - advanced.now;
            let turn = 2.0 * (paid.fall * advanced.now - paid.now * advanced.fall);
            let step = difference * (paid.now + advanced.now) / turn;
            let next = rate + step;
            if step.abs() <= rate * NEAR {
                return next;
            }
            if difference > 0.0 {
                low = rate;
            } else {
                high = rate;
            }
            let newton = low < next && next < high && step.abs() <= last * 0.5;
            let next = if newton {
                next
            } else {
                low + (high - low) * 0.5
            };
            last = (next - rate).abs();
            if last == 0.0 {
                break;
            }
            rate = next;
        }
        rate
    }

    /// Whether a root is proven to be the only one between two rates.
    fn alone(&self, bottom: &Sides, root: &Sides, top: &Sides) -> bool {
        let mut reach = top.rate;
        for _ in 0..STEPS {
            let low = self.between(bottom, root.rate - reach);
            let high = self.before(top, root.rate + reach);
            match self.slope(&low, &high) {
                Sign::Unknown => reach *= 0.5,
                slope => {
                    let after = slope;
                    let before = if slope == Sign::Negative {
                        Sign::Positive
                    } else {
                        Sign::Negative
                    };
                    let begins = low.rate <= bottom.rate || self.keeps(before, *bottom, low);
                    return begins && (high.rate >= top.rate || self.keeps(after, high, *top));
                }
            }
        }
        false
    }

    /// Both sides at a rate, or at the lowest if that is higher.
    fn between(&self, bottom: &Sides, rate: f64) -> Sides {
        if rate > bottom.rate {
            self.sides(rate)
        } else {
            *bottom
        }
    }

    /// Both sides at a rate, or at the highest if that is lower.
    fn before(&self, top: &Sides, rate: f64) -> Sides {
        if rate < top.rate {
            self.sides(rate)
        } else {
            *top
        }
    }

    /// Whether the payments less the advances are proven to keep a sign
    /// between two rates.
    fn keeps(&self, sign: Sign, low: Sides, high: Sides) -> bool {
        let mut open = vec![(low, high)];
        for _ in 0..INTERVALS {
            let Some((low, high)) = open.pop() else {
                return true;
            };
            if self.difference(&low, &high) == sign {
                continue;
            }
            let middle = low.rate + (high.rate - low.rate) * 0.5;
            if middle <= low.rate || middle >= high.rate {
                return false;
            }
            let middle = self.sides(middle);
            open.push((middle, high));
            open.push((low, middle));
        }
        false
    }

    /// The sign of the payments less the advances at every rate between two.
    fn difference(&self, low: &Sides, high: &Sides) -> Sign {
        let slack = self.slack * (low.paid.now + low.advanced.now);
        bounded(
            high.paid.now - low.advanced.now - slack,
            low.paid.now - high.advanced.now + slack,
        )
    }

    /// The sign of its slope at every rate between two.
    fn slope(&self, low: &Sides, high: &Sides) -> Sign {
        let slack = self.slack * (low.paid.fall + low.advanced.fall);
        bounded(
            high.advanced.fall - low.paid.fall - slack,
            low.advanced.fall - high.paid.fall + slack,
        )
    }

    fn sides(&self, rate: f64) -> Sides {
        let discount = 1.0 / (1.0 + rate);
        let nothing = Worth {
            now: 0.0,
            fall: 0.0,
        };
        let mut sides = Sides {
            rate,
            paid: nothing,
            advanced: nothing,
        };
        for group in &self.groups {
            // What the part of a period discounts, and adds to the time.
            let (factor, share) = match (self.growth, group.part) {
                (_, 0.0) => (1.0, 0.0),
                (Growth::Compound, part) => (pow(1.0 + rate, -part), part),
                (Growth::Simple, part) => {
                    let grown = 1.0 + part * rate;
                    (1.0 / grown, part * (1.0 + rate) / grown)
                }
            };
            sides.paid.add(&group.paid, discount, factor, share);
            sides.advanced.add(&group.advanced, discount, factor, share);
        }
        sides
    }
}

impl Worth {
    /// Adds flows at a discount for each period and a factor for all of them.
    fn add(&mut self, flows: &Flows, discount: f64, factor: f64, share: f64) {
        let (mut worth, mut times) = (0.0, 0.0);
        let mut running = 1.0;
        let (mut gap, mut across) = (1, discount);
        for flow in &flows.all {
            if flow.gap != gap {
                (gap, across) = (flow.gap, power(discount, flow.gap));
            }
            running *= across;
            let now = flow.amount * running;
            worth += now;
            times += flow.whole * now;
        }
        self.now += worth * factor;
        self.fall += (times + share * worth) * factor * discount;
    }
}

/// How near two steps of Newton's are, as a share of the rate, when the next
/// would be lost in rounding: the square root of the last place.
const NEAR: f64 = 1.490_116_119_384_765_6e-8;

fn bounded(least: f64, most: f64) -> Sign {
    if least > 0.0 {
        Sign::Positive
    } else if most < 0.0 {
        Sign::Negative
    } else {
        Sign::Unknown
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Amounts at months, counted.
    fn solved(flows: &[(u32, i64)]) -> Result<f64, RateError> {
        let flows = flows.iter().map(|(whole, amount)| {
            let time = Time::new(*whole, 0.0);
            (time, *amount)
        });
        Equation::new(Growth::Compound, flows.collect()).solve(1.0)
    }

    #[test]
    fn one_payment_after_one_advance() {
        let tenth = solved(&[(0, -100), (1, 110)]);
        assert!(tenth.is_ok_and(|rate| (rate - 0.1).abs() < 1e-15));
        assert_eq!(solved(&[(0, -100), (12, 100)]), Ok(0.0));
        assert_eq!(solved(&[(0, -100), (1, 99)]), Err(RateError::LessPaid));
    }

    /// Up to sixfold in a month where there is one rate at most.
    #[test]
    fn the_range_has_an_end() {
        assert!(solved(&[(0, -100), (1, 599)]).is_ok_and(|rate| (rate - 4.99).abs() < 1e-12));
        assert_eq!(solved(&[(0, -100), (1, 601)]), Err(RateError::OutOfRange));
    }

    /// What comes first decides who lends.
    #[test]
    fn a_deposit_is_no_loan() {
        assert_eq!(solved(&[(0, 100), (1, -90)]), Err(RateError::OutOfRange));
        assert_eq!(solved(&[(0, 100), (1, -100)]), Ok(0.0));
        assert_eq!(solved(&[(0, 100), (1, -110)]), Err(RateError::LessPaid));
    }

    /// 10 % and 20 % solve it; 10 % alone where the other is 300 %.
    #[test]
    fn two_rates_are_one_where_the_other_is_out_of_range() {
        let two = [(0, 100), (1, -230), (2, 132)];
        assert_eq!(solved(&two), Err(RateError::Several));
        let one = solved(&[(0, 100), (1, -510), (2, 440)]);
        assert!(one.is_ok_and(|rate| (rate - 0.1).abs() < 1e-14));
    }

    /// 20 % twice: the worth touches zero and does not cross it.
    #[test]
    fn a_rate_that_solves_it_twice_is_not_alone() {
        let touched = [(0, 100), (1, -240), (2, 144)];
        assert_eq!(solved(&touched), Err(RateError::Several));
        let missed = [(0, 100), (1, -239), (2, 144)];
        assert_eq!(solved(&missed), Err(RateError::OutOfRange));
    }

    /// Nothing is earned: 0 % solves it, and here 25 % as well.
    #[test]
    fn zero_is_a_rate_like_any_other() {
        assert_eq!(
            solved(&[(0, 100), (1, -225), (2, 125)]),
            Err(RateError::Several)
        );
        assert_eq!(solved(&[(0, 100), (1, -300), (2, 200)]), Ok(0.0));
        assert_eq!(solved(&[(0, 100), (0, -100)]), Err(RateError::Several));
    }

    /// A fee of a hundredth a month before the loan, and monthly payments.
    #[test]
    fn a_cost_before_the_loan_has_one_rate() {
        let mut flows = vec![(0, 10_00), (1, -1_000_00)];
        flows.extend((2..14).map(|month| (month, 90_00)));
        let rate = solved(&flows);
        assert!(
            rate.is_ok_and(|rate| (0.012..0.015).contains(&rate)),
            "{rate:?}"
        );
    }
}
