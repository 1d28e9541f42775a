//! Money in minor units of one currency.

use serde::{Deserialize, Serialize};

use crate::{Ratio, Rounding};

/// The largest magnitude of any quantity: 2^53 − 1, the largest integer that
/// JavaScript and interoperable JSON (RFC 7493, section 2.2) hold exactly.
pub const LARGEST: i64 = (1 << 53) - 1;

/// An amount in minor units (分, cents) of the policy's currency.
///
/// Arithmetic is checked: what would leave ±[`LARGEST`] is `None`.
///
/// ```
/// use prequal::Money;
/// assert_eq!(Money::new(1_00).plus(Money::new(50)), Some(Money::new(1_50)));
/// assert_eq!(Money::new(prequal::LARGEST).plus(Money::new(1)), None);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(transparent)]
pub struct Money(i64);

impl Money {
    /// No money.
    pub const ZERO: Money = Money(0);

    /// An amount of so many minor units.
    pub const fn new(minor: i64) -> Money {
        Money(minor)
    }

    /// The amount in minor units.
    pub const fn minor(self) -> i64 {
        self.0
    }

    /// The sum, or `None` beyond ±[`LARGEST`].
    pub fn plus(self, other: Money) -> Option<Money> {
        self.0.checked_add(other.0).and_then(within)
    }

    /// The difference, or `None` beyond ±[`LARGEST`].
    pub fn minus(self, other: Money) -> Option<Money> {
        self.0.checked_sub(other.0).and_then(within)
    }

    /// So much of it, rounded half up to the minor unit; `None` beyond
    /// ±[`LARGEST`].
    pub fn share(self, of: Ratio) -> Option<Money> {
        of.of(self.0, Rounding::HalfUp).and_then(within)
    }

    /// The largest multiple of `step` that is not above the amount; the
    /// amount itself where `step` is not positive.
    pub fn round_down_to(self, step: Money) -> Money {
        match self.0.checked_rem_euclid(step.0) {
            Some(rest) if step.0 > 0 => Money(self.0.saturating_sub(rest)),
            _ => self,
        }
    }
}

fn within(minor: i64) -> Option<Money> {
    (-LARGEST..=LARGEST)
        .contains(&minor)
        .then_some(Money(minor))
}

/// An ISO 4217 currency code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Currency([u8; 3]);

impl Currency {
    /// ISO 4217's code for no currency.
    pub(crate) const NONE: Currency = Currency(*b"XXX");

    /// The three letters.
    pub fn code(&self) -> &str {
        core::str::from_utf8(&self.0).unwrap_or("XXX")
    }

    /// Digits after the decimal point, by ISO 4217: 0 for yen and its like,
    /// 3 for dinars, else 2.
    pub fn minor_digits(&self) -> u8 {
        const NONE: &str = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF";
        const THREE: &str = "BHD IQD JOD KWD LYD OMR TND";
        let among = |codes: &str| codes.split(' ').any(|code| code == self.code());
        match (among(NONE), among(THREE)) {
            (true, _) => 0,
            (_, true) => 3,
            _ => 2,
        }
    }
}

impl TryFrom<String> for Currency {
    type Error = &'static str;

    fn try_from(code: String) -> Result<Currency, Self::Error> {
        match <[u8; 3]>::try_from(code.as_bytes()) {
            Ok(letters) if letters.iter().all(u8::is_ascii_uppercase) => Ok(Currency(letters)),
            _ => Err("a currency is three capital letters, such as CNY"),
        }
    }
}

impl From<Currency> for String {
    fn from(currency: Currency) -> String {
        currency.code().to_owned()
    }
}
