//! What has to hold, whatever the input.

pub(crate) mod decode;
pub(crate) mod format;
pub(crate) mod source;
pub(crate) mod wire;

use prequal::policy::Precision;
use prequal::{FeatureValue, Policy, SummaryFields};
use prequal_sample::Applicants;

/// How many applicants a policy is tried with.
const APPLICANTS: usize = 6;

/// TOTAL: whatever the summary, there is an outcome, and whoever holds the
/// summary's text computes the same one.
fn assessed(policy: &Policy, seed: u64) {
    let mut told: Vec<SummaryFields> = Vec::new();
    for applicant in Applicants::new(policy, seed).take(APPLICANTS) {
        let _ = policy.quote(&applicant.request, applicant.as_of);
        if let Ok(summary) = applicant.summarise(policy) {
            told.push(summary.fields().clone());
        }
    }
    // The cells of different applicants beside each other, which no answers may yield.
    let mut random = fastrand::Rng::with_seed(seed);
    for fields in told.clone() {
        let mut mixed = fields;
        for feature in &policy.body().features {
            let other = random.choice(&told).and_then(|other| {
                let value = other.features.get(feature.id.as_str())?;
                Some(value.clone())
            });
            let value = match (&feature.precision, random.u8(..8)) {
                (_, 0) => Some(FeatureValue::missing()),
                (Precision::Bands { edges, .. }, 1) => {
                    random.choice(edges).map(|edge| FeatureValue::Number(*edge))
                }
                _ => other,
            };
            if let Some(value) = value {
                mixed.features.insert(feature.id.as_str(), value);
            }
        }
        told.push(mixed);
    }
    for fields in told {
        let Ok(summary) = policy.admit(fields) else {
            continue;
        };
        let outcome = policy.assess(&summary);
        let text = summary.canonical();
        let again = policy.parse_summary(&text).expect("a summary's own text");
        assert_eq!(
            outcome.decision.digest(),
            policy.assess(&again).decision.digest()
        );
    }
}
