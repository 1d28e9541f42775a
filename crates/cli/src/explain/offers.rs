//! Offers told to a person: what each costs, and which fits best.

use prequal::{Offer, OfferFee, Ratio};

use super::account::{Account, Page};

impl Account<'_> {
    pub(super) fn offers(&self, page: &mut Page) {
        let words = self.words;
        page.pause();
        let offers = &self.decision().offers;
        if offers.is_empty() {
            page.put(0, words.say("offer.none", &[]));
            return;
        }
        page.put(0, words.say("offer.heading", &[]));
        for offer in offers {
            self.offer(offer, page);
        }
        if let Some(best) = &self.decision().recommended {
            let key = format!("recommended.{}", best.why.code());
            page.put(1, self.say(&key, &self.terms(&best.product, best.term)));
        }
    }

    fn offer(&self, offer: &Offer, page: &mut Page) {
        let words = self.words;
        let mut parts = self.terms(&offer.product, offer.term);
        parts.push(("amount", self.money(offer.amount)));
        parts.push(("rate", words.percent(offer.annual_rate)));
        page.put(1, self.say("offer.line", &parts));
        for discount in &offer.discounts {
            let name = words.name(&[format!("discount.{discount}")], discount);
            page.put(2, self.say("offer.discount", &[("name", name)]));
        }
        let paid = [
            ("instalment", self.money(offer.instalment)),
            ("largest", self.money(offer.largest_instalment)),
            ("last", self.money(offer.last_instalment)),
            ("total", self.money(offer.total)),
            ("interest", self.money(offer.interest)),
        ];
        let key = match offer.level {
            true => "offer.paid",
            false => "offer.uneven",
        };
        page.put(2, self.say(key, &paid));
        for fee in &offer.fees {
            page.put(2, self.fee(fee));
        }
        if offer.received < offer.amount {
            let received = [("received", self.money(offer.received))];
            page.put(2, self.say("offer.received", &received));
        }
        let rates = [
            ("simple", words.measured(offer.simple_rate)),
            ("compound", words.measured(offer.compound_rate)),
        ];
        page.put(2, self.say("offer.rates", &rates));
        let otherwise = [
            ("overdue", words.percent(offer.overdue_rate)),
            ("misuse", words.percent(offer.misuse_rate)),
        ];
        page.put(2, self.say("offer.otherwise", &otherwise));
        let early = [("share", words.percent(offer.prepayment_fee))];
        let key = match offer.prepayment_fee > Ratio::ZERO {
            true => "offer.early",
            false => "offer.early_free",
        };
        page.put(2, self.say(key, &early));
        if offer.review {
            page.put(2, words.say("offer.review", &[]));
        }
    }

    /// What it is, how and when it is charged, and who receives it.
    fn fee(&self, fee: &OfferFee) -> String {
        let words = self.words;
        let (name, payee) = (&fee.name, &fee.payee);
        let parts = [
            ("name", words.name(&[format!("fee.{name}")], name)),
            ("payee", words.name(&[format!("payee.{payee}")], payee)),
            ("each", self.money(fee.each)),
            ("times", fee.times.to_string()),
            ("amount", self.money(fee.amount)),
        ];
        self.say(&format!("fee.{}", fee.charged.code()), &parts)
    }

    pub(super) fn refused(&self, page: &mut Page) {
        let refused = &self.decision().refused;
        if refused.is_empty() {
            return;
        }
        page.pause();
        page.put(0, self.words.say("refused.heading", &[]));
        for refusal in refused {
            let mut key = format!("refused.{}", refusal.reason.code());
            let mut parts = self.terms(&refusal.product, refusal.term);
            if let Some(binding) = &refusal.binding {
                parts.push(("bound", self.bound(binding)));
                let bound = format!("{key}_bound");
                if self.words.has(&bound) {
                    key = bound;
                }
            }
            page.put(1, self.say(&key, &parts));
        }
    }
}
