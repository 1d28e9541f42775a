//! Scores, limits and offers, and what they are made of.

use prequal::policy::{Kind, Value};
use prequal::{Money, Offer, Ratio, Steps};
use prequal_compiler::Role;

use super::look::Look;
use super::told::Told;
use crate::figure;

impl Look<'_> {
    /// Score, probability or grade.
    pub(super) fn scored(&self, name: &str) -> Option<Told> {
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
    pub(super) fn limit(&self) -> Option<Told> {
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

    fn money(&self, text: &str, amount: Money) -> Told {
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
    pub(super) fn offers(&self, name: &str) -> Vec<Told> {
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
        let ratio = |text: &str, ratio: Ratio| {
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
        let mut told = vec![
            asked,
            rate,
            Told {
                text: "limit".to_owned(),
                ..self.bounds(offer)
            },
            self.money("received", offer.received)
                .note("paid out, less what is paid back at once"),
            self.money("instalment", offer.instalment)
                .note(format!("the first, {loan}")),
            self.money("largest_instalment", offer.largest_instalment),
            self.money("last_instalment", offer.last_instalment)
                .note("which takes the remainder"),
            self.money("interest", offer.interest).note("all interest"),
        ];
        told.extend(offer.fees.iter().map(|fee| {
            let how = format!("{}, to {}, each time", fee.charged.code(), fee.payee);
            self.money(&format!("fee {}", fee.name), fee.amount)
                .note(how)
        }));
        told.extend([
            self.money("total", offer.total)
                .note("amount, interest and fees"),
            ratio("simple_rate", offer.simple_rate).note("all-in, simple"),
            ratio("compound_rate", offer.compound_rate).note("all-in, compound"),
        ]);
        told
    }
}
