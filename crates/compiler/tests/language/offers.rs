//! Plans, fees, discounts, and means by month.

use prequal::loan::{Charged, Deferred, Frequency, Months, Plan};
use prequal::policy::Change;
use prequal::{Applicant, Money, Offer, OfferFee, Outcome, Policy, Ratio, RefusalReason, Why};
use prequal_compiler::{Sources, compile_sources};

use crate::base::{Person, as_of, base, changed, request};

fn person() -> Person {
    Person {
        age: 40,
        housing: "own",
        months: Some(60),
        car: true,
        income: 8_000_00,
        debts: 0,
    }
}

fn policy(sources: &Sources) -> Policy {
    let compiled = compile_sources(sources).unwrap_or_else(|d| panic!("{d}"));
    Policy::decode(&compiled.policy).expect("a policy")
}

/// The base policy with one part replaced.
fn with(old: &str, new: &str) -> Sources {
    changed(|policy| {
        assert!(policy.contains(old), "{old}");
        policy.replacen(old, new, 1)
    })
}

fn outcome(policy: &Policy) -> Outcome {
    let summary = policy
        .summarise(&person().answers(), &request(policy), as_of())
        .expect("a summary");
    policy.assess(&summary)
}

fn offer(outcome: &Outcome, term: u16) -> &Offer {
    let mut offers = outcome.decision.offers.iter();
    offers.find(|offer| offer.term == term).expect("an offer")
}

#[test]
fn means_by_month() {
    let by_month = "max(income - debts, 0) * (if due_month in [4..5] then 0.1 else 0.5)";
    let seasonal = policy(&with("max(income - debts, 0) * 0.5", by_month));
    assert_eq!(seasonal.body().limit.affordability.len(), 12);
    let level = policy(&base());
    assert_eq!(level.body().limit.affordability.len(), 1);
    // The first instalment falls due in December; those of April and May have
    // what the months before leave.
    let limit = |policy: &Policy| offer(&outcome(policy), 6).limit;
    assert!(limit(&seasonal) < limit(&level));
    assert!(limit(&seasonal) > Money::new(limit(&level).minor() / 5));
}

const EQUAL: &str = "plan = { kind = \"equal_instalment\" }";

#[test]
fn every_plan() {
    let kinds = [
        ("kind = \"equal_principal\"", Plan::EqualPrincipal),
        ("kind = \"bullet\"", Plan::Bullet),
        ("kind = \"flat\"", Plan::Flat),
        (
            "kind = \"balloon\", share = 0.3",
            Plan::Balloon {
                share: Ratio::new(300_000),
            },
        ),
        (
            "kind = \"grace\", nothing = 1, interest_only = 2, deferred = \"capitalised\"",
            Plan::Grace {
                nothing: 1,
                interest_only: 2,
                deferred: Deferred::Capitalised,
            },
        ),
        (
            "kind = \"stepped\", every = 3, by = 0.1",
            Plan::Stepped {
                every: 3,
                by: Ratio::new(100_000),
            },
        ),
        (
            "kind = \"seasonal\", interest_only = [4, 5], nothing = [6]",
            Plan::Seasonal {
                interest_only: Months::of(&[4, 5]).unwrap(),
                nothing: Months::of(&[6]).unwrap(),
                deferred: Deferred::CaughtUp,
            },
        ),
    ];
    for (told, plan) in kinds {
        let policy = policy(&with(EQUAL, &format!("plan = {{ {told} }}")));
        assert_eq!(policy.body().products[0].repayment.plan, plan);
        let offer = offer(&outcome(&policy), 6).clone();
        let repaid = offer.amount.plus(offer.interest);
        assert_eq!(repaid, Some(offer.total), "{told}");
    }
    let weekly = format!("{EQUAL}\nevery = \"week\"\nday_count = \"actual/365\"");
    let policy = policy(&with(EQUAL, &weekly));
    assert_eq!(
        policy.body().products[0].repayment.frequency,
        Frequency::Days(7)
    );
    assert_eq!(offer(&outcome(&policy), 6).instalments, 26);
}

#[test]
fn a_plan_needs_room() {
    let grace = "plan = { kind = \"grace\", nothing = 6 }";
    let error = compile_sources(&with(EQUAL, grace)).expect_err("no room");
    assert!(
        error
            .to_string()
            .contains("no loan of 6 months is paid back so"),
        "{error}"
    );
}

#[test]
fn fees_count_towards_the_rate() {
    let fees = r#"fees = [
        { id = "service", charged = "deducted", share = 0.01, payee = "lender" },
        { id = "insurance", charged = "each_instalment", fixed = 2_00, payee = "insurer" },
        { id = "interest", charged = "by_partner", share = 0.03, payee = "lender" },
    ]"#;
    let plain = outcome(&policy(&base()));
    let sources = with(EQUAL, &format!("{EQUAL}\n{fees}"));
    let dear = outcome(&policy(&sources));
    let (plain, dear) = (offer(&plain, 6), offer(&dear, 6));
    assert_eq!(dear.amount, Money::new(1_000_00));
    assert_eq!(dear.received, Money::new(990_00));
    assert_eq!(
        dear.instalment,
        plain.instalment.plus(Money::new(2_00)).unwrap()
    );
    assert_eq!(
        dear.total,
        plain.total.plus(Money::new(10_00 + 6 * 2_00)).unwrap()
    );
    assert!(dear.simple_rate > plain.simple_rate);
    assert!(dear.limit <= plain.limit);
    let told = |fee: &OfferFee| {
        let figures = [fee.fixed, fee.each, fee.amount].map(Money::minor);
        (fee.name.clone(), fee.charged, fee.share, fee.times, figures)
    };
    let told: Vec<_> = dear.fees.iter().map(told).collect();
    let share = Ratio::new;
    let expected = [
        (
            "service",
            Charged::Deducted,
            share(10_000),
            1,
            [0, 10_00, 10_00],
        ),
        (
            "insurance",
            Charged::EachInstalment,
            share(0),
            6,
            [2_00, 2_00, 12_00],
        ),
        (
            "interest",
            Charged::ByPartner,
            share(30_000),
            1,
            [0, 30_00, 30_00],
        ),
    ];
    let expected = expected.map(|(name, charged, share, times, figures)| {
        (name.to_owned(), charged, share, times, figures)
    });
    assert_eq!(told, expected);
    // What is dearer than the ceiling, all in, is not offered.
    let ceiling = format!(
        "[price]\nceiling = {}\n[limit]\n",
        plain.simple_rate.to_f64() + 0.001
    );
    let policy_file = sources
        .get("policy.toml")
        .unwrap()
        .replacen("[limit]\n", &ceiling, 1);
    let mut capped = sources.clone();
    capped.insert("policy.toml", policy_file);
    let refused = outcome(&policy(&capped)).decision.refused;
    assert!(
        refused
            .iter()
            .any(|refusal| refusal.reason == RefusalReason::AboveCeiling)
    );
}

#[test]
fn discounts_count_in_order() {
    let discounts = r#"[[discount]]
id = "owner"
when = 'housing == "own"'
less = 0.01
[[discount]]
id = "never"
when = "income < 100_00"
less = 0.5
[[discount]]
id = "steady"
when = "income >= 5_000_00"
times = 0.9
[limit]
"#;
    let plain = outcome(&policy(&base()));
    let rate = offer(&plain, 6).annual_rate.millionths();
    let discounted = policy(&with("[limit]\n", discounts));
    let changes: Vec<Change> = discounted
        .body()
        .discounts
        .iter()
        .map(|d| d.change)
        .collect();
    assert_eq!(changes[2], Change::Times(Ratio::new(900_000)));
    let found = outcome(&discounted);
    let offer = offer(&found, 6);
    assert_eq!(offer.discounts, ["owner", "steady"]);
    let expected = ((rate - 10_000) * 9 + 9) / 10;
    assert_eq!(offer.annual_rate.millionths(), expected);
    // A shop's price has none.
    let quote = discounted
        .quote(&request(&discounted), as_of())
        .expect("a quote");
    let without = policy(&base())
        .quote(&request(&discounted), as_of())
        .expect("a quote");
    assert_eq!(quote, without);
}

#[test]
fn one_offer_is_recommended() {
    let found = outcome(&policy(&base())).decision;
    let recommended = found.recommended.expect("a recommendation");
    assert_eq!((recommended.term, recommended.why), (6, Why::Cost));
    let suits = format!("{EQUAL}\nsuits = \"term >= 12\"");
    let found = outcome(&policy(&with(EQUAL, &suits))).decision;
    let recommended = found.recommended.expect("a recommendation");
    assert_eq!((recommended.term, recommended.why), (12, Why::Suits));
}

/// An offer may cost more, all in, than the ceiling allows, and is then none;
/// without fees it costs hardly more than its nominal rate.
#[test]
fn a_limit_is_certain_where_no_offer_can_reach_the_ceiling() {
    let least = |policy: &Policy| {
        let mut applicant = Applicant::new(policy, request(policy), as_of());
        for (id, answer) in [
            ("age", 40.0),
            ("income", 8_000_00.0),
            ("debts", 0.0),
            ("months", 60.0),
            ("housing", 0.0),
            ("car", 1.0),
        ] {
            let mut questions = policy.body().questions.iter();
            let index = questions
                .position(|question| question.id.as_str() == id)
                .expect(id);
            applicant.set(policy, index, answer);
        }
        let limit = applicant.assess(policy).expect("an outcome").decision.limit;
        let outlook = applicant.outlook(policy).expect("an outlook");
        let limit = limit.map_or(Money::ZERO, |limit| limit.amount);
        assert!(
            outlook.least <= limit && limit <= outlook.most,
            "{outlook:?} {limit:?}"
        );
        (outlook.least, limit)
    };
    let (known, limit) = least(&policy(&base()));
    assert!(known > Money::ZERO && known <= limit);
    let ceiling = policy(&with("[limit]\n", "[price]\nceiling = 0.001\n[limit]\n"));
    assert_eq!(least(&ceiling), (Money::ZERO, Money::ZERO));
    let above = policy(&with("[limit]\n", "[price]\nceiling = 0.36\n[limit]\n"));
    assert_eq!(least(&above), (known, limit));
    let fee =
        r#"fees = [{ id = "service", charged = "up_front", share = 0.01, payee = "lender" }]"#;
    let charged = policy(&with("terms = [", &format!("{fee}\nterms = [")));
    assert_eq!(least(&charged).0, Money::ZERO);
}

/// What a policy says of late, misused and early money is told of every offer;
/// where it says nothing, nothing comes on top.
#[test]
fn contingent_costs_are_told() {
    let told = |sources: &Sources| {
        let outcome = outcome(&policy(sources));
        let offer = offer(&outcome, 6);
        let rates = [offer.annual_rate, offer.overdue_rate, offer.misuse_rate];
        (
            rates.map(Ratio::millionths),
            offer.prepayment_fee.millionths(),
        )
    };
    assert_eq!(told(&base()), ([100_000, 100_000, 100_000], 0));
    let price = "[price]\noverdue = 0.5\nmisuse = 1\nprepayment = 0.01\n[limit]\n";
    let dear = told(&with("[limit]\n", price));
    assert_eq!(dear, ([100_000, 150_000, 200_000], 10_000));
    // Nothing bears more than the ceiling.
    let price = "[price]\nceiling = 0.12\noverdue = 0.1\nmisuse = 1\n[limit]\n";
    let capped = told(&with("[limit]\n", price));
    assert_eq!(capped, ([100_000, 110_000, 120_000], 0));
}
