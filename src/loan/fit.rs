//! The largest principal whose instalments can be paid.

use super::amortisation::{Amortisation, period};
use super::calendar::Calendar;
use super::fee::{Charged, Fee, sum};
use super::schedule::calendar;
use super::{DayCount, LoanTerms};
use crate::{LARGEST, Money, Rounding};

/// What can go to instalments in a month, in minor units.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Capacity {
    /// As much in every month.
    Level(Money),
    /// From January to December. What one month leaves, the next ones have;
    /// what is below zero, they lack.
    Seasonal([Money; 12]),
}

/// On which side of the rounding of instalments a principal is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Leeway {
    /// What really fits.
    Exact,
    /// What fits on these terms and, for certain, at any lower rate.
    Less,
    /// No less than what fits on these terms and at any higher rate.
    More,
}

/// What can be paid by a due date, or has to be, is counted up to here: sums
/// of these stay far within 64 bits, and a principal that outgrows them does
/// not fit.
const MOST: i64 = LARGEST / 4;

/// How many principals are looked at one by one where rounding decides. Beyond
/// them, which takes a step far finer than the rounding of instalments, the
/// next ones are further and further down: what is found fits, and is not
/// certain to be the largest.
const LOOKS: u32 = 512;

/// More than one by more than the rounding of doubles.
const ONE_AND_A_BIT: f64 = 1.0 + 1e-12;

/// The largest multiple of `step`, up to the principal of these terms, that
/// fits: what is due up to each instalment, fees with it, is no more than the
/// capacity of the months up to then. Zero where none does.
///
/// Instalments are in proportion to what is lent but for their rounding, and
/// how much that can come to at most is known (`Amortisation::noise`). So whatever fits
/// must be below what the furthest overdrawn instalment of a larger loan says,
/// and looking at that, and at what it says in turn, skips nothing that fits.
pub fn largest_principal(
    terms: &LoanTerms,
    fees: &[Fee],
    capacity: &Capacity,
    leeway: Leeway,
    step: Money,
) -> Money {
    let Ok(calendar) = calendar(terms) else {
        return Money::ZERO;
    };
    let Ok(amortisation) = Amortisation::new(terms, &calendar) else {
        return Money::ZERO;
    };
    let means = means(terms, &calendar, &amortisation, fees, capacity);
    // Whatever is paid pays the principal back.
    let most = means
        .last()
        .copied()
        .unwrap_or(0)
        .min(terms.principal.minor());
    let step = Money::new(step.minor().max(1));
    let mut amount = Money::new(most).round_down_to(step);
    let mut looks = 0_u32;
    while amount > Money::ZERO {
        let Some(below) = overdrawn(&amortisation, fees, &means, leeway, amount) else {
            return amount;
        };
        looks += 1;
        // Twice as far each time, and an eighth of the way at most.
        let doublings = looks.saturating_sub(LOOKS).min(40);
        let skipped = step.minor().saturating_mul((1 << doublings) - 1);
        let next = below.min(amount.minor() - 1 - skipped.min(amount.minor() / 8));
        amount = Money::new(next).round_down_to(step);
    }
    Money::ZERO
}

/// What can be paid up to each instalment, less the fees that are the same
/// whatever is lent.
fn means(
    terms: &LoanTerms,
    calendar: &Calendar,
    amortisation: &Amortisation,
    fees: &[Fee],
    capacity: &Capacity,
) -> Vec<i64> {
    let fixed = |charged| sum(fees, charged, Money::ZERO).map_or(MOST, Money::minor);
    let months = LoanTerms {
        day_count: DayCount::Periods,
        ..*terms
    };
    let each = fixed(Charged::EachInstalment);
    let (mut earned, mut charged) = (0_i64, 0_i64);
    let mut means = Vec::with_capacity(usize::from(terms.instalments));
    for (number, pays) in (1..).zip(amortisation.pays()) {
        let of_month = match capacity {
            Capacity::Level(money) => money.minor(),
            Capacity::Seasonal(months) => {
                let (_, month, _) = calendar.due(number).ymd();
                let index = usize::try_from(month - 1).unwrap_or(0);
                months.get(index).map_or(0, |money| money.minor())
            }
        };
        let part = period(&months, calendar, number);
        let product = i128::from(of_month) * i128::from(part.numerator) * 12;
        let of_period = Rounding::Down.divide(product, i128::from(part.denominator));
        let of_period = of_period
            .unwrap_or(0)
            .clamp(-i128::from(MOST), i128::from(MOST)) as i64;
        earned = (earned + of_period).clamp(-MOST, MOST);
        if pays {
            charged = charged.saturating_add(each);
        }
        means.push(earned.saturating_sub(charged));
    }
    if let Some(last) = means.last_mut() {
        *last = last.saturating_sub(fixed(Charged::AtEnd));
    }
    means
}

/// Where an amount does not fit: one that nothing above it fits either, as
/// far as this look can tell.
fn overdrawn(
    amortisation: &Amortisation,
    fees: &[Fee],
    means: &[i64],
    leeway: Leeway,
    amount: Money,
) -> Option<i64> {
    let shares = |charged| {
        let all = sum(fees, charged, amount)?;
        all.minus(sum(fees, charged, Money::ZERO)?)
    };
    // Twice as much outgrows all that can be counted, so that nothing between
    // fits.
    let half = Some(amount.minor() / 2);
    let lent = sum(fees, Charged::Financed, amount).and_then(|financed| amount.plus(financed));
    let (Some(lent), Some(each), Some(at_end)) = (
        lent,
        shares(Charged::EachInstalment),
        shares(Charged::AtEnd),
    ) else {
        return half;
    };
    let Ok(portions) = amortisation.run(lent) else {
        return half;
    };
    let noise = amortisation.noise(&portions);
    let (mut due, mut below) = (0.0, None);
    for (number, (portion, pays)) in (1..).zip(portions.iter().zip(amortisation.pays())) {
        let index = number - 1;
        let (Some(noise), Some(means)) = (noise.get(index), means.get(index)) else {
            break;
        };
        if !pays {
            continue;
        }
        due += (portion.payment.minor() + each.minor()) as f64;
        if number == portions.len() {
            due += at_end.minor() as f64;
        }
        // Each fee is rounded too, and what is financed is paid back.
        let each_fee = number as f64 + due / lent.minor() as f64;
        let noise = noise + fees.len() as f64 * each_fee;
        let within = *means as f64
            + match leeway {
                Leeway::Exact => 0.0,
                Leeway::Less => -2.0 * noise,
                Leeway::More => 2.0 * noise,
            };
        if due > within {
            let share = if due > noise {
                (within + noise) / (due - noise) * ONE_AND_A_BIT
            } else {
                1.0
            };
            let largest = ((amount.minor() as f64 * share) as i64).max(0);
            below = Some(below.map_or(largest, |below: i64| below.min(largest)));
        }
    }
    below
}
