//! The order of the work, and the policy put together.

use std::path::Path;
use std::sync::Arc;

use prequal::loan::Repayment;
use prequal::policy::{
    Alert, Body, Cap, Card, Characteristic, Discount, Id, Language, Limit, MAX_OFFERS, MAX_ROWS,
    Node, NodeId, Place, Policy, PolicyError, Product, Program, Rule, Source, Stage,
};
use prequal::seal::MAX_TOKEN;
use prequal::{Digest, Money};

use crate::card::BuiltCard;
use crate::decide::{self, Decided, cut};
use crate::declare::{self, Declared, RuleSource, ScoreSource};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Severity};
use crate::document::{self, Sink};
use crate::explained::Explained;
use crate::features::{self, Derived};
use crate::narrow;
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
        sink.retain(|d| {
            !matches!(
                d.code,
                Code::Unused | Code::UnusedText | Code::ConstantRule | Code::GivesAway
            )
        });
        let other =
            |d: &Diagnostic| d.code.severity() == Severity::Error && d.code != Code::NoPartition;
        if sink.iter().any(other) {
            sink.retain(|d| d.code != Code::NoPartition);
        }
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
    narrow::narrow(&derived, &decided.needed, sink);
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
            sink.push(match error {
                PolicyError::Inconsistent(Place::Submission) => too_long(body, &derived, &declared),
                error => refused(error, &declared),
            });
            None
        }
    }
}

/// What the engine has against a policy: the sizes that only the whole of it
/// shows.
fn refused(error: PolicyError, declared: &Declared) -> Diagnostic {
    let (message, help, span) = match error {
        PolicyError::Inconsistent(Place::Work) => (
            "an assessment can take too many steps".to_owned(),
            "steps of formulas, rows and bins count for each amount and offer that is tried: a larger step of the limit, fewer terms or rows",
            declared.limit.as_ref().map(|limit| &limit.span),
        ),
        PolicyError::Inconsistent(Place::Rows) => (
            format!("all tables together have more than {MAX_ROWS} rows"),
            "a table counts each time that it is called in another way",
            None,
        ),
        PolicyError::Inconsistent(Place::Offers) => (
            format!("all products together have more than {MAX_OFFERS} terms"),
            "each term of a product is an offer: fewer products, or fewer terms",
            declared.products.first().map(|product| &product.id.span),
        ),
        error => {
            let message = format!("the engine refuses the policy: {error}");
            return Diagnostic::new(Code::Refused, &declared.policy_span, message);
        }
    };
    let span = span.unwrap_or(&declared.policy_span);
    Diagnostic::new(Code::Refused, span, message).help(help)
}

/// How many commitments a submission has bytes for beside the features.
fn too_long(mut body: Body, derived: &Derived, declared: &Declared) -> Diagnostic {
    let own = committed(derived);
    let tried: Vec<u16> = (1..body.commitments)
        .filter(|count| usize::from(*count) >= own)
        .collect();
    let fits = tried.partition_point(|count| {
        body.commitments = *count;
        let decoded = Policy::decode(&body.encode());
        !matches!(decoded, Err(PolicyError::Inconsistent(Place::Submission)))
    });
    let most = fits.checked_sub(1).and_then(|last| tried.get(last));
    let (message, help) = match most {
        Some(most) => (
            format!("a submission of {MAX_TOKEN} bytes holds at most {most} commitments beside these features"),
            format!("write `commitments = {most}`, or fewer; the borrower's questions need {own}"),
        ),
        None => (
            format!("a submission of {MAX_TOKEN} bytes does not hold the commitments to {own} answers beside these features"),
            "ask fewer questions, each field of each entry of a list is one, or declare fewer features".to_owned(),
        ),
    };
    let span = declared.commitments.as_ref().map(|it| &it.span);
    let span = span.unwrap_or(&declared.policy_span);
    Diagnostic::new(Code::Refused, span, message).help(help)
}

/// How many answers of the borrower there can be.
fn committed(derived: &Derived) -> usize {
    let questions = derived.asked.questions.iter();
    let own = questions.filter(|question| question.source == Source::Borrower);
    own.count()
}

/// That each answer of the borrower can have a commitment of its own.
fn commitments(declared: &Declared, derived: &Derived, sink: &mut Sink) {
    let own = committed(derived);
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
    if let ([score, ..], []) = (declared.scores.as_slice(), declared.grades.as_slice()) {
        let message = "a card needs grades: declare `[[grade]]`, best first";
        sink.push(Diagnostic::new(Code::MissingKey, &score.span, message));
    }
    if let ([], [first, ..]) = (declared.scores.as_slice(), declared.grades.as_slice()) {
        let message = "grades need a card: declare `[score]`";
        sink.push(Diagnostic::new(Code::MissingKey, &first.span, message));
    }
    let known = || declared.grades.iter().map(|grade| grade.it.id.as_str());
    match &declared.quote_grade {
        // Nothing is offered, so that nothing is quoted.
        None if declared.grades.is_empty() || declared.stage == Stage::EarlyWarning => 0,
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

/// The reason codes in order of first use: rules, cards, limit.
fn reasons(declared: &Declared, decided: &Decided) -> Vec<At<Id>> {
    let rules = declared
        .knockouts
        .iter()
        .chain(&declared.reviews)
        .chain(declared.alerts.iter().map(|alert| &alert.rule))
        .map(|rule| &rule.reason);
    let cards = decided.roots.cards.iter().flat_map(|card| &card.reasons);
    let limit = declared
        .limit
        .iter()
        .filter_map(|limit| limit.reason.as_ref());
    let mut reasons: Vec<At<Id>> = Vec::new();
    for reason in rules.chain(cards).chain(limit) {
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
    let alert = |root: &decide::Root| {
        let source = declared.alerts.get(root.index)?;
        Some(Alert {
            rule: Rule {
                id: source.rule.id.it.clone(),
                when: root.node,
                reason: reason(&source.rule.reason.it)?,
            },
            level: source.level,
        })
    };
    let warns = declared.stage == Stage::EarlyWarning;
    let product = |(index, (source, root)): (usize, (&declare::ProductSource, &decide::Root))| {
        Some(Product {
            id: source.id.it.clone(),
            repayment: source.repayment.or(warns.then_some(Repayment::LEVEL))?,
            fees: source.fees.clone(),
            terms: source.terms.clone(),
            minimum: Money::new(source.minimum?),
            maximum: Money::new(source.maximum?),
            rate: root.node,
            when: roots.condition(&roots.products, index),
            suits: roots.condition(&roots.suits, index),
        })
    };
    let discount = |root: &decide::Root| {
        let source = declared.discounts.get(root.index)?;
        Some(Discount {
            id: source.id.it.clone(),
            when: root.node,
            change: source.change?,
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
        alerts: roots.alerts.iter().map(alert).collect::<Option<_>>()?,
        cards: cards(declared, decided, reason)?,
        grades: declared
            .grades
            .iter()
            .map(|grade| grade.it.clone())
            .collect(),
        quote_grade,
        limit: limit(declared, decided, reason)?,
        products: declared
            .products
            .iter()
            .zip(&roots.rates)
            .enumerate()
            .map(product)
            .collect::<Option<_>>()?,
        discounts: roots
            .discounts
            .iter()
            .map(discount)
            .collect::<Option<_>>()?,
        price: declared.price,
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

fn limit(
    declared: &Declared,
    decided: &Decided,
    reason: impl Fn(&Id) -> Option<u16>,
) -> Option<Limit> {
    let Some(limit) = &declared.limit else {
        // An early warning offers nothing: any step and reason will do.
        return (declared.stage == Stage::EarlyWarning).then_some(Limit {
            affordability: Vec::new(),
            caps: Vec::new(),
            step: Money::new(1),
            reason: 0,
        });
    };
    let roots = &decided.roots;
    let cap = |root: &decide::Root| {
        Some(Cap {
            id: limit.caps.get(root.index)?.0.it.clone(),
            node: root.node,
        })
    };
    Some(Limit {
        affordability: roots.affordability.iter().map(|root| root.node).collect(),
        caps: roots.caps.iter().map(cap).collect::<Option<_>>()?,
        step: Money::new(limit.step.as_ref()?.it),
        reason: reason(&limit.reason.as_ref()?.it)?,
    })
}

fn cards(
    declared: &Declared,
    decided: &Decided,
    reason: impl Fn(&Id) -> Option<u16>,
) -> Option<Vec<Card>> {
    let scores = declared.scores.iter().zip(&decided.roots.cards);
    let card = |(score, built): (&ScoreSource, &BuiltCard)| {
        let characteristics = built.characteristics.iter().map(|characteristic| {
            let node = characteristic.column.node;
            let bins = characteristic.bins.iter().map(|bin| {
                let index = bin.it.reason.map(usize::from);
                let code = index.and_then(|index| built.reasons.get(index));
                let mut bin = bin.it.clone();
                bin.cells = cut(&bin.cells, &decided.domains, node);
                bin.reason = code.and_then(|code| reason(&code.it));
                bin
            });
            Some(Characteristic {
                id: Id::try_from(characteristic.column.name.clone()).ok()?,
                node,
                bins: bins.collect(),
            })
        });
        Some(Card {
            when: built.when.as_ref().map(|root| root.node),
            base: score.base?,
            odds: score.odds?,
            pdo: score.pdo?,
            start: score.start,
            characteristics: characteristics.collect::<Option<_>>()?,
        })
    };
    scores.map(card).collect()
}
