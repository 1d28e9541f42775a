//! What a policy's cases reach of it: rules, rows, bins, grades, limits, products.

use std::collections::BTreeMap;
use std::path::Path;

use prequal::policy::{NodeId, Policy, Product, Program, Rule, Stage, Value};
use prequal::{Answers, Date, Decision, Money, Outcome, Request};
use prequal_compiler::{Compiled, Explained, Place, Role};
use serde::Serialize;

use crate::steps;

/// What can be reached, and how often it was.
pub(crate) struct Coverage {
    /// In declared order.
    items: Vec<Item>,
    places: BTreeMap<Key, usize>,
    /// Where the rows of each table stand.
    rows: Vec<Vec<Place>>,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Knockout(String),
    Review(String),
    Alert(String),
    /// A row of a file, however many ways it is looked up in.
    Row(Place),
    /// By card, characteristic and bin.
    Bin(usize, String, usize),
    Grade(String),
    /// What binds the limit of an offer.
    Limit(String),
    Product(String),
    /// That a product is not offered.
    Refusal(String),
}

struct Item {
    kind: &'static str,
    name: String,
    place: Option<Place>,
    hits: u64,
}

/// How much of a kind was reached.
#[derive(Serialize)]
pub(crate) struct Share {
    kind: &'static str,
    reached: usize,
    total: usize,
}

/// Something that no case reaches.
#[derive(Serialize)]
pub(crate) struct Unreached {
    kind: &'static str,
    name: String,
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    place: Option<Place>,
}

/// How much was reached of all.
#[derive(Serialize)]
pub(crate) struct Report {
    /// Of a hundred, rounded down to a tenth.
    pub(crate) percent: f64,
    reached: usize,
    total: usize,
    kinds: Vec<Share>,
    unreached: Vec<Unreached>,
}

impl Coverage {
    /// Nothing reached yet of all that the policy has.
    pub(crate) fn new(compiled: &Compiled) -> Coverage {
        let (body, explained) = (compiled.loaded.body(), &compiled.explained);
        let (mut items, mut places) = (Vec::new(), BTreeMap::new());
        let mut expect = |key: Key, name: String, place: Option<Place>| {
            if places.contains_key(&key) {
                return;
            }
            let kind = key.kind();
            places.insert(key, items.len());
            items.push(Item {
                kind,
                name,
                place,
                hits: 0,
            });
        };
        let rules = |rules: &[Rule], role: Role, key: fn(String) -> Key| {
            let placed = rules.iter().map(move |rule| {
                let id = rule.id.to_string();
                (key(id.clone()), place(explained, role, &id), id)
            });
            placed.collect::<Vec<_>>()
        };
        let alerts: Vec<Rule> = body.alerts.iter().map(|alert| alert.rule.clone()).collect();
        for (key, place, id) in [
            rules(&body.knockouts, Role::Knockout, Key::Knockout),
            rules(&body.reviews, Role::Review, Key::Review),
            rules(&alerts, Role::Alert, Key::Alert),
        ]
        .concat()
        {
            expect(key, id, place);
        }
        let rows = explained.tables.iter().flat_map(|table| &table.rows);
        for row in rows.filter(|row| !row.completes) {
            let key = Key::Row(row.place.clone());
            expect(key, row.text.clone(), Some(row.place.clone()));
        }
        for (at, card) in body.cards.iter().enumerate() {
            let texts = explained
                .cards
                .get(at)
                .map_or(&[][..], |card| &card.characteristics);
            for (characteristic, texts) in card.characteristics.iter().zip(texts) {
                for (bin, text) in texts.iter().enumerate() {
                    let id = characteristic.id.to_string();
                    let name = format!("{id}: {}", text.text);
                    expect(Key::Bin(at, id, bin), name, Some(text.place.clone()));
                }
            }
        }
        for grade in &body.grades {
            let id = grade.id.to_string();
            expect(
                Key::Grade(id.clone()),
                id.clone(),
                place(explained, Role::Grade, &id),
            );
        }
        let bounds = explained
            .names
            .iter()
            .filter(|named| matches!(named.role, Role::Affordability | Role::Cap));
        let bounded = bounds.clone().next().is_some();
        for bound in bounds {
            expect(
                Key::Limit(bound.name.clone()),
                bound.name.clone(),
                Some(bound.place.clone()),
            );
        }
        // An early warning offers nothing.
        let offered = body
            .products
            .iter()
            .filter(|_| body.stage != Stage::EarlyWarning);
        let of_products = |key: fn(String) -> Key| {
            let product = |product: &Product| {
                let id = product.id.to_string();
                (key(id.clone()), place(explained, Role::Product, &id), id)
            };
            offered.clone().map(product).collect::<Vec<_>>()
        };
        let refusals = of_products(Key::Refusal);
        let refusals = refusals.into_iter().filter(|_| bounded);
        for (key, place, id) in of_products(Key::Product).into_iter().chain(refusals) {
            expect(key, id, place);
        }
        let rows = explained.tables.iter().map(|table| {
            let places = table.rows.iter().map(|row| row.place.clone());
            places.collect()
        });
        Coverage {
            items,
            places,
            rows: rows.collect(),
        }
    }

    /// Counts what an application reaches; wrong answers reach nothing.
    pub(crate) fn count(
        &mut self,
        policy: &Policy,
        answers: &Answers,
        request: &Request,
        as_of: Date,
    ) {
        let Ok(summary) = policy.summarise(answers, request, as_of) else {
            return;
        };
        let body = policy.body();
        if let Ok(steps) = policy.answer_steps(answers, as_of) {
            let features = body.features.iter().map(|feature| feature.node);
            let roots = features.chain(body.questions.iter().filter_map(|question| question.asked));
            self.rows(policy, &body.derive, &steps.values, roots);
        }
        let outcome = policy.assess(&summary);
        let reached = self.rules(&outcome);
        let rules = || {
            let alerts = body.alerts.iter().map(|alert| alert.rule.when);
            let rules = body
                .knockouts
                .iter()
                .chain(&body.reviews)
                .map(|rule| rule.when);
            rules.chain(alerts)
        };
        if let Some(steps) = policy.steps(&summary, request) {
            self.rows(policy, &body.decide, &steps.values, rules());
        }
        if !reached {
            return;
        }
        for terms in looked_at(policy, &outcome.decision, request) {
            let Some(steps) = policy.steps(&summary, &terms) else {
                continue;
            };
            let card = steps.card.and_then(|card| body.cards.get(card));
            let characteristics = card.into_iter().flat_map(|card| &card.characteristics);
            let mut products = body.products.iter();
            let product = products.find(|product| product.id.as_str() == terms.product);
            let caps = body.limit.caps.iter().map(|cap| cap.node);
            let roots = characteristics
                .map(|characteristic| characteristic.node)
                .chain(body.cards.iter().filter_map(|card| card.when))
                .chain(product.map(|product| product.rate))
                .chain(product.and_then(|product| product.when))
                .chain(body.limit.affordability.iter().copied())
                .chain(caps)
                .chain(rules());
            self.rows(policy, &body.decide, &steps.values, roots);
            for hit in steps.bins {
                let card = steps.card.unwrap_or(0);
                self.hit(&Key::Bin(card, hit.characteristic, usize::from(hit.bin)));
            }
        }
    }

    /// Counts rules, and what comes of them; false where one of them ends it all.
    fn rules(&mut self, outcome: &Outcome) -> bool {
        let (decision, trace) = (&outcome.decision, &outcome.trace);
        for id in &trace.knockouts {
            self.hit(&Key::Knockout(id.clone()));
        }
        for id in &trace.reviews {
            self.hit(&Key::Review(id.clone()));
        }
        for id in &trace.alerts {
            self.hit(&Key::Alert(id.clone()));
        }
        if let Some(grade) = &decision.grade {
            self.hit(&Key::Grade(grade.clone()));
        }
        for offer in &decision.offers {
            self.hit(&Key::Product(offer.product.clone()));
            self.hit(&Key::Limit(offer.binding.clone()));
        }
        for refusal in &decision.refused {
            self.hit(&Key::Refusal(refusal.product.clone()));
            if let Some(binding) = &refusal.binding {
                self.hit(&Key::Limit(binding.clone()));
            }
        }
        trace.knockouts.is_empty()
    }

    fn rows(
        &mut self,
        policy: &Policy,
        program: &Program,
        values: &[Value],
        roots: impl IntoIterator<Item = NodeId>,
    ) {
        let live = steps::live(program, values, roots);
        let nodes = program.nodes.iter().zip(live).filter(|(_, live)| *live);
        for (node, _) in nodes {
            let Some((table, _)) = steps::look_up(node) else {
                continue;
            };
            for row in steps::rows_hit(node, values, &policy.body().tables) {
                let place = self.rows.get(table).and_then(|rows| rows.get(row));
                let key = place.cloned().map(Key::Row);
                key.iter().for_each(|key| self.hit(key));
            }
        }
    }

    fn hit(&mut self, key: &Key) {
        let at = self.places.get(key).copied();
        if let Some(item) = at.and_then(|at| self.items.get_mut(at)) {
            item.hits += 1;
        }
    }

    /// What was reached and what not.
    pub(crate) fn report(&self) -> Report {
        let mut kinds: Vec<Share> = Vec::new();
        let mut unreached = Vec::new();
        for item in &self.items {
            let kind = item.kind;
            if kinds.last().is_none_or(|share| share.kind != kind) {
                kinds.push(Share {
                    kind,
                    reached: 0,
                    total: 0,
                });
            }
            let reached = item.hits > 0;
            if let Some(share) = kinds.last_mut() {
                share.total += 1;
                share.reached += usize::from(reached);
            }
            if !reached {
                unreached.push(Unreached {
                    kind,
                    name: item.name.clone(),
                    place: item.place.clone(),
                });
            }
        }
        let total = self.items.len();
        let reached = total - unreached.len();
        let thousandths = (reached * 1_000).checked_div(total).unwrap_or(1_000);
        Report {
            percent: thousandths as f64 / 10.0,
            reached,
            total,
            kinds,
            unreached,
        }
    }
}

impl Report {
    /// In lines; places stand in the policy's folder.
    pub(crate) fn lines(&self, folder: &Path) -> Vec<String> {
        let kinds: Vec<String> = self
            .kinds
            .iter()
            .map(|share| {
                format!(
                    "{} {} of {}",
                    plural(share.kind),
                    share.reached,
                    share.total
                )
            })
            .collect();
        let mut lines = vec![format!(
            "covered {:.1} % ({} of {}): {}",
            self.percent,
            self.reached,
            self.total,
            kinds.join(", ")
        )];
        let width = self
            .unreached
            .iter()
            .map(|item| item.kind.len())
            .max()
            .unwrap_or(0);
        for item in &self.unreached {
            let place = item.place.as_ref().map_or_else(String::new, |place| {
                format!("{}:{}  ", folder.join(&place.file).display(), place.line)
            });
            lines.push(format!(
                "  no case reaches  {:width$}  {place}{}",
                item.kind, item.name
            ));
        }
        lines
    }
}

impl Key {
    fn kind(&self) -> &'static str {
        match self {
            Key::Knockout(_) => "knock-out",
            Key::Review(_) => "review",
            Key::Alert(_) => "alert",
            Key::Row(..) => "row",
            Key::Bin(..) => "bin",
            Key::Grade(_) => "grade",
            Key::Limit(_) => "limit",
            Key::Product(_) => "product",
            Key::Refusal(_) => "refusal",
        }
    }
}

fn plural(kind: &str) -> String {
    format!("{kind}s")
}

/// Where a name is declared.
fn place(explained: &Explained, role: Role, name: &str) -> Option<Place> {
    let mut found = explained.find(name).filter(|named| named.role == role);
    found.next().map(|named| named.place.clone())
}

/// The terms that an assessment looks at: what is asked for, each offer and
/// its limit, and what is not offered at its product's least amount.
fn looked_at(policy: &Policy, decision: &Decision, asked: &Request) -> Vec<Request> {
    let terms = |product: &str, term: u16, amount: Money| Request {
        product: product.to_owned(),
        amount,
        term,
    };
    let mut all = vec![asked.clone()];
    for offer in &decision.offers {
        all.push(terms(&offer.product, offer.term, offer.amount));
        all.push(terms(&offer.product, offer.term, offer.limit));
    }
    for refusal in &decision.refused {
        let mut products = policy.body().products.iter();
        let product = products.find(|product| product.id.as_str() == refusal.product);
        all.extend(product.map(|product| terms(&refusal.product, refusal.term, product.minimum)));
    }
    all
}
