//! One look at an applicant: every name of the policy with its value.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use prequal::policy::{Body, Kind, Node, Precision, Program, Value};
use prequal::{
    AnswerError, AnswerSteps, Currency, Decision, FeatureCell, FeatureValue, Offer, Request, Steps,
};
use prequal_compiler::{Compiled, Explained, Named, Part, Role, RowText};
use serde_json::json;

use super::told::{CellTold, RowTold, Told};
use crate::application::Application;
use crate::{figure, steps};

/// The side of the waist that a formula stands on.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Before,
    After,
}

/// An applicant, worked out step by step.
pub(crate) struct Look<'a> {
    body: &'a Body,
    explained: &'a Explained,
    answers: AnswerSteps,
    /// How the features are told.
    cells: Vec<FeatureCell>,
    /// After the waist, on the terms looked at.
    steps: Steps,
    terms: Request,
    decision: Decision,
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

    fn currency(&self) -> Currency {
        self.body.currency
    }

    fn program(&self, side: Side) -> (&'a Program, &[Value]) {
        match side {
            Side::Before => (&self.body.derive, &self.answers.values),
            Side::After => (&self.body.decide, &self.steps.values),
        }
    }

    fn value(&self, side: Side, part: &Part) -> Option<(Value, Kind)> {
        let step = part.step.as_ref()?;
        let value = self.program(side).1.get(usize::from(step.node))?;
        Some((*value, step.kind.clone()))
    }

    /// A name with its value and its tree.
    fn named(&self, named: &Named) -> Told {
        let key = (named.role, named.name.clone());
        let again = !self.shown.borrow_mut().insert(key);
        let mut told = match named.role {
            Role::Question => self.question(named),
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
            return told.note("nothing that is decided reads it");
        };
        let mut told = Told::of(&named.name, value, &kind, self.currency());
        if again {
            return told.note("see above");
        }
        let (program, values) = self.program(side);
        let roots = definition.step.iter().map(|step| step.node);
        let live = steps::live(program, values, roots);
        let tree = self.part(side, definition, &live);
        told.parts = if tree.text == named.name {
            tree.parts
        } else {
            vec![tree]
        };
        told
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
        match (asked, question.source) {
            (false, _) => told.note("it is not asked"),
            (true, prequal::policy::Source::Lender) => told.note("supplied by the lender"),
            (true, prequal::policy::Source::Borrower) => told,
        }
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

    /// Score, probability or grade.
    fn scored(&self, name: &str) -> Option<Told> {
        let Steps {
            score,
            probability,
            grade,
            bins,
            ..
        } = &self.steps;
        let grade = grade.and_then(|grade| self.body.grades.get(grade));
        let mut told = match name {
            "score" => Told::of(name, Value::new((*score)?), &Kind::Integer, self.currency()),
            "probability" => {
                let probability = (*probability)?;
                let told = Told::of(
                    name,
                    Value::new(probability.millionths()),
                    &Kind::Ratio,
                    self.currency(),
                );
                told.note(figure::percent(probability))
            }
            "grade" => {
                let grade = grade?;
                let told = Told::words(name, grade.id.to_string());
                match grade.at_least {
                    Some(least) => told.note(format!("from a score of {least}")),
                    None => told.note("which takes the rest"),
                }
            }
            _ => return None,
        };
        if name != "score" {
            told.parts.extend(self.scored("score"));
            return Some(told);
        }
        let card = self.steps.card.and_then(|card| self.body.cards.get(card))?;
        told = told.note(format!(
            "odds of {} to 1 at {}, doubled every {} points",
            card.odds, card.base, card.pdo
        ));
        if card.start != 0 {
            told.parts.push(Told::of(
                "start",
                Value::new(i64::from(card.start)),
                &Kind::Integer,
                self.currency(),
            ));
        }
        for hit in bins {
            let mut names = self.explained.find(&hit.characteristic);
            let named = names.find(|named| named.role == Role::Characteristic);
            told.parts.extend(named.map(|named| self.named(named)));
        }
        Some(told)
    }

    /// The headline limit with every offer's bounds.
    fn limit(&self) -> Option<Told> {
        let limit = self.decision.limit.as_ref()?;
        let mut told = self
            .money("limit", limit.amount)
            .note(format!("bound by {}", limit.binding));
        told.parts = self
            .decision
            .offers
            .iter()
            .map(|offer| self.bounds(offer))
            .collect();
        let bounds = self.explained.names.iter();
        let bounds = bounds.filter(|named| matches!(named.role, Role::Affordability | Role::Cap));
        told.parts.extend(bounds.map(|named| self.named(named)));
        Some(told)
    }

    fn money(&self, text: &str, amount: prequal::Money) -> Told {
        Told::of(
            text,
            Value::new(amount.minor()),
            &Kind::Money,
            self.currency(),
        )
    }

    fn bounds(&self, offer: &Offer) -> Told {
        let text = format!("limit of {} for {} months", offer.product, offer.term);
        let told = self.money(&text, offer.limit);
        let step = figure::money(self.body.limit.step, self.currency());
        let mut told = told.note(format!("bound by {}, a multiple of {step}", offer.binding));
        let constraints = offer.constraints.iter();
        told.parts = constraints
            .map(|constraint| self.money(&constraint.name, constraint.amount))
            .collect();
        told
    }

    /// `PRODUCT.TERM`, or `PRODUCT.TERM.FIGURE`.
    fn offers(&self, name: &str) -> Vec<Told> {
        let mut found = Vec::new();
        for offer in &self.decision.offers {
            let id = format!("{}.{}", offer.product, offer.term);
            let Some(figure) = name.strip_prefix(&id) else {
                continue;
            };
            let figures = self.offer(offer);
            if figure.is_empty() {
                let text = format!("{} for {} months", offer.product, offer.term);
                let mut told = self.money(&text, offer.amount);
                told.parts = figures;
                found.push(told);
            } else {
                let wanted = figure.trim_start_matches('.');
                found.extend(figures.into_iter().filter(|told| told.text == wanted));
            }
        }
        found
    }

    fn offer(&self, offer: &Offer) -> Vec<Told> {
        let ratio = |text: &str, ratio: prequal::Ratio| {
            let told = Told::of(
                text,
                Value::new(ratio.millionths()),
                &Kind::Ratio,
                self.currency(),
            );
            told.note(figure::percent(ratio))
        };
        let loan = format!(
            "of {} at {} a year over {} months",
            figure::money(offer.amount, self.currency()),
            figure::percent(offer.annual_rate),
            offer.term
        );
        let mut rate = ratio("annual_rate", offer.annual_rate);
        if offer.product == self.terms.product && offer.term == self.terms.term {
            let mut names = self.explained.find(&offer.product);
            let named = names.find(|named| named.role == Role::Rate);
            rate.parts.extend(named.map(|named| self.named(named)));
        }
        let asked = self.money("amount", offer.amount);
        let asked = match offer.amount == self.terms.amount {
            true => asked.note("as asked for"),
            false => asked.note(format!(
                "asked for {}, cut to what fits",
                figure::money(self.terms.amount, self.currency())
            )),
        };
        vec![
            asked,
            rate,
            Told {
                text: "limit".to_owned(),
                ..self.bounds(offer)
            },
            self.money("instalment", offer.instalment)
                .note(format!("each month, {loan}")),
            self.money("last_instalment", offer.last_instalment)
                .note("which takes the remainder"),
            self.money("interest", offer.interest).note("all interest"),
            self.money("total", offer.total).note("amount and interest"),
            ratio("simple_rate", offer.simple_rate).note("all-in, simple"),
            ratio("compound_rate", offer.compound_rate).note("all-in, compound"),
        ]
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
        let here = names.filter(|named| (named.role == Role::Feature) == (side == Side::Before));
        let mut definitions = here.filter_map(|named| named.definition.as_ref());
        definitions
            .find_map(|part| search(part, node))
            .unwrap_or(Kind::Integer)
    }

    /// A part of a formula.
    fn part(&self, side: Side, part: &Part, live: &[bool]) -> Told {
        let Some((value, kind)) = self.value(side, part) else {
            return Told::words(&part.text, "not worked out".to_owned());
        };
        let node = part.step.as_ref().map_or(0, |step| usize::from(step.node));
        if live.get(node) == Some(&false) {
            let told = Told::of(&part.text, value, &kind, self.currency());
            return told.note("not needed");
        }
        if let Some(named) = self.name_in(side, &part.text) {
            return self.leaf(side, named, value, &kind);
        }
        let mut told = Told::of(unbracketed(&part.text), value, &kind, self.currency());
        let (program, _) = self.program(side);
        if let Some(node) = program.nodes.get(node) {
            told.rows = self.rows(side, node);
        }
        let filled = self.filled(side, part);
        told.filled = filled.map(|filled| unbracketed(&filled).to_owned());
        told.parts = self.parts(side, part, live);
        told
    }

    /// The parts of a formula. What stands once and comes several times is
    /// worked out for each entry of a list; entries that are not there are
    /// left out.
    fn parts(&self, side: Side, part: &Part, live: &[bool]) -> Vec<Told> {
        let is_live = |part: &Part| {
            let step = part.step.as_ref();
            step.is_none_or(|step| live.get(usize::from(step.node)) != Some(&false))
        };
        let entries = |text: &str| part.parts.iter().filter(|other| other.text == text).count();
        let mut told: Vec<Told> = Vec::new();
        let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
        for inner in &part.parts {
            let entry = seen.entry(&inner.text).or_default();
            *entry += 1;
            if entries(&inner.text) == 1 || self.name_in(side, &inner.text).is_some() {
                told.push(self.part(side, inner, live));
            } else if is_live(inner) {
                let inner = self.part(side, inner, live);
                told.push(inner.note(format!("entry {entry}")));
            }
        }
        told
    }

    /// A name inside of a formula, with its own tree below it.
    fn leaf(&self, side: Side, named: &Named, value: Value, kind: &Kind) -> Told {
        let told = self.named(named);
        if side == Side::After && named.role == Role::Feature {
            // After the waist a feature is what is told of it.
            let reduced = Told::of(&named.name, value, kind, self.currency());
            let before = format!("reduced from {}", told.shown);
            return Told {
                notes: vec![before],
                value: reduced.value,
                shown: reduced.shown,
                ..told
            };
        }
        told
    }

    /// What a name stands for in formulas of a side.
    fn name_in(&self, side: Side, name: &str) -> Option<&'a Named> {
        let of = |role: Role| {
            let mut names = self.explained.names.iter();
            names.find(|named| named.role == role && named.name == name)
        };
        match side {
            Side::Before => of(Role::Question).or_else(|| of(Role::Feature)),
            Side::After => of(Role::Feature).or_else(|| of(Role::Value)),
        }
    }

    /// A formula with the values of its parts put in; none where it has no parts.
    fn filled(&self, side: Side, part: &Part) -> Option<String> {
        if part.parts.is_empty() || self.is_table(side, part) {
            return None;
        }
        let mut filled = String::new();
        let mut rest = part.text.as_str();
        for inner in &part.parts {
            let at = find_word(rest, &inner.text)?;
            let (before, after) = rest.split_at_checked(at)?;
            filled.push_str(before);
            match self.filled(side, inner) {
                Some(text) => filled.push_str(&text),
                None => {
                    let (value, kind) = self.value(side, inner)?;
                    filled.push_str(&figure::value(value, &kind, self.currency()));
                }
            }
            rest = after.get(inner.text.len()..)?;
        }
        filled.push_str(rest);
        Some(filled)
    }

    fn is_table(&self, side: Side, part: &Part) -> bool {
        let node = part.step.as_ref().map(|step| usize::from(step.node));
        let node = node.and_then(|node| self.program(side).0.nodes.get(node));
        node.is_some_and(|node| steps::look_up(node).is_some())
    }

    /// The rows that decide a look-up, and how the inputs fell into their cells.
    fn rows(&self, side: Side, node: &Node) -> Vec<RowTold> {
        let Some((table, operands)) = steps::look_up(node) else {
            return Vec::new();
        };
        let (_, values) = self.program(side);
        let (Some(compiled), Some(text)) = (
            self.body.tables.get(table),
            self.explained.tables.get(table),
        ) else {
            return Vec::new();
        };
        let row = |index: usize| {
            let RowText { place, text: line } = text.rows.get(index)?;
            let cells = compiled.rows.get(index)?.cells.iter().zip(operands);
            let cells = cells
                .zip(&text.columns)
                .map(|((cell, operand), (column, kind))| {
                    let value = values.get(usize::from(*operand)).copied();
                    CellTold {
                        column: column.clone(),
                        value: figure::value(
                            value.unwrap_or(Value::MISSING),
                            kind,
                            self.currency(),
                        ),
                        takes: figure::cells(cell, kind, self.currency()),
                    }
                });
            Some(RowTold {
                place: place.clone(),
                text: line.clone(),
                cells: cells.collect(),
            })
        };
        let hits = steps::rows_hit(node, values, &self.body.tables);
        hits.into_iter().filter_map(row).collect()
    }
}

fn role_of(prefix: &str) -> Option<Role> {
    Some(match prefix {
        "question" => Role::Question,
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

/// A text without the brackets that enclose all of it.
fn unbracketed(text: &str) -> &str {
    let Some(inner) = text
        .strip_prefix('(')
        .and_then(|text| text.strip_suffix(')'))
    else {
        return text;
    };
    // `(a) + (b)` begins and ends with brackets that are not one pair.
    let mut depth = 0_i32;
    let closes = |c: char| {
        depth += match c {
            '(' | '[' => 1,
            ')' | ']' => -1,
            _ => 0,
        };
        depth < 0
    };
    if inner.chars().any(closes) {
        text
    } else {
        inner
    }
}

/// Where a text stands in another as a word of its own.
fn find_word(text: &str, word: &str) -> Option<usize> {
    let letter = |c: char| c.is_alphanumeric() || c == '_' || c == '.';
    let ends = |c: Option<char>| !c.is_some_and(letter);
    let edge = |c: Option<char>| c.is_some_and(letter);
    let (starts_word, ends_word) = (edge(word.chars().next()), edge(word.chars().next_back()));
    text.match_indices(word).map(|(at, _)| at).find(|at| {
        let before = text
            .get(..*at)
            .and_then(|before| before.chars().next_back());
        let after = text
            .get(at + word.len()..)
            .and_then(|after| after.chars().next());
        (!starts_word || ends(before)) && (!ends_word || ends(after))
    })
}
