//! What is well signed, but is not a submission.

use prequal::Json;
use prequal::seal::{ENGINE, Rejection};
use proptest::prelude::*;

use crate::fixture::*;

struct Forger {
    server: Server,
    device: Device,
    header: String,
    payload: String,
}

impl Forger {
    fn new() -> Forger {
        let (server, device) = (Server::new(), Device::new());
        let (header, payload) = parts(&Borrower::new().submit(&server, &device).0);
        Forger {
            server,
            device,
            header,
            payload,
        }
    }

    fn header(&self, header: &str) -> Rejection {
        self.server
            .rejects(self.device.forge(header, &self.payload))
    }

    fn payload(&self, payload: &str) -> Rejection {
        self.server
            .rejects(self.device.forge(&self.header, payload))
    }

    fn claim(&self, name: &str, value: impl Into<Json>) -> Rejection {
        self.payload(&with(&self.payload, name, Some(value.into())))
    }

    /// The summary with `from` replaced by `to`.
    fn summary(&self, from: &str, to: &str) -> Rejection {
        let (before, summary) = self.payload.split_once(r#""summary":"#).unwrap();
        assert!(summary.contains(from), "{summary}");
        self.payload(&format!(
            r#"{before}"summary":{}"#,
            summary.replace(from, to)
        ))
    }
}

#[test]
fn the_forger_can_also_be_honest() {
    let forger = Forger::new();
    let token = forger.device.forge(&forger.header, &forger.payload);
    assert!(forger.server.open(token).is_ok());
}

#[test]
fn headers_have_exactly_their_members() {
    let forger = Forger::new();
    let header = &forger.header;
    for (name, value) in [
        ("crit", Json::array(["b64"])),
        ("b64", false.into()),
        ("jku", "https://evil.example/keys".into()),
        ("x5u", "https://evil.example/chain".into()),
        ("x5c", Json::array(["AAAA"])),
        ("kid", "1".into()),
        ("cty", "json".into()),
        ("zip", "DEF".into()),
        ("", 1.into()),
    ] {
        assert_eq!(
            forger.header(&with(header, name, Some(value))),
            Rejection::Malformed,
            "{name}"
        );
    }
    for name in ["alg", "jwk", "typ"] {
        assert_eq!(
            forger.header(&with(header, name, None)),
            Rejection::Malformed,
            "{name}"
        );
    }
}

#[test]
fn there_is_one_algorithm() {
    let forger = Forger::new();
    for algorithm in [
        "none", "None", "HS256", "ES256K", "ES384", "RS256", "EdDSA", "es256", "",
    ] {
        let header = with(&forger.header, "alg", Some(algorithm.into()));
        assert_eq!(forger.header(&header), Rejection::Malformed, "{algorithm}");
        let unsigned = forger.device.forge(&header, &forger.payload);
        let (signing_input, _) = unsigned.rsplit_once('.').unwrap();
        assert_eq!(
            forger.server.rejects(format!("{signing_input}.")),
            Rejection::Malformed
        );
    }
}

#[test]
fn another_type_is_another_version() {
    let forger = Forger::new();
    for typ in ["prequal-summary-2+jws", "JWT", "PREQUAL-SUMMARY+JWS"] {
        let header = with(&forger.header, "typ", Some(typ.into()));
        assert_eq!(
            forger.header(&header),
            Rejection::UnsupportedVersion,
            "{typ}"
        );
    }
}

#[test]
fn keys_are_p256_and_on_the_curve() {
    let forger = Forger::new();
    let jwk = forger.device.key.to_jwk().to_canonical();
    let keyed = |jwk: &str| {
        forger.header(&with(
            &forger.header,
            "jwk",
            Some(Json::parse_canonical(jwk).unwrap()),
        ))
    };
    let zeros = "A".repeat(43);
    assert_eq!(
        keyed(&with(&jwk, "x", Some(zeros.into()))),
        Rejection::BadSignature
    );
    assert_eq!(
        keyed(&with(&jwk, "crv", Some("P-384".into()))),
        Rejection::Malformed
    );
    assert_eq!(
        keyed(&with(&jwk, "kty", Some("oct".into()))),
        Rejection::Malformed
    );
    assert_eq!(
        keyed(&with(&jwk, "kid", Some("1".into()))),
        Rejection::Malformed
    );
    assert_eq!(keyed(&with(&jwk, "y", None)), Rejection::Malformed);
    assert_eq!(
        keyed(&with(&jwk, "x", Some("AAAA".into()))),
        Rejection::Malformed
    );
    let other = Device::new().key.to_jwk().to_canonical();
    assert_eq!(keyed(&other), Rejection::BadSignature);
}

#[test]
fn what_is_not_canonical_is_refused() {
    let forger = Forger::new();
    for text in [&forger.header, &forger.payload] {
        let (first, rest) = text.split_once(',').unwrap();
        let inner = text.trim_start_matches('{').trim_end_matches('}');
        let (a, b) = (first.trim_start_matches('{'), rest.trim_end_matches('}'));
        let unsorted = format!("{{{b},{a}}}");
        for wrong in [
            format!(" {text}"),
            format!("{text}\n"),
            text.replacen(':', ": ", 1),
            text.replacen(',', ", ", 1),
            format!("{first},{}", &text.trim_start_matches('{')),
            unsorted,
            format!("[{text}]"),
            format!("{{{inner},}}"),
            text.replacen('e', "\\u0065", 1),
            String::new(),
            "{}".to_owned(),
            "null".to_owned(),
        ] {
            let code = if text == &forger.header {
                forger.header(&wrong)
            } else {
                forger.payload(&wrong)
            };
            assert_eq!(code, Rejection::Malformed, "{wrong}");
        }
    }
}

#[test]
fn payloads_have_exactly_their_members() {
    let forger = Forger::new();
    let json = Json::parse_canonical(&forger.payload).unwrap();
    for (name, _) in json.as_object().unwrap().iter() {
        assert_eq!(
            forger.payload(&with(&forger.payload, name, None)),
            Rejection::Malformed
        );
        assert_eq!(
            forger.claim(name, 1),
            match name.as_str() {
                "summary" => Rejection::SummaryInvalid,
                _ => Rejection::Malformed,
            }
        );
    }
    assert_eq!(forger.claim("iat", 1_795_348_800), Rejection::Malformed);
    assert_eq!(forger.claim("_sd_alg", "sha-512"), Rejection::Malformed);
    assert_eq!(forger.claim("outcome", "00"), Rejection::Malformed);
    assert_eq!(forger.claim("policy", "00"), Rejection::Malformed);
    assert_eq!(forger.claim("engine", ""), Rejection::Malformed);
    assert_eq!(forger.claim("engine", "9".repeat(41)), Rejection::Malformed);
}

#[test]
fn commitments_are_as_many_as_declared_ascending_and_distinct() {
    let forger = Forger::new();
    let commitments = forger
        .server
        .open(forger.device.forge(&forger.header, &forger.payload))
        .unwrap()
        .commitments;
    let committed =
        |list: Vec<String>| forger.claim("answers", Json::object([("_sd", Json::array(list))]));
    let changed = |change: &dyn Fn(&mut Vec<String>)| {
        let mut list = commitments.clone();
        change(&mut list);
        assert_ne!(list, commitments);
        committed(list)
    };
    for change in [
        &(|list: &mut Vec<String>| list.clear()) as &dyn Fn(&mut Vec<String>),
        &|list| list.truncate(7),
        &|list| list.push("_".repeat(42) + "8"),
        &|list| list.reverse(),
        &|list| list.swap(3, 4),
        &|list| list[3] = list[4].clone(),
        &|list| list[0] = String::new(),
        &|list| list[0] = "A".repeat(42),
        &|list| list[0] = "A".repeat(42) + "B",
    ] {
        assert_eq!(changed(change), Rejection::Malformed);
    }
    assert_eq!(
        forger.claim(
            "answers",
            Json::object([("_sd", Json::array(commitments)), ("age", 34.into())])
        ),
        Rejection::Malformed
    );
}

#[test]
fn claims_have_their_codes() {
    let forger = Forger::new();
    let other = policy("2").hash().to_string();
    assert_eq!(
        forger.claim("aud", "https://evil.example"),
        Rejection::PartnerMismatch
    );
    assert_eq!(
        forger.claim("partner", "pk_other"),
        Rejection::PartnerMismatch
    );
    assert_eq!(forger.claim("challenge", "AAAA"), Rejection::BadChallenge);
    assert_eq!(
        forger.claim("policy", other.as_str()),
        Rejection::UnknownPolicy
    );
    assert_eq!(forger.claim("outcome", other), Rejection::OutcomeMismatch);
}

#[test]
fn summaries_are_held_against_challenge_and_policy() {
    let forger = Forger::new();
    let hash = forger.server.policy.hash().to_string();
    assert_eq!(
        forger.summary("2026-11-22", "2026-11-21"),
        Rejection::DateMismatch
    );
    assert_eq!(
        forger.summary("299900", "299800"),
        Rejection::RequestMismatch
    );
    for (from, to) in [
        ("830000", "830001"),
        ("830000", "10010000"),
        ("830000", "\"missing\""),
        ("\"rent\"", "\"castle\""),
        ("\"rent\"", "1"),
        ("\"income\"", "\"incomf\""),
        ("\"p-12\"", "\"p-13\""),
        ("\"term\":12", "\"term\":13"),
        ("\"term\":12", "\"term\":65548"),
        ("2026-11-22", "2026-11-32"),
        (hash.as_str(), policy("2").hash().to_string().as_str()),
    ] {
        assert_eq!(
            forger.summary(from, to),
            Rejection::SummaryInvalid,
            "{from} {to}"
        );
    }
}

/// Another summary that the policy admits does not keep the outcome shown.
#[test]
fn the_outcome_shown_is_recomputed() {
    let forger = Forger::new();
    assert_eq!(
        forger.summary("830000", "90000"),
        Rejection::OutcomeMismatch
    );
    assert_eq!(
        forger.summary("\"rent\"", "\"lodge\""),
        Rejection::OutcomeMismatch
    );
}

#[test]
fn another_engines_other_outcome_says_so() {
    let forger = Forger::new();
    let older = with(&forger.payload, "engine", Some("0.0.1".into()));
    assert!(
        forger
            .server
            .open(forger.device.forge(&forger.header, &older))
            .is_ok()
    );
    let outcome = Json::from(policy("2").hash().to_string());
    assert_eq!(
        forger.payload(&with(&older, "outcome", Some(outcome.clone()))),
        Rejection::EngineOutdated
    );
    assert_ne!(ENGINE, "0.0.1");
    assert_eq!(forger.claim("outcome", outcome), Rejection::OutcomeMismatch);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Signed or not: a payload with any one character changed opens to what
    /// it then says, or is refused; nothing panics.
    #[test]
    fn no_payload_makes_it_panic(at in any::<prop::sample::Index>(), other in any::<char>()) {
        let forger = Forger::new();
        let mut chars: Vec<char> = forger.payload.chars().collect();
        let at = at.index(chars.len());
        chars[at] = other;
        let payload: String = chars.into_iter().collect();
        if let Ok(opened) = forger.server.open(forger.device.forge(&forger.header, &payload)) {
            prop_assert!(payload.contains(&opened.summary.canonical()));
            prop_assert_eq!(
                opened.outcome.decision.digest(),
                forger.server.policy.assess(&opened.summary).decision.digest()
            );
        }
    }
}
