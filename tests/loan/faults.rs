//! What is no stream, by code.

use prequal::loan::rate::{At, Entry, Every, Kind, Stream, StreamFault, Unit};
use prequal::{Date, LARGEST, Money};

fn entry(kind: Kind, amount: i64, at: At) -> Entry {
    Entry {
        kind,
        amount: Money::new(amount),
        at,
        day: None,
        every: None,
        count: 1,
    }
}

fn advance() -> Entry {
    entry(Kind::Advance, 100, At::Period(0, Unit::Month))
}

fn payment() -> Entry {
    entry(Kind::Payment, 101, At::Period(1, Unit::Month))
}

fn on(date: &str) -> At {
    At::Date(date.parse::<Date>().unwrap())
}

const fn every(number: u16, unit: Unit) -> Option<Every> {
    Some(Every { number, unit })
}

#[test]
fn each_fault_has_its_code_and_entry() {
    use StreamFault::*;
    let dated = Entry {
        at: on("2026-02-28"),
        ..payment()
    };
    let monthly = Entry {
        every: every(1, Unit::Month),
        count: 12,
        ..dated
    };
    for (fault, code, at, entries) in [
        (NothingAdvanced, "nothing_advanced", None, vec![]),
        (NothingAdvanced, "nothing_advanced", None, vec![payment()]),
        (NothingPaid, "nothing_paid", None, vec![advance()]),
        (
            AmountNotPositive,
            "amount_not_positive",
            Some(1),
            vec![
                advance(),
                Entry {
                    amount: Money::ZERO,
                    ..payment()
                },
            ],
        ),
        (
            AmountNotPositive,
            "amount_not_positive",
            Some(0),
            vec![Entry {
                amount: Money::new(i64::MIN),
                ..advance()
            }],
        ),
        (
            AmountTooLarge,
            "amount_too_large",
            Some(0),
            vec![Entry {
                amount: Money::new(LARGEST + 1),
                ..advance()
            }],
        ),
        (
            AmountTooLarge,
            "amount_too_large",
            Some(1),
            vec![
                Entry {
                    amount: Money::new(LARGEST),
                    ..advance()
                },
                advance(),
            ],
        ),
        (
            AmountTooLarge,
            "amount_too_large",
            Some(0),
            vec![Entry {
                amount: Money::new(LARGEST),
                every: every(1, Unit::Month),
                count: 9_999,
                ..advance()
            }],
        ),
        (
            CountZero,
            "count_zero",
            Some(1),
            vec![
                advance(),
                Entry {
                    count: 0,
                    ..payment()
                },
            ],
        ),
        (
            TooMany,
            "too_many",
            Some(1),
            vec![
                advance(),
                Entry {
                    count: 10_000,
                    every: every(1, Unit::Month),
                    ..payment()
                },
            ],
        ),
        (
            TooMany,
            "too_many",
            Some(0),
            vec![Entry {
                count: u32::MAX,
                every: every(1, Unit::Month),
                ..payment()
            }],
        ),
        (
            EveryMissing,
            "every_missing",
            Some(1),
            vec![
                advance(),
                Entry {
                    count: 2,
                    ..payment()
                },
            ],
        ),
        (
            EveryZero,
            "every_zero",
            Some(1),
            vec![
                advance(),
                Entry {
                    every: every(0, Unit::Month),
                    ..payment()
                },
            ],
        ),
        (
            EveryOtherUnit,
            "every_other_unit",
            Some(1),
            vec![
                advance(),
                Entry {
                    every: every(1, Unit::Week),
                    ..payment()
                },
            ],
        ),
        (MixedTimes, "mixed_times", Some(1), vec![advance(), dated]),
        (
            MixedTimes,
            "mixed_times",
            Some(1),
            vec![
                advance(),
                Entry {
                    at: At::Period(1, Unit::Week),
                    ..payment()
                },
            ],
        ),
        (
            OutOfCalendar,
            "out_of_calendar",
            Some(1),
            vec![
                advance(),
                Entry {
                    at: At::Period(u32::MAX, Unit::Month),
                    ..payment()
                },
            ],
        ),
        (
            OutOfCalendar,
            "out_of_calendar",
            Some(0),
            vec![
                Entry {
                    at: on("9999-12-31"),
                    count: 2,
                    ..monthly
                },
                advance(),
            ],
        ),
        (
            OutOfCalendar,
            "out_of_calendar",
            Some(0),
            vec![
                Entry {
                    at: on("9999-12-31"),
                    count: 2,
                    every: every(u16::MAX, Unit::Day),
                    ..monthly
                },
                advance(),
            ],
        ),
        (
            DayNotMeant,
            "day_not_meant",
            Some(1),
            vec![
                advance(),
                Entry {
                    day: Some(31),
                    ..payment()
                },
            ],
        ),
        (
            DayNotMeant,
            "day_not_meant",
            Some(1),
            vec![
                advance(),
                Entry {
                    day: Some(27),
                    ..monthly
                },
            ],
        ),
        (
            DayNotMeant,
            "day_not_meant",
            Some(1),
            vec![
                advance(),
                Entry {
                    day: Some(32),
                    ..monthly
                },
            ],
        ),
        (
            DayNotMeant,
            "day_not_meant",
            Some(1),
            vec![
                advance(),
                Entry {
                    day: Some(31),
                    at: on("2026-02-27"),
                    ..monthly
                },
            ],
        ),
        (
            DayNotMeant,
            "day_not_meant",
            Some(1),
            vec![
                advance(),
                Entry {
                    day: Some(31),
                    every: every(4, Unit::Week),
                    ..monthly
                },
            ],
        ),
    ] {
        // An advance for those that need one beside what is wrong.
        let beside = [Entry {
            at: on("2026-01-31"),
            ..advance()
        }];
        let entries = match fault {
            OutOfCalendar | DayNotMeant if at == Some(0) => [&entries[..1], &beside].concat(),
            _ => entries,
        };
        let error = Stream::new(&entries).unwrap_err();
        assert_eq!(
            (error.fault, error.fault.code(), error.entry),
            (fault, code, at),
            "{entries:?}"
        );
        assert!(error.to_string().len() > 10);
    }
}

/// Month ends go back to their own day; the order of entries has no meaning.
#[test]
fn months_keep_their_day() {
    let last = Entry {
        at: on("2026-02-28"),
        day: Some(31),
        every: every(1, Unit::Month),
        count: 3,
        ..payment()
    };
    let halves = Entry {
        at: on("2026-02-15"),
        every: every(1, Unit::Semimonth),
        count: 4,
        ..payment()
    };
    let out = Entry {
        at: on("2026-01-31"),
        ..advance()
    };
    let days = |entries: &[Entry]| {
        let events = Stream::new(entries).unwrap().events();
        let told = events.iter().skip(1).map(|event| format!("{:?}", event.at));
        told.collect::<Vec<_>>()
    };
    let dates = |texts: &[&str]| -> Vec<String> {
        let date = |text: &&str| {
            format!(
                "{:?}",
                prequal::loan::rate::When::Date(text.parse().unwrap())
            )
        };
        texts.iter().map(date).collect()
    };
    assert_eq!(
        days(&[last, out]),
        dates(&["2026-02-28", "2026-03-31", "2026-04-30"])
    );
    assert_eq!(
        days(&[out, halves]),
        dates(&["2026-02-15", "2026-02-28", "2026-03-15", "2026-03-30"])
    );
}
