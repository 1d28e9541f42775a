//! What is offered, to whom, and at what price.

use super::super::range::{MAX_RATE, MAX_TERM};
use super::*;
use crate::Ratio;
use crate::loan::Fee;

/// The largest amount of a product in minor units: ten thousand million yuan.
const MAX_PRINCIPAL: i64 = 1_000_000_000_000;

pub(super) fn products(body: &Body) -> Result<(), PolicyError> {
    let offers: usize = body
        .products
        .iter()
        .map(|product| product.terms.len())
        .sum();
    ensure((1..=MAX_OFFERS).contains(&offers), Place::Offers)?;
    ensure(body.limit.step.minor() >= 1, Place::Limit)?;
    for (index, product) in body.products.iter().enumerate() {
        let place = Place::Product(short(index));
        let ascending = product
            .terms
            .windows(2)
            .all(|pair| pair.first() < pair.last());
        let possible = product
            .terms
            .iter()
            .all(|term| (1..=MAX_TERM).contains(&i64::from(*term)));
        ensure(ascending && possible && !product.terms.is_empty(), place)?;
        let (least, most) = (product.minimum.minor(), product.maximum.minor());
        // Interest over the longest term at the highest rate must stay countable.
        ensure(1 <= least && least <= most && most <= MAX_PRINCIPAL, place)?;
        let fits = |term: &u16| product.repayment.fits(*term, product.minimum).is_ok();
        ensure(product.terms.iter().all(fits), place)?;
        ensure(product.fees.iter().all(|fee| is_fee(&fee.fee)), place)?;
    }
    Ok(())
}

fn is_fee(fee: &Fee) -> bool {
    (0..=MAX_PRINCIPAL).contains(&fee.fixed.minor()) && is_share(fee.share)
}

fn is_share(ratio: Ratio) -> bool {
    (0..=Ratio::SCALE).contains(&ratio.millionths())
}

/// Who can have a product is the same for everything that is asked for.
pub(super) fn eligible_products(
    body: &Body,
    decided: &[Domain],
    unscored: usize,
) -> Result<(), PolicyError> {
    let requested = [
        DecideContext::Amount as usize,
        DecideContext::Term as usize,
        DecideContext::Product as usize,
    ];
    let features = body.features.len();
    let reads = body
        .decide
        .readers(|input| requested.iter().any(|c| usize::from(input) == features + c));
    for (index, product) in body.products.iter().enumerate() {
        let sound = product.when.is_none_or(|when| {
            usize::from(when) < unscored
                && bounded(decided, when, 0, 1)
                && reads.get(usize::from(when)) == Some(&false)
        });
        ensure(sound, Place::Product(short(index)))?;
    }
    Ok(())
}

/// A rate is between 0 and 1 000 % a year and, since a quote knows neither
/// answers nor day, reads no feature and no date; of what a card yields it
/// reads the grade only.
pub(super) fn prices(body: &Body, decided: &[Domain]) -> Result<(), PolicyError> {
    let features = body.features.len();
    let unknown = [
        DecideContext::AsOf as usize,
        DecideContext::Score as usize,
        DecideContext::Probability as usize,
    ];
    let reads = body.decide.readers(|input| {
        usize::from(input) < features || unknown.iter().any(|c| usize::from(input) == features + c)
    });
    for (index, product) in body.products.iter().enumerate() {
        let known = reads.get(usize::from(product.rate)) == Some(&false);
        let suits = product
            .suits
            .is_none_or(|suits| bounded(decided, suits, 0, 1));
        let sound = known && suits && bounded(decided, product.rate, 0, MAX_RATE);
        ensure(sound, Place::Product(short(index)))?;
    }
    for discount in &body.discounts {
        let (Change::Less(by) | Change::Times(by)) = discount.change;
        let sound = bounded(decided, discount.when, 0, 1) && is_share(by);
        ensure(sound, Place::Price)?;
    }
    let price = body.price;
    let beyond = [price.overdue, price.misuse, price.prepayment];
    let ratios = beyond.into_iter().chain(price.ceiling);
    ensure(
        ratios
            .map(Ratio::millionths)
            .all(|r| (0..=MAX_RATE).contains(&r)),
        Place::Price,
    )
}
