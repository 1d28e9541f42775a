//! What was reached of everything that there is.
//!
//! Every `match` here names each variant: a construct that the language gains
//! does not build until it is counted.

use std::collections::BTreeMap;

use prequal::loan::{Charged, DayCount, Deferred, Frequency, Plan};
use prequal::policy::{
    Blank, Body, Cells, Change, Collect, Kind, Level, Node, Precision, Program, Representative,
    Source, Stage, Unit,
};
use prequal::{Eligibility, Outcome, Ratio, RefusalReason, Rounding, Why};

use crate::model::policy::{Asked, Cell, Figure, Hit, Part, Policy, Precision as Told, Question};
use crate::model::tree::{Expr, Fold, Function, ListFunction, Operator, Tree};

/// How often each construct was reached, by its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Coverage(BTreeMap<&'static str, u64>);

macro_rules! named {
    ($($function:ident($type:ty) { $($pattern:pat => $name:literal,)* })*) => {
        $(fn $function(of: &$type) -> &'static str {
            match of {
                $($pattern => $name,)*
            }
        })*

        /// Every construct of these enumerations.
        const ENUMERATED: &[&[&str]] = &[$(&[$($name,)*],)*];
    };
}

named! {
    node(Node) {
        Node::Const(_) => "step Const",
        Node::Input(_) => "step Input",
        Node::Add(..) => "step Add",
        Node::Sub(..) => "step Sub",
        Node::Mul { .. } => "step Mul",
        Node::Div { otherwise: None, .. } => "step Div",
        Node::Div { otherwise: Some(_), .. } => "step Div with a way out",
        Node::Round { .. } => "step Round",
        Node::Min(..) => "step Min",
        Node::Max(..) => "step Max",
        Node::Abs(_) => "step Abs",
        Node::Not(_) => "step Not",
        Node::And(..) => "step And",
        Node::Or(..) => "step Or",
        Node::Eq(..) => "step Eq",
        Node::Lt(..) => "step Lt",
        Node::Le(..) => "step Le",
        Node::Within(..) => "step Within",
        Node::IsMissing(_) => "step IsMissing",
        Node::Else(..) => "step Else",
        Node::If(..) => "step If",
        Node::Months(..) => "step Months",
        Node::Years(..) => "step Years",
        Node::Lookup(..) => "step Lookup",
        Node::Collect { how: Collect::Sum, .. } => "step Collect Sum",
        Node::Collect { how: Collect::Min, .. } => "step Collect Min",
        Node::Collect { how: Collect::Max, .. } => "step Collect Max",
        Node::Collect { how: Collect::Count, .. } => "step Collect Count",
        Node::When(..) => "step When",
        Node::Month(_) => "step Month",
        Node::Year(_) => "step Year",
        Node::Shift(..) => "step Shift",
        Node::Instalment { .. } => "step Instalment",
        Node::Variation(_) => "step Variation",
    }
    rounding(Rounding) {
        Rounding::Down => "rounding Down",
        Rounding::Up => "rounding Up",
        Rounding::HalfUp => "rounding HalfUp",
    }
    kind(Kind) {
        Kind::Integer => "question of kind integer",
        Kind::Money => "question of kind money",
        Kind::Ratio => "question of kind ratio",
        Kind::Real => "question of kind real",
        Kind::Boolean => "question of kind boolean",
        Kind::Date => "question of kind date",
        Kind::Period => "question of kind period",
        Kind::Choice(_) => "question of kind choice",
    }
    feature_kind(Kind) {
        Kind::Integer => "feature of kind integer",
        Kind::Money => "feature of kind money",
        Kind::Ratio => "feature of kind ratio",
        Kind::Real => "feature of kind real",
        Kind::Boolean => "feature of kind boolean",
        Kind::Date => "feature of kind date",
        Kind::Period => "feature of kind period",
        Kind::Choice(_) => "feature of kind choice",
    }
    unit(Unit) {
        Unit::Day => "unit day",
        Unit::Month => "unit month",
        Unit::Year => "unit year",
    }
    blank(Blank) {
        Blank::Refused => "blank refused",
        Blank::Missing => "blank is missing",
        Blank::Means(_) => "blank means something",
    }
    source(Source) {
        Source::Borrower => "answered by the borrower",
        Source::Lender => "supplied by the lender",
    }
    precision(Precision) {
        Precision::Exact => "told exactly",
        Precision::Floor(_) => "told rounded down",
        Precision::Ceil(_) => "told rounded up",
        Precision::Bands { value: Representative::Low, .. } => "told as the low end of a band",
        Precision::Bands { value: Representative::High, .. } => "told as the high end of a band",
        Precision::Bands { value: Representative::Middle, .. } => "told as the middle of a band",
        Precision::Groups(_) => "told in groups",
    }
    cells(Cells) {
        Cells::Any => "cells for anything",
        Cells::Of { missing: true, .. } => "cells for a missing value",
        Cells::Of { missing: false, .. } => "cells for values",
    }
    stage(Stage) {
        Stage::PreScreen => "stage pre-screen",
        Stage::Renewal => "stage renewal",
        Stage::EarlyWarning => "stage early-warning",
    }
    level(Level) {
        Level::Watch => "level watch",
        Level::Warn => "level warn",
        Level::Stop => "level stop",
    }
    plan(Plan) {
        Plan::EqualInstalment => "plan equal_instalment",
        Plan::EqualPrincipal => "plan equal_principal",
        Plan::Bullet => "plan bullet",
        Plan::Flat => "plan flat",
        Plan::Balloon { .. } => "plan balloon",
        Plan::Grace { deferred: Deferred::CaughtUp, .. } => "plan grace, caught up",
        Plan::Grace { deferred: Deferred::Capitalised, .. } => "plan grace, capitalised",
        Plan::Stepped { .. } => "plan stepped",
        Plan::Seasonal { deferred: Deferred::CaughtUp, .. } => "plan seasonal, caught up",
        Plan::Seasonal { deferred: Deferred::Capitalised, .. } => "plan seasonal, capitalised",
    }
    frequency(Frequency) {
        Frequency::Monthly => "every month",
        Frequency::Days(7) => "every week",
        Frequency::Days(14) => "every fortnight",
        Frequency::Days(_) => "every so many days",
    }
    day_count(DayCount) {
        DayCount::Periods => "day count periods",
        DayCount::Thirty360 => "day count 30/360",
        DayCount::Actual365 => "day count actual/365",
        DayCount::Actual360 => "day count actual/360",
        DayCount::ActualActual => "day count actual/actual",
    }
    direction(Rounding) {
        Rounding::Down => "instalments rounded down",
        Rounding::Up => "instalments rounded up",
        Rounding::HalfUp => "instalments rounded half up",
    }
    charged(Charged) {
        Charged::UpFront => "fee up front",
        Charged::Deducted => "fee deducted",
        Charged::Financed => "fee financed",
        Charged::EachInstalment => "fee with each instalment",
        Charged::AtEnd => "fee at the end",
        Charged::ByPartner => "fee by the partner",
    }
    change(Change) {
        Change::Less(_) => "discount less",
        Change::Times(_) => "discount times",
    }
    why(Why) {
        Why::Only => "recommended as the only one",
        Why::Amount => "recommended for its amount",
        Why::NoReview => "recommended without review",
        Why::Suits => "recommended as it suits",
        Why::Headroom => "recommended for headroom",
        Why::Cost => "recommended for its cost",
        Why::Order => "recommended by order",
    }
    eligibility(Eligibility) {
        Eligibility::NotEligible => "outcome not_eligible",
        Eligibility::Review => "outcome review",
        Eligibility::Eligible => "outcome eligible",
    }
    refusal(RefusalReason) {
        RefusalReason::BelowMinimum => "offer below_minimum",
        RefusalReason::AskedTooLittle => "offer asked_too_little",
        RefusalReason::KnockedOut => "offer knocked_out",
        RefusalReason::NoAnnualRate => "offer no_annual_rate",
        RefusalReason::AboveCeiling => "offer above_ceiling",
    }
    expression(Expr) {
        Expr::Constant(_) => "formula: constant",
        Expr::Name(_) => "formula: name",
        Expr::Negative(_) => "formula: - before a value",
        Expr::Not(_) => "formula: not",
        Expr::Binary(Operator::Plus, ..) => "formula: +",
        Expr::Binary(Operator::Minus, ..) => "formula: -",
        Expr::Binary(Operator::Times, ..) => "formula: *",
        Expr::Binary(Operator::And, ..) => "formula: and",
        Expr::Binary(Operator::Or, ..) => "formula: or",
        Expr::Binary(Operator::Equal, ..) => "formula: ==",
        Expr::Binary(Operator::NotEqual, ..) => "formula: !=",
        Expr::Binary(Operator::Less, ..) => "formula: <",
        Expr::Binary(Operator::AtMost, ..) => "formula: <=",
        Expr::Binary(Operator::Greater, ..) => "formula: >",
        Expr::Binary(Operator::AtLeast, ..) => "formula: >=",
        Expr::Quotient(_, _, None) => "formula: /",
        Expr::Quotient(_, _, Some(_)) => "formula: / else",
        Expr::Else(..) => "formula: else",
        Expr::If(..) => "formula: if then else",
        Expr::Within(..) => "formula: in a range",
        Expr::Among(..) => "formula: in values",
        Expr::Call(Function::Min, _) => "formula: min",
        Expr::Call(Function::Max, _) => "formula: max",
        Expr::Call(Function::Abs, _) => "formula: abs",
        Expr::Call(Function::Round, _) => "formula: round",
        Expr::Call(Function::Floor, _) => "formula: floor",
        Expr::Call(Function::Ceil, _) => "formula: ceil",
        Expr::Call(Function::Years, _) => "formula: years",
        Expr::Call(Function::Months, _) => "formula: months",
        Expr::Call(Function::Period, _) => "formula: period",
        Expr::Call(Function::Month, _) => "formula: month",
        Expr::Call(Function::Year, _) => "formula: year",
        Expr::Call(Function::IsMissing, _) => "formula: is_missing",
        Expr::Call(Function::Spread, _) => "formula: spread",
        Expr::Call(Function::Mean, _) => "formula: mean",
        Expr::Call(Function::Variation, _) => "formula: coefficient_of_variation",
        Expr::Call(Function::Instalment, _) => "formula: pmt",
        Expr::Call(Function::WeightedMean, _) => "formula: weighted_mean",
        Expr::Call(Function::Takings, _) => "formula: takings",
        Expr::Call(Function::SalesFromPurchases, _) => "formula: sales_from_purchases",
        Expr::Call(Function::TurnoverOverstated, _) => "formula: turnover_overstated",
        Expr::Call(Function::MarginOverstated, _) => "formula: margin_overstated",
        Expr::Call(Function::EquityDeviation, _) => "formula: equity_deviation",
        Expr::Over(Fold::Sum, ..) => "formula: sum over a list",
        Expr::Over(Fold::Min, ..) => "formula: min over a list",
        Expr::Over(Fold::Max, ..) => "formula: max over a list",
        Expr::Over(Fold::Mean, ..) => "formula: mean over a list",
        Expr::Over(Fold::Variation, ..) => "formula: coefficient_of_variation over a list",
        Expr::Over(Fold::Count, _, _, None) => "formula: count of a list",
        Expr::Over(Fold::Count, _, _, Some(_)) => "formula: count over a list",
        Expr::Over(Fold::Any, ..) => "formula: any over a list",
        Expr::Over(Fold::All, ..) => "formula: all over a list",
        Expr::Weighted(..) => "formula: weighted_mean over a list",
        Expr::Best(..) => "formula: share_of_best of a list",
        Expr::Table(..) => "formula: call of a table",
        Expr::Holds(..) => "formula: in a list-valued figure",
        Expr::Of(ListFunction::Count, _) => "formula: count of a list-valued figure",
        Expr::Of(ListFunction::First, _) => "formula: first of a list-valued figure",
        Expr::Of(ListFunction::Sum, _) => "formula: sum of a list-valued figure",
        Expr::Of(ListFunction::Min, _) => "formula: min of a list-valued figure",
        Expr::Of(ListFunction::Max, _) => "formula: max of a list-valued figure",
    }
    hit(Hit) {
        Hit::Unique => "hit unique",
        Hit::First => "hit first",
        Hit::Any => "hit any",
        Hit::Priority => "hit priority",
        Hit::RuleOrder => "hit rule_order",
        Hit::OutputOrder => "hit output_order",
        Hit::Collect => "hit collect",
        Hit::Sum => "hit collect_sum",
        Hit::Min => "hit collect_min",
        Hit::Max => "hit collect_max",
        Hit::Count => "hit collect_count",
    }
    part(Part) {
        Part::Any => "cell -",
        Part::Missing => "cell missing",
        Part::Unseen => "cell unseen",
        Part::Is(_) => "cell value",
        Part::Below(_) => "cell <",
        Part::AtMost(_) => "cell <=",
        Part::Above(_) => "cell >",
        Part::AtLeast(_) => "cell >=",
        Part::In(_) => "cell range",
    }
    told(Told) {
        Told::Exact => "precision exact",
        Told::Floor(_) => "precision floor",
        Told::Ceil(_) => "precision ceil",
        Told::Bands(_, None) => "precision bands",
        Told::Bands(_, Some(_)) => "precision bands with a value",
        Told::Groups(_) => "precision groups",
        Told::AutoBands => "precision bands auto",
        Told::AutoGroups => "precision groups auto",
    }
    figure(Figure) {
        Figure::Formula(_) => "figure formula",
        Figure::Table(_) => "figure table",
        Figure::Constant(_) => "figure constant",
        Figure::Share(..) => "figure share",
    }
}

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
        let names = ENUMERATED.iter().copied().flatten().chain(PLAIN);
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
        self.reach_if("overdue", body.price.overdue.is_some());
        self.reach_if("misuse", body.price.misuse.is_some());
        self.reach_if("prepayment", body.price.prepayment.is_some());
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
