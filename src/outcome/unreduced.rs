//! What reducing the features costs.

use super::Outcome;
use crate::Features;
use crate::policy::{Policy, Precision};

impl Policy {
    /// Decides on features that were not reduced; choices are told by their
    /// groups all the same, since the decision knows no options.
    ///
    /// For measuring how far decisions on summaries lie from those on answers,
    /// never for deciding: SUFFICIENT SUMMARY holds for [`Policy::assess`]
    /// only. The features are this policy's.
    pub fn assess_unreduced(&self, features: &Features) -> Outcome {
        let mut facts = self.reduce_values(features);
        let values = facts.features.iter_mut().zip(&features.values);
        for ((told, value), feature) in values.zip(&self.body().features) {
            if !matches!(feature.precision, Precision::Groups(_)) {
                *told = *value;
            }
        }
        self.assess_facts(&facts)
    }
}
