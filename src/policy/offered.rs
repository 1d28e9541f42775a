//! What of a request comes together.

use super::body::{Body, DecideContext};
use super::program::{Node, NodeId};
use super::table::Cells;
use crate::LARGEST;

/// Which terms each product is offered for. A decision looks at no other
/// terms of a product, so that tables need no rows for them.
#[derive(Clone, Debug, Default)]
pub struct Offered {
    product: u16,
    term: u16,
    /// The terms of each product, ascending.
    terms: Vec<Vec<i64>>,
}

impl Offered {
    /// These terms of each product, ascending, behind so many features. The
    /// default has no products: before the waist nothing is known of them.
    pub fn new(features: usize, terms: Vec<Vec<i64>>) -> Offered {
        let input = |context: DecideContext| u16::try_from(features + context as usize);
        Offered {
            product: input(DecideContext::Product).unwrap_or(u16::MAX),
            term: input(DecideContext::Term).unwrap_or(u16::MAX),
            terms,
        }
    }

    pub(super) fn of(body: &Body) -> Offered {
        let products = body.products.iter();
        let terms = products.map(|product| product.terms.iter().map(|t| i64::from(*t)).collect());
        Offered::new(body.features.len(), terms.collect())
    }

    /// Rows that take in what no product offers, for a look-up with these
    /// operands: a row for each product where it reads both product and term,
    /// else none.
    pub fn left_out(&self, nodes: &[Node], operands: &[NodeId]) -> Vec<Vec<Cells>> {
        let column = |input: u16| {
            let is_it = |id: &NodeId| nodes.get(usize::from(*id)) == Some(&Node::Input(input));
            operands.iter().position(is_it)
        };
        let (Some(product), Some(term)) = (column(self.product), column(self.term)) else {
            return Vec::new();
        };
        let row = |(index, terms): (i64, &Vec<i64>)| {
            let mut row = vec![Cells::Any; operands.len()];
            for (column, intervals) in [(product, vec![(index, index)]), (term, between(terms))] {
                if let Some(cells) = row.get_mut(column) {
                    let missing = false;
                    *cells = Cells::Of { intervals, missing };
                }
            }
            row
        };
        (0..).zip(&self.terms).map(row).collect()
    }
}

/// What lies between ascending values, below and above them.
fn between(values: &[i64]) -> Vec<(i64, i64)> {
    let lows = [-LARGEST].into_iter().chain(values.iter().map(|v| v + 1));
    let highs = values.iter().map(|v| v - 1).chain([LARGEST]);
    lows.zip(highs).filter(|(low, high)| low <= high).collect()
}
