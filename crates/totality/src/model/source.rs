//! A policy as the files that an author writes.

use std::fmt::Write as _;

use prequal::policy::{Change, Kind, Price};
use prequal_compiler::Sources;

use super::policy::{
    Asked, Card, Cell, Feature, Figure, Hit, List, Part, Policy, Precision, Product, Question,
    REASONS, Rule, RuleKind, Table,
};
use super::repayment::{self, ratio};
use super::text::{constant, formula, number, range};

impl Policy {
    /// The files.
    pub(crate) fn sources(&self) -> Sources {
        let mut writer = Writer::default();
        writer.policy(self);
        let mut sources = Sources::default();
        sources.insert("policy.toml", writer.toml);
        for (path, text) in writer.tables {
            sources.insert(path, text);
        }
        sources.insert("texts/en.toml", self.texts());
        sources
    }
}

#[derive(Default)]
struct Writer {
    toml: String,
    tables: Vec<(String, String)>,
}

impl Writer {
    fn line(&mut self, key: &str, value: impl std::fmt::Display) {
        let _ = writeln!(self.toml, "{key} = {value}");
    }

    fn heading(&mut self, heading: &str) {
        let _ = writeln!(self.toml, "\n{heading}");
    }

    fn policy(&mut self, policy: &Policy) {
        self.heading("[policy]");
        self.line("id", "\"p\"");
        self.line("version", "\"1\"");
        self.line("currency", "\"CNY\"");
        self.line("time_zone", "\"+08:00\"");
        self.line("commitments", 48);
        if let Some(stage) = policy.stage {
            self.line("stage", quoted(stage));
        }
        if let Some((grade, _)) = policy.grades.get(policy.quote_grade) {
            self.line("quote_grade", quoted(grade));
        }
        for page in &policy.pages {
            self.heading("[[group]]");
            self.line("id", quoted(&page.name));
            self.line(
                "questions",
                list(page.questions.iter().map(|name| quoted(name))),
            );
            if let Some(when) = &page.when {
                self.line("when", literal(&formula(when)));
            }
            if page.optional {
                self.line("optional", true);
            }
        }
        for asked in &policy.asked {
            match asked {
                Asked::One(question) => {
                    self.question(&format!("question.{}", question.name), question)
                }
                Asked::List(list) => self.records(list),
            }
        }
        for question in &policy.supplied {
            self.question(&format!("supplied.{}", question.name), question);
        }
        for feature in &policy.features {
            self.feature(feature);
        }
        for (name, table) in &policy.tables {
            self.heading(&format!("[table.{name}]"));
            self.file(table);
            self.line("file", quoted(&table.file));
            self.rows_of(table, true);
        }
        for value in &policy.values {
            self.heading(&format!("[value.{}]", value.name));
            match &value.figure {
                Figure::Formula(tree) => self.line("formula", literal(&formula(tree))),
                Figure::Table(table) => self.table(table, true),
                Figure::Constant(_) | Figure::Share(..) => {}
            }
            if value.approximate {
                self.line("approximate", true);
            }
        }
        for (heading, rules) in [
            ("[[knockout]]", &policy.knockouts),
            ("[[review]]", &policy.reviews),
            ("[[alert]]", &policy.alerts),
        ] {
            for rule in rules {
                self.rule(heading, rule);
            }
        }
        for (kind, table) in &policy.rule_tables {
            let (heading, level) = match kind {
                RuleKind::Knockout => ("[[knockout]]", None),
                RuleKind::Review => ("[[review]]", None),
                RuleKind::Alert(level) => ("[[alert]]", Some(*level)),
            };
            self.heading(heading);
            self.line("table", quoted(&table.file));
            if table.hit != Hit::RuleOrder {
                self.line("hit", quoted(table.hit.name()));
                self.line(
                    "order",
                    list(table.order.iter().map(|at| quoted(reason(*at)))),
                );
            }
            if let Some(level) = level {
                self.line("level", quoted(level));
            }
            self.file_of(table, "=reason", |output| reason(output).to_owned());
        }
        for card in &policy.cards {
            self.card(card, policy.cards.len() > 1);
        }
        for (name, at_least) in &policy.grades {
            self.heading("[[grade]]");
            self.line("id", quoted(name));
            if let Some(bound) = at_least {
                self.line("at_least", bound);
            }
        }
        if let Some(limit) = &policy.limit {
            self.heading("[limit]");
            self.line("step", constant(limit.step, &Kind::Money));
            self.line("reason", quoted(&limit.reason));
            for (name, figure) in limit
                .affordability
                .iter()
                .map(|figure| ("affordability", figure))
                .chain(
                    limit
                        .caps
                        .iter()
                        .map(|(name, figure)| (name.as_str(), figure)),
                )
            {
                let figure = self.inline(figure);
                self.line(name, figure);
            }
        }
        for product in &policy.products {
            self.product(product, policy.stage != Some("early-warning"));
        }
        for discount in &policy.discounts {
            self.heading("[[discount]]");
            self.line("id", quoted(&discount.name));
            self.line("when", literal(&formula(&discount.when)));
            match discount.change {
                Change::Less(by) => self.line("less", ratio(by)),
                Change::Times(share) => self.line("times", ratio(share)),
            }
        }
        let Price {
            ceiling,
            overdue,
            misuse,
            prepayment,
        } = policy.price;
        self.heading("[price]");
        for (name, figure) in [
            ("ceiling", ceiling),
            ("overdue", Some(overdue)),
            ("misuse", Some(misuse)),
            ("prepayment", Some(prepayment)),
        ] {
            if let Some(figure) = figure {
                self.line(name, ratio(figure));
            }
        }
    }

    fn product(&mut self, product: &Product, offered: bool) {
        self.heading("[[product]]");
        self.line("id", quoted(&product.name));
        if offered {
            self.line("plan", repayment::plan(product.repayment.plan));
            for (key, value) in repayment::manner(&product.repayment) {
                self.line(key, value);
            }
            let rate = match &product.rate {
                Figure::Constant(rate) => number(*rate, &Kind::Ratio),
                other => self.inline(other),
            };
            self.line("rate", rate);
            if !product.fees.is_empty() {
                self.line("fees", list(product.fees.iter().map(repayment::fee)));
            }
        }
        self.line("terms", list(product.terms.iter().map(u16::to_string)));
        self.line("minimum", constant(product.minimum, &Kind::Money));
        self.line("maximum", constant(product.maximum, &Kind::Money));
        if let Some(when) = &product.when {
            self.line("when", literal(&formula(when)));
        }
        if let Some(suits) = &product.suits {
            self.line("suits", literal(&formula(suits)));
        }
    }

    fn question(&mut self, heading: &str, question: &Question) {
        self.heading(&format!("[{heading}]"));
        self.line("kind", quoted(kind_name(&question.kind)));
        match &question.kind {
            Kind::Boolean => {}
            Kind::Choice(options) => {
                self.line(
                    "options",
                    list(options.iter().map(|option| quoted(option.as_str()))),
                );
            }
            kind => {
                let ends = [question.low, question.high].map(|end| number(end, kind));
                self.line("range", list(ends.into_iter()));
                if question.step > 1 {
                    let kind = if *kind == Kind::Date {
                        &Kind::Integer
                    } else {
                        kind
                    };
                    self.line("step", number(question.step, kind));
                }
            }
        }
        if let Some(unit) = question.unit {
            self.line("unit", quoted(unit));
        }
        if question.optional {
            self.line("optional", true);
        }
        if let Some(when) = &question.when {
            self.line("when", literal(&formula(when)));
        }
    }

    fn records(&mut self, records: &List) {
        self.heading(&format!("[question.{}]", records.name));
        self.line("kind", "\"list\"");
        self.line("range", format!("[{}, {}]", records.least, records.most));
        if let Some(when) = &records.when {
            self.line("when", literal(&formula(when)));
        }
        for field in &records.fields {
            self.question(
                &format!("question.{}.fields.{}", records.name, field.name),
                field,
            );
        }
    }

    fn feature(&mut self, feature: &Feature) {
        self.heading(&format!("[feature.{}]", feature.name));
        match &feature.figure {
            Some(Figure::Formula(tree)) => self.line("formula", literal(&formula(tree))),
            Some(Figure::Table(table)) => self.table(table, true),
            Some(Figure::Constant(_) | Figure::Share(..)) | None => {}
        }
        if let Some(when) = &feature.when {
            self.line("when", literal(&formula(when)));
        }
        let step = |step: i128| match &feature.kind {
            Kind::Date => number(step, &Kind::Integer),
            kind => number(step, kind),
        };
        match &feature.precision {
            Precision::Exact => self.line("exact", true),
            Precision::Floor(by) => self.line("floor", step(*by)),
            Precision::Ceil(by) => self.line("ceil", step(*by)),
            Precision::Bands(edges, value) => {
                self.line(
                    "bands",
                    list(edges.iter().map(|edge| number(*edge, &feature.kind))),
                );
                if let Some(value) = value {
                    self.line("value", quoted(value));
                }
            }
            Precision::Groups(groups) => {
                let Kind::Choice(options) = &feature.kind else {
                    return;
                };
                let groups = groups.iter().map(|(name, members)| {
                    let members = members.iter().filter_map(|index| options.get(*index));
                    format!(
                        "{name} = {}",
                        list(members.map(|option| quoted(option.as_str())))
                    )
                });
                let groups: Vec<String> = groups.collect();
                self.line("groups", format!("{{ {} }}", groups.join(", ")));
            }
            Precision::AutoBands => self.line("bands", "\"auto\""),
            Precision::AutoGroups => self.line("groups", "\"auto\""),
        }
    }

    fn rule(&mut self, heading: &str, rule: &Rule) {
        self.heading(heading);
        if let Some(name) = &rule.name {
            self.line("id", quoted(name));
        }
        self.line("when", literal(&formula(&rule.when)));
        self.line("reason", quoted(&rule.reason));
        if let Some(level) = rule.level {
            self.line("level", quoted(level));
        }
    }

    fn card(&mut self, card: &Card, several: bool) {
        self.heading(if several { "[[score]]" } else { "[score]" });
        self.line("card", quoted(&card.file));
        self.line("base", card.base);
        self.line("odds", card.odds);
        self.line("pdo", card.pdo);
        if let Some(start) = card.start {
            self.line("start", start);
        }
        if let Some(when) = &card.when {
            self.line("when", literal(&formula(when)));
        }
        let mut csv = "characteristic,bin,points,reason\n".to_owned();
        for characteristic in &card.characteristics {
            for bin in &characteristic.bins {
                let cell = field(&cell(&bin.cell, &characteristic.kind));
                let reason = bin.reason.as_deref().unwrap_or_default();
                let _ = writeln!(
                    csv,
                    "{},{cell},{},{reason}",
                    characteristic.name, bin.points
                );
            }
        }
        self.tables.push((card.file.clone(), csv));
    }

    /// A figure between braces.
    fn inline(&mut self, figure: &Figure) -> String {
        match figure {
            Figure::Formula(tree) => format!("{{ formula = {} }}", literal(&formula(tree))),
            Figure::Constant(value) => number(*value, &Kind::Ratio),
            Figure::Share(tree, share) => {
                let share = number(*share, &Kind::Ratio);
                format!("{{ from = {}, share = {share} }}", literal(&formula(tree)))
            }
            Figure::Table(table) => {
                self.file(table);
                let hit = match table.hit {
                    Hit::Unique => String::new(),
                    hit => format!(", hit = {}", quoted(hit.name())),
                };
                format!("{{ table = {}{hit}{} }}", quoted(&table.file), order(table))
            }
        }
    }

    fn table(&mut self, table: &Table, kinds: bool) {
        self.file(table);
        self.line("table", quoted(&table.file));
        self.rows_of(table, kinds);
    }

    fn rows_of(&mut self, table: &Table, kinds: bool) {
        if table.hit != Hit::Unique {
            self.line("hit", quoted(table.hit.name()));
        }
        if kinds && !matches!(table.kind, Kind::Choice(_)) {
            self.line("kind", quoted(kind_name(&table.kind)));
        }
        if !table.order.is_empty() {
            let order = table
                .order
                .iter()
                .map(|output| number(*output, &table.kind));
            self.line("order", list(order));
        }
    }

    fn file(&mut self, table: &Table) {
        self.file_of(table, "=output", |output| {
            field(&constant(output, &table.kind))
        });
    }

    fn file_of(&mut self, table: &Table, heading: &str, output: impl Fn(i128) -> String) {
        let mut csv = String::new();
        for (name, _) in &table.columns {
            let _ = write!(csv, "{name},");
        }
        let _ = writeln!(csv, "{heading}");
        for row in &table.rows {
            for (cell, (_, kind)) in row.cells.iter().zip(&table.columns) {
                let _ = write!(csv, "{},", field(&self::cell(cell, kind)));
            }
            let _ = writeln!(csv, "{}", output(row.output));
        }
        self.tables.push((table.file.clone(), csv));
    }
}

/// A reason by its index.
pub(super) fn reason(index: i128) -> &'static str {
    usize::try_from(index)
        .ok()
        .and_then(|index| REASONS.get(index))
        .copied()
        .unwrap_or_default()
}

fn order(table: &Table) -> String {
    if table.order.is_empty() {
        return String::new();
    }
    let order = table
        .order
        .iter()
        .map(|output| number(*output, &table.kind));
    format!(", order = {}", list(order))
}

/// A cell's text.
fn cell(cell: &Cell, kind: &Kind) -> String {
    let constant = |value: &i128| constant(*value, kind);
    let parts: Vec<String> = cell
        .iter()
        .map(|part| match part {
            Part::Any => "-".to_owned(),
            Part::Missing => "missing".to_owned(),
            Part::Unseen => "unseen".to_owned(),
            Part::Is(value) => constant(value),
            Part::Below(value) => format!("< {}", constant(value)),
            Part::AtMost(value) => format!("<= {}", constant(value)),
            Part::Above(value) => format!("> {}", constant(value)),
            Part::AtLeast(value) => format!(">= {}", constant(value)),
            Part::In(between) => range(between, kind),
        })
        .collect();
    parts.join(", ")
}

/// A field of a CSV file.
fn field(text: &str) -> String {
    if text.contains([',', '"']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_owned()
    }
}

fn kind_name(kind: &Kind) -> &'static str {
    match kind {
        Kind::Integer => "integer",
        Kind::Money => "money",
        Kind::Ratio => "ratio",
        Kind::Real => "real",
        Kind::Boolean => "boolean",
        Kind::Date => "date",
        Kind::Period => "period",
        Kind::Choice(_) => "choice",
    }
}

fn quoted(text: &str) -> String {
    format!("\"{text}\"")
}

/// A formula, which holds quotes of one kind only.
fn literal(formula: &str) -> String {
    format!("'{formula}'")
}

fn list(items: impl Iterator<Item = String>) -> String {
    format!("[{}]", items.collect::<Vec<String>>().join(", "))
}
