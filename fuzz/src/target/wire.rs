//! What crosses a boundary at run time.

use base64ct::{Base64UrlUnpadded, Encoding as _};
use prequal::seal::{Challenge, ChallengeKey, ChallengeKeys, Expected, attach, open};
use prequal::{Answers, Currency, Date, Digest, Json, Money};

use crate::seed;

/// Answers in JSON: a summary with an outcome, or what is wrong with them.
pub(crate) fn answers(input: &[u8]) {
    let policy = seed::loaded();
    if let Ok(answers) = serde_json::from_slice::<Answers>(input) {
        match policy.summarise(&answers, &seed::request(), seed::day()) {
            Ok(summary) => {
                let outcome = policy.assess(&summary);
                assert!(!outcome.decision.eligibility.code().is_empty());
            }
            Err(errors) => assert!(!errors.is_empty()),
        }
    }
}

/// Canonical JSON, and a summary where it is one: the text is read back as it
/// stood.
pub(crate) fn summary(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else {
        return;
    };
    let policy = seed::loaded();
    if let Ok(json) = Json::parse_canonical(text) {
        assert_eq!(json.to_canonical(), text);
    }
    if let Ok(summary) = policy.parse_summary(text) {
        assert_eq!(summary.canonical(), text);
        let outcome = policy.assess(&summary);
        assert!(!outcome.decision.eligibility.code().is_empty());
    }
}

/// A submission as received; where the input is a JSON object it is what the
/// submission claims, in the right form and signed.
pub(crate) fn submission(input: &[u8]) {
    let policy = seed::loaded();
    let expected = Expected {
        audience: seed::AUDIENCE,
        partner: seed::PARTNER,
        challenge: None,
        terms: None,
    };
    let token = match input.first() {
        Some(b'{') => {
            let claims = Base64UrlUnpadded::encode_string(input);
            attach(&format!("{}.{claims}", seed::header()), &[7; 64]).into_bytes()
        }
        _ => input.to_vec(),
    };
    match open(&token, &expected, &[policy], &|_, _, _| true) {
        Ok(opened) => assert_eq!(opened.summary.policy(), policy.hash()),
        Err(rejection) => assert!(!rejection.code().is_empty()),
    }
    assert!(open(&token, &expected, &[policy], &|_, _, _| false).is_err());
}

/// A challenge's text, and what the bytes would be a challenge for: only what
/// was issued is verified.
pub(crate) fn challenge(input: &[u8]) {
    let keys = ChallengeKeys {
        current: ChallengeKey::new(1, [1; 32]),
        previous: None,
    };
    if let Ok(text) = std::str::from_utf8(input)
        && let Ok(challenge) = keys.verify(text)
    {
        assert_eq!(keys.issue(&challenge).as_deref(), Ok(text));
    }
    let Some((head, partner)) = input.split_at_checked(27) else {
        return;
    };
    let number = |from: usize| {
        let bytes = head.get(from..from + 8).and_then(|b| b.try_into().ok());
        i64::from_be_bytes(bytes.unwrap_or_default())
    };
    let currency = head.get(24..27).map(|code| String::from_utf8_lossy(code));
    let currency = currency.and_then(|code| Currency::try_from(code.into_owned()).ok());
    let challenge = Challenge {
        expires_at: number(0),
        nonce: [9; 16],
        policy: Digest::of(input),
        as_of: Date::from_days(number(8) % 2_000_000).unwrap_or(seed::day()),
        partner: String::from_utf8_lossy(partner).into_owned(),
        amount: currency.map(|currency| (Money::new(number(16)), currency)),
    };
    if let Ok(text) = keys.issue(&challenge) {
        assert_eq!(keys.verify(&text).as_ref(), Ok(&challenge));
    }
}
