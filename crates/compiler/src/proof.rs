//! TOTAL, proven: the range of every step, and where it fails, why.

use prequal::LARGEST;
use prequal::policy::{Domain, Flaw, Kind, Node, NodeId, Offered, Program, Table};

use crate::arena::Finished;
use crate::diagnostic::{Code, Diagnostic};
use crate::document::Sink;
use crate::number::show;
use crate::source::{Sources, Span};

/// The ranges of a program's steps and its flaws.
#[derive(Debug)]
pub(crate) struct Proof {
    domains: Vec<Domain>,
    /// Flaws that do not follow from an earlier one.
    pub(crate) flaws: Vec<(NodeId, Flaw)>,
    /// Steps that follow from a flaw.
    tainted: Vec<bool>,
}

impl Proof {
    /// A step's range, unless a flaw hides it.
    pub(crate) fn domain(&self, node: NodeId) -> Option<Domain> {
        let tainted = self.tainted.get(usize::from(node)).copied().unwrap_or(true);
        self.domains
            .get(usize::from(node))
            .copied()
            .filter(|_| !tainted)
    }
}

/// Proves a program's ranges. A flawed step is taken to yield anything.
pub(crate) fn prove(
    program: &Program,
    inputs: &[Domain],
    tables: &[Table],
    offered: &Offered,
) -> Proof {
    let anything = Domain {
        low: -LARGEST,
        high: LARGEST,
        optional: false,
    };
    let hole = u16::try_from(inputs.len()).unwrap_or(u16::MAX);
    let inputs: Vec<Domain> = inputs.iter().copied().chain([anything]).collect();
    let mut program = program.clone();
    let mut found: Vec<(NodeId, Flaw)> = Vec::new();
    loop {
        match program.proven(&inputs, tables, offered) {
            Ok(domains) => {
                let tainted = program.readers(|input| input == hole);
                return Proof {
                    domains,
                    flaws: found,
                    tainted,
                };
            }
            Err((node, flaw)) => {
                let tainted = program.readers(|input| input == hole);
                if tainted.get(usize::from(node)) != Some(&true) {
                    found.push((node, flaw));
                }
                match program.nodes.get_mut(usize::from(node)) {
                    Some(step) if *step != Node::Input(hole) => *step = Node::Input(hole),
                    // No step to blame: nothing is known of any.
                    _ => {
                        let tainted = vec![true; program.nodes.len()];
                        let domains = vec![anything; program.nodes.len()];
                        return Proof {
                            domains,
                            flaws: found,
                            tainted,
                        };
                    }
                }
            }
        }
    }
}

/// Reports the flaws of formulas; gaps of tables are told where tables are
/// known.
pub(crate) fn report(proof: &Proof, finished: &Finished, sources: &Sources, sink: &mut Sink) {
    for &(node, flaw) in &proof.flaws {
        let index = usize::from(node);
        let (Some(step), Some(sites)) =
            (finished.program.nodes.get(index), finished.sites.get(index))
        else {
            continue;
        };
        for site in sites {
            sink.extend(explained(step, flaw, proof, site, sources));
        }
    }
}

fn explained(
    step: &Node,
    flaw: Flaw,
    proof: &Proof,
    site: &Span,
    sources: &Sources,
) -> Option<Diagnostic> {
    let text = slice(sources, site);
    let range = |node: &NodeId| proof.domain(*node);
    match (flaw, step) {
        (Flaw::Gap, _) => None,
        (Flaw::DivisionByZero, Node::Div { b, .. }) => {
            let divisor = range(b)?;
            let message = format!("`{text}`: the divisor can be 0");
            let label = format!("it goes from {} to {}", divisor.low, divisor.high);
            let help = format!("write `({text} else …)` to say what counts then");
            Some(
                Diagnostic::new(Code::DivisionByZero, site, message)
                    .label(label)
                    .help(help),
            )
        }
        (Flaw::Overflow, _) => {
            let message = format!(
                "`{text}` can reach {:.1e}, beyond ±(2^53 − 1)",
                reach(step, proof)
            );
            let help = "narrow the ranges of the questions that it reads, or bound it with `min`";
            Some(Diagnostic::new(Code::Overflow, site, message).help(help))
        }
        (Flaw::NotADate, Node::Shift(_, months)) => {
            let message = format!("`{text}` can leave the years 1 to 9999");
            let months = range(months)?;
            let [low, high] = [months.low, months.high].map(|n| show(&Kind::Period, n));
            let help = "narrow the range of the period";
            let diagnostic = Diagnostic::new(Code::Overflow, site, message).help(help);
            Some(diagnostic.label(format!("by {low} to {high}")))
        }
        (
            Flaw::NotALoan,
            Node::Instalment {
                principal,
                rate,
                months,
            },
        ) => {
            let wanted = [
                ("the principal", principal, (0, LARGEST), &Kind::Money),
                ("the yearly rate", rate, (0, 10_000_000), &Kind::Ratio),
                ("the number of months", months, (1, 480), &Kind::Integer),
            ];
            let beyond = wanted
                .into_iter()
                .find_map(|(what, node, (low, high), kind)| {
                    let domain = range(node).filter(|d| d.low < low || d.high > high)?;
                    let label = format!(
                        "{what} goes from {} to {}",
                        show(kind, domain.low),
                        show(kind, domain.high)
                    );
                    Some((what, label))
                });
            let (what, label) = beyond?;
            let message = format!("`{text}`: {what} can be none of a loan");
            let help = "a principal is not negative, a yearly rate 0 to 10.0 (1 000 %), a term 1 to 480 months: bound it with `min` and `max`";
            let diagnostic = Diagnostic::new(Code::BadValue, site, message);
            Some(diagnostic.label(label).help(help))
        }
        (Flaw::NotVaried, Node::Variation(operands)) => {
            let domains: Vec<Domain> = operands.iter().filter_map(range).collect();
            let low = domains.iter().map(|domain| domain.low).min()?;
            let high = domains.iter().map(|domain| domain.high).max()?;
            let message = format!("`{text}`: no variation can be taken of these");
            let help = "it is taken of at most 24 figures from 0 to 2^38 in what they are kept as (2 748 million yuan): bound them with `min` and `max`";
            let diagnostic = Diagnostic::new(Code::BadValue, site, message);
            let label = format!("{} figures from {low} to {high}", operands.len());
            Some(diagnostic.label(label).help(help))
        }
        _ => {
            let message = format!("`{text}` cannot be computed: {flaw:?}");
            Some(Diagnostic::new(Code::Refused, site, message))
        }
    }
}

/// The largest magnitude of a step, about.
fn reach(step: &Node, proof: &Proof) -> f64 {
    let magnitude = |node: &NodeId| {
        let domain = proof.domain(*node).map_or((0, 0), |d| (d.low, d.high));
        domain.0.unsigned_abs().max(domain.1.unsigned_abs()) as f64
    };
    match step {
        Node::Add(a, b) | Node::Sub(a, b) => magnitude(a) + magnitude(b),
        Node::Mul { a, b, scale, .. } => magnitude(a) * magnitude(b) / f64::from(*scale),
        Node::Div { a, scale, .. } => magnitude(a) * f64::from(*scale),
        Node::Round { a, step, .. } => magnitude(a) + *step as f64,
        _ => LARGEST as f64,
    }
}

/// What functions compare or weigh by is positive or zero.
pub(crate) fn not_negative(
    proof: &Proof,
    steps: &[(NodeId, Span)],
    sources: &Sources,
    sink: &mut Sink,
) {
    let mut told: Vec<&Span> = Vec::new();
    for (node, site) in steps {
        let least = proof.domain(*node).map_or(0, |domain| domain.low);
        if least >= 0 || told.contains(&site) {
            continue;
        }
        told.push(site);
        let message = format!("`{}`: one of these can be negative", slice(sources, site));
        let help = "figures that cannot be negative belong here: write `max(…, 0)`";
        let diagnostic = Diagnostic::new(Code::BadValue, site, message).help(help);
        sink.push(diagnostic.label(format!("down to {least}")));
    }
}

/// An `else` after a division whose divisor is never zero.
pub(crate) fn divisors(proof: &Proof, divisors: &[(NodeId, Span)], sink: &mut Sink) {
    for (node, site) in divisors {
        let domain = proof.domain(*node);
        let Some(domain) = domain else { continue };
        if domain.low > 0 || domain.high < 0 {
            let message = "the divisor is never 0: this `else` never applies";
            let label = format!("the divisor goes from {} to {}", domain.low, domain.high);
            sink.push(Diagnostic::new(Code::UselessElse, site, message).label(label));
        }
    }
}

/// The source of a span.
pub(crate) fn slice<'a>(sources: &'a Sources, span: &Span) -> &'a str {
    let text = sources.get(&span.file).unwrap_or_default();
    text.get(span.start..span.end).unwrap_or_default()
}
