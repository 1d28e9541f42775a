//! How much an assessment and a submission of a policy can come to at most:
//! counted when it is checked, never timed.

use super::table::put_in_order;
use super::*;
use crate::LARGEST;

/// The most steps of an assessment: formula steps, table cells and bins
/// looked at, over every amount of every offer that is tried.
pub(super) const MAX_WORK: u64 = 8_000_000;

/// The most amounts on the step grids of all offers together that are looked
/// at one by one, in a policy that does arithmetic with the amount.
pub const MAX_GRID: i64 = 16_384;

/// The steps of the longest derivation.
pub(super) fn derivation(body: &Body) -> u64 {
    u64::try_from(steps(&body.derive, &body.tables)).unwrap_or(u64::MAX)
}

/// The steps of the longest assessment: each offer looks for its limit and
/// for what was asked for. An early warning makes no offers.
pub(super) fn work(body: &Body, amount_cuts: Option<&[i64]>) -> u64 {
    let nodes = steps(&body.decide, &body.tables);
    let characteristics = body.cards.iter().flat_map(|card| &card.characteristics);
    let bins: usize = characteristics
        .map(|characteristic| characteristic.bins.len())
        .sum();
    let offered = match body.stage {
        Stage::PreScreen | Stage::Renewal => body.products.as_slice(),
        Stage::EarlyWarning => &[],
    };
    let tries = offered.iter().map(|product| match amount_cuts {
        Some(cuts) => product.terms.len() * (cuts.len() + 1),
        None => usize::try_from(grid_size(product, body.limit.step)).unwrap_or(usize::MAX),
    });
    let tries = tries.fold(0_usize, usize::saturating_add).saturating_mul(2);
    u64::try_from(tries.saturating_add(1).saturating_mul(nodes + bins)).unwrap_or(u64::MAX)
}

/// The steps of one run of a program.
fn steps(program: &Program, tables: &[Table]) -> usize {
    let rows = |table: u16| {
        tables
            .get(usize::from(table))
            .map_or(0, |table| table.rows.len())
    };
    let cost = |node: &Node| match node {
        Node::Lookup(table, operands)
        | Node::Collect {
            table, operands, ..
        } => 1 + rows(*table) * operands.len(),
        Node::Variation(operands) => 1 + operands.len(),
        _ => 1,
    };
    program.nodes.iter().map(cost).sum()
}

fn grid_size(product: &Product, step: Money) -> i64 {
    let span = product.maximum.minor() - product.minimum.minor();
    let steps = span.checked_div(step.minor()).unwrap_or(i64::MAX / 256);
    let terms = i64::try_from(product.terms.len()).unwrap_or(i64::MAX);
    steps
        .saturating_add(1)
        .min(LARGEST / 256)
        .saturating_mul(terms)
}

/// The amounts at which a comparison, a cell or a bin that reads the amount
/// looked at changes, ascending. `None` where it is read in another way, as
/// by arithmetic.
pub(super) fn amount_cuts(body: &Body) -> Option<Vec<i64>> {
    let input = body.features.len() + DecideContext::Amount as usize;
    let nodes = &body.decide.nodes;
    let node = |id: NodeId| nodes.get(usize::from(id));
    let is_amount =
        |id: NodeId| matches!(node(id), Some(Node::Input(index)) if usize::from(*index) == input);
    let mut cuts = Vec::new();
    let mut cut_by = |cells: &Cells| {
        if let Cells::Of { intervals, .. } = cells {
            for &(low, high) in intervals {
                put_in_order(low, &mut cuts);
                put_in_order(high.saturating_add(1), &mut cuts);
            }
        }
    };
    for step in nodes {
        match step {
            Node::Lt(a, b) | Node::Le(a, b) | Node::Eq(a, b) if is_amount(*a) || is_amount(*b) => {
                match (node(*a), node(*b)) {
                    (Some(Node::Const(constant)), _) | (_, Some(Node::Const(constant))) => {
                        let intervals = vec![(*constant, *constant)];
                        cut_by(&Cells::Of {
                            intervals,
                            missing: false,
                        });
                    }
                    _ => return None,
                }
            }
            Node::Within(a, cells) if is_amount(*a) => cut_by(cells),
            Node::Lookup(table, operands)
            | Node::Collect {
                table, operands, ..
            } => {
                let rows = body
                    .tables
                    .get(usize::from(*table))
                    .map(|table| &table.rows);
                for row in rows.into_iter().flatten() {
                    let read = row
                        .cells
                        .iter()
                        .zip(operands)
                        .filter(|(_, id)| is_amount(**id));
                    read.for_each(|(cells, _)| cut_by(cells));
                }
            }
            other => {
                let mut read = false;
                other.for_each_operand(|id| read |= is_amount(id));
                if read {
                    return None;
                }
            }
        }
    }
    for characteristic in body.cards.iter().flat_map(|card| &card.characteristics) {
        if is_amount(characteristic.node) {
            characteristic
                .bins
                .iter()
                .for_each(|bin| cut_by(&bin.cells));
        }
    }
    let mut read_whole = limiting_nodes(body);
    read_whole.extend(body.products.iter().map(|product| product.rate));
    let read_in_steps = !read_whole.into_iter().any(is_amount);
    read_in_steps.then_some(cuts)
}

/// Every node that bounds a limit.
pub(super) fn limiting_nodes(body: &Body) -> Vec<NodeId> {
    let mut nodes: Vec<NodeId> = body.limit.caps.iter().map(|cap| cap.node).collect();
    nodes.extend(body.limit.affordability);
    nodes
}

/// The bytes of the longest submission: what it says beside the summary and
/// the commitments is short, and all of it is base64url.
pub(super) fn longest_token(body: &Body) -> usize {
    /// Header, audience, partner, challenge, digests and names of members.
    const BESIDE: usize = 2_048;
    /// A commitment in quotes with its comma.
    const COMMITMENT: usize = 46;
    /// The most digits of a number, with its sign.
    const NUMBER: usize = 17;
    let told = |feature: &Feature| match (&feature.precision, &feature.kind) {
        (Precision::Groups(groups), _) => longest(groups.iter().map(|group| &group.id)),
        (_, Kind::Choice(options)) => longest(options.iter()),
        _ => NUMBER,
    };
    let member = |feature: &Feature| feature.id.as_str().len() + told(feature) + 6;
    let features: usize = body.features.iter().map(member).sum();
    let payload = BESIDE + features + COMMITMENT * usize::from(body.commitments);
    payload.div_ceil(3) * 4
}

/// The length of the longest name, or of `missing`.
fn longest<'a>(ids: impl Iterator<Item = &'a Id>) -> usize {
    ids.map(|id| id.as_str().len()).max().unwrap_or(0).max(7)
}
