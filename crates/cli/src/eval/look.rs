//! One look at an applicant: every name of the policy with its value.

use std::cell::RefCell;
use std::collections::BTreeSet;

use prequal::policy::{Body, Kind, Precision, Program, Value};
use prequal::{
    AnswerError, AnswerSteps, Currency, Decision, FeatureCell, FeatureValue, Request, Steps,
};
use prequal_compiler::{Compiled, Explained, ListText, Named, Part, Role};
use serde_json::{Value as Json, json};

use super::told::{self, RowTold, Told};
use crate::application::Application;
use crate::{figure, steps};

/// The side of the waist that a formula stands on.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Before,
    After,
}

/// An applicant, worked out step by step.
pub(crate) struct Look<'a> {
    pub(super) body: &'a Body,
    pub(super) explained: &'a Explained,
    answers: AnswerSteps,
    /// How the features are told.
    cells: Vec<FeatureCell>,
    /// After the waist, on the terms looked at.
    pub(super) steps: Steps,
    pub(super) terms: Request,
    pub(super) decision: Decision,
    /// Names whose tree was shown already.
    shown: RefCell<BTreeSet<(Role, String)>>,
}

impl<'a> Look<'a> {
    /// Works an application out, and the decision on these terms.
    pub(crate) fn new(
        compiled: &'a Compiled,
        application: &Application,
        terms: Request,
    ) -> Result<Look<'a>, Vec<AnswerError>> {
        let policy = &compiled.loaded;
        let Application {
            answers,
            request,
            as_of,
            ..
        } = application;
        let features = policy.derive(answers, request, *as_of)?;
        // Terms that the policy does not have are refused as a request of them is.
        let summary = policy.summarise(answers, &terms, *as_of)?;
        let unknown = || Vec::new();
        Ok(Look {
            body: policy.body(),
            explained: &compiled.explained,
            answers: policy.answer_steps(answers, *as_of)?,
            cells: policy.cells(&features),
            steps: policy.steps(&summary, &terms).ok_or_else(unknown)?,
            terms,
            decision: policy.assess(&summary).decision,
            shown: RefCell::default(),
        })
    }

    /// Everything that can be asked for by name.
    pub(crate) fn names(&self) -> Vec<String> {
        let mut names: Vec<String> = Vec::new();
        let mut add = |name: String| {
            if !names.contains(&name) {
                names.push(name);
            }
        };
        for named in &self.explained.names {
            add(named.name.clone());
        }
        for (index, _) in self.explained.tables.iter().enumerate() {
            add(self.table_name(index));
        }
        if !self.body.cards.is_empty() {
            for name in ["score", "probability", "grade"] {
                add(name.to_owned());
            }
        }
        if self.decision.limit.is_some() {
            add("limit".to_owned());
        }
        for offer in &self.decision.offers {
            add(format!("offer.{}.{}", offer.product, offer.term));
        }
        names
    }

    /// What has this name, each with how it came about.
    pub(crate) fn find(&self, name: &str) -> Vec<Told> {
        let (prefix, rest) = name.split_once('.').unwrap_or(("", name));
        if prefix == "offer" {
            return self.offers(rest);
        }
        let role = role_of(prefix);
        let names = self.explained.names.iter();
        let named = names.filter(|named| match role {
            Some(role) => named.role == role && named.name == rest,
            None => named.name == name,
        });
        // A grade has no value of its own, nor has a product that all can have.
        let named = named.filter(|named| {
            named.definition.is_some() || !matches!(named.role, Role::Grade | Role::Product)
        });
        let mut found: Vec<Told> = named.map(|named| self.named(named)).collect();
        found.extend(self.scored(name));
        if name == "limit" {
            found.extend(self.limit());
        }
        if prefix == "table" || role.is_none() && found.is_empty() {
            found.extend(self.table(if prefix == "table" { rest } else { name }));
        }
        found
    }

    pub(super) fn currency(&self) -> Currency {
        self.body.currency
    }

    pub(super) fn program(&self, side: Side) -> (&'a Program, &[Value]) {
        match side {
            Side::Before => (&self.body.derive, &self.answers.values),
            Side::After => (&self.body.decide, &self.steps.values),
        }
    }

    pub(super) fn value(&self, side: Side, part: &Part) -> Option<(Value, Kind)> {
        let step = part.step.as_ref()?;
        let value = self.program(side).1.get(usize::from(step.node))?;
        Some((*value, step.kind.clone()))
    }

    /// A name with its value and its tree.
    pub(super) fn named(&self, named: &Named) -> Told {
        let key = (named.role, named.name.clone());
        let again = !self.shown.borrow_mut().insert(key);
        let mut told = match named.role {
            Role::Question => self.question(named),
            Role::Statement => self.defined(Side::Before, named, again),
            Role::Feature => self.feature(named, again),
            _ => self.defined(Side::After, named, again),
        };
        match named.role {
            Role::Knockout | Role::Review | Role::Alert => {
                let fires = told.value == json!(true);
                told = told.note(if fires {
                    "it fires"
                } else {
                    "it does not fire"
                });
            }
            Role::Characteristic => told = self.characteristic(named, told),
            _ => {}
        }
        told.role = Some(named.role);
        told.place = Some(named.place.clone());
        told
    }

    /// A name and the tree of its definition, unless that was shown before.
    fn defined(&self, side: Side, named: &Named, again: bool) -> Told {
        let Some(definition) = &named.definition else {
            return Told::words(&named.name, "not worked out".to_owned());
        };
        let Some((value, kind)) = self.value(side, definition) else {
            let told = Told::words(&named.name, "not worked out".to_owned());
            let unread = || told.note("nothing that is decided reads it");
            return self.list(named).unwrap_or_else(unread);
        };
        let mut told = Told::of(&named.name, value, &kind, self.currency());
        if again {
            return told.note("see above");
        }
        let tree = self.tree(side, definition);
        told.parts = if tree.text == named.name {
            tree.parts
        } else {
            vec![tree]
        };
        told
    }

    /// A value that is a list: all rows of its table that apply, whichever of
    /// them formulas ask for, in the order in which they are told.
    fn list(&self, named: &Named) -> Option<Told> {
        let ListText {
            table,
            kind,
            inputs,
            text,
        } = named.list.as_ref()?;
        let hits = steps::rows_that_take(&table.rows, inputs, &self.steps.values);
        let outputs = hits.iter().filter_map(|row| table.rows.get(*row));
        let outputs: Vec<Json> = outputs
            .map(|row| told::data(Value::new(row.output), kind))
            .collect();
        let mut told = Told::words(&named.name, format!("a list of {}", outputs.len()));
        told.value = Json::from(outputs);
        told.rows = self.rows_of(Side::After, (table, text), inputs, hits);
        Some(told)
    }

    fn question(&self, named: &Named) -> Told {
        let Some(question) = self.body.questions.get(named.index) else {
            return Told::words(&named.name, String::new());
        };
        let value = self.answers.questions.get(named.index).copied();
        let told = Told::of(
            &named.name,
            value.unwrap_or(Value::MISSING),
            &question.kind,
            self.currency(),
        );
        let asked = question.asked.is_none_or(|node| {
            let values = &self.answers.values;
            values
                .get(usize::from(node))
                .is_some_and(|value| value.is_true())
        });
        let mut told = match (asked, question.source) {
            (false, _) => told.note("it is not asked"),
            (true, prequal::policy::Source::Lender) => told.note("supplied by the lender"),
            (true, prequal::policy::Source::Borrower) => told,
        };
        if let Some(condition) = &named.condition {
            let mut tree = self.tree(Side::Before, condition);
            tree.text = format!("asked where {}", tree.text);
            told.parts.push(tree);
        }
        told
    }

    /// A feature before it is reduced, and how it is told.
    fn feature(&self, named: &Named, again: bool) -> Told {
        let told = self.defined(Side::Before, named, again);
        let (Some(feature), Some(cell)) = (
            self.body.features.get(named.index),
            self.cells.get(named.index),
        ) else {
            return told;
        };
        let number = |number| figure::number(number, &feature.kind, self.currency());
        let sent = match &cell.sent {
            FeatureValue::Number(sent) => number(*sent),
            FeatureValue::Text(text) => text.clone(),
        };
        let told = told.note(format!("sent as {sent}"));
        match (&feature.precision, cell.lowest, cell.highest) {
            (Precision::Exact | Precision::Groups(_), _, _) | (_, None, None) => told,
            (_, Some(low), Some(high)) => told.note(format!(
                "as is all from {} to {}",
                number(low),
                number(high)
            )),
            (_, Some(low), None) => told.note(format!("as is all from {} up", number(low))),
            (_, None, Some(high)) => told.note(format!("as is all up to {}", number(high))),
        }
    }

    fn characteristic(&self, named: &Named, told: Told) -> Told {
        let mut hits = self.steps.bins.iter();
        let Some(hit) = hits.find(|hit| hit.characteristic == named.name) else {
            return told;
        };
        let card = self.steps.card.unwrap_or(0);
        let bins = self.body.cards.get(card).and_then(|card| {
            let mut all = card.characteristics.iter();
            all.position(|characteristic| characteristic.id.as_str() == named.name)
        });
        let texts = self.explained.cards.get(card);
        let text = bins
            .and_then(|at| texts?.characteristics.get(at))
            .and_then(|bins| bins.get(usize::from(hit.bin)));
        let mut told = told.note(format!("{} points of at most {}", hit.points, hit.best));
        told.rows = text
            .map(|bin| RowTold {
                place: bin.place.clone(),
                text: bin.text.clone(),
                cells: Vec::new(),
            })
            .into_iter()
            .collect();
        told
    }

    /// A table by its name: every look-up that a decision rests on.
    fn table(&self, name: &str) -> Vec<Told> {
        let mut found = Vec::new();
        for side in [Side::Before, Side::After] {
            let (program, values) = self.program(side);
            for (index, node) in program.nodes.iter().enumerate() {
                let Some((table, _)) = steps::look_up(node) else {
                    continue;
                };
                if self.table_name(table) != name {
                    continue;
                }
                let value = values.get(index).copied().unwrap_or(Value::MISSING);
                let kind = self.kind_of(side, index);
                let mut told = Told::of(name, value, &kind, self.currency());
                told.rows = self.rows(side, node);
                found.push(told);
            }
        }
        found
    }

    fn table_name(&self, index: usize) -> String {
        let table = self.body.tables.get(index);
        table.map(|table| table.id.to_string()).unwrap_or_default()
    }

    /// The kind that formulas say a step is of; whole numbers where none does.
    fn kind_of(&self, side: Side, node: usize) -> Kind {
        fn search(part: &Part, node: usize) -> Option<Kind> {
            let step = part.step.as_ref();
            let own = step.filter(|step| usize::from(step.node) == node);
            own.map(|step| step.kind.clone())
                .or_else(|| part.parts.iter().find_map(|part| search(part, node)))
        }
        let names = self.explained.names.iter();
        let before = |named: &Named| matches!(named.role, Role::Statement | Role::Feature);
        let here = names.filter(|named| before(named) == (side == Side::Before));
        let mut definitions = here.filter_map(|named| named.definition.as_ref());
        definitions
            .find_map(|part| search(part, node))
            .unwrap_or(Kind::Integer)
    }
}

fn role_of(prefix: &str) -> Option<Role> {
    Some(match prefix {
        "question" => Role::Question,
        "statement" => Role::Statement,
        "feature" => Role::Feature,
        "value" => Role::Value,
        "knockout" => Role::Knockout,
        "review" => Role::Review,
        "alert" => Role::Alert,
        "characteristic" => Role::Characteristic,
        "limit" => Role::Cap,
        "rate" => Role::Rate,
        _ => return None,
    })
}
