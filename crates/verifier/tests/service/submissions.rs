//! The way of a submission: challenged, verified, decided once.
use crate::bench::device::{Device, Sending, envelope};
use crate::bench::{Bench, challenge, get, post, submit};
use axum::http::{StatusCode, header};
use serde_json::{Value, json};
use tokio::task::JoinSet;

#[tokio::test]
async fn a_submission_is_recomputed_and_answered() {
    let bench = Bench::new();
    let service = bench.service().await;
    let lender = service.router();
    let issued = challenge(&lender, &bench.policy()).await;
    assert_eq!(
        issued["as_of"], "2026-11-23",
        "the day in the policy's time zone"
    );
    assert_eq!(issued["expires_in"], 300);
    assert_eq!(issued["audience"], crate::bench::LENDER);
    let sending = Sending::to(&issued, &bench.policy());
    let answered = submit(&lender, &Device::new().body(&sending)).await;
    assert_eq!(answered.status, StatusCode::OK);
    assert_eq!(answered.header(header::CACHE_CONTROL), "no-store");
    let answered = answered.json();
    let decision: Value =
        serde_json::from_str(&sending.decision().canonical()).expect("canonical JSON");
    assert_eq!(decision["eligibility"], "eligible");
    assert_eq!(answered["decision"], decision);
    assert_eq!(answered["received_at"], "2026-11-22T17:00:00Z");
    assert_eq!(answered["duplicate"], false);
    let reference = answered["reference"].as_str().expect("text");
    assert!(reference.split('-').all(|group| group.len() == 4) && reference.len() == 14);
}

#[tokio::test]
async fn the_same_body_gets_the_stored_decision_for_good() {
    let bench = Bench::new();
    let device = Device::new();
    let service = bench.service().await;
    let lender = service.router();
    let issued = challenge(&lender, &bench.policy()).await;
    let body = device.body(&Sending::to(&issued, &bench.policy()));
    let other = device.body(&Sending {
        income: 1_00,
        ..Sending::to(&issued, &bench.policy())
    });
    let mut first = submit(&lender, &body).await.json();
    first["duplicate"] = true.into();
    assert_eq!(submit(&lender, &body).await.json(), first, "at once");
    assert_eq!(submit(&lender, &other).await.code(), "replayed");
    bench.clock.forward(100_000);
    assert_eq!(
        submit(&lender, &body).await.json(),
        first,
        "after the expiry"
    );
    assert_eq!(
        submit(&lender, &other).await.code(),
        "replayed",
        "told from expired"
    );
    service.close().await.expect("closed");
    bench.publish("2");
    let service = bench.service().await;
    assert_eq!(
        submit(&service.router(), &body).await.json(),
        first,
        "after a restart"
    );
    assert_eq!(submit(&service.router(), &other).await.code(), "replayed");
}

#[tokio::test]
async fn a_challenge_ends_after_300_seconds_of_the_servers_clock() {
    let bench = Bench::new();
    let device = Device::new();
    let service = bench.service().await;
    let lender = service.router();
    let [in_time, late] = [
        challenge(&lender, &bench.policy()).await,
        challenge(&lender, &bench.policy()).await,
    ]
    .map(|issued| device.body(&Sending::to(&issued, &bench.policy())));
    bench.clock.forward(299);
    assert_eq!(submit(&lender, &in_time).await.status, StatusCode::OK);
    bench.clock.forward(1);
    let answered = submit(&lender, &late).await;
    assert_eq!(
        (answered.status, answered.code().as_str()),
        (StatusCode::GONE, "challenge_expired")
    );
    assert_eq!(answered.json()["error"]["retry"], true);
}

#[tokio::test]
async fn no_byte_of_a_token_can_be_changed() {
    let bench = Bench::new();
    let service = bench.service().await;
    let lender = service.router();
    let issued = challenge(&lender, &bench.policy()).await;
    let sending = Sending::to(&issued, &bench.policy());
    let token = Device::new().token(&sending);
    let mut codes = std::collections::BTreeMap::new();
    for at in 0..token.len() {
        let mut altered = token.clone().into_bytes();
        altered[at] = if altered[at] == b'A' { b'B' } else { b'A' };
        let altered = String::from_utf8(altered).expect("ASCII");
        let answered = submit(&lender, &envelope(&sending, &altered)).await;
        *codes.entry(answered.code()).or_insert(0) += 1;
    }
    assert!(codes["bad_signature"] > 100, "{codes:?}");
    let known = ["bad_signature", "malformed", "unsupported_version"];
    assert!(
        codes.keys().all(|code| known.contains(&code.as_str())),
        "{codes:?}"
    );
    let answered = submit(&lender, &envelope(&sending, &token)).await;
    assert_eq!(
        answered.status,
        StatusCode::OK,
        "no refusal has consumed the challenge"
    );
}

#[tokio::test]
async fn every_other_lie_has_its_code() {
    let bench = Bench::new();
    let device = Device::new();
    let service = bench.service().await;
    let lender = service.router();
    let policy = bench.policy();
    let wish = json!({
        "partner": "pk_test_demo", "policy": policy.hash().to_string(), "amount": 2_999_00, "currency": "CNY",
    });
    let issued = post(&lender, "/v1/challenges", wish.to_string())
        .await
        .json();
    let another = challenge(&lender, &policy).await;
    let honest = Sending::to(&issued, &policy);
    let token = device.token(&honest);
    let with = |change: fn(&mut Sending)| {
        let mut sending = honest.clone();
        change(&mut sending);
        sending
    };
    let text = honest.challenge.as_str();
    let flipped = format!(
        "{}{}",
        &text[..text.len() - 9],
        if text.ends_with("AAAAAAAAA") {
            "BAAAAAAAA"
        } else {
            "AAAAAAAAA"
        }
    );
    let elsewhere = Bench::new();
    let foreign = challenge(&elsewhere.service().await.router(), &policy).await;
    let unknown = Bench::new();
    unknown.publish("7");
    let lies = [
        (
            "bad_challenge",
            envelope(
                &Sending {
                    challenge: flipped,
                    ..honest.clone()
                },
                &token,
            ),
        ),
        (
            "bad_challenge",
            envelope(&Sending::to(&another, &policy), &token),
        ),
        (
            "bad_challenge",
            device.body(&Sending::to(&foreign, &policy)),
        ),
        (
            "partner_mismatch",
            envelope(&with(|s| s.partner = "pk_test_other".to_owned()), &token),
        ),
        (
            "partner_mismatch",
            envelope(
                &honest,
                &device.token(&with(|s| s.partner = "pk_test_other".to_owned())),
            ),
        ),
        (
            "partner_mismatch",
            device.body(&with(|s| s.audience = "https://lender.example".to_owned())),
        ),
        (
            "unknown_policy",
            device.body(&Sending {
                policy: unknown.policy(),
                ..honest.clone()
            }),
        ),
        (
            "date_mismatch",
            device.body(&with(|s| s.as_of = "2026-11-22".parse().expect("a date"))),
        ),
        (
            "request_mismatch",
            device.body(&with(|s| s.amount = 2_998_00)),
        ),
        (
            "summary_invalid",
            envelope(
                &honest,
                &device.altered(&honest, "\"income\":830000", "\"income\":830001"),
            ),
        ),
        (
            "outcome_mismatch",
            envelope(
                &honest,
                &device.altered(&honest, "\"income\":830000", "\"income\":990000"),
            ),
        ),
        (
            "outcome_mismatch",
            device.body(&Sending {
                shown: Some(with(|s| s.income = 99_999_00).decision()),
                income: 10_00,
                ..honest.clone()
            }),
        ),
        (
            "engine_outdated",
            envelope(
                &honest,
                &device.altered(
                    &Sending {
                        shown: Some(with(|s| s.income = 10_00).decision()),
                        ..honest.clone()
                    },
                    "\"engine\":\"",
                    "\"engine\":\"0",
                ),
            ),
        ),
        (
            "malformed",
            envelope(&honest, &device.altered(&honest, "{", "{ ")),
        ),
        ("malformed", envelope(&honest, "a.b.c")),
        ("malformed", envelope(&honest, "")),
    ];
    for (code, body) in lies {
        assert_eq!(submit(&lender, &body).await.code(), code, "{body}");
    }
    let answered = submit(&lender, &envelope(&honest, &token)).await;
    assert_eq!(
        answered.status,
        StatusCode::OK,
        "no lie has consumed the challenge"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn fifty_equal_bodies_at_a_time_are_decided_once() {
    let bench = Bench::new();
    let service = bench.service().await;
    let lender = service.router();
    let issued = challenge(&lender, &bench.policy()).await;
    let body = Device::new().body(&Sending::to(&issued, &bench.policy()));
    let mut all = race(&lender, vec![body; 50]).await;
    assert_eq!(
        all.iter()
            .filter(|answer| answer["duplicate"] == false)
            .count(),
        1
    );
    for answer in &mut all {
        answer["duplicate"] = false.into();
    }
    all.dedup();
    assert_eq!(all.len(), 1, "all got the same answer: {all:?}");
    assert_eq!(stored(&bench), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_fifty_different_bodies_at_a_time_one_wins() {
    let bench = Bench::new();
    let service = bench.service().await;
    let lender = service.router();
    let issued = challenge(&lender, &bench.policy()).await;
    let device = Device::new();
    let honest = Sending::to(&issued, &bench.policy());
    let bodies = (0..50).map(|n| {
        device.body(&Sending {
            income: n * 200_00,
            ..honest.clone()
        })
    });
    let all = race(&lender, bodies.collect()).await;
    assert_eq!(
        all.iter()
            .filter(|answer| answer["duplicate"] == false)
            .count(),
        1
    );
    assert_eq!(
        all.iter()
            .filter(|answer| answer["error"]["code"] == "replayed")
            .count(),
        49
    );
    assert_eq!(stored(&bench), 1);
}

async fn race(lender: &axum::Router, bodies: Vec<String>) -> Vec<Value> {
    let mut runners = JoinSet::new();
    for body in bodies {
        let lender = lender.clone();
        runners.spawn(async move { submit(&lender, &body).await.json() });
    }
    runners.join_all().await
}

/// How many decisions the database holds, counted past the service.
fn stored(bench: &Bench) -> i64 {
    rusqlite::Connection::open(bench.config.data.join("prequal.sqlite"))
        .and_then(|c| c.query_row("SELECT count(*) FROM submission", [], |row| row.get(0)))
        .expect("counted")
}

#[tokio::test]
async fn challenges_are_for_known_partners_and_current_policies() {
    let bench = Bench::new();
    let service = bench.service().await;
    let lender = service.router();
    let hash = bench.policy().hash().to_string();
    let other = "0".repeat(64);
    for (code, wish) in [
        (
            "unknown_partner",
            json!({ "partner": "pk_test_nobody", "policy": hash }),
        ),
        (
            "unknown_policy",
            json!({ "partner": "pk_test_demo", "policy": other }),
        ),
        (
            "malformed",
            json!({ "partner": "pk_test_demo", "policy": "tiny" }),
        ),
        ("malformed", json!({ "partner": "pk_test_demo" })),
        (
            "malformed",
            json!({ "partner": "pk_test_demo", "policy": hash, "amount": 1 }),
        ),
        (
            "malformed",
            json!({ "partner": "pk_test_demo", "policy": hash, "currency": "CNY" }),
        ),
        (
            "malformed",
            json!({ "partner": "pk_test_demo", "policy": hash, "amount": 1.5, "currency": "CNY" }),
        ),
        (
            "malformed",
            json!({ "partner": "pk_test_demo", "policy": hash, "amount": 1, "currency": "yuan" }),
        ),
        (
            "request_mismatch",
            json!({ "partner": "pk_test_demo", "policy": hash, "amount": 1, "currency": "USD" }),
        ),
        (
            "request_mismatch",
            json!({ "partner": "pk_test_demo", "policy": hash, "amount": -1, "currency": "CNY" }),
        ),
    ] {
        let answered = post(&lender, "/v1/challenges", wish.to_string()).await;
        assert_eq!(answered.code(), code, "{wish}");
    }
    let [one, two] = [
        challenge(&lender, &bench.policy()).await,
        challenge(&lender, &bench.policy()).await,
    ];
    assert_ne!(one["challenge"], two["challenge"]);
}

#[tokio::test]
async fn a_superseded_policy_is_honoured_until_its_challenges_expire() {
    let bench = Bench::new();
    let device = Device::new();
    let old = bench.policy();
    let service = bench.service().await;
    let [one, two] = [
        challenge(&service.router(), &old).await,
        challenge(&service.router(), &old).await,
    ];
    service.close().await.expect("closed");
    bench.clock.forward(10);
    bench.publish("2");
    let service = bench.service().await;
    let lender = service.router();
    let wish = json!({ "partner": "pk_test_demo", "policy": old.hash().to_string() });
    let answered = post(&lender, "/v1/challenges", wish.to_string()).await;
    assert_eq!(
        (answered.status, answered.code().as_str()),
        (StatusCode::CONFLICT, "policy_superseded")
    );
    let listed = get(&lender, "/v1/policies").await.json();
    assert_eq!(listed["policies"][0]["version"], "2");
    let mixed = Sending {
        policy: bench.policy(),
        ..Sending::to(&one, &old)
    };
    assert_eq!(
        submit(&lender, &device.body(&mixed)).await.code(),
        "bad_challenge"
    );
    let answered = submit(&lender, &device.body(&Sending::to(&one, &old))).await;
    assert_eq!(
        answered.status,
        StatusCode::OK,
        "assessed under the policy of its challenge"
    );
    bench.clock.forward(290);
    let answered = submit(&lender, &device.body(&Sending::to(&two, &old))).await;
    assert_eq!(answered.code(), "challenge_expired");
}

/// A clock that was set back when the policy changed: the challenge is still in
/// time, the policy is not.
#[tokio::test]
async fn a_superseded_policy_is_not_honoured_for_longer() {
    let bench = Bench::new();
    let old = bench.policy();
    let service = bench.service().await;
    let issued = challenge(&service.router(), &old).await;
    service.close().await.expect("closed");
    bench.publish("2");
    bench.clock.forward(-100);
    let service = bench.service().await;
    let lender = service.router();
    let body = Device::new().body(&Sending::to(&issued, &old));
    bench.clock.forward(350);
    assert_eq!(submit(&lender, &body).await.code(), "policy_superseded");
    bench.clock.forward(-60);
    assert_eq!(submit(&lender, &body).await.status, StatusCode::OK);
}
