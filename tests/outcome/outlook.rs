//! The outlook while answers are open bounds every outcome that they can have.

use prequal::policy::Rule;
use prequal::{Applicant, Money, Outcome, Policy};
use prequal_sample::Applicants;
use proptest::prelude::*;

use crate::policies::{limited, load};

/// Someone at the form who has given those answers that `given` says so of.
fn at_the_form(policy: &Policy, sample: &prequal_sample::Applicant, given: &[bool]) -> Applicant {
    let mut applicant = Applicant::new(policy, sample.request.clone(), sample.as_of);
    for (index, answer) in sample.answers.iter().enumerate() {
        if let (true, Some(answer)) = (given[index % given.len()], answer) {
            applicant.set(policy, index, *answer as f64);
        }
    }
    applicant
}

/// The reasons of every knock-out that fired.
fn knocked_out(policy: &Policy, outcome: &Outcome) -> Vec<String> {
    let body = policy.body();
    let fired = |rule: &&Rule| {
        outcome
            .trace
            .knockouts
            .iter()
            .any(|id| rule.id.as_str() == id)
    };
    let fired = body.knockouts.iter().filter(fired);
    fired
        .map(|rule| body.reasons[usize::from(rule.reason)].to_string())
        .collect()
}

fn check(policy: &Policy, seed: u64, given: &[bool]) -> Result<(), TestCaseError> {
    for sample in Applicants::new(policy, seed).take(8) {
        let complete = at_the_form(policy, &sample, &[true]);
        let Some(outcome) = complete.assess(policy) else {
            continue;
        };
        let limit = outcome
            .decision
            .limit
            .as_ref()
            .map_or(Money::ZERO, |limit| limit.amount);
        for given in [given, &[true], &[false]] {
            // An optional page that is not opened yet is not part of it.
            let partial = at_the_form(policy, &sample, given);
            let opens = |index: &u16| sample.answers[usize::from(*index)] == Some(1);
            let mut openers = policy.body().groups.iter().filter_map(|group| group.opener);
            if given != [true] && openers.any(|opener| opens(&opener)) {
                continue;
            }
            let outlook = partial.outlook(policy).unwrap();
            prop_assert!(
                outlook.least <= limit && limit <= outlook.most,
                "{}: {limit:?} {outlook:?} {sample:?}",
                policy.body().id
            );
            // Of all that fired: a decision tells four reasons at most.
            for reason in &outlook.certain {
                prop_assert!(knocked_out(policy, &outcome).contains(reason), "{reason}");
            }
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn the_outlook_bounds_the_limit(
        seed: u64,
        given in proptest::collection::vec(any::<bool>(), 1..20),
    ) {
        for policy in limited() {
            check(policy, seed, &given)?;
        }
    }
}

/// With everything answered the bounds meet at the limit, but where an interval
/// forgets that two figures move together.
#[test]
fn the_outlook_ends_at_the_limit() {
    for policy in limited() {
        let (mut ended, mut complete) = (0, 0);
        for sample in Applicants::new(policy, 2).take(400) {
            let applicant = at_the_form(policy, &sample, &[true]);
            let (Some(outcome), Some(outlook)) =
                (applicant.assess(policy), applicant.outlook(policy))
            else {
                continue;
            };
            let limit = outcome
                .decision
                .limit
                .map_or(Money::ZERO, |limit| limit.amount);
            complete += 1;
            ended += usize::from((outlook.least, outlook.most) == (limit, limit));
        }
        let id = &policy.body().id;
        assert!(
            complete > 300 && ended * 5 > complete * 4,
            "{id}: {ended} of {complete}"
        );
    }
}

/// Every answer narrows the outlook, and a knock-out is certain as soon as it
/// is.
#[test]
fn the_outlook_narrows() {
    let policy = load("instalment");
    let (mut narrow, mut certain) = (0, 0);
    for sample in Applicants::new(&policy, 1).take(400) {
        let complete = at_the_form(&policy, &sample, &[true]);
        let open = at_the_form(&policy, &sample, &[false]);
        let (Some(outcome), Some(before), Some(after)) = (
            complete.assess(&policy),
            open.outlook(&policy),
            complete.outlook(&policy),
        ) else {
            continue;
        };
        assert!(before.least <= after.least && after.most <= before.most);
        assert!(before.certain.is_empty());
        assert_eq!(before.least, Money::ZERO);
        narrow += usize::from(after.least == after.most);
        let knocked = !outcome.trace.knockouts.is_empty();
        assert_eq!(knocked, !after.certain.is_empty());
        certain += usize::from(knocked);
    }
    assert!(narrow > 50 && certain > 50, "{narrow} {certain}");
}
