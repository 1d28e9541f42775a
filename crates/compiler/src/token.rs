//! Words and signs of formulas and cells.

use crate::diagnostic::{Code, Diagnostic};
use crate::number::{self, NumberError};
use crate::source::{At, Quoted};

/// A word or sign.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Token {
    /// A name or keyword.
    Name(String),
    /// A whole number.
    Whole(i64),
    /// A decimal number or percentage in millionths.
    Ratio(i64),
    /// A word in quotes.
    Text(String),
    /// An operator or bracket.
    Sign(&'static str),
    /// The end of the text.
    End,
}

impl Token {
    /// The token as messages show it.
    pub(crate) fn show(&self) -> String {
        match self {
            Token::Name(name) => format!("`{name}`"),
            Token::Whole(_) | Token::Ratio(_) => "a number".to_owned(),
            Token::Text(text) => format!("`\"{text}\"`"),
            Token::Sign(sign) => format!("`{sign}`"),
            Token::End => "the end".to_owned(),
        }
    }
}

/// Signs, longer ones before their beginnings.
const SIGNS: [&str; 18] = [
    "<=", ">=", "==", "!=", "..", ".", "<", ">", "+", "-", "*", "/", "(", ")", "[", "]", ",", "=",
];

/// The tokens of a text, the last one [`Token::End`].
pub(crate) fn tokens(text: &Quoted) -> Result<Vec<At<Token>>, Diagnostic> {
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(first) = rest(text, at).chars().next() {
        if first.is_whitespace() {
            at += first.len_utf8();
            continue;
        }
        let (length, token) = token(text, at, first)?;
        tokens.push(At {
            it: token,
            span: text.place(at..at + length),
        });
        at += length;
    }
    let end = text.text.len();
    tokens.push(At {
        it: Token::End,
        span: text.place(end..end),
    });
    Ok(tokens)
}

fn rest(text: &Quoted, at: usize) -> &str {
    text.text.get(at..).unwrap_or_default()
}

fn token(text: &Quoted, at: usize, first: char) -> Result<(usize, Token), Diagnostic> {
    let rest = rest(text, at);
    let bad = |length: usize, message: &str| {
        Diagnostic::new(Code::BadFormula, &text.place(at..at + length), message)
    };
    if first.is_ascii_alphabetic() || first == '_' {
        let name: String = rest
            .chars()
            .take_while(|c| c.is_ascii_alphanumeric() || *c == '_')
            .collect();
        return Ok((name.len(), Token::Name(name)));
    }
    if first.is_ascii_digit() {
        return number(rest).map_err(|(length, error)| bad(length, error.words()));
    }
    if first == '"' || first == '\'' {
        let inner: String = rest.chars().skip(1).take_while(|c| *c != first).collect();
        let length = inner.len() + 2;
        return if rest.len() >= length {
            Ok((length, Token::Text(inner)))
        } else {
            Err(bad(rest.len(), "a quote that is not closed"))
        };
    }
    match SIGNS.iter().find(|sign| rest.starts_with(**sign)) {
        Some(&"=") => Err(bad(1, "`=` compares nothing").help("write `==`")),
        Some(sign) => Ok((sign.len(), Token::Sign(sign))),
        None => {
            let message = format!("`{first}` means nothing here");
            Err(bad(first.len_utf8(), &message))
        }
    }
}

/// A number at the start of `rest`: `18`, `1_500_00`, `0.35`, `35%`. Two
/// points end it: they are a range's.
fn number(rest: &str) -> Result<(usize, Token), (usize, NumberError)> {
    let bytes = rest.as_bytes();
    let digits = |from: usize| {
        let tail = bytes.get(from..).unwrap_or_default();
        let count = tail
            .iter()
            .take_while(|b| b.is_ascii_alphanumeric() || **b == b'_')
            .count();
        from + count
    };
    let mut end = digits(0);
    let point = bytes.get(end) == Some(&b'.') && bytes.get(end + 1) != Some(&b'.');
    if point {
        end = digits(end + 1);
    }
    let text = rest.get(..end).unwrap_or_default();
    if bytes.get(end) == Some(&b'%') {
        let value = number::percent(text).map_err(|error| (end + 1, error))?;
        return Ok((end + 1, Token::Ratio(value)));
    }
    let value = if point {
        number::ratio(text).map(Token::Ratio)
    } else {
        number::whole(text).map(Token::Whole)
    };
    value
        .map(|token| (end, token))
        .map_err(|error| (end, error))
}
