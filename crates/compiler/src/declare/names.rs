//! Names, bounds and what is said of wrong ones.

use prequal::policy::Id;

use super::CONTEXT;
use crate::diagnostic::{Code, Diagnostic};
use crate::document::Sink;
use crate::source::{At, Quoted, Span};
use crate::suggest;
use crate::syntax::KEYWORDS;

pub(super) fn bad_value<T>(
    result: Result<T, &'static str>,
    span: &Span,
    sink: &mut Sink,
) -> Option<T> {
    result
        .map_err(|message| sink.push(Diagnostic::new(Code::BadValue, span, message)))
        .ok()
}

pub(super) fn bounded(
    number: At<i64>,
    low: i64,
    high: i64,
    what: &str,
    sink: &mut Sink,
) -> Option<At<i64>> {
    if (low..=high).contains(&number.it) {
        return Some(number);
    }
    let message = format!("{what} {low} to {high}, not {}", number.it);
    sink.push(Diagnostic::new(Code::BadValue, &number.span, message));
    None
}

/// A declared name.
pub(crate) fn id(text: &Quoted, sink: &mut Sink) -> Option<Id> {
    Id::try_from(text.text.clone())
        .map_err(|message| {
            let message = format!("`{}` is no name: {message}", text.text);
            sink.push(Diagnostic::new(Code::BadName, &text.span, message));
        })
        .ok()
}

pub(super) fn placed_id(text: &Quoted, sink: &mut Sink) -> Option<At<Id>> {
    id(text, sink).map(|it| At {
        it,
        span: text.span.clone(),
    })
}

/// A name that formulas can use.
pub(super) fn formula_name(name: At<String>, sink: &mut Sink) -> Option<At<Id>> {
    let text = &name.it;
    let shaped = text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
        && !text.starts_with(|c: char| c.is_ascii_digit());
    let taken = KEYWORDS.contains(&text.as_str()) || CONTEXT.contains(&text.as_str());
    match Id::try_from(text.clone()) {
        Ok(it) if shaped && !taken => Some(At {
            it,
            span: name.span,
        }),
        _ => {
            let message = if taken {
                format!("`{text}` has a meaning of its own in formulas")
            } else {
                format!("`{text}` cannot stand in a formula")
            };
            let help = if taken {
                let words: Vec<String> = KEYWORDS
                    .iter()
                    .chain(&CONTEXT)
                    .map(|word| format!("`{word}`"))
                    .collect();
                format!("take another name than {}", words.join(", "))
            } else {
                "a name is up to 40 letters, digits and `_`, and begins with no digit".to_owned()
            };
            sink.push(Diagnostic::new(Code::BadName, &name.span, message).help(help));
            None
        }
    }
}

/// A reason code: capital letters, digits and `_`.
pub(crate) fn reason(text: &Quoted, sink: &mut Sink) -> Option<At<Id>> {
    let shaped = text.text.starts_with(|c: char| c.is_ascii_uppercase())
        && text
            .text
            .bytes()
            .all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_');
    if !shaped {
        let message = format!("`{}` is no reason code", text.text);
        let help = "capital letters, digits and `_`, such as LOW_INCOME";
        sink.push(Diagnostic::new(Code::BadName, &text.span, message).help(help));
        return None;
    }
    placed_id(text, sink)
}

/// One of a few words.
pub(super) fn one_of<T: Copy, const N: usize>(
    text: &Quoted,
    what: &str,
    words: [(&'static str, T); N],
    sink: &mut Sink,
) -> Option<T> {
    let found = words.iter().find(|(word, _)| *word == text.text);
    if found.is_none() {
        let message = format!("`{}` is no {what}", text.text);
        let help = suggest::help(&text.text, words.iter().map(|(word, _)| *word));
        sink.push(Diagnostic::new(Code::BadValue, &text.span, message).help(help));
    }
    found.map(|(_, meaning)| *meaning)
}

pub(super) fn offset(text: &str) -> Option<i16> {
    let (sign, rest) = match text.split_at_checked(1)? {
        ("+", rest) => (1, rest),
        ("-", rest) => (-1, rest),
        _ => return None,
    };
    let (hours, minutes) = rest.split_once(':')?;
    let digits = |part: &str| {
        (part.len() == 2 && part.bytes().all(|b| b.is_ascii_digit()))
            .then(|| part.parse::<i16>().ok())?
    };
    let (hours, minutes) = (digits(hours)?, digits(minutes)?);
    (hours <= 18 && minutes < 60)
        .then_some(sign * (hours * 60 + minutes))
        .filter(|o| o.abs() <= 1080)
}

pub(crate) fn unknown_option(word: &str, options: &[Id], span: &Span) -> Diagnostic {
    let message = format!("there is no option `{word}` here");
    let help = suggest::help(word, options.iter().map(Id::as_str));
    Diagnostic::new(Code::UnknownOption, span, message).help(help)
}

pub(crate) fn duplicate(what: &str, name: &str, span: &Span) -> Diagnostic {
    Diagnostic::new(
        Code::DuplicateName,
        span,
        format!("the {what} `{name}` stands twice"),
    )
}
