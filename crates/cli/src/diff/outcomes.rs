//! Whose outcome changes, and how.

use std::collections::BTreeMap;

use prequal::{Currency, Decision, Money, Policy};
use serde::Serialize;
use serde_json::Value;

use super::sample::{Drawn, Sample};
use crate::figure;

/// The outcomes of both policies on a sample.
#[derive(Serialize)]
pub(crate) struct Outcomes {
    cases: usize,
    /// How many outcomes differ in anything.
    changed: usize,
    eligibility: Vec<Moved>,
    /// Moves between grades; those that stay are left out.
    grades: Vec<Moved>,
    limit: Shifts,
    /// The yearly rate of the product and term asked for, in millionths.
    rate: Shifts,
    examples: Vec<Example>,
}

/// How many went from one to the other.
#[derive(Serialize)]
struct Moved {
    old: String,
    new: String,
    cases: usize,
}

/// Numbers that rose or fell, where both policies have one.
#[derive(Default, Serialize)]
struct Shifts {
    up: Shift,
    down: Shift,
    same: usize,
}

#[derive(Default, Serialize)]
struct Shift {
    cases: usize,
    /// The median of the differences; the lower one of two in the middle.
    median: i64,
}

/// An applicant whose outcome changes.
#[derive(Serialize)]
struct Example {
    /// What changes.
    change: String,
    old: Seen,
    new: Seen,
    application: Value,
}

/// What is to be seen of an outcome.
#[derive(Clone, PartialEq, Serialize)]
struct Seen {
    eligibility: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    reasons: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    grade: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    limit: Option<Money>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rate: Option<i64>,
    /// Why the policy cannot take the answers.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    refused: Vec<String>,
    #[serde(skip)]
    digest: String,
}

/// Answers that a policy does not take: a question of its own that was not
/// asked before, an option that is gone, a product that is not offered.
const REFUSED: &str = "answers refused";
/// The orders of eligibility in the matrix.
const ORDER: [&str; 4] = ["eligible", "review", "not_eligible", REFUSED];

impl Outcomes {
    /// Decides on every application twice.
    pub(crate) fn compare(
        old: &Policy,
        new: &Policy,
        sample: &Sample,
        examples: usize,
    ) -> Outcomes {
        let mut eligibility: BTreeMap<(usize, usize), usize> = BTreeMap::new();
        let mut grades: BTreeMap<(String, String), usize> = BTreeMap::new();
        let (mut limits, mut rates) = (Vec::new(), Vec::new());
        let mut shown: BTreeMap<String, Vec<Example>> = BTreeMap::new();
        let mut changed = 0;
        for drawn in &sample.0 {
            let (before, after) = (seen(old, drawn), seen(new, drawn));
            *eligibility
                .entry((place(&before), place(&after)))
                .or_default() += 1;
            if let (Some(old), Some(new)) = (&before.grade, &after.grade)
                && old != new
            {
                *grades.entry((old.clone(), new.clone())).or_default() += 1;
            }
            if let (Some(old), Some(new)) = (before.limit, after.limit) {
                limits.push(new.minor() - old.minor());
            }
            if let (Some(old), Some(new)) = (before.rate, after.rate) {
                rates.push(new - old);
            }
            if before.digest == after.digest {
                continue;
            }
            changed += 1;
            for change in kinds(&before, &after) {
                let known = shown.entry(change.clone()).or_default();
                if known.len() < examples {
                    known.push(Example {
                        change,
                        old: before.clone(),
                        new: after.clone(),
                        application: drawn.written.clone(),
                    });
                }
            }
        }
        let name = |place: usize| ORDER.get(place).copied().unwrap_or_default().to_owned();
        let moved = |((old, new), cases): ((usize, usize), usize)| Moved {
            old: name(old),
            new: name(new),
            cases,
        };
        Outcomes {
            cases: sample.0.len(),
            changed,
            eligibility: eligibility.into_iter().map(moved).collect(),
            grades: grades
                .into_iter()
                .map(|((old, new), cases)| Moved { old, new, cases })
                .collect(),
            limit: Shifts::of(limits),
            rate: Shifts::of(rates),
            examples: shown.into_values().flatten().collect(),
        }
    }

    /// Whether no outcome changes.
    pub(crate) fn same(&self) -> bool {
        self.changed == 0
    }

    pub(crate) fn lines(&self, currency: Currency) -> Vec<String> {
        let mut lines = vec![
            String::new(),
            format!(
                "{} applicants, {} outcomes change",
                self.cases, self.changed
            ),
            String::new(),
        ];
        lines.extend(self.matrix());
        for Moved { old, new, cases } in &self.grades {
            lines.push(format!("grade {old} -> {new}: {cases}"));
        }
        let money = |minor| figure::money(Money::new(minor), currency);
        let points = |millionths| figure::percent(prequal::Ratio::new(millionths));
        lines.extend(self.limit.line("limit", &money));
        lines.extend(self.rate.line("yearly rate of what is asked for", &points));
        let mut last = "";
        for example in &self.examples {
            if example.change != last {
                lines.push(String::new());
                lines.push(format!("for example, {}:", example.change));
                last = &example.change;
            }
            lines.push(format!("  {}", example.application));
            lines.push(format!("    old: {}", example.old.words(currency)));
            lines.push(format!("    new: {}", example.new.words(currency)));
        }
        lines
    }

    /// Old by new.
    fn matrix(&self) -> Vec<String> {
        let count = |old: &str, new: &str| {
            let mut cells = self.eligibility.iter();
            cells
                .find(|cell| cell.old == old && cell.new == new)
                .map_or(0, |cell| cell.cases)
        };
        let header: Vec<String> = ORDER.iter().map(|new| format!("{new:>17}")).collect();
        let mut lines = vec![format!("{:>17}{}", "old \\ new", header.concat())];
        for old in ORDER {
            let row: Vec<String> = ORDER
                .iter()
                .map(|new| format!("{:>17}", count(old, new)))
                .collect();
            lines.push(format!("{old:>17}{}", row.concat()));
        }
        lines
    }
}

impl Shifts {
    fn of(differences: Vec<i64>) -> Shifts {
        let some = |which: fn(&i64) -> bool| {
            let mut some: Vec<i64> = differences.iter().copied().filter(which).collect();
            some.sort();
            Shift {
                cases: some.len(),
                median: some
                    .get(some.len().saturating_sub(1) / 2)
                    .copied()
                    .unwrap_or(0),
            }
        };
        Shifts {
            up: some(|difference| *difference > 0),
            down: some(|difference| *difference < 0),
            same: differences
                .iter()
                .filter(|difference| **difference == 0)
                .count(),
        }
    }

    fn line(&self, what: &str, shown: &impl Fn(i64) -> String) -> Option<String> {
        let Shifts { up, down, same } = self;
        let told = |way: &str, shift: &Shift| match shift.cases {
            0 => format!("{way} for none"),
            cases => format!(
                "{way} for {cases}, by {} at the median",
                shown(shift.median)
            ),
        };
        let any = up.cases + down.cases > 0;
        any.then(|| {
            format!(
                "{what}: {}; {}; the same for {same}",
                told("up", up),
                told("down", down)
            )
        })
    }
}

impl Seen {
    fn words(&self, currency: Currency) -> String {
        let mut words = vec![self.eligibility.clone()];
        words.extend(self.grade.as_ref().map(|grade| format!("grade {grade}")));
        words.extend(
            self.limit
                .map(|limit| format!("limit {}", figure::money(limit, currency))),
        );
        words.extend(
            self.rate
                .map(|rate| format!("at {}", figure::percent(prequal::Ratio::new(rate)))),
        );
        if !self.reasons.is_empty() {
            words.push(self.reasons.join(" "));
        }
        words.extend(self.refused.iter().cloned());
        words.join(", ")
    }
}

/// The kinds of changes from one outcome to another.
fn kinds(old: &Seen, new: &Seen) -> Vec<String> {
    let mut kinds = Vec::new();
    if old.eligibility != new.eligibility {
        kinds.push(format!("{} -> {}", old.eligibility, new.eligibility));
    }
    if let (Some(old), Some(new)) = (&old.grade, &new.grade)
        && old != new
    {
        kinds.push(format!("grade {old} -> {new}"));
    }
    if let (Some(old), Some(new)) = (old.limit, new.limit)
        && old != new
    {
        let way = if new > old { "up" } else { "down" };
        kinds.push(format!("limit {way}"));
    }
    if let (Some(old), Some(new)) = (old.rate, new.rate)
        && old != new
    {
        let way = if new > old { "up" } else { "down" };
        kinds.push(format!("rate {way}"));
    }
    if kinds.is_empty() {
        let reasons = old.reasons != new.reasons;
        kinds.push(
            if reasons {
                "other reasons"
            } else {
                "other offers"
            }
            .to_owned(),
        );
    }
    kinds
}

fn place(seen: &Seen) -> usize {
    let known = ORDER.iter().position(|code| *code == seen.eligibility);
    known.unwrap_or(ORDER.len() - 1)
}

fn seen(policy: &Policy, drawn: &Drawn) -> Seen {
    let summary = match policy.summarise(&drawn.answers(policy), &drawn.request, drawn.as_of) {
        Ok(summary) => summary,
        Err(errors) => {
            let refused: Vec<String> = errors.iter().map(ToString::to_string).collect();
            return Seen {
                eligibility: REFUSED.to_owned(),
                reasons: Vec::new(),
                grade: None,
                limit: None,
                rate: None,
                digest: refused.join("\n"),
                refused,
            };
        }
    };
    let decision = policy.assess(&summary).decision;
    let digest = decision.digest().to_string();
    let Decision {
        eligibility,
        reasons,
        grade,
        limit,
        offers,
        ..
    } = decision;
    let asked = &drawn.request;
    let mut offers = offers.iter();
    let offer = offers.find(|offer| offer.product == asked.product && offer.term == asked.term);
    Seen {
        eligibility: eligibility.code().to_owned(),
        reasons,
        grade,
        limit: limit.map(|limit| limit.amount),
        rate: offer.map(|offer| offer.annual_rate.millionths()),
        refused: Vec::new(),
        digest,
    }
}
