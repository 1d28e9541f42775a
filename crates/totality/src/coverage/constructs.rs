//! The names of constructs.

use prequal::policy::{
    Blank, Cells, Change, Collect, Kind, Level, Node, Precision, Representative, Source, Stage,
    Unit,
};
use prequal::{Eligibility, RefusalReason, Rounding, Why};
use prequal_sample::named;

use crate::model::policy::{Figure, Hit, Part, Precision as Told};
use crate::model::tree::{Expr, Fold, Function, ListFunction, Operator};

named! {
    pub(super) ENUMERATED
    node(Node) {
        Node::Const(_) => "step Const",
        Node::Input(_) => "step Input",
        Node::Add(..) => "step Add",
        Node::Sub(..) => "step Sub",
        Node::Mul { .. } => "step Mul",
        Node::Div { otherwise: None, .. } => "step Div",
        Node::Div { otherwise: Some(_), .. } => "step Div with a way out",
        Node::Round { .. } => "step Round",
        Node::Min(..) => "step Min",
        Node::Max(..) => "step Max",
        Node::Abs(_) => "step Abs",
        Node::Not(_) => "step Not",
        Node::And(..) => "step And",
        Node::Or(..) => "step Or",
        Node::Eq(..) => "step Eq",
        Node::Lt(..) => "step Lt",
        Node::Le(..) => "step Le",
        Node::Within(..) => "step Within",
        Node::IsMissing(_) => "step IsMissing",
        Node::Else(..) => "step Else",
        Node::If(..) => "step If",
        Node::Months(..) => "step Months",
        Node::Years(..) => "step Years",
        Node::Lookup(..) => "step Lookup",
        Node::Collect { how: Collect::Sum, .. } => "step Collect Sum",
        Node::Collect { how: Collect::Min, .. } => "step Collect Min",
        Node::Collect { how: Collect::Max, .. } => "step Collect Max",
        Node::Collect { how: Collect::Count, .. } => "step Collect Count",
        Node::When(..) => "step When",
        Node::Month(_) => "step Month",
        Node::Year(_) => "step Year",
        Node::Shift(..) => "step Shift",
        Node::Instalment { .. } => "step Instalment",
        Node::Variation(_) => "step Variation",
    }
    rounding(Rounding) {
        Rounding::Down => "rounding Down",
        Rounding::Up => "rounding Up",
        Rounding::HalfUp => "rounding HalfUp",
    }
    kind(Kind) {
        Kind::Integer => "question of kind integer",
        Kind::Money => "question of kind money",
        Kind::Ratio => "question of kind ratio",
        Kind::Real => "question of kind real",
        Kind::Boolean => "question of kind boolean",
        Kind::Date => "question of kind date",
        Kind::Period => "question of kind period",
        Kind::Choice(_) => "question of kind choice",
    }
    feature_kind(Kind) {
        Kind::Integer => "feature of kind integer",
        Kind::Money => "feature of kind money",
        Kind::Ratio => "feature of kind ratio",
        Kind::Real => "feature of kind real",
        Kind::Boolean => "feature of kind boolean",
        Kind::Date => "feature of kind date",
        Kind::Period => "feature of kind period",
        Kind::Choice(_) => "feature of kind choice",
    }
    unit(Unit) {
        Unit::Day => "unit day",
        Unit::Month => "unit month",
        Unit::Year => "unit year",
    }
    blank(Blank) {
        Blank::Refused => "blank refused",
        Blank::Missing => "blank is missing",
        Blank::Means(_) => "blank means something",
    }
    source(Source) {
        Source::Borrower => "answered by the borrower",
        Source::Lender => "supplied by the lender",
    }
    precision(Precision) {
        Precision::Exact => "told exactly",
        Precision::Floor(_) => "told rounded down",
        Precision::Ceil(_) => "told rounded up",
        Precision::Bands { value: Representative::Low, .. } => "told as the low end of a band",
        Precision::Bands { value: Representative::High, .. } => "told as the high end of a band",
        Precision::Bands { value: Representative::Middle, .. } => "told as the middle of a band",
        Precision::Groups(_) => "told in groups",
    }
    cells(Cells) {
        Cells::Any => "cells for anything",
        Cells::Of { missing: true, .. } => "cells for a missing value",
        Cells::Of { missing: false, .. } => "cells for values",
    }
    stage(Stage) {
        Stage::PreScreen => "stage pre-screen",
        Stage::Renewal => "stage renewal",
        Stage::EarlyWarning => "stage early-warning",
    }
    level(Level) {
        Level::Watch => "level watch",
        Level::Warn => "level warn",
        Level::Stop => "level stop",
    }
    change(Change) {
        Change::Less(_) => "discount less",
        Change::Times(_) => "discount times",
    }
    why(Why) {
        Why::Only => "recommended as the only one",
        Why::Amount => "recommended for its amount",
        Why::NoReview => "recommended without review",
        Why::Suits => "recommended as it suits",
        Why::Headroom => "recommended for headroom",
        Why::Cost => "recommended for its cost",
        Why::Order => "recommended by order",
    }
    eligibility(Eligibility) {
        Eligibility::NotEligible => "outcome not_eligible",
        Eligibility::Review => "outcome review",
        Eligibility::Eligible => "outcome eligible",
    }
    refusal(RefusalReason) {
        RefusalReason::BelowMinimum => "offer below_minimum",
        RefusalReason::AskedTooLittle => "offer asked_too_little",
        RefusalReason::KnockedOut => "offer knocked_out",
        RefusalReason::NoAnnualRate => "offer no_annual_rate",
        RefusalReason::AboveCeiling => "offer above_ceiling",
    }
    expression(Expr) {
        Expr::Constant(_) => "formula: constant",
        Expr::Name(_) => "formula: name",
        Expr::Negative(_) => "formula: - before a value",
        Expr::Not(_) => "formula: not",
        Expr::Binary(Operator::Plus, ..) => "formula: +",
        Expr::Binary(Operator::Minus, ..) => "formula: -",
        Expr::Binary(Operator::Times, ..) => "formula: *",
        Expr::Binary(Operator::And, ..) => "formula: and",
        Expr::Binary(Operator::Or, ..) => "formula: or",
        Expr::Binary(Operator::Equal, ..) => "formula: ==",
        Expr::Binary(Operator::NotEqual, ..) => "formula: !=",
        Expr::Binary(Operator::Less, ..) => "formula: <",
        Expr::Binary(Operator::AtMost, ..) => "formula: <=",
        Expr::Binary(Operator::Greater, ..) => "formula: >",
        Expr::Binary(Operator::AtLeast, ..) => "formula: >=",
        Expr::Quotient(_, _, None) => "formula: /",
        Expr::Quotient(_, _, Some(_)) => "formula: / else",
        Expr::Else(..) => "formula: else",
        Expr::If(..) => "formula: if then else",
        Expr::Within(..) => "formula: in a range",
        Expr::Among(..) => "formula: in values",
        Expr::Call(Function::Min, _) => "formula: min",
        Expr::Call(Function::Max, _) => "formula: max",
        Expr::Call(Function::Abs, _) => "formula: abs",
        Expr::Call(Function::Round, _) => "formula: round",
        Expr::Call(Function::Floor, _) => "formula: floor",
        Expr::Call(Function::Ceil, _) => "formula: ceil",
        Expr::Call(Function::Years, _) => "formula: years",
        Expr::Call(Function::Months, _) => "formula: months",
        Expr::Call(Function::Period, _) => "formula: period",
        Expr::Call(Function::Month, _) => "formula: month",
        Expr::Call(Function::Year, _) => "formula: year",
        Expr::Call(Function::IsMissing, _) => "formula: is_missing",
        Expr::Call(Function::Spread, _) => "formula: spread",
        Expr::Call(Function::Mean, _) => "formula: mean",
        Expr::Call(Function::Variation, _) => "formula: coefficient_of_variation",
        Expr::Call(Function::Instalment, _) => "formula: pmt",
        Expr::Call(Function::WeightedMean, _) => "formula: weighted_mean",
        Expr::Call(Function::Takings, _) => "formula: takings",
        Expr::Call(Function::SalesFromPurchases, _) => "formula: sales_from_purchases",
        Expr::Call(Function::TurnoverOverstated, _) => "formula: turnover_overstated",
        Expr::Call(Function::MarginOverstated, _) => "formula: margin_overstated",
        Expr::Call(Function::EquityDeviation, _) => "formula: equity_deviation",
        Expr::Over(Fold::Sum, ..) => "formula: sum over a list",
        Expr::Over(Fold::Min, ..) => "formula: min over a list",
        Expr::Over(Fold::Max, ..) => "formula: max over a list",
        Expr::Over(Fold::Mean, ..) => "formula: mean over a list",
        Expr::Over(Fold::Variation, ..) => "formula: coefficient_of_variation over a list",
        Expr::Over(Fold::Count, _, _, None) => "formula: count of a list",
        Expr::Over(Fold::Count, _, _, Some(_)) => "formula: count over a list",
        Expr::Over(Fold::Any, ..) => "formula: any over a list",
        Expr::Over(Fold::All, ..) => "formula: all over a list",
        Expr::Weighted(..) => "formula: weighted_mean over a list",
        Expr::Best(..) => "formula: share_of_best of a list",
        Expr::Table(..) => "formula: call of a table",
        Expr::Holds(..) => "formula: in a list-valued figure",
        Expr::Of(ListFunction::Count, _) => "formula: count of a list-valued figure",
        Expr::Of(ListFunction::First, _) => "formula: first of a list-valued figure",
        Expr::Of(ListFunction::Sum, _) => "formula: sum of a list-valued figure",
        Expr::Of(ListFunction::Min, _) => "formula: min of a list-valued figure",
        Expr::Of(ListFunction::Max, _) => "formula: max of a list-valued figure",
    }
    hit(Hit) {
        Hit::Unique => "hit unique",
        Hit::First => "hit first",
        Hit::Any => "hit any",
        Hit::Priority => "hit priority",
        Hit::RuleOrder => "hit rule_order",
        Hit::OutputOrder => "hit output_order",
        Hit::Collect => "hit collect",
        Hit::Sum => "hit collect_sum",
        Hit::Min => "hit collect_min",
        Hit::Max => "hit collect_max",
        Hit::Count => "hit collect_count",
    }
    part(Part) {
        Part::Any => "cell -",
        Part::Missing => "cell missing",
        Part::Unseen => "cell unseen",
        Part::Is(_) => "cell value",
        Part::Below(_) => "cell <",
        Part::AtMost(_) => "cell <=",
        Part::Above(_) => "cell >",
        Part::AtLeast(_) => "cell >=",
        Part::In(_) => "cell range",
    }
    told(Told) {
        Told::Exact => "precision exact",
        Told::Floor(_) => "precision floor",
        Told::Ceil(_) => "precision ceil",
        Told::Bands(_, None) => "precision bands",
        Told::Bands(_, Some(_)) => "precision bands with a value",
        Told::Groups(_) => "precision groups",
        Told::AutoBands => "precision bands auto",
        Told::AutoGroups => "precision groups auto",
    }
    figure(Figure) {
        Figure::Formula(_) => "figure formula",
        Figure::Table(_) => "figure table",
        Figure::Constant(_) => "figure constant",
        Figure::Share(..) => "figure share",
    }
}
