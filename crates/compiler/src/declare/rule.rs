//! Rules: one by one, or the rows of a table.

use prequal::policy::{Id, Level, Stage};

use super::names::{one_of, placed_id, reason};
use super::table::{self, Hit};
use super::{AlertSource, Condition, Declared, RuleSource};
use crate::diagnostic::{Code, Diagnostic};
use crate::document::{Section, Sink};
use crate::source::{At, Quoted, Sources, Span};
use crate::syntax::Literal;
use crate::tables;

/// The rules of `[[knockout]]` and its like.
pub(super) fn rules(sections: Vec<Section>, sources: &Sources, sink: &mut Sink) -> Vec<RuleSource> {
    let mut all = Vec::new();
    for mut section in sections {
        all.extend(rule(&mut section, sources, sink));
        section.finish(sink);
    }
    all
}

/// The rules of an early warning.
pub(super) fn alerts(
    sections: Vec<Section>,
    sources: &Sources,
    sink: &mut Sink,
) -> Vec<AlertSource> {
    let mut alerts = Vec::new();
    for mut section in sections {
        let level = section.need_text("level", sink);
        let level = level.and_then(|text| one_of(&text, "level", LEVELS, sink));
        let rules = rule(&mut section, sources, sink);
        section.finish(sink);
        if let Some(level) = level {
            alerts.extend(rules.into_iter().map(|rule| AlertSource { rule, level }));
        }
    }
    alerts
}

const LEVELS: [(&str, Level); 3] = [
    ("watch", Level::Watch),
    ("warn", Level::Warn),
    ("stop", Level::Stop),
];

const STAGES: [(&str, Stage); 3] = [
    ("pre-screen", Stage::PreScreen),
    ("renewal", Stage::Renewal),
    ("early-warning", Stage::EarlyWarning),
];

/// When in the life of a loan a policy decides.
pub(super) fn stage(text: &Quoted, sink: &mut Sink) -> Option<Stage> {
    one_of(text, "stage of a loan", STAGES, sink)
}

/// An early warning speaks by alerts, the other stages by knock-outs and
/// reviews.
pub(super) fn staged(declared: &Declared, sink: &mut Sink) {
    let warns = declared.stage == Stage::EarlyWarning;
    let rules = declared.knockouts.iter().chain(&declared.reviews);
    let alerts = declared.alerts.iter().map(|alert| &alert.rule);
    let misplaced: Vec<&RuleSource> = if warns {
        rules.collect()
    } else {
        alerts.collect()
    };
    for rule in misplaced {
        let (message, help) = if warns {
            let message = "an early warning has no knock-outs and reviews";
            (message, "write `[[alert]]` with a `level`")
        } else {
            let message = "alerts are for an early warning";
            (
                message,
                "`stage = \"early-warning\"` in `[policy]`, or write `[[knockout]]` or `[[review]]`",
            )
        };
        sink.push(Diagnostic::new(Code::WrongStage, &rule.id.span, message).help(help));
    }
    if warns && declared.alerts.is_empty() {
        let message = "an early warning needs at least one `[[alert]]`";
        sink.push(Diagnostic::new(
            Code::MissingKey,
            &declared.policy_span,
            message,
        ));
    }
}

/// The rule of a section, or the rules of its table; further keys are the
/// caller's.
pub(super) fn rule(section: &mut Section, sources: &Sources, sink: &mut Sink) -> Vec<RuleSource> {
    let id = section.text("id", sink).and_then(|t| placed_id(&t, sink));
    if let Some(file) = section.text("table", sink) {
        return rows(section, id, file, sources, sink).unwrap_or_default();
    }
    let when = section.need_text("when", sink);
    let reason = section
        .need_text("reason", sink)
        .and_then(|t| reason(&t, sink));
    let (Some(when), Some(reason)) = (when, reason) else {
        return Vec::new();
    };
    let id = id.or_else(|| {
        let it = Id::try_from(reason.it.as_str().to_lowercase()).ok()?;
        let span = reason.span.clone();
        Some(At { it, span })
    });
    let when = Condition::Formula(when);
    id.map(|id| RuleSource { id, when, reason })
        .into_iter()
        .collect()
}

/// Each row of a table as a rule, named after the table and its reason.
fn rows(
    section: &mut Section,
    id: Option<At<Id>>,
    file: Quoted,
    sources: &Sources,
    sink: &mut Sink,
) -> Option<Vec<RuleSource>> {
    let source = table::source(section, Some(file), Hit::RuleOrder, false, sink)?;
    if !matches!(source.hit, Hit::RuleOrder | Hit::OutputOrder) {
        let message = "each row of a table of rules is a rule: all that apply count";
        let help = "write `hit = \"rule_order\"` or `hit = \"output_order\"`";
        sink.push(Diagnostic::new(Code::BadValue, &source.file.span, message).help(help));
        return None;
    }
    let csv = tables::open(&source.file, sources, sink)?;
    let (inputs, output) = tables::split(&csv, sink)?;
    let heading = csv.header.get(output)?;
    if heading.text.trim() != "=reason" {
        let message = format!(
            "a table of rules yields `=reason`, not `{}`",
            heading.text.trim()
        );
        let help = "each row is a rule, and the column `=reason` holds the reason that it gives";
        sink.push(Diagnostic::new(Code::UnknownKey, &heading.span, message).help(help));
        return None;
    }
    let name = match &id {
        Some(id) => id.it.as_str(),
        None => tables::stem(&source.file),
    };
    let mut rules: Vec<RuleSource> = Vec::new();
    for record in &csv.rows {
        let field = record.fields.get(output)?;
        let word = field.text.trim().trim_matches('"').to_owned();
        let code = Quoted::new(word, Vec::new(), field.span.clone());
        let Some(reason) = reason(&code, sink) else {
            continue;
        };
        let alike = rules.iter().filter(|rule| rule.reason.it == reason.it);
        let Some(id) = row_id(name, &reason.it, alike.count(), &record.span, sink) else {
            continue;
        };
        let cell = |index: &usize| {
            Some((
                csv.header.get(*index)?.clone(),
                record.fields.get(*index)?.clone(),
            ))
        };
        let cells = inputs.iter().filter_map(cell).collect();
        let when = Condition::Row(record.span.clone(), cells);
        rules.push(RuleSource { id, when, reason });
    }
    if source.hit == Hit::OutputOrder {
        let order: Vec<At<String>> = source.order.iter().map(word).collect();
        let reasons: Vec<At<String>> = rules.iter().map(|rule| told(&rule.reason)).collect();
        if !table::in_order(&order, &reasons, |code| format!("`{code}`"), sink) {
            return None;
        }
        rules.sort_by_key(|rule| {
            order
                .iter()
                .position(|code| code.it == rule.reason.it.as_str())
        });
    }
    Some(rules)
}

/// The name of a row's rule, `doubts.little_land`; the second with its reason
/// is `doubts.little_land.2`. Rows of other reasons do not change it.
fn row_id(table: &str, reason: &Id, before: usize, row: &Span, sink: &mut Sink) -> Option<At<Id>> {
    let reason = reason.as_str().to_lowercase();
    let text = match before {
        0 => format!("{table}.{reason}"),
        _ => format!("{table}.{reason}.{}", before + 1),
    };
    match Id::try_from(text.clone()) {
        Ok(it) => Some(At {
            it,
            span: row.clone(),
        }),
        Err(why) => {
            let message = format!("the rule of this row cannot be called `{text}`: {why}");
            let help = "give the section a short `id` of its own, which stands before the reason";
            sink.push(Diagnostic::new(Code::BadName, row, message).help(help));
            None
        }
    }
}

/// A reason of an order; what is no word is no reason.
fn word(literal: &At<Literal>) -> At<String> {
    At {
        it: match &literal.it {
            Literal::Text(text) => text.clone(),
            _ => String::new(),
        },
        span: literal.span.clone(),
    }
}

fn told(reason: &At<Id>) -> At<String> {
    At {
        it: reason.it.to_string(),
        span: reason.span.clone(),
    }
}
