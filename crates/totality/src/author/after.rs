//! After the waist: rules, card and bounds on given terms.

use prequal::Rounding;
use prequal::policy::Change;

use super::Names;
use super::table::takes;
use crate::model::policy::{Card, MONTH, Part, Policy, Precision, REASONS, RuleKind};
use crate::model::tree::Tree;
use crate::naive::number::{Fraction, Value, round};
use crate::naive::{Bug, Bugs, Fault, Found, Terms, probability};

/// What is read after the waist, besides the score.
#[derive(Clone, Debug)]
pub(crate) struct Facts<'a> {
    /// Features before they are reduced, and as they are told.
    pub(crate) features: &'a [Value],
    pub(crate) told: &'a [Value],
    pub(crate) as_of: i128,
}

/// What a policy says on given terms.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Seen {
    /// Rules that fire, by their names.
    pub(crate) knockouts: Vec<String>,
    pub(crate) reviews: Vec<String>,
    pub(crate) alerts: Vec<String>,
    /// The bin of each characteristic, by index, and its points.
    pub(crate) bins: Vec<(String, usize, i128)>,
    pub(crate) score: Option<i128>,
    pub(crate) grade: Option<String>,
}

/// What a policy says of an offer's terms.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Bounds {
    /// What can go to instalments: nothing, one figure or one for each month.
    pub(crate) affordability: Vec<i128>,
    pub(crate) caps: Vec<(String, i128)>,
    /// The rate, discounts taken off.
    pub(crate) rate: i128,
    pub(crate) discounts: Vec<String>,
    pub(crate) suits: bool,
    pub(crate) reviewed: bool,
}

impl Policy {
    /// What the policy says on these terms.
    pub(crate) fn seen(&self, facts: &Facts<'_>, terms: Terms) -> Found<Seen> {
        let (names, mut seen) = self.names(facts, terms)?;
        let mut rules = Vec::new();
        for (kind, of) in [
            (RuleKind::Knockout, &self.knockouts),
            (RuleKind::Review, &self.reviews),
            (RuleKind::Alert(""), &self.alerts),
        ] {
            for (index, rule) in of.iter().enumerate() {
                let name = rule.name.clone().unwrap_or_else(|| index.to_string());
                if names.holds(&rule.when)? {
                    rules.push((kind, name));
                }
            }
        }
        for (kind, table) in &self.rule_tables {
            let inputs = names.columns(&table.columns)?;
            let mut hits: Vec<(usize, i128)> = table
                .hits(&inputs)
                .map(|(index, row)| (index, row.output))
                .collect();
            if !table.order.is_empty() {
                hits.sort_by_key(|(_, output)| table.place(*output));
            }
            let stem = table
                .file
                .trim_start_matches("tables/")
                .trim_end_matches(".csv");
            // A row is called after its reason, and counted among those of the same.
            for (index, output) in hits {
                let reason = usize::try_from(output).ok().and_then(|at| REASONS.get(at));
                let reason = reason.ok_or(Fault::NotThere)?.to_lowercase();
                let rows = table.rows.iter().take(index);
                rules.push(match rows.filter(|row| row.output == output).count() {
                    0 => (*kind, format!("{stem}.{reason}")),
                    before => (*kind, format!("{stem}.{reason}.{}", before + 1)),
                });
            }
        }
        for (kind, name) in rules {
            match kind {
                RuleKind::Knockout => seen.knockouts.push(name),
                RuleKind::Review => seen.reviews.push(name),
                RuleKind::Alert(_) => seen.alerts.push(name),
            }
        }
        Ok(seen)
    }

    /// What bounds an offer of these terms, and its price.
    pub(crate) fn bounds(&self, facts: &Facts<'_>, terms: Terms) -> Found<Bounds> {
        let (mut names, _) = self.names(facts, terms)?;
        let limit = self.limit.as_ref().ok_or(Fault::NotThere)?;
        let product = self.products.get(terms.product).ok_or(Fault::NotThere)?;
        let mut bounds = Bounds {
            rate: names.figure(&product.rate)?.ok_or(Fault::Missing)?,
            reviewed: !self.seen(facts, terms)?.reviews.is_empty(),
            ..Bounds::default()
        };
        for discount in &self.discounts {
            if names.holds(&discount.when)? {
                bounds.discounts.push(discount.name.clone());
                bounds.rate = left(bounds.rate, discount.change);
            }
        }
        if let Some(suits) = &product.suits {
            bounds.suits = names.holds(suits)?;
        }
        if let Some(figure) = &limit.affordability {
            let by_month = figure.reads(MONTH) && !names.misread(Bug::OneMonthForAll);
            for month in 1..=if by_month { 12 } else { 1 } {
                names.put(MONTH, Some(month));
                let amount = names.figure(figure)?.ok_or(Fault::Missing)?;
                bounds.affordability.push(amount);
            }
        }
        for (name, figure) in &limit.caps {
            let amount = names.figure(figure)?.ok_or(Fault::Missing)?;
            bounds.caps.push((name.clone(), amount));
        }
        Ok(bounds)
    }

    /// Which products are open to someone.
    pub(crate) fn open_to(&self, facts: &Facts<'_>) -> Found<Vec<String>> {
        let names = self.unscored(
            facts,
            Terms {
                product: 0,
                amount: 0,
                term: 0,
            },
        );
        let mut open = Vec::new();
        for product in &self.products {
            if product
                .when
                .as_ref()
                .map_or(Ok(true), |when| names.holds(when))?
            {
                open.push(product.name.clone());
            }
        }
        Ok(open)
    }

    fn unscored(&self, facts: &Facts<'_>, terms: Terms) -> Names<'_> {
        let mut names = Names {
            policy: Some(self),
            ..Names::default()
        };
        let features = self
            .features
            .iter()
            .zip(facts.features.iter().zip(facts.told));
        for (feature, (whole, told)) in features {
            // Cells that the compiler chose decide as the whole value does.
            let chosen = matches!(
                feature.precision,
                Precision::AutoBands | Precision::AutoGroups
            );
            names.put(&feature.name, if chosen { *whole } else { *told });
        }
        names.put("as_of", Some(facts.as_of));
        names.put("amount", Some(terms.amount));
        names.put("term", Some(terms.term));
        names.put("product", Some(terms.product as i128));
        names
    }

    fn names(&self, facts: &Facts<'_>, terms: Terms) -> Found<(Names<'_>, Seen)> {
        let mut names = self.unscored(facts, terms);
        let mut seen = Seen::default();
        let mut card = None;
        for candidate in &self.cards {
            let holds = |when: &Tree| names.holds(when);
            if card.is_none() && candidate.when.as_ref().map_or(Ok(true), holds)? {
                card = Some(candidate);
            }
        }
        if let Some(card) = card {
            seen.bins = bins(card, &names)?;
            let points: i128 = seen.bins.iter().map(|(_, _, points)| points).sum();
            let score = points + card.start.unwrap_or(0);
            let mut grades = self.grades.iter().enumerate();
            let reached = |bound: Option<i128>| bound.is_none_or(|bound| score >= bound);
            let grade = grades.find(|(_, (_, bound))| reached(*bound));
            let (grade, (name, _)) = grade.ok_or(Fault::NotThere)?;
            (seen.score, seen.grade) = (Some(score), Some(name.clone()));
            names.put("score", Some(score));
            names.put("grade", Some(grade as i128));
            let probability = probability(score - card.base, card.odds, card.pdo, Bugs::NONE)?;
            names.put("probability", Some(probability));
        }
        Ok((names, seen))
    }
}

/// What a discount leaves of a rate.
fn left(rate: i128, change: Change) -> i128 {
    match change {
        Change::Less(by) => (rate - i128::from(by.millionths())).max(0),
        Change::Times(share) => {
            let left = Fraction::new(rate * i128::from(share.millionths()), 1_000_000);
            round(left, Rounding::Up, Bugs::NONE)
        }
    }
}

/// The bin of each characteristic.
fn bins(card: &Card, names: &Names<'_>) -> Found<Vec<(String, usize, i128)>> {
    let mut found = Vec::new();
    for characteristic in &card.characteristics {
        let value = names.named(&characteristic.name)?;
        let last = characteristic.bins.last();
        let unseen_last = last.is_some_and(|bin| bin.cell.contains(&Part::Unseen));
        if value.is_none() && unseen_last && names.misread(Bug::UnseenTakesMissing) {
            let points = last.map_or(0, |bin| bin.points);
            found.push((
                characteristic.name.clone(),
                characteristic.bins.len() - 1,
                points,
            ));
            continue;
        }
        let bins = || characteristic.bins.iter().enumerate();
        // What no bin names is for the one that says so.
        let named = bins().find(|(_, bin)| takes(&bin.cell, value));
        let unseen = bins().find(|(_, bin)| value.is_some() && bin.cell.contains(&Part::Unseen));
        let (index, bin) = named.or(unseen).ok_or(Fault::Gap)?;
        found.push((characteristic.name.clone(), index, bin.points));
    }
    Ok(found)
}
