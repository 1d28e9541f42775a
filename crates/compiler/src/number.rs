//! Numbers as authors write them, and as messages show them.

use prequal::policy::Kind;
use prequal::{Date, LARGEST, Ratio};

/// Why a number is not one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NumberError {
    /// Not digits with at most one point between them.
    Malformed,
    /// Beyond ±(2^53 − 1).
    TooLarge,
    /// More than six decimals of a ratio or a measured quantity.
    TooFine,
    /// No years and months.
    NotAPeriod,
}

impl NumberError {
    pub(crate) fn words(self) -> &'static str {
        match self {
            NumberError::Malformed => {
                "a number is written in decimal digits, such as 18, 1_500_00 or 0.35"
            }
            NumberError::TooLarge => "a number is at most 2^53 − 1 in its unit",
            NumberError::TooFine => {
                "a number has at most six decimals (a percentage four): it is kept in millionths"
            }
            NumberError::NotAPeriod => {
                "a period is whole years and months, such as \"18 months\" or \"1 year 6 months\""
            }
        }
    }
}

/// A whole number: digits with `_` between them, perhaps after a sign.
pub(crate) fn whole(text: &str) -> Result<i64, NumberError> {
    // `500.00` is no whole number: it would be 500 fen where 500 yuan are meant.
    if text.contains('.') {
        return Err(NumberError::Malformed);
    }
    scaled(text, 0)
}

/// A decimal number in millionths, read exactly from its text.
pub(crate) fn ratio(text: &str) -> Result<i64, NumberError> {
    scaled(text, 6)
}

/// A percentage, without its sign, in millionths.
pub(crate) fn percent(text: &str) -> Result<i64, NumberError> {
    scaled(text, 4)
}

/// A length of time in whole months: `18 months`, `2 years`, `1 year 6 months`.
pub(crate) fn period(text: &str) -> Result<i64, NumberError> {
    let words: Vec<&str> = text.split_ascii_whitespace().collect();
    let (years, months) = match words.as_slice() {
        [years, "year" | "years", months, "month" | "months"] => (*years, *months),
        [years, "year" | "years"] => (*years, "0"),
        [months, "month" | "months"] => ("0", *months),
        _ => return Err(NumberError::NotAPeriod),
    };
    let counted = |text: &str| whole(text).ok().filter(|count| *count >= 0);
    let (years, months) = counted(years)
        .zip(counted(months))
        .ok_or(NumberError::NotAPeriod)?;
    let total = years
        .checked_mul(12)
        .and_then(|whole| whole.checked_add(months));
    total
        .filter(|total| *total <= LARGEST)
        .ok_or(NumberError::TooLarge)
}

/// The number times 10^`decimals`, which must be whole.
fn scaled(text: &str, decimals: usize) -> Result<i64, NumberError> {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let (integer, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let plain = |part: &str| {
        let ends = part.starts_with('_') || part.ends_with('_');
        !part.is_empty() && !ends && part.bytes().all(|b| b.is_ascii_digit() || b == b'_')
    };
    if !plain(integer) || !plain(fraction) {
        return Err(NumberError::Malformed);
    }
    let fraction: String = fraction.chars().filter(|c| *c != '_').collect();
    let fraction = fraction.trim_end_matches('0');
    if fraction.len() > decimals {
        return Err(NumberError::TooFine);
    }
    let all = integer
        .chars()
        .filter(|c| *c != '_')
        .chain(fraction.chars())
        .chain(std::iter::repeat_n('0', decimals - fraction.len()));
    let value = all
        .filter_map(|c| c.to_digit(10))
        .try_fold(0_i64, |value, digit| {
            let next = value.checked_mul(10)?.checked_add(i64::from(digit))?;
            (next <= LARGEST).then_some(next)
        });
    let value = value.ok_or(NumberError::TooLarge)?;
    Ok(if negative { -value } else { value })
}

/// A value as its author would write it.
pub(crate) fn show(kind: &Kind, value: i64) -> String {
    match kind {
        Kind::Integer => value.to_string(),
        Kind::Money => money(value),
        Kind::Ratio | Kind::Real => decimal(value),
        Kind::Period => spelt(value),
        Kind::Boolean => (value == 1).to_string(),
        Kind::Date => Date::from_days(value).map_or_else(|| value.to_string(), |d| d.to_string()),
        Kind::Choice(options) => usize::try_from(value)
            .ok()
            .and_then(|index| options.get(index))
            .map_or_else(|| value.to_string(), |option| format!("\"{option}\"")),
    }
}

/// Minor units, the last two digits set apart and the others by threes: `12_000_00`.
fn money(value: i64) -> String {
    let sign = if value < 0 { "-" } else { "" };
    let magnitude = value.unsigned_abs();
    let (major, minor) = (magnitude / 100, magnitude % 100);
    if major == 0 {
        return format!("{sign}{minor}");
    }
    let digits = major.to_string();
    let mut grouped = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index) % 3 == 0 {
            grouped.push('_');
        }
        grouped.push(digit);
    }
    format!("{sign}{grouped}_{minor:02}")
}

/// Months as years and months: `1 year 6 months`.
fn spelt(months: i64) -> String {
    let sign = if months < 0 { "-" } else { "" };
    let magnitude = months.unsigned_abs();
    let counted = |count: u64, name: &str| {
        let plural = if count == 1 { "" } else { "s" };
        format!("{count} {name}{plural}")
    };
    let text = match (magnitude / 12, magnitude % 12) {
        (0, months) => counted(months, "month"),
        (years, 0) => counted(years, "year"),
        (years, months) => format!("{} {}", counted(years, "year"), counted(months, "month")),
    };
    format!("\"{sign}{text}\"")
}

fn decimal(value: i64) -> String {
    let sign = if value < 0 { "-" } else { "" };
    let scale = Ratio::SCALE.unsigned_abs();
    let magnitude = value.unsigned_abs();
    let fraction = format!("{:06}", magnitude % scale);
    let fraction = fraction.trim_end_matches('0');
    let fraction = if fraction.is_empty() { "0" } else { fraction };
    format!("{sign}{}.{fraction}", magnitude / scale)
}

/// The name of a kind with its article, for messages.
pub(crate) fn kind_name(kind: &Kind) -> &'static str {
    match kind {
        Kind::Integer => "an integer",
        Kind::Money => "money",
        Kind::Ratio => "a ratio",
        Kind::Real => "a measured quantity",
        Kind::Period => "a period",
        Kind::Boolean => "a boolean",
        Kind::Date => "a date",
        Kind::Choice(_) => "a choice",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_exactly() {
        assert_eq!(whole("2_000_00"), Ok(200_000));
        assert_eq!(ratio("0.35"), Ok(350_000));
        assert_eq!(ratio("-1"), Ok(-1_000_000));
        assert_eq!(ratio("0.1234567"), Err(NumberError::TooFine));
        assert_eq!(ratio("0.1000000000"), Ok(100_000));
        assert_eq!(percent("7.25"), Ok(72_500));
        assert_eq!(whole("1.5"), Err(NumberError::Malformed));
        assert_eq!(whole("500.00"), Err(NumberError::Malformed));
        assert_eq!(whole("1__0"), Ok(10));
        assert_eq!(whole("_1"), Err(NumberError::Malformed));
        assert_eq!(whole("9007199254740992"), Err(NumberError::TooLarge));
        assert_eq!(whole("1e3"), Err(NumberError::Malformed));
    }

    #[test]
    fn periods_are_years_and_months() {
        assert_eq!(period("18 months"), Ok(18));
        assert_eq!(period("2 years"), Ok(24));
        assert_eq!(period("1 year 6 months"), Ok(18));
        assert_eq!(period("0 months"), Ok(0));
        for wrong in [
            "",
            "18",
            "6 months 1 year",
            "1.5 years",
            "-1 months",
            "3 weeks",
        ] {
            assert_eq!(period(wrong), Err(NumberError::NotAPeriod), "{wrong}");
        }
        assert_eq!(period("9007199254740991 years"), Err(NumberError::TooLarge));
    }

    #[test]
    fn values_are_shown_as_they_are_written() {
        assert_eq!(show(&Kind::Money, 123_456_789), "1_234_567_89");
        assert_eq!(show(&Kind::Money, -5), "-5");
        assert_eq!(show(&Kind::Money, 200_000), "2_000_00");
        assert_eq!(show(&Kind::Ratio, 350_000), "0.35");
        assert_eq!(show(&Kind::Ratio, -1_000_000), "-1.0");
        assert_eq!(show(&Kind::Date, 0), "1970-01-01");
    }
}
