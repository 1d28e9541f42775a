//! What is written in a policy, name by name.

use std::collections::BTreeMap;

use prequal::policy::{Blank, Body, Change, Kind, Question, Rule};
use prequal::{Currency, Money, Ratio};
use prequal_compiler::{Compiled, Explained, Named, Role};

use crate::figure;

/// Something of a policy by its parts, in declared order.
pub(super) struct Entry {
    pub(super) kind: &'static str,
    pub(super) name: String,
    pub(super) fields: Vec<(String, String)>,
}

/// A policy, name by name.
pub(super) fn outline(compiled: &Compiled) -> Vec<Entry> {
    let mut outline = Outline {
        compiled,
        body: compiled.loaded.body(),
        explained: &compiled.explained,
        entries: Vec::new(),
    };
    outline.policy();
    outline.pages();
    outline.questions();
    outline.statements();
    outline.features();
    outline.values();
    outline.rules();
    outline.cards();
    outline.grades();
    outline.limit();
    outline.products();
    outline.tables();
    outline.texts();
    outline.entries
}

struct Outline<'a> {
    compiled: &'a Compiled,
    body: &'a Body,
    explained: &'a Explained,
    entries: Vec<Entry>,
}

impl<'a> Outline<'a> {
    fn put(&mut self, kind: &'static str, name: &str, fields: Vec<(&str, String)>) {
        let fields = fields.into_iter();
        let fields = fields.map(|(field, value)| (field.to_owned(), value));
        self.entries.push(Entry {
            kind,
            name: name.to_owned(),
            fields: fields.collect(),
        });
    }

    fn policy(&mut self) {
        let body = self.body;
        let fields = vec![
            ("stage", format!("{:?}", body.stage)),
            ("currency", body.currency.code().to_owned()),
            ("offset from UTC", format!("{} minutes", body.utc_offset)),
            ("commitments", body.commitments.to_string()),
        ];
        self.put("policy", body.id.as_str(), fields);
    }

    fn pages(&mut self) {
        let body = self.body;
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
            self.put("page", group.id.as_str(), fields);
        }
    }

    fn questions(&mut self) {
        let body = self.body;
        for (question, named) in body.questions.iter().zip(self.named(Role::Question)) {
            let fields = asked(question, named, body.currency);
            self.put("question", &named.name, fields);
        }
    }

    fn statements(&mut self) {
        for named in self.named(Role::Statement) {
            let formula = self.definition(Role::Statement, &named.name);
            self.put("statement", &named.name, vec![("formula", formula)]);
        }
    }

    fn features(&mut self) {
        let reports = &self.compiled.report.features;
        for (feature, report) in self.body.features.iter().zip(reports) {
            let id = feature.id.as_str();
            let fields = vec![
                ("formula", self.definition(Role::Feature, id)),
                ("precision", report.precision.clone()),
            ];
            self.put("feature", id, fields);
        }
    }

    fn values(&mut self) {
        for named in self.named(Role::Value) {
            let formula = self.definition(Role::Value, &named.name);
            self.put("value", &named.name, vec![("formula", formula)]);
        }
    }

    fn rules(&mut self) {
        let body = self.body;
        for (kind, role, rules) in [
            ("knock-out", Role::Knockout, &body.knockouts),
            ("review", Role::Review, &body.reviews),
        ] {
            for rule in rules {
                self.put(kind, rule.id.as_str(), self.fires(role, rule));
            }
        }
        for alert in &body.alerts {
            let mut fields = self.fires(Role::Alert, &alert.rule);
            fields.push(("level", format!("{:?}", alert.level).to_lowercase()));
            self.put("alert", alert.rule.id.as_str(), fields);
        }
    }

    /// When a rule fires, and for what reason.
    fn fires(&self, role: Role, rule: &Rule) -> Vec<(&'static str, String)> {
        let when = self.definition(role, rule.id.as_str());
        vec![("when", when), ("reason", self.reason(rule.reason))]
    }

    fn cards(&mut self) {
        for (at, card) in self.body.cards.iter().enumerate() {
            let name = |what: &str| match at {
                0 => what.to_owned(),
                _ => format!("{what} (card {})", at + 1),
            };
            let condition = self.named(Role::Card).find(|named| named.index == at);
            let condition = condition.and_then(definition);
            let scale = vec![
                ("base", card.base.to_string()),
                ("odds", card.odds.to_string()),
                ("pdo", card.pdo.to_string()),
                ("start", card.start.to_string()),
                ("when", condition.unwrap_or_else(|| "the rest".to_owned())),
            ];
            self.put("score", &name("scale"), scale);
            let texts = self.explained.cards.get(at);
            let texts = texts.map_or(&[][..], |card| &card.characteristics);
            for (characteristic, texts) in card.characteristics.iter().zip(texts) {
                let bins = characteristic.bins.iter().zip(texts).map(|(bin, text)| {
                    let reason = bin
                        .reason
                        .map_or_else(String::new, |at| format!(", {}", self.reason(at)));
                    (text.text.as_str(), format!("{} points{reason}", bin.points))
                });
                let bins = bins.collect();
                self.put("characteristic", &name(characteristic.id.as_str()), bins);
            }
        }
    }

    fn grades(&mut self) {
        for grade in &self.body.grades {
            let least = grade
                .at_least
                .map_or("the rest".to_owned(), |least| least.to_string());
            self.put("grade", grade.id.as_str(), vec![("at least", least)]);
        }
    }

    fn limit(&mut self) {
        let limit = &self.body.limit;
        let fields = vec![
            ("step", self.money(limit.step)),
            ("reason", self.reason(limit.reason)),
        ];
        self.put("limit", "step", fields);
        for named in &self.explained.names {
            if let role @ (Role::Affordability | Role::Cap) = named.role {
                let formula = self.definition(role, &named.name);
                self.put("limit", &named.name, vec![("formula", formula)]);
            }
        }
    }

    fn products(&mut self) {
        for product in &self.body.products {
            let terms: Vec<String> = product.terms.iter().map(ToString::to_string).collect();
            let id = product.id.as_str();
            let fields = vec![
                ("repayment", format!("{:?}", product.repayment)),
                ("terms", terms.join(", ")),
                ("minimum", self.money(product.minimum)),
                ("maximum", self.money(product.maximum)),
                ("rate", self.definition(Role::Rate, id)),
                ("when", self.definition(Role::Product, id)),
                ("suits", self.definition(Role::Suits, id)),
            ];
            self.put("product", id, fields);
            for fee in &product.fees {
                let fields = vec![
                    ("charged", fee.fee.charged.code().to_owned()),
                    ("fixed", self.money(fee.fee.fixed)),
                    ("share", figure::percent(fee.fee.share)),
                    ("payee", fee.payee.to_string()),
                ];
                self.put("fee", &format!("{id} {}", fee.id), fields);
            }
        }
        for discount in &self.body.discounts {
            let id = discount.id.as_str();
            let change = match discount.change {
                Change::Less(by) => format!("less {}", figure::percent(by)),
                Change::Times(share) => format!("times {}", figure::percent(share)),
            };
            let when = self.definition(Role::Discount, id);
            self.put("discount", id, vec![("change", change), ("when", when)]);
        }
        let price = self.body.price;
        let beyond = |ratio| Some(ratio).filter(|ratio| *ratio > Ratio::ZERO);
        for (name, ratio) in [
            ("ceiling", price.ceiling),
            ("overdue", beyond(price.overdue)),
            ("misuse", beyond(price.misuse)),
            ("prepayment", beyond(price.prepayment)),
        ] {
            if let Some(ratio) = ratio {
                self.put("price", name, vec![("is", figure::percent(ratio))]);
            }
        }
    }

    fn tables(&mut self) {
        // A file that is looked up in several ways is one file. A row stands for itself.
        let mut files: BTreeMap<&str, Vec<(&str, String)>> = BTreeMap::new();
        for table in &self.explained.tables {
            let known = files.entry(&table.file).or_default();
            for row in table.rows.iter().filter(|row| !row.completes) {
                if !known.iter().any(|(text, _)| *text == row.text) {
                    known.push((row.text.as_str(), String::new()));
                }
            }
        }
        for (file, rows) in files {
            self.put("table", file, rows);
        }
    }

    fn texts(&mut self) {
        for language in &self.compiled.languages {
            let texts: BTreeMap<String, String> =
                serde_json::from_slice(&language.bytes).unwrap_or_default();
            let texts = texts.iter().map(|(key, text)| (key.as_str(), text.clone()));
            self.put("texts", language.tag.as_str(), texts.collect());
        }
    }

    fn named(&self, role: Role) -> impl Iterator<Item = &'a Named> + use<'a> {
        let names = self.explained.names.iter();
        names.filter(move |named| named.role == role)
    }

    /// What a name stands for, on one line; empty where it has no formula.
    fn definition(&self, role: Role, name: &str) -> String {
        let mut named = self.named(role).filter(|named| named.name == name);
        named.next().and_then(definition).unwrap_or_default()
    }

    fn reason(&self, at: u16) -> String {
        let reason = self.body.reasons.get(usize::from(at));
        reason.map(ToString::to_string).unwrap_or_default()
    }

    fn money(&self, amount: Money) -> String {
        figure::money(amount, self.body.currency)
    }
}

fn definition(named: &Named) -> Option<String> {
    let part = named.definition.as_ref()?;
    Some(one_line(&part.text))
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
