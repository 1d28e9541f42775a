//! Figures that may be worked out for each month of the year.

use prequal::policy::Kind;

use super::{Scope, Typed};
use crate::declare::Figure;
use crate::source::Span;

/// What a figure for each month of the year calls the month, 1 to 12.
pub(crate) const DUE_MONTH: &str = "due_month";

impl Scope<'_> {
    /// A figure for each month of the year, if it asks for the month, else one
    /// for all.
    pub(crate) fn monthly(&mut self, figure: &Figure, kind: &Kind) -> Vec<Typed> {
        let mut months = Vec::new();
        for month in 1..=12 {
            self.month = Some((month, false));
            let typed = self.figure(figure, Some(kind));
            let asked = self.month.take().is_some_and(|(_, asked)| asked);
            let failed = typed.is_none();
            months.extend(typed);
            if failed || !asked {
                break;
            }
        }
        months
    }

    /// The month that a figure is worked out for just now.
    pub(super) fn due_month(&mut self, span: &Span) -> Option<Typed> {
        let (month, asked) = self.month.as_mut()?;
        *asked = true;
        let node = self.arena.constant(i64::from(*month), span);
        Some(Typed {
            kind: Kind::Integer,
            optional: false,
            node,
        })
    }
}
