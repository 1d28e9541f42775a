//! What is no stream, by code.

use prequal::loan::rate::{At, Entry, Every, Kind, Stream, StreamFault, Unit, When};
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

/// So many of an entry, so far apart.
fn series(count: u32, number: u16, unit: Unit, entry: Entry) -> Entry {
    let every = Some(Every { number, unit });
    Entry {
        every,
        count,
        ..entry
    }
}

/// Monthly payments from the end of February on, which stand for this day.
fn meant(day: u8) -> Entry {
    let day = Some(day);
    let first = entry(Kind::Payment, 101, on("2026-02-28"));
    series(12, 1, Unit::Month, Entry { day, ..first })
}

#[test]
fn each_fault_has_its_code_and_entry() {
    use Kind::{Advance, Payment};
    use StreamFault::*;
    use Unit::{Day, Month, Week};
    let start = At::Period(0, Month);
    let of = |kind, amount| entry(kind, amount, start);
    let at = |at| entry(Payment, 101, at);
    let times = |count, number, unit| series(count, number, unit, payment());
    let out = entry(Advance, 100, on("2026-01-31"));
    let late = at(on("9999-12-31"));
    let none = || Entry {
        count: 0,
        ..payment()
    };
    let apart = || Entry {
        count: 2,
        ..payment()
    };
    let undated = || Entry {
        day: Some(31),
        ..payment()
    };
    let early = || Entry {
        at: on("2026-02-27"),
        ..meant(31)
    };
    for (fault, code, index, entries) in [
        (NothingAdvanced, "nothing_advanced", None, vec![]),
        (NothingAdvanced, "nothing_advanced", None, vec![payment()]),
        (NothingPaid, "nothing_paid", None, vec![advance()]),
        (
            AmountNotPositive,
            "amount_not_positive",
            Some(1),
            vec![advance(), of(Payment, 0)],
        ),
        (
            AmountNotPositive,
            "amount_not_positive",
            Some(0),
            vec![of(Advance, i64::MIN)],
        ),
        (
            AmountTooLarge,
            "amount_too_large",
            Some(0),
            vec![of(Advance, LARGEST + 1)],
        ),
        (
            AmountTooLarge,
            "amount_too_large",
            Some(1),
            vec![of(Advance, LARGEST), advance()],
        ),
        (
            AmountTooLarge,
            "amount_too_large",
            Some(0),
            vec![series(9_999, 1, Month, of(Advance, LARGEST))],
        ),
        (CountZero, "count_zero", Some(1), vec![advance(), none()]),
        (
            TooMany,
            "too_many",
            Some(1),
            vec![advance(), times(10_000, 1, Month)],
        ),
        (
            TooMany,
            "too_many",
            Some(0),
            vec![times(u32::MAX, 1, Month)],
        ),
        (
            EveryMissing,
            "every_missing",
            Some(1),
            vec![advance(), apart()],
        ),
        (
            EveryZero,
            "every_zero",
            Some(1),
            vec![advance(), times(1, 0, Month)],
        ),
        (
            EveryOtherUnit,
            "every_other_unit",
            Some(1),
            vec![advance(), times(1, 1, Week)],
        ),
        (
            MixedTimes,
            "mixed_times",
            Some(1),
            vec![advance(), at(on("2026-02-28"))],
        ),
        (
            MixedTimes,
            "mixed_times",
            Some(1),
            vec![advance(), at(At::Period(1, Week))],
        ),
        (
            OutOfCalendar,
            "out_of_calendar",
            Some(1),
            vec![advance(), at(At::Period(u32::MAX, Month))],
        ),
        (
            OutOfCalendar,
            "out_of_calendar",
            Some(0),
            vec![series(2, 1, Month, late), out],
        ),
        (
            OutOfCalendar,
            "out_of_calendar",
            Some(0),
            vec![series(2, u16::MAX, Day, late), out],
        ),
        (
            DayNotMeant,
            "day_not_meant",
            Some(1),
            vec![advance(), undated()],
        ),
        (DayNotMeant, "day_not_meant", Some(1), vec![out, meant(27)]),
        (DayNotMeant, "day_not_meant", Some(1), vec![out, meant(32)]),
        (DayNotMeant, "day_not_meant", Some(1), vec![out, early()]),
        (
            DayNotMeant,
            "day_not_meant",
            Some(1),
            vec![out, series(12, 4, Week, meant(31))],
        ),
    ] {
        let error = Stream::new(&entries).unwrap_err();
        let told = (error.fault, error.fault.code(), error.entry);
        assert_eq!(told, (fault, code, index), "{entries:?}");
        assert!(error.to_string().len() > 10);
    }
}

/// Month ends go back to their own day; the order of entries has no meaning.
#[test]
fn months_keep_their_day() {
    let last = series(3, 1, Unit::Month, meant(31));
    let halves = entry(Kind::Payment, 101, on("2026-02-15"));
    let halves = series(4, 1, Unit::Semimonth, halves);
    let out = entry(Kind::Advance, 100, on("2026-01-31"));
    let days = |entries: &[Entry]| -> Vec<When> {
        let events = Stream::new(entries).unwrap().events();
        let paid = events.iter().filter(|event| event.kind == Kind::Payment);
        paid.map(|event| event.at).collect()
    };
    let dates = |texts: &[&str]| -> Vec<When> {
        let date = |text: &&str| When::Date(text.parse().unwrap());
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
