//! Spaces between the tokens of formulas and cells.

use crate::diagnostic::Diagnostic;
use crate::source::{Quoted, Span};
use crate::syntax::KEYWORDS;
use crate::token::{Token, tokens};

/// Keywords that are values.
const CONSTANTS: [&str; 4] = ["true", "false", "missing", "unseen"];

/// How far a formula's further lines are set in.
const INDENT: &str = "    ";

/// A formula or cell with its tokens spaced as in the guide. Where `lines` is
/// set, line breaks between tokens stay.
pub(super) fn spaced(text: &str, lines: bool) -> Result<String, Diagnostic> {
    let span = Span::new(&"".into(), 0..text.len());
    let quoted = Quoted::new(text.to_owned(), (0..=text.len()).collect(), span);
    let mut spaced = String::with_capacity(text.len());
    let mut before: Option<(Token, bool, usize)> = None;
    for token in tokens(&quoted)? {
        if token.it == Token::End {
            break;
        }
        let (start, end) = (token.span.start, token.span.end);
        let opens = before
            .as_ref()
            .is_none_or(|(token, _, _)| !ends_operand(token));
        let sign = opens && token.it == Token::Sign("-");
        if let Some((last, last_sign, last_end)) = &before {
            let gap = text.get(*last_end..start).unwrap_or_default();
            if lines && gap.contains('\n') {
                spaced.push('\n');
                spaced.push_str(INDENT);
            } else if !last_sign && apart(last, &token.it) {
                spaced.push(' ');
            }
        }
        match &token.it {
            Token::Text(word) if !word.contains('"') => {
                spaced.push('"');
                spaced.push_str(word);
                spaced.push('"');
            }
            _ => spaced.push_str(text.get(start..end).unwrap_or_default()),
        }
        before = Some((token.it, sign, end));
    }
    Ok(spaced)
}

/// Whether a value ends here, so that a `-` behind it subtracts.
fn ends_operand(token: &Token) -> bool {
    match token {
        Token::Name(name) => {
            !KEYWORDS.contains(&name.as_str()) || CONSTANTS.contains(&name.as_str())
        }
        Token::Sign(sign) => matches!(*sign, ")" | "]"),
        _ => true,
    }
}

/// Whether a space stands between two tokens.
fn apart(left: &Token, right: &Token) -> bool {
    match (left, right) {
        (_, Token::Sign("," | ")" | "]" | ".." | "."))
        | (Token::Sign("(" | "[" | ".." | "."), _) => false,
        // A function and its arguments.
        (Token::Name(name), Token::Sign("(")) => KEYWORDS.contains(&name.as_str()),
        _ => true,
    }
}
