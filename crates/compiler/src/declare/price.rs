//! Discounts, and what bounds a price.

use prequal::Ratio;
use prequal::policy::{Change, Kind, Price};

use super::DiscountSource;
use super::names::{bounded, placed_id};
use crate::diagnostic::{Code, Diagnostic};
use crate::document::{Section, Sink};
use crate::source::At;

/// A discount on the nominal rate.
pub(super) fn discount(mut section: Section, sink: &mut Sink) -> Option<DiscountSource> {
    let id = section
        .need_text("id", sink)
        .and_then(|t| placed_id(&t, sink));
    let when = section.need_text("when", sink);
    let mut share = |key, sink: &mut Sink| {
        let number = section.number(key, &Kind::Ratio, sink)?;
        bounded(number, 0, Ratio::SCALE, "a share in millionths is", sink)
    };
    let (less, times) = (share("less", sink), share("times", sink));
    let span = section.span.clone();
    section.finish(sink);
    let ratio = |number: At<i64>| Ratio::new(number.it);
    let change = match (less, times) {
        (Some(less), None) => Some(Change::Less(ratio(less))),
        (None, Some(times)) => Some(Change::Times(ratio(times))),
        _ => {
            let message = "a discount needs `less` or `times`";
            let help = "`less = 0.005` takes half a percentage point off the yearly rate, `times = 0.9` a tenth of it";
            sink.push(Diagnostic::new(Code::MissingKey, &span, message).help(help));
            None
        }
    };
    Some(DiscountSource {
        id: id?,
        when,
        change,
    })
}

/// What bounds a price, and what may come on top of it.
pub(super) fn price(mut section: Section, sink: &mut Sink) -> Price {
    let mut ratio = |key, sink: &mut Sink| {
        let number = section.number(key, &Kind::Ratio, sink)?;
        let number = bounded(number, 0, 10_000_000, "a ratio in millionths is", sink)?;
        Some(Ratio::new(number.it))
    };
    let price = Price {
        ceiling: ratio("ceiling", sink),
        overdue: ratio("overdue", sink).unwrap_or_default(),
        misuse: ratio("misuse", sink).unwrap_or_default(),
        prepayment: ratio("prepayment", sink).unwrap_or_default(),
    };
    section.finish(sink);
    price
}
