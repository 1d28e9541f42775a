//! Native cost of one assessment: from a summary, from the handle, and beside
//! the same policy by hand; of loading a policy, and of compiling the largest.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a benchmark that cannot be set up has nothing to measure"
)]

mod by_hand;

use std::path::{Path, PathBuf};

use divan::{Bencher, black_box};
use prequal::{Answer, Answers, Applicant, Date, Money, Policy, Request, Summary};
use prequal_sample::Applicants;

fn main() {
    for name in POLICIES {
        let sample = sample(name);
        let outcome = sample.policy.assess(&sample.summary());
        println!("{name}: {} offers", outcome.decision.offers.len());
    }
    divan::main();
}

struct Sample {
    bytes: Vec<u8>,
    policy: Policy,
    answers: Answers,
    request: Request,
    as_of: Date,
}

/// A shipped policy, one with many terms, and one that is made for this.
const POLICIES: [&str; 3] = ["instalment", "german-credit", "twelve-offers"];

/// Who asks for what.
#[derive(serde::Deserialize)]
struct Asking {
    as_of: Date,
    answers: Answers,
    request: Request,
}

/// A policy, compiled from its source, and an applicant whom it offers something.
fn sample(name: &str) -> Sample {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let (folder, asking) = match name {
        "twelve-offers" => (
            "benches",
            Some(include_str!("../twelve-offers/applicant.json")),
        ),
        "instalment" => ("policies", Some(include_str!("instalment.json"))),
        _ => ("policies", None),
    };
    let bytes = prequal_compiler::compile(&root.join(folder).join(name))
        .expect("the sample policies compile")
        .policy;
    let policy = Policy::decode(&bytes).expect("what compiles decodes");
    let asking = asking.map_or_else(
        || plainest(&policy),
        |json| serde_json::from_str(json).expect("an applicant"),
    );
    let Asking {
        as_of,
        answers,
        request,
    } = asking;
    Sample {
        bytes,
        policy,
        answers,
        request,
        as_of,
    }
}

/// The middle of every range, and the least request.
fn plainest(policy: &Policy) -> Asking {
    use prequal::policy::Kind;
    let body = policy.body();
    let answer = |question: &prequal::policy::Question| {
        let middle =
            question.low + (question.high - question.low) / 2 / question.step * question.step;
        match &question.kind {
            Kind::Choice(options) => options[middle as usize].as_str().into(),
            Kind::Boolean => Answer::from(middle == 1),
            Kind::Date => Date::from_days(middle)
                .expect("a date")
                .to_string()
                .as_str()
                .into(),
            _ => Answer::from(middle),
        }
    };
    let answers = body
        .questions
        .iter()
        .map(|question| (question.id.to_string(), answer(question)));
    let product = &body.products[0];
    let request = Request {
        product: product.id.to_string(),
        amount: product.minimum,
        term: product.terms[0],
    };
    Asking {
        as_of: "2026-11-22".parse().expect("a date"),
        answers: answers.collect(),
        request,
    }
}

impl Sample {
    fn summary(&self) -> Summary {
        self.policy
            .summarise(&self.answers, &self.request, self.as_of)
            .expect("right answers")
    }
}

/// Summary to outcome.
#[divan::bench(args = POLICIES)]
fn assess(bencher: Bencher<'_, '_>, name: &str) {
    let sample = sample(name);
    let summary = sample.summary();
    bencher.bench(|| sample.policy.assess(black_box(&summary)));
}

/// Answers to summary.
#[divan::bench(args = POLICIES)]
fn summarise(bencher: Bencher<'_, '_>, name: &str) {
    let sample = sample(name);
    bencher.bench(|| sample.summary());
}

/// Summary to the canonical bytes of the decision and their digest.
#[divan::bench(args = POLICIES)]
fn assess_and_digest(bencher: Bencher<'_, '_>, name: &str) {
    let sample = sample(name);
    let summary = sample.summary();
    bencher.bench(|| sample.policy.assess(black_box(&summary)).decision.digest());
}

/// A form already filled in: one keystroke.
#[divan::bench(args = POLICIES)]
fn keystroke(bencher: Bencher<'_, '_>, name: &str) {
    let sample = sample(name);
    let mut applicant = Applicant::new(&sample.policy, sample.request.clone(), sample.as_of);
    for (index, number) in numbers(&sample).into_iter().enumerate() {
        if let Some(number) = number {
            applicant.set(&sample.policy, index, number);
        }
    }
    assert!(
        applicant.assess(&sample.policy).is_some(),
        "every answer is there"
    );
    bencher.bench_local(|| applicant.assess(black_box(&sample.policy)));
}

/// The answers as plain numbers, by the index of their question.
fn numbers(sample: &Sample) -> Vec<Option<f64>> {
    use prequal::policy::Kind;
    let number = |question: &prequal::policy::Question| {
        Some(
            match (sample.answers.get(question.id.as_str())?, &question.kind) {
                (Answer::Number(number), _) => *number,
                (Answer::Flag(flag), _) => f64::from(*flag),
                (Answer::Text(text), Kind::Choice(options)) => {
                    options.iter().position(|option| option.as_str() == text)? as f64
                }
                (Answer::Text(text), _) => text.parse::<Date>().ok()?.days() as f64,
            },
        )
    };
    sample.policy.body().questions.iter().map(number).collect()
}

/// People with right answers, as the engine and as the policy by hand take them.
struct Rows {
    policy: Policy,
    forms: Vec<Applicant>,
    by_hand: Vec<(by_hand::Answers, Money, Date)>,
}

const ROWS: usize = 1_000;

impl Rows {
    /// The rows, of which both are known to decide the same.
    fn new() -> Rows {
        let policy = sample("instalment").policy;
        let mut rows = Rows {
            policy,
            forms: Vec::new(),
            by_hand: Vec::new(),
        };
        for applicant in Applicants::new(&rows.policy, 1).take(ROWS) {
            let mut form = Applicant::new(&rows.policy, applicant.request.clone(), applicant.as_of);
            for (index, answer) in applicant.answers.iter().enumerate() {
                if let Some(answer) = answer {
                    form.set(&rows.policy, index, *answer as f64);
                }
            }
            let index = |question: usize| applicant.answers[question].expect("an answer");
            let option = |question: usize| index(question) as usize;
            let answers = by_hand::Answers {
                birth: Date::from_days(index(0)).expect("a date"),
                housing: option(1),
                address_months: applicant.answers[2],
                vehicle: applicant.answers[3].map(|flag| flag == 1),
                work: option(4),
                job_months: index(5),
                income: index(6),
                household: index(7),
                debts: index(8),
                repayment: option(9),
            };
            rows.forms.push(form);
            rows.by_hand
                .push((answers, applicant.request.amount, applicant.as_of));
        }
        for (form, (answers, amount, as_of)) in rows.forms.iter().zip(&rows.by_hand) {
            let outcome = form.assess(&rows.policy).expect("right answers");
            assert_eq!(
                figures(outcome.decision),
                by_hand::assess(answers, *amount, *as_of)
            );
        }
        rows
    }
}

fn figures(decision: prequal::Decision) -> by_hand::Decision {
    let offers = decision.offers.iter().map(|offer| by_hand::Offer {
        term: offer.term,
        annual_rate: offer.annual_rate.millionths(),
        amount: offer.amount.minor(),
        limit: offer.limit.minor(),
        instalment: offer.instalment.minor(),
        total: offer.total.minor(),
        simple_rate: offer.simple_rate.millionths(),
        compound_rate: offer.compound_rate.millionths(),
    });
    by_hand::Decision {
        eligibility: decision.eligibility,
        score: decision.score,
        offers: offers.collect(),
    }
}

/// A thousand people, from their answers to their offers, by the engine.
#[divan::bench]
fn rows_by_engine(bencher: Bencher<'_, '_>) {
    let rows = Rows::new();
    bencher.counter(ROWS).bench_local(|| {
        for form in &rows.forms {
            black_box(form.assess(black_box(&rows.policy)));
        }
    });
}

/// The same people by hand.
#[divan::bench]
fn rows_by_hand(bencher: Bencher<'_, '_>) {
    let rows = Rows::new();
    bencher.counter(ROWS).bench_local(|| {
        for (answers, amount, as_of) in &rows.by_hand {
            black_box(by_hand::assess(black_box(answers), *amount, *as_of));
        }
    });
}

/// Source to compiled policy, for the shipped policy with the most bytes.
#[divan::bench]
fn compile_the_largest(bencher: Bencher<'_, '_>) {
    let folder = largest();
    bencher.bench_local(|| prequal_compiler::compile(black_box(&folder)).map(|c| c.policy.len()));
}

fn largest() -> PathBuf {
    let policies = Path::new(env!("CARGO_MANIFEST_DIR")).join("policies");
    let folders = prequal_compiler::policy_folders(&policies).expect("the policies");
    let size = |folder: &PathBuf| {
        let compiled = prequal_compiler::compile(folder);
        compiled.map(|compiled| compiled.policy.len()).unwrap_or(0)
    };
    folders.into_iter().max_by_key(size).expect("a policy")
}

/// Bytes to a checked policy.
#[divan::bench(args = POLICIES)]
fn decode(bencher: Bencher<'_, '_>, name: &str) {
    let sample = sample(name);
    bencher.bench(|| Policy::decode(black_box(&sample.bytes)));
}
