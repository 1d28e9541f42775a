//! Cells of tables, bins of cards, and what stands after `in`: their syntax.

use crate::diagnostic::{Code, Diagnostic};
use crate::source::{At, Quoted, Span};
use crate::syntax::{Literal, Parser};
use crate::token::Token;

/// What a cell takes in: any of its parts.
#[derive(Clone, Debug)]
pub(crate) struct Cell {
    pub(crate) parts: Vec<At<Part>>,
    pub(crate) span: Span,
}

/// One part of a cell.
#[derive(Clone, Debug)]
pub(crate) enum Part {
    /// `-`: anything, a missing value too.
    Any,
    /// `missing`.
    Missing,
    /// `unseen`: the options that no other bin of the characteristic names.
    Unseen,
    /// A single value.
    Is(At<Literal>),
    /// `< 5`, `<= 5`, `> 5`, `>= 5`.
    Beyond(&'static str, At<Literal>),
    /// `[a..b)` and its like, with whether each end belongs to it.
    Range {
        low: At<Literal>,
        low_in: bool,
        high: At<Literal>,
        high_in: bool,
    },
}

/// Reads a cell of a CSV file.
pub(crate) fn parse(text: &Quoted) -> Result<Cell, Diagnostic> {
    let mut parser = Parser::new(text)?;
    let span = text.span.clone();
    if parser.is_end() {
        let message = "an empty cell";
        let help = "write `-` where any value will do, `missing` for a missing one";
        return Err(Diagnostic::new(Code::BadFormula, &span, message).help(help));
    }
    let lone = parser.peek(1).it == Token::End;
    if lone && parser.take_sign("-") {
        let part = At {
            it: Part::Any,
            span: span.clone(),
        };
        return Ok(Cell {
            parts: vec![part],
            span,
        });
    }
    let mut parts = Vec::new();
    loop {
        parts.push(part(&mut parser)?);
        if parser.is_end() {
            return Ok(Cell { parts, span });
        }
        parser.expect_sign(",")?;
    }
}

fn part(parser: &mut Parser) -> Result<At<Part>, Diagnostic> {
    let start = parser.peek(0).clone();
    let it = match &start.it {
        Token::Name(name) if name == "missing" => {
            parser.advance();
            Part::Missing
        }
        Token::Name(name) if name == "unseen" => {
            parser.advance();
            Part::Unseen
        }
        Token::Sign(sign @ ("<" | "<=" | ">" | ">=")) => {
            parser.advance();
            Part::Beyond(sign, parser.literal()?)
        }
        Token::Sign("[" | "(") => range(parser)?,
        _ => Part::Is(parser.literal()?),
    };
    Ok(At {
        it,
        span: start.span.to(&parser.last_span()),
    })
}

/// A range with its brackets.
pub(crate) fn range(parser: &mut Parser) -> Result<Part, Diagnostic> {
    let low_in = parser.take_sign("[");
    if !low_in {
        parser.expect_sign("(")?;
    }
    let low = parser.literal()?;
    parser.expect_sign("..")?;
    let high = parser.literal()?;
    let high_in = parser.take_sign("]");
    if !high_in {
        parser.expect_sign(")")?;
    }
    Ok(Part::Range {
        low,
        low_in,
        high,
        high_in,
    })
}

/// What stands after `in`: a range, or values in brackets.
pub(crate) fn after_in(parser: &mut Parser) -> Result<Cell, Diagnostic> {
    let start = parser.peek(0).span.clone();
    let is_range = parser.peek(0).it == Token::Sign("[")
        || (0..4).any(|ahead| parser.peek(ahead).it == Token::Sign(".."));
    let mut parts = Vec::new();
    if is_range {
        let it = range(parser)?;
        let span = start.to(&parser.last_span());
        parts.push(At { it, span });
    } else {
        parser.expect_sign("(")?;
        loop {
            let literal = parser.literal()?;
            let span = literal.span.clone();
            let it = Part::Is(literal);
            parts.push(At { it, span });
            if !parser.take_sign(",") {
                break;
            }
        }
        parser.expect_sign(")")?;
    }
    let span = start.to(&parser.last_span());
    Ok(Cell { parts, span })
}
