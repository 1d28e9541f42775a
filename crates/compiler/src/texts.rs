//! Texts: nested TOML to flat, sorted, compact JSON, one file per language.

use std::collections::BTreeMap;
use std::sync::Arc;

use prequal::policy::{Id, Kind, Precision};

use crate::declare::{Answered, Declared, Form, QuestionSource};
use crate::diagnostic::{Code, Diagnostic};
use crate::document::{self, Item, Section, Sink};
use crate::features::BuiltFeature;
use crate::source::{At, Sources, Span};

/// A language's file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LanguageFile {
    /// A BCP 47 tag, such as `zh-CN`.
    pub tag: Id,
    /// A JSON object from keys to texts, sorted, without white space.
    pub bytes: Vec<u8>,
}

/// A key that the front end shows: where what it names is declared.
struct Wanted {
    key: String,
    span: Span,
    /// A key that will do as well.
    or: Option<String>,
}

/// The keys that a language has, and those that it may have.
struct Expected {
    wanted: Vec<Wanted>,
    optional: Vec<String>,
}

/// Texts by key, each with its place.
type Texts = BTreeMap<String, (String, Span)>;

/// Reads every language and compares its texts with what the policy declares.
pub(crate) fn texts(
    declared: &Declared,
    built: &[BuiltFeature],
    reasons: &[At<Id>],
    sources: &Sources,
    sink: &mut Sink,
) -> Vec<LanguageFile> {
    let expected = Expected {
        wanted: wanted(declared, built, reasons),
        optional: optional(declared, built, reasons),
    };
    let mut languages = Vec::new();
    for (path, tag) in languages_of(sources, sink) {
        let mut texts = read(path, sources, sink);
        for (key, text) in shared(declared, tag.as_str(), sources, sink) {
            texts.entry(key).or_insert(text);
        }
        expected.compare(path, &texts, sink);
        let joined = joined(declared, built, &texts);
        let texts = texts.iter().map(|(key, (text, _))| (key, text));
        let plain: BTreeMap<&String, &String> = texts.chain(&joined).collect();
        let bytes = serde_json::to_vec(&plain).unwrap_or_default();
        languages.push(LanguageFile { tag, bytes });
    }
    if languages.is_empty() {
        sink.push(no_language(&declared.policy_span));
    }
    languages
}

/// Compares the texts of a catalogue with its questions.
pub(crate) fn catalogue_texts(questions: &[QuestionSource], sources: &Sources, sink: &mut Sink) {
    let wanted = questions
        .iter()
        .flat_map(wanted_of)
        .map(|(key, span)| Wanted {
            key,
            span: span.clone(),
            or: None,
        });
    let expected = Expected {
        wanted: wanted.collect(),
        optional: questions.iter().flat_map(optional_of).collect(),
    };
    let languages = languages_of(sources, sink);
    for (path, _) in &languages {
        let texts = read(path, sources, sink);
        expected.compare(path, &texts, sink);
    }
    if let ([], Some(question)) = (languages.as_slice(), questions.first()) {
        sink.push(no_language(&question.id.span));
    }
}

fn no_language(span: &Span) -> Diagnostic {
    let message = "there is no language: no file `texts/<tag>.toml`";
    Diagnostic::new(Code::MissingText, span, message)
}

/// The files of texts and their languages.
fn languages_of<'a>(sources: &'a Sources, sink: &mut Sink) -> Vec<(&'a str, Id)> {
    let mut languages = Vec::new();
    for path in sources.paths() {
        let Some(tag) = path
            .strip_prefix("texts/")
            .and_then(|name| name.strip_suffix(".toml"))
        else {
            continue;
        };
        match Id::try_from(tag.to_owned()) {
            Ok(tag) => languages.push((path, tag)),
            Err(_) => {
                let message = format!("`{tag}` is no language tag, such as zh-CN");
                let span = Span::new(&path.into(), 0..0);
                sink.push(Diagnostic::new(Code::BadName, &span, message));
            }
        }
    }
    languages
}

/// The texts of a file; none where there is no such file.
fn read(path: &str, sources: &Sources, sink: &mut Sink) -> Texts {
    let file: Arc<str> = path.into();
    let root = document::read(&file, sources.get(path).unwrap_or_default(), sink);
    let mut texts = Texts::new();
    flatten("", root, &mut texts, sink);
    texts
}

impl Expected {
    fn compare(&self, path: &str, texts: &Texts, sink: &mut Sink) {
        for want in &self.wanted {
            let there = |key: &String| texts.contains_key(key);
            if !there(&want.key) && !want.or.as_ref().is_some_and(there) {
                let message = format!("`{path}` has no text `{}`", want.key);
                sink.push(Diagnostic::new(Code::MissingText, &want.span, message));
            }
        }
        for (key, (_, span)) in texts {
            if self.knows(key) {
                continue;
            }
            let message = format!("nothing shows the text `{key}`");
            let known = self.wanted.iter().map(|want| want.key.as_str());
            let known = known.chain(self.optional.iter().map(String::as_str));
            let known = known.filter(|key| !texts.contains_key(*key));
            let mut diagnostic = Diagnostic::new(Code::UnusedText, span, message);
            if let Some(near) = crate::suggest::nearest(key, known) {
                diagnostic = diagnostic.help(format!("did you mean `{near}`?"));
            }
            sink.push(diagnostic);
        }
    }

    fn knows(&self, key: &String) -> bool {
        let wanted = |want: &Wanted| want.key == *key || want.or.as_ref() == Some(key);
        self.wanted.iter().any(wanted) || self.optional.contains(key)
    }
}

/// The catalogue's texts in a language of the shared questions.
fn shared(declared: &Declared, tag: &str, sources: &Sources, sink: &mut Sink) -> Texts {
    let Some(folder) = &declared.catalogue else {
        return Texts::new();
    };
    let mut texts = read(&format!("{folder}/texts/{tag}.toml"), sources, sink);
    let questions = declared.questions.iter().filter(|question| question.shared);
    let keys = questions.flat_map(|question| {
        let wanted = wanted_of(question).into_iter().map(|(key, _)| key);
        wanted.chain(optional_of(question))
    });
    let keys: Vec<String> = keys.collect();
    texts.retain(|key, _| keys.contains(key));
    texts
}

fn flatten(prefix: &str, mut section: Section, flat: &mut Texts, sink: &mut Sink) {
    for (name, item) in section.rest() {
        let key = if prefix.is_empty() {
            name.it
        } else {
            format!("{prefix}.{}", name.it)
        };
        let span = item.span.clone();
        match item.it {
            Item::Table(entries) => {
                flatten(&key, Section::new("", span, entries), flat, sink);
            }
            Item::Text(text) => {
                flat.insert(key, (text.text, name.span));
            }
            _ => {
                let message = format!("`{key}` is no text");
                sink.push(Diagnostic::new(Code::WrongType, &span, message));
            }
        }
    }
}

/// The texts of a question, each with what it is the text of.
fn wanted_of(question: &QuestionSource) -> Vec<(String, &Span)> {
    let At { it: id, span } = &question.id;
    let mut wanted = vec![(format!("question.{id}.label"), span)];
    let mut options = |of: String, answered: &Answered, span| {
        if let Kind::Choice(options) = &answered.kind {
            let keys = options.iter().map(|option| format!("option.{of}.{option}"));
            wanted.extend(keys.map(|key| (key, span)));
        }
    };
    match &question.form {
        Form::One(answered) => options(id.to_string(), answered, span),
        Form::List(list) => {
            for field in &list.fields {
                let At { it: name, span } = &field.id;
                options(format!("{id}.{name}"), &field.answered, span);
            }
            wanted.extend(list.fields.iter().map(|field| {
                let key = format!("question.{id}.fields.{}.label", field.id.it);
                (key, &field.id.span)
            }));
        }
    }
    wanted
}

/// Texts that a question may have.
fn optional_of(question: &QuestionSource) -> Vec<String> {
    let id = &question.id.it;
    let mut keys = vec![format!("question.{id}.help")];
    if let Form::List(list) = &question.form {
        keys.push(format!("question.{id}.entry"));
        let fields = list.fields.iter();
        keys.extend(fields.map(|field| format!("question.{id}.fields.{}.help", field.id.it)));
    }
    keys
}

fn wanted(declared: &Declared, built: &[BuiltFeature], reasons: &[At<Id>]) -> Vec<Wanted> {
    let mut wanted = Vec::new();
    let mut want = |key: String, span: &Span| {
        // Several products may pay the same fee to the same payee.
        if !wanted.iter().any(|other: &Wanted| other.key == key) {
            wanted.push(Wanted {
                key,
                span: span.clone(),
                or: None,
            });
        }
    };
    want("policy.title".to_owned(), &declared.policy_span);
    for page in &declared.pages {
        want(format!("group.{}.title", page.id.it), &page.id.span);
    }
    for page in declared.pages.iter().filter(|page| page.optional) {
        want(format!("group.{}.open", page.id.it), &page.id.span);
    }
    for question in &declared.questions {
        for (key, span) in wanted_of(question) {
            want(key, span);
        }
    }
    for feature in &declared.features {
        want(format!("feature.{}.label", feature.id.it), &feature.id.span);
    }
    for reason in reasons {
        want(format!("reason.{}.text", reason.it), &reason.span);
    }
    for product in &declared.products {
        want(format!("product.{}.name", product.id.it), &product.id.span);
        for fee in &product.fees {
            want(format!("fee.{}", fee.id), &product.id.span);
            want(format!("payee.{}", fee.payee), &product.id.span);
        }
    }
    for discount in &declared.discounts {
        want(format!("discount.{}", discount.id.it), &discount.id.span);
    }
    for (cap, _) in declared.limit.iter().flat_map(|limit| &limit.caps) {
        want(format!("limit.{}", cap.it), &cap.span);
    }
    // A group that has the name of an option of its question can do with the option's text.
    for feature in built {
        let id = &feature.feature.id;
        let question = question_of(declared, feature);
        // The options of a choice that is worked out have no text of a question's.
        let exact = feature.feature.precision == Precision::Exact && question.is_none();
        if let (true, Kind::Choice(options)) =
            (exact || feature.auto.is_some(), &feature.feature.kind)
        {
            wanted.extend(options.iter().map(|option| Wanted {
                key: format!("feature.{id}.groups.{option}"),
                span: feature.span.clone(),
                or: Some(format!("option.{}.{option}", question.unwrap_or(id))),
            }));
        } else if let Precision::Groups(groups) = &feature.feature.precision {
            wanted.extend(groups.iter().map(|group| Wanted {
                key: format!("feature.{id}.groups.{}", group.id),
                span: feature.span.clone(),
                or: Some(format!("option.{id}.{}", group.id)),
            }));
        }
    }
    wanted
}

/// The question whose options a choice has: that of its own name, or else one
/// with the same options.
fn question_of<'a>(declared: &'a Declared, feature: &BuiltFeature) -> Option<&'a Id> {
    let asked = || {
        let questions = declared.questions.iter().filter_map(|q| match &q.form {
            Form::One(answered) => Some((&q.id.it, answered)),
            Form::List(_) => None,
        });
        let supplied = declared.supplied.iter().map(|s| (&s.id.it, &s.answered));
        let alike = |(_, answered): &(&Id, &Answered)| answered.kind == feature.feature.kind;
        questions.chain(supplied).filter(alike).map(|(id, _)| id)
    };
    let own = asked().find(|id| **id == feature.feature.id);
    own.or_else(|| asked().next())
}

/// The texts of groups that the compiler chose: those of their options.
fn joined(
    declared: &Declared,
    built: &[BuiltFeature],
    flat: &BTreeMap<String, (String, Span)>,
) -> BTreeMap<String, String> {
    let mut joined = BTreeMap::new();
    for feature in built.iter().filter(|feature| feature.auto.is_some()) {
        let (Kind::Choice(options), Precision::Groups(groups)) =
            (&feature.feature.kind, &feature.feature.precision)
        else {
            continue;
        };
        let id = &feature.feature.id;
        let question = question_of(declared, feature);
        let text = |option: &Id| {
            let own = flat.get(&format!("feature.{id}.groups.{option}"));
            let asked = || flat.get(&format!("option.{}.{option}", question?));
            own.or_else(asked).map(|(text, _)| text.as_str())
        };
        for group in groups {
            let members = group.options.iter();
            let members = members.filter_map(|option| options.get(usize::from(*option)));
            let texts: Vec<&str> = members.filter_map(text).collect();
            joined.insert(format!("feature.{id}.groups.{}", group.id), texts.join("/"));
        }
    }
    joined
}

/// Keys that may be there.
fn optional(declared: &Declared, built: &[BuiltFeature], reasons: &[At<Id>]) -> Vec<String> {
    let mut keys: Vec<String> = ["intro", "purpose", "person"]
        .map(|key| format!("policy.{key}"))
        .into();
    keys.extend(
        declared
            .pages
            .iter()
            .map(|page| format!("group.{}.help", page.id.it)),
    );
    keys.extend(declared.questions.iter().flat_map(optional_of));
    for supplied in &declared.supplied {
        let id = &supplied.id.it;
        keys.push(format!("question.{id}.label"));
        if let Kind::Choice(options) = &supplied.answered.kind {
            keys.extend(options.iter().map(|option| format!("option.{id}.{option}")));
        }
    }
    keys.extend(
        declared
            .features
            .iter()
            .map(|f| format!("feature.{}.help", f.id.it)),
    );
    keys.extend(
        reasons
            .iter()
            .map(|reason| format!("reason.{}.help", reason.it)),
    );
    keys.extend(
        declared
            .products
            .iter()
            .map(|p| format!("product.{}.help", p.id.it)),
    );
    keys.extend(
        declared
            .grades
            .iter()
            .map(|grade| format!("grade.{}.name", grade.it.id)),
    );
    for feature in built {
        if let (Precision::Exact, Kind::Choice(options)) =
            (&feature.feature.precision, &feature.feature.kind)
        {
            let id = &feature.feature.id;
            keys.extend(
                options
                    .iter()
                    .map(|option| format!("feature.{id}.groups.{option}")),
            );
        }
    }
    keys
}
