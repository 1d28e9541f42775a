//! Compiled policies.

use prequal::Policy;

use super::assessed;

/// Bytes that load are a policy that can be assessed by, and its own encoding.
pub(crate) fn decode(input: &[u8]) {
    match Policy::decode(input) {
        Ok(policy) => {
            let again = Policy::decode(&policy.body().encode());
            assert_eq!(again.map(|again| again.body() == policy.body()), Ok(true));
            assessed(&policy, input.len() as u64);
        }
        Err(error) => assert!(!error.code().is_empty()),
    }
}
