//! Random applicants of a policy.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use prequal::Policy;
use prequal_sample::Applicants;

use super::case::Case;
use super::counts::Counts;
use super::piece::{Draw, Source};
use super::reached::Reached;

/// A policy on both sides.
pub(super) struct Subject {
    pub(super) name: String,
    pub(super) policy: Policy,
    /// Its compiled file.
    pub(super) file: PathBuf,
}

/// Applicants and what they reached. Those that reach what few reach are kept, so that others come to lie near them.
struct Decided<'a> {
    policy: &'a Policy,
    applicants: Applicants<'a>,
    reached: Reached,
}

impl Source for Subject {
    fn name(&self) -> &str {
        &self.name
    }

    fn policy(&self) -> Option<&Path> {
        Some(&self.file)
    }

    fn expected(&self) -> Counts {
        Reached::new(self.policy.body()).counts
    }

    fn draw(&self, seed: u64) -> impl Draw {
        Decided {
            policy: &self.policy,
            applicants: Applicants::with_wrong(&self.policy, seed).chasing(),
            reached: Reached::new(self.policy.body()),
        }
    }
}

impl Draw for Decided<'_> {
    type Case = Case;

    fn next(&mut self) -> Result<Case> {
        let applicant = self.applicants.next();
        let applicant = applicant.context("a policy without products")?;
        let (policy, reached) = (self.policy, &mut self.reached);
        let mut rare = false;
        let case = Case::decide(policy, &applicant, |decided| match decided {
            Some((summary, outcome)) => {
                rare = reached.decided(policy, summary, &applicant.request, outcome);
            }
            None => reached.refused(),
        })?;
        if rare {
            self.applicants.keep();
        }
        Ok(case)
    }

    fn reached(&self) -> &Counts {
        &self.reached.counts
    }
}
