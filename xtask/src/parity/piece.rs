//! A piece of a comparison: cases of one policy, drawn one after the other and compared in one process of Node.

use std::io::Write;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use fastrand::Rng;
use prequal::Policy;
use prequal_sample::Applicants;

use super::case::{Case, Form};
use super::harness;
use super::reached::Reached;

/// Which cases.
pub(super) struct Piece {
    pub(super) cases: u64,
    pub(super) seed: u64,
    /// Whether a bit of one outcome is flipped.
    pub(super) plant: bool,
}

/// What came of it.
pub(super) struct Found {
    pub(super) reached: Reached,
    pub(super) mismatches: usize,
    /// The first mismatches, in full.
    pub(super) shown: Vec<String>,
    pub(super) took: Duration,
}

impl Piece {
    /// Decides the cases natively and streams them to Node.
    pub(super) fn compare(&self, policy: &Policy, file: &Path) -> Result<Found> {
        let started = Instant::now();
        let mut reached = Reached::new(policy.body());
        let found = harness::compare(file, Form::Digest, |input| {
            self.draw(policy, &mut reached, |_, case| {
                Ok(writeln!(input, "{}", case.line(Form::Digest)?)?)
            })
        })?;
        ensure!(
            found.cases == self.cases,
            "the harness saw {} of {} cases",
            found.cases,
            self.cases
        );
        let shown = if found.mismatches.is_empty() || self.plant {
            found.shown
        } else {
            self.show(policy, file, &found.mismatches)?
        };
        Ok(Found {
            reached,
            mismatches: found.mismatches.len(),
            shown,
            took: started.elapsed(),
        })
    }

    /// The first of these cases once more, with all bytes.
    fn show(&self, policy: &Policy, file: &Path, numbers: &[u64]) -> Result<Vec<String>> {
        let found = harness::compare(file, Form::Text, |input| {
            self.draw(policy, &mut Reached::new(policy.body()), |number, case| {
                if numbers.contains(&number) {
                    writeln!(input, "{}", case.line(Form::Text)?)?;
                }
                Ok(())
            })
        })?;
        let numbered = numbers.iter().zip(found.shown);
        let seed = self.seed;
        Ok(numbered
            .map(|(number, shown)| format!("case {number} of seed {seed}: {shown}"))
            .collect())
    }

    /// Draws and decides the cases, the same ones each time. Those that reach what few reach are kept, so that others
    /// come to lie near them.
    pub(super) fn draw(
        &self,
        policy: &Policy,
        reached: &mut Reached,
        mut see: impl FnMut(u64, &Case) -> Result<()>,
    ) -> Result<()> {
        let mut applicants = Applicants::with_wrong(policy, self.seed).chasing();
        let drawn = || Rng::with_seed(self.seed).u64(..self.cases.div_ceil(2));
        let mut to_plant = self.plant.then(drawn);
        for number in 0..self.cases {
            let applicant = applicants.next().context("a policy without products")?;
            let mut rare = false;
            let mut case = Case::decide(policy, &applicant, |decided| match decided {
                Some((summary, outcome)) => {
                    rare = reached.decided(policy, summary, &applicant.request, outcome);
                }
                None => reached.refused(),
            })?;
            if rare {
                applicants.keep();
            }
            // From the drawn case on, the first that has a decision.
            if to_plant.is_some_and(|at| number >= at) && case.flip_one_bit() {
                to_plant = None;
            }
            see(number, &case)?;
        }
        ensure!(to_plant.is_none(), "no case to plant a bit in");
        Ok(())
    }
}
