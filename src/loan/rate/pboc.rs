//! Annual rates by announcement [2021] No. 3 of the People's Bank of China:
//! all costs over the principal really in use, as the monthly internal rate
//! of return.

use super::RateError;
use super::eu_aprc::between_halves;
use super::interval::Interval;
use super::period::Instant;
use super::solve::{Equation, Growth};
use super::stream::{Event, Stream, Times, Unit};
use crate::loan::Frequency;
use crate::loan::day_count::YearPart;
use crate::math::{power, root};
use crate::{Money, Ratio};

/// The annual rates of a stream, and how it was counted.
#[derive(Clone, Debug, PartialEq)]
pub struct Pboc {
    /// Simple (单利): twelve times the monthly internal rate of return.
    pub simple: f64,
    /// Compound (复利, 内部收益率): the monthly rate compounded over a year.
    pub compound: f64,
    /// The interval of each of the stream's [events](Stream::events) from its
    /// beginning.
    pub intervals: Vec<Interval>,
}

/// The annual rates of any stream, from its monthly internal rate of return.
///
/// The announcement's example is of whole months. Between dates, months are
/// counted back from the later one and a day that remains is 12/365 of a
/// month. Without dates a day is as much; where all times are whole weeks, a
/// week is 12/52.
///
/// # Errors
/// That no rate, or not one alone, solves it.
pub fn pboc(stream: &Stream) -> Result<Pboc, RateError> {
    match &stream.times {
        Times::Dates(events) => solved(events, |begin, later| {
            let (months, days) = begin.months_until(later).unwrap_or((0, 0));
            Interval {
                days,
                ..Interval::whole(months, Unit::Month)
            }
        }),
        Times::Days(events) => {
            let weeks = events.iter().all(|event| event.at.0 % 7 == 0);
            let (days, unit) = if weeks {
                (7, Unit::Week)
            } else {
                (1, Unit::Day)
            };
            solved(events, |begin, later| {
                Interval::whole(begin.days_until(later).unwrap_or(0) / days, unit)
            })
        }
        Times::HalfMonths(events) => solved(events, between_halves),
    }
}

fn solved<T: Instant>(
    events: &[Event<T>],
    between: impl Fn(T, T) -> Interval,
) -> Result<Pboc, RateError> {
    let Some(begin) = events.first().map(|event| event.at) else {
        return Err(RateError::LessPaid);
    };
    let intervals = events.iter().map(|event| between(begin, event.at));
    let intervals: Vec<Interval> = intervals.collect();
    let flows = events.iter().zip(&intervals);
    let flows = flows.map(|(event, interval)| (interval.time(Unit::Month), event.paid()));
    let monthly = Equation::new(Growth::Compound, flows.collect()).solve(1.0)?;
    Ok(Pboc {
        simple: monthly * 12.0,
        compound: power(1.0 + monthly, 12) - 1.0,
        intervals,
    })
}

/// The annual rate of a loan with equally spaced payments, by announcement [2021]
/// No. 3 of the People's Bank of China: all costs over the principal really
/// in use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AnnualRate {
    /// Simple (单利): twelve times the monthly internal rate of return.
    pub simple: Ratio,
    /// Compound (复利, 内部收益率): the monthly rate compounded over a year.
    pub compound: Ratio,
}

/// The most Newton steps; each about doubles the digits known, and rates of
/// real loans take fewer than ten.
const STEPS: u32 = 100;

/// The highest monthly rate that is looked for: 100 % a month, and what the
/// rounding of doubles may add to it.
const HIGHEST: f64 = 1.0 + 1e-9;

/// The annual rate at which equally spaced payments, the first a period after,
/// are worth what was received: of twelve months, 52 weeks or 365 days a year.
/// Rates are rounded half up to the millionth.
///
/// `None` where nothing was received or paid, where a payment is negative, or
/// where no rate from 0 to 100 % a month solves it. With payments of one sign
/// the present value falls and is convex as the rate rises: there is at most
/// one solution, and Newton's steps from zero rise to it without passing it.
///
/// ```
/// use prequal::{Money, Ratio, loan::{Frequency, annual_rate}};
/// // The announcement's own example: 100 000 less a fee of 1 000, and twelve
/// // instalments of 8 833.30, is about 12.80 % simple and 13.58 % compound.
/// let payments = core::iter::repeat_n(Money::new(8_833_30), 12);
/// let rate = annual_rate(Money::new(99_000_00), payments, Frequency::Monthly).ok_or("no rate")?;
/// assert_eq!(rate.simple.millionths() / 100, 1_280);
/// assert_eq!(rate.compound.millionths() / 100, 1_358);
/// # Ok::<(), &str>(())
/// ```
pub fn annual_rate(
    received: Money,
    payments: impl Iterator<Item = Money> + Clone,
    frequency: Frequency,
) -> Option<AnnualRate> {
    let total = payments.clone().try_fold(Money::ZERO, Money::plus)?;
    let negative = payments.clone().any(|payment| payment < Money::ZERO);
    if received <= Money::ZERO || negative || total < received {
        return None;
    }
    let target = received.minor() as f64;
    let mut rate = 0.0;
    for _ in 0..STEPS {
        let (worth, slope) = present_value(rate, payments.clone());
        let step = (worth - target) / slope;
        if step.is_nan() || step <= rate * f64::EPSILON {
            break;
        }
        rate += step;
    }
    let monthly = match frequency {
        Frequency::Monthly => rate,
        Frequency::Days(days) => {
            // As many periods make a year as months do.
            let of_year = YearPart::of_days(i64::from(days));
            let periods = u32::try_from(of_year.denominator).ok()?;
            let months = u32::try_from(of_year.numerator * 12).ok()?;
            root(power(1.0 + rate, periods), months) - 1.0
        }
    };
    if monthly.is_nan() || monthly > HIGHEST {
        return None;
    }
    Some(AnnualRate {
        simple: Ratio::nearest(monthly * 12.0)?,
        compound: Ratio::nearest(power(1.0 + monthly, 12) - 1.0)?,
    })
}

/// What monthly payments are worth a month before the first, and by how much
/// that falls as the rate rises.
fn present_value(rate: f64, payments: impl Iterator<Item = Money>) -> (f64, f64) {
    let discount = 1.0 / (1.0 + rate);
    let (mut factor, mut period, mut worth, mut slope) = (1.0, 0.0, 0.0, 0.0);
    for payment in payments {
        factor *= discount;
        period += 1.0;
        let now = payment.minor() as f64 * factor;
        worth += now;
        slope += period * now;
    }
    (worth, slope * discount)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn without_interest_the_rate_is_zero() {
        let payments = [Money::new(50), Money::new(50)];
        let rate = annual_rate(Money::new(100), payments.into_iter(), Frequency::Monthly);
        assert_eq!(
            rate,
            Some(AnnualRate {
                simple: Ratio::ZERO,
                compound: Ratio::ZERO
            })
        );
    }

    #[test]
    fn what_has_no_rate() {
        let rate = |received, payments: &[i64]| {
            annual_rate(
                Money::new(received),
                payments.iter().copied().map(Money::new),
                Frequency::Monthly,
            )
        };
        assert_eq!(rate(0, &[10]), None);
        assert_eq!(rate(100, &[]), None);
        assert_eq!(rate(100, &[99]), None);
        assert_eq!(rate(100, &[-1, 200]), None);
        assert_eq!(rate(100, &[201]), None);
    }

    /// Two fen at 1 000 % a year over five years: three in the first month and
    /// two in the second, exactly 100 % a month.
    #[test]
    fn the_highest_rate_is_one() {
        let mut payments = [Money::ZERO; 60];
        payments[..2].copy_from_slice(&[Money::new(3), Money::new(2)]);
        let rate = annual_rate(Money::new(2), payments.into_iter(), Frequency::Monthly).unwrap();
        assert_eq!(rate.simple, Ratio::new(12_000_000));
        assert_eq!(rate.compound, Ratio::new(4_095_000_000));
    }

    proptest! {
        /// The definition itself: discounting by the rate gives back what was received.
        #[test]
        fn the_rate_solves_its_equation(
            payments in proptest::collection::vec(1i64..1_000_000, 1..60),
            share in 0.55f64..1.0,
        ) {
            let total: i64 = payments.iter().sum();
            let received = ((total as f64) * share).ceil();
            let payments = payments.into_iter().map(Money::new);
            if let Some(rate) = annual_rate(Money::new(received as i64), payments.clone(), Frequency::Monthly) {
                let (worth, slope) = present_value(rate.simple.to_f64() / 12.0, payments);
                // Half a millionth of a yearly rate moves the worth by this much.
                prop_assert!((worth - received).abs() <= slope * 0.5e-6 / 12.0 + received * 1e-9);
            }
        }
    }
}
