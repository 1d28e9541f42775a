//! Which of several offers is best for most who ask for this.

use core::cmp::Ordering;

use super::decision::{Offer, Recommended, Why};

/// An offer, and whether its product suits.
pub(super) struct Made {
    pub(super) offer: Offer,
    pub(super) suits: bool,
}

/// The best of these offers, of equal ones the first.
pub(super) fn recommended(offers: &[Made]) -> Option<Recommended> {
    let mut best = offers.first()?;
    for made in offers {
        if better(made, best).is_some() {
            best = made;
        }
    }
    let mut why = if offers.len() > 1 {
        Why::Order
    } else {
        Why::Only
    };
    for made in offers {
        // The best of those that are not its equal is the one that differs last.
        if let Some(ahead) = better(best, made)
            && (why == Why::Order || ahead > why)
        {
            why = ahead;
        }
    }
    Some(Recommended {
        product: best.offer.product.clone(),
        term: best.offer.term,
        why,
    })
}

/// In what an offer is better than another, if it is.
fn better(one: &Made, other: &Made) -> Option<Why> {
    let compared = [
        (Why::Amount, one.offer.amount.cmp(&other.offer.amount)),
        (Why::NoReview, other.offer.review.cmp(&one.offer.review)),
        (Why::Suits, one.suits.cmp(&other.suits)),
        (Why::Headroom, one.has_headroom().cmp(&other.has_headroom())),
        (Why::Cost, other.cost().cmp(&one.cost())),
    ];
    let differs = |(_, order): &(Why, Ordering)| *order != Ordering::Equal;
    let (why, order) = compared.into_iter().find(differs)?;
    (order == Ordering::Greater).then_some(why)
}

impl Made {
    /// Whether no more than four fifths of the limit are taken up.
    fn has_headroom(&self) -> bool {
        let (amount, limit) = (self.offer.amount.minor(), self.offer.limit.minor());
        amount.saturating_mul(5) <= limit.saturating_mul(4)
    }

    fn cost(&self) -> i64 {
        self.offer.total.minor() - self.offer.amount.minor()
    }
}
