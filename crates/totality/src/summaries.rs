//! Summaries by themselves: any cell of any feature, whether answers lead
//! there or not.

use fastrand::Rng;
use prequal::policy::{Body, Domain, Policy, Precision};
use prequal::{Date, FeatureValue, Members, Money, Request, Summary, SummaryFields};

use crate::compare::{Subject, derived};
use crate::naive::{Fault, Told};

/// Draws summaries of a policy.
pub(crate) struct Summaries<'a> {
    policy: &'a Policy,
    random: Rng,
    /// What the features can be before they are reduced.
    domains: Vec<Domain>,
}

impl<'a> Summaries<'a> {
    pub(crate) fn new(policy: &'a Policy, seed: u64) -> Summaries<'a> {
        let body: &Body = policy.body();
        let all = derived(body);
        let domains = body
            .features
            .iter()
            .filter_map(|f| all.get(usize::from(f.node)).copied());
        Summaries {
            policy,
            random: Rng::with_seed(seed),
            domains: domains.collect(),
        }
    }

    /// A summary, with what the naive interpreter reads in it. `None` where
    /// the engine does not admit it.
    pub(crate) fn draw(&mut self, subject: &Subject<'_>) -> Result<Option<(Summary, Told)>, Fault> {
        let features = self.policy.body().features.iter().zip(&self.domains);
        let random = &mut self.random;
        let values: Told = features
            .map(|(feature, domain)| {
                if domain.optional && random.u8(..4) == 0 {
                    return None;
                }
                let value = match &feature.precision {
                    Precision::Bands { edges, .. } if random.bool() => random
                        .choice(edges)
                        .map_or(domain.low, |edge| edge - i64::from(random.bool())),
                    _ if random.u8(..4) == 0 => domain.low,
                    _ if random.u8(..4) == 0 => domain.high,
                    _ => random.i64(domain.low..=domain.high),
                };
                Some(i128::from(value))
            })
            .collect();
        let told = subject.reduce(&values)?;
        let json = subject.naive().told_json(&told)?;
        let mut features = Members::default();
        for (name, value) in json.as_object().into_iter().flatten() {
            let value = match (value.as_i64(), value.as_str()) {
                (Some(number), _) => FeatureValue::Number(number),
                (_, text) => FeatureValue::Text(text.unwrap_or_default().to_owned()),
            };
            features.insert(name.clone(), value);
        }
        let Some(product) = self.random.choice(&self.policy.body().products) else {
            return Ok(None);
        };
        let (low, high) = (product.minimum.minor(), product.maximum.minor());
        let Some((term, as_of)) = self
            .random
            .choice(&product.terms)
            .copied()
            .zip(Date::from_days(self.random.i64(10_957..=84_005)))
        else {
            return Ok(None);
        };
        let request = Request {
            product: product.id.to_string(),
            amount: Money::new(self.random.i64(low..=high)),
            term,
        };
        let fields = SummaryFields {
            as_of,
            features,
            policy: self.policy.hash(),
            request,
        };
        Ok(self
            .policy
            .admit(fields)
            .ok()
            .map(|summary| (summary, told)))
    }
}
