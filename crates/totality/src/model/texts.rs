//! The texts of a policy.

use prequal::policy::Kind;

use super::policy::{Asked, Policy, Precision, Question};
use super::source::reason;

impl Policy {
    /// Every text that a person reads.
    pub(super) fn texts(&self) -> String {
        let policy = self;
        let mut keys = vec!["policy.title".to_owned()];
        let question = |path: &str, options: &str, question: &Question, keys: &mut Vec<String>| {
            keys.push(format!("question.{path}.label"));
            if let Kind::Choice(names) = &question.kind {
                keys.extend(names.iter().map(|name| format!("option.{options}.{name}")));
            }
        };
        for page in &policy.pages {
            keys.push(format!("group.{}.title", page.name));
            if page.optional {
                keys.push(format!("group.{}.open", page.name));
            }
        }
        for asked in &policy.asked {
            match asked {
                Asked::One(one) => question(&one.name, &one.name, one, &mut keys),
                Asked::List(list) => {
                    keys.push(format!("question.{}.label", list.name));
                    for field in &list.fields {
                        let path = format!("{}.fields.{}", list.name, field.name);
                        question(
                            &path,
                            &format!("{}.{}", list.name, field.name),
                            field,
                            &mut keys,
                        );
                    }
                }
            }
        }
        for feature in &policy.features {
            keys.push(format!("feature.{}.label", feature.name));
            if let Precision::Groups(groups) = &feature.precision {
                let named = groups
                    .iter()
                    .map(|(name, _)| format!("feature.{}.groups.{name}", feature.name));
                keys.extend(named);
            }
        }
        let rules = policy
            .knockouts
            .iter()
            .chain(&policy.reviews)
            .chain(&policy.alerts);
        let bins = policy
            .cards
            .iter()
            .flat_map(|card| &card.characteristics)
            .flat_map(|c| &c.bins);
        let mut reasons: Vec<&str> = rules
            .map(|rule| rule.reason.as_str())
            .chain(bins.filter_map(|bin| bin.reason.as_deref()))
            .chain(policy.limit.iter().map(|limit| limit.reason.as_str()))
            .chain(
                policy
                    .rule_tables
                    .iter()
                    .flat_map(|(_, t)| t.rows.iter().map(|r| reason(r.output))),
            )
            .collect();
        reasons.sort();
        reasons.dedup();
        keys.extend(reasons.iter().map(|reason| format!("reason.{reason}.text")));
        keys.extend(
            policy
                .products
                .iter()
                .map(|product| format!("product.{}.name", product.name)),
        );
        keys.iter()
            .map(|key| format!("{key} = \"text\"\n"))
            .collect()
    }
}
