//! Scorecards out of CSV files.

use prequal::policy::{Bin, Cells, Id};

use crate::cell::{Cell, Part};
use crate::cells;
use crate::decide::Root;
use crate::declare;
use crate::diagnostic::{Code, Diagnostic};
use crate::document::Sink;
use crate::elaborate::Scope;
use crate::number::{self, NumberError};
use crate::source::{At, Quoted, Span};
use crate::suggest;
use crate::tables::{self, Column, parsed};

/// A card of the policy.
#[derive(Clone, Debug)]
pub(crate) struct BuiltCard {
    /// Where it counts; the last card has none.
    pub(crate) when: Option<Root>,
    pub(crate) characteristics: Vec<BuiltCharacteristic>,
    /// The reason codes of its bins, which hold indices into them.
    pub(crate) reasons: Vec<At<Id>>,
    pub(crate) span: Span,
}

/// A characteristic with the places of its bins.
#[derive(Clone, Debug)]
pub(crate) struct BuiltCharacteristic {
    pub(crate) column: Column,
    pub(crate) span: Span,
    pub(crate) bins: Vec<At<Bin>>,
}

impl BuiltCharacteristic {
    /// The least and the most points.
    pub(crate) fn points(&self) -> (i32, i32) {
        let points = || self.bins.iter().map(|bin| bin.it.points);
        (points().min().unwrap_or(0), points().max().unwrap_or(0))
    }
}

impl Scope<'_> {
    /// The characteristics of a card and the reason codes of its bins.
    pub(crate) fn card(
        &mut self,
        file: &Quoted,
    ) -> Option<(Vec<BuiltCharacteristic>, Vec<At<Id>>)> {
        const COLUMNS: [&str; 4] = ["characteristic", "bin", "points", "reason"];
        let csv = tables::open(file, self.sources, self.sink)?;
        let mut sound = true;
        for field in &csv.header {
            if !COLUMNS.contains(&field.text.as_str()) {
                let message = format!("a card has no column `{}`", field.text);
                let help = suggest::help(&field.text, COLUMNS.into_iter());
                self.sink
                    .push(Diagnostic::new(Code::UnknownKey, &field.span, message).help(help));
                sound = false;
            }
        }
        let column = |name: &str| csv.header.iter().position(|field| field.text == name);
        let found = COLUMNS.map(column);
        let [
            Some(name_at),
            Some(bin_at),
            Some(points_at),
            Some(reason_at),
        ] = found
        else {
            if sound {
                let message = "a card has the columns characteristic, bin, points and reason";
                let span = &csv.header.first()?.span;
                self.sink
                    .push(Diagnostic::new(Code::MissingKey, span, message));
            }
            return None;
        };
        if csv.rows.is_empty() {
            let message = "a card without rows: everyone would have the same score";
            let help = "each row is a bin of a characteristic, with its points";
            let span = &csv.header.first()?.span;
            self.sink
                .push(Diagnostic::new(Code::Gap, span, message).help(help));
            return None;
        }
        let mut characteristics: Vec<BuiltCharacteristic> = Vec::new();
        let mut broken: Vec<String> = Vec::new();
        let mut reasons: Vec<At<Id>> = Vec::new();
        let mut parsed_rows: Vec<(usize, Cell, i32, Option<u16>)> = Vec::new();
        for record in &csv.rows {
            let field = |index: usize| record.fields.get(index);
            let (Some(name), Some(bin)) = (field(name_at), field(bin_at)) else {
                continue;
            };
            let (Some(points), Some(reason)) = (field(points_at), field(reason_at)) else {
                continue;
            };
            let known = characteristics
                .iter()
                .position(|c| c.column.name == name.text);
            let index = match known {
                Some(index) => Some(index),
                None if broken.contains(&name.text) => None,
                None => self.characteristic(name).map(|characteristic| {
                    characteristics.push(characteristic);
                    characteristics.len() - 1
                }),
            };
            if index.is_none() {
                broken.push(name.text.clone());
            }
            let cell = parsed(bin, self.sink);
            let points = self.points(points);
            let reason = match reason.text.trim() {
                "" => Some(None),
                _ => declare::reason(reason, self.sink).map(|code| {
                    let at = reasons.iter().position(|known| known.it == code.it);
                    let at = at.unwrap_or_else(|| {
                        reasons.push(code);
                        reasons.len() - 1
                    });
                    u16::try_from(at).ok()
                }),
            };
            match (index, cell, points, reason) {
                (Some(index), Some(cell), Some(points), Some(reason)) => {
                    parsed_rows.push((index, cell, points, reason));
                }
                _ => sound = false,
            }
        }
        for (index, characteristic) in characteristics.iter_mut().enumerate() {
            let rows = || parsed_rows.iter().filter(|row| row.0 == index);
            let (kind, optional) = (
                characteristic.column.kind.clone(),
                characteristic.column.optional,
            );
            let named = |cell: &Cell| {
                !cell
                    .parts
                    .iter()
                    .any(|part| matches!(part.it, Part::Unseen))
            };
            let seen: Vec<(i64, i64)> = rows()
                .filter(|row| named(&row.1))
                .filter_map(|row| cells::cells(&row.1, &kind, optional, None, &mut Sink::new()))
                .flat_map(|cells| match cells {
                    Cells::Any => Vec::new(),
                    Cells::Of { intervals, .. } => intervals,
                })
                .collect();
            for (_, cell, points, reason) in rows() {
                let cells = cells::cells(cell, &kind, optional, Some(&seen), self.sink);
                match cells.map(|cells| self.spread_out(cells, characteristic.column.node)) {
                    Some(cells) => characteristic.bins.push(At {
                        it: Bin {
                            cells,
                            points: *points,
                            reason: *reason,
                        },
                        span: cell.span.clone(),
                    }),
                    None => sound = false,
                }
            }
        }
        sound.then_some((characteristics, reasons))
    }

    fn characteristic(&mut self, name: &Quoted) -> Option<BuiltCharacteristic> {
        let typed = self.resolve(&name.text, &name.span)?;
        Some(BuiltCharacteristic {
            column: Column::new(&name.text, typed, 0),
            span: name.span.clone(),
            bins: Vec::new(),
        })
    }

    fn points(&mut self, field: &Quoted) -> Option<i32> {
        let read = number::whole(field.text.trim());
        let message = match read {
            Ok(points) if points.abs() <= 1_000_000 => return i32::try_from(points).ok(),
            Ok(_) => "points are at most 1 000 000",
            Err(NumberError::Malformed) => "points are a whole number",
            Err(error) => error.words(),
        };
        self.sink
            .push(Diagnostic::new(Code::BadValue, &field.span, message));
        None
    }
}
