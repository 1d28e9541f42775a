use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use proptest::prelude::*;

use super::format;
use super::spacing::spaced;
use crate::cell;
use crate::csv;
use crate::document::{self, Item, Section, Sink};
use crate::source::{At, Quoted, Span};
use crate::syntax;

fn formatted(path: &str, text: &str) -> String {
    format(path, text).unwrap_or_else(|diagnostics| panic!("{diagnostics}"))
}

/// A text all of whose places are one, so that what is read from it is equal
/// wherever it stood.
fn placeless(text: &str) -> Quoted {
    let span = Span::new(&"".into(), 0..0);
    Quoted::new(text.to_owned(), vec![0; text.len() + 1], span)
}

/// What a formula means, white space aside.
fn tree(text: &str) -> Option<String> {
    let tree = syntax::parse(&placeless(text)).ok()?;
    Some(format!("{tree:?}"))
}

/// What a TOML file says; formulas stand as trees.
fn meaning(text: &str) -> Vec<String> {
    fn walk(path: &str, item: At<Item>, all: &mut Vec<String>) {
        match item.it {
            Item::Table(entries) => {
                all.push(format!("{path} table"));
                for (key, item) in entries {
                    walk(&format!("{path}.{}", key.it), item, all);
                }
            }
            Item::List(items) => {
                all.push(format!("{path} list"));
                for (index, item) in items.into_iter().enumerate() {
                    walk(&format!("{path}.{index}"), item, all);
                }
            }
            Item::Text(quoted) => {
                let last = path.rsplit('.').next().unwrap_or_default();
                let formula = ["formula", "when", "from"].contains(&last);
                let told = tree(&quoted.text).filter(|_| formula);
                all.push(format!("{path} = {}", told.unwrap_or(quoted.text)));
            }
            other => all.push(format!("{path} = {other:?}")),
        }
    }
    let mut sink = Sink::new();
    let mut root: Section = document::read(&"policy.toml".into(), text, &mut sink);
    assert!(sink.is_empty(), "{sink:?}\n{text}");
    let mut all = Vec::new();
    for (key, item) in root.rest() {
        walk(&key.it, item, &mut all);
    }
    all
}

/// What a table says: its trimmed fields, cells as what they take in.
fn cells(text: &str) -> Vec<Vec<String>> {
    let mut sink = Sink::new();
    let file: Arc<str> = "t.csv".into();
    let csv = csv::read(&file, text, &mut sink).expect("a table");
    let one = |field: &Quoted| {
        let text = field.text.trim();
        cell::parse(&placeless(text))
            .map_or_else(|_| text.to_owned(), |cell| format!("{:?}", cell.parts))
    };
    let header = csv.header.iter().map(|field| field.text.trim().to_owned());
    let mut all = vec![header.collect()];
    all.extend(
        csv.rows
            .iter()
            .map(|row| row.fields.iter().map(one).collect()),
    );
    all
}

fn holds(path: &str, text: &str) {
    let once = formatted(path, text);
    assert_eq!(once, formatted(path, &once), "{text}");
    if path.ends_with(".csv") {
        assert_eq!(cells(text), cells(&once));
    } else {
        assert_eq!(meaning(text), meaning(&once));
    }
}

/// Every file of the shipped policies and of the test policy.
fn files() -> Vec<(String, String)> {
    let crate_folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let policies = crate_folder.join("../../policies");
    let mut folders: Vec<PathBuf> = fs::read_dir(policies)
        .expect("the policies")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.is_dir())
        .collect();
    folders.push(crate_folder.join("tests/base"));
    let mut files = Vec::new();
    for folder in folders {
        for part in ["", "tables", "texts", "cases"] {
            let Ok(entries) = fs::read_dir(folder.join(part)) else {
                continue;
            };
            for path in entries.map(|entry| entry.expect("an entry").path()) {
                let name = path.file_name().and_then(|name| name.to_str());
                let name = name.expect("a name");
                if name.ends_with(".toml") || name.ends_with(".csv") {
                    let text = fs::read_to_string(&path).expect("a text");
                    files.push((
                        format!("{part}/{name}").trim_start_matches('/').into(),
                        text,
                    ));
                }
            }
        }
    }
    files
}

#[test]
fn every_policy_keeps_its_meaning() {
    let files = files();
    assert!(files.len() > 20);
    for (path, text) in files {
        holds(&path, &text);
    }
}

#[test]
fn formulas_are_spaced() {
    for (written, wanted) in [
        ("a+b*-c", "a + b * -c"),
        ("min( a,b )-1", "min(a, b) - 1"),
        ("x in[18 .. 25)", "x in [18..25)"),
        ("x in(\"a\",'b')", "x in (\"a\", \"b\")"),
        ("x in (-5..-1]", "x in (-5..-1]"),
        ("if a<b then(c)else - d", "if a < b then (c) else -d"),
        ("not(a)and b>=35%", "not (a) and b >= 35%"),
        ("true-1", "true - 1"),
        ("a\n  and b", "a and b"),
    ] {
        assert_eq!(spaced(written, false).as_deref(), Ok(wanted));
    }
    assert_eq!(spaced("a\n  and b", true).as_deref(), Ok("a\n    and b"));
}

#[test]
fn toml_is_laid_out() {
    let written = concat!(
        "\n\n# a comment  \n[ policy ]\nid=\"x\"   # why\n\n\n\n",
        "[[ knockout ]]\nwhen = \"a==\\\"b\\\"\"\nreason='R'\n",
        "list = [1,2, # two\n3\n# end\n]\ntable = {a=1,b=[ 2,3 ]}\n",
    );
    let wanted = concat!(
        "# a comment\n[policy]\nid = \"x\" # why\n\n",
        "[[knockout]]\nwhen = 'a == \"b\"'\nreason = 'R'\n",
        "list = [\n    1,\n    2, # two\n    3,\n    # end\n]\ntable = { a = 1, b = [2, 3] }\n",
    );
    assert_eq!(formatted("policy.toml", written), wanted);
}

#[test]
fn a_long_list_is_filled() {
    let months: Vec<String> = (100..140).map(|month| month.to_string()).collect();
    let written = format!("terms = [{}]\n", months.join(","));
    let out = formatted("policy.toml", &written);
    assert_eq!(out.lines().count(), 5);
    assert!(out.lines().all(|line| line.len() <= 100), "{out}");
    holds("policy.toml", &written);
}

#[test]
fn a_formula_of_several_lines_stays_one() {
    let written = "[value.a]\nformula = '''\nif x==\"y\" then b\nelse   c\n'''\n";
    let wanted = "[value.a]\nformula = '''\nif x == \"y\" then b\n    else c\n'''\n";
    assert_eq!(formatted("policy.toml", written), wanted);
    holds("policy.toml", written);
}

#[test]
fn tables_are_trimmed_and_quoted_where_needed() {
    let written = "\u{feff} age ,\"grade\" ,=rate\r\n[18 .. 25) ,\"\"\"A\"\",\"\"B\"\"\",0.1\r\n\r\n\">=25\",\"-\",- 0.2\r\n";
    let wanted = "age,grade,=rate\n[18..25),\"\"\"A\"\", \"\"B\"\"\",0.1\n>= 25,-,-0.2\n";
    assert_eq!(formatted("tables/t.csv", written), wanted);
}

#[test]
fn what_does_not_parse_is_refused_with_its_place() {
    for (path, text, code, line) in [
        ("policy.toml", "a = 1\nb = \n", "syntax", 2),
        (
            "policy.toml",
            "[value.a]\nformula = \"a +\"\n",
            "bad_formula",
            2,
        ),
        ("tables/t.csv", "age,=x\n18..25,1\n", "bad_formula", 2),
        ("tables/t.csv", "age,=x\n\"18,1\n", "syntax", 2),
    ] {
        let entries = format(path, text).expect_err(text).entries();
        assert_eq!((entries[0].code, entries[0].line), (code, line), "{text}");
    }
    // A text is no formula.
    assert!(format("texts/en.toml", "[value.a]\nformula = \"a +\"\n").is_ok());
}

fn formula() -> impl Strategy<Value = String> {
    let leaf = prop::sample::select(
        &[
            "a", "income", "18", "1_500_00", "0.35", "35%", "\"own\"", "'x'", "true", "missing",
        ][..],
    )
    .prop_map(str::to_owned);
    leaf.prop_recursive(6, 48, 3, |inner| {
        let operator = prop::sample::select(
            &[
                "+", "-", "*", "/", "==", "!=", "<", ">=", " and ", " or ", " else ",
            ][..],
        );
        let space = prop::sample::select(&["", " ", "  ", "\n", "\t"][..]);
        prop_oneof![
            (inner.clone(), operator, space.clone(), inner.clone())
                .prop_map(|(a, o, s, b)| format!("{a}{s}{o}{s}{b}")),
            inner.clone().prop_map(|a| format!("-{a}")),
            inner.clone().prop_map(|a| format!("not {a}")),
            (inner.clone(), space.clone()).prop_map(|(a, s)| format!("({s}{a}{s})")),
            (inner.clone(), space.clone(), inner.clone())
                .prop_map(|(a, s, b)| format!("min{s}({a}{s},{b})")),
            (inner.clone(), space.clone()).prop_map(|(a, s)| format!("{a} in{s}[-1{s}..{s}2.5)")),
            inner.clone().prop_map(|a| format!("{a} in(\"a\",\"b\")")),
            (inner.clone(), inner.clone(), inner)
                .prop_map(|(a, b, c)| format!("if {a} then {b} else {c}")),
        ]
    })
}

const SLIPS: [&str; 26] = [
    "",
    "\"",
    "'",
    "]",
    "[",
    "(",
    ")",
    "{",
    "}",
    ",",
    "=",
    "-",
    "..",
    "#",
    "# c\n",
    "\\",
    "\n",
    " ",
    "\t",
    "额",
    "\r\n",
    "[1,2]",
    "{a=1}",
    "'''",
    "\"\"\"",
    "a.b = 1\n",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 1024, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_formula_keeps_its_tree(written in formula(), lines in any::<bool>()) {
        let before = tree(&written);
        let once = spaced(&written, lines).expect("tokens");
        prop_assert_eq!(&before, &tree(&once), "{}", once);
        prop_assert_eq!(&once, &spaced(&once, lines).expect("tokens"));
        if before.is_some() {
            holds("policy.toml", &format!("[value.a]\nformula = '''\n{written}'''\n").replace("'x'", "x"));
        }
    }

    #[test]
    fn a_changed_file_keeps_its_meaning(
        file in any::<prop::sample::Index>(),
        slips in prop::collection::vec(
            (any::<prop::sample::Index>(), 0_usize..4, prop::sample::select(&SLIPS[..])),
            1..4,
        ),
    ) {
        let files = files();
        let (path, text) = file.get(&files);
        let mut text = text.clone();
        for (at, length, slip) in slips {
            let chars: Vec<char> = text.chars().collect();
            let at = at.index(chars.len() + 1);
            let before: String = chars.iter().take(at).collect();
            let after: String = chars.iter().skip(at + length).collect();
            text = format!("{before}{slip}{after}");
        }
        if format(path, &text).is_ok() {
            holds(path, &text);
        }
    }
}
