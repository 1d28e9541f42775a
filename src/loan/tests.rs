//! Every plan over every calendar, day count and rounding.

use proptest::prelude::*;

mod fit;

use super::*;
use crate::{Date, LARGEST, Money, Ratio, Rounding};

fn date(text: &str) -> Date {
    text.parse().unwrap()
}

fn rows(terms: &LoanTerms) -> Vec<Instalment> {
    Schedule::of(terms).unwrap().instalments().collect()
}

/// A thousand at 12 % over so many months from 2026-01-15: 1 % a month.
fn thousand(months: u16, plan: Plan) -> LoanTerms {
    let terms = LoanTerms::monthly(
        Money::new(1_000_00),
        Ratio::new(120_000),
        months,
        date("2026-01-15"),
    );
    LoanTerms { plan, ..terms }
}

/// Payment, principal, interest and balance of each row in minor units.
fn figures(terms: &LoanTerms) -> Vec<[i64; 4]> {
    let rows = rows(terms).into_iter();
    rows.map(|row| [row.payment, row.principal, row.interest, row.balance].map(Money::minor))
        .collect()
}

/// Apache Fineract's end-to-end scenarios (Apache-2.0): 5 000 at 12 % over 18
/// months from 2022-11-01, level instalments rounded to whole units.
#[test]
fn fineract_equal_instalment() {
    let terms = LoanTerms::monthly(
        Money::new(5_000_00),
        Ratio::new(120_000),
        18,
        date("2022-11-01"),
    );
    let whole = InstalmentRounding {
        multiple: Money::new(1_00),
        direction: Rounding::HalfUp,
    };
    let rounded = LoanTerms {
        rounding: whole,
        ..terms
    };
    let found = figures(&rounded);
    assert_eq!(found[0][..3], [305_00, 255_00, 50_00]);
    assert_eq!(found[1][..3], [305_00, 257_55, 47_45]);
    assert_eq!(found[2][..3], [305_00, 260_13, 44_87]);
    assert_eq!(found[17][0], 303_22);
    let interest = Schedule::of(&rounded).unwrap().interest();
    assert_eq!(interest, Some(Money::new(488_22)));

    let equal_principal = LoanTerms {
        plan: Plan::EqualPrincipal,
        ..terms
    };
    let found = figures(&equal_principal);
    assert_eq!(found[0][..3], [327_78, 277_78, 50_00]);
    assert_eq!(found[1][..3], [325_00, 277_78, 47_22]);
    assert_eq!(found[17][0], 280_52);
    let interest = Schedule::of(&equal_principal).unwrap().interest();
    assert_eq!(interest, Some(Money::new(475_00)));
}

#[test]
fn interest_first() {
    let bullet = figures(&thousand(3, Plan::Bullet));
    let first = [10_00, 0, 10_00, 1_000_00];
    assert_eq!(bullet, [first, first, [1_010_00, 1_000_00, 10_00, 0]]);
    let grace = Plan::Grace {
        nothing: 0,
        interest_only: 1,
        deferred: Deferred::CaughtUp,
    };
    let found = figures(&thousand(3, grace));
    assert_eq!(found[0], first);
    // 1 000 · 1.01² / 2.01 is 507.5124…: the last interest is rounded down, so
    // that 507.51 will do.
    assert_eq!(found[1], [507_51, 497_51, 10_00, 502_49]);
    assert_eq!(found[2], [507_51, 502_49, 5_02, 0]);
}

#[test]
fn deferred_interest() {
    let plan = |deferred| Plan::Grace {
        nothing: 2,
        interest_only: 0,
        deferred,
    };
    let caught_up = figures(&thousand(4, plan(Deferred::CaughtUp)));
    assert_eq!(caught_up[0], [0, 0, 0, 1_010_00]);
    assert_eq!(caught_up[1], [0, 0, 0, 1_020_00]);
    // 20.00 of two months, and then as a loan of two.
    assert_eq!(caught_up[2], [527_51, 497_51, 30_00, 502_49]);
    assert_eq!(caught_up[3], [507_51, 502_49, 5_02, 0]);

    let capitalised = figures(&thousand(4, plan(Deferred::Capitalised)));
    assert_eq!(capitalised[1], [0, 0, 0, 1_020_10]);
    // 1 020.10 · 1.01² / 2.01 is 517.7134…, of which 10.20 and 20.10 are interest.
    assert_eq!(capitalised[2], [517_72, 487_42, 30_30, 512_58]);
    assert_eq!(capitalised[3], [517_71, 512_58, 5_13, 0]);
}

#[test]
fn a_flat_fee_a_balloon_and_steps() {
    let flat = figures(&thousand(4, Plan::Flat));
    assert_eq!(flat[0], [260_00, 250_00, 10_00, 750_00]);
    assert_eq!(flat[3], [260_00, 250_00, 10_00, 0]);

    let share = Ratio::new(500_000);
    let balloon = figures(&thousand(2, Plan::Balloon { share }));
    // (1 020.10 − 500) / 2.01 is 258.7562….
    assert_eq!(balloon[0], [258_76, 248_76, 10_00, 751_24]);
    assert_eq!(balloon[1], [758_75, 751_24, 7_51, 0]);

    let by = Ratio::new(100_000);
    let stepped = figures(&thousand(4, Plan::Stepped { every: 2, by }));
    assert_eq!(stepped[0][0], stepped[1][0]);
    assert_eq!(stepped[2][0], (stepped[0][0] * 11 + 9) / 10);
}

/// A nursery buys in spring: April and May are interest only.
#[test]
fn a_season() {
    let plan = Plan::Seasonal {
        interest_only: Months::of(&[4, 5]).unwrap(),
        nothing: Months::of(&[2]).unwrap(),
        deferred: Deferred::CaughtUp,
    };
    let terms = thousand(12, plan);
    let rows = rows(&terms);
    assert_eq!(rows[0].due, date("2026-02-15"));
    assert_eq!(rows[0].payment, Money::ZERO);
    let level = rows[3 + 1].payment;
    assert_eq!(rows[1].payment, level.plus(Money::new(10_00)).unwrap());
    for row in &rows[2..4] {
        assert_eq!((row.principal, row.payment), (Money::ZERO, row.interest));
    }
    assert!(rows[4..11].iter().all(|row| row.payment == level));
    assert!(rows[11].payment <= level);
}

#[test]
fn days_are_counted() {
    let terms = LoanTerms {
        first_due: Some(date("2026-03-01")),
        ..thousand(2, Plan::Bullet)
    };
    for (day_count, first, second) in [
        // A month and 14 days of 30; then a month.
        (DayCount::Periods, 14_67, 1_010_00),
        (DayCount::Thirty360, 15_33, 1_010_00),
        (DayCount::Actual365, 14_79, 1_010_19),
        (DayCount::Actual360, 15_00, 1_010_33),
        (DayCount::ActualActual, 14_79, 1_010_19),
    ] {
        let found = figures(&LoanTerms { day_count, ..terms });
        assert_eq!([found[0][0], found[1][0]], [first, second], "{day_count:?}");
    }
}

#[test]
fn what_is_no_loan() {
    let good = thousand(12, Plan::EqualInstalment);
    let error = |terms: LoanTerms| Schedule::of(&terms).unwrap_err();
    let of = |principal| LoanTerms {
        principal: Money::new(principal),
        ..good
    };
    assert_eq!(error(of(0)), LoanError::NothingLent);
    assert_eq!(error(of(-1)), LoanError::NothingLent);
    let once = LoanTerms {
        instalments: 1,
        ..of(LARGEST)
    };
    assert_eq!(error(once), LoanError::TooLarge);
    for rate in [-1, 10_000_001] {
        let annual_rate = Ratio::new(rate);
        assert_eq!(
            error(LoanTerms {
                annual_rate,
                ..good
            }),
            LoanError::Rate
        );
    }
    for instalments in [0, MOST_INSTALMENTS + 1] {
        let terms = LoanTerms {
            instalments,
            ..good
        };
        assert_eq!(error(terms), LoanError::Instalments);
    }
    let rounded = |multiple, direction| LoanTerms {
        rounding: InstalmentRounding {
            multiple: Money::new(multiple),
            direction,
        },
        ..good
    };
    assert_eq!(error(rounded(0, Rounding::Up)), LoanError::Rounding);
    assert_eq!(
        error(rounded(1_000_00, Rounding::Down)),
        LoanError::Rounding
    );
    let grace = |nothing, interest_only| Plan::Grace {
        nothing,
        interest_only,
        deferred: Deferred::CaughtUp,
    };
    for plan in [
        grace(12, 0),
        grace(6, 6),
        grace(u16::MAX, 1),
        Plan::Balloon {
            share: Ratio::new(1_000_001),
        },
        Plan::Balloon {
            share: Ratio::new(-1),
        },
        Plan::Stepped {
            every: 0,
            by: Ratio::ZERO,
        },
        Plan::Stepped {
            every: 1,
            by: Ratio::new(-900_000),
        },
        Plan::Stepped {
            every: 1,
            by: Ratio::new(i64::MAX),
        },
    ] {
        assert_eq!(
            error(LoanTerms { plan, ..good }),
            LoanError::Plan,
            "{plan:?}"
        );
    }
    assert_eq!(Months::of(&[0]), None);
    assert_eq!(Months::of(&[13]), None);
}

/// Interest that is rounded up month after month would leave more than an
/// instalment to the last row if the formula alone set it.
#[test]
fn the_last_row_is_no_balloon() {
    for (principal, rate, months) in [
        (9_999_999, 344_738, 480),
        (123_456, 216_132, 480),
        (1_000_001, 228_571, 360),
        (20_000_000, 88_188, 24),
    ] {
        let (principal, rate) = (Money::new(principal), Ratio::new(rate));
        let terms = LoanTerms::monthly(principal, rate, months, date("2026-01-31"));
        let formula = Annuity::new(rate, months).unwrap().instalment(principal);
        let rows = rows(&terms);
        assert_eq!(
            rows[0].payment,
            formula.unwrap().plus(Money::new(1)).unwrap()
        );
        assert!(rows.last().unwrap().payment <= rows[0].payment);
    }
}

fn deferred() -> impl Strategy<Value = Deferred> {
    prop_oneof![Just(Deferred::CaughtUp), Just(Deferred::Capitalised)]
}

fn plans() -> impl Strategy<Value = Plan> {
    let months = || proptest::collection::vec(1u8..=12, 0..5).prop_map(|m| Months::of(&m).unwrap());
    prop_oneof![
        Just(Plan::EqualInstalment),
        Just(Plan::EqualPrincipal),
        Just(Plan::Bullet),
        Just(Plan::Flat),
        (0i64..=1_000_000).prop_map(|share| Plan::Balloon {
            share: Ratio::new(share)
        }),
        (0u16..6, 0u16..6, deferred()).prop_map(|(nothing, interest_only, deferred)| {
            Plan::Grace {
                nothing,
                interest_only,
                deferred,
            }
        }),
        (1u16..20, -200_000i64..200_000).prop_map(|(every, by)| Plan::Stepped {
            every,
            by: Ratio::new(by)
        }),
        (months(), months(), deferred()).prop_map(|(interest_only, nothing, deferred)| {
            Plan::Seasonal {
                interest_only,
                nothing,
                deferred,
            }
        }),
    ]
}

fn calendars() -> impl Strategy<Value = (Date, Option<Date>, Frequency)> {
    let frequency = prop_oneof![
        4 => Just(Frequency::Monthly),
        1 => Just(Frequency::Days(7)),
        1 => Just(Frequency::Days(14)),
        1 => (1u16..=366).prop_map(Frequency::Days),
    ];
    (
        10_000i64..40_000,
        proptest::option::of(1i64..400),
        frequency,
    )
        .prop_map(|(start, wait, frequency)| {
            let day = |days| Date::from_days(days).unwrap();
            (day(start), wait.map(|wait| day(start + wait)), frequency)
        })
}

fn day_counts() -> impl Strategy<Value = DayCount> {
    prop_oneof![
        Just(DayCount::Periods),
        Just(DayCount::Thirty360),
        Just(DayCount::Actual365),
        Just(DayCount::Actual360),
        Just(DayCount::ActualActual),
    ]
}

fn roundings() -> impl Strategy<Value = InstalmentRounding> {
    let direction = prop_oneof![
        Just(Rounding::Up),
        Just(Rounding::Down),
        Just(Rounding::HalfUp)
    ];
    let multiple = prop_oneof![3 => Just(1i64), 1 => 1i64..10_000];
    (multiple, direction).prop_map(|(multiple, direction)| InstalmentRounding {
        multiple: Money::new(multiple),
        direction,
    })
}

fn loans() -> impl Strategy<Value = LoanTerms> {
    (
        1i64..1_000_000_000,
        0i64..=2_000_000,
        1u16..=120,
        calendars(),
        day_counts(),
        plans(),
        roundings(),
    )
        .prop_map(
            |(
                principal,
                rate,
                instalments,
                (start, first_due, frequency),
                day_count,
                plan,
                rounding,
            )| {
                LoanTerms {
                    principal: Money::new(principal),
                    annual_rate: Ratio::new(rate),
                    instalments,
                    start,
                    first_due,
                    frequency,
                    day_count,
                    plan,
                    rounding,
                    extra: None,
                }
            },
        )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    /// Nothing is lost, whatever the plan.
    #[test]
    fn a_schedule_pays_the_loan_back(terms in loans()) {
        let schedule = match Schedule::of(&terms) {
            Ok(schedule) => schedule,
            Err(error) => {
                let possible = [LoanError::Plan, LoanError::Rounding, LoanError::TooLarge];
                prop_assert!(possible.contains(&error), "{error:?}");
                return Ok(());
            }
        };
        let rows: Vec<Instalment> = schedule.instalments().collect();
        prop_assert_eq!(rows.len(), usize::from(terms.instalments));
        let principal: i64 = rows.iter().map(|row| row.principal.minor()).sum();
        prop_assert_eq!(principal, terms.principal.minor());
        prop_assert_eq!(rows.last().unwrap().balance, Money::ZERO);
        let mut before = terms.start;
        for row in &rows {
            prop_assert!(row.principal >= Money::ZERO && row.interest >= Money::ZERO);
            prop_assert_eq!(row.principal.plus(row.interest), Some(row.payment));
            prop_assert!(row.balance >= Money::ZERO && before < row.due);
            before = row.due;
        }
    }

    /// Without fees the rate of what is paid stays near the nominal one.
    #[test]
    fn rounding_moves_a_rate_no_further_than_is_told(terms in loans()) {
        let LoanTerms { plan, annual_rate, rounding, start, principal, instalments, .. } = terms;
        // Of small loans rounding is a larger part.
        let principal = Money::new(1 + principal.minor() % 5_000);
        let repayment = Repayment { plan, rounding, ..Repayment::LEVEL };
        let most = repayment.most_simple_rate(annual_rate, instalments, principal);
        let terms = repayment.terms(principal, annual_rate, instalments, start);
        if let (Some(cost), Some(most)) = (Cost::of(&terms, &[]), most) {
            prop_assert!(cost.rate.simple <= most, "{} {most:?}", cost.rate.simple.millionths());
        }
    }

    /// An extra payment leaves the instalments before it alone, and costs no
    /// more interest.
    #[test]
    fn an_extra_payment_ends_the_loan_sooner(terms in loans(), with: u16, amount in 1i64..1_000_000_000) {
        let (Ok(schedule), 2..) = (Schedule::of(&terms), terms.instalments) else {
            return Ok(());
        };
        let with = 1 + with % (terms.instalments - 1);
        let extra = Some(ExtraPayment { with, amount: Money::new(amount) });
        let sooner = Schedule::of(&LoanTerms { extra, ..terms }).unwrap();
        let (rows, other): (Vec<_>, Vec<_>) = (schedule.instalments().collect(), sooner.instalments().collect());
        let at = usize::from(with) - 1;
        prop_assert_eq!(&rows[..at], &other[..at]);
        let paid = other[at].payment.minus(rows[at].payment).unwrap();
        prop_assert_eq!(paid.min(rows[at].balance), paid);
        // What is too much to be counted is more than what is not.
        if let Some(most) = schedule.interest() {
            prop_assert!(sooner.interest().is_some_and(|interest| interest <= most));
        }
        let principal: i64 = other.iter().map(|row| row.principal.minor()).sum();
        prop_assert_eq!(principal, terms.principal.minor());
        let settled = other.iter().skip(usize::from(with)).position(|row| row.balance == Money::ZERO);
        let after = usize::from(with) + settled.map_or(0, |rows| rows + 1);
        prop_assert_eq!(other.len(), if other[at].balance == Money::ZERO { usize::from(with) } else { after });
    }

    /// What is level is level, and no less would do.
    #[test]
    fn the_least_level_instalment(principal in 1i64..1_000_000_000_000, rate in 0i64..=10_000_000, months in 1u16..=480) {
        let terms = LoanTerms::monthly(Money::new(principal), Ratio::new(rate), months, date("2026-01-31"));
        let rows = rows(&terms);
        let level = rows[0].payment;
        prop_assert!(rows.iter().all(|row| row.payment <= level));
        let calendar = calendar::Calendar::new(terms.start, None, terms.frequency, months).unwrap();
        let amortisation = amortisation::Amortisation::new(&terms, &calendar).unwrap();
        prop_assert!(amortisation.pays_back(terms.principal, level));
        let less = level.minus(Money::new(1)).unwrap();
        prop_assert!(months == 1 || !amortisation.pays_back(terms.principal, less));
    }

    /// The rate of what is paid is the rate of the loan.
    #[test]
    fn the_nominal_rate_comes_back(principal in 10_000_00i64..1_000_000_000, rate in 10_000i64..=500_000, months in 7u16..=120, plan in plans()) {
        let bears_interest_on_interest = match plan {
            Plan::Flat => return Ok(()),
            Plan::Grace { deferred, nothing, .. } => nothing == 0 || deferred == Deferred::Capitalised,
            Plan::Seasonal { deferred, nothing, .. } => nothing == Months::NONE || deferred == Deferred::Capitalised,
            _ => true,
        };
        prop_assume!(bears_interest_on_interest);
        let monthly = LoanTerms::monthly(Money::new(principal), Ratio::new(rate), months, date("2026-01-31"));
        let Ok(schedule) = Schedule::of(&LoanTerms { plan, ..monthly }) else {
            return Ok(());
        };
        let found = annual_rate(monthly.principal, schedule.payments(), Frequency::Monthly).unwrap();
        let apart = found.simple.millionths().abs_diff(rate);
        prop_assert!(apart <= 30, "{apart} {plan:?}");
    }

    #[test]
    fn a_larger_loan_has_no_smaller_instalment(principal in 1i64..10_000_000, more in 0i64..2_000, rate in 0i64..=500_000, months in 1u16..=480) {
        let instalment = |principal| {
            let terms = LoanTerms::monthly(Money::new(principal), Ratio::new(rate), months, Date::EPOCH_2000);
            Schedule::of(&terms).unwrap().payments().max().unwrap()
        };
        prop_assert!(instalment(principal) <= instalment(principal + more));
    }

    #[test]
    fn any_input_is_answered(
        numbers: [i64; 4],
        counts: [u16; 4],
        shift in 0u32..64,
        (start, first_due, _) in calendars(),
        day_count in day_counts(),
        plan in plans(),
    ) {
        let [principal, rate, multiple, step] = numbers.map(|number| number >> shift);
        let plan = match plan {
            Plan::Balloon { .. } => Plan::Balloon { share: Ratio::new(step) },
            Plan::Stepped { .. } => Plan::Stepped { every: counts[2], by: Ratio::new(step) },
            Plan::Grace { deferred, .. } => Plan::Grace { nothing: counts[2] % 999, interest_only: counts[3], deferred },
            plan => plan,
        };
        let terms = LoanTerms {
            principal: Money::new(principal),
            annual_rate: Ratio::new(rate % 12_000_000),
            instalments: counts[0] % 1_100,
            start,
            first_due,
            frequency: if counts[1] % 2 == 0 { Frequency::Monthly } else { Frequency::Days(counts[1]) },
            day_count,
            plan,
            rounding: InstalmentRounding { multiple: Money::new(multiple), direction: Rounding::Up },
            extra: (counts[3] % 2 == 0).then_some(ExtraPayment { with: counts[2], amount: Money::new(step) }),
        };
        let _ = Schedule::of(&terms);
        let capacity = Capacity::Level(Money::new(multiple));
        let _ = largest_principal(&terms, &[], &capacity, Leeway::Exact, Money::new(step));
    }
}
