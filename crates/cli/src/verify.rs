//! `prequal verify`.

use std::path::PathBuf;

use prequal::seal::{Expected, PublicKey, open};
use prequal::{Decision, SummaryFields, Trace};
use ring::signature::{ECDSA_P256_SHA256_FIXED, UnparsedPublicKey};
use serde::Serialize;

use crate::assess;
use crate::output::{self, Answer, Failure};
use crate::source;

/// Open a submission as it was received: its signature, whom it is for, its
/// summary, and its outcome computed again and compared with the one shown.
///
/// Whether its challenge was issued, is still live and was not used before is
/// for the service, which holds the keys and the store.
#[derive(clap::Args, Debug)]
#[command(
    after_help = "Example: prequal verify target/policies/instalment.policy submission.jws --audience http://127.0.0.1:8080 --partner pk_test_demo\nExit codes: 0 it holds, 1 it is refused, 2 bad use or input"
)]
pub(crate) struct Arguments {
    /// A policy: its compiled file or its folder
    policy: PathBuf,
    /// A file with the submission; `-` is standard input
    submission: PathBuf,
    /// The lender's origin, which the submission has to name
    #[arg(long, value_name = "ORIGIN")]
    audience: String,
    /// The partner, whom the submission has to name
    #[arg(long, value_name = "KEY")]
    partner: String,
    /// The challenge that it has to answer; any if it is not given
    #[arg(long, value_name = "TEXT")]
    challenge: Option<String>,
    /// Print data instead of words
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
#[serde(tag = "status", rename_all = "snake_case")]
enum Verified<'a> {
    Accepted {
        summary: &'a SummaryFields,
        decision: &'a Decision,
        digest: String,
        trace: &'a Trace,
        challenge: &'a str,
        engine: &'a str,
    },
    Rejected {
        code: &'static str,
        retry: bool,
    },
}

pub(crate) fn run(arguments: &Arguments) -> Result<Answer, Failure> {
    let policy = source::policy(&arguments.policy)?;
    let token = source::bytes(&arguments.submission)?;
    let expected = Expected {
        audience: &arguments.audience,
        partner: &arguments.partner,
        challenge: arguments.challenge.as_deref(),
        terms: None,
    };
    match open(token.trim_ascii(), &expected, &[&policy], &es256) {
        Ok(opened) => {
            if arguments.json {
                output::say_json(&Verified::Accepted {
                    summary: opened.summary.fields(),
                    decision: &opened.outcome.decision,
                    digest: opened.outcome.decision.digest().to_string(),
                    trace: &opened.outcome.trace,
                    challenge: &opened.challenge,
                    engine: &opened.engine,
                });
            } else {
                output::say("the submission holds; its outcome, computed again:");
                assess::describe(&policy, &opened.summary, &opened.outcome);
            }
            Ok(Answer::Yes)
        }
        Err(rejection) => {
            let (code, retry) = (rejection.code(), rejection.retry());
            if arguments.json {
                output::say_json(&Verified::Rejected { code, retry });
            } else {
                output::say(format_args!("the submission is refused: {code}"));
            }
            Ok(Answer::No)
        }
    }
}

/// ECDSA on P-256 with SHA-256 (RFC 7518, section 3.4).
fn es256(key: &PublicKey, message: &[u8], signature: &[u8; 64]) -> bool {
    let key = UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, key.to_sec1());
    key.verify(message, signature).is_ok()
}
