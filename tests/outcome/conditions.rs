//! Questions that are not always asked, and what becomes of their answers.

use prequal::loan::Repayment;
use prequal::policy::{
    Blank, Body, Feature, Grade, Group, Id, Kind, Level, Limit, List, Node, Policy, PolicyError,
    Precision, Price, Product, Program, Question, Rule, Source, Stage,
};
use prequal::{Answer, AnswerFault, Answers, Applicant, Date, Eligibility, Money, Request};

fn id(text: &str) -> Id {
    Id::try_from(text.to_owned()).unwrap()
}

fn question(name: &str, kind: Kind, high: i64) -> Question {
    Question {
        id: id(name),
        kind,
        low: 0,
        high,
        step: 1,
        unit: None,
        blank: Blank::Refused,
        asked: None,
        source: Source::Borrower,
    }
}

/// A rent that is asked of those who rent, a list of at most two debts, and a
/// page with a deposit that may be opened. Late payments come from the lender.
fn body() -> Body {
    let opens = Question {
        blank: Blank::Means(0),
        ..question("more", Kind::Boolean, 1)
    };
    let asked = |node, question| Question {
        asked: Some(node),
        ..question
    };
    let derive = vec![
        Node::Input(0),     // 0: rents
        Node::Input(1),     // 1: rent
        Node::When(0, 1),   // 2: rent where it is asked
        Node::Const(0),     // 3
        Node::Else(2, 3),   // 4
        Node::Input(2),     // 5: how many debts
        Node::Lt(3, 5),     // 6: at least one
        Node::Const(1),     // 7
        Node::Lt(7, 5),     // 8: at least two
        Node::Input(3),     // 9
        Node::When(6, 9),   // 10
        Node::Else(10, 3),  // 11
        Node::Input(4),     // 12
        Node::When(8, 12),  // 13
        Node::Else(13, 3),  // 14
        Node::Add(4, 11),   // 15
        Node::Add(15, 14),  // 16: all that is paid
        Node::Input(5),     // 17: the page is open
        Node::Input(6),     // 18: deposit
        Node::When(17, 18), // 19
        Node::Else(19, 3),  // 20
        Node::Input(7),     // 21: late payments
    ];
    let feature = |name: &str, kind: Kind, node| Feature {
        id: id(name),
        kind,
        node,
        precision: Precision::Exact,
    };
    Body {
        id: id("conditions"),
        version: id("1"),
        stage: Stage::PreScreen,
        currency: "CNY".to_owned().try_into().unwrap(),
        utc_offset: 480,
        commitments: 8,
        languages: vec![],
        questions: vec![
            question("rents", Kind::Boolean, 1),
            asked(0, question("rent", Kind::Money, 10_000_00)),
            question("debts", Kind::Integer, 2),
            asked(6, question("debts.1.paid", Kind::Money, 10_000_00)),
            asked(8, question("debts.2.paid", Kind::Money, 10_000_00)),
            opens,
            asked(17, question("deposit", Kind::Money, 10_000_00)),
            Question {
                source: Source::Lender,
                ..question("late", Kind::Integer, 60)
            },
        ],
        lists: vec![List {
            id: id("debts"),
            count: 2,
            first: 3,
            fields: 1,
            entries: 2,
        }],
        groups: vec![Group {
            id: id("about"),
            questions: vec![0, 1, 2],
            asked: None,
            opener: None,
        }],
        derive: Program { nodes: derive },
        features: vec![
            feature("paid", Kind::Money, 16),
            feature("deposit", Kind::Money, 20),
            feature("late", Kind::Integer, 21),
        ],
        decide: Program {
            nodes: vec![
                Node::Input(2),
                Node::Const(2),
                Node::Lt(1, 0), // 2: more than two late payments
                Node::Const(100_000),
                Node::Const(0),
                Node::Lt(4, 0), // 5: any late payment
            ],
        },
        tables: vec![],
        knockouts: vec![],
        reviews: vec![Rule {
            id: id("late"),
            when: 2,
            reason: 0,
        }],
        alerts: vec![],
        cards: vec![],
        grades: vec![Grade {
            id: id("A"),
            at_least: None,
        }],
        quote_grade: 0,
        limit: Limit {
            affordability: vec![],
            caps: vec![],
            step: Money::new(100_00),
            reason: 0,
        },
        products: vec![Product {
            id: id("loan"),
            repayment: Repayment::LEVEL,
            fees: vec![],
            terms: vec![12],
            minimum: Money::new(500_00),
            maximum: Money::new(20_000_00),
            rate: 3,
            when: None,
            suits: None,
        }],
        discounts: vec![],
        price: Price::default(),
        reasons: vec![id("LATE")],
    }
}

fn load(body: &Body) -> Policy {
    Policy::decode(&body.encode()).unwrap()
}

fn request() -> Request {
    Request {
        product: "loan".to_owned(),
        amount: Money::new(1_000_00),
        term: 12,
    }
}

fn today() -> Date {
    "2026-11-22".parse().unwrap()
}

fn answers(typed: &[(&str, Answer)]) -> Answers {
    let all = typed.iter().map(|(id, answer)| (*id, answer.clone()));
    all.chain([("late", Answer::from(0))]).collect()
}

fn paid(policy: &Policy, typed: &[(&str, Answer)]) -> i64 {
    let summary = policy
        .summarise(&answers(typed), &request(), today())
        .unwrap();
    let text = summary.fields().to_json().to_canonical();
    let at = text.split("\"paid\":").nth(1).unwrap();
    at.split(['}', ',']).next().unwrap().parse().unwrap()
}

#[test]
fn what_is_not_asked_counts_for_nothing() {
    let policy = load(&body());
    let rent = ("rent", Answer::from(700_00));
    let (rents, owns) = (
        ("rents", Answer::from(true)),
        ("rents", Answer::from(false)),
    );
    let none = ("debts", Answer::from(0));
    let one = ("debts", Answer::from(1));
    let first = ("debts.1.paid", Answer::from(30_00));
    let second = ("debts.2.paid", Answer::from(5_00));
    assert_eq!(
        paid(&policy, &[rents.clone(), rent.clone(), none.clone()]),
        700_00
    );
    assert_eq!(
        paid(&policy, &[owns.clone(), rent.clone(), none.clone()]),
        0
    );
    assert_eq!(paid(&policy, &[owns.clone(), none]), 0);
    // The second debt was typed before the count was set back.
    let typed = [owns, rent, one, first, second];
    assert_eq!(paid(&policy, &typed), 30_00);
    let counts = policy.asked_answers(&answers(&typed), today());
    let names: Vec<&str> = counts.questions().collect();
    assert_eq!(names, ["debts", "debts.1.paid", "rents"]);
}

#[test]
fn what_is_asked_has_to_be_answered() {
    let policy = load(&body());
    let wanting = |typed: &[(&str, Answer)]| -> Vec<String> {
        match policy.summarise(&answers(typed), &request(), today()) {
            Ok(_) => Vec::new(),
            Err(errors) => {
                assert!(
                    errors
                        .iter()
                        .all(|error| error.code == AnswerFault::Missing)
                );
                errors.into_iter().map(|error| error.field).collect()
            }
        }
    };
    // What depends on an open answer is not asked yet.
    assert_eq!(wanting(&[]), ["rents", "debts"]);
    let (rents, two) = (("rents", Answer::from(true)), ("debts", Answer::from(2)));
    assert_eq!(
        wanting(&[rents.clone(), two.clone()]),
        ["rent", "debts.1.paid", "debts.2.paid"]
    );
    let open = ("more", Answer::from(true));
    assert!(wanting(&[rents, two, open]).contains(&"deposit".to_owned()));
}

/// The handle, set by index, is asked the same and decides the same.
#[test]
fn the_handle_agrees() {
    let policy = load(&body());
    let mut applicant = Applicant::new(&policy, request(), today());
    let asked = |applicant: &Applicant| -> Vec<usize> {
        let asked = applicant.asked(&policy);
        (0..asked.len()).filter(|index| asked[*index]).collect()
    };
    assert_eq!(asked(&applicant), [0, 2, 5, 7]);
    applicant.set(&policy, 0, 1.0);
    applicant.set(&policy, 2, 1.0);
    assert_eq!(asked(&applicant), [0, 1, 2, 3, 5, 7]);
    applicant.set(&policy, 1, 700_00.0);
    applicant.set(&policy, 3, 30_00.0);
    applicant.set(&policy, 7, 0.0);
    let typed = [
        ("rents", Answer::from(true)),
        ("rent", Answer::from(700_00)),
        ("debts", Answer::from(1)),
        ("debts.1.paid", Answer::from(30_00)),
    ];
    let summary = policy
        .summarise(&answers(&typed), &request(), today())
        .unwrap();
    assert_eq!(applicant.summarise(&policy).unwrap(), summary);
    assert_eq!(applicant.assess(&policy), Some(policy.assess(&summary)));
    applicant.clear(&policy, 0);
    assert_eq!(applicant.assess(&policy), None);
}

#[test]
fn a_condition_reads_only_what_comes_before() {
    let refused = |change: fn(&mut Body)| {
        let mut body = body();
        change(&mut body);
        matches!(
            Policy::decode(&body.encode()),
            Err(PolicyError::Inconsistent(_))
        )
    };
    assert!(!refused(|_| {}));
    // Itself, a later question, no truth value, no such node.
    for node in [1, 6, 5, 99] {
        let mut body = body();
        body.questions[1].asked = Some(node);
        assert!(Policy::decode(&body.encode()).is_err(), "{node}");
    }
    assert!(refused(|body| body.questions[5].blank = Blank::Means(2)));
    assert!(refused(|body| body.groups[0].opener = Some(1)));
    assert!(refused(|body| body.lists[0].entries = 3));
    assert!(refused(|body| body.lists[0].id = id("pledges")));
    assert!(refused(|body| body.commitments = 6));
}

#[test]
fn an_early_warning_gives_its_gravest_alert_and_no_offers() {
    let mut body = body();
    body.stage = Stage::EarlyWarning;
    let alert = |name: &str, when, level| prequal::policy::Alert {
        rule: Rule {
            id: id(name),
            when,
            reason: 0,
        },
        level,
    };
    body.alerts = vec![
        alert("once", 5, Level::Watch),
        alert("often", 2, Level::Stop),
    ];
    // Alerts and rules do not go together.
    assert!(Policy::decode(&body.encode()).is_err());
    body.reviews.clear();
    let policy = load(&body);
    let decide = |late: i64| {
        let typed = [
            ("rents", Answer::from(false)),
            ("debts", Answer::from(0)),
            ("late", Answer::from(late)),
        ];
        let typed: Answers = typed.into();
        let summary = policy.summarise(&typed, &request(), today()).unwrap();
        policy.assess(&summary).decision
    };
    for (late, alert, eligibility) in [
        (0, None, Eligibility::Eligible),
        (1, Some(Level::Watch), Eligibility::Eligible),
        (3, Some(Level::Stop), Eligibility::NotEligible),
    ] {
        let decision = decide(late);
        assert_eq!((decision.alert, decision.eligibility), (alert, eligibility));
        assert_eq!(decision.reasons.len(), usize::from(late > 0));
        assert!(decision.offers.is_empty() && decision.limit.is_none());
    }
}
