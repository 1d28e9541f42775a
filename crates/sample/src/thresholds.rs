//! What a policy compares with.

use prequal::policy::{Body, Cells, Kind, Node, Precision, Program};

/// Every number that a policy compares with, ascending.
pub(crate) fn thresholds(body: &Body) -> Vec<i64> {
    let mut found = Vec::new();
    let constants = |program: &Program, found: &mut Vec<i64>| {
        for node in &program.nodes {
            match node {
                Node::Const(value) => found.push(*value),
                Node::Within(_, cells) => bounds(cells, found),
                _ => {}
            }
        }
    };
    constants(&body.derive, &mut found);
    constants(&body.decide, &mut found);
    for feature in &body.features {
        if let Precision::Bands { edges, .. } = &feature.precision {
            found.extend(edges);
        }
    }
    for row in body.tables.iter().flat_map(|table| &table.rows) {
        row.cells.iter().for_each(|cells| bounds(cells, &mut found));
        found.push(row.output);
    }
    for bin in body
        .cards
        .iter()
        .flat_map(|card| &card.characteristics)
        .flat_map(|characteristic| &characteristic.bins)
    {
        bounds(&bin.cells, &mut found);
    }
    found.sort();
    found.dedup();
    found
}

fn bounds(cells: &Cells, found: &mut Vec<i64>) {
    if let Cells::Of { intervals, .. } = cells {
        found.extend(
            intervals
                .iter()
                .flat_map(|&(low, high)| [low, high.saturating_add(1)]),
        );
    }
}

/// Edges of the bands of ratios, in millionths.
pub(crate) fn ratios(body: &Body) -> Vec<i64> {
    let features = body
        .features
        .iter()
        .filter(|feature| feature.kind == Kind::Ratio);
    let edges = features.filter_map(|feature| match &feature.precision {
        Precision::Bands { edges, .. } => Some(edges),
        _ => None,
    });
    edges.flatten().copied().collect()
}
