//! Formulas as trees with kinds, before anyone has read their text.

use prequal::policy::Kind;

/// A formula's part.
#[derive(Clone, Debug)]
pub(crate) struct Tree {
    pub(crate) it: Expr,
    pub(crate) kind: Kind,
    /// Whether it can be missing.
    pub(crate) optional: bool,
    /// Bounds of its values, in the unit of its kind; not always tight.
    pub(crate) low: i128,
    pub(crate) high: i128,
    /// Whether its text says its kind: a bare constant takes that of what it
    /// meets.
    pub(crate) anchored: bool,
}

/// What a part is made of.
#[derive(Clone, Debug)]
pub(crate) enum Expr {
    Constant(i128),
    Name(String),
    Negative(Box<Tree>),
    Not(Box<Tree>),
    Binary(Operator, Box<Tree>, Box<Tree>),
    /// A quotient, and what counts where the divisor is zero.
    Quotient(Box<Tree>, Box<Tree>, Option<Box<Tree>>),
    Else(Box<Tree>, Box<Tree>),
    If(Box<Tree>, Box<Tree>, Box<Tree>),
    Within(Box<Tree>, Range),
    Among(Box<Tree>, Vec<i128>),
    Call(Function, Vec<Tree>),
    /// A function over the entries of a list, with a name for the entry.
    Over(Fold, String, String, Option<Box<Tree>>),
    /// The mean over the entries of a list, by weight.
    Weighted(String, String, Box<Tree>, Box<Tree>),
    /// What the largest entries of a list are of all, and how many they are.
    Best(String, String, Box<Tree>, i128),
    /// A named table with its arguments.
    Table(String, Vec<Tree>),
    /// Whether a list-valued figure holds a value.
    Holds(Box<Tree>, String),
    /// What a list-valued figure comes to.
    Of(ListFunction, String),
}

/// Between two values, or after `in`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Range {
    pub(crate) low: i128,
    pub(crate) low_in: bool,
    pub(crate) high: i128,
    pub(crate) high_in: bool,
}

macro_rules! named {
    ($(#[doc = $doc:literal] $type:ident { $($variant:ident = $name:literal,)* })*) => {$(
        #[doc = $doc]
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(crate) enum $type {
            $($variant,)*
        }

        impl $type {
            /// As a formula writes it.
            pub(crate) fn name(self) -> &'static str {
                match self {
                    $($type::$variant => $name,)*
                }
            }
        }
    )*};
}

named! {
    /// An operator between two parts.
    Operator {
        Plus = "+",
        Minus = "-",
        Times = "*",
        And = "and",
        Or = "or",
        Equal = "==",
        NotEqual = "!=",
        Less = "<",
        AtMost = "<=",
        Greater = ">",
        AtLeast = ">=",
    }
    /// A function of its arguments.
    Function {
        Min = "min",
        Max = "max",
        Abs = "abs",
        Round = "round",
        Floor = "floor",
        Ceil = "ceil",
        Years = "years",
        Months = "months",
        Period = "period",
        Month = "month",
        Year = "year",
        IsMissing = "is_missing",
        Spread = "spread",
        Mean = "mean",
        Variation = "coefficient_of_variation",
        Instalment = "pmt",
        WeightedMean = "weighted_mean",
        Takings = "takings",
        SalesFromPurchases = "sales_from_purchases",
        TurnoverOverstated = "turnover_overstated",
        MarginOverstated = "margin_overstated",
        EquityDeviation = "equity_deviation",
    }
    /// A function over the entries of a list.
    Fold {
        Sum = "sum",
        Min = "min",
        Max = "max",
        Mean = "mean",
        Variation = "coefficient_of_variation",
        Count = "count",
        Any = "any",
        All = "all",
    }
    /// A function of a list-valued figure.
    ListFunction {
        Count = "count",
        First = "first",
        Sum = "sum",
        Min = "min",
        Max = "max",
    }
}

impl Tree {
    /// A constant; its text does not say of what kind.
    pub(crate) fn constant(value: i128, kind: &Kind) -> Tree {
        Tree {
            it: Expr::Constant(value),
            kind: kind.clone(),
            optional: false,
            low: value,
            high: value,
            anchored: false,
        }
    }

    /// A part with these bounds that is never missing and says its kind.
    pub(crate) fn of(it: Expr, kind: Kind, (low, high): (i128, i128)) -> Tree {
        Tree {
            it,
            kind,
            optional: false,
            low,
            high,
            anchored: true,
        }
    }

    /// Whether it reads this name.
    pub(crate) fn reads(&self, name: &str) -> bool {
        let any = |parts: &[&Tree]| parts.iter().any(|part| part.reads(name));
        match &self.it {
            Expr::Name(known) => known == name,
            Expr::Constant(_) | Expr::Of(..) => false,
            Expr::Negative(a)
            | Expr::Not(a)
            | Expr::Within(a, _)
            | Expr::Among(a, _)
            | Expr::Holds(a, _)
            | Expr::Best(_, _, a, _) => a.reads(name),
            Expr::Binary(_, a, b) | Expr::Else(a, b) | Expr::Weighted(_, _, a, b) => any(&[a, b]),
            Expr::Quotient(a, b, c) => any(&[a, b]) || c.as_ref().is_some_and(|c| c.reads(name)),
            Expr::If(a, b, c) => any(&[a, b, c]),
            Expr::Call(_, parts) | Expr::Table(_, parts) => {
                parts.iter().any(|part| part.reads(name))
            }
            Expr::Over(_, _, _, body) => body.as_ref().is_some_and(|body| body.reads(name)),
        }
    }

    /// A truth value.
    pub(crate) fn truth(it: Expr) -> Tree {
        Tree::of(it, Kind::Boolean, (0, 1))
    }

    pub(crate) fn boxed(self) -> Box<Tree> {
        Box::new(self)
    }
}
