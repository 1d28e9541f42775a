//! What is written in a policy, name by name, and what changed of it.

use std::collections::BTreeMap;

use prequal::Currency;
use prequal::policy::{Blank, Kind, Question, Rule};
use prequal_compiler::{Compiled, Named, Role};
use serde::Serialize;

use crate::figure;

/// How something changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum How {
    Added,
    Removed,
    Changed,
}

/// Something that changed.
#[derive(Debug, Serialize)]
pub(crate) struct Change {
    /// What kind of thing it is.
    kind: &'static str,
    name: String,
    how: How,
    /// What of it, where it is there before and after.
    fields: Vec<Field>,
}

/// A part of something, before and after.
#[derive(Debug, Serialize)]
struct Field {
    field: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    old: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    new: Option<String>,
}

impl Change {
    pub(crate) fn lines(&self) -> Vec<String> {
        let how = match self.how {
            How::Added => "added",
            How::Removed => "removed",
            How::Changed => "changed",
        };
        let mut lines = vec![format!("{how:7}  {} {}", self.kind, self.name)];
        for Field { field, old, new } in &self.fields {
            lines.push(match (old, new) {
                (Some(old), None) if old.is_empty() => format!("           - {field}"),
                (None, Some(new)) if new.is_empty() => format!("           + {field}"),
                (Some(old), Some(new)) => format!("           {field}: {old} -> {new}"),
                (Some(old), None) => format!("           {field}: {old} is gone"),
                (None, Some(new)) => format!("           {field}: {new} is new"),
                (None, None) => continue,
            });
        }
        lines
    }
}

/// Something of a policy by its parts, in declared order.
struct Entry {
    kind: &'static str,
    name: String,
    fields: Vec<(String, String)>,
}

/// Everything that is not the same in both.
pub(crate) fn changes(old: &Compiled, new: &Compiled) -> Vec<Change> {
    let (old, new) = (outline(old), outline(new));
    let key = |entry: &Entry| (entry.kind, entry.name.clone());
    let before: BTreeMap<_, &Entry> = old.iter().map(|entry| (key(entry), entry)).collect();
    let after: BTreeMap<_, &Entry> = new.iter().map(|entry| (key(entry), entry)).collect();
    let mut changes = Vec::new();
    let change = |entry: &Entry, how, fields| Change {
        kind: entry.kind,
        name: entry.name.clone(),
        how,
        fields,
    };
    for entry in &old {
        match after.get(&key(entry)) {
            None => changes.push(change(entry, How::Removed, Vec::new())),
            Some(now) => {
                let fields = fields(entry, now);
                if !fields.is_empty() {
                    changes.push(change(entry, How::Changed, fields));
                }
            }
        }
    }
    let added = new.iter().filter(|entry| !before.contains_key(&key(entry)));
    changes.extend(added.map(|entry| change(entry, How::Added, Vec::new())));
    changes
}

fn fields(old: &Entry, new: &Entry) -> Vec<Field> {
    let find = |entry: &Entry, field: &str| {
        let mut fields = entry.fields.iter();
        fields
            .find(|(name, _)| name == field)
            .map(|(_, value)| value.clone())
    };
    let mut names: Vec<&String> = old.fields.iter().map(|(name, _)| name).collect();
    names.extend(
        new.fields
            .iter()
            .map(|(name, _)| name)
            .filter(|name| find(old, name).is_none()),
    );
    let both = names.into_iter().map(|name| Field {
        field: name.clone(),
        old: find(old, name),
        new: find(new, name),
    });
    let mut fields: Vec<Field> = both.filter(|field| field.old != field.new).collect();
    if fields.is_empty() && old.fields != new.fields {
        fields.push(Field {
            field: "order".to_owned(),
            old: Some("as before".to_owned()),
            new: Some("another".to_owned()),
        });
    }
    fields
}

/// A policy, name by name.
fn outline(compiled: &Compiled) -> Vec<Entry> {
    let (body, explained) = (compiled.loaded.body(), &compiled.explained);
    let currency = body.currency;
    let mut all = Vec::new();
    let mut put = |kind, name: &str, fields: Vec<(&str, String)>| {
        let fields = fields
            .into_iter()
            .map(|(field, value)| (field.to_owned(), value));
        all.push(Entry {
            kind,
            name: name.to_owned(),
            fields: fields.collect(),
        });
    };
    let money = |amount| figure::money(amount, currency);
    let definition = |role: Role, name: &str| {
        let mut found = explained.find(name).filter(|named| named.role == role);
        let definition = found.next().and_then(|named| named.definition.as_ref());
        definition.map_or_else(String::new, |part| one_line(&part.text))
    };
    put(
        "policy",
        body.id.as_str(),
        vec![
            ("stage", format!("{:?}", body.stage)),
            ("currency", currency.code().to_owned()),
            ("offset from UTC", format!("{} minutes", body.utc_offset)),
            ("commitments", body.commitments.to_string()),
        ],
    );
    for group in &body.groups {
        let questions = group.questions.iter();
        let questions = questions.filter_map(|at| body.questions.get(usize::from(*at)));
        let questions: Vec<&str> = questions.map(|question| question.id.as_str()).collect();
        let shown = match (group.opener, group.asked) {
            (Some(_), _) => "when the borrower opens it",
            (None, Some(_)) => "on a condition",
            (None, None) => "always",
        };
        let fields = vec![
            ("questions", questions.join(", ")),
            ("shown", shown.to_owned()),
        ];
        put("page", group.id.as_str(), fields);
    }
    let questions = explained.names.iter();
    let questions = questions.filter(|named| named.role == Role::Question);
    for (question, named) in body.questions.iter().zip(questions) {
        put("question", &named.name, asked(question, named, currency));
    }
    for (feature, report) in body.features.iter().zip(&compiled.report.features) {
        let id = feature.id.as_str();
        let fields = vec![
            ("formula", definition(Role::Feature, id)),
            ("precision", report.precision.clone()),
        ];
        put("feature", id, fields);
    }
    for named in explained
        .names
        .iter()
        .filter(|named| named.role == Role::Value)
    {
        put(
            "value",
            &named.name,
            vec![("formula", definition(Role::Value, &named.name))],
        );
    }
    let reason = |at: u16| {
        let reason = body.reasons.get(usize::from(at));
        reason.map(ToString::to_string).unwrap_or_default()
    };
    let fired = |role, rule: &Rule| {
        let when = definition(role, rule.id.as_str());
        vec![("when", when), ("reason", reason(rule.reason))]
    };
    for (kind, role, rules) in [
        ("knock-out", Role::Knockout, &body.knockouts),
        ("review", Role::Review, &body.reviews),
    ] {
        for rule in rules {
            put(kind, rule.id.as_str(), fired(role, rule));
        }
    }
    for alert in &body.alerts {
        let mut fields = fired(Role::Alert, &alert.rule);
        fields.push(("level", format!("{:?}", alert.level).to_lowercase()));
        put("alert", alert.rule.id.as_str(), fields);
    }
    let condition = |at: usize| {
        let mut cards = explained
            .names
            .iter()
            .filter(|named| named.role == Role::Card);
        let named = cards.find(|named| named.index == at);
        let part = named.and_then(|named| named.definition.as_ref());
        part.map_or_else(|| "the rest".to_owned(), |part| one_line(&part.text))
    };
    for (at, card) in body.cards.iter().enumerate() {
        let name = |what: &str| match at {
            0 => what.to_owned(),
            _ => format!("{what} (card {})", at + 1),
        };
        let scale = vec![
            ("base", card.base.to_string()),
            ("odds", card.odds.to_string()),
            ("pdo", card.pdo.to_string()),
            ("start", card.start.to_string()),
            ("when", condition(at)),
        ];
        put("score", &name("scale"), scale);
        let texts = explained
            .cards
            .get(at)
            .map_or(&[][..], |card| &card.characteristics);
        for (characteristic, texts) in card.characteristics.iter().zip(texts) {
            let bins = characteristic.bins.iter().zip(texts).map(|(bin, text)| {
                let reason = bin
                    .reason
                    .map_or_else(String::new, |at| format!(", {}", reason(at)));
                (text.text.as_str(), format!("{} points{reason}", bin.points))
            });
            put(
                "characteristic",
                &name(characteristic.id.as_str()),
                bins.collect(),
            );
        }
    }
    for grade in &body.grades {
        let least = grade
            .at_least
            .map_or("the rest".to_owned(), |least| least.to_string());
        put("grade", grade.id.as_str(), vec![("at least", least)]);
    }
    let fields = vec![
        ("step", money(body.limit.step)),
        ("reason", reason(body.limit.reason)),
    ];
    put("limit", "step", fields);
    for named in &explained.names {
        if let role @ (Role::Affordability | Role::Cap) = named.role {
            put(
                "limit",
                &named.name,
                vec![("formula", definition(role, &named.name))],
            );
        }
    }
    for product in &body.products {
        let terms: Vec<String> = product.terms.iter().map(ToString::to_string).collect();
        let id = product.id.as_str();
        let fields = vec![
            ("plan", format!("{:?}", product.plan)),
            ("terms", terms.join(", ")),
            ("minimum", money(product.minimum)),
            ("maximum", money(product.maximum)),
            ("rate", definition(Role::Rate, id)),
            ("when", definition(Role::Product, id)),
        ];
        put("product", id, fields);
    }
    // A file that is looked up in several ways is one file. A row stands for itself.
    let mut files: BTreeMap<&str, Vec<(&str, String)>> = BTreeMap::new();
    for table in &explained.tables {
        let known = files.entry(&table.file).or_default();
        for row in table.rows.iter().filter(|row| !row.completes) {
            if !known.iter().any(|(text, _)| *text == row.text) {
                known.push((row.text.as_str(), String::new()));
            }
        }
    }
    for (file, rows) in files {
        put("table", file, rows);
    }
    for language in &compiled.languages {
        let texts: BTreeMap<String, String> =
            serde_json::from_slice(&language.bytes).unwrap_or_default();
        let texts = texts.iter().map(|(key, text)| (key.as_str(), text.clone()));
        put("texts", language.tag.as_str(), texts.collect());
    }
    all
}

fn asked(question: &Question, named: &Named, currency: Currency) -> Vec<(&'static str, String)> {
    let number = |number| figure::number(number, &question.kind, currency);
    let (kind, range) = match &question.kind {
        Kind::Choice(options) => {
            let options: Vec<&str> = options.iter().map(|option| option.as_str()).collect();
            ("choice".to_owned(), options.join(", "))
        }
        kind => (
            format!("{kind:?}").to_lowercase(),
            format!("{} to {}", number(question.low), number(question.high)),
        ),
    };
    let blank = match question.blank {
        Blank::Refused => "needed".to_owned(),
        Blank::Missing => "optional".to_owned(),
        Blank::Means(value) => format!("means {}", number(value)),
    };
    let condition = match (&named.condition, question.asked) {
        (Some(part), _) => one_line(&part.text),
        (None, Some(_)) => "on a condition".to_owned(),
        (None, None) => "always".to_owned(),
    };
    vec![
        ("kind", kind),
        ("range", range),
        ("step", question.step.to_string()),
        ("answer", blank),
        ("asked", condition),
    ]
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
