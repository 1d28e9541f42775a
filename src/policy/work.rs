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
pub(super) fn work(body: &Body, amount_cuts: Option<&AmountCuts>) -> u64 {
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
        Some(cuts) => product.terms.len() * cuts.segments(),
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

/// Where what a decision reads of the amount looked at can change.
#[derive(Clone, Debug, Default)]
pub struct AmountCuts {
    /// Constants that it is compared with, and edges of cells and bins,
    /// ascending.
    constants: Vec<i64>,
    /// Steps that it is compared with; what they come to is the same for all
    /// amounts.
    figures: Vec<NodeId>,
}

impl AmountCuts {
    /// Those that are the same for all applicants, ascending.
    pub(super) fn constants(&self) -> impl Iterator<Item = i64> {
        self.constants.iter().copied()
    }

    /// How many segments they cut the amounts into at most.
    fn segments(&self) -> usize {
        self.constants.len() + 2 * self.figures.len() + 1
    }

    /// The last cut up to an amount, zero where there is none.
    pub(super) fn last_up_to(&self, amount: i64, value: impl Fn(NodeId) -> Value) -> i64 {
        let below = |cut: &i64| *cut <= amount;
        let constants = self.constants.iter().copied().take_while(below);
        let figures = self.figures.iter().filter_map(|node| value(*node).get());
        let figures = figures
            .flat_map(|at| [at, at.saturating_add(1)])
            .filter(below);
        constants
            .last()
            .into_iter()
            .chain(figures)
            .max()
            .unwrap_or(0)
    }

    fn cut_by(&mut self, cells: &Cells) {
        if let Cells::Of { intervals, .. } = cells {
            for &(low, high) in intervals {
                put_in_order(low, &mut self.constants);
                put_in_order(high.saturating_add(1), &mut self.constants);
            }
        }
    }
}

/// The cuts of a body; `None` where its amounts are tried one by one.
pub(super) fn cuts_of(body: &Body) -> Option<AmountCuts> {
    let characteristics = body.cards.iter().flat_map(|card| &card.characteristics);
    let bins = characteristics.flat_map(|c| c.bins.iter().map(|bin| (c.node, &bin.cells)));
    let whens = body.cards.iter().filter_map(|card| card.when);
    let mut whole = limiting_nodes(body);
    whole.extend(body.products.iter().map(|product| product.rate));
    let (bins, whens): (Vec<_>, Vec<_>) = (bins.collect(), whens.collect());
    let parts = (bins.as_slice(), whens.as_slice(), whole.as_slice());
    amount_cuts(&body.decide, &body.tables, body.features.len(), parts).ok()
}

/// Where comparisons, cells and bins that read the amount looked at change, in
/// a decision with so many features: bins of its cards and what they read, the
/// conditions of cards, and the steps that count as they are, as limits and
/// rates do.
///
/// # Errors
/// The step that reads the amount in another way, as by arithmetic.
pub fn amount_cuts(
    program: &Program,
    tables: &[Table],
    features: usize,
    (bins, whens, whole): (&[(NodeId, &Cells)], &[NodeId], &[NodeId]),
) -> Result<AmountCuts, NodeId> {
    let input = features + DecideContext::Amount as usize;
    let reads = program.readers(|index| usize::from(index) == input);
    let is_read = |reads: &[bool], id: NodeId| reads.get(usize::from(id)) == Some(&true);
    let mut scoring = bins.iter().map(|(node, _)| node).chain(whens);
    let scored = scoring.any(|node| is_read(&reads, *node));
    let moves = program.readers(|index| {
        let index = usize::from(index);
        index == input || (scored && index >= features + DecideContext::Score as usize)
    });
    let node = |id: NodeId| program.nodes.get(usize::from(id));
    let is_amount =
        |id: NodeId| matches!(node(id), Some(Node::Input(index)) if usize::from(*index) == input);
    let mut cuts = AmountCuts::default();
    for (id, step) in (0..).zip(&program.nodes) {
        match step {
            Node::Lt(a, b) | Node::Le(a, b) | Node::Eq(a, b) if is_amount(*a) || is_amount(*b) => {
                let other = if is_amount(*a) { *b } else { *a };
                match node(other) {
                    Some(Node::Const(constant)) => {
                        let intervals = vec![(*constant, *constant)];
                        cuts.cut_by(&Cells::Of {
                            intervals,
                            missing: false,
                        });
                    }
                    _ if is_read(&moves, other) => return Err(id),
                    _ => put_in_order(other, &mut cuts.figures),
                }
            }
            Node::Within(a, cells) if is_amount(*a) => cuts.cut_by(cells),
            Node::Lookup(table, operands)
            | Node::Collect {
                table, operands, ..
            } => {
                let rows = tables.get(usize::from(*table)).map(|table| &table.rows);
                for row in rows.into_iter().flatten() {
                    let read = row
                        .cells
                        .iter()
                        .zip(operands)
                        .filter(|(_, id)| is_amount(**id));
                    read.for_each(|(cells, _)| cuts.cut_by(cells));
                }
            }
            other => {
                let mut read = false;
                other.for_each_operand(|id| read |= is_amount(id));
                if read {
                    return Err(id);
                }
            }
        }
    }
    for (_, cells) in bins.iter().filter(|(node, _)| is_amount(*node)) {
        cuts.cut_by(cells);
    }
    match whole.iter().find(|node| is_amount(**node)) {
        Some(node) => Err(*node),
        None => Ok(cuts),
    }
}

/// Every node that bounds a limit.
pub(super) fn limiting_nodes(body: &Body) -> Vec<NodeId> {
    let mut nodes: Vec<NodeId> = body.limit.caps.iter().map(|cap| cap.node).collect();
    nodes.extend(&body.limit.affordability);
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
