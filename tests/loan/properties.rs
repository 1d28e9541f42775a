//! What holds of every stream.

use prequal::loan::rate::{
    At, Entry, Every, Interval, Kind, RateError, Stream, Unit, Whole, eu_aprc, pboc, reg_z,
};
use prequal::loan::{Frequency, LoanTerms, Schedule, annual_rate};
use prequal::{Date, Money, Ratio};
use proptest::prelude::*;

/// A month's entry for each amount: advances below zero, payments above.
fn monthly(amounts: &[i64]) -> Vec<Entry> {
    let flows = amounts.iter().zip(0..).filter(|(amount, _)| **amount != 0);
    let entry = |(amount, month): (&i64, u32)| Entry {
        kind: if *amount < 0 {
            Kind::Advance
        } else {
            Kind::Payment
        },
        amount: Money::new(amount.abs()),
        at: At::Period(month, Unit::Month),
        day: None,
        every: None,
        count: 1,
    };
    flows.map(entry).collect()
}

/// What monthly amounts are worth at a rate, as a share of all of them.
fn share(amounts: &[i64], rate: f64) -> f64 {
    let (mut sum, mut all, mut factor) = (0.0, 0.0, 1.0);
    for amount in amounts {
        sum += *amount as f64 * factor;
        all += amount.abs() as f64 * factor;
        factor /= 1.0 + rate;
    }
    sum / all
}

/// How often the worth changes its sign over evenly spaced rates from just
/// above zero, and the least share that it comes to.
fn scanned(amounts: &[i64], highest: f64) -> (usize, f64) {
    let steps = 4_000;
    let shares =
        (0..=steps).map(|step| share(amounts, 1e-9 + highest * f64::from(step) / f64::from(steps)));
    let shares: Vec<f64> = shares.collect();
    let changes = shares
        .windows(2)
        .filter(|pair| (pair[0] > 0.0) != (pair[1] > 0.0));
    let least = shares.iter().fold(1.0_f64, |least, share| {
        if share.abs() < least {
            share.abs()
        } else {
            least
        }
    });
    (changes.count(), least)
}

/// The length of an interval in years.
fn years(interval: &Interval) -> f64 {
    let whole = f64::from(interval.count) / f64::from(interval.unit.per_year());
    let years = whole + f64::from(interval.days) / f64::from(interval.year);
    if interval.before { -years } else { years }
}

prop_compose! {
    fn unit()(index in 0usize..5) -> Unit {
        [Unit::Day, Unit::Week, Unit::Semimonth, Unit::Month, Unit::Year][index]
    }
}

/// Any entries that the types hold, at times of one kind; of the right form
/// more often than not.
fn any_entries() -> impl Strategy<Value = Vec<Entry>> {
    let amount = prop_oneof![29 => 1i64..=i64::MAX, 1 => any::<i64>()];
    let amount = (amount, 12u32..64)
        .prop_map(|(amount, shift)| Money::new((amount >> shift).max(amount & 1)));
    let day = prop_oneof![29 => Just(None), 1 => any::<Option<u8>>()];
    let number = prop_oneof![29 => 1u16..40, 1 => any::<u16>()];
    let count = prop_oneof![29 => 1u32..100, 1 => any::<u32>()];
    let time = (-719_162i64..=2_932_896, any::<u32>(), 10u32..32);
    let apart = (number, any::<bool>(), unit());
    let row = (any::<bool>(), amount, time, day, apart, count);
    let rows = proptest::collection::vec(row, 0..6);
    (any::<bool>(), unit(), rows).prop_map(|(dated, counted, rows)| {
        let entry =
            |(payment, amount, (days, period, shift), day, (number, same, other), count)| Entry {
                kind: if payment {
                    Kind::Payment
                } else {
                    Kind::Advance
                },
                amount,
                at: if dated {
                    At::Date(Date::from_days(days).unwrap())
                } else {
                    At::Period(u32::wrapping_shr(period, shift), counted)
                },
                day,
                every: Some(Every {
                    number,
                    unit: if same { counted } else { other },
                }),
                count,
            };
        rows.into_iter().map(entry).collect()
    })
}

prop_compose! {
    /// An advance, and payments by dates that come to as much or more; a cost
    /// before, further advances and odd dates among them.
    fn loan()(
        start in 0i64..40_000,
        wait in 1i64..100,
        unit in unit(),
        number in 1u16..4,
        count in 1u32..60,
        payment in 1i64..1_000_000,
        share in 0.3f64..1.0,
        fee in proptest::option::of((1i64..40, 1i64..100)),
        further in proptest::option::of(1i64..200),
        odd in proptest::collection::vec((0i64..2_000, 1i64..1_000_000), 0..3),
    ) -> Vec<Entry> {
        let on = |days: i64| At::Date(Date::from_days(start + days).unwrap());
        let single = |kind, amount: i64, days| Entry {
            kind, amount: Money::new(amount), at: on(days), day: None, every: None, count: 1,
        };
        let paid = payment * i64::from(count) + odd.iter().map(|(_, amount)| amount).sum::<i64>();
        let advanced = ((paid as f64 * share) as i64).max(1);
        let mut entries = vec![
            single(Kind::Advance, advanced, 0),
            Entry { every: Some(Every { number, unit }), count, ..single(Kind::Payment, payment, wait) },
        ];
        entries.extend(odd.into_iter().map(|(days, amount)| single(Kind::Payment, amount, days)));
        entries.extend(fee.map(|(before, part)| single(Kind::Payment, advanced / 100 / part + 1, -before)));
        entries.extend(further.map(|days| single(Kind::Advance, advanced / 10 + 1, days)));
        entries
    }
}

/// Advances and payments at random months.
fn alternating() -> impl Strategy<Value = Vec<i64>> {
    let amount = prop_oneof![3 => Just(0i64), 2 => -1_000i64..0, 3 => 1i64..1_000];
    proptest::collection::vec(amount, 2..14)
}

/// Amounts that are worth nothing at one, two or three given rates.
fn rooted() -> impl Strategy<Value = Vec<i64>> {
    let rates = proptest::collection::vec(0.0f64..0.6, 1..4);
    let more = proptest::collection::vec(0.0f64..1.0, 0..4);
    (rates, more).prop_map(|(rates, more)| {
        let mut product: Vec<f64> = [1.0].into_iter().chain(more).collect();
        for rate in rates {
            let later = [0.0]
                .iter()
                .chain(&product)
                .map(|amount| -(1.0 + rate) * amount);
            let now = product.iter().chain(&[0.0]);
            product = now.zip(later).map(|(now, later)| now + later).collect();
        }
        let sign = if product.iter().sum::<f64>() < 0.0 {
            -1e5
        } else {
            1e5
        };
        product
            .iter()
            .map(|amount| (amount * sign).round() as i64)
            .collect()
    })
}

proptest! {
    #[test]
    fn any_input_is_answered(entries in any_entries()) {
        if let Ok(stream) = Stream::new(&entries) {
            let rates = [
                pboc(&stream).map(|found| found.compound),
                reg_z(&stream).map(|found| found.rate),
                eu_aprc(&stream, None).map(|found| found.rate),
                eu_aprc(&stream, Some(Whole::Weeks)).map(|found| found.rate),
            ];
            for rate in rates.into_iter().flatten() {
                prop_assert!(rate >= 0.0 && Ratio::nearest(rate).is_some(), "{rate}");
            }
        }
    }

    /// The definitions, with the standard library's own powers.
    #[test]
    fn at_its_rate_a_stream_is_worth_nothing(entries in loan()) {
        let stream = Stream::new(&entries).unwrap();
        let events = stream.events();
        let amounts = events.iter().map(|event| match event.kind {
            Kind::Advance => -(event.amount.minor() as f64),
            Kind::Payment => event.amount.minor() as f64,
        });
        let amounts: Vec<f64> = amounts.collect();
        let nothing = |factors: Vec<f64>| {
            let worth = |amount: &f64, factor: &f64| amount * factor;
            let worths = || amounts.iter().zip(&factors).map(|(amount, factor)| worth(amount, factor));
            worths().sum::<f64>().abs() <= 1e-10 * worths().map(f64::abs).sum::<f64>()
        };
        #[allow(clippy::disallowed_methods, reason = "a second way to count")]
        let power = f64::powf;
        if let Ok(found) = pboc(&stream) {
            let monthly = 1.0 + found.simple / 12.0;
            let factor = |interval: &Interval| power(monthly, -12.0 * years(interval));
            prop_assert!(nothing(found.intervals.iter().map(factor).collect()));
        }
        if let Ok(found) = eu_aprc(&stream, None) {
            let factor = |interval: &Interval| power(1.0 + found.rate, -years(interval));
            prop_assert!(nothing(found.intervals.iter().map(factor).collect()));
        }
        if let Ok(found) = reg_z(&stream) {
            let (numerator, denominator) = found.unit_period.per_year();
            let rate = found.rate * f64::from(denominator) / f64::from(numerator);
            let factors = found.times.iter().map(|time| {
                let odd = 1.0 + rate * f64::from(time.odd) / f64::from(time.of);
                1.0 / (odd * power(1.0 + rate, f64::from(time.full)))
            });
            prop_assert!(nothing(factors.collect()));
        }
    }

    /// A claim that there is one rate, or none, against rates in small steps.
    #[test]
    fn one_rate_is_one(amounts in prop_oneof![alternating(), rooted()]) {
        let Ok(stream) = Stream::new(&monthly(&amounts)) else {
            return Ok(());
        };
        let signs: Vec<bool> = amounts.iter().filter(|amount| **amount != 0).map(|amount| *amount > 0).collect();
        let sums_up = signs.windows(2).filter(|pair| pair[0] != pair[1]).count() == 1;
        let highest = if sums_up { 5.0 } else { 0.5 };
        let total: i64 = amounts.iter().sum();
        let (changes, least) = scanned(&amounts, highest);
        match pboc(&stream) {
            Ok(found) if found.simple == 0.0 => prop_assert!(total == 0 && changes == 0),
            Ok(found) => {
                let monthly = found.simple / 12.0;
                prop_assert_eq!(changes, 1);
                prop_assert!((0.0..=highest).contains(&monthly) && share(&amounts, monthly).abs() < 1e-10);
            }
            Err(RateError::LessPaid) => prop_assert!(total < 0),
            Err(RateError::OutOfRange) => prop_assert!(total >= 0 && changes == 0),
            Err(RateError::Several) => prop_assert!(changes > 1 || total == 0 && changes == 1 || least < 1e-4),
        }
    }

    /// What offers show is what any stream's method gives.
    #[test]
    fn offers_have_the_same_rate(payments in proptest::collection::vec(1i64..1_000_000, 1..60), share in 0.55f64..1.0) {
        let received = (payments.iter().sum::<i64>() as f64 * share).ceil() as i64;
        let paid = payments.iter().copied().map(Money::new);
        let Some(offered) = annual_rate(Money::new(received), paid, Frequency::Monthly) else {
            return Ok(());
        };
        let amounts: Vec<i64> = [-received].into_iter().chain(payments).collect();
        let found = pboc(&Stream::new(&monthly(&amounts)).unwrap()).unwrap();
        let near = |rate: f64, ratio: Ratio| (rate - ratio.to_f64()).abs() <= 0.5e-6 + 1e-12 * rate;
        prop_assert!(near(found.simple, offered.simple) && near(found.compound, offered.compound));
    }

    /// Without fees a plan's rate is its nominal one, but for what rounding
    /// to the cent moves in each of its rows.
    #[test]
    fn a_plan_gives_back_its_rate(principal in 100_000i64..100_000_000, rate in 0i64..500_000, months in 1u16..=360) {
        let start = "2026-01-10".parse().unwrap();
        let terms = LoanTerms::monthly(Money::new(principal), Ratio::new(rate), months, start);
        let schedule = Schedule::of(&terms).unwrap();
        let paid = schedule.payments().zip(1..).map(|(amount, month)| (amount, At::Period(month, Unit::Month)));
        let dated = schedule.instalments().map(|row| (row.payment, At::Date(row.due)));
        let stream = |begin: At, paid: Vec<(Money, At)>| {
            let single = |kind, amount, at| Entry { kind, amount, at, day: None, every: None, count: 1 };
            let mut entries = vec![single(Kind::Advance, terms.principal, begin)];
            let due = paid.into_iter().filter(|(amount, _)| *amount > Money::ZERO);
            entries.extend(due.map(|(amount, at)| single(Kind::Payment, amount, at)));
            Stream::new(&entries).unwrap()
        };
        let nominal = terms.annual_rate.to_f64();
        // Half a cent a row moves the rate by less than this over what the
        // principal's mean time in use is worth.
        let discount = 1.0 / (1.0 + nominal / 12.0);
        let (mut fall, mut factor) = (0.0, discount);
        for (amount, month) in schedule.payments().zip(1..) {
            factor *= discount;
            fall += f64::from(month) * amount.minor() as f64 * factor;
        }
        let off = 12.0 * 0.5 * f64::from(months) / fall * 1.01 + 1e-9;
        for stream in [stream(At::Period(0, Unit::Month), paid.collect()), stream(At::Date(terms.start), dated.collect())] {
            let found = pboc(&stream);
            if rate == 0 {
                prop_assert_eq!(found.unwrap().simple, 0.0);
                continue;
            }
            let simple = found.unwrap().simple;
            prop_assert!((simple - nominal).abs() <= off, "{simple} {nominal} {off}");
            if months > 1 {
                let found = reg_z(&stream).unwrap();
                prop_assert!((found.rate - nominal).abs() <= off, "{} {nominal}", found.rate);
            }
        }
    }
}
