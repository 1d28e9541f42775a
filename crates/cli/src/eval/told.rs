//! How a value came about, as a tree.

use prequal::KindName;
use prequal::policy::{Kind, Value};
use prequal::{Currency, Date};
use prequal_compiler::{Place, Role};
use serde::Serialize;
use serde_json::{Value as Json, json};

use crate::figure;

/// A value, and what it rests on.
#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct Told {
    /// What it is, where it has a name of its own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) role: Option<Role>,
    /// The name, or the source of the formula.
    pub(crate) text: String,
    /// The source with the values of its parts put in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) filled: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) kind: Option<KindName>,
    /// The value: money in minor units, ratios in millionths, `null` where it is missing.
    pub(crate) value: Json,
    /// The value in words.
    pub(crate) shown: String,
    /// What else is to be said of it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) notes: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) place: Option<Place>,
    /// The rows of a table that gave it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) rows: Vec<RowTold>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) parts: Vec<Told>,
}

/// A row that took the inputs in.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct RowTold {
    #[serde(flatten)]
    pub(crate) place: Place,
    /// The row as it is written.
    pub(crate) text: String,
    pub(crate) cells: Vec<CellTold>,
}

/// A cell, and the input that fell into it.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct CellTold {
    pub(crate) column: String,
    pub(crate) value: String,
    /// What the cell takes in.
    pub(crate) takes: String,
}

impl Told {
    /// A value of a kind.
    pub(crate) fn of(text: &str, value: Value, kind: &Kind, currency: Currency) -> Told {
        Told {
            text: text.to_owned(),
            kind: Some(KindName::from(kind)),
            value: data(value, kind),
            shown: figure::value(value, kind, currency),
            ..Told::default()
        }
    }

    /// Something that words alone say.
    pub(crate) fn words(text: &str, shown: String) -> Told {
        Told {
            text: text.to_owned(),
            value: json!(shown),
            shown,
            ..Told::default()
        }
    }

    pub(crate) fn note(mut self, note: impl Into<String>) -> Told {
        self.notes.push(note.into());
        self
    }

    /// The tree in lines.
    pub(crate) fn lines(&self) -> Vec<String> {
        let mut lines = Vec::new();
        self.write(0, &mut lines);
        lines
    }

    fn write(&self, depth: usize, lines: &mut Vec<String>) {
        let indent = "  ".repeat(depth);
        let role = self.role.map_or("", role_words);
        let filled = self.filled.as_ref();
        let filled = filled.map_or_else(String::new, |filled| format!(" ({filled})"));
        let notes: String = self.notes.iter().map(|note| format!(", {note}")).collect();
        let place = self.place.as_ref().map_or_else(String::new, |place| {
            format!("  [{}:{}]", place.file, place.line)
        });
        lines.push(format!(
            "{indent}{role}{} = {}{filled}{notes}{place}",
            self.text, self.shown
        ));
        for row in &self.rows {
            let RowTold { place, text, cells } = row;
            lines.push(format!(
                "{indent}  row {text}  [{}:{}]",
                place.file, place.line
            ));
            for CellTold {
                column,
                value,
                takes,
            } in cells
            {
                lines.push(format!("{indent}    {column} {value} falls into {takes}"));
            }
        }
        for part in &self.parts {
            part.write(depth + 1, lines);
        }
    }
}

fn role_words(role: Role) -> &'static str {
    match role {
        Role::Question => "question ",
        Role::Statement => "statement ",
        Role::Feature => "feature ",
        Role::Value => "value ",
        Role::Knockout => "knock-out ",
        Role::Review => "review ",
        Role::Alert => "alert ",
        Role::Card => "when card ",
        Role::Characteristic => "characteristic ",
        Role::Affordability => "limit ",
        Role::Cap => "cap ",
        Role::Grade => "grade ",
        Role::Product => "product ",
        Role::Suits => "suits ",
        Role::Discount => "discount ",
        Role::Rate => "rate of ",
    }
}

/// A value as data.
pub(crate) fn data(value: Value, kind: &Kind) -> Json {
    let Some(number) = value.get() else {
        return Json::Null;
    };
    match kind {
        Kind::Boolean => json!(number == 1),
        Kind::Date => Date::from_days(number).map_or(json!(number), |date| json!(date.to_string())),
        Kind::Choice(options) => {
            let option = usize::try_from(number)
                .ok()
                .and_then(|index| options.get(index));
            option.map_or(json!(number), |option| json!(option.as_str()))
        }
        _ => json!(number),
    }
}
