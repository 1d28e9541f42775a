//! A piece of a comparison: cases drawn one after the other and compared in one process of Node.

use std::io::Write;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use fastrand::Rng;

use super::case::Form;
use super::counts::Counts;
use super::harness;

/// Which cases.
pub(super) struct Piece {
    pub(super) cases: u64,
    pub(super) seed: u64,
    /// Whether a bit of one answer is flipped.
    pub(super) plant: bool,
}

/// What came of it.
pub(super) struct Found {
    pub(super) reached: Counts,
    pub(super) mismatches: usize,
    /// The first mismatches, in full.
    pub(super) shown: Vec<String>,
    pub(super) took: Duration,
}

/// Where cases come from.
pub(super) trait Source: Sync {
    /// What it is called.
    fn name(&self) -> &str;

    /// The compiled policy by which all cases are decided; `None` where they bring their own.
    fn policy(&self) -> Option<&Path>;

    /// Nothing reached yet of all that could be.
    fn expected(&self) -> Counts;

    /// Draws cases, the same ones for the same seed.
    fn draw(&self, seed: u64) -> impl Draw;
}

/// Cases one after the other, answered by the native engine.
pub(super) trait Draw {
    type Case: Compared;

    /// The next case.
    fn next(&mut self) -> Result<Self::Case>;

    /// What they reached so far.
    fn reached(&self) -> &Counts;
}

/// A case that can be compared.
pub(crate) trait Compared {
    /// One line of JSON.
    fn line(&self, form: Form) -> Result<String>;

    /// Flips a bit of the answer; false where there is none.
    fn flip_one_bit(&mut self) -> bool;
}

impl Piece {
    /// Has the cases answered natively and streams them to Node.
    pub(super) fn compare(&self, source: &impl Source) -> Result<Found> {
        let started = Instant::now();
        let mut reached = Counts::default();
        let found = harness::compare(source.policy(), Form::Digest, |input| {
            reached = self.draw(source, |_, case| {
                Ok(writeln!(input, "{}", case.line(Form::Digest)?)?)
            })?;
            Ok(())
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
            self.show(source, &found.mismatches)?
        };
        Ok(Found {
            reached,
            mismatches: found.mismatches.len(),
            shown,
            took: started.elapsed(),
        })
    }

    /// The first of these cases once more, with all bytes.
    fn show(&self, source: &impl Source, numbers: &[u64]) -> Result<Vec<String>> {
        let found = harness::compare(source.policy(), Form::Text, |input| {
            self.draw(source, |number, case| {
                if numbers.contains(&number) {
                    writeln!(input, "{}", case.line(Form::Text)?)?;
                }
                Ok(())
            })?;
            Ok(())
        })?;
        let numbered = numbers.iter().zip(found.shown);
        let seed = self.seed;
        Ok(numbered
            .map(|(number, shown)| format!("case {number} of seed {seed}: {shown}"))
            .collect())
    }

    /// Draws the cases, the same ones each time; what they reached.
    pub(super) fn draw(
        &self,
        source: &impl Source,
        mut see: impl FnMut(u64, &dyn Compared) -> Result<()>,
    ) -> Result<Counts> {
        let mut cases = source.draw(self.seed);
        let drawn = || Rng::with_seed(self.seed).u64(..self.cases.div_ceil(2));
        let mut to_plant = self.plant.then(drawn);
        for number in 0..self.cases {
            let mut case = cases.next()?;
            // From the drawn case on, the first that has an answer.
            if to_plant.is_some_and(|at| number >= at) && case.flip_one_bit() {
                to_plant = None;
            }
            see(number, &case)?;
        }
        ensure!(to_plant.is_none(), "no case to plant a bit in");
        Ok(cases.reached().clone())
    }
}

/// Flips the lowest bit of the last letter or digit; false where there is none.
pub(super) fn flip_last(text: &mut String) -> bool {
    let Some(at) = text.rfind(|letter: char| letter.is_ascii_alphanumeric()) else {
        return false;
    };
    let mut bytes = std::mem::take(text).into_bytes();
    if let Some(byte) = bytes.get_mut(at) {
        *byte ^= 1;
    }
    *text = String::from_utf8_lossy(&bytes).into_owned();
    true
}
