//! `parity`: the native engine against the shipped module, over random applicants.

mod case;
mod harness;
mod reached;

use std::fs;
use std::io::{BufWriter, Write};
use std::path::Path;
use std::time::Instant;

use anyhow::{Context, Result, bail, ensure};
use clap::Args;
use fastrand::Rng;
use prequal::{Policy, Request};
use prequal_sample::Applicants;
use serde_json::Value;

use self::reached::Reached;
use crate::{build, project, step};

pub(crate) use case::Case;
pub(crate) use harness::{Found, compare as compare_with_wasm};

/// How many cases, and which.
#[derive(Args)]
pub(crate) struct Options {
    /// Random cases for each policy
    #[arg(long, default_value_t = 10_000)]
    cases: u64,
    /// Draws the same cases again; any number when left out
    #[arg(long)]
    seed: Option<u64>,
    /// Flips one bit of one native outcome of each policy, which must then be reported
    #[arg(long)]
    plant: bool,
}

/// Cases of the self-test, which plants a bit and must find it.
const SELF_TEST: u64 = 200;

/// Builds the module and the policies, and compares.
pub(crate) fn run(options: &Options) -> Result<()> {
    build::engine()?;
    let seed = options.seed.unwrap_or_else(|| fastrand::u64(..));
    let mut wrong = Vec::new();
    for (name, policy) in build::compiled()? {
        let started = Instant::now();
        let mut reached = Reached::new(policy.body());
        let found = compare(
            &name,
            &policy,
            options.cases,
            seed,
            options.plant,
            &mut reached,
        )?;
        step::say(&format!(
            "{name}: {} cases, {} mismatches, seed {seed}, {:.1} s",
            found.cases,
            found.mismatches,
            started.elapsed().as_secs_f64()
        ));
        step::say(&reached.to_string());
        for mismatch in &found.shown {
            step::say(mismatch);
        }
        if found.mismatches > 0 {
            wrong.push(format!("{name}: {} mismatches", found.mismatches));
        }
        let never = reached.never();
        if !never.is_empty() {
            wrong.push(format!("{name}: never reached: {}", never.join(", ")));
        }
        if !options.plant {
            let planted = compare(
                &name,
                &policy,
                SELF_TEST,
                seed,
                true,
                &mut Reached::new(policy.body()),
            )?;
            ensure!(
                planted.mismatches == 1,
                "{name}: a planted bit gave {} mismatches, not 1",
                planted.mismatches
            );
            step::say(&format!(
                "{name}: a planted bit was found among {SELF_TEST} cases"
            ));
        }
    }
    if !wrong.is_empty() {
        bail!("{} (seed {seed})", wrong.join("; "));
    }
    Ok(())
}

/// Draws cases, decides them natively, and streams them to the harness in Node.
fn compare(
    name: &str,
    policy: &Policy,
    cases: u64,
    seed: u64,
    plant: bool,
    reached: &mut Reached,
) -> Result<Found> {
    let mut to_plant = plant.then(|| Rng::with_seed(seed).u64(..cases));
    let found = harness::compare(name, |input| {
        write_cases(policy, cases, seed, reached, input, &mut |number, case| {
            // From the drawn case on, the first that has a decision.
            if to_plant.is_some_and(|at| number >= at) && case.flip_one_bit() {
                to_plant = None;
            }
        })
    })?;
    ensure!(to_plant.is_none(), "no case to plant a bit in");
    ensure!(
        found.cases == cases,
        "the harness saw {} of {cases} cases",
        found.cases
    );
    Ok(found)
}

fn write_cases(
    policy: &Policy,
    cases: u64,
    seed: u64,
    reached: &mut Reached,
    to: &mut impl Write,
    alter: &mut dyn FnMut(u64, &mut Case),
) -> Result<()> {
    let mut applicants = Applicants::with_wrong(policy, seed);
    let mut progress = step::Progress::new(policy.body().id.as_str(), cases);
    for number in 0..cases {
        let applicant = applicants.next().context("a policy without products")?;
        let mut case = Case::decide(policy, &applicant, reached)?;
        alter(number, &mut case);
        writeln!(to, "{}", case.line())?;
        progress.at(number);
    }
    Ok(())
}

/// Writes each policy's own cases, and random ones, to a file each for the tests in Node and Chromium.
pub(crate) fn export(random: u64, seed: u64, folder: &Path) -> Result<()> {
    fs::create_dir_all(folder)?;
    for (name, policy) in build::compiled()? {
        let mut file = BufWriter::new(fs::File::create(folder.join(format!("{name}.jsonl")))?);
        for path in project::cases(&name)? {
            let case =
                own_case(&policy, &path).with_context(|| format!("in `{}`", path.display()))?;
            writeln!(file, "{}", case.line())?;
        }
        write_cases(
            &policy,
            random,
            seed,
            &mut Reached::new(policy.body()),
            &mut file,
            &mut |_, _| {},
        )?;
        file.flush()?;
    }
    Ok(())
}

/// A policy's own case, decided anew.
fn own_case(policy: &Policy, path: &Path) -> Result<Case> {
    #[derive(serde::Deserialize)]
    struct Source {
        as_of: String,
        request: Request,
        answers: Value,
    }
    let Source {
        as_of,
        request,
        answers,
    } = toml::from_str(&fs::read_to_string(path)?)?;
    Case::named(policy, answers, request, as_of.parse()?)
}
