//! The bytes of a compiled policy: members in declared order, integers as
//! LEB128 (signed ones zigzag first), lists and texts after their length,
//! variants after their number.
//!
//! Written here rather than derived: a general decoder is a tenth of what a
//! borrower downloads. Reading is total; what comes out is not yet checked.

use super::*;
use crate::{Currency, Digest, Money, Rounding};

/// What has a place in a compiled policy.
pub(super) trait Wire: Sized {
    /// Appends the bytes.
    fn put(&self, out: &mut Vec<u8>);

    /// Takes a value off the front of the input; `None` if there is none.
    fn take(input: &mut &[u8]) -> Option<Self>;
}

fn take_bytes<'a>(input: &mut &'a [u8], count: usize) -> Option<&'a [u8]> {
    let (taken, rest) = input.split_at_checked(count)?;
    *input = rest;
    Some(taken)
}

impl Wire for u64 {
    fn put(&self, out: &mut Vec<u8>) {
        let mut left = *self;
        while left > 0x7f {
            out.push((left & 0x7f) as u8 | 0x80);
            left >>= 7;
        }
        out.push(left as u8);
    }

    fn take(input: &mut &[u8]) -> Option<u64> {
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let [byte] = take_bytes(input, 1)?.try_into().ok()?;
            let part = u64::from(byte & 0x7f);
            if part.leading_zeros() < shift {
                return None;
            }
            number |= part << shift;
            if byte & 0x80 == 0 {
                return Some(number);
            }
        }
        None
    }
}

impl Wire for i64 {
    fn put(&self, out: &mut Vec<u8>) {
        (((self << 1) ^ (self >> 63)) as u64).put(out);
    }

    fn take(input: &mut &[u8]) -> Option<i64> {
        let zigzag = u64::take(input)?;
        Some((zigzag >> 1) as i64 ^ -((zigzag & 1) as i64))
    }
}

/// Integers that travel as wider ones.
macro_rules! narrow {
    ($($narrow:ty as $wide:ty),*) => {$(
        impl Wire for $narrow {
            fn put(&self, out: &mut Vec<u8>) {
                <$wide>::from(*self).put(out);
            }

            fn take(input: &mut &[u8]) -> Option<$narrow> {
                <$wide>::take(input)?.try_into().ok()
            }
        }
    )*};
}
narrow!(u8 as u64, u16 as u64, u32 as u64, i16 as i64, i32 as i64);

impl Wire for bool {
    fn put(&self, out: &mut Vec<u8>) {
        u8::from(*self).put(out);
    }

    fn take(input: &mut &[u8]) -> Option<bool> {
        match u8::take(input)? {
            0 => Some(false),
            1 => Some(true),
            _ => None,
        }
    }
}

impl<T: Wire> Wire for Option<T> {
    fn put(&self, out: &mut Vec<u8>) {
        self.is_some().put(out);
        self.iter().for_each(|value| value.put(out));
    }

    fn take(input: &mut &[u8]) -> Option<Option<T>> {
        if bool::take(input)? {
            T::take(input).map(Some)
        } else {
            Some(None)
        }
    }
}

impl<T: Wire> Wire for Vec<T> {
    fn put(&self, out: &mut Vec<u8>) {
        put_len(self.len(), out);
        self.iter().for_each(|value| value.put(out));
    }

    /// Every value takes at least a byte, so the list is no longer than the
    /// input, whatever its length says.
    fn take(input: &mut &[u8]) -> Option<Vec<T>> {
        let count = u32::take(input)?;
        let mut values = Vec::new();
        for _ in 0..count {
            values.push(T::take(input)?);
        }
        Some(values)
    }
}

/// Lists are far shorter than what 32 bits count.
fn put_len(len: usize, out: &mut Vec<u8>) {
    u32::try_from(len).unwrap_or(u32::MAX).put(out);
}

impl Wire for (i64, i64) {
    fn put(&self, out: &mut Vec<u8>) {
        self.0.put(out);
        self.1.put(out);
    }

    fn take(input: &mut &[u8]) -> Option<(i64, i64)> {
        Some((i64::take(input)?, i64::take(input)?))
    }
}

fn put_text(text: &str, out: &mut Vec<u8>) {
    put_len(text.len(), out);
    out.extend_from_slice(text.as_bytes());
}

fn take_text(input: &mut &[u8]) -> Option<String> {
    let count = usize::try_from(u32::take(input)?).ok()?;
    Some(
        core::str::from_utf8(take_bytes(input, count)?)
            .ok()?
            .to_owned(),
    )
}

impl Wire for Id {
    fn put(&self, out: &mut Vec<u8>) {
        put_text(self.as_str(), out);
    }

    fn take(input: &mut &[u8]) -> Option<Id> {
        take_text(input)?.try_into().ok()
    }
}

impl Wire for Currency {
    fn put(&self, out: &mut Vec<u8>) {
        put_text(self.code(), out);
    }

    fn take(input: &mut &[u8]) -> Option<Currency> {
        take_text(input)?.try_into().ok()
    }
}

impl Wire for Digest {
    fn put(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(self.as_bytes());
    }

    fn take(input: &mut &[u8]) -> Option<Digest> {
        Some(Digest::from_bytes(take_bytes(input, 32)?.try_into().ok()?))
    }
}

impl Wire for Money {
    fn put(&self, out: &mut Vec<u8>) {
        self.minor().put(out);
    }

    fn take(input: &mut &[u8]) -> Option<Money> {
        i64::take(input).map(Money::new)
    }
}

/// A structure: its members in this order.
macro_rules! record {
    ($type:ident: $($member:ident),*) => {
        impl Wire for $type {
            fn put(&self, out: &mut Vec<u8>) {
                $(self.$member.put(out);)*
            }

            fn take(input: &mut &[u8]) -> Option<$type> {
                Some($type { $($member: Wire::take(input)?),* })
            }
        }
    };
}

/// An enumeration: each variant's number, then its members in this order.
macro_rules! variants {
    ($type:ident: $($number:literal $variant:ident $(($($item:ident),*))? $({$($member:ident),*})?),*) => {
        impl Wire for $type {
            fn put(&self, out: &mut Vec<u8>) {
                match self {$(
                    $type::$variant $(($($item),*))? $({$($member),*})? => {
                        <u8 as Wire>::put(&$number, out);
                        $($($item.put(out);)*)?
                        $($($member.put(out);)*)?
                    }
                )*}
            }

            fn take(input: &mut &[u8]) -> Option<$type> {
                Some(match u8::take(input)? {
                    $($number => {
                        $($(let $item = Wire::take(input)?;)*)?
                        $($(let $member = Wire::take(input)?;)*)?
                        $type::$variant $(($($item),*))? $({$($member),*})?
                    })*
                    _ => return None,
                })
            }
        }
    };
}

record!(Body: id, version, currency, utc_offset, commitments, languages, questions, groups, derive, features, decide,
    tables, knockouts, reviews, card, grades, quote_grade, limit, products, reasons);
record!(Language: tag, hash);
record!(Question: id, kind, low, high, step, unit, optional);
record!(Group: id, questions);
record!(Feature: id, kind, node, precision);
record!(OptionGroup: id, options);
record!(Rule: id, when, reason);
record!(Card: base, odds, pdo, start, characteristics);
record!(Characteristic: id, node, bins);
record!(Bin: cells, points, reason);
record!(Grade: id, at_least);
record!(Limit: affordability, caps, step, reason);
record!(Cap: id, node);
record!(Product: id, plan, terms, minimum, maximum, rate);
record!(Program: nodes);
record!(Table: id, columns, rows);
record!(Row: cells, output);
variants!(Kind: 0 Integer, 1 Money, 2 Ratio, 3 Boolean, 4 Date, 5 Choice(options));
variants!(Unit: 0 Day, 1 Month, 2 Year);
variants!(Precision: 0 Exact, 1 Floor(step), 2 Ceil(step), 3 Bands { edges, value }, 4 Groups(groups));
variants!(Representative: 0 Low, 1 High, 2 Middle);
variants!(Plan: 0 EqualInstalment);
variants!(Rounding: 0 Down, 1 Up, 2 HalfUp);
variants!(Cells: 0 Any, 1 Of { intervals, missing });
variants!(Node: 0 Const(value), 1 Input(index), 2 Add(a, b), 3 Sub(a, b), 4 Mul { a, b, scale, rounding },
    5 Div { a, b, scale, rounding, otherwise }, 6 Round { a, step, rounding }, 7 Min(a, b), 8 Max(a, b), 9 Abs(a),
    10 Not(a), 11 And(a, b), 12 Or(a, b), 13 Eq(a, b), 14 Lt(a, b), 15 Le(a, b), 16 Within(a, cells), 17 IsMissing(a),
    18 Else(a, b), 19 If(a, b, c), 20 Months(a, b), 21 Years(a, b), 22 Lookup(table, operands));

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn round_trip<T: Wire + PartialEq + core::fmt::Debug>(value: T) {
        let mut bytes = Vec::new();
        value.put(&mut bytes);
        let mut rest = bytes.as_slice();
        assert_eq!(T::take(&mut rest), Some(value));
        assert!(rest.is_empty());
        // Cut off anywhere, it is nothing.
        for end in 0..bytes.len() {
            assert_eq!(T::take(&mut &bytes[..end]), None);
        }
    }

    proptest! {
        #[test]
        fn integers(unsigned: u64, signed: i64, short: u16, shift in 0u32..64) {
            round_trip(unsigned >> shift);
            round_trip(signed >> shift);
            round_trip(short);
            round_trip(Some((signed, signed >> shift)));
        }

        #[test]
        fn texts_and_lists(texts in proptest::collection::vec("[a-z0-9_.-]{1,40}", 0..9)) {
            round_trip(texts.into_iter().map(|text| Id::try_from(text).unwrap()).collect::<Vec<_>>());
        }

        #[test]
        fn any_bytes_are_answered(bytes: Vec<u8>) {
            let _ = Body::take(&mut bytes.as_slice());
            let _ = Program::take(&mut bytes.as_slice());
            let _ = u64::take(&mut bytes.as_slice());
        }
    }

    #[test]
    fn numbers_beyond_their_type_are_refused() {
        assert_eq!(u64::take(&mut &[0xff; 10][..]), None);
        assert_eq!(u8::take(&mut &[0x80, 0x02][..]), None);
        assert_eq!(u16::take(&mut &[0xff, 0xff, 0x04][..]), None);
        assert_eq!(bool::take(&mut &[2][..]), None);
    }
}
