//! `tiers`: decisions on summaries against decisions on answers, over random applicants.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow, bail};
use clap::Args;
use prequal::Policy;
use prequal_compiler::Tier;
use prequal_sample::{Applicants, Comparison};

use crate::{pieces, project, step};

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

/// Applicants that are drawn one after the other; every piece draws from a seed of its own.
const PIECE: u64 = 20_000;

/// How many applicants of a piece are kept for others to start from.
const KEPT: u64 = 100;

/// A policy that is measured.
struct Subject {
    name: String,
    policy: Policy,
    /// How many uses of features are declared approximate rather than proven.
    declared: usize,
}

/// Some of a policy's applicants.
struct Piece {
    /// The policy, by index.
    subject: usize,
    cases: u64,
    seed: u64,
}

/// What was found.
#[derive(Default)]
struct Found {
    cases: u64,
    /// Who come to a limit.
    limited: u64,
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
    /// Of all pieces; as many as there are cores run at once.
    took: Duration,
}

pub(crate) fn run(options: &Options) -> Result<()> {
    let seed = options.seed.unwrap_or_else(|| fastrand::u64(..));
    measure(options.cases, seed)
}

/// Compiles every policy and measures it on so many applicants each; fails
/// where EXACT or CONSERVATIVE does not hold in a policy all of whose uses are
/// proven.
pub(crate) fn measure(cases: u64, seed: u64) -> Result<()> {
    let started = Instant::now();
    let subjects = subjects()?;
    let pieces: Vec<Piece> = (0..subjects.len())
        .flat_map(|subject| {
            pieces::shares(cases, PIECE, seed).map(move |(cases, seed)| Piece {
                subject,
                cases,
                seed,
            })
        })
        .collect();
    let mut found: Vec<Found> = subjects.iter().map(|_| Found::default()).collect();
    let mut progress = step::Progress::new("applicants", pieces.iter().map(|p| p.cases).sum());
    let mut done = 0;
    pieces::each(
        &pieces,
        |piece| {
            let subject = subjects.get(piece.subject).context("no such policy")?;
            Ok(piece.measure(&subject.policy))
        },
        |piece, part| {
            done += piece.cases;
            progress.at(done);
            found
                .get_mut(piece.subject)
                .context("no such policy")?
                .add(&part);
            Ok(())
        },
    )?;

    let mut wrong = Vec::new();
    for (subject, found) in subjects.iter().zip(&found) {
        found.say(subject);
        if subject.declared == 0 && found.differ + found.above > 0 {
            wrong.push(subject.name.as_str());
        }
    }
    step::say(&format!(
        "{done} applicants of {} policies, seed {seed}, {:.1} s",
        subjects.len(),
        started.elapsed().as_secs_f64()
    ));
    if !wrong.is_empty() {
        bail!(
            "what is proven of summaries does not hold: {} (seed {seed})",
            wrong.join(", ")
        );
    }
    Ok(())
}

fn subjects() -> Result<Vec<Subject>> {
    let subject = |folder: PathBuf| {
        let compiled = prequal_compiler::compile(&folder).map_err(|errors| anyhow!("{errors}"))?;
        let uses = compiled.report.features.iter().flat_map(|f| &f.used_by);
        Ok(Subject {
            name: project::name(&folder),
            declared: uses.filter(|used| used.tier == Tier::Approximate).count(),
            policy: compiled.loaded,
        })
    };
    project::policies()?.into_iter().map(subject).collect()
}

impl Piece {
    fn measure(&self, policy: &Policy) -> Found {
        let started = Instant::now();
        let mut found = Found::default();
        let mut applicants = Applicants::new(policy, self.seed);
        while found.cases < self.cases
            && let Some(applicant) = applicants.next()
        {
            let Ok(features) = applicant.derive(policy) else {
                continue;
            };
            let comparison = Comparison::of(policy, &features);
            let shortfall = comparison.shortfall();
            // Limits are compared where there are some, which chance alone seldom comes to.
            let limited = comparison.whole.decision.limit.is_some();
            if limited && found.limited < KEPT {
                applicants.keep();
            }
            found.limited += u64::from(limited);
            found.cases += 1;
            found.differ += u64::from(!comparison.is_exact());
            found.above += u64::from(shortfall < 0);
            found.below += u64::from(shortfall > 0);
            found.largest = found.largest.max(shortfall);
            found.excess = found.excess.max(-shortfall);
        }
        found.took = started.elapsed();
        found
    }
}

impl Found {
    fn add(&mut self, other: &Found) {
        self.cases += other.cases;
        self.limited += other.limited;
        self.differ += other.differ;
        self.above += other.above;
        self.below += other.below;
        self.largest = self.largest.max(other.largest);
        self.excess = self.excess.max(other.excess);
        self.took += other.took;
    }

    fn say(&self, subject: &Subject) {
        let took = self.took.as_secs_f64();
        step::say(&format!(
            "{}: {} applicants, {} decide otherwise on the summary; {} with a limit, lower on the summary for {} (by {} at most), higher for {} (by {} at most); {} uses declared approximate; {took:.1} s of one core, {:.0} a second",
            subject.name,
            self.cases,
            self.differ,
            self.limited,
            self.below,
            units(self.largest),
            self.above,
            units(self.excess),
            subject.declared,
            self.cases as f64 / took
        ));
    }
}

/// Minor units as an amount.
fn units(minor: i64) -> String {
    format!("{}.{:02}", minor / 100, minor % 100)
}
