//! The challenge that a submission answers: stateless for the server, bound
//! to partner, policy, day and, where the partner fixed it, the amount.
//!
//! Its text is base64url of `fields ‖ tag`. Every field is preceded by its
//! length, and the tag is HMAC-SHA-256 (RFC 2104) over a domain and the
//! fields, so that no two challenges have the same bytes under the tag
//! (what CVE-2025-68113 lacked).

use core::fmt;

use base64ct::{Base64UrlUnpadded, Encoding as _};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

use super::Rejection;
use crate::{Currency, Date, Digest, LARGEST, Money};

const DOMAIN: &[u8] = b"prequal challenge";
const VERSION: u8 = 1;
const TAG: usize = 32;

/// The most bytes of a partner's name in a challenge.
pub const MAX_PARTNER: usize = 64;

/// The most characters of a challenge's text: nine lengths, the fields, the
/// tag, four characters for three bytes.
const MAX_TEXT: usize = (9 + 1 + 1 + 8 + 16 + 32 + 8 + MAX_PARTNER + 8 + 3 + TAG).div_ceil(3) * 4;

/// What a submission has to answer, and what it is bound to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Challenge {
    /// When it ends, in seconds since 1970-01-01T00:00:00Z by the server's clock.
    pub expires_at: i64,
    /// What tells it from every other challenge; consumed at most once.
    pub nonce: [u8; 16],
    /// The policy to be assessed by.
    pub policy: Digest,
    /// The day of the decision, in the policy's time zone.
    pub as_of: Date,
    /// The partner's name: at most [`MAX_PARTNER`] bytes.
    pub partner: String,
    /// Amount and currency, where the partner's back end fixed them; the
    /// amount is not negative.
    pub amount: Option<(Money, Currency)>,
}

impl Challenge {
    /// Whether it has ended at this time, in seconds since 1970-01-01T00:00:00Z.
    pub fn has_expired(&self, now: i64) -> bool {
        now >= self.expires_at
    }

    /// The fields under the tag; `None` for a partner or an amount out of bounds.
    fn encode(&self, key: u8) -> Option<Vec<u8>> {
        let amount = self.amount.map(|(amount, _)| amount.minor().to_be_bytes());
        let currency = self.amount.as_ref().map(|(_, currency)| currency.code());
        let fields: [&[u8]; 9] = [
            &[VERSION],
            &[key],
            &self.expires_at.to_be_bytes(),
            &self.nonce,
            self.policy.as_bytes(),
            &self.as_of.days().to_be_bytes(),
            self.partner.as_bytes(),
            amount.as_ref().map_or(&[], |bytes| bytes),
            currency.map_or(&[], str::as_bytes),
        ];
        let mut bytes = Vec::new();
        for field in fields {
            bytes.push(u8::try_from(field.len()).ok()?);
            bytes.extend_from_slice(field);
        }
        self.is_bounded().then_some(bytes)
    }

    fn decode(mut bytes: &[u8]) -> Option<(u8, Challenge)> {
        let mut field = || {
            let (&length, rest) = bytes.split_first()?;
            let (field, rest) = rest.split_at_checked(usize::from(length))?;
            bytes = rest;
            Some(field)
        };
        let [VERSION] = *field()? else { return None };
        let [key] = *field()? else { return None };
        let challenge = Challenge {
            expires_at: number(field()?)?,
            nonce: field()?.try_into().ok()?,
            policy: Digest::from_bytes(field()?.try_into().ok()?),
            as_of: Date::from_days(number(field()?)?)?,
            partner: text(field()?)?,
            amount: match (field()?, field()?) {
                ([], []) => None,
                (amount, currency) => Some((
                    Money::new(number(amount)?),
                    Currency::try_from(text(currency)?).ok()?,
                )),
            },
        };
        (bytes.is_empty() && challenge.is_bounded()).then_some((key, challenge))
    }

    fn is_bounded(&self) -> bool {
        let amount = self.amount.map_or(0, |(amount, _)| amount.minor());
        self.partner.len() <= MAX_PARTNER && (0..=LARGEST).contains(&amount)
    }
}

fn number(field: &[u8]) -> Option<i64> {
    field.try_into().ok().map(i64::from_be_bytes)
}

fn text(field: &[u8]) -> Option<String> {
    core::str::from_utf8(field).ok().map(str::to_owned)
}

/// A secret that authenticates challenges, and the id by which they name it.
#[derive(Clone)]
pub struct ChallengeKey {
    id: u8,
    secret: [u8; 32],
}

/// The live keys: the current one issues and verifies; the previous one
/// verifies what it issued before the rotation. Their ids differ.
#[derive(Clone, Debug)]
pub struct ChallengeKeys {
    /// The key that issues.
    pub current: ChallengeKey,
    /// The key before it, until its last challenge has expired.
    pub previous: Option<ChallengeKey>,
}

impl ChallengeKey {
    /// A key of 32 secret, random bytes.
    pub const fn new(id: u8, secret: [u8; 32]) -> ChallengeKey {
        ChallengeKey { id, secret }
    }

    fn mac(&self, fields: &[u8]) -> Hmac<Sha256> {
        // A short key is padded with zeros to the block (RFC 2104, section 2).
        let mut block = [0; 64];
        for (byte, secret) in block.iter_mut().zip(self.secret) {
            *byte = secret;
        }
        Hmac::new(&block.into())
            .chain_update(DOMAIN)
            .chain_update([0])
            .chain_update(fields)
    }
}

impl fmt::Debug for ChallengeKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ChallengeKey({})", self.id)
    }
}

impl ChallengeKeys {
    /// The text of a challenge, authenticated by the current key.
    ///
    /// # Errors
    /// [`Rejection::PartnerMismatch`] where the partner's name is too long to
    /// be one; [`Rejection::RequestMismatch`] where the amount is negative or
    /// above [`LARGEST`].
    pub fn issue(&self, challenge: &Challenge) -> Result<String, Rejection> {
        if challenge.partner.len() > MAX_PARTNER {
            return Err(Rejection::PartnerMismatch);
        }
        let mut bytes = challenge
            .encode(self.current.id)
            .ok_or(Rejection::RequestMismatch)?;
        let tag = self.current.mac(&bytes).finalize().into_bytes();
        bytes.extend_from_slice(&tag);
        Ok(Base64UrlUnpadded::encode_string(&bytes))
    }

    /// What an authentic text says. Whether it has expired is asked apart: a
    /// decision that was stored in time is still told afterwards.
    ///
    /// # Errors
    /// [`Rejection::BadChallenge`] for whatever these keys did not issue.
    pub fn verify(&self, text: &str) -> Result<Challenge, Rejection> {
        self.authentic(text).ok_or(Rejection::BadChallenge)
    }

    fn authentic(&self, text: &str) -> Option<Challenge> {
        if text.len() > MAX_TEXT {
            return None;
        }
        let bytes = Base64UrlUnpadded::decode_vec(text).ok()?;
        let (fields, tag) = bytes.split_at_checked(bytes.len().checked_sub(TAG)?)?;
        // Before the tag holds, only the id of the secret is read.
        let [1, VERSION, 1, id, ..] = fields else {
            return None;
        };
        let keys = [Some(&self.current), self.previous.as_ref()];
        let key = keys.into_iter().flatten().find(|key| key.id == *id)?;
        // In constant time.
        key.mac(fields).verify_slice(tag).ok()?;
        Challenge::decode(fields).map(|(_, challenge)| challenge)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn challenge() -> impl Strategy<Value = Challenge> {
        let amount = (0..=LARGEST, "[A-Z]{3}")
            .prop_map(|(amount, code)| (Money::new(amount), Currency::try_from(code).unwrap()));
        (
            any::<i64>(),
            any::<[u8; 16]>(),
            any::<[u8; 32]>(),
            -719_162i64..=2_932_896,
            "[a-z0-9_é]{0,32}",
            prop::option::of(amount),
        )
            .prop_map(
                |(expires_at, nonce, policy, days, partner, amount)| Challenge {
                    expires_at,
                    nonce,
                    policy: Digest::from_bytes(policy),
                    as_of: Date::from_days(days).unwrap(),
                    partner,
                    amount,
                },
            )
    }

    fn keys() -> ChallengeKeys {
        ChallengeKeys {
            current: ChallengeKey::new(2, [2; 32]),
            previous: Some(ChallengeKey::new(1, [1; 32])),
        }
    }

    fn sample() -> Challenge {
        Challenge {
            expires_at: 1_795_305_900,
            nonce: [7; 16],
            policy: Digest::of(b"policy"),
            as_of: "2026-11-22".parse().unwrap(),
            partner: "pk_test_demo".to_owned(),
            amount: Some((
                Money::new(299_900),
                Currency::try_from("CNY".to_owned()).unwrap(),
            )),
        }
    }

    proptest! {
        #[test]
        fn what_is_issued_is_verified(challenge in challenge()) {
            let text = keys().issue(&challenge).unwrap();
            prop_assert!(text.len() <= MAX_TEXT);
            prop_assert_eq!(keys().verify(&text), Ok(challenge));
        }

        /// No two challenges share their bytes: each is read back from them.
        #[test]
        fn the_encoding_is_injective(challenge in challenge(), key in any::<u8>()) {
            let bytes = challenge.encode(key).unwrap();
            prop_assert_eq!(Challenge::decode(&bytes), Some((key, challenge)));
        }

        /// No challenge has two encodings, and none is the beginning of another.
        #[test]
        fn the_decoding_is_strict(
            challenge in challenge(),
            at in any::<prop::sample::Index>(),
            byte in any::<u8>(),
            more in prop::collection::vec(any::<u8>(), 1..40),
        ) {
            let bytes = challenge.encode(9).unwrap();
            prop_assert_eq!(Challenge::decode(&bytes[..at.index(bytes.len())]), None);
            prop_assert_eq!(Challenge::decode(&[&bytes[..], &more].concat()), None);
            let mut other = bytes;
            let at = at.index(other.len());
            other[at] = byte;
            if let Some((key, read)) = Challenge::decode(&other) {
                prop_assert_eq!(read.encode(key), Some(other));
            }
        }

        #[test]
        fn any_other_text_is_refused(
            challenge in challenge(),
            at in any::<prop::sample::Index>(),
            other in "[A-Za-z0-9_=+/ -]{0,3}",
        ) {
            let text = keys().issue(&challenge).unwrap();
            let at = at.index(text.len());
            let mut altered = text.clone();
            altered.replace_range(at..=at, &other);
            prop_assume!(altered != text);
            prop_assert_eq!(keys().verify(&altered), Err(Rejection::BadChallenge));
        }

        #[test]
        fn nothing_makes_it_panic(text in any::<String>()) {
            prop_assert_eq!(keys().verify(&text), Err(Rejection::BadChallenge));
        }
    }

    #[test]
    fn keys_rotate() {
        let old = ChallengeKeys {
            current: ChallengeKey::new(1, [1; 32]),
            previous: None,
        };
        let newer = ChallengeKeys {
            current: ChallengeKey::new(3, [3; 32]),
            previous: Some(ChallengeKey::new(2, [2; 32])),
        };
        let same_id = ChallengeKeys {
            current: ChallengeKey::new(1, [9; 32]),
            previous: None,
        };
        let text = old.issue(&sample()).unwrap();
        assert_eq!(keys().verify(&text), Ok(sample()));
        assert_eq!(newer.verify(&text), Err(Rejection::BadChallenge));
        assert_eq!(same_id.verify(&text), Err(Rejection::BadChallenge));
    }

    #[test]
    fn what_is_out_of_bounds_is_not_issued() {
        let long = Challenge {
            partner: "p".repeat(MAX_PARTNER + 1),
            ..sample()
        };
        assert_eq!(keys().issue(&long), Err(Rejection::PartnerMismatch));
        let currency = Currency::try_from("CNY".to_owned()).unwrap();
        for amount in [-1, LARGEST + 1] {
            let off = Challenge {
                amount: Some((Money::new(amount), currency)),
                ..sample()
            };
            assert_eq!(keys().issue(&off), Err(Rejection::RequestMismatch));
        }
    }

    #[test]
    fn it_ends_at_its_second() {
        let challenge = sample();
        assert!(!challenge.has_expired(challenge.expires_at - 1));
        assert!(challenge.has_expired(challenge.expires_at));
    }

    /// Computed apart, with Python's `hmac` and `base64`.
    #[test]
    fn the_text_is_stable() {
        assert_eq!(
            keys().issue(&sample()).unwrap(),
            "AQEBAggAAAAAawIxrBAHBwcHBwcHBwcHBwcHBwcHIII0EtHqy2eVYiDlMpWfAQRgMFfIhwSGPKOOfNGI_agSCAAAAAAAAFErDHBrX3Rlc3RfZGVtbwgAAAAAAASTfANDTlmrw-KUbW6R_TIunjT4W-oLIYru9f-a_Pl5l8edUx9F3Q"
        );
    }

    #[test]
    fn secrets_are_not_shown() {
        assert_eq!(
            format!("{:?}", keys()),
            "ChallengeKeys { current: ChallengeKey(2), previous: Some(ChallengeKey(1)) }"
        );
    }
}
