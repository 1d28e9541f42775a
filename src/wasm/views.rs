//! The objects that cross the boundary and have no other home.

use serde::Serialize;
use tsify::Tsify;

use super::{Fault, inputs, read};
use crate::Json;
use crate::loan::{ExtraPayment, Instalment};
use crate::policy::{Blank, Kind, Policy, Precision, Source, Unit};
use crate::{
    AnswerError, Date, Decision, FeatureCell, KindName, Money, Quote, Ratio, SummaryFields, Trace,
};

/// What a quote came to.
#[derive(Serialize, Tsify)]
#[serde(tag = "status", rename_all = "snake_case")]
pub enum QuoteResult {
    /// The price.
    Ok {
        /// The figures.
        quote: Quote,
    },
    /// Everything that is wrong, by field.
    Invalid {
        /// Each wrong field.
        errors: Vec<AnswerError>,
    },
}

/// What a summary came to.
#[derive(Serialize, Tsify)]
#[tsify(hashmap_as_object)]
#[serde(tag = "status", rename_all = "snake_case")]
pub enum SummariseResult {
    /// The summary, and what is told of each feature.
    Ok {
        /// What is sent.
        summary: SummaryFields,
        /// How precisely each feature is told.
        cells: Vec<FeatureCell>,
    },
    /// Everything that is wrong, by field.
    Invalid {
        /// Each wrong field.
        errors: Vec<AnswerError>,
    },
}

/// What an assessment came to.
#[derive(Serialize, Tsify)]
#[serde(tag = "status", rename_all = "snake_case")]
pub enum AssessResult {
    /// The decision core, how it came about, the digest of the core and its canonical text.
    Ok {
        /// What is decided.
        decision: Decision,
        /// How it came about.
        trace: Trace,
        /// SHA-256 of `canonical` in hex.
        digest: String,
        /// The canonical text of the decision core.
        canonical: String,
    },
    /// Why there is none.
    Error {
        /// The code and its meaning.
        error: Fault,
    },
}

/// What a submission of some answers consists of.
#[derive(Serialize, Tsify)]
#[serde(tag = "status", rename_all = "snake_case")]
pub enum ContentResult {
    /// To be sealed.
    Ok {
        /// For `seal`. It holds the answers, so it stays on the device.
        content: String,
    },
    /// Answers or a request that have no summary.
    Invalid {
        /// Each wrong field.
        errors: Vec<AnswerError>,
    },
    /// Why there is none.
    Error {
        /// The code and its meaning.
        error: Fault,
    },
}

/// What the last decision of an applicant was.
#[derive(Serialize, Tsify)]
#[serde(tag = "status", rename_all = "snake_case")]
pub enum DecisionResult<'a> {
    /// The decision core and its digest in hex.
    Ok {
        /// What is decided.
        #[tsify(type = "Decision")]
        decision: &'a Decision,
        /// SHA-256 of its canonical text in hex.
        digest: String,
    },
    /// Everything that is wrong, by field.
    Invalid {
        /// Each wrong field.
        errors: Vec<AnswerError>,
    },
}

/// The terms of an offer, for its schedule.
#[derive(Tsify)]
pub struct ScheduleTerms {
    /// The product.
    pub product: String,
    /// The amount in minor units.
    pub amount: Money,
    /// The nominal yearly rate in millionths.
    pub annual_rate: Ratio,
    /// The term in months.
    pub term: u16,
    /// The day the money is paid out.
    #[tsify(type = "string")]
    pub start: Date,
    /// With which instalment something is paid on top.
    #[tsify(optional)]
    pub extra_with: Option<u16>,
    /// How much, in minor units.
    #[tsify(optional)]
    pub extra: Option<Money>,
}

/// What a schedule came to.
#[derive(Serialize, Tsify)]
#[serde(tag = "status", rename_all = "snake_case")]
pub enum ScheduleResult {
    /// The rows, in order.
    Ok {
        /// A row for each instalment.
        rows: Vec<Instalment>,
        /// All interest.
        interest: Money,
        /// What an extra payment costs by itself.
        prepayment_fee: Money,
    },
    /// Why there is none.
    Error {
        /// The code and its meaning.
        error: Fault,
    },
}

impl ScheduleTerms {
    /// From an object with at least these members.
    pub(super) fn from_json(object: &Json) -> Option<ScheduleTerms> {
        Some(ScheduleTerms {
            product: read::text(object, "product")?,
            amount: inputs::money(object, "amount")?,
            annual_rate: inputs::ratio(object, "annual_rate")?,
            term: inputs::count(object, "term")?,
            start: read::text(object, "start")?.parse().ok()?,
            extra_with: inputs::count(object, "extra_with"),
            extra: inputs::money(object, "extra"),
        })
    }

    /// What is paid when, fees with it, by the product's plan.
    pub(super) fn schedule(&self, policy: &Policy) -> Option<ScheduleResult> {
        let extra = self.extra_with.zip(self.extra);
        let extra = extra.map(|(with, amount)| ExtraPayment { with, amount });
        let found = policy.repayments(
            &self.product,
            self.amount,
            self.annual_rate,
            self.term,
            self.start,
            extra,
        )?;
        Some(ScheduleResult::Ok {
            rows: found.rows,
            interest: found.interest,
            prepayment_fee: found.prepayment_fee,
        })
    }
}

/// What a page needs to know of a policy.
#[derive(Serialize, Tsify)]
pub struct PolicyView {
    /// Its name.
    pub id: String,
    /// The author's version.
    pub version: String,
    /// SHA-256 of the bytes in hex.
    pub hash: String,
    /// The ISO 4217 code of every amount.
    pub currency: String,
    /// Digits after the decimal point of the currency.
    pub minor_digits: u8,
    /// Offset from UTC in minutes of the place whose day is `as_of`.
    pub utc_offset: i16,
    /// The language files that belong to it.
    pub languages: Vec<LanguageView>,
    /// The pages on which questions are asked.
    pub groups: Vec<GroupView>,
    /// The questions, in order of their index.
    pub questions: Vec<QuestionView>,
    /// The lists of records among them.
    pub lists: Vec<ListView>,
    /// What of the answers is told, in order.
    pub features: Vec<FeatureView>,
    /// What can be offered, in order of their index.
    pub products: Vec<ProductView>,
    /// Offers' limits are multiples of this, in minor units.
    pub step: Money,
}

/// A language file that belongs to the policy.
#[derive(Serialize, Tsify)]
pub struct LanguageView {
    /// A BCP 47 tag.
    pub tag: String,
    /// SHA-256 of the file's bytes in hex.
    pub hash: String,
}

/// Questions asked on one page.
#[derive(Serialize, Tsify)]
pub struct GroupView {
    /// Its name.
    pub id: String,
    /// Its questions.
    pub questions: Vec<String>,
    /// The boolean question with which the borrower opens it, where it is
    /// optional.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[tsify(optional)]
    pub opener: Option<String>,
}

/// A list of records: questions repeated for each entry.
#[derive(Serialize, Tsify)]
pub struct ListView {
    /// The question how many entries it has.
    pub id: String,
    /// The index of the first entry's first field; those of all entries follow
    /// one another.
    pub first: u16,
    /// How many fields an entry has.
    pub fields: u16,
    /// How many entries there can be.
    pub entries: u16,
}

/// A question.
#[derive(Serialize, Tsify)]
pub struct QuestionView {
    /// Its name.
    pub id: String,
    /// For `Applicant.set`.
    pub index: u16,
    /// What its numbers mean.
    pub kind: KindName,
    /// The least answer in the kind's unit: minor units, days since 1970-01-01, …
    pub minimum: i64,
    /// The largest answer.
    pub maximum: i64,
    /// Answers are the least one plus a multiple of this.
    pub step: i64,
    /// What a number counts or is paid by.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[tsify(optional)]
    pub unit: Option<Unit>,
    /// Whether it may be left open.
    pub optional: bool,
    /// Whether the lender supplies it, and nobody is asked.
    pub supplied: bool,
    /// The options of a choice, in order of their index.
    pub options: Vec<String>,
}

/// What of the answers is told.
#[derive(Serialize, Tsify)]
pub struct FeatureView {
    /// Its name.
    pub id: String,
    /// What its numbers mean.
    pub kind: KindName,
    /// How it is reduced.
    pub precision: PrecisionName,
    /// The questions it is derived from.
    pub inputs: Vec<String>,
}

/// The name of a precision.
#[derive(Serialize, Tsify)]
#[serde(rename_all = "snake_case")]
pub enum PrecisionName {
    /// Told as it is.
    Exact,
    /// Rounded down to a step.
    Floor,
    /// Rounded up to a step.
    Ceil,
    /// Told as a band.
    Bands,
    /// Options put together.
    Groups,
}

/// Something that can be offered.
#[derive(Serialize, Tsify)]
pub struct ProductView {
    /// Its name.
    pub id: String,
    /// For `Applicant.request`.
    pub index: u16,
    /// Terms in months, ascending.
    pub terms: Vec<u16>,
    /// The least amount in minor units.
    pub minimum: Money,
    /// The largest amount.
    pub maximum: Money,
}

impl PolicyView {
    /// The view of a policy.
    pub fn of(policy: &Policy) -> PolicyView {
        let body = policy.body();
        let name = |index: u16| {
            let question = body.questions.get(usize::from(index))?;
            Some(question.id.to_string())
        };
        let names = |indices: &[u16]| -> Vec<String> {
            indices.iter().filter_map(|index| name(*index)).collect()
        };
        let questions = (0..)
            .zip(&body.questions)
            .map(|(index, question)| QuestionView {
                id: question.id.to_string(),
                index,
                kind: KindName::from(&question.kind),
                minimum: question.low,
                maximum: question.high,
                step: question.step,
                unit: question.unit,
                optional: question.blank != Blank::Refused,
                supplied: question.source == Source::Lender,
                options: match &question.kind {
                    Kind::Choice(options) => {
                        options.iter().map(|option| option.to_string()).collect()
                    }
                    _ => Vec::new(),
                },
            });
        let features = body.features.iter().map(|feature| FeatureView {
            id: feature.id.to_string(),
            kind: KindName::from(&feature.kind),
            precision: match feature.precision {
                Precision::Exact => PrecisionName::Exact,
                Precision::Floor(_) => PrecisionName::Floor,
                Precision::Ceil(_) => PrecisionName::Ceil,
                Precision::Bands { .. } => PrecisionName::Bands,
                Precision::Groups(_) => PrecisionName::Groups,
            },
            inputs: names(&policy.questions_of(feature)),
        });
        let products = (0..)
            .zip(&body.products)
            .map(|(index, product)| ProductView {
                id: product.id.to_string(),
                index,
                terms: product.terms.clone(),
                minimum: product.minimum,
                maximum: product.maximum,
            });
        PolicyView {
            id: body.id.to_string(),
            version: body.version.to_string(),
            hash: policy.hash().to_string(),
            currency: body.currency.code().to_owned(),
            minor_digits: body.currency.minor_digits(),
            utc_offset: body.utc_offset,
            languages: (body.languages.iter())
                .map(|l| LanguageView {
                    tag: l.tag.to_string(),
                    hash: l.hash.to_string(),
                })
                .collect(),
            groups: (body.groups.iter())
                .map(|g| GroupView {
                    id: g.id.to_string(),
                    questions: names(&g.questions),
                    opener: g.opener.and_then(name),
                })
                .collect(),
            questions: questions.collect(),
            lists: (body.lists.iter())
                .map(|list| ListView {
                    id: list.id.to_string(),
                    first: list.first,
                    fields: list.fields,
                    entries: list.entries,
                })
                .collect(),
            features: features.collect(),
            products: products.collect(),
            step: body.limit.step,
        }
    }
}
