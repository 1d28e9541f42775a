//! CONSERVATIVE: which way a figure goes when a feature rises.

use prequal::policy::{Domain, Node, NodeId, Program};

/// How a step moves when a feature rises within its cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Direction {
    /// Not at all.
    Still,
    /// Up, or not at all.
    Up,
    /// Down, or not at all.
    Down,
    /// Not known.
    Either,
}

impl Direction {
    fn with(self, other: Direction) -> Direction {
        match (self, other) {
            (Direction::Still, other) | (other, Direction::Still) => other,
            (a, b) if a == b => a,
            _ => Direction::Either,
        }
    }

    fn turned(self) -> Direction {
        match self {
            Direction::Up => Direction::Down,
            Direction::Down => Direction::Up,
            other => other,
        }
    }

    /// The direction of a product with a factor of this range.
    fn times(self, factor: Option<Domain>) -> Direction {
        match (self, factor) {
            (Direction::Still, _) => Direction::Still,
            (_, Some(Domain { low: 0.., .. })) => self,
            (_, Some(Domain { high: ..=0, .. })) => self.turned(),
            _ => Direction::Either,
        }
    }
}

/// The directions of every step for one feature.
#[derive(Debug)]
pub(crate) struct Directions(Vec<Direction>);

impl Directions {
    /// For the feature that is this input. `domains` hold for the features
    /// before and after they are reduced.
    ///
    /// Comparisons and look-ups do not move within a cell: they are EXACT.
    /// Every rounding is monotone. Steps that are `declared` APPROXIMATE are
    /// taken to stand still: nobody asks for a proof of them.
    pub(crate) fn of(
        feature: usize,
        program: &Program,
        domains: &[Option<Domain>],
        declared: &[bool],
    ) -> Directions {
        let mut all: Vec<Direction> = Vec::new();
        for (index, node) in program.nodes.iter().enumerate() {
            let direction = match declared.get(index) {
                Some(true) => Direction::Still,
                _ => direction(node, feature, &all, domains),
            };
            all.push(direction);
        }
        Directions(all)
    }

    /// A step's direction.
    pub(crate) fn at(&self, node: NodeId) -> Direction {
        self.0
            .get(usize::from(node))
            .copied()
            .unwrap_or(Direction::Either)
    }
}

fn direction(
    node: &Node,
    feature: usize,
    all: &[Direction],
    domains: &[Option<Domain>],
) -> Direction {
    let at = |id: &NodeId| {
        all.get(usize::from(*id))
            .copied()
            .unwrap_or(Direction::Either)
    };
    let domain = |id: &NodeId| domains.get(usize::from(*id)).copied().flatten();
    match node {
        Node::Input(index) if usize::from(*index) == feature => Direction::Up,
        Node::Input(_) | Node::Const(_) => Direction::Still,
        Node::Eq(..)
        | Node::Lt(..)
        | Node::Le(..)
        | Node::Within(..)
        | Node::IsMissing(_)
        | Node::Lookup(..)
        | Node::Collect { .. } => Direction::Still,
        Node::Not(a) => at(a).turned(),
        Node::Round { a, .. } | Node::Year(a) => at(a),
        Node::Add(a, b)
        | Node::Min(a, b)
        | Node::Max(a, b)
        | Node::And(a, b)
        | Node::Or(a, b)
        | Node::Else(a, b)
        | Node::Shift(a, b) => at(a).with(at(b)),
        Node::Sub(a, b) => at(a).with(at(b).turned()),
        Node::Months(from, to) | Node::Years(from, to) => at(to).with(at(from).turned()),
        Node::Mul { a, b, .. } => at(a).times(domain(b)).with(at(b).times(domain(a))),
        Node::Div {
            a, b, otherwise, ..
        } => quotient(at(a), at(b), domain(a), domain(b))
            .with(otherwise.as_ref().map_or(Direction::Still, at)),
        Node::Instalment {
            principal,
            rate,
            months,
        } => at(principal).with(at(rate)).with(at(months).turned()),
        Node::Abs(a) => at(a).times(domain(a)),
        Node::Month(_) | Node::Variation(_) => {
            let mut still = true;
            node.for_each_operand(|operand| still &= at(&operand) == Direction::Still);
            if still {
                Direction::Still
            } else {
                Direction::Either
            }
        }
        Node::When(condition, a) => match at(condition) {
            Direction::Still => at(a),
            _ => Direction::Either,
        },
        Node::If(condition, then, otherwise) => match at(condition) {
            Direction::Still => at(then).with(at(otherwise)),
            _ => Direction::Either,
        },
    }
}

/// A quotient follows its dividend by the divisor's sign; a divisor that moves
/// must not reach zero, and turns the quotient by the dividend's sign.
fn quotient(
    a: Direction,
    b: Direction,
    dividend: Option<Domain>,
    divisor: Option<Domain>,
) -> Direction {
    let apart = divisor.is_some_and(|d| d.low > 0 || d.high < 0);
    if b != Direction::Still && !apart {
        return Direction::Either;
    }
    a.times(divisor).with(b.turned().times(dividend))
}

#[cfg(test)]
mod tests {
    use super::*;
    use prequal::Rounding;

    fn domain(low: i64, high: i64) -> Option<Domain> {
        Some(Domain {
            low,
            high,
            optional: false,
        })
    }

    #[test]
    fn signs_decide_where_a_product_or_quotient_goes() {
        let check = |b: (i64, i64), node: fn(NodeId, NodeId) -> Node, expected| {
            let nodes = vec![Node::Input(0), Node::Input(1), node(0, 1)];
            let domains = [domain(1, 9), domain(b.0, b.1), None];
            let directions = Directions::of(0, &Program { nodes }, &domains, &[]);
            assert_eq!(directions.at(2), expected, "{b:?}");
        };
        let times: fn(NodeId, NodeId) -> Node = |a, b| Node::Mul {
            a,
            b,
            scale: 1,
            rounding: Rounding::HalfUp,
        };
        let over: fn(NodeId, NodeId) -> Node = |a, b| Node::Div {
            a,
            b,
            scale: 1,
            rounding: Rounding::HalfUp,
            otherwise: None,
        };
        let under: fn(NodeId, NodeId) -> Node = |a, b| Node::Div {
            a: b,
            b: a,
            scale: 1,
            rounding: Rounding::HalfUp,
            otherwise: None,
        };
        check((0, 5), times, Direction::Up);
        check((-5, 0), times, Direction::Down);
        check((-5, 5), times, Direction::Either);
        check((1, 5), over, Direction::Up);
        check((-5, -1), over, Direction::Down);
        check((0, 5), under, Direction::Down);
        check((-5, 5), under, Direction::Either);
    }
}
