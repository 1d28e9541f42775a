//! `tiers`: decisions on summaries against decisions on answers, over random applicants.

use std::time::Instant;

use anyhow::{Result, anyhow, bail};
use clap::Args;
use prequal::Policy;
use prequal_compiler::Tier;
use prequal_sample::{Applicants, Comparison};

use crate::{project, step};

/// How many applicants, and which.
#[derive(Args)]
pub(crate) struct Options {
    /// Random applicants for each policy
    #[arg(long, default_value_t = 10_000)]
    cases: u64,
    /// Draws the same applicants again; any number when left out
    #[arg(long)]
    seed: Option<u64>,
}

/// What was found.
#[derive(Default)]
struct Found {
    cases: u64,
    /// Whose rules, bins, score or grade differ.
    differ: u64,
    /// Whose limit is higher on the summary.
    above: u64,
    /// Whose limit is lower on the summary.
    below: u64,
    /// The largest shortfall of a limit, in minor units.
    largest: i64,
    /// The largest excess of a limit, in minor units.
    excess: i64,
}

/// Compiles every policy and measures it; fails where EXACT or CONSERVATIVE
/// does not hold in a policy all of whose uses are proven.
pub(crate) fn run(options: &Options) -> Result<()> {
    let seed = options.seed.unwrap_or_else(|| fastrand::u64(..));
    let mut wrong = Vec::new();
    for folder in project::policies()? {
        let name = project::name(&folder);
        let started = Instant::now();
        let compiled = prequal_compiler::compile(&folder).map_err(|errors| anyhow!("{errors}"))?;
        let uses = compiled.report.features.iter().flat_map(|f| &f.used_by);
        let declared = uses.filter(|used| used.tier == Tier::Approximate).count();
        let found = measure(&name, &compiled.loaded, options.cases, seed);
        step::say(&format!(
            "{name}: {} applicants, {} decide otherwise on the summary; limit lower for {} (by {} at most), higher for {} (by {} at most); {declared} uses declared approximate; seed {seed}, {:.1} s",
            found.cases,
            found.differ,
            found.below,
            units(found.largest),
            found.above,
            units(found.excess),
            started.elapsed().as_secs_f64()
        ));
        if declared == 0 && found.differ + found.above > 0 {
            wrong.push(name);
        }
    }
    if !wrong.is_empty() {
        bail!(
            "what is proven of summaries does not hold: {} (seed {seed})",
            wrong.join(", ")
        );
    }
    Ok(())
}

fn measure(name: &str, policy: &Policy, cases: u64, seed: u64) -> Found {
    let mut found = Found::default();
    let mut progress = step::Progress::new(name, cases);
    for (applicant, number) in Applicants::new(policy, seed).zip(0..cases) {
        progress.at(number);
        let Ok(features) = applicant.derive(policy) else {
            continue;
        };
        let comparison = Comparison::of(policy, &features);
        let shortfall = comparison.shortfall();
        found.cases += 1;
        found.differ += u64::from(!comparison.is_exact());
        found.above += u64::from(shortfall < 0);
        found.below += u64::from(shortfall > 0);
        found.largest = found.largest.max(shortfall);
        found.excess = found.excess.max(-shortfall);
    }
    found
}

/// Minor units as an amount.
fn units(minor: i64) -> String {
    format!("{}.{:02}", minor / 100, minor % 100)
}
