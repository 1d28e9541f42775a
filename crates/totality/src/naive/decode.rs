//! The bytes of a compiled policy, read apart from the engine's own decoder:
//! a plain cursor that gives up at the first byte that does not fit.

mod product;

use prequal::policy::{
    Alert, Bin, Blank, Body, Cap, Card, Cells, Characteristic, Collect, Feature, Grade, Group, Id,
    Kind, Language, Level, Limit, List, Node, OptionGroup, Precision, Price, Program, Question,
    Representative, Row, Rule, Source, Stage, Table, Unit,
};
use prequal::{Currency, Digest, Money, Ratio, Rounding};

/// The policy of these bytes; `None` where they are not those of one.
pub(crate) fn decode(bytes: &[u8]) -> Option<Body> {
    let header = [
        b"PRQL".as_slice(),
        &[prequal::policy::FORMAT, prequal::policy::SEMANTICS],
    ]
    .concat();
    let mut cursor = Cursor {
        bytes: bytes.strip_prefix(header.as_slice())?,
    };
    let body = cursor.body()?;
    cursor.bytes.is_empty().then_some(body)
}

struct Cursor<'a> {
    bytes: &'a [u8],
}

impl Cursor<'_> {
    fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.bytes.split_first()?;
        self.bytes = rest;
        Some(*first)
    }

    /// Seven bits a byte, the low ones first; the eighth says that more follow.
    fn unsigned(&mut self) -> Option<u128> {
        let mut digits = Vec::new();
        loop {
            let byte = self.byte()?;
            digits.push(byte % 128);
            if byte < 128 {
                break;
            }
        }
        let mut number: u128 = 0;
        for digit in digits.iter().rev() {
            number = number.checked_mul(128)? + u128::from(*digit);
        }
        Some(number)
    }

    /// 0, −1, 1, −2, 2 and so on.
    fn signed(&mut self) -> Option<i64> {
        let number = i128::try_from(self.unsigned()?).ok()?;
        let number = if number % 2 == 0 {
            number / 2
        } else {
            -(number + 1) / 2
        };
        i64::try_from(number).ok()
    }

    fn natural<T: TryFrom<u128>>(&mut self) -> Option<T> {
        T::try_from(self.unsigned()?).ok()
    }

    fn integer<T: TryFrom<i64>>(&mut self) -> Option<T> {
        T::try_from(self.signed()?).ok()
    }

    fn truth(&mut self) -> Option<bool> {
        match self.byte()? {
            0 => Some(false),
            1 => Some(true),
            _ => None,
        }
    }

    fn maybe<T>(&mut self, read: impl FnOnce(&mut Self) -> Option<T>) -> Option<Option<T>> {
        match self.truth()? {
            true => read(self).map(Some),
            false => Some(None),
        }
    }

    fn many<T>(&mut self, mut read: impl FnMut(&mut Self) -> Option<T>) -> Option<Vec<T>> {
        let count: usize = self.natural()?;
        (0..count).map(|_| read(self)).collect()
    }

    fn text(&mut self) -> Option<String> {
        String::from_utf8(self.many(Self::byte)?).ok()
    }

    fn id(&mut self) -> Option<Id> {
        Id::try_from(self.text()?).ok()
    }

    fn money(&mut self) -> Option<Money> {
        self.signed().map(Money::new)
    }

    fn ratio(&mut self) -> Option<Ratio> {
        self.signed().map(Ratio::new)
    }

    fn digest(&mut self) -> Option<Digest> {
        let (digest, rest) = self.bytes.split_first_chunk::<32>()?;
        self.bytes = rest;
        Some(Digest::from_bytes(*digest))
    }

    fn body(&mut self) -> Option<Body> {
        Some(Body {
            id: self.id()?,
            version: self.id()?,
            stage: match self.byte()? {
                0 => Stage::PreScreen,
                1 => Stage::Renewal,
                2 => Stage::EarlyWarning,
                _ => return None,
            },
            currency: Currency::try_from(self.text()?).ok()?,
            utc_offset: self.integer()?,
            commitments: self.natural()?,
            languages: self.many(|c| {
                Some(Language {
                    tag: c.id()?,
                    hash: c.digest()?,
                })
            })?,
            questions: self.many(Self::question)?,
            lists: self.many(Self::list)?,
            groups: self.many(Self::group)?,
            derive: self.program()?,
            features: self.many(Self::feature)?,
            decide: self.program()?,
            tables: self.many(Self::table)?,
            knockouts: self.many(Self::rule)?,
            reviews: self.many(Self::rule)?,
            alerts: self.many(Self::alert)?,
            cards: self.many(Self::card)?,
            grades: self.many(|c| {
                Some(Grade {
                    id: c.id()?,
                    at_least: c.maybe(Self::integer)?,
                })
            })?,
            quote_grade: self.natural()?,
            limit: Limit {
                affordability: self.many(Self::natural)?,
                caps: self.many(|c| {
                    Some(Cap {
                        id: c.id()?,
                        node: c.natural()?,
                    })
                })?,
                step: self.money()?,
                reason: self.natural()?,
            },
            products: self.many(Self::product)?,
            discounts: self.many(Self::discount)?,
            price: Price {
                ceiling: self.maybe(Self::ratio)?,
                overdue: self.ratio()?,
                misuse: self.ratio()?,
                prepayment: self.ratio()?,
            },
            reasons: self.many(Self::id)?,
        })
    }

    fn kind(&mut self) -> Option<Kind> {
        Some(match self.byte()? {
            0 => Kind::Integer,
            1 => Kind::Money,
            2 => Kind::Ratio,
            3 => Kind::Real,
            4 => Kind::Boolean,
            5 => Kind::Date,
            6 => Kind::Period,
            7 => Kind::Choice(self.many(Self::id)?),
            _ => return None,
        })
    }

    fn question(&mut self) -> Option<Question> {
        Some(Question {
            id: self.id()?,
            kind: self.kind()?,
            low: self.signed()?,
            high: self.signed()?,
            step: self.signed()?,
            unit: self.maybe(|c| match c.byte()? {
                0 => Some(Unit::Day),
                1 => Some(Unit::Month),
                2 => Some(Unit::Year),
                _ => None,
            })?,
            blank: match self.byte()? {
                0 => Blank::Refused,
                1 => Blank::Missing,
                2 => Blank::Means(self.signed()?),
                _ => return None,
            },
            asked: self.maybe(Self::natural)?,
            source: match self.byte()? {
                0 => Source::Borrower,
                1 => Source::Lender,
                _ => return None,
            },
        })
    }

    fn list(&mut self) -> Option<List> {
        Some(List {
            id: self.id()?,
            count: self.natural()?,
            first: self.natural()?,
            fields: self.natural()?,
            entries: self.natural()?,
        })
    }

    fn group(&mut self) -> Option<Group> {
        Some(Group {
            id: self.id()?,
            questions: self.many(Self::natural)?,
            asked: self.maybe(Self::natural)?,
            opener: self.maybe(Self::natural)?,
        })
    }

    fn feature(&mut self) -> Option<Feature> {
        Some(Feature {
            id: self.id()?,
            kind: self.kind()?,
            node: self.natural()?,
            precision: match self.byte()? {
                0 => Precision::Exact,
                1 => Precision::Floor(self.signed()?),
                2 => Precision::Ceil(self.signed()?),
                3 => Precision::Bands {
                    edges: self.many(Self::signed)?,
                    value: match self.byte()? {
                        0 => Representative::Low,
                        1 => Representative::High,
                        2 => Representative::Middle,
                        _ => return None,
                    },
                },
                4 => Precision::Groups(self.many(|c| {
                    Some(OptionGroup {
                        id: c.id()?,
                        options: c.many(Self::natural)?,
                    })
                })?),
                _ => return None,
            },
        })
    }

    fn rule(&mut self) -> Option<Rule> {
        Some(Rule {
            id: self.id()?,
            when: self.natural()?,
            reason: self.natural()?,
        })
    }

    fn alert(&mut self) -> Option<Alert> {
        Some(Alert {
            rule: self.rule()?,
            level: match self.byte()? {
                0 => Level::Watch,
                1 => Level::Warn,
                2 => Level::Stop,
                _ => return None,
            },
        })
    }

    fn card(&mut self) -> Option<Card> {
        Some(Card {
            when: self.maybe(Self::natural)?,
            base: self.integer()?,
            odds: self.natural()?,
            pdo: self.natural()?,
            start: self.integer()?,
            characteristics: self.many(|c| {
                Some(Characteristic {
                    id: c.id()?,
                    node: c.natural()?,
                    bins: c.many(Self::bin)?,
                })
            })?,
        })
    }

    fn bin(&mut self) -> Option<Bin> {
        Some(Bin {
            cells: self.cells()?,
            points: self.integer()?,
            reason: self.maybe(Self::natural)?,
        })
    }

    fn table(&mut self) -> Option<Table> {
        Some(Table {
            id: self.id()?,
            columns: self.natural()?,
            rows: self.many(|c| {
                Some(Row {
                    cells: c.many(Self::cells)?,
                    output: c.signed()?,
                })
            })?,
        })
    }

    fn cells(&mut self) -> Option<Cells> {
        Some(match self.byte()? {
            0 => Cells::Any,
            1 => Cells::Of {
                intervals: self.many(|c| Some((c.signed()?, c.signed()?)))?,
                missing: self.truth()?,
            },
            _ => return None,
        })
    }

    fn program(&mut self) -> Option<Program> {
        Some(Program {
            nodes: self.many(Self::node)?,
        })
    }

    fn rounding(&mut self) -> Option<Rounding> {
        Some(match self.byte()? {
            0 => Rounding::Down,
            1 => Rounding::Up,
            2 => Rounding::HalfUp,
            _ => return None,
        })
    }

    fn node(&mut self) -> Option<Node> {
        let number = self.byte()?;
        if let 2 | 3 | 7 | 8 | 11..=15 | 18 | 20 | 21 | 24 | 27 = number {
            let (a, b) = (self.natural()?, self.natural()?);
            return Some(match number {
                2 => Node::Add(a, b),
                3 => Node::Sub(a, b),
                7 => Node::Min(a, b),
                8 => Node::Max(a, b),
                11 => Node::And(a, b),
                12 => Node::Or(a, b),
                13 => Node::Eq(a, b),
                14 => Node::Lt(a, b),
                15 => Node::Le(a, b),
                18 => Node::Else(a, b),
                20 => Node::Months(a, b),
                21 => Node::Years(a, b),
                24 => Node::When(a, b),
                _ => Node::Shift(a, b),
            });
        }
        Some(match number {
            0 => Node::Const(self.signed()?),
            1 => Node::Input(self.natural()?),
            4 => Node::Mul {
                a: self.natural()?,
                b: self.natural()?,
                scale: self.natural()?,
                rounding: self.rounding()?,
            },
            5 => Node::Div {
                a: self.natural()?,
                b: self.natural()?,
                scale: self.natural()?,
                rounding: self.rounding()?,
                otherwise: self.maybe(Self::natural)?,
            },
            6 => Node::Round {
                a: self.natural()?,
                step: self.signed()?,
                rounding: self.rounding()?,
            },
            9 => Node::Abs(self.natural()?),
            10 => Node::Not(self.natural()?),
            16 => Node::Within(self.natural()?, self.cells()?),
            17 => Node::IsMissing(self.natural()?),
            19 => Node::If(self.natural()?, self.natural()?, self.natural()?),
            22 => Node::Lookup(self.natural()?, self.many(Self::natural)?),
            23 => Node::Collect {
                how: match self.byte()? {
                    0 => Collect::Sum,
                    1 => Collect::Min,
                    2 => Collect::Max,
                    3 => Collect::Count,
                    _ => return None,
                },
                table: self.natural()?,
                operands: self.many(Self::natural)?,
            },
            25 => Node::Month(self.natural()?),
            26 => Node::Year(self.natural()?),
            28 => Node::Instalment {
                principal: self.natural()?,
                rate: self.natural()?,
                months: self.natural()?,
            },
            29 => Node::Variation(self.many(Self::natural)?),
            _ => return None,
        })
    }
}
