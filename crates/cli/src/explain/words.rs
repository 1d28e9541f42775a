//! Words of a language: the command line's own, and a policy's texts.

use std::collections::BTreeMap;

use prequal::policy::{Kind, Unit};
use prequal::{Currency, Date, Money, Ratio};
use prequal_compiler::LanguageFile;
use toml::Value;

use crate::output::Failure;

/// The languages that the command line speaks, each in one file.
const LANGUAGES: [(&str, &str); 2] = [
    ("zh-CN", include_str!("../../words/zh-CN.toml")),
    ("en", include_str!("../../words/en.toml")),
];

/// One language.
pub(crate) struct Words {
    own: BTreeMap<String, String>,
    policy: BTreeMap<String, String>,
    chinese: bool,
}

impl Words {
    /// The words of a language that the policy has too.
    pub(crate) fn new(languages: &[LanguageFile], tag: &str) -> Result<Words, Failure> {
        let own = LANGUAGES.iter().find(|(known, _)| *known == tag);
        let policy = languages.iter().find(|file| file.tag.as_str() == tag);
        let (Some((_, own)), Some(policy)) = (own, policy) else {
            let both: Vec<&str> = LANGUAGES
                .iter()
                .map(|(known, _)| *known)
                .filter(|known| languages.iter().any(|file| file.tag.as_str() == *known))
                .collect();
            let message = format!(
                "`{tag}` is not spoken here; `--lang` is one of {}",
                both.join(", ")
            );
            return Err(Failure(message));
        };
        let unreadable =
            |error: &dyn std::fmt::Display| Failure(format!("the texts of `{tag}`: {error}"));
        Ok(Words {
            own: flat(own).map_err(|error| unreadable(&error))?,
            policy: serde_json::from_slice(&policy.bytes).map_err(|error| unreadable(&error))?,
            chinese: tag == "zh-CN",
        })
    }

    /// Words of the command line, with these put in for `{name}`.
    pub(crate) fn say(&self, key: &str, parts: &[(&str, &str)]) -> String {
        let template = self.own.get(key).map_or(key, String::as_str);
        let mut said = String::new();
        let mut rest = template;
        // Left to right, so that what is put in is never looked into.
        while let Some((before, after)) = rest.split_once('{') {
            said.push_str(before);
            let Some((name, after)) = after.split_once('}') else {
                break;
            };
            let part = parts.iter().find(|(known, _)| *known == name);
            said.push_str(part.map_or("", |(_, text)| text));
            rest = after;
        }
        said.push_str(rest);
        said
    }

    /// Whether the command line has words of this key.
    pub(crate) fn has(&self, key: &str) -> bool {
        self.own.contains_key(key)
    }

    /// A text of the policy.
    pub(crate) fn text(&self, key: &str) -> Option<&str> {
        self.policy.get(key).map(String::as_str)
    }

    /// The policy's text of the first of these keys that it has; else the name.
    pub(crate) fn name(&self, keys: &[String], name: &str) -> String {
        let text = keys.iter().find_map(|key| self.text(key));
        text.unwrap_or(name).to_owned()
    }

    /// An amount as people write it: `¥1,234.50`, `1,234.50 元`; whole ones without a fraction.
    pub(crate) fn money(&self, amount: Money, currency: Currency) -> String {
        let digits = u32::from(currency.minor_digits());
        let unit = 10_u64.checked_pow(digits).unwrap_or(1);
        let magnitude = amount.minor().unsigned_abs();
        let (whole, fraction) = (magnitude / unit, magnitude % unit);
        let sign = if amount.minor() < 0 { "-" } else { "" };
        let mut number = format!("{sign}{}", grouped(whole));
        if fraction > 0 {
            number = format!("{number}.{fraction:0width$}", width = digits as usize);
        }
        match (self.chinese, currency.code()) {
            (true, "CNY") => format!("{number} 元"),
            (false, "CNY") => format!("¥{number}"),
            (_, code) => format!("{number} {code}"),
        }
    }

    /// A ratio as a percentage, with as many decimals as it has, at most four.
    pub(crate) fn percent(&self, ratio: Ratio) -> String {
        format!("{}%", decimal(ratio.millionths(), 4))
    }

    /// A rate that was measured, to two decimals.
    pub(crate) fn measured(&self, ratio: Ratio) -> String {
        let hundredths = (ratio.millionths() + 50).div_euclid(100);
        format!("{}%", decimal(hundredths, 2))
    }

    /// A day.
    pub(crate) fn date(&self, date: Date) -> String {
        let text = date.to_string();
        let mut parts = text.split('-');
        match (self.chinese, parts.next(), parts.next(), parts.next()) {
            (true, Some(year), Some(month), Some(day)) => {
                let plain = |part: &str| part.trim_start_matches('0').to_owned();
                format!("{year}年{}月{}日", plain(month), plain(day))
            }
            _ => text,
        }
    }

    /// A length of time in months.
    pub(crate) fn months(&self, count: i64) -> String {
        self.time(count, Unit::Month)
    }

    /// A length of time.
    pub(crate) fn time(&self, count: i64, unit: Unit) -> String {
        let (one, many) = match unit {
            Unit::Day => ("unit.day", "unit.days"),
            Unit::Month => ("unit.month", "unit.months"),
            Unit::Year => ("unit.year", "unit.years"),
        };
        match count {
            1 => self.say(one, &[]),
            _ => self.say(many, &[("count", &count.to_string())]),
        }
    }

    /// A number in the unit of its kind; options of a choice are named by their texts elsewhere.
    pub(crate) fn number(&self, number: i64, kind: &Kind, currency: Currency) -> String {
        match kind {
            Kind::Money => self.money(Money::new(number), currency),
            Kind::Ratio => self.percent(Ratio::new(number)),
            Kind::Real => decimal(number, 6),
            Kind::Boolean if number == 1 => self.say("value.yes", &[]),
            Kind::Boolean => self.say("value.no", &[]),
            Kind::Date => {
                Date::from_days(number).map_or_else(|| number.to_string(), |date| self.date(date))
            }
            Kind::Period => self.months(number),
            Kind::Integer | Kind::Choice(_) => number.to_string(),
        }
    }
}

/// An integer with so many of its digits after the point, without zeros at the end.
fn decimal(value: i64, digits: usize) -> String {
    let sign = if value < 0 { "-" } else { "" };
    let text = format!("{:0>width$}", value.unsigned_abs(), width = digits + 1);
    let (whole, fraction) = text
        .split_at_checked(text.len() - digits)
        .unwrap_or((&text, ""));
    match fraction.trim_end_matches('0') {
        "" => format!("{sign}{whole}"),
        fraction => format!("{sign}{whole}.{fraction}"),
    }
}

/// Digits by threes.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// A file of words with its keys joined by dots.
fn flat(text: &str) -> Result<BTreeMap<String, String>, toml::de::Error> {
    fn put(prefix: &str, value: Value, all: &mut BTreeMap<String, String>) {
        match value {
            Value::Table(members) => {
                for (name, member) in members {
                    let dot = if prefix.is_empty() { "" } else { "." };
                    put(&format!("{prefix}{dot}{name}"), member, all);
                }
            }
            Value::String(text) => {
                all.insert(prefix.to_owned(), text);
            }
            _ => {}
        }
    }
    let mut all = BTreeMap::new();
    put("", Value::Table(toml::from_str(text)?), &mut all);
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every language says the same things, and puts the same in.
    #[test]
    fn languages_have_the_same_words() {
        let placeholders = |text: &String| {
            let mut names: Vec<String> = text
                .split('{')
                .skip(1)
                .filter_map(|rest| rest.split_once('}').map(|(name, _)| name.to_owned()))
                .collect();
            names.sort();
            names
        };
        let [chinese, english] = LANGUAGES.map(|(tag, text)| {
            let words = flat(text).unwrap_or_else(|error| panic!("{tag}: {error}"));
            let shape = words
                .iter()
                .map(|(key, text)| (key.clone(), placeholders(text)));
            shape.collect::<BTreeMap<_, _>>()
        });
        assert_eq!(chinese, english);
    }

    #[test]
    fn numbers_are_as_people_write_them() {
        let words = |chinese| Words {
            own: BTreeMap::new(),
            policy: BTreeMap::new(),
            chinese,
        };
        let Ok(currency) = Currency::try_from("CNY".to_owned()) else {
            panic!("a currency")
        };
        let amount = Money::new(123_456_750);
        assert_eq!(words(true).money(amount, currency), "1,234,567.50 元");
        assert_eq!(words(false).money(Money::new(-5_00), currency), "¥-5");
        assert_eq!(words(true).percent(Ratio::new(72_500)), "7.25%");
        assert_eq!(words(true).measured(Ratio::new(126_827)), "12.68%");
        let day = Date::from_ymd(2026, 1, 2);
        assert_eq!(
            day.map(|day| words(true).date(day)).as_deref(),
            Some("2026年1月2日")
        );
    }
}
