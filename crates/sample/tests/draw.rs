//! What drawn applicants are.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "tests stop where something is not as it has to be"
)]

use std::collections::BTreeSet;
use std::path::Path;

use prequal::Policy;
use prequal_sample::{Applicant, Applicants};

fn base() -> Policy {
    policy("base")
}

fn policy(name: &str) -> Policy {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("../compiler/tests");
    let compiled = prequal_compiler::compile(&tests.join(name));
    compiled.expect("it compiles").loaded
}

#[test]
fn the_same_seed_draws_the_same_applicants() {
    let policy = base();
    let draw =
        |seed| -> Vec<Applicant> { Applicants::with_wrong(&policy, seed).take(200).collect() };
    assert_eq!(draw(1), draw(1));
    assert_ne!(draw(1), draw(2));
}

#[test]
fn answers_are_right_unless_wrong_ones_are_asked_for() {
    let policy = base();
    let refused = |applicants: Applicants<'_>| {
        let mut applicants = applicants.take(2_000);
        applicants
            .by_ref()
            .filter(|a| a.summarise(&policy).is_err())
            .count()
    };
    assert_eq!(refused(Applicants::new(&policy, 3)), 0);
    assert!(refused(Applicants::with_wrong(&policy, 3)) > 0);
}

#[test]
fn every_answer_stands_on_both_ends_of_its_range() {
    let policy = base();
    let drawn: Vec<Applicant> = Applicants::new(&policy, 5).take(4_000).collect();
    for (index, question) in policy.body().questions.iter().enumerate() {
        let answers: BTreeSet<Option<i64>> = drawn.iter().map(|a| a.answers[index]).collect();
        let last = question.high - (question.high - question.low) % question.step;
        for end in [question.low, last] {
            assert!(answers.contains(&Some(end)), "{} never {end}", question.id);
        }
    }
}

/// Conditions, lists, pages that may be opened, what the lender supplies.
#[test]
fn only_what_is_asked_is_answered() {
    let policy = policy("asked");
    let questions = &policy.body().questions;
    let drawn: Vec<Applicant> = Applicants::new(&policy, 11).take(4_000).collect();
    let mut answered = vec![0; questions.len()];
    for applicant in &drawn {
        applicant.summarise(&policy).expect("right answers");
        let answers = applicant.answers(&policy);
        let steps = policy
            .answer_steps(&answers, applicant.as_of)
            .expect("right answers");
        for (index, question) in questions.iter().enumerate() {
            let holds = |node| steps.values[usize::from(node)].is_true();
            let asked = question.asked.is_none_or(holds);
            let given = applicant.answers[index].is_some();
            assert!(asked || !given, "{} is answered and not asked", question.id);
            answered[index] += usize::from(given);
        }
    }
    for (question, count) in questions.iter().zip(answered) {
        assert!(
            (1..4_000).contains(&count) || question.asked.is_none(),
            "{}: {count}",
            question.id
        );
        assert!(count > 0, "{} is never answered", question.id);
    }
}
