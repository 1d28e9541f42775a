//! How products are paid back and what they cost beside their interest.

use fastrand::Rng;
use prequal::loan::{
    Charged, DayCount, Deferred, Fee, Frequency, InstalmentRounding, Months, Plan, Repayment,
};
use prequal::{Money, Ratio, Rounding};

use crate::number::{between, once_in};

const MILLION: i64 = 1_000_000;

/// A way to pay back that has room in every one of these terms, ascending, in
/// months; instalments that are not monthly are at most so many, and none is
/// rounded to more than three of a step in minor units.
pub fn repayment(random: &mut Rng, terms: &[u16], step: i128, most: u16) -> Repayment {
    let longest = terms.last().copied().unwrap_or(1);
    let shortest = terms.first().copied().unwrap_or(1);
    let days = random.choice([7, 7, 14, 14, 28, 1, 10, 15, 30, 45]);
    let frequency = days
        .filter(|_| random.bool())
        .filter(|days| instalments(longest, *days) <= most)
        .filter(|days| instalments(shortest, *days) >= 1)
        .map_or(Frequency::Monthly, Frequency::Days);
    let least = match frequency {
        Frequency::Monthly => shortest,
        Frequency::Days(days) => instalments(shortest, days),
    };
    let largest = match frequency {
        Frequency::Monthly => longest,
        Frequency::Days(days) => instalments(longest, days),
    };
    let day_counts = [
        DayCount::Thirty360,
        DayCount::Actual365,
        DayCount::Actual360,
        DayCount::ActualActual,
    ];
    let day_count = random.choice(day_counts).filter(|_| random.bool());
    Repayment {
        plan: plan(random, least, largest),
        frequency,
        day_count: day_count.unwrap_or(DayCount::Periods),
        rounding: rounding(random, step),
    }
}

/// How many periods of so many days there are in so many months.
fn instalments(months: u16, days: u16) -> u16 {
    let of_year = match days % 7 {
        0 => 52 * 7,
        _ => 365,
    };
    let count = u32::from(months) * of_year / (12 * u32::from(days));
    u16::try_from(count).unwrap_or(u16::MAX)
}

/// A plan with room in any count of instalments between two.
fn plan(random: &mut Rng, least: u16, most: u16) -> Plan {
    let deferred = |random: &mut Rng| match random.bool() {
        true => Deferred::CaughtUp,
        false => Deferred::Capitalised,
    };
    match random.u8(..10) {
        0 => Plan::EqualPrincipal,
        1 => Plan::Bullet,
        2 => Plan::Flat,
        3 => Plan::Balloon {
            share: ratio(random, 0, MILLION),
        },
        4 | 5 => {
            let nothing = random.u16(..least);
            Plan::Grace {
                nothing,
                interest_only: random.u16(..least - nothing),
                deferred: deferred(random),
            }
        }
        6 => {
            // Eight steps of a quarter, or two large ones.
            let (steps, low, high) = match random.bool() {
                true => (8, -250_000, 300_000),
                false => (2, -900_000, 5 * MILLION),
            };
            Plan::Stepped {
                every: random.u16(1..4).max(most.div_ceil(steps)),
                by: ratio(random, low, high),
            }
        }
        7 | 8 => Plan::Seasonal {
            interest_only: months(random),
            nothing: months(random),
            deferred: deferred(random),
        },
        _ => Plan::EqualInstalment,
    }
}

fn months(random: &mut Rng) -> Months {
    let most = random.usize(..6);
    let months: Vec<u8> = (0..most).map(|_| random.u8(1..=12)).collect();
    Months::of(&months).unwrap_or(Months::NONE)
}

fn rounding(random: &mut Rng, step: i128) -> InstalmentRounding {
    if random.bool() {
        return InstalmentRounding::MINOR;
    }
    // The largest loan is sought among not too many steps.
    let most = i64::try_from(step * 3).unwrap_or(1);
    let multiple = random.choice([1, 2, 10, 50, 1_00, 10_00]).unwrap_or(1);
    let directions = [Rounding::Up, Rounding::Down, Rounding::HalfUp];
    InstalmentRounding {
        multiple: Money::new(multiple.min(most)),
        direction: random.choice(directions).unwrap_or(Rounding::Up),
    }
}

/// Fees by their names and who receives them, that mostly leave something of
/// the least loan in minor units.
pub fn fees(random: &mut Rng, minimum: i128) -> Vec<(String, &'static str, Fee)> {
    let charges = [
        Charged::UpFront,
        Charged::Deducted,
        Charged::Financed,
        Charged::EachInstalment,
        Charged::AtEnd,
        Charged::ByPartner,
    ];
    let count = if random.bool() { 0 } else { random.usize(1..4) };
    let fees = (0..count).map(|index| {
        let large = i128::from(once_in(random, 12));
        let most = (minimum / 20 + large * minimum).max(1);
        let fixed = i64::try_from(between(random, 1, most)).unwrap_or(1);
        let share = ratio(random, 1, if large == 1 { MILLION } else { 30_000 });
        let (fixed, share) = match random.u8(..3) {
            0 => (fixed, Ratio::ZERO),
            1 => (0, share),
            _ => (fixed, share),
        };
        let fee = Fee {
            charged: random.choice(charges).unwrap_or(Charged::UpFront),
            fixed: Money::new(fixed),
            share,
        };
        let payee = random.choice(["lender", "insurer", "shop"]);
        (format!("fee-{index}"), payee.unwrap_or("lender"), fee)
    });
    fees.collect()
}

fn ratio(random: &mut Rng, low: i64, high: i64) -> Ratio {
    let millionths = between(random, low.into(), high.into());
    Ratio::new(i64::try_from(millionths).unwrap_or(high))
}
