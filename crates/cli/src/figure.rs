//! Values in words.

use prequal::policy::{Cells, Kind, Value};
use prequal::{Currency, Date, LARGEST, Money, Ratio};

/// An amount with its currency: `3000.00 CNY`.
pub(crate) fn money(amount: Money, currency: Currency) -> String {
    let digits = usize::from(currency.minor_digits());
    format!("{} {}", decimal(amount.minor(), digits), currency.code())
}

/// A ratio as a percentage: `7.2000 %`.
pub(crate) fn percent(ratio: Ratio) -> String {
    format!("{} %", decimal(ratio.millionths(), 4))
}

/// A value in the unit of its kind, or `missing`.
pub(crate) fn value(value: Value, kind: &Kind, currency: Currency) -> String {
    match value.get() {
        Some(number) => self::number(number, kind, currency),
        None => "missing".to_owned(),
    }
}

/// A number in the unit of its kind.
pub(crate) fn number(number: i64, kind: &Kind, currency: Currency) -> String {
    match kind {
        Kind::Integer => number.to_string(),
        Kind::Money => money(Money::new(number), currency),
        Kind::Ratio | Kind::Real => trimmed(number),
        Kind::Boolean => (number == 1).to_string(),
        Kind::Date => {
            Date::from_days(number).map_or_else(|| number.to_string(), |date| date.to_string())
        }
        Kind::Period => format!("{number} months"),
        Kind::Choice(options) => {
            let option = usize::try_from(number)
                .ok()
                .and_then(|index| options.get(index));
            option.map_or_else(|| number.to_string(), |option| format!("\"{option}\""))
        }
    }
}

/// What a cell takes in.
pub(crate) fn cells(cells: &Cells, kind: &Kind, currency: Currency) -> String {
    let Cells::Of { intervals, missing } = cells else {
        return "anything".to_owned();
    };
    let number = |number| self::number(number, kind, currency);
    let named = matches!(kind, Kind::Choice(_) | Kind::Boolean);
    let parts = intervals.iter().flat_map(|&(low, high)| match (low, high) {
        (low, high) if named => (low..=high).map(number).collect(),
        (low, high) if low == high => vec![number(low)],
        (low, high) if low <= -LARGEST => vec![format!("up to {}", number(high))],
        (low, high) if high >= LARGEST => vec![format!("{} and up", number(low))],
        (low, high) => vec![format!("{} to {}", number(low), number(high))],
    });
    let parts: Vec<String> = parts.chain(missing.then(|| "missing".to_owned())).collect();
    parts.join(", ")
}

/// Millionths as a decimal number without zeros at its end, but one digit after the point.
fn trimmed(millionths: i64) -> String {
    let text = decimal(millionths, 6);
    let short = text.trim_end_matches('0');
    match short.strip_suffix('.') {
        Some(whole) => format!("{whole}.0"),
        None => short.to_owned(),
    }
}

/// An integer with so many of its digits after the point.
pub(crate) fn decimal(value: i64, digits: usize) -> String {
    let sign = if value < 0 { "-" } else { "" };
    let text = format!("{:0>width$}", value.unsigned_abs(), width = digits + 1);
    match text.split_at_checked(text.len() - digits) {
        Some((whole, fraction)) if !fraction.is_empty() => format!("{sign}{whole}.{fraction}"),
        _ => format!("{sign}{text}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_told_in_their_units() {
        let currency = Currency::try_from("CNY".to_owned()).expect("a currency");
        let told = |number, kind: &Kind| self::number(number, kind, currency);
        assert_eq!(told(-5, &Kind::Money), "-0.05 CNY");
        assert_eq!(told(350_000, &Kind::Ratio), "0.35");
        assert_eq!(told(-2_000_000, &Kind::Real), "-2.0");
        assert_eq!(told(0, &Kind::Date), "1970-01-01");
        assert_eq!(told(1, &Kind::Boolean), "true");
        assert_eq!(percent(Ratio::new(72_000)), "7.2000 %");
        assert_eq!(value(Value::MISSING, &Kind::Money, currency), "missing");
    }
}
