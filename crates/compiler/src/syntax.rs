//! The syntax of formulas.

use crate::cell::{self, Cell};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::{At, Quoted, Span};
use crate::token::{Token, tokens};

/// How deep brackets and branches nest at most.
const MAX_DEPTH: u32 = 64;

/// The most operators of a formula: those in a row nest to the left, without a
/// bracket.
const MAX_OPERATORS: u32 = 1_024;

/// A formula with its place.
pub(crate) type Ast = At<Expr>;

/// A formula.
#[derive(Clone, Debug)]
pub(crate) enum Expr {
    Literal(Literal),
    Name(String),
    Negative(Box<Ast>),
    Not(Box<Ast>),
    Binary(Operator, Box<Ast>, Box<Ast>),
    /// `a else b`: `b` where `a` is missing, or a division by zero.
    Else(Box<Ast>, Box<Ast>),
    If(Box<Ast>, Box<Ast>, Box<Ast>),
    In(Box<Ast>, Cell),
    /// `"x" in V`, `p in pledges`: membership of a list.
    Among(Box<Ast>, Box<Ast>),
    /// `p.value`: a field of an entry.
    Field(At<String>, At<String>),
    Call(At<String>, Vec<Ast>),
}

/// A constant as it is written; what it means depends on what it meets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Literal {
    Whole(i64),
    Ratio(i64),
    Text(String),
    Truth(bool),
}

/// An operator between two formulas.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Operator {
    Or,
    And,
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Plus,
    Minus,
    Times,
    Over,
}

impl Operator {
    /// The operator of a token and how tightly it binds.
    fn of(token: &Token) -> Option<(Operator, u8)> {
        let name = match token {
            Token::Name(name) => name.as_str(),
            Token::Sign(sign) => sign,
            _ => return None,
        };
        Some(match name {
            "or" => (Operator::Or, OR),
            "and" => (Operator::And, AND),
            "==" => (Operator::Equal, COMPARISON),
            "!=" => (Operator::NotEqual, COMPARISON),
            "<" => (Operator::Less, COMPARISON),
            "<=" => (Operator::LessOrEqual, COMPARISON),
            ">" => (Operator::Greater, COMPARISON),
            ">=" => (Operator::GreaterOrEqual, COMPARISON),
            "+" => (Operator::Plus, SUM),
            "-" => (Operator::Minus, SUM),
            "*" => (Operator::Times, PRODUCT),
            "/" => (Operator::Over, PRODUCT),
            _ => return None,
        })
    }

    pub(crate) fn sign(self) -> &'static str {
        match self {
            Operator::Or => "or",
            Operator::And => "and",
            Operator::Equal => "==",
            Operator::NotEqual => "!=",
            Operator::Less => "<",
            Operator::LessOrEqual => "<=",
            Operator::Greater => ">",
            Operator::GreaterOrEqual => ">=",
            Operator::Plus => "+",
            Operator::Minus => "-",
            Operator::Times => "*",
            Operator::Over => "/",
        }
    }
}

const OR: u8 = 1;
const AND: u8 = 2;
const NOT: u8 = 3;
const COMPARISON: u8 = 4;
const ELSE: u8 = 5;
const SUM: u8 = 6;
const PRODUCT: u8 = 7;
const NEGATIVE: u8 = 8;

/// Words that are no names.
pub(crate) const KEYWORDS: [&str; 11] = [
    "if", "then", "else", "and", "or", "not", "in", "true", "false", "missing", "unseen",
];

/// Reads a formula.
pub(crate) fn parse(text: &Quoted) -> Result<Ast, Diagnostic> {
    let mut parser = Parser::new(text)?;
    if parser.is_end() {
        return Err(Diagnostic::new(
            Code::BadFormula,
            &text.span,
            "an empty formula",
        ));
    }
    let formula = parser.formula(0)?;
    if parser.is_end() {
        return Ok(formula);
    }
    Err(parser.unexpected("an operator or the end"))
}

/// Reads tokens one by one.
pub(crate) struct Parser {
    tokens: Vec<At<Token>>,
    end: At<Token>,
    at: usize,
    depth: u32,
    operators: u32,
    /// Between `then` and its `else`, an `else` belongs to the `if`.
    in_then: bool,
}

impl Parser {
    pub(crate) fn new(text: &Quoted) -> Result<Parser, Diagnostic> {
        let tokens = tokens(text)?;
        let end = At {
            it: Token::End,
            span: text.place(text.text.len()..text.text.len()),
        };
        Ok(Parser {
            tokens,
            end,
            at: 0,
            depth: 0,
            operators: 0,
            in_then: false,
        })
    }

    pub(crate) fn peek(&self, ahead: usize) -> &At<Token> {
        self.tokens.get(self.at + ahead).unwrap_or(&self.end)
    }

    pub(crate) fn advance(&mut self) -> At<Token> {
        let token = self.peek(0).clone();
        self.at += 1;
        token
    }

    pub(crate) fn is_end(&self) -> bool {
        self.peek(0).it == Token::End
    }

    /// The place of the token before.
    pub(crate) fn last_span(&self) -> Span {
        let last = self.at.checked_sub(1).and_then(|at| self.tokens.get(at));
        last.unwrap_or(&self.end).span.clone()
    }

    pub(crate) fn take_sign(&mut self, sign: &'static str) -> bool {
        let found = self.peek(0).it == Token::Sign(sign);
        self.at += usize::from(found);
        found
    }

    pub(crate) fn expect_sign(&mut self, sign: &'static str) -> Result<(), Diagnostic> {
        if self.take_sign(sign) {
            Ok(())
        } else {
            Err(self.unexpected(&format!("`{sign}`")))
        }
    }

    fn take_word(&mut self, word: &str) -> bool {
        let found = matches!(&self.peek(0).it, Token::Name(name) if name == word);
        self.at += usize::from(found);
        found
    }

    fn expect_word(&mut self, word: &str) -> Result<(), Diagnostic> {
        if self.take_word(word) {
            Ok(())
        } else {
            Err(self.unexpected(&format!("`{word}`")))
        }
    }

    pub(crate) fn unexpected(&self, wanted: &str) -> Diagnostic {
        let found = self.peek(0);
        let message = format!("{wanted} is expected here, not {}", found.it.show());
        Diagnostic::new(Code::BadFormula, &found.span, message)
    }

    /// A constant, perhaps negative.
    pub(crate) fn literal(&mut self) -> Result<At<Literal>, Diagnostic> {
        let start = self.peek(0).span.clone();
        let negative = self.take_sign("-");
        let token = self.peek(0).clone();
        let it = match (token.it, negative) {
            (Token::Whole(value), false) => Literal::Whole(value),
            (Token::Whole(value), true) => Literal::Whole(-value),
            (Token::Ratio(value), false) => Literal::Ratio(value),
            (Token::Ratio(value), true) => Literal::Ratio(-value),
            (Token::Text(text), false) => Literal::Text(text),
            (Token::Name(name), false) if name == "true" => Literal::Truth(true),
            (Token::Name(name), false) if name == "false" => Literal::Truth(false),
            (Token::Name(name), false) => {
                let help = format!("an option stands in quotes: \"{name}\"");
                return Err(self.unexpected("a constant").help(help));
            }
            _ => return Err(self.unexpected("a constant")),
        };
        self.advance();
        Ok(At {
            it,
            span: start.to(&token.span),
        })
    }

    /// A formula whose operators bind at least as tightly as `least`.
    fn formula(&mut self, least: u8) -> Result<Ast, Diagnostic> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            let message = format!("a formula nests at most {MAX_DEPTH} deep");
            return Err(Diagnostic::new(Code::TooMany, &self.peek(0).span, message));
        }
        let mut left = self.operand()?;
        loop {
            if self.operators > MAX_OPERATORS {
                let message = format!("a formula has at most {MAX_OPERATORS} operators");
                let help = "make parts of it a `[feature]` or `[value]` of their own";
                let span = self.last_span();
                return Err(Diagnostic::new(Code::TooMany, &span, message).help(help));
            }
            self.operators += 1;
            let token = self.peek(0).it.clone();
            let is_word = |word: &str| matches!(&token, Token::Name(name) if name == word);
            let span = left.span.clone();
            if is_word("else") && !self.in_then && least <= ELSE {
                self.advance();
                let right = self.formula(ELSE)?;
                left = At {
                    span: span.to(&right.span),
                    it: Expr::Else(Box::new(left), Box::new(right)),
                };
            } else if is_word("in") && least <= COMPARISON {
                self.advance();
                left = if self.is_name() {
                    let list = self.operand()?;
                    At {
                        span: span.to(&list.span),
                        it: Expr::Among(Box::new(left), Box::new(list)),
                    }
                } else {
                    let cell = cell::after_in(self)?;
                    At {
                        span: span.to(&cell.span),
                        it: Expr::In(Box::new(left), cell),
                    }
                };
            } else if let Some((operator, power)) = Operator::of(&token).filter(|o| least <= o.1) {
                self.advance();
                let right = self.formula(power + 1)?;
                left = At {
                    span: span.to(&right.span),
                    it: Expr::Binary(operator, Box::new(left), Box::new(right)),
                };
                let again = Operator::of(&self.peek(0).it);
                if power == COMPARISON && again.is_some_and(|o| o.1 == COMPARISON) {
                    return Err(self
                        .unexpected("`and`, `or` or the end")
                        .help("compare twice: `a < b and b < c`, or write `b in [a..c)`"));
                }
            } else {
                self.depth -= 1;
                self.operators -= 1;
                return Ok(left);
            }
        }
    }

    fn operand(&mut self) -> Result<Ast, Diagnostic> {
        let start = self.peek(0).clone();
        let it = match &start.it {
            Token::Sign("-") => {
                self.advance();
                Expr::Negative(Box::new(self.formula(NEGATIVE)?))
            }
            Token::Sign("(") => {
                self.advance();
                let inner = self.unbranched(|parser| parser.formula(0))?;
                self.expect_sign(")")?;
                inner.it
            }
            Token::Name(name) if name == "not" => {
                self.advance();
                Expr::Not(Box::new(self.formula(NOT)?))
            }
            Token::Name(name) if name == "if" => {
                self.advance();
                let condition = self.unbranched(|parser| parser.formula(0))?;
                self.expect_word("then")?;
                let before = std::mem::replace(&mut self.in_then, true);
                let then = self.formula(0);
                self.in_then = before;
                let then = then?;
                self.expect_word("else")?;
                let otherwise = self.formula(0)?;
                Expr::If(Box::new(condition), Box::new(then), Box::new(otherwise))
            }
            Token::Name(name) if matches!(name.as_str(), "true" | "false") => {
                Expr::Literal(self.literal()?.it)
            }
            Token::Name(name) if KEYWORDS.contains(&name.as_str()) => {
                return Err(self.unexpected("a value"));
            }
            Token::Name(name) => {
                self.advance();
                if self.take_sign("(") {
                    let function = At {
                        it: name.clone(),
                        span: start.span.clone(),
                    };
                    Expr::Call(function, self.unbranched(Parser::arguments)?)
                } else if self.take_sign(".") {
                    let entry = At {
                        it: name.clone(),
                        span: start.span.clone(),
                    };
                    Expr::Field(entry, self.name()?)
                } else {
                    Expr::Name(name.clone())
                }
            }
            Token::Whole(_) | Token::Ratio(_) | Token::Text(_) => Expr::Literal(self.literal()?.it),
            Token::Sign(_) | Token::End => return Err(self.unexpected("a value")),
        };
        Ok(At {
            it,
            span: start.span.to(&self.last_span()),
        })
    }

    /// Whether a name follows.
    fn is_name(&self) -> bool {
        matches!(&self.peek(0).it, Token::Name(name) if !KEYWORDS.contains(&name.as_str()))
    }

    fn name(&mut self) -> Result<At<String>, Diagnostic> {
        let At { it, span } = self.peek(0).clone();
        match it {
            Token::Name(it) => {
                self.advance();
                Ok(At { it, span })
            }
            _ => Err(self.unexpected("a field's name")),
        }
    }

    fn arguments(&mut self) -> Result<Vec<Ast>, Diagnostic> {
        let mut arguments = Vec::new();
        if self.take_sign(")") {
            return Ok(arguments);
        }
        loop {
            arguments.push(self.formula(0)?);
            if !self.take_sign(",") {
                self.expect_sign(")")?;
                return Ok(arguments);
            }
        }
    }

    /// Reads something in which an `else` belongs to no `if` outside of it.
    fn unbranched<T>(
        &mut self,
        read: impl FnOnce(&mut Parser) -> Result<T, Diagnostic>,
    ) -> Result<T, Diagnostic> {
        let before = std::mem::replace(&mut self.in_then, false);
        let result = read(self);
        self.in_then = before;
        result
    }
}
