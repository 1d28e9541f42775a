//! The engine and the naive interpreter on the same applicant or summary.

use prequal::policy::{Body, Domain};
use prequal::{Json as Canonical, Money, Outcome, Policy, Request, Summary};
use prequal_sample::Applicant;
use serde_json::Value as Json;

use crate::naive::{Bugs, Facts, Fault, Naive, Terms, Told};

/// A policy read by both.
pub(crate) struct Subject<'a> {
    pub(crate) engine: &'a Policy,
    naive: Naive,
    /// What the features can be before they are reduced.
    ranges: Vec<(i64, i64)>,
}

/// What a comparison came to.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Verdict {
    /// Both say the same.
    Same,
    /// A real number so near to where it is rounded that doubles cannot be
    /// held to it.
    TooNear,
    /// A step so fine that the largest loan is not promised.
    TooFine,
    /// They differ.
    Differs(Difference),
}

/// What both said.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Difference {
    pub(crate) of: &'static str,
    pub(crate) engine: String,
    pub(crate) naive: String,
}

impl<'a> Subject<'a> {
    /// A compiled policy. `Err` where the two read its bytes differently.
    pub(crate) fn new(engine: &'a Policy, bytes: &[u8]) -> Result<Subject<'a>, Difference> {
        let body = engine.body();
        let naive = Naive::read(bytes);
        let naive = naive
            .filter(|naive| naive.body == *body)
            .ok_or_else(|| Difference {
                of: "the compiled bytes",
                engine: format!("{body:?}"),
                naive: format!("{:?}", Naive::read(bytes).map(|naive| naive.body)),
            })?;
        Ok(Subject {
            engine,
            naive,
            ranges: ranges(body),
        })
    }

    /// The naive interpreter with a mistake.
    pub(crate) fn with(&mut self, bugs: Bugs) {
        self.naive.bugs = bugs;
    }

    pub(crate) fn naive(&self) -> &Naive {
        &self.naive
    }

    /// What a summary tells of these features.
    pub(crate) fn reduce(&self, features: &Told) -> Result<Told, Fault> {
        self.naive.told(features, &self.ranges)
    }

    /// Terms by a product's name.
    pub(crate) fn terms(&self, product: &str, amount: Money, term: u16) -> Terms {
        let mut products = self.engine.body().products.iter();
        let product = products.position(|known| known.id.as_str() == product);
        Terms {
            product: product.unwrap_or(usize::MAX),
            amount: i128::from(amount.minor()),
            term: i128::from(term),
        }
    }

    /// From answers to the outcome. The summary and outcome are the engine's.
    pub(crate) fn applicant(
        &self,
        applicant: &Applicant,
        found: Option<&(Summary, Outcome)>,
    ) -> Verdict {
        let told = self.told(applicant);
        let engine = found.map(|(summary, _)| features_json(summary));
        let naive = match &told {
            Ok(Some(told)) => self.naive.told_json(told).map(Some),
            Ok(None) => Ok(None),
            Err(fault) => Err(*fault),
        };
        let verdict = same("the summary", engine, naive);
        let (Verdict::Same, Some((summary, outcome))) = (&verdict, found) else {
            return verdict;
        };
        match told {
            Ok(Some(told)) => self.summary(summary, outcome, told),
            _ => verdict,
        }
    }

    fn told(&self, applicant: &Applicant) -> Result<Option<Told>, Fault> {
        let as_of = Naive::days(&applicant.as_of.to_string())?;
        match self.naive.features(&applicant.answers, as_of)? {
            Some(features) => self.naive.told(&features, &self.ranges).map(Some),
            None => Ok(None),
        }
    }

    /// From a summary, by what it tells of each feature, to the outcome.
    pub(crate) fn summary(&self, summary: &Summary, outcome: &Outcome, told: Told) -> Verdict {
        let fields = summary.fields();
        let Request {
            product,
            amount,
            term,
        } = &fields.request;
        let asked = self.terms(product, *amount, *term);
        let as_of = Naive::days(&fields.as_of.to_string());
        let naive = as_of.and_then(|as_of| {
            self.naive.decide(
                &Facts {
                    features: told,
                    as_of,
                },
                asked,
            )
        });
        let (decision, trace) = match naive {
            Ok(decided) => (Ok(decided.decision), Ok(decided.trace)),
            Err(fault) => (Err(fault), Err(fault)),
        };
        let engine = parsed(&outcome.decision.to_json());
        match same("the decision", engine, decision) {
            Verdict::Same => {}
            other => return other,
        }
        let engine = serde_json::to_value(&outcome.trace).unwrap_or_default();
        match same("the trace", engine, trace) {
            Verdict::Same => {}
            other => return other,
        }
        let quote = self.engine.quote(&fields.request, fields.as_of).ok();
        let engine = quote.map(|quote| serde_json::to_value(quote).unwrap_or_default());
        let naive = as_of.and_then(|as_of| self.naive.quote(asked, as_of));
        same("the quote", engine, naive)
    }
}

/// The ranges of features: what their formulas can come to.
pub(crate) fn ranges(body: &Body) -> Vec<(i64, i64)> {
    let domains = derived(body);
    let of = |node: u16| {
        domains
            .get(usize::from(node))
            .map_or((0, 0), |d| (d.low, d.high))
    };
    body.features
        .iter()
        .map(|feature| of(feature.node))
        .collect()
}

/// What each step before the waist can be.
pub(crate) fn derived(body: &Body) -> Vec<Domain> {
    use prequal::policy::Blank;
    let questions = body.questions.iter().map(|question| Domain {
        low: question.low,
        high: question.high,
        optional: question.blank == Blank::Missing || question.asked.is_some(),
    });
    // The days of a decision: 2000-01-01 to 2199-12-31.
    let as_of = Domain {
        low: 10_957,
        high: 84_005,
        optional: false,
    };
    let inputs: Vec<Domain> = questions.chain([as_of]).collect();
    body.derive
        .domains(&inputs, &body.tables)
        .unwrap_or_default()
}

fn features_json(summary: &Summary) -> Json {
    parsed(&summary.fields().to_json())
        .get("features")
        .cloned()
        .unwrap_or_default()
}

fn parsed(json: &Canonical) -> Json {
    serde_json::from_str(&json.to_canonical()).unwrap_or_default()
}

/// Compares what both said of something.
pub(crate) fn same<T: PartialEq + std::fmt::Debug>(
    of: &'static str,
    engine: T,
    naive: Result<T, Fault>,
) -> Verdict {
    match naive {
        Ok(naive) if naive == engine => Verdict::Same,
        Err(Fault::TooNear) => Verdict::TooNear,
        Err(Fault::TooFine) => Verdict::TooFine,
        naive => Verdict::Differs(Difference {
            of,
            engine: format!("{engine:?}"),
            naive: format!("{naive:?}"),
        }),
    }
}
