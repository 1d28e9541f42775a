//! The largest loan that can be paid back: every amount of the grid is tried
//! from the largest one on that could be it.

use std::cell::RefCell;
use std::collections::BTreeMap;

use prequal::Rounding;
use prequal::loan::{Charged, Plan};

use super::bug::Bug;
use super::fault::{Fault, Found};
use super::loan::{Course, Row};
use super::number::{Fraction, LARGEST};
use super::period::{Conditions, Part};

const MILLION: i128 = 1_000_000;
/// As many amounts are tried. Where rounding leaves more of them in doubt, the
/// engine, whose own bound is wider, does not promise the largest.
const MOST_TRIED: i128 = 40;
/// As many answers are kept.
const KEPT: usize = 20_000;

thread_local! {
    /// Answers, by all that they are made from.
    static ANSWERS: RefCell<BTreeMap<String, Found<i128>>> = const { RefCell::new(BTreeMap::new()) };
}

/// What can go to instalments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Capacity {
    /// In every month.
    Level(i128),
    /// From January to December.
    Seasonal(Vec<i128>),
}

impl Capacity {
    /// From as many figures as a policy has for it.
    pub(crate) fn of(figures: Vec<i128>) -> Found<Option<Capacity>> {
        match figures.as_slice() {
            [] => Ok(None),
            [level] => Ok(Some(Capacity::Level(*level))),
            [_, .., _] if figures.len() == 12 => Ok(Some(Capacity::Seasonal(figures))),
            _ => Err(Fault::NotThere),
        }
    }

    fn of_month(&self, month: i128) -> Found<i128> {
        match self {
            Capacity::Level(level) => Ok(*level),
            Capacity::Seasonal(months) => {
                let index = usize::try_from(month - 1).map_err(|_| Fault::NotThere)?;
                months.get(index).copied().ok_or(Fault::NotThere)
            }
        }
    }
}

impl Conditions {
    /// The largest multiple of a step that can be paid back: what is due up to
    /// each instalment is within what there was up to then.
    pub(crate) fn affordable(&self, capacity: &Capacity, step: i128) -> Found<i128> {
        let key = format!("{capacity:?} {step} {self:?}");
        if let Some(known) = ANSWERS.with_borrow(|known| known.get(&key).copied()) {
            return known;
        }
        let answer = self.looked_for(capacity, step);
        ANSWERS.with_borrow_mut(|known| {
            if known.len() >= KEPT {
                known.clear();
            }
            known.insert(key, answer);
        });
        answer
    }

    fn looked_for(&self, capacity: &Capacity, step: i128) -> Found<i128> {
        let course = Course::new(self)?;
        let means = self.means(&course, capacity)?;
        // All that is lent comes back.
        let most = means.last().copied().unwrap_or(0).div_euclid(step);
        if most <= 0 {
            return Ok(0);
        }
        let Some(yardstick) = Yardstick::new(&course) else {
            return Err(Fault::TooFine);
        };
        let (mut possible, mut beyond) = (0, most + 1);
        while beyond - possible > 1 {
            let middle = (possible + beyond) / 2;
            match yardstick.may_fit(&course, &means, middle * step) {
                true => possible = middle,
                false => beyond = middle,
            }
        }
        let last = (possible - MOST_TRIED).max(0);
        for steps in (last + 1..=possible).rev() {
            let asked = steps * step;
            if self.fits(&course, &means, asked, yardstick.level(asked)) {
                let above = i128::from(self.bugs.has(Bug::AffordableStepRoundsUp));
                return Ok((steps + above) * step);
            }
        }
        match last {
            0 => Ok(0),
            _ => Err(Fault::TooFine),
        }
    }

    /// What there is to pay with up to each instalment: of each month what of
    /// it the period is, rounded down.
    fn means(&self, course: &Course<'_>, capacity: &Capacity) -> Found<Vec<i128>> {
        let mut sum = 0;
        let mut means = Vec::new();
        for period in &course.periods {
            let month = match self.bugs.has(Bug::JanuaryForEveryMonth) {
                true => 1,
                false => period.month,
            };
            let of_month = Fraction::from(capacity.of_month(month)?);
            sum += (of_month * 12 * period.equal).floor().to_integer();
            means.push(sum);
        }
        Ok(means)
    }

    fn fits(&self, course: &Course<'_>, means: &[i128], asked: i128, near: i128) -> bool {
        let lent = asked + self.charged(Charged::Financed, asked);
        let Some(rows) = course.run(lent, near) else {
            return false;
        };
        let mut due = 0;
        let mut before = (0, 0);
        for ((row, fee), means) in rows.iter().zip(self.fees_of(&rows, asked)).zip(means) {
            if !row.pays {
                continue;
            }
            due += row.payment + fee;
            let fits = match self.bugs.has(Bug::NothingIsCarriedOver) {
                true => due - before.0 <= means - before.1,
                false => due <= *means,
            };
            if !fits {
                return false;
            }
            before = (due, *means);
        }
        true
    }
}

/// A large loan, to which smaller ones are in proportion but for rounding.
struct Yardstick {
    lent: i128,
    level: i128,
    rows: Vec<Row>,
    /// By how much less than in proportion can be due up to each row.
    less: Vec<f64>,
    /// The same where rounding has a loan end early.
    less_if_ended: Vec<f64>,
    /// How far from proportion what is owed can be.
    owed: Vec<f64>,
}

impl Yardstick {
    fn new(course: &Course<'_>) -> Option<Yardstick> {
        let mut lent: i128 = 1 << 45;
        loop {
            let near = lent / course.periods.len().max(1) as i128;
            if let Some(rows) = course.run(lent, near) {
                let level = match course.is_level() {
                    true => course.least_level(lent, near)?,
                    false => 0,
                };
                let yardstick = Yardstick {
                    lent,
                    level,
                    rows,
                    less: Vec::new(),
                    less_if_ended: Vec::new(),
                    owed: Vec::new(),
                };
                return Some(yardstick.with_noise(course));
            }
            lent /= 2;
            if lent == 0 {
                return None;
            }
        }
    }

    /// About the level instalment of a loan.
    fn level(&self, lent: i128) -> i128 {
        if lent > LARGEST {
            return LARGEST;
        }
        self.level * lent / self.lent
    }

    /// Follows what each rounding moves at most: interest by a half, an
    /// instalment by the multiple that it is rounded to.
    fn with_noise(mut self, course: &Course<'_>) -> Yardstick {
        let rounding = course.of.repayment.rounding;
        let multiple = rounding.multiple.minor() as f64;
        let (down, up) = match rounding.direction {
            Rounding::Down => (multiple, 0.0),
            Rounding::Up => (0.0, multiple),
            Rounding::HalfUp => (multiple / 2.0, multiple / 2.0),
        };
        let plan = course.of.repayment.plan;
        let stepped = matches!(plan, Plan::Stepped { .. });
        let weighing = if stepped { multiple } else { 0.0 };
        let drift = self.drift(course, weighing);
        let (low, high) = match course.is_level() {
            true => (drift + down, drift + 1.0 + up),
            false => (down, up),
        };
        let capitalises = course.of.capitalises();
        let (mut owed, mut deferred, mut due, mut interest) = (0.0, 0.0, 0.0, 0.0);
        for (index, period) in course.periods.iter().enumerate() {
            let (numerator, denominator) = period.interest;
            let growth = numerator as f64 / denominator as f64;
            let bears = match plan {
                Plan::Flat => 0.5,
                _ => owed * growth + 0.5,
            };
            interest += bears;
            let last = index + 1 == course.periods.len();
            match period.part {
                _ if last => due += owed + bears + deferred,
                Part::Level(weight) => {
                    let weight = weight as f64 / MILLION as f64;
                    due += deferred;
                    deferred = 0.0;
                    if !course.is_level() {
                        due += low + bears;
                        owed += if plan == Plan::Bullet {
                            0.0
                        } else {
                            larger(low, high)
                        };
                    } else {
                        let paid = low * weight + weighing;
                        due += if stepped { larger(paid, bears) } else { paid };
                        owed += bears + larger(low, high) * weight + weighing;
                    }
                }
                Part::Interest => {
                    due += bears + deferred;
                    deferred = 0.0;
                }
                Part::Nothing if capitalises => owed += bears,
                Part::Nothing => deferred += bears,
            }
            self.less.push(due * 1.01 + 1.0);
            self.less_if_ended.push((owed + interest) * 1.01 + 1.0);
            self.owed.push(owed * 1.01 + high * 2.0 + 2.0);
        }
        self
    }

    /// How far the roundings of interest move a level instalment: all that
    /// they come to at the end, over what one unit more would.
    fn drift(&self, course: &Course<'_>, weighing: f64) -> f64 {
        let capitalises = course.of.capitalises();
        let (mut moved, mut paid, mut before) = (0.5, 0.0, self.lent);
        for (row, period) in self.rows.iter().zip(&course.periods) {
            let (numerator, denominator) = period.interest;
            let grown = 1.0 + numerator as f64 / denominator as f64;
            match period.part {
                Part::Level(weight) => {
                    moved = moved * grown + 0.5 + weighing;
                    paid *= grown;
                    // Where the interest is more than the instalment, one unit
                    // more is nothing.
                    if row.balance < before {
                        paid += weight as f64 / MILLION as f64;
                    }
                }
                Part::Nothing if capitalises => {
                    moved = moved * grown + 0.5;
                    paid *= grown;
                }
                Part::Nothing | Part::Interest => {}
            }
            before = row.balance;
        }
        moved / paid
    }

    /// Whether a loan may fit, for all that its proportion to the large one
    /// and rounding say: if not, neither it nor a larger one does.
    fn may_fit(&self, course: &Course<'_>, means: &[i128], asked: i128) -> bool {
        let of = course.of;
        let lent = asked + of.charged(Charged::Financed, asked);
        let share = lent as f64 / self.lent as f64;
        let fees = of.fees_of(&self.rows, asked);
        let (mut due, mut charged, mut ended) = (0.0, 0.0, false);
        for (index, row) in self.rows.iter().enumerate() {
            due += row.payment as f64;
            charged += fees.get(index).copied().unwrap_or(0) as f64;
            let noise = |of: &[f64]| of.get(index).copied().unwrap_or(0.0) * (1.0 + share);
            ended = ended || row.balance as f64 * share <= noise(&self.owed);
            let less = match ended {
                true => larger(noise(&self.less), noise(&self.less_if_ended)),
                false => noise(&self.less),
            };
            let within = means.get(index).copied().unwrap_or(0) as f64 - charged;
            if row.pays && (due * share) * (1.0 - 1e-9) - less > within {
                return false;
            }
        }
        true
    }
}

fn larger(one: f64, other: f64) -> f64 {
    if one > other { one } else { other }
}
