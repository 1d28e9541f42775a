//! Random loans against numpy-financial.

use std::fs::{self, File};
use std::io::{BufWriter, Write};

use anyhow::{Context, Result};
use fastrand::Rng;
use prequal::loan::{Frequency, Instalment, LoanTerms, Schedule, annual_rate};
use prequal::{Date, Money, Ratio};
use serde::Serialize;

use super::python::Python;
use crate::{project, step};

const LOANS: usize = 10_000;

/// A loan and what the crate makes of it: minor units and millionths.
#[derive(Serialize)]
struct Loan {
    principal: i64,
    rate: i64,
    payments: Vec<i64>,
    balances: Vec<i64>,
    simple: i64,
    compound: i64,
}

/// Works out random loans, and has them held against numpy-financial.
pub(super) fn run(seed: u64) -> Result<()> {
    let folder = project::path("tests/peers");
    let python = Python::ready("loans", &folder.join("requirements.txt"), None)?;
    let loans = project::target().join("peers/loans.jsonl");
    step::timed("random loans", || {
        fs::create_dir_all(loans.with_file_name(""))?;
        let mut file = BufWriter::new(File::create(&loans)?);
        let mut random = Rng::with_seed(seed);
        for _ in 0..LOANS {
            let line = serde_json::to_string(&loan(&mut random)?)?;
            writeln!(file, "{line}")?;
        }
        Ok(file.flush()?)
    })?;
    let arguments = [loans.as_os_str()].into_iter();
    let told = python.run("numpy-financial", &folder.join("loans.py"), arguments)?;
    step::say(&format!("{} (seed {seed})", told.trim()));
    Ok(())
}

/// Level monthly instalments of 1 000.00 to 10 000 000.00 over up to forty years, at 0.1 to 60 % a year.
fn loan(random: &mut Rng) -> Result<Loan> {
    // As many of a few months as of many years.
    let longest = random.u16(1..=480);
    let months = random.u16(1..=longest);
    let principal = 10_i64.pow(random.u32(5..=9)) + random.i64(0..=1_000_000);
    let (principal, rate) = (
        Money::new(principal),
        Ratio::new(random.i64(1_000..=600_000)),
    );
    let terms = LoanTerms::monthly(principal, rate, months, Date::EPOCH_2000);
    let schedule = Schedule::of(&terms)?;
    let found = annual_rate(principal, schedule.payments(), Frequency::Monthly)
        .context("a loan has an annual rate")?;
    let minor = |figure: fn(&Instalment) -> Money| {
        let rows = schedule.instalments();
        rows.map(|row| figure(&row).minor()).collect()
    };
    Ok(Loan {
        principal: principal.minor(),
        rate: rate.millionths(),
        payments: minor(|row| row.payment),
        balances: minor(|row| row.balance),
        simple: found.simple.millionths(),
        compound: found.compound.millionths(),
    })
}
