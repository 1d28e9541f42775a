//! `size`: what a borrower's phone downloads, raw and compressed, held against the budgets.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};

use crate::{build, project, step};

/// A kilobyte, as in the budgets.
const KB: usize = 1024;

/// Where a budget is not met yet, the gate stands 5 % above what was reached, so that it gets no worse unseen: for the flow,
/// both languages and all screens together.
const FLOW_GATE: usize = 39_200;

/// The most that each panel under the estimate may be: the schedule's picture and texts, the cost statement's table, print
/// and texts, and what they share. They stand apart from the flow because nobody waits for them until the borrower opens
/// one; what is seen before that is what the flow's budget protects.
const SCHEDULE: usize = 4 * KB + KB / 2;
const STATEMENT: usize = 4 * KB;
const SHARED_BY_PANELS: usize = 2 * KB + KB / 2;

/// Bytes of one file or of several files together.
#[derive(Clone, Copy, Default)]
struct Bytes {
    raw: usize,
    gzip: usize,
    brotli: usize,
}

impl std::ops::Add for Bytes {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            raw: self.raw + other.raw,
            gzip: self.gzip + other.gzip,
            brotli: self.brotli + other.brotli,
        }
    }
}

/// A line of the table.
struct Row {
    name: String,
    bytes: Bytes,
    /// The most that it should be in brotli.
    budget: Option<usize>,
    /// The most that it may be in brotli, where that is not the budget.
    gate: Option<usize>,
}

impl Row {
    fn above(&self, most: Option<usize>) -> bool {
        most.is_some_and(|most| self.bytes.brotli > most)
    }

    fn fails(&self) -> bool {
        self.above(self.gate.or(self.budget))
    }
}

/// Builds everything, prints the table, and fails when a line is above its budget or, where it has one, its gate.
pub(crate) fn run() -> Result<()> {
    build::all()?;
    let rows = rows()?;
    print(&rows);
    let over: Vec<&str> = rows
        .iter()
        .filter(|row| row.fails())
        .map(|row| row.name.as_str())
        .collect();
    ensure!(over.is_empty(), "above the gate: {}", over.join(", "));
    step::say("all within their gates");
    Ok(())
}

fn rows() -> Result<Vec<Row>> {
    let row = |name: &str, bytes, budget| Row {
        name: name.to_owned(),
        bytes,
        budget,
        gate: None,
    };
    let [estimate, sealing] = build::MODULES.map(|module| {
        let wasm = measure(&project::path(&format!("pkg/dist/{module}.wasm")))?;
        let glue = measure(&project::path(&format!("pkg/dist/{module}.js")))?;
        anyhow::Ok((wasm, glue))
    });
    let ((estimate, estimate_glue), (sealing, sealing_glue)) = (estimate?, sealing?);
    // As the pages carry it, like the glue.
    let minified = project::target().join("xtask/load.mjs");
    build::minify(&project::path("pkg/load.mjs"), &minified)?;
    let loader = measure(&minified)?;
    let element = measure(&project::path("pkg/dist/element.js"))?;
    let mut rows = vec![
        row("estimate.wasm", estimate, None),
        row("its glue and the loader", estimate_glue + loader, None),
        row(
            "wasm + glue, first estimate",
            estimate + estimate_glue + loader,
            Some(60 * KB),
        ),
        row("sealing.wasm, later", sealing, None),
        row("its glue", sealing_glue, None),
        row("all wasm", estimate + sealing, Some(100 * KB)),
        row("element.js, loaded by a partner's page", element, None),
        // The bundler puts the glue into this code; it is budgeted with the module.
        Row {
            gate: Some(FLOW_GATE),
            ..row(
                "flow up to the outcome, JS + CSS, glue",
                flow(|name| !belongs(name, &LATER) && !belongs(name, &OPENED))?,
                Some(20 * KB + estimate_glue.brotli + loader.brotli),
            )
        },
        row(
            "editing lists, sending; later",
            flow(|name| belongs(name, &LATER))?,
            None,
        ),
        row(
            "the schedule, when it is opened",
            flow(|name| name.starts_with("schedule-"))?,
            Some(SCHEDULE),
        ),
        row(
            "the cost statement, when it is opened",
            flow(|name| name.starts_with("statement-"))?,
            Some(STATEMENT),
        ),
        row(
            "what both share, with the first of them",
            flow(|name| name.starts_with("panel-"))?,
            Some(SHARED_BY_PANELS),
        ),
    ];
    for path in files(&build::folder())? {
        let budget = match extension(&path) {
            "policy" => 6 * KB,
            _ => 3 * KB,
        };
        rows.push(row(&project::name(&path), measure(&path)?, Some(budget)));
    }
    Ok(rows)
}

/// What of the flow's code is fetched only where a policy has lists, and when the borrower sends.
const LATER: [&str; 2] = ["list-", "submit-"];

/// What of it is fetched only when the borrower opens a panel.
const OPENED: [&str; 3] = ["schedule-", "statement-", "panel-"];

fn belongs(name: &str, parts: &[&str]) -> bool {
    parts.iter().any(|part| name.starts_with(part))
}

/// The code and styles of the borrower's pages and frames whose names are wanted; the demo shop's are not a borrower's
/// burden.
fn flow(wanted: impl Fn(&str) -> bool) -> Result<Bytes> {
    let mut sum = Bytes::default();
    for path in files(&project::path("www/dist/assets"))? {
        let name = project::name(&path);
        if matches!(extension(&path), "js" | "css") && !name.starts_with("shop") && wanted(&name) {
            sum = sum + measure(&path)?;
        }
    }
    Ok(sum)
}

fn extension(path: &Path) -> &str {
    path.extension()
        .and_then(|extension| extension.to_str())
        .unwrap_or_default()
}

/// The files of a folder, in order of their names.
fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries =
        fs::read_dir(folder).with_context(|| format!("cannot read `{}`", folder.display()))?;
    let mut files = entries
        .map(|entry| Ok(entry?.path()))
        .collect::<Result<Vec<_>>>()?;
    files.retain(|path| path.is_file());
    files.sort();
    Ok(files)
}

fn measure(path: &Path) -> Result<Bytes> {
    let bytes = fs::read(path).with_context(|| format!("cannot read `{}`", path.display()))?;
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    gzip.write_all(&bytes)?;
    let mut brotli = Vec::new();
    brotli::CompressorWriter::new(&mut brotli, 4096, 11, 24).write_all(&bytes)?;
    Ok(Bytes {
        raw: bytes.len(),
        gzip: gzip.finish()?.len(),
        brotli: brotli.len(),
    })
}

fn print(rows: &[Row]) {
    step::say(&format!(
        "{:<40} {:>9} {:>9} {:>9} {:>9}",
        "bytes", "raw", "gzip", "brotli", "budget"
    ));
    for row in rows {
        let Bytes { raw, gzip, brotli } = row.bytes;
        let budget = row
            .budget
            .map_or(String::new(), |budget| budget.to_string());
        let verdict = match (row.above(row.budget), row.fails()) {
            (_, true) => "  over, and above the gate",
            (true, _) => "  over, within the gate",
            _ => "",
        };
        step::say(&format!(
            "{:<40} {raw:>9} {gzip:>9} {brotli:>9} {budget:>9}{verdict}",
            row.name
        ));
    }
}
