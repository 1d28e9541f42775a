//! What is said of a table's rows, held against every input that can come:
//! gaps, overlaps, rows that no input reaches and rows that others hide.

use std::path::Path;

use prequal_compiler::{Code, Diagnostics, Sources, compile_sources};
use proptest::prelude::*;

/// A value, or missing.
type Input = Option<i64>;

/// A cell: any value and missing, or these.
#[derive(Clone, Debug)]
struct Cell {
    any: bool,
    spans: Vec<(i64, i64)>,
    missing: bool,
}

impl Cell {
    fn contains(&self, input: Input) -> bool {
        let within = |value| {
            let mut spans = self.spans.iter();
            spans.any(|(low, high)| (*low..=*high).contains(&value))
        };
        self.any || input.map_or(self.missing, within)
    }

    fn text(&self, column: &Column) -> String {
        if self.any {
            return "-".to_owned();
        }
        let span = |(low, high): &(i64, i64)| match (column.options, low == high) {
            ([], true) => vec![low.to_string()],
            ([], false) => vec![format!("[{low}..{high}]")],
            (options, _) => (0..)
                .zip(options)
                .filter(|(index, _)| (low..=high).contains(&index))
                .map(|(_, option)| format!("\"{option}\""))
                .collect(),
        };
        let mut parts: Vec<String> = self.spans.iter().flat_map(span).collect();
        parts.extend(self.missing.then(|| "missing".to_owned()));
        format!("\"{}\"", parts.join(", ").replace('"', "\"\""))
    }
}

#[derive(Clone, Debug)]
struct Row {
    cells: Vec<Cell>,
    output: i64,
}

impl Row {
    fn takes(&self, input: &[Input]) -> bool {
        let mut cells = self.cells.iter().zip(input);
        cells.all(|(cell, value)| cell.contains(*value))
    }
}

/// A column, and the values that its cells are made of, some of which no
/// input has.
struct Column {
    name: &'static str,
    values: &'static [i64],
    optional: bool,
    options: &'static [&'static str],
}

const XA: Column = Column {
    name: "xa",
    values: &[0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
    optional: false,
    options: &[],
};
const XB: Column = Column {
    name: "xb",
    values: &[0, 1, 2, 3, 4],
    optional: true,
    options: &[],
};
const PRODUCT: Column = Column {
    name: "product",
    values: &[0, 1],
    optional: false,
    options: &["loan", "flex"],
};
const TERM: Column = Column {
    name: "term",
    values: &[6, 12, 18, 24],
    optional: false,
    options: &[],
};

/// Where a table is asked.
#[derive(Clone, Copy, Debug)]
enum Place {
    /// Of two figures, one of which may be missing.
    Value,
    /// Of what some product offers.
    Request,
    /// Called twice, for a figure in 0 to 5 and for one in 3 to 8.
    Calls,
}

impl Place {
    fn columns(self) -> &'static [Column] {
        match self {
            Place::Value | Place::Calls => &[XA, XB],
            Place::Request => &[TERM, XB, PRODUCT],
        }
    }

    /// Every input of each use: by the first column, then the second, and so
    /// on; missing stands last.
    fn uses(self) -> Vec<Vec<Vec<Input>>> {
        let xb = [Some(0), Some(1), Some(2), Some(3), None];
        let pairs = |low: i64, high: i64| {
            let pairs = (low..=high).flat_map(|x| xb.map(|y| vec![Some(x), y]));
            pairs.collect::<Vec<_>>()
        };
        let offered = [(6, 0), (12, 0), (12, 1), (24, 1)];
        let request = |term: i64| {
            xb.into_iter().flat_map(move |y| {
                let products = offered.into_iter().filter(move |(of, _)| *of == term);
                products.map(move |(term, product)| vec![Some(term), y, Some(product)])
            })
        };
        match self {
            Place::Value => vec![pairs(0, 5)],
            Place::Calls => vec![pairs(0, 5), pairs(3, 8)],
            Place::Request => vec![[6, 12, 24].into_iter().flat_map(request).collect()],
        }
    }

    /// Whether a row that hides another all by itself is always named: not
    /// where it does so only since no product offers the rest.
    fn names_the_whole(self) -> bool {
        !matches!(self, Place::Request)
    }

    fn words(self, input: &[Input]) -> String {
        let columns = self.columns().iter().zip(input);
        let words = columns.map(|(column, value)| match value {
            None => format!("{} missing", column.name),
            Some(value) => match usize::try_from(*value)
                .ok()
                .and_then(|v| column.options.get(v))
            {
                Some(option) => format!("{} `{option}`", column.name),
                None => format!("{} {value}", column.name),
            },
        });
        words.collect::<Vec<_>>().join(", ")
    }
}

/// The base policy with a table that bounds its limit.
fn policy(place: Place, hit: &str, rows: &[Row]) -> Sources {
    let base = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/base");
    let mut sources = Sources::read(&base).expect("the base policy");
    let table = match place {
        Place::Value | Place::Request => "[value.big]\ntable = \"tables/big.csv\"\n",
        Place::Calls => "[table.big]\nfile = \"tables/big.csv\"\n",
    };
    let order = match hit {
        "priority" => format!("order = {:?}\n", order(rows)),
        _ => String::new(),
    };
    let asked = match place {
        Place::Value | Place::Request => "big",
        Place::Calls => "max(big(xa, xb), big(xc, xb))",
    };
    let mut text = sources.get("policy.toml").expect("a policy").to_owned();
    for (old, new) in [
        ("commitments = 8", "commitments = 16".to_owned()),
        (
            "\"debts\"]",
            "\"debts\", \"xa\", \"xb\", \"xc\"]".to_owned(),
        ),
        (
            "[feature.age]",
            "[question.xa]\nkind = \"integer\"\nrange = [0, 5]\n\n\
             [question.xb]\nkind = \"integer\"\nrange = [0, 3]\noptional = true\n\n\
             [question.xc]\nkind = \"integer\"\nrange = [3, 8]\n\n\
             [feature.xa]\nexact = true\n\n[feature.xb]\nexact = true\n\n\
             [feature.xc]\nexact = true\n\n[feature.age]"
                .to_owned(),
        ),
        (
            "[[knockout]]",
            format!("{table}kind = \"money\"\nhit = \"{hit}\"\n{order}\n[[knockout]]"),
        ),
        (
            "step = 100_00\n",
            format!("big = {{ formula = \"{asked}\" }}\nstep = 100_00\n"),
        ),
    ] {
        assert!(text.contains(old), "{old}");
        text = text.replacen(old, &new, 1);
    }
    text.push_str(
        "\n[[product]]\nid = \"flex\"\nplan = { kind = \"equal_instalment\" }\nterms = [12, 24]\n\
         minimum = 500_00\nmaximum = 20_000_00\nrate = 0.1\n",
    );
    sources.insert("policy.toml", text);
    let rates = sources.get("tables/rate.csv").expect("a table");
    let rates = rates.replace(",12,", ",>= 12,");
    sources.insert("tables/rate.csv", rates);
    let columns = place.columns();
    let mut csv: String = columns.iter().map(|c| format!("{},", c.name)).collect();
    csv.push_str("=big\n");
    for row in rows {
        let cells = row.cells.iter().zip(columns);
        csv.extend(cells.map(|(cell, column)| cell.text(column) + ","));
        csv.push_str(&format!("{}\n", row.output));
    }
    sources.insert("tables/big.csv", csv);
    sources
}

/// The outputs that occur, best first.
fn order(rows: &[Row]) -> Vec<i64> {
    let occurs = |output: &i64| rows.iter().any(|row| row.output == *output);
    [200, 0, 300, 100].into_iter().filter(occurs).collect()
}

/// What is said of the table: code, line and words, and the line of the other
/// row.
type Said = Vec<(Code, usize, String, Option<usize>)>;

fn said(place: Place, diagnostics: &Diagnostics, csv: &str) -> Said {
    let line = |at: usize| csv.bytes().take(at).filter(|byte| *byte == b'\n').count() + 1;
    let of_table = diagnostics
        .iter()
        .filter(|told| &*told.span.file == "tables/big.csv");
    let mut said: Said = of_table
        .map(|told| {
            let other = told.other.as_deref();
            let other = other.filter(|(span, _)| &*span.file == "tables/big.csv");
            let named = told.code != Code::Unreachable || place.names_the_whole();
            let other = other.filter(|_| named).map(|(span, _)| line(span.start));
            (
                told.code,
                line(told.span.start),
                told.message.clone(),
                other,
            )
        })
        .collect();
    said.sort();
    said
}

/// The same, from every input of every use.
fn found(place: Place, hit: &str, rows: &[Row]) -> Said {
    let uses = place.uses();
    let mut said = Said::new();
    if hit != "collect_sum" {
        for inputs in &uses {
            let untaken = |input: &&Vec<Input>| !rows.iter().any(|row| row.takes(input));
            if let Some(input) = inputs.iter().find(untaken) {
                let message = format!("no row for {}", place.words(input));
                said.push((Code::Gap, 1, message, None));
            }
        }
    }
    let mut ranked: Vec<(usize, &Row)> = (2..).zip(rows).collect();
    if hit == "priority" {
        let order = order(rows);
        ranked.sort_by_key(|(_, row)| order.iter().position(|best| *best == row.output));
    }
    for (index, (line, row)) in ranked.iter().enumerate() {
        let before = &ranked[..index];
        let reached: Vec<&Vec<Input>> = uses
            .iter()
            .flatten()
            .filter(|input| row.takes(input))
            .collect();
        if reached.is_empty() {
            let message = "no input reaches this row".to_owned();
            said.push((Code::Unreachable, *line, message, None));
            continue;
        }
        let taken = |input: &&Vec<Input>| before.iter().any(|(_, row)| row.takes(input));
        if matches!(hit, "first" | "priority") && reached.iter().all(taken) {
            let message = match hit {
                "first" => "earlier rows hide this row: it is never the first that fits",
                _ => "rows of better outputs hide this row: it is never what counts",
            };
            let mut whole = before.iter();
            let whole = whole.find(|(_, one)| reached.iter().all(|input| one.takes(input)));
            let whole = whole.filter(|_| place.names_the_whole());
            let whole = whole.map(|(line, _)| *line);
            said.push((Code::Unreachable, *line, message.to_owned(), whole));
        }
        let clash = before.iter().find_map(|(other, one)| {
            let clashes = match hit {
                "unique" => true,
                "any" => one.output != row.output,
                _ => false,
            };
            let mut both = reached.iter().filter(|input| clashes && one.takes(input));
            Some((*other, one.output, both.next()?))
        });
        if let Some((other, output, input)) = clash {
            let input = place.words(input);
            let money = |minor: i64| match minor {
                0 => "0".to_owned(),
                _ => format!("{}_00", minor / 100),
            };
            let message = match hit {
                "any" => format!(
                    "two rows that do not agree for {input}: {} and {}",
                    money(output),
                    money(row.output)
                ),
                _ => format!("two rows for {input}"),
            };
            said.push((Code::Overlap, *line, message, Some(other)));
        }
    }
    said.sort();
    said
}

/// Cells that are made of a column's values, from numbers of no column.
fn cell(column: &Column, (kind, spans, missing): &(u8, Vec<(usize, usize)>, bool)) -> Cell {
    let values = column.values;
    let span = |(from, width): &(usize, usize)| {
        let from = from % values.len();
        (values[from], values[(from + width).min(values.len() - 1)])
    };
    Cell {
        any: *kind == 0,
        spans: spans.iter().map(span).collect(),
        missing: *missing && column.optional,
    }
}

fn tables() -> impl Strategy<Value = (Place, &'static str, Vec<Row>)> {
    let places = vec![Place::Value, Place::Request, Place::Calls];
    let hits = vec!["unique", "first", "any", "priority", "collect_sum"];
    let spans = prop::collection::vec((0_usize..10, 0_usize..6), 1..3);
    let cells = prop::collection::vec((0_u8..4, spans, any::<bool>()), 3);
    let rows = prop::collection::vec((cells, 0_i64..4), 1..12);
    let strategy = (
        prop::sample::select(places),
        prop::sample::select(hits),
        rows,
        any::<bool>(),
    );
    strategy.prop_map(|(place, hit, rows, whole)| {
        let columns = place.columns();
        let rows = rows.iter().map(|(cells, output)| Row {
            cells: columns
                .iter()
                .zip(cells)
                .map(|(column, of)| cell(column, of))
                .collect(),
            output: output * 100,
        });
        let any = Cell {
            any: true,
            spans: Vec::new(),
            missing: false,
        };
        let last = Row {
            cells: vec![any; columns.len()],
            output: 0,
        };
        (place, hit, rows.chain(whole.then_some(last)).collect())
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_said_of_rows_holds_for_every_input((place, hit, rows) in tables()) {
        let sources = policy(place, hit, &rows);
        let csv = sources.get("tables/big.csv").expect("a table");
        let diagnostics = match compile_sources(&sources) {
            Ok(compiled) => compiled.warnings,
            Err(diagnostics) => diagnostics,
        };
        prop_assert_eq!(said(place, &diagnostics, csv), found(place, hit, &rows), "{} {:?}\n{}", hit, place, csv);
    }
}

/// The most rows of all tables; those of the base policy have eight.
const MOST: usize = 8192 - 8;

/// What is said of a table of so many rows: a row for each pair of values, of
/// 91 for the second column, and then the rest.
fn said_of_most(hit: &str, rest: [&str; 3]) -> Said {
    let mut sources = policy(Place::Value, hit, &[]);
    let policy = sources.get("policy.toml").expect("a policy");
    let policy = policy
        .replace("range = [0, 5]", "range = [0, 100]")
        .replace("range = [0, 3]\noptional = true", "range = [0, 100]");
    sources.insert("policy.toml", policy);
    let pairs = (0..MOST - rest.len()).map(|row| format!("{},{}", row / 91, row % 91));
    let rows = pairs.chain(rest.map(str::to_owned));
    let rows: String = rows.map(|row| format!("{row},100\n")).collect();
    let csv = format!("xa,xb,=big\n{rows}");
    sources.insert("tables/big.csv", csv.clone());
    let compiled = compile_sources(&sources).unwrap_or_else(|told| panic!("{told}"));
    let tables = compiled.loaded.body().tables.iter();
    assert_eq!(tables.map(|table| table.rows.len()).sum::<usize>(), 8192);
    said(Place::Value, &compiled.warnings, &csv)
}

#[test]
fn as_many_rows_as_there_may_be_are_proven_apart() {
    let rest = ["89,[82..90]", "> 89,<= 90", "-,> 90"];
    assert_eq!(said_of_most("unique", rest), []);
}

#[test]
fn as_many_rows_as_there_may_be_are_held_against_those_before_them() {
    let hidden = |line| {
        let message = "earlier rows hide this row: it is never the first that fits";
        (Code::Unreachable, line, message.to_owned(), None)
    };
    let rest = ["[3..4],[7..9]", "[87..89],[0..81]", "-,-"];
    let last = MOST + 1;
    assert_eq!(
        said_of_most("first", rest),
        [hidden(last - 2), hidden(last - 1)]
    );
}
