//! Precisions that give the answer away.

use std::collections::BTreeSet;

use prequal::policy::{Domain, Node, Precision, Question};

use crate::diagnostic::{Code, Diagnostic};
use crate::document::Sink;
use crate::features::{BuiltFeature, Derived};
use crate::number::show;

/// Warns of features that are a question's answer, reduced so little that the
/// summary holds it all the same: a band with one answer in it and an edge that
/// the decision does not ask for, or steps that are more than half as many as
/// the answers.
///
/// `needed` are the thresholds of each feature. Bands that the compiler chose
/// reveal what the decision needs and no more.
pub(crate) fn narrow(derived: &Derived, needed: &[BTreeSet<i64>], sink: &mut Sink) {
    let none = BTreeSet::new();
    for (index, built) in derived.features.iter().enumerate() {
        let step = derived.program.nodes.get(usize::from(built.feature.node));
        let Some(Node::Input(input)) = step else {
            continue;
        };
        let question = derived.asked.questions.get(usize::from(*input));
        if let (Some(question), None) = (question, built.auto) {
            let needed = needed.get(index).unwrap_or(&none);
            sink.extend(given_away(built, question, needed));
        }
    }
}

fn given_away(
    built: &BuiltFeature,
    question: &Question,
    needed: &BTreeSet<i64>,
) -> Option<Diagnostic> {
    let (id, kind) = (&built.feature.id, &built.feature.kind);
    let warn = |message: String, help: String| {
        let warning = Diagnostic::new(Code::GivesAway, &built.precision_span, message);
        Some(warning.help(help))
    };
    match &built.feature.precision {
        Precision::Bands { edges, .. } => {
            let starts = [question.low].into_iter().chain(edges.iter().copied());
            let ends = edges.iter().map(|edge| edge - 1).chain([question.high]);
            let spare = |edge: i64| edges.contains(&edge) && !needed.contains(&edge);
            let lone = starts.zip(ends).find_map(|(low, high)| {
                let next = high.saturating_add(1);
                let edge = [next, low].into_iter().find(|edge| spare(*edge))?;
                (count(question, low, high) == 1).then_some((first_answer(question, low), edge))
            });
            let (answer, edge) = lone?;
            let answer = show(kind, answer);
            warn(
                format!("one band of `{id}` holds no answer but {answer}: it gives it away"),
                format!(
                    "leave out the edge {}: nothing asks for it",
                    show(kind, edge)
                ),
            )
        }
        Precision::Floor(step) | Precision::Ceil(step) => {
            let answers = count(question, question.low, question.high);
            let reduced = built.feature.precision.reduced(Domain {
                low: question.low,
                high: question.high,
                optional: false,
            });
            let cells = reduced.high.abs_diff(reduced.low) / step.unsigned_abs().max(1) + 1;
            let cells = cells.min(answers);
            if cells.saturating_mul(2) <= answers {
                return None;
            }
            warn(
                format!("`{id}` still tells {cells} of {answers} answers apart"),
                "take a larger step, or say `exact = true`".to_owned(),
            )
        }
        Precision::Exact | Precision::Groups(_) => None,
    }
}

/// The least answer from a value on.
fn first_answer(question: &Question, from: i64) -> i64 {
    let past = from
        .saturating_sub(question.low)
        .rem_euclid(question.step.max(1));
    match past {
        0 => from,
        past => from.saturating_add(question.step - past),
    }
}

/// How many answers lie within two values.
fn count(question: &Question, low: i64, high: i64) -> u64 {
    let first = first_answer(question, low.max(question.low));
    let last = high.min(question.high);
    match first <= last {
        true => last.abs_diff(first) / question.step.unsigned_abs().max(1) + 1,
        false => 0,
    }
}
