//! Native cost of a loan's figures over thirty years: 360 rows of a schedule, a
//! rate of 360 dated payments, the most that can be paid back.

#![allow(
    clippy::expect_used,
    reason = "a benchmark that cannot be set up has nothing to measure"
)]

use divan::{Bencher, black_box};
use prequal::loan::rate::{At, Entry, Every, Kind, Stream, Unit, Whole, eu_aprc, pboc, reg_z};
use prequal::loan::{
    Capacity, DayCount, Frequency, Leeway, LoanTerms, Plan, Schedule, annual_rate,
    largest_principal,
};
use prequal::{Date, LARGEST, Money, Ratio};

fn main() {
    divan::main();
}

const MONTHS: u16 = 360;
const RATE: Ratio = Ratio::new(60_000);

fn terms(day_count: DayCount) -> LoanTerms {
    let principal = Money::new(200_000_00);
    let start = "2026-01-12".parse().expect("a date");
    LoanTerms {
        day_count,
        ..LoanTerms::monthly(principal, RATE, MONTHS, start)
    }
}

#[divan::bench(args = [DayCount::Periods, DayCount::Actual365, DayCount::ActualActual])]
fn schedule(bencher: Bencher<'_, '_>, day_count: DayCount) {
    let terms = terms(day_count);
    bencher.bench(|| Schedule::of(black_box(&terms)));
}

/// What an offer's rates take.
#[divan::bench]
fn annual_rate_of_a_schedule(bencher: Bencher<'_, '_>) {
    let terms = terms(DayCount::Periods);
    let schedule = Schedule::of(&terms).expect("a schedule");
    bencher.bench(|| {
        annual_rate(
            terms.principal,
            black_box(&schedule).payments(),
            Frequency::Monthly,
        )
    });
}

/// The largest principal whose instalments can be paid.
#[divan::bench(args = [Plan::EqualInstalment, Plan::EqualPrincipal, Plan::Bullet])]
fn largest(bencher: Bencher<'_, '_>, plan: Plan) {
    let (capacity, step) = (Capacity::Level(Money::new(1_199_10)), Money::new(100_00));
    let terms = LoanTerms {
        principal: Money::new(LARGEST),
        plan,
        ..terms(DayCount::Periods)
    };
    let of = |terms| largest_principal(terms, &[], &capacity, Leeway::Exact, step);
    bencher.bench(|| of(black_box(&terms)));
}

/// A loan by dates with a cost at its beginning.
fn stream() -> Stream {
    let entry = |kind, minor, at: &str, count| Entry {
        kind,
        amount: Money::new(minor),
        at: At::Date(at.parse::<Date>().expect("a date")),
        day: None,
        every: Some(Every {
            number: 1,
            unit: Unit::Month,
        }),
        count,
    };
    let entries = [
        entry(Kind::Advance, 200_000_00, "2026-01-12", 1),
        entry(Kind::Payment, 4_000_00, "2026-01-12", 1),
        entry(Kind::Payment, 1_199_10, "2026-02-15", u32::from(MONTHS)),
    ];
    Stream::new(&entries).expect("a stream")
}

#[divan::bench(args = ["pboc", "eu_aprc", "reg_z"])]
fn rate_of_a_stream(bencher: Bencher<'_, '_>, method: &str) {
    let stream = stream();
    bencher.bench(|| match method {
        "pboc" => pboc(black_box(&stream)).map(|found| found.compound),
        "eu_aprc" => eu_aprc(black_box(&stream), Some(Whole::Months)).map(|found| found.rate),
        _ => reg_z(black_box(&stream)).map(|found| found.rate),
    });
}
