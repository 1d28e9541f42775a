//! The order of the work, and the policy put together.

use std::path::Path;
use std::sync::Arc;

use prequal::policy::{
    Body, Cap, Card, Characteristic, Id, Language, Limit, Node, NodeId, Policy, Product, Program,
    Rule, Source,
};
use prequal::{Digest, Money};

use crate::decide::{self, Decided, cut};
use crate::declare::{self, Declared, RuleSource};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Severity};
use crate::document::{self, Sink};
use crate::explained::Explained;
use crate::features::{self, Derived};
use crate::questions::{MAX_QUESTIONS, Origin, Role};
use crate::report::Report;
use crate::source::{At, Sources, Span};
use crate::suggest;
use crate::texts::{self, LanguageFile};

/// A compiled policy.
#[derive(Clone, Debug)]
pub struct Compiled {
    /// The policy's bytes: what `<id>.policy` holds.
    pub policy: Vec<u8>,
    /// The same, as the engine checked and loaded it.
    pub loaded: Policy,
    /// Its languages: what `<id>.<tag>.json` hold.
    pub languages: Vec<LanguageFile>,
    /// What its summaries reveal.
    pub report: Report,
    /// What its names, formulas, rows and bins are in the source.
    pub explained: Explained,
    /// Warnings.
    pub warnings: Diagnostics,
}

/// Compiles a policy folder.
///
/// # Errors
/// Everything that is wrong with it, and the warnings, in one list. A file
/// that cannot be read is one of them.
pub fn compile(folder: &Path) -> Result<Compiled, Diagnostics> {
    match Sources::read(folder) {
        Ok(sources) => compile_sources(&sources),
        Err(unreadable) => Err(Diagnostics::new(
            &Sources::default(),
            vec![unreadable.diagnostic()],
        )),
    }
}

/// Compiles a policy from memory.
///
/// # Errors
/// Everything that is wrong with it, and the warnings, in one list.
pub fn compile_sources(sources: &Sources) -> Result<Compiled, Diagnostics> {
    let mut sink = Sink::new();
    let compiled = attempt(sources, &mut sink);
    if sink.iter().any(|d| d.code.severity() == Severity::Error) {
        // What is wrong may be what would have needed them.
        sink.retain(|d| !matches!(d.code, Code::Unused | Code::UnusedText | Code::ConstantRule));
    }
    let diagnostics = Diagnostics::new(sources, sink);
    match compiled {
        Some((loaded, policy, languages, report, explained)) if !diagnostics.has_errors() => {
            Ok(Compiled {
                policy,
                loaded,
                languages,
                report,
                explained,
                warnings: diagnostics,
            })
        }
        _ => Err(diagnostics),
    }
}

type Attempt = (Policy, Vec<u8>, Vec<LanguageFile>, Report, Explained);

fn attempt(sources: &Sources, sink: &mut Sink) -> Option<Attempt> {
    let file: Arc<str> = "policy.toml".into();
    let Some(text) = sources.get(&file) else {
        let span = Span::new(&file, 0..0);
        sink.push(Diagnostic::new(
            Code::MissingFile,
            &span,
            "there is no `policy.toml`",
        ));
        return None;
    };
    let root = document::read(&file, text, sink);
    if !sink.is_empty() {
        // What did not parse would be reported again as missing.
        return None;
    }
    let declared = declare::declare(root, sources, sink);
    let quote_grade = scores(&declared, sink);
    let mut derived = features::derive(&declared, sources, sink);
    commitments(&declared, &derived, sink);
    let decided = decide::decide(&declared, &mut derived.features, sources, sink);
    let reasons = reasons(&declared, &decided);
    let languages = texts::texts(&declared, &derived.features, &reasons, sources, sink);
    unused(&declared, &derived, &decided, sources, sink);
    if sink.iter().any(|d| d.code.severity() == Severity::Error) {
        return None;
    }
    let body = body(
        &declared,
        &derived,
        &decided,
        quote_grade,
        &reasons,
        &languages,
    )?;
    let bytes = body.encode();
    match Policy::decode(&bytes) {
        Ok(policy) => {
            let report = Report::new(&derived.features, &decided.uses, bytes.len());
            let explained = Explained::new(&declared, &derived, &decided, sources);
            Some((policy, bytes, languages, report, explained))
        }
        Err(error) => {
            let message = format!("the engine refuses the policy: {error}");
            sink.push(Diagnostic::new(
                Code::Refused,
                &declared.policy_span,
                message,
            ));
            None
        }
    }
}

/// That each answer of the borrower can have a commitment of its own.
fn commitments(declared: &Declared, derived: &Derived, sink: &mut Sink) {
    let questions = derived.asked.questions.iter();
    let own = questions.filter(|question| question.source == Source::Borrower);
    let own = own.count();
    // More than can be are reported where they are asked.
    if let Some(commitments) = &declared.commitments
        && usize::from(commitments.it) < own
        && own <= MAX_QUESTIONS
    {
        let message = format!("fewer commitments than the {own} questions");
        let help = "each answer has its own; more of them hide how many were given";
        sink.push(Diagnostic::new(Code::BadValue, &commitments.span, message).help(help));
    }
}

/// That card, grades and the grade of a quote go together; the index of the latter.
fn scores(declared: &Declared, sink: &mut Sink) -> u16 {
    if let (Some(score), []) = (&declared.score, declared.grades.as_slice()) {
        let message = "a card needs grades: declare `[[grade]]`, best first";
        sink.push(Diagnostic::new(Code::MissingKey, &score.span, message));
    }
    if let (None, [first, ..]) = (&declared.score, declared.grades.as_slice()) {
        let message = "grades need a card: declare `[score]`";
        sink.push(Diagnostic::new(Code::MissingKey, &first.span, message));
    }
    let known = || declared.grades.iter().map(|grade| grade.it.id.as_str());
    match &declared.quote_grade {
        None if declared.grades.is_empty() => 0,
        None => {
            let message = "`[policy]` needs the key `quote_grade`: the grade that a price before any answer stands for";
            sink.push(Diagnostic::new(
                Code::MissingKey,
                &declared.policy_span,
                message,
            ));
            0
        }
        Some(name) => match known().position(|grade| grade == name.text) {
            Some(index) => u16::try_from(index).unwrap_or(0),
            None => {
                let message = format!("there is no grade `{}`", name.text);
                let help = suggest::help(&name.text, known());
                sink.push(Diagnostic::new(Code::UnknownName, &name.span, message).help(help));
                0
            }
        },
    }
}

/// The reason codes in order of first use: knock-outs, reviews, card, limit.
fn reasons(declared: &Declared, decided: &Decided) -> Vec<At<Id>> {
    let rules = declared
        .knockouts
        .iter()
        .chain(&declared.reviews)
        .map(|rule| &rule.reason);
    let limit = declared
        .limit
        .iter()
        .filter_map(|limit| limit.reason.as_ref());
    let mut reasons: Vec<At<Id>> = Vec::new();
    for reason in rules.chain(&decided.roots.card_reasons).chain(limit) {
        if !reasons.iter().any(|known| known.it == reason.it) {
            reasons.push(reason.clone());
        }
    }
    reasons
}

fn unused(
    declared: &Declared,
    derived: &Derived,
    decided: &Decided,
    sources: &Sources,
    sink: &mut Sink,
) {
    for (feature, read) in derived.features.iter().zip(&decided.read) {
        if !read {
            let message = format!("nothing reads the feature `{}`", feature.feature.id);
            let help = "what decides nothing need not leave the device";
            sink.push(Diagnostic::new(Code::Unused, &feature.span, message).help(help));
        }
    }
    // A feature that is wrong may be what a question is for.
    if declared.broken.is_empty() && derived.features.len() == declared.features.len() {
        unneeded(derived, sink);
    }
    for table in &declared.tables {
        let name = table.id.it.as_str();
        if !decided.calls.contains(name) && !derived.calls.contains(name) {
            let message = format!("nothing calls the table `{}`", table.id.it);
            sink.push(Diagnostic::new(Code::Unused, &table.id.span, message));
        }
    }
    for path in sources.paths().filter(|path| path.starts_with("tables/")) {
        if !decided.files.iter().any(|file| file == path) {
            let span = Span::new(&path.into(), 0..0);
            sink.push(Diagnostic::new(
                Code::Unused,
                &span,
                "nothing refers to this table",
            ));
        }
    }
}

/// Questions that no feature needs, be it for the condition of another.
fn unneeded(derived: &Derived, sink: &mut Sink) {
    let features: Vec<NodeId> = derived.features.iter().map(|f| f.feature.node).collect();
    let needed = derived.asked.needed(&derived.program, &features);
    let all: Vec<(&Origin, bool)> = derived.asked.origins.iter().zip(needed).collect();
    let any = |same: &dyn Fn(&Origin) -> bool| all.iter().any(|(o, needed)| *needed && same(o));
    let mut told: Vec<&str> = Vec::new();
    for (origin, _) in &all {
        let name = origin.declared.as_str();
        // A list is needed for any of its fields, and unneeded as a whole.
        let whole = |other: &Origin| other.question() == origin.question();
        let needed = match origin.role {
            Role::Field => any(&|other| other.declared == name) || !any(&whole),
            _ => any(&whole),
        };
        if needed || told.contains(&name) {
            continue;
        }
        told.push(name);
        let (what, help) = match origin.role {
            Role::Question => ("question", "what decides nothing need not be asked"),
            Role::Supplied => (
                "supplied value",
                "what decides nothing need not be supplied",
            ),
            Role::Field => ("field", "what decides nothing need not be asked"),
            // It stands and falls with the questions of its page.
            Role::Opener => continue,
        };
        let message = format!("no feature needs the {what} `{name}`");
        sink.push(Diagnostic::new(Code::Unused, &origin.span, message).help(help));
    }
}

fn body(
    declared: &Declared,
    derived: &Derived,
    decided: &Decided,
    quote_grade: u16,
    reasons: &[At<Id>],
    languages: &[LanguageFile],
) -> Option<Body> {
    let reason = |code: &Id| {
        let index = reasons.iter().position(|known| known.it == *code)?;
        u16::try_from(index).ok()
    };
    let rules = |sources: &[RuleSource], roots: &[decide::Root]| -> Option<Vec<Rule>> {
        let rule = |root: &decide::Root| {
            let source = sources.get(root.index)?;
            Some(Rule {
                id: source.id.it.clone(),
                when: root.node,
                reason: reason(&source.reason.it)?,
            })
        };
        roots.iter().map(rule).collect()
    };
    let roots = &decided.roots;
    let limit = declared.limit.as_ref()?;
    let cap = |root: &decide::Root| {
        Some(Cap {
            id: limit.caps.get(root.index)?.0.it.clone(),
            node: root.node,
        })
    };
    let product = |(source, root): (&declare::ProductSource, &decide::Root)| {
        Some(Product {
            id: source.id.it.clone(),
            plan: source.plan?,
            terms: source.terms.clone(),
            minimum: Money::new(source.minimum?),
            maximum: Money::new(source.maximum?),
            rate: root.node,
            when: None,
        })
    };
    let tables = derived.tables.iter().map(|built| built.table.clone());
    let language = |file: &LanguageFile| Language {
        tag: file.tag.clone(),
        hash: Digest::of(&file.bytes),
    };
    Some(Body {
        id: declared.id.clone()?,
        version: declared.version.clone()?,
        stage: declared.stage,
        currency: declared.currency?,
        utc_offset: declared.utc_offset?,
        commitments: declared.commitments.as_ref()?.it,
        languages: languages.iter().map(language).collect(),
        questions: derived.asked.questions.clone(),
        lists: derived.asked.lists.clone(),
        groups: derived.asked.groups.clone(),
        derive: derived.program.clone(),
        features: derived.features.iter().map(|f| f.feature.clone()).collect(),
        decide: behind(&decided.program, derived.tables.len()),
        tables: tables.chain(decided.tables.iter().cloned()).collect(),
        knockouts: rules(&declared.knockouts, &roots.knockouts)?,
        reviews: rules(&declared.reviews, &roots.reviews)?,
        alerts: Vec::new(),
        cards: card(declared, decided, reason).into_iter().collect(),
        grades: declared
            .grades
            .iter()
            .map(|grade| grade.it.clone())
            .collect(),
        quote_grade,
        limit: Limit {
            affordability: roots.affordability.as_ref().map(|root| root.node),
            caps: roots.caps.iter().map(cap).collect::<Option<_>>()?,
            step: Money::new(limit.step.as_ref()?.it),
            reason: reason(&limit.reason.as_ref()?.it)?,
        },
        products: declared
            .products
            .iter()
            .zip(&roots.rates)
            .map(product)
            .collect::<Option<_>>()?,
        reasons: reasons.iter().map(|reason| reason.it.clone()).collect(),
    })
}

/// The program where other tables stand before its own.
fn behind(program: &Program, others: usize) -> Program {
    let mut program = program.clone();
    for node in &mut program.nodes {
        if let Node::Lookup(table, _) | Node::Collect { table, .. } = node {
            *table = table.saturating_add(u16::try_from(others).unwrap_or(u16::MAX));
        }
    }
    program
}

fn card(
    declared: &Declared,
    decided: &Decided,
    reason: impl Fn(&Id) -> Option<u16>,
) -> Option<Card> {
    let score = declared.score.as_ref()?;
    let roots = &decided.roots;
    let characteristics = roots.characteristics.iter().map(|built| {
        let node = built.column.node;
        let bins = built.bins.iter().map(|bin| {
            let code = bin
                .it
                .reason
                .and_then(|index| roots.card_reasons.get(usize::from(index)));
            let mut bin = bin.it.clone();
            bin.cells = cut(&bin.cells, &decided.domains, node);
            bin.reason = code.and_then(|code| reason(&code.it));
            bin
        });
        Some(Characteristic {
            id: Id::try_from(built.column.name.clone()).ok()?,
            node,
            bins: bins.collect(),
        })
    });
    Some(Card {
        when: None,
        base: score.base?,
        odds: score.odds?,
        pdo: score.pdo?,
        start: score.start,
        characteristics: characteristics.collect::<Option<_>>()?,
    })
}
