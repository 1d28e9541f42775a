//! What holds.

use prequal::Json;
use prequal::seal::{Draft, ENGINE, Expected, MAX_TOKEN, Rejection, SealError, check, open, seal};

use crate::fixture::*;
use crate::reverify::reverify;

#[test]
fn a_submission_opens_to_its_summary_and_outcome() {
    let (server, device, borrower) = (Server::new(), Device::new(), Borrower::new());
    let (token, _) = borrower.submit(&server, &device);
    let opened = server.open(&token).unwrap();
    let summary = server
        .policy
        .summarise(&borrower.answers(), &borrower.request(), borrower.as_of)
        .unwrap();
    assert_eq!(opened.summary, summary);
    assert_eq!(opened.outcome, server.policy.assess(&summary));
    assert_eq!(opened.challenge, server.challenge);
    assert_eq!(opened.engine, ENGINE);
    assert_eq!(opened.key, device.key);
    assert_eq!(opened.commitments.len(), usize::from(COMMITMENTS));
}

#[test]
fn its_form_is_exactly_this() {
    let (server, device) = (Server::new(), Device::new());
    let (token, _) = Borrower::new().submit(&server, &device);
    let (header, payload) = parts(&token);
    let jwk = device.key.to_jwk().to_canonical();
    assert_eq!(
        header,
        format!(r#"{{"alg":"ES256","jwk":{jwk},"typ":"prequal-summary+jws"}}"#)
    );
    let opened = server.open(&token).unwrap();
    let expected = format!(
        r#"{{"_sd_alg":"sha-256","answers":{{"_sd":{}}},"aud":"{LENDER}","challenge":"{}","engine":"{ENGINE}","outcome":"{}","partner":"{PARTNER}","policy":"{}","summary":{}}}"#,
        Json::array(opened.commitments).to_canonical(),
        server.challenge,
        opened.outcome.decision.digest(),
        server.policy.hash(),
        opened.summary.canonical(),
    );
    assert_eq!(payload, expected);
}

#[test]
fn whoever_holds_policy_and_token_recomputes_the_outcome() {
    let (server, device) = (Server::new(), Device::new());
    let (token, _) = Borrower::new().submit(&server, &device);
    let policy = body("1").encode();
    let opened = reverify(&policy, token.as_bytes(), LENDER, PARTNER).unwrap();
    assert_eq!(opened.outcome, server.open(&token).unwrap().outcome);
    let refused = |policy: &[u8], partner: &str| {
        reverify(policy, token.as_bytes(), LENDER, partner).unwrap_err()
    };
    assert_eq!(refused(&policy, "pk_other"), "partner_mismatch");
    assert_eq!(refused(&policy[1..], PARTNER), "not_a_policy");
}

#[test]
fn single_answers_can_be_opened_later() {
    let (server, device) = (Server::new(), Device::new());
    let (token, disclosures) = Borrower::new().submit(&server, &device);
    let commitments = server.open(&token).unwrap().commitments;
    let mut read: Vec<(String, Json)> = disclosures
        .iter()
        .map(|disclosure| check(&disclosure.disclosure, &commitments).unwrap())
        .collect();
    read.sort_by(|(a, _), (b, _)| a.cmp(b));
    let expected: Vec<(String, Json)> = vec![
        ("housing".to_owned(), "rent".into()),
        ("income".to_owned(), 835_050.into()),
        ("student".to_owned(), false.into()),
    ];
    assert_eq!(read, expected);
}

/// RAW STAYS HOME: answers in the same cells differ in the commitments alone.
#[test]
fn equal_cells_make_equal_payloads_but_for_the_commitments() {
    let (server, device) = (Server::new(), Device::new());
    let one = Borrower::new();
    let other = Borrower {
        income: 839_999,
        student: true,
        ..one.clone()
    };
    let [one, other] = [one, other].map(|borrower| borrower.submit(&server, &device).0);
    assert_eq!(one.len(), other.len());
    let [(_, one), (_, other)] = [one, other].map(|token| parts(&token));
    assert_ne!(one, other);
    assert_eq!(with(&one, "answers", None), with(&other, "answers", None));
}

/// What the signature is checked over is what was received, to the byte.
#[test]
fn the_bytes_verified_are_the_bytes_received() {
    let (server, device) = (Server::new(), Device::new());
    let (token, _) = Borrower::new().submit(&server, &device);
    let (received, _) = token.rsplit_once('.').unwrap();
    let opened = open(
        token.as_bytes(),
        &server.expected(),
        &[&server.policy],
        &|key, message, signature| {
            assert_eq!(message.as_ptr(), received.as_ptr());
            assert_eq!(message, received.as_bytes());
            es256(key, message, signature)
        },
    );
    assert!(opened.is_ok());
}

#[test]
fn the_policy_is_found_among_several() {
    let (server, device) = (Server::new(), Device::new());
    let (token, _) = Borrower::new().submit(&server, &device);
    let newer = policy("2");
    let among = |policies: &[_]| open(token.as_bytes(), &server.expected(), policies, &es256);
    assert!(among(&[&newer, &server.policy]).is_ok());
    assert_eq!(among(&[&newer]).unwrap_err(), Rejection::UnknownPolicy);
    assert_eq!(among(&[]).unwrap_err(), Rejection::UnknownPolicy);
}

#[test]
fn each_thing_expected_has_its_code() {
    let (server, device) = (Server::new(), Device::new());
    let (token, _) = Borrower::new().submit(&server, &device);
    let refused = |expected: Expected<'_>| {
        open(token.as_bytes(), &expected, &[&server.policy], &es256).unwrap_err()
    };
    let expected = server.expected();
    let terms = |change: &dyn Fn(&mut prequal::seal::Challenge)| {
        let mut terms = server.terms.clone();
        change(&mut terms);
        refused(Expected {
            terms: Some(&terms),
            ..expected
        })
    };
    let amount = |amount, code| Some((prequal::Money::new(amount), currency(code)));

    assert_eq!(
        refused(Expected {
            audience: "https://other.example",
            ..expected
        }),
        Rejection::PartnerMismatch
    );
    assert_eq!(
        refused(Expected {
            partner: "pk_other",
            terms: None,
            ..expected
        }),
        Rejection::PartnerMismatch
    );
    assert_eq!(
        refused(Expected {
            partner: "pk_other",
            ..expected
        }),
        Rejection::PartnerMismatch
    );
    assert_eq!(
        refused(Expected {
            challenge: Some("AAAA"),
            ..expected
        }),
        Rejection::BadChallenge
    );
    assert_eq!(
        terms(&|t| t.partner = "pk_other".to_owned()),
        Rejection::PartnerMismatch
    );
    assert_eq!(
        terms(&|t| t.policy = policy("2").hash()),
        Rejection::BadChallenge
    );
    assert_eq!(
        terms(&|t| t.as_of = day("2026-11-23")),
        Rejection::DateMismatch
    );
    assert_eq!(
        terms(&|t| t.amount = amount(299_901, "CNY")),
        Rejection::RequestMismatch
    );
    assert_eq!(
        terms(&|t| t.amount = amount(299_900, "USD")),
        Rejection::RequestMismatch
    );
}

#[test]
fn what_is_not_expected_is_not_asked() {
    let (mut server, device) = (Server::new(), Device::new());
    server.terms.amount = None;
    let borrower = Borrower {
        amount: 60_000,
        ..Borrower::new()
    };
    let (token, _) = borrower.submit(&server, &device);
    assert!(server.open(&token).is_ok());
    let reader = Expected {
        challenge: None,
        terms: None,
        ..server.expected()
    };
    assert!(open(token.as_bytes(), &reader, &[&server.policy], &es256).is_ok());
}

#[test]
fn what_cannot_be_sealed_has_its_code() {
    let (server, device, borrower) = (Server::new(), Device::new(), Borrower::new());
    let mut answers = borrower.answers();
    let policy = &server.policy;
    let summary = policy
        .summarise(&answers, &borrower.request(), borrower.as_of)
        .unwrap();
    let decision = policy.assess(&summary).decision;
    let other = crate::fixture::policy("2");
    for number in 0..COMMITMENTS {
        answers.set(format!("more{number}"), 1);
    }
    let draft = Draft {
        policy,
        summary: &summary,
        decision: &decision,
        answers: &borrower.answers(),
        audience: LENDER,
        partner: PARTNER,
        challenge: &server.challenge,
        key: &device.key,
    };
    let refused = |draft: Draft<'_>| seal(&draft, &mut counting()).unwrap_err();
    for (error, expected, code) in [
        (
            refused(Draft {
                policy: &other,
                ..draft
            }),
            SealError::OtherPolicy,
            "summary_of_other_policy",
        ),
        (
            refused(Draft {
                audience: &"a".repeat(MAX_TOKEN),
                ..draft
            }),
            SealError::TooLarge,
            "submission_too_large",
        ),
    ] {
        assert_eq!((error, error.code()), (expected, code));
    }
    // Only what is asked is committed to, however much was typed.
    let sealed = seal(
        &Draft {
            answers: &answers,
            ..draft
        },
        &mut counting(),
    )
    .unwrap();
    assert_eq!(sealed.disclosures.len(), 3);
}
