//! Re-verifies a submission in a back end that is not ours: from the compiled
//! policy and the bytes that the borrower sent, to the same decision.
//!
//! ```text
//! cargo run --example reverify -- instalment.policy submission.jws https://lender.example pk_test_demo
//! ```

use std::error::Error;

use prequal::Policy;
use prequal::seal::{Expected, Opened, PublicKey, Rejection, open};
use ring::signature::{ECDSA_P256_SHA256_FIXED, UnparsedPublicKey};

/// Opens a submission and recomputes its outcome, or tells the code of what
/// does not hold.
pub(crate) fn reverify(
    policy: &[u8],
    submission: &[u8],
    audience: &str,
    partner: &str,
) -> Result<Opened, &'static str> {
    let policy = Policy::decode(policy).map_err(|error| error.code())?;
    let expected = Expected {
        audience,
        partner,
        challenge: None,
        terms: None,
    };
    open(submission, &expected, &[&policy], &es256).map_err(Rejection::code)
}

/// Any library that checks ES256 will do; `ring` is one.
fn es256(key: &PublicKey, message: &[u8], signature: &[u8; 64]) -> bool {
    let key = UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, key.to_sec1());
    key.verify(message, signature).is_ok()
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [policy, submission, audience, partner] = arguments.as_slice() else {
        return Err("use: reverify POLICY SUBMISSION AUDIENCE PARTNER".into());
    };
    let (policy, submission) = (std::fs::read(policy)?, std::fs::read(submission)?);
    let opened = reverify(&policy, submission.trim_ascii(), audience, partner)?;
    println!("{}", opened.outcome.decision.canonical());
    Ok(())
}
