//! Partitions that the compiler chooses: the coarsest that rules, tables and
//! cards need, so that a summary reveals what the decision needs and no more.

mod groups;
mod regroup;

use prequal::policy::{Precision, Representative};

use crate::diagnostic::{Code, Diagnostic};
use crate::document::Sink;
use crate::features::BuiltFeature;
use crate::number::show;
use crate::source::Span;
use crate::tier::{Finding, Threshold};

pub(crate) use groups::Choices;

/// Gives each feature that asks for it the coarsest bands that tell all of the
/// decision's thresholds apart.
/// `numbers` are those that a limit reads as numbers, and where.
pub(crate) fn bands(
    features: &mut [BuiltFeature],
    findings: &[Finding],
    numbers: &[(usize, String, Span)],
    sink: &mut Sink,
) {
    for (index, feature) in features.iter_mut().enumerate() {
        let Some(most) = feature.auto.filter(|_| feature.has_chosen_bands()) else {
            continue;
        };
        let mut read = false;
        for (_, user, site) in numbers.iter().filter(|number| number.0 == index) {
            read = true;
            sink.push(read_as_number(feature, user, site));
        }
        let (low, high) = (feature.range.low, feature.range.high);
        let demands = findings.iter().filter_map(|finding| match finding {
            Finding::Demand {
                input,
                threshold,
                site,
            } if usize::from(*input) == index => Some((threshold, site)),
            _ => None,
        });
        let mut edges: Vec<(&Threshold, &Span)> = demands
            .filter(|(threshold, _)| low < threshold.value && threshold.value <= high)
            .collect();
        edges.sort();
        edges.dedup_by_key(|(threshold, _)| threshold.value);
        let Some((first, site)) = edges.first() else {
            // What is wrong elsewhere may be what would have asked.
            let faults = findings.iter().any(|f| matches!(f, Finding::Wrong { .. }));
            if !faults && !read {
                sink.push(nothing(feature, "no threshold divides"));
            }
            continue;
        };
        let cells = edges.len() as i64 + 1 + i64::from(feature.range.optional);
        if cells > most {
            let named: Vec<String> = edges
                .iter()
                .map(|(threshold, _)| show(&feature.feature.kind, threshold.value))
                .collect();
            let from = first.row.as_ref().unwrap_or(site);
            sink.push(too_many(feature, cells, most, "thresholds", &named, from));
        }
        feature.reduce_by(Precision::Bands {
            edges: edges.iter().map(|(threshold, _)| threshold.value).collect(),
            value: Representative::Low,
        });
    }
}

fn read_as_number(feature: &BuiltFeature, user: &str, site: &Span) -> Diagnostic {
    let id = &feature.feature.id;
    let message =
        format!("{user} reads `{id}` as a number, for which there is no coarsest partition");
    let help = format!("give `[feature.{id}]` a step (`floor` or `ceil`) or `bands` with edges");
    Diagnostic::new(Code::ReadAsNumber, site, message)
        .other(&feature.precision_span, "left to the compiler here")
        .help(help)
}

fn nothing(feature: &BuiltFeature, what: &str) -> Diagnostic {
    let id = &feature.feature.id;
    let message = format!("{what} `{id}`: there is no partition to choose");
    let help = format!("leave `{id}` out: what decides nothing need not leave the device");
    Diagnostic::new(Code::NoPartition, &feature.precision_span, message).help(help)
}

fn too_many(
    feature: &BuiltFeature,
    cells: i64,
    most: i64,
    what: &str,
    named: &[String],
    from: &Span,
) -> Diagnostic {
    let id = &feature.feature.id;
    let message = format!("the decision needs {cells} cells of `{id}`, and at most {most} may be");
    let listed: Vec<&str> = named.iter().take(MOST_NAMED).map(String::as_str).collect();
    let more = if named.len() > MOST_NAMED {
        ", …"
    } else {
        ""
    };
    let help = format!(
        "its {what} are {}{more}: let rules, tables and cards share some, or allow more with `cells = {cells}`",
        listed.join(", ")
    );
    Diagnostic::new(Code::TooManyCells, &feature.precision_span, message)
        .other(from, "one of them comes from here")
        .help(help)
}

/// So many thresholds are named.
const MOST_NAMED: usize = 24;
