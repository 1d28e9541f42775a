//! The largest principal that fits, against a full scan.

use super::*;

/// What is paid up to each instalment of a loan of so much, and whether
/// anything is due there.
fn paid(terms: &LoanTerms, fees: &[Fee], asked: i64) -> Option<Vec<(i128, bool)>> {
    let cost = |charged| fee::sum(fees, charged, Money::new(asked)).map(Money::minor);
    let lent = LoanTerms {
        principal: Money::new(asked + cost(Charged::Financed)?),
        ..*terms
    };
    let calendar = schedule::calendar(terms).ok()?;
    let amortisation = amortisation::Amortisation::new(terms, &calendar).ok()?;
    let rows: Vec<Instalment> = Schedule::of(&lent).ok()?.instalments().collect();
    let mut sum = 0;
    let paid = rows.iter().zip(amortisation.pays()).map(|(row, pays)| {
        let each = if pays {
            cost(Charged::EachInstalment)?
        } else {
            0
        };
        let end = if row.number == terms.instalments {
            cost(Charged::AtEnd)?
        } else {
            0
        };
        sum += i128::from(row.payment.minor() + each + end);
        Some((sum, pays))
    });
    paid.collect()
}

/// What the months up to each instalment bring.
fn earned(terms: &LoanTerms, capacity: &Capacity) -> Vec<i128> {
    let rows: Vec<Instalment> = {
        let lent = LoanTerms {
            principal: Money::new(1_000_000_000),
            plan: Plan::Bullet,
            ..*terms
        };
        Schedule::of(&lent).unwrap().instalments().collect()
    };
    let mut before = terms.start;
    let mut sum = 0;
    let earned = rows.iter().map(|row| {
        let of_month = match capacity {
            Capacity::Level(money) => *money,
            Capacity::Seasonal(months) => months[row.due.ymd().1 as usize - 1],
        };
        let regular = row.number > 1 || terms.first_due.is_none();
        let part = match terms.frequency {
            Frequency::Monthly if regular => day_count::YearPart::MONTH,
            Frequency::Days(_) => day_count::YearPart::of_days(row.due.days() - before.days()),
            Frequency::Monthly => DayCount::Periods.between(before, row.due),
        };
        before = row.due;
        let product = i128::from(of_month.minor()) * i128::from(part.numerator * 12);
        sum += product.div_euclid(i128::from(part.denominator));
        sum
    });
    earned.collect()
}

fn fits(terms: &LoanTerms, fees: &[Fee], earned: &[i128], asked: i64) -> bool {
    paid(terms, fees, asked).is_some_and(|paid| {
        let mut rows = paid.iter().zip(earned);
        rows.all(|((paid, pays), earned)| !pays || paid <= earned)
    })
}

fn fees() -> impl Strategy<Value = Vec<Fee>> {
    let charged = prop_oneof![
        Just(Charged::UpFront),
        Just(Charged::Deducted),
        Just(Charged::Financed),
        Just(Charged::EachInstalment),
        Just(Charged::AtEnd),
        Just(Charged::ByPartner),
    ];
    let fixed = prop_oneof![3 => Just(0i64), 1 => 0i64..5_000];
    let fee = (charged, fixed, 0i64..50_000).prop_map(|(charged, fixed, share)| Fee {
        charged,
        fixed: Money::new(fixed),
        share: Ratio::new(share),
    });
    proptest::collection::vec(fee, 0..3)
}

fn capacities(level: i64) -> impl Strategy<Value = Capacity> {
    let season = proptest::collection::vec(-level / 4..=level * 3, 12);
    prop_oneof![
        Just(Capacity::Level(Money::new(level))),
        season.prop_map(|months| {
            let months: Vec<Money> = months.into_iter().map(Money::new).collect();
            Capacity::Seasonal(months.try_into().unwrap())
        }),
    ]
}

fn sought() -> impl Strategy<Value = (LoanTerms, Vec<Fee>, Capacity, i64, i64)> {
    (loans(), fees(), 1i64..200_000, 1i64..2_000).prop_flat_map(|(terms, fees, level, step)| {
        // Few enough principals to try them all.
        let most = step * 300;
        let terms = LoanTerms {
            principal: Money::new(most),
            instalments: terms.instalments.min(40),
            ..terms
        };
        let level = level.min(most);
        (
            Just(terms),
            Just(fees),
            capacities(level),
            Just(step),
            Just(most),
        )
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    /// On the step grid nothing larger fits.
    #[test]
    fn nothing_larger_fits((terms, fees, capacity, step, most) in sought()) {
        let found = largest_principal(&terms, &fees, &capacity, Leeway::Exact, Money::new(step));
        prop_assume!(Schedule::of(&terms).err() != Some(LoanError::Plan));
        let earned = earned(&terms, &capacity);
        let mut grid = (1..=most / step).rev().map(|steps| steps * step);
        let scanned = grid.find(|asked| fits(&terms, &fees, &earned, *asked));
        prop_assert_eq!(found.minor(), scanned.unwrap_or(0));
    }

    /// What rounding can come to is never underrated.
    #[test]
    fn the_noise_bounds_the_rounding(terms in loans(), share in 1i64..=1_000) {
        let calendar = schedule::calendar(&terms).unwrap();
        let Ok(amortisation) = amortisation::Amortisation::new(&terms, &calendar) else {
            return Ok(());
        };
        let smaller = Money::new((terms.principal.minor() * share / 1_000).max(1));
        let (Ok(portions), Ok(fewer)) = (amortisation.run(terms.principal), amortisation.run(smaller)) else {
            return Ok(());
        };
        let noise = amortisation.noise(&portions);
        let scale = smaller.minor() as f64 / terms.principal.minor() as f64;
        let (mut large, mut small) = (0.0, 0.0);
        for ((one, other), noise) in portions.iter().zip(&fewer).zip(noise) {
            large += one.payment.minor() as f64;
            small += other.payment.minor() as f64;
            let apart = (large * scale - small).abs();
            prop_assert!(apart <= noise * (1.0 + scale) + 1e-9 * large, "{apart} {noise} of {large}");
        }
    }

    /// More or less room never turns the order of what fits around.
    #[test]
    fn leeway_is_on_its_side((terms, fees, capacity, step, _) in sought(), less in 0i64..=100_000) {
        // A policy's instalments are never rounded to nothing.
        let of_step = LoanTerms { principal: Money::new(step), annual_rate: Ratio::ZERO, ..terms };
        let level = LoanTerms { plan: Plan::EqualInstalment, ..of_step };
        prop_assume!(Schedule::of(&of_step).is_ok() && Schedule::of(&level).is_ok());
        let largest = |terms: &LoanTerms, leeway| largest_principal(terms, &fees, &capacity, leeway, Money::new(step));
        let cheaper = LoanTerms {
            annual_rate: Ratio::new((terms.annual_rate.millionths() - less).max(0)),
            ..terms
        };
        prop_assert!(largest(&terms, Leeway::Less) <= largest(&cheaper, Leeway::Exact));
        prop_assert!(largest(&cheaper, Leeway::More) >= largest(&terms, Leeway::Exact));
    }
}

/// With a step of one minor unit, over many instalments.
#[test]
fn nothing_larger_fits_on_the_finest_grid() {
    for (rate, months, level) in [
        (60_000, 60, 1_000_00),
        (19_100, 48, 7_77),
        (240_000, 60, 99),
    ] {
        let terms = LoanTerms::monthly(
            Money::new(LARGEST),
            Ratio::new(rate),
            months,
            date("2026-01-31"),
        );
        let capacity = Capacity::Level(Money::new(level));
        let earned = earned(&terms, &capacity);
        let found = largest_principal(&terms, &[], &capacity, Leeway::Exact, Money::new(1)).minor();
        assert!(fits(&terms, &[], &earned, found));
        // Each instalment is off by a unit at most.
        let above = found + 1..found + 50 * i64::from(months);
        assert_eq!(
            above.rev().find(|asked| fits(&terms, &[], &earned, *asked)),
            None
        );
    }
}
