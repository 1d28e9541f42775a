//! Why a submission is not taken: one closed set of codes.

use core::fmt;
use serde::{Deserialize, Serialize};

/// Why a challenge or a submission is refused. Server, browser and
/// documentation share these codes; none is merged with another, so that what
/// came late is told from what came twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "snake_case")]
pub enum Rejection {
    /// More bytes than [`MAX_TOKEN`](super::MAX_TOKEN).
    PayloadTooLarge,
    /// Not the one strict form of a submission.
    Malformed,
    /// A form of another version.
    UnsupportedVersion,
    /// The outcome differs and was computed by another version of the engine.
    EngineOutdated,
    /// A challenge that was forged or altered, or is not the one answered.
    BadChallenge,
    /// The challenge was answered too late.
    ChallengeExpired,
    /// Made for another partner or another lender.
    PartnerMismatch,
    /// The amount or currency is not the one that the partner fixed.
    RequestMismatch,
    /// Assessed for another day than the challenge's.
    DateMismatch,
    /// The signature is not the stated key's over these bytes.
    BadSignature,
    /// A policy that the verifier does not hold.
    UnknownPolicy,
    /// A policy that is no longer honoured.
    PolicySuperseded,
    /// A summary that its policy does not admit.
    SummaryInvalid,
    /// The outcome shown is not what policy and summary yield.
    OutcomeMismatch,
    /// The challenge was answered before, by another body.
    Replayed,
    /// Too many attempts.
    RateLimited,
    /// The verifier cannot answer now.
    Unavailable,
}

impl Rejection {
    /// Every rejection, in the order of declaration.
    pub const ALL: [Rejection; 17] = [
        Rejection::PayloadTooLarge,
        Rejection::Malformed,
        Rejection::UnsupportedVersion,
        Rejection::EngineOutdated,
        Rejection::BadChallenge,
        Rejection::ChallengeExpired,
        Rejection::PartnerMismatch,
        Rejection::RequestMismatch,
        Rejection::DateMismatch,
        Rejection::BadSignature,
        Rejection::UnknownPolicy,
        Rejection::PolicySuperseded,
        Rejection::SummaryInvalid,
        Rejection::OutcomeMismatch,
        Rejection::Replayed,
        Rejection::RateLimited,
        Rejection::Unavailable,
    ];

    /// The stable code; also the serialised form.
    pub const fn code(self) -> &'static str {
        match self {
            Rejection::PayloadTooLarge => "payload_too_large",
            Rejection::Malformed => "malformed",
            Rejection::UnsupportedVersion => "unsupported_version",
            Rejection::EngineOutdated => "engine_outdated",
            Rejection::BadChallenge => "bad_challenge",
            Rejection::ChallengeExpired => "challenge_expired",
            Rejection::PartnerMismatch => "partner_mismatch",
            Rejection::RequestMismatch => "request_mismatch",
            Rejection::DateMismatch => "date_mismatch",
            Rejection::BadSignature => "bad_signature",
            Rejection::UnknownPolicy => "unknown_policy",
            Rejection::PolicySuperseded => "policy_superseded",
            Rejection::SummaryInvalid => "summary_invalid",
            Rejection::OutcomeMismatch => "outcome_mismatch",
            Rejection::Replayed => "replayed",
            Rejection::RateLimited => "rate_limited",
            Rejection::Unavailable => "unavailable",
        }
    }

    /// Whether the same answers may be taken when they are assessed and
    /// submitted anew: with the page, policy and challenge of that moment.
    pub const fn retry(self) -> bool {
        match self {
            Rejection::UnsupportedVersion
            | Rejection::EngineOutdated
            | Rejection::BadChallenge
            | Rejection::ChallengeExpired
            | Rejection::DateMismatch
            | Rejection::UnknownPolicy
            | Rejection::PolicySuperseded
            | Rejection::Replayed
            | Rejection::RateLimited
            | Rejection::Unavailable => true,
            Rejection::PayloadTooLarge
            | Rejection::Malformed
            | Rejection::PartnerMismatch
            | Rejection::RequestMismatch
            | Rejection::BadSignature
            | Rejection::SummaryInvalid
            | Rejection::OutcomeMismatch => false,
        }
    }
}

impl fmt::Display for Rejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Rejection::PayloadTooLarge => "the submission is larger than any that is made here",
            Rejection::Malformed => "not a submission in its one strict form",
            Rejection::UnsupportedVersion => "a submission of another version; load the page again",
            Rejection::EngineOutdated => {
                "computed by another version of the engine; load the page again"
            }
            Rejection::BadChallenge => "not a challenge of this lender for this submission",
            Rejection::ChallengeExpired => "the challenge has expired; ask for another one",
            Rejection::PartnerMismatch => "made for another partner or another lender",
            Rejection::RequestMismatch => {
                "the amount or currency is not the one that the partner fixed"
            }
            Rejection::DateMismatch => "assessed for another day; assess again for today",
            Rejection::BadSignature => "the signature does not match the key and the bytes",
            Rejection::UnknownPolicy => "not a policy of this lender",
            Rejection::PolicySuperseded => {
                "the policy was replaced; assess again under the current one"
            }
            Rejection::SummaryInvalid => "not a summary that its policy admits",
            Rejection::OutcomeMismatch => {
                "the outcome shown is not the one that policy and summary yield"
            }
            Rejection::Replayed => {
                "the challenge was answered before by another submission; ask for another one"
            }
            Rejection::RateLimited => "too many attempts; wait and try again",
            Rejection::Unavailable => "no answer can be given now; try again soon",
        })
    }
}

impl core::error::Error for Rejection {}

#[cfg(test)]
mod tests {
    use super::*;

    /// The codes are a promise to pages, partners and logs: renaming one has
    /// to be done here as well.
    #[test]
    fn codes_and_retry_by_name() {
        for rejection in Rejection::ALL {
            let expected = match rejection {
                Rejection::PayloadTooLarge => ("payload_too_large", false),
                Rejection::Malformed => ("malformed", false),
                Rejection::UnsupportedVersion => ("unsupported_version", true),
                Rejection::EngineOutdated => ("engine_outdated", true),
                Rejection::BadChallenge => ("bad_challenge", true),
                Rejection::ChallengeExpired => ("challenge_expired", true),
                Rejection::PartnerMismatch => ("partner_mismatch", false),
                Rejection::RequestMismatch => ("request_mismatch", false),
                Rejection::DateMismatch => ("date_mismatch", true),
                Rejection::BadSignature => ("bad_signature", false),
                Rejection::UnknownPolicy => ("unknown_policy", true),
                Rejection::PolicySuperseded => ("policy_superseded", true),
                Rejection::SummaryInvalid => ("summary_invalid", false),
                Rejection::OutcomeMismatch => ("outcome_mismatch", false),
                Rejection::Replayed => ("replayed", true),
                Rejection::RateLimited => ("rate_limited", true),
                Rejection::Unavailable => ("unavailable", true),
            };
            assert_eq!((rejection.code(), rejection.retry()), expected);
            let json = serde_json::to_string(&rejection).unwrap();
            assert_eq!(json, format!("\"{}\"", rejection.code()));
            assert_eq!(serde_json::from_str::<Rejection>(&json).unwrap(), rejection);
        }
    }

    #[test]
    fn every_rejection_is_listed_once_in_order() {
        for (index, rejection) in Rejection::ALL.into_iter().enumerate() {
            assert_eq!(rejection as usize, index);
        }
        assert_eq!(Rejection::ALL.len(), Rejection::Unavailable as usize + 1);
    }

    #[test]
    fn messages_keep_the_rule() {
        for rejection in Rejection::ALL {
            let message = rejection.to_string();
            assert!(
                message.starts_with(char::is_lowercase) && !message.ends_with('.'),
                "{message}"
            );
        }
    }
}
