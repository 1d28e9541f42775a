//! Random plans: the schedule of a random product on random terms, with fees and an extra payment.

mod draw;

use std::path::Path;
use std::rc::Rc;

use anyhow::{Result, anyhow};
use prequal::policy::Body;
use prequal_compiler::Sources;
use prequal_sample::construct::NAMES;
use serde::Serialize;

use self::draw::Drawn;
use super::case::Form;
use super::counts::Counts;
use super::piece::{self, Compared, Draw, Source};

/// A policy of which everything is replaced that a plan is made of.
const POLICY: &str = include_str!("plans/policy.toml");

/// What [`NAMES`] has names for, in its order.
const KINDS: [&str; 5] = ["plans", "frequencies", "day counts", "directions", "fees"];
const EXTRA: &str = "extra";
const START: &str = "start";
const ROWS: &str = "rows";
const REFUSED: &str = "refused";

/// What a plan can have beside what its product has.
const OTHERS: [(&str, &[&str]); 4] = [
    (EXTRA, &["none", "paid on top", "ends the loan"]),
    (START, &["month end", "leap day", "other day"]),
    (ROWS, &["1", "2–12", "13–60", "61–360", "361–1040"]),
    (
        REFUSED,
        &[
            "no product",
            "nothing_lent",
            "loan_too_large",
            "rate_out_of_range",
            "instalments_out_of_range",
            "beyond_calendar",
            "plan_does_not_fit",
            "rounding_out_of_range",
            "extra_out_of_range",
            "with its fees",
        ],
    ),
];

/// Plans without end.
pub(super) struct Plans(Body);

/// A plan as it is asked for and answered.
pub(super) struct Plan {
    /// The compiled policy in base64.
    policy: Rc<String>,
    /// Whether no plan before is of this policy.
    begins: bool,
    terms: Terms,
    /// The canonical figures; `None` where there is no schedule.
    figures: Option<String>,
}

/// What `Policy.schedule` takes.
#[derive(Clone, Serialize)]
struct Terms {
    product: String,
    amount: i64,
    annual_rate: i64,
    term: u16,
    start: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    extra_with: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    extra: Option<i64>,
}

/// The members of a line: see `tests/js/lib/plan-comparison.mjs`.
#[derive(Serialize)]
struct Line<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    policy: Option<&'a str>,
    terms: &'a Terms,
    #[serde(skip_serializing_if = "Option::is_none")]
    figures: Option<String>,
}

impl Plans {
    pub(super) fn new() -> Result<Plans> {
        let mut sources = Sources::default();
        sources.insert("policy.toml", POLICY);
        let compiled =
            prequal_compiler::compile_sources(&sources).map_err(|errors| anyhow!("{errors}"))?;
        Ok(Plans(compiled.loaded.body().clone()))
    }
}

impl Source for Plans {
    fn name(&self) -> &str {
        "random plans"
    }

    fn policy(&self) -> Option<&Path> {
        None
    }

    fn expected(&self) -> Counts {
        let mut counts = Counts::default();
        let all = KINDS.into_iter().zip(NAMES.iter().copied()).chain(OTHERS);
        for (kind, names) in all {
            for name in names {
                counts.expect(kind, (*name).to_owned());
            }
        }
        counts
    }

    fn draw(&self, seed: u64) -> impl Draw {
        Drawn::new(&self.0, seed)
    }
}

impl Compared for Plan {
    fn line(&self, form: Form) -> Result<String> {
        // Shown ones stand alone.
        let tells = self.begins || form == Form::Text;
        Ok(serde_json::to_string(&Line {
            policy: tells.then_some(self.policy.as_str()),
            terms: &self.terms,
            figures: self.figures.as_ref().map(|figures| form.of(figures)),
        })?)
    }

    fn flip_one_bit(&mut self) -> bool {
        self.figures.as_mut().is_some_and(piece::flip_last)
    }
}
