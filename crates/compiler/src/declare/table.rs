//! Decision tables as they are referred to, and named tables.

use prequal::policy::{Id, Kind};

use super::names::duplicate;
use super::question;
use crate::diagnostic::{Code, Diagnostic};
use crate::document::{self, Item, Section, Sink};
use crate::elaborate::FUNCTIONS;
use crate::number;
use crate::source::{At, Quoted};
use crate::suggest;
use crate::syntax::Literal;

/// The hit policy of a table: what counts where several rows take the inputs
/// in (DMN 1.5, section 8.2.8).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Hit {
    /// Never do two.
    Unique,
    /// The first in the file.
    First,
    /// Any: they agree.
    Any,
    /// The one whose output stands first in `order`.
    Priority,
    /// All, in the file's order.
    RuleOrder,
    /// All, in the order of their outputs.
    OutputOrder,
    /// All, as they come.
    Collect,
    /// The sum of all.
    CollectSum,
    /// The least of all.
    CollectMin,
    /// The largest of all.
    CollectMax,
    /// How many there are.
    CollectCount,
}

impl Hit {
    const ALL: [(&'static str, Hit); 11] = [
        ("unique", Hit::Unique),
        ("first", Hit::First),
        ("any", Hit::Any),
        ("priority", Hit::Priority),
        ("rule_order", Hit::RuleOrder),
        ("output_order", Hit::OutputOrder),
        ("collect", Hit::Collect),
        ("collect_sum", Hit::CollectSum),
        ("collect_min", Hit::CollectMin),
        ("collect_max", Hit::CollectMax),
        ("collect_count", Hit::CollectCount),
    ];

    /// Whether the table yields a list instead of one value.
    pub(crate) fn is_list(self) -> bool {
        matches!(self, Hit::RuleOrder | Hit::OutputOrder | Hit::Collect)
    }

    /// Whether the outputs have an order of their own.
    pub(crate) fn is_ordered(self) -> bool {
        matches!(self, Hit::Priority | Hit::OutputOrder)
    }

    /// Whether rows stand in a line, so that one can hide another.
    pub(crate) fn hides(self) -> bool {
        matches!(self, Hit::First | Hit::Priority)
    }
}

/// A table as it is referred to.
#[derive(Clone, Debug)]
pub(crate) struct TableSource {
    pub(crate) file: Quoted,
    pub(crate) hit: Hit,
    /// Outputs, best first, where the hit policy has an order.
    pub(crate) order: Vec<At<Literal>>,
    pub(crate) kind: Option<Kind>,
}

/// A table that formulas call by its name.
#[derive(Clone, Debug)]
pub(crate) struct NamedTable {
    pub(crate) id: At<Id>,
    pub(crate) source: TableSource,
}

/// `[table.NAME]`.
pub(super) fn named(id: At<Id>, mut section: Section, sink: &mut Sink) -> Option<NamedTable> {
    if FUNCTIONS.contains(&id.it.as_str()) {
        let message = format!("`{}` is a function", id.it);
        let help = "take another name: a table is called as a function is";
        sink.push(Diagnostic::new(Code::BadName, &id.span, message).help(help));
        return None;
    }
    let file = section.need_text("file", sink);
    let source = source(&mut section, file, Hit::Unique, true, sink);
    section.finish(sink);
    Some(NamedTable {
        id,
        source: source?,
    })
}

/// The keys beside the file of a table: `hit`, `order` and, where a figure has
/// no kind of its own, `kind`. Without `hit`, the usual one holds.
pub(super) fn source(
    section: &mut Section,
    file: Option<Quoted>,
    usual: Hit,
    kinds: bool,
    sink: &mut Sink,
) -> Option<TableSource> {
    let kind = if kinds {
        section.text("kind", sink)
    } else {
        None
    };
    let kind = kind.and_then(|text| question::kind(&text, &question::KINDS, sink));
    let said = section.text("hit", sink);
    let hit = said.as_ref().map_or(Some(usual), |text| {
        let known = Hit::ALL.iter().find(|(name, _)| *name == text.text);
        if known.is_none() {
            let message = format!("`{}` is no hit policy", text.text);
            let help = suggest::help(&text.text, Hit::ALL.iter().map(|(name, _)| *name));
            sink.push(Diagnostic::new(Code::BadValue, &text.span, message).help(help));
        }
        known.map(|(_, hit)| *hit)
    });
    let order = section.take("order");
    if let (Some(hit), None, Some(said)) = (hit, &order, &said)
        && hit.is_ordered()
    {
        let message = format!("`{}` needs the key `order`", said.text);
        let help = "name the outputs, best first: `order = [\"A\", \"B\"]`";
        sink.push(Diagnostic::new(Code::MissingKey, &said.span, message).help(help));
        return None;
    }
    if let (Some(hit), Some(order)) = (hit, &order)
        && !hit.is_ordered()
    {
        let message = "`order` belongs to the hit policies `priority` and `output_order`";
        sink.push(Diagnostic::new(Code::BadValue, &order.span, message));
    }
    let order = order.map_or_else(Vec::new, |item| constants(item, sink));
    Some(TableSource {
        file: file?,
        hit: hit?,
        order,
        kind,
    })
}

/// A list of constants whose kind is not known yet.
fn constants(item: At<Item>, sink: &mut Sink) -> Vec<At<Literal>> {
    let mut literals = Vec::new();
    for At { it, span } in document::list(item, sink).unwrap_or_default() {
        let literal = match it {
            Item::Text(text) => Ok(Literal::Text(text.text)),
            Item::Boolean(truth) => Ok(Literal::Truth(truth)),
            Item::Number(text) if text.contains('.') => number::ratio(&text).map(Literal::Ratio),
            Item::Number(text) => number::whole(&text).map(Literal::Whole),
            _ => {
                let message = "outputs belong here: words in quotes, numbers or truth values";
                sink.push(Diagnostic::new(Code::WrongType, &span, message));
                continue;
            }
        };
        match literal {
            Ok(it) => literals.push(At { it, span }),
            Err(error) => sink.push(Diagnostic::new(Code::BadValue, &span, error.words())),
        }
    }
    literals
}

/// Whether an order names every output once and nothing else.
pub(crate) fn in_order<T: PartialEq>(
    order: &[At<T>],
    outputs: &[At<T>],
    show: impl Fn(&T) -> String,
    sink: &mut Sink,
) -> bool {
    let before = sink.len();
    for (index, named) in order.iter().enumerate() {
        let shown = show(&named.it);
        if let Some(first) = order.iter().take(index).find(|first| first.it == named.it) {
            sink.push(duplicate("output", &shown, &named.span).other(&first.span, "first here"));
        } else if outputs.iter().all(|output| output.it != named.it) {
            let message = format!("no row yields {shown}");
            sink.push(Diagnostic::new(Code::BadValue, &named.span, message));
        }
    }
    for (index, output) in outputs.iter().enumerate() {
        let told = outputs
            .iter()
            .take(index)
            .any(|before| before.it == output.it);
        if !told && order.iter().all(|named| named.it != output.it) {
            let message = format!("`order` does not name the output {}", show(&output.it));
            let mut diagnostic = Diagnostic::new(Code::BadValue, &output.span, message);
            if let (Some(first), Some(last)) = (order.first(), order.last()) {
                diagnostic = diagnostic.other(&first.span.to(&last.span), "the order");
            }
            sink.push(diagnostic);
        }
    }
    sink.len() == before
}
