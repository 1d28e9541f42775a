//! What was reached of everything that there is.

mod constructs;

use std::collections::BTreeMap;

use prequal::policy::{Body, Node, Program, Stage};
use prequal::{Outcome, Ratio};
use prequal_sample::construct::{NAMES, charged, day_count, direction, frequency, plan};

use self::constructs::{
    ENUMERATED, blank, cells, change, eligibility, expression, feature_kind, figure, hit, kind,
    level, node, part, precision, refusal, rounding, source, stage, told, unit, why,
};
use crate::model::policy::{Asked, Cell, Figure, Policy, Question};
use crate::model::tree::{Expr, Tree};

/// How often each construct was reached, by its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Coverage(BTreeMap<&'static str, u64>);

/// What is no variant of anything.
const PLAIN: &[&str] = &[
    "page with a condition",
    "page to be opened",
    "question with a condition",
    "question in steps",
    "list",
    "list with a condition",
    "field with a condition",
    "feature with a condition",
    "feature of its own question",
    "named table",
    "approximate figure",
    "knock-out",
    "review",
    "alert",
    "table of rules",
    "no card",
    "one card",
    "several cards",
    "grades",
    "affordability",
    "affordability by the month",
    "instalments rounded to a multiple",
    "fee of an amount",
    "fee of a share",
    "fee of both",
    "ceiling",
    "overdue",
    "misuse",
    "prepayment",
    "product that suits some",
    "cap",
    "no bound but the maximum",
    "product with a condition",
    "fired knock-out",
    "fired review",
    "fired alert",
    "answers",
    "wrong answers",
    "summary from answers",
    "summary by itself",
    "limit bound by affordability",
    "limit bound by a cap",
    "limit bound by the maximum",
    "limit bound by a knock-out",
    "offer below what was asked for",
    "offer with a discount",
    "offer with several discounts",
];

impl Coverage {
    /// Nothing reached.
    pub(crate) fn new() -> Coverage {
        let enumerated = ENUMERATED.iter().chain(NAMES).copied();
        let names = enumerated.flatten().chain(PLAIN);
        Coverage(names.map(|name| (*name, 0)).collect())
    }

    fn reach(&mut self, name: &'static str) {
        *self.0.entry(name).or_default() += 1;
    }

    fn reach_if(&mut self, name: &'static str, reached: bool) {
        *self.0.entry(name).or_default() += u64::from(reached);
    }

    /// Adds what another reached.
    pub(crate) fn add(&mut self, other: &Coverage) {
        for (name, count) in &other.0 {
            *self.0.entry(name).or_default() += count;
        }
    }

    /// Every construct with how often it was reached.
    pub(crate) fn counts(&self) -> impl Iterator<Item = (&'static str, u64)> {
        self.0.iter().map(|(name, count)| (*name, *count))
    }

    /// What was not reached.
    pub(crate) fn wanting(&self) -> Vec<&'static str> {
        let wanting = self.counts().filter(|(_, count)| *count == 0);
        wanting.map(|(name, _)| name).collect()
    }

    /// A policy that compiled, as its author wrote it.
    pub(crate) fn policy(&mut self, policy: &Policy) {
        for page in &policy.pages {
            self.reach_if("page with a condition", page.when.is_some());
            self.reach_if("page to be opened", page.optional);
            self.trees(page.when.iter());
        }
        for asked in &policy.asked {
            match asked {
                Asked::One(question) => self.question(question, "question with a condition"),
                Asked::List(list) => {
                    self.reach("list");
                    self.reach_if("list with a condition", list.when.is_some());
                    self.trees(list.when.iter());
                    for field in &list.fields {
                        self.question(field, "field with a condition");
                    }
                }
            }
        }
        for feature in &policy.features {
            self.reach(told(&feature.precision));
            self.reach_if("feature with a condition", feature.when.is_some());
            self.reach_if("feature of its own question", feature.figure.is_none());
            self.trees(feature.when.iter());
            feature.figure.iter().for_each(|figure| self.figure(figure));
        }
        for (_, table) in &policy.tables {
            self.reach("named table");
            self.table(table);
        }
        for value in &policy.values {
            self.reach_if("approximate figure", value.approximate);
            self.figure(&value.figure);
        }
        for (name, rules) in [
            ("knock-out", &policy.knockouts),
            ("review", &policy.reviews),
            ("alert", &policy.alerts),
        ] {
            for rule in rules {
                self.reach(name);
                self.tree(&rule.when);
            }
        }
        for (_, table) in &policy.rule_tables {
            self.reach("table of rules");
            self.table(table);
        }
        self.reach(match policy.cards.len() {
            0 => "no card",
            1 => "one card",
            _ => "several cards",
        });
        self.reach_if("grades", policy.grades.len() > 1);
        for card in &policy.cards {
            self.trees(card.when.iter());
            let bins = card.characteristics.iter().flat_map(|c| &c.bins);
            bins.for_each(|bin| self.cell(&bin.cell));
        }
        if let Some(limit) = &policy.limit {
            self.reach_if("affordability", limit.affordability.is_some());
            self.reach_if("cap", !limit.caps.is_empty());
            let unbound = limit.affordability.is_none() && limit.caps.is_empty();
            self.reach_if("no bound but the maximum", unbound);
            let caps = limit.caps.iter().map(|(_, figure)| figure);
            limit
                .affordability
                .iter()
                .chain(caps)
                .for_each(|figure| self.figure(figure));
        }
        for product in &policy.products {
            self.reach_if("product with a condition", product.when.is_some());
            self.trees(product.when.iter());
            self.trees(product.suits.iter());
            self.figure(&product.rate);
        }
        self.trees(policy.discounts.iter().map(|discount| &discount.when));
    }

    fn question(&mut self, question: &Question, conditional: &'static str) {
        self.reach_if(conditional, question.when.is_some());
        self.reach_if("question in steps", question.step > 1);
        self.trees(question.when.iter());
    }

    fn figure(&mut self, of: &Figure) {
        self.reach(figure(of));
        match of {
            Figure::Formula(tree) | Figure::Share(tree, _) => self.tree(tree),
            Figure::Table(table) => self.table(table),
            Figure::Constant(_) => {}
        }
    }

    fn table(&mut self, table: &crate::model::policy::Table) {
        self.reach(hit(&table.hit));
        for row in &table.rows {
            row.cells.iter().for_each(|cell| self.cell(cell));
        }
    }

    fn cell(&mut self, cell: &Cell) {
        cell.iter().for_each(|of| self.reach(part(of)));
    }

    fn trees<'a>(&mut self, trees: impl Iterator<Item = &'a Tree>) {
        trees.for_each(|tree| self.tree(tree));
    }

    fn tree(&mut self, tree: &Tree) {
        self.reach(expression(&tree.it));
        match &tree.it {
            Expr::Constant(_) | Expr::Name(_) | Expr::Of(..) => {}
            Expr::Negative(a)
            | Expr::Not(a)
            | Expr::Within(a, _)
            | Expr::Among(a, _)
            | Expr::Holds(a, _)
            | Expr::Best(_, _, a, _) => {
                self.tree(a);
            }
            Expr::Binary(_, a, b) | Expr::Else(a, b) | Expr::Weighted(_, _, a, b) => {
                self.trees([&**a, b].into_iter())
            }
            Expr::Quotient(a, b, c) => {
                self.trees([&**a, b].into_iter());
                c.iter().for_each(|c| self.tree(c));
            }
            Expr::If(a, b, c) => self.trees([&**a, b, c].into_iter()),
            Expr::Call(_, parts) | Expr::Table(_, parts) => self.trees(parts.iter()),
            Expr::Over(_, _, _, body) => body.iter().for_each(|body| self.tree(body)),
        }
    }

    /// What it was compiled to.
    pub(crate) fn body(&mut self, body: &Body) {
        self.reach(stage(&body.stage));
        for question in &body.questions {
            self.reach(kind(&question.kind));
            self.reach(blank(&question.blank));
            self.reach(source(&question.source));
            question.unit.iter().for_each(|of| self.reach(unit(of)));
        }
        for feature in &body.features {
            self.reach(feature_kind(&feature.kind));
            self.reach(precision(&feature.precision));
        }
        self.program(&body.derive);
        self.program(&body.decide);
        let rows = body
            .tables
            .iter()
            .flat_map(|table| &table.rows)
            .flat_map(|row| &row.cells);
        let bins = body
            .cards
            .iter()
            .flat_map(|card| &card.characteristics)
            .flat_map(|c| &c.bins);
        rows.chain(bins.map(|bin| &bin.cells))
            .for_each(|of| self.reach(cells(of)));
        body.alerts
            .iter()
            .for_each(|alert| self.reach(level(&alert.level)));
        // An early warning has products that are never offered.
        if body.stage != Stage::EarlyWarning {
            self.offered(body);
        }
    }

    fn offered(&mut self, body: &Body) {
        for product in &body.products {
            let repayment = product.repayment;
            self.reach(plan(&repayment.plan));
            self.reach(frequency(&repayment.frequency));
            self.reach(day_count(&repayment.day_count));
            self.reach(direction(&repayment.rounding.direction));
            let multiple = repayment.rounding.multiple.minor() > 1;
            self.reach_if("instalments rounded to a multiple", multiple);
            self.reach_if("product that suits some", product.suits.is_some());
            for fee in product.fees.iter().map(|fee| fee.fee) {
                self.reach(charged(&fee.charged));
                self.reach(match (fee.fixed.minor() > 0, fee.share > Ratio::ZERO) {
                    (true, true) => "fee of both",
                    (true, false) => "fee of an amount",
                    (false, _) => "fee of a share",
                });
            }
        }
        for discount in &body.discounts {
            self.reach(change(&discount.change));
        }
        let by_month = body.limit.affordability.len() == 12;
        self.reach_if("affordability by the month", by_month);
        self.reach_if("ceiling", body.price.ceiling.is_some());
        self.reach_if("overdue", body.price.overdue > Ratio::ZERO);
        self.reach_if("misuse", body.price.misuse > Ratio::ZERO);
        self.reach_if("prepayment", body.price.prepayment > Ratio::ZERO);
    }

    fn program(&mut self, program: &Program) {
        for of in &program.nodes {
            self.reach(node(of));
            match of {
                Node::Mul { rounding: of, .. }
                | Node::Div { rounding: of, .. }
                | Node::Round { rounding: of, .. } => self.reach(rounding(of)),
                Node::Within(_, of) => self.reach(cells(of)),
                _ => {}
            }
        }
    }

    /// Answers, and whether they were right.
    pub(crate) fn answers(&mut self, right: bool) {
        self.reach(if right { "answers" } else { "wrong answers" });
    }

    /// An outcome, and whether its summary came from answers.
    pub(crate) fn outcome(&mut self, outcome: &Outcome, answered: bool) {
        self.reach(if answered {
            "summary from answers"
        } else {
            "summary by itself"
        });
        let (decision, trace) = (&outcome.decision, &outcome.trace);
        self.reach(eligibility(&decision.eligibility));
        self.reach_if("fired knock-out", !trace.knockouts.is_empty());
        self.reach_if("fired review", !trace.reviews.is_empty());
        self.reach_if("fired alert", !trace.alerts.is_empty());
        for refused in &decision.refused {
            self.reach(refusal(&refused.reason));
        }
        if let Some(recommended) = &decision.recommended {
            self.reach(why(&recommended.why));
        }
        for offer in &decision.offers {
            self.reach_if("offer with a discount", !offer.discounts.is_empty());
            self.reach_if("offer with several discounts", offer.discounts.len() > 1);
            self.reach_if(
                "offer below what was asked for",
                offer.amount == offer.limit,
            );
            self.reach(match offer.binding.as_str() {
                "affordability" => "limit bound by affordability",
                "maximum" => "limit bound by the maximum",
                "knocked_out" => "limit bound by a knock-out",
                _ => "limit bound by a cap",
            });
        }
    }
}
