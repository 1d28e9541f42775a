//! Before the waist: what is asked, what counts, what features come to.

use std::collections::BTreeMap;

use super::Names;
use crate::model::policy::{Asked, List, Page, Policy, Question};
use crate::model::tree::Tree;
use crate::naive::number::Value;
use crate::naive::{Bug, Fault, Found};

/// Answers by the names that they travel under.
pub(crate) type Answers = BTreeMap<String, Value>;

impl Policy {
    /// The features before they are reduced, in declared order; `None` where
    /// an answer is wanting.
    pub(crate) fn features_of(&self, answers: &Answers, as_of: i128) -> Found<Option<Vec<Value>>> {
        let mut names = Names {
            policy: Some(self),
            ..Names::default()
        };
        names.put("as_of", Some(as_of));
        let given = |name: &str| answers.get(name).copied().flatten();
        for question in &self.supplied {
            let Some(value) = answer(question, given(&question.name)) else {
                return Ok(None);
            };
            names.put(&question.name, value);
        }
        for page in &self.pages {
            if !self.ask(page, answers, &mut names)? {
                return Ok(None);
            }
        }
        let mut features = Vec::new();
        for feature in &self.features {
            let value = match met(&names, feature.when.as_ref())? {
                false if !self.misread.has(Bug::FeatureConditionLeftOut) => None,
                _ => match &feature.figure {
                    Some(figure) => names.figure(figure)?,
                    None => names.named(&feature.name)?,
                },
            };
            features.push(value);
            // The name of a question stays the question's.
            if feature.figure.is_some() {
                names.put(&feature.name, value);
            }
        }
        Ok(Some(features))
    }

    /// Puts what counts of a page's answers; false where one is wanting.
    fn ask(&self, page: &Page, answers: &Answers, names: &mut Names<'_>) -> Found<bool> {
        let given = |name: &str| answers.get(name).copied().flatten();
        let shown = self.misread.has(Bug::PageConditionLeftOut) || met(names, page.when.as_ref())?;
        let opened = !page.optional || shown && given(&page.name) == Some(1);
        for name in &page.questions {
            let mut declared = self.asked.iter();
            let declared = declared.find(|asked| asked.name() == name);
            let declared = declared.ok_or(Fault::NotThere)?;
            let asked = shown && opened && met(names, declared.when())?;
            match declared {
                Asked::One(question) => {
                    let value = match asked {
                        true => answer(question, given(name)),
                        false if self.misread.has(Bug::UnaskedAnswersCount) => Some(given(name)),
                        false => Some(None),
                    };
                    let Some(value) = value else {
                        return Ok(false);
                    };
                    names.put(name, value);
                }
                Asked::List(list) => {
                    let entries = match asked {
                        true => entries(names, list, answers)?,
                        false => Some(Vec::new()),
                    };
                    let Some(entries) = entries else {
                        return Ok(false);
                    };
                    names.lists.insert(name.clone(), entries);
                }
            }
        }
        if page.optional {
            names.put(&page.name, Some(i128::from(opened)));
        }
        Ok(true)
    }
}

fn met(names: &Names<'_>, when: Option<&Tree>) -> Found<bool> {
    when.map_or(Ok(true), |when| names.holds(when))
}

/// What an answer counts as; `None` where one is wanting.
fn answer(question: &Question, given: Value) -> Option<Value> {
    match given {
        None if !question.optional => None,
        given => Some(given),
    }
}

/// The entries of a list; `None` where an answer is wanting.
fn entries(
    names: &Names<'_>,
    list: &List,
    answers: &Answers,
) -> Found<Option<Vec<BTreeMap<String, Value>>>> {
    let given = |name: &str| answers.get(name).copied().flatten();
    let blank = (list.least == 0 || list.least == list.most).then_some(list.least);
    let Some(count) = given(&list.name).or(blank) else {
        return Ok(None);
    };
    let mut entries = Vec::new();
    let count = match names.misread(Bug::EveryEntryIsThere) {
        true => list.most,
        false => count,
    };
    for entry in 1..=count {
        let mut fields = BTreeMap::new();
        for field in &list.fields {
            let asked = met(&names.with_fields(&fields), field.when.as_ref())?;
            let value = match asked {
                true => answer(
                    field,
                    given(&format!("{}.{entry}.{}", list.name, field.name)),
                ),
                false => Some(None),
            };
            let Some(value) = value else { return Ok(None) };
            fields.insert(field.name.clone(), value);
        }
        entries.push(fields);
    }
    Ok(Some(entries))
}
