//! What a summary reveals.

use std::fmt;

use prequal::policy::{Domain, Kind, Precision};
use serde::Serialize;

use crate::features::BuiltFeature;
use crate::number::show;

/// How close a use of a feature is to its value before it was reduced.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Tier {
    /// The decision is the same as on the answers, proven.
    Exact,
    /// The limit can only be lower than on the answers, proven.
    Conservative,
    /// Near what it is on the answers, as the policy's author declares.
    Approximate,
}

impl Tier {
    /// Whether the compiler proves it; else the author declares it.
    pub fn is_proven(self) -> bool {
        self != Tier::Approximate
    }
}

impl fmt::Display for Tier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Tier::Exact => "exact",
            Tier::Conservative => "conservative",
            Tier::Approximate => "approximate",
        })
    }
}

/// A use of a feature, by index.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Use {
    pub(crate) feature: usize,
    pub(crate) user: String,
    pub(crate) tier: Tier,
}

/// What a policy's summaries reveal, feature by feature.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Report {
    /// The features in declared order.
    pub features: Vec<FeatureReport>,
    /// The size of the compiled policy in bytes.
    pub bytes: usize,
}

/// What a summary reveals of a feature.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FeatureReport {
    /// Its name.
    pub id: String,
    /// Its precision in words.
    pub precision: String,
    /// The least exact of its uses; none where nothing uses it.
    pub tier: Option<Tier>,
    /// Who uses it.
    pub used_by: Vec<UseReport>,
    /// How many different values a summary can hold.
    pub cells: u64,
    /// The same as bits.
    pub bits: f64,
}

/// A use of a feature.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct UseReport {
    /// The rule, score or limit.
    pub user: String,
    /// How close it is to the answers.
    pub tier: Tier,
}

impl Report {
    pub(crate) fn new(built: &[BuiltFeature], uses: &[Use], bytes: usize) -> Report {
        let features = built.iter().enumerate().map(|(index, feature)| {
            let used_by: Vec<UseReport> = uses
                .iter()
                .filter(|used| used.feature == index)
                .map(|used| UseReport {
                    user: used.user.clone(),
                    tier: used.tier,
                })
                .collect();
            let cells = cells(&feature.feature.precision, feature.range);
            FeatureReport {
                id: feature.feature.id.to_string(),
                precision: precision(&feature.feature.precision, &feature.feature.kind),
                tier: used_by.iter().map(|used| used.tier).max(),
                used_by,
                cells,
                bits: bits(cells),
            }
        });
        Report {
            features: features.collect(),
            bytes,
        }
    }

    /// The bits of all features together.
    pub fn bits(&self) -> f64 {
        self.features.iter().map(|feature| feature.bits).sum()
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width = |text: fn(&FeatureReport) -> &str| {
            self.features
                .iter()
                .map(|feature| text(feature).chars().count())
                .max()
                .unwrap_or(0)
        };
        let (id, precision) = (width(|f| &f.id), width(|f| &f.precision));
        for feature in &self.features {
            let tier = feature.tier.map_or("unused".to_owned(), |tier| {
                let how = if tier.is_proven() {
                    "proven"
                } else {
                    "declared"
                };
                format!("{tier}, {how}")
            });
            let mixed = feature
                .used_by
                .iter()
                .any(|used| Some(used.tier) != feature.tier);
            let user = |used: &UseReport| match mixed {
                true => format!("{} ({})", used.user, used.tier),
                false => used.user.clone(),
            };
            let users: Vec<String> = feature.used_by.iter().map(user).collect();
            writeln!(
                f,
                "  {:id$}  {:precision$}  {tier:21}  {:>7} cells {:>5.1} bits  {}",
                feature.id,
                feature.precision,
                feature.cells,
                feature.bits,
                users.join(", ")
            )?;
        }
        write!(
            f,
            "  {} features, at most {:.1} bits in all; {} bytes compiled",
            self.features.len(),
            self.bits(),
            self.bytes
        )
    }
}

fn precision(precision: &Precision, kind: &Kind) -> String {
    match precision {
        Precision::Exact => "exact".to_owned(),
        Precision::Floor(step) => format!("down to {}", show(kind, *step)),
        Precision::Ceil(step) => format!("up to {}", show(kind, *step)),
        Precision::Bands { edges, .. } => format!("{} bands", edges.len() + 1),
        Precision::Groups(groups) => format!("{} groups", groups.len()),
    }
}

/// How many different values a reduced feature can have.
fn cells(precision: &Precision, range: Domain) -> u64 {
    let reduced = precision.reduced(range);
    let span = reduced.high.abs_diff(reduced.low);
    let numbers = match precision {
        Precision::Exact => span + 1,
        Precision::Floor(step) | Precision::Ceil(step) => span / step.unsigned_abs().max(1) + 1,
        Precision::Bands { edges, .. } => edges.len() as u64 + 1,
        Precision::Groups(groups) => groups.len() as u64,
    };
    numbers + u64::from(range.optional)
}

#[allow(
    clippy::disallowed_methods,
    reason = "shown to people; no decision rests on it"
)]
fn bits(cells: u64) -> f64 {
    (cells as f64).log2()
}
