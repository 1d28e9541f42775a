//! Coming closer to what nobody reached yet.
//!
//! Of each goal the applicant who came nearest is kept, and others start from there: what takes many answers that fit one
//! another is reached one answer after the other.

use prequal::policy::Policy;

use crate::applicant::Applicant;
use crate::draw::{Applicants, CHANGES};
use crate::goal::{Goal, Standing};

/// The goals that are left.
pub(crate) struct Chase {
    open: Vec<Open>,
}

/// A goal that nobody reached.
struct Open {
    goal: Goal,
    nearest: Option<Nearest>,
}

/// Who came nearest to a goal.
#[derive(Clone)]
struct Nearest {
    distance: u64,
    applicant: Applicant,
    /// The card that counts there, by index.
    card: Option<usize>,
}

impl Chase {
    /// All goals of a policy.
    pub(crate) fn new(policy: &Policy) -> Self {
        let open = |goal| Open {
            goal,
            nearest: None,
        };
        Self {
            open: Goal::all(policy.body()).into_iter().map(open).collect(),
        }
    }

    /// Looks at an applicant: `kept` is what others start from, and has answers to what is not `asked` too.
    pub(crate) fn look(&mut self, policy: &Policy, kept: &Applicant, asked: &Applicant) {
        if self.open.is_empty() {
            return;
        }
        let Some(standing) = Standing::of(policy, asked) else {
            return;
        };
        self.open.retain_mut(|open| {
            let distance = standing.distance(open.goal);
            // Who is as near is taken too: where nothing leads, answers drift.
            let nearer = |nearest: &Nearest| distance <= nearest.distance;
            if open.nearest.as_ref().is_none_or(nearer) {
                open.nearest = Some(Nearest {
                    distance,
                    applicant: kept.clone(),
                    card: standing.card(),
                });
            }
            distance > 0
        });
    }
}

impl Applicants<'_> {
    /// Whoever came nearest to one of the goals, with a few changes.
    pub(crate) fn chased(&mut self) -> Option<Applicant> {
        let open = self.random.choice(&self.chase.as_ref()?.open)?;
        let goal = open.goal;
        let Nearest {
            mut applicant,
            card,
            ..
        } = open.nearest.clone()?;
        for _ in 0..self.random.u8(1..=CHANGES) {
            if self.random.bool() {
                self.toward(goal, card, &mut applicant);
            } else {
                self.change(&mut applicant)?;
            }
        }
        Some(applicant)
    }
}

#[cfg(test)]
mod tests {
    #![allow(
        clippy::expect_used,
        reason = "tests stop where something is not as it has to be"
    )]

    use std::path::Path;

    use super::*;

    /// Every bin, grade, reason and binding cap of the shipped policies can be reached, and is before long.
    #[test]
    fn whatever_a_policy_tells_apart_is_reached() {
        let policies = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../policies");
        let folders = prequal_compiler::policy_folders(&policies).expect("the policies");
        assert!(folders.len() > 10);
        for folder in folders {
            let policy = prequal_compiler::compile(&folder)
                .expect("it compiles")
                .loaded;
            let mut applicants = Applicants::new(&policy, 1).chasing();
            let mut left = || {
                applicants.next();
                let chase = applicants.chase.as_ref().expect("a chase");
                chase.open.iter().map(|open| open.goal).collect::<Vec<_>>()
            };
            let mut drawn = (0..8_000).map(|_| left());
            let folder = folder.display();
            assert!(
                drawn.any(|left| left.is_empty()),
                "{folder}: not all reached"
            );
        }
    }
}
