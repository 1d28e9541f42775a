//! The bytes of a compiled policy: members in declared order, integers as
//! LEB128 (signed ones zigzag first), lists and texts after their length,
//! variants after their number.
//!
//! Written here rather than derived: a general decoder is a tenth of what a
//! borrower downloads. Reading is total; what comes out is not yet checked.
//!
//! What cannot be read is zero, and the whole is refused at the end: a way out
//! at each value would double the code.

use super::*;
use crate::loan::{
    Charged, DayCount, Deferred, Fee, Frequency, InstalmentRounding, Months, Plan, Repayment,
};
use crate::{Currency, Digest, Money, Ratio, Rounding};

/// What has a place in a compiled policy.
pub(super) trait Wire: Sized {
    /// Appends the bytes.
    fn put(&self, out: &mut Vec<u8>);

    /// Takes a value off the front of the input. Where there is none the input
    /// is refused, and the value means nothing.
    fn take(input: &mut Input<'_>) -> Self;
}

/// The value whose bytes these are; `None` if they are not one's, or more.
pub(super) fn decode<T: Wire>(bytes: &[u8]) -> Option<T> {
    let mut input = Input {
        rest: bytes,
        refused: false,
    };
    let value = T::take(&mut input);
    (input.rest.is_empty() && !input.refused).then_some(value)
}

/// What is left to read.
pub(super) struct Input<'a> {
    rest: &'a [u8],
    refused: bool,
}

impl<'a> Input<'a> {
    /// Leaves nothing to read, so that every list ends.
    fn refuse(&mut self) {
        *self = Input {
            rest: &[],
            refused: true,
        };
    }

    fn bytes(&mut self, count: usize) -> &'a [u8] {
        match self.rest.split_at_checked(count) {
            Some((taken, rest)) => {
                self.rest = rest;
                taken
            }
            None => {
                self.refuse();
                &[]
            }
        }
    }

    fn byte(&mut self) -> u8 {
        self.bytes(1).first().copied().unwrap_or(0)
    }

    /// What was read, or else what stands in for it.
    fn or_refuse<T, E>(&mut self, read: Result<T, E>, nothing: T) -> T {
        read.unwrap_or_else(|_| {
            self.refuse();
            nothing
        })
    }

    fn text(&mut self) -> String {
        let count = u32::take(self);
        let bytes = self.bytes(usize::try_from(count).unwrap_or(usize::MAX));
        let text = self.or_refuse(core::str::from_utf8(bytes), "");
        text.to_owned()
    }
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

    fn take(input: &mut Input<'_>) -> u64 {
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let byte = input.byte();
            let part = u64::from(byte & 0x7f);
            if part.leading_zeros() < shift {
                break;
            }
            number |= part << shift;
            if byte & 0x80 == 0 {
                return number;
            }
        }
        input.refuse();
        0
    }
}

impl Wire for i64 {
    fn put(&self, out: &mut Vec<u8>) {
        (((self << 1) ^ (self >> 63)) as u64).put(out);
    }

    fn take(input: &mut Input<'_>) -> i64 {
        let zigzag = u64::take(input);
        (zigzag >> 1) as i64 ^ -((zigzag & 1) as i64)
    }
}

/// Integers that travel as wider ones.
macro_rules! narrow {
    ($($narrow:ty as $wide:ty),*) => {$(
        impl Wire for $narrow {
            fn put(&self, out: &mut Vec<u8>) {
                <$wide>::from(*self).put(out);
            }

            fn take(input: &mut Input<'_>) -> $narrow {
                let number = <$wide>::take(input);
                input.or_refuse(number.try_into(), 0)
            }
        }
    )*};
}
narrow!(u8 as u64, u16 as u64, u32 as u64, i16 as i64, i32 as i64);

impl Wire for bool {
    fn put(&self, out: &mut Vec<u8>) {
        u8::from(*self).put(out);
    }

    fn take(input: &mut Input<'_>) -> bool {
        let number = u8::take(input);
        if number > 1 {
            input.refuse();
        }
        number == 1
    }
}

impl<T: Wire> Wire for Option<T> {
    fn put(&self, out: &mut Vec<u8>) {
        self.is_some().put(out);
        self.iter().for_each(|value| value.put(out));
    }

    fn take(input: &mut Input<'_>) -> Option<T> {
        bool::take(input).then(|| T::take(input))
    }
}

impl<T: Wire> Wire for Vec<T> {
    fn put(&self, out: &mut Vec<u8>) {
        put_len(self.len(), out);
        self.iter().for_each(|value| value.put(out));
    }

    /// Every value takes at least a byte, so the list is no longer than the
    /// input, whatever its length says.
    fn take(input: &mut Input<'_>) -> Vec<T> {
        let mut left = u32::take(input);
        let mut values = Vec::new();
        while left > 0 && !input.refused {
            values.push(T::take(input));
            left -= 1;
        }
        values
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

    fn take(input: &mut Input<'_>) -> (i64, i64) {
        (i64::take(input), i64::take(input))
    }
}

fn put_text(text: &str, out: &mut Vec<u8>) {
    put_len(text.len(), out);
    out.extend_from_slice(text.as_bytes());
}

impl Wire for Id {
    fn put(&self, out: &mut Vec<u8>) {
        put_text(self.as_str(), out);
    }

    fn take(input: &mut Input<'_>) -> Id {
        let text = input.text();
        input.or_refuse(text.try_into(), Id::NOTHING)
    }
}

impl Wire for Currency {
    fn put(&self, out: &mut Vec<u8>) {
        put_text(self.code(), out);
    }

    fn take(input: &mut Input<'_>) -> Currency {
        let text = input.text();
        input.or_refuse(text.try_into(), Currency::NONE)
    }
}

impl Wire for Digest {
    fn put(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(self.as_bytes());
    }

    fn take(input: &mut Input<'_>) -> Digest {
        let bytes = input.bytes(32);
        Digest::from_bytes(input.or_refuse(bytes.try_into(), [0; 32]))
    }
}

impl Wire for Money {
    fn put(&self, out: &mut Vec<u8>) {
        self.minor().put(out);
    }

    fn take(input: &mut Input<'_>) -> Money {
        Money::new(i64::take(input))
    }
}

impl Wire for Ratio {
    fn put(&self, out: &mut Vec<u8>) {
        self.millionths().put(out);
    }

    fn take(input: &mut Input<'_>) -> Ratio {
        Ratio::new(i64::take(input))
    }
}

impl Wire for Months {
    fn put(&self, out: &mut Vec<u8>) {
        self.bits().put(out);
    }

    fn take(input: &mut Input<'_>) -> Months {
        let bits = u16::take(input);
        input.or_refuse(Months::from_bits(bits).ok_or(()), Months::NONE)
    }
}

/// A structure: its members in this order.
macro_rules! record {
    ($type:ident: $($member:ident),*) => {
        impl Wire for $type {
            fn put(&self, out: &mut Vec<u8>) {
                $(self.$member.put(out);)*
            }

            fn take(input: &mut Input<'_>) -> $type {
                $type { $($member: Wire::take(input)),* }
            }
        }
    };
}

/// An enumeration: each variant's number, then its members in this order. One of
/// them is 0, which is what a refused input reads as.
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

            fn take(input: &mut Input<'_>) -> $type {
                match u8::take(input) {
                    $($number => {
                        $($(let $item = Wire::take(input);)*)?
                        $($(let $member = Wire::take(input);)*)?
                        $type::$variant $(($($item),*))? $({$($member),*})?
                    })*
                    _ => {
                        input.refuse();
                        Wire::take(input)
                    }
                }
            }
        }
    };
}

record!(Body: id, version, stage, currency, utc_offset, commitments, languages, questions, lists, groups, derive,
    features, decide, tables, knockouts, reviews, alerts, cards, grades, quote_grade, limit, products, discounts, price, reasons);
record!(Language: tag, hash);
record!(Question: id, kind, low, high, step, unit, blank, asked, source);
record!(List: id, count, first, fields, entries);
record!(Group: id, questions, asked, opener);
record!(Feature: id, kind, node, precision);
record!(OptionGroup: id, options);
record!(Rule: id, when, reason);
record!(Alert: rule, level);
record!(Card: when, base, odds, pdo, start, characteristics);
record!(Characteristic: id, node, bins);
record!(Bin: cells, points, reason);
record!(Grade: id, at_least);
record!(Limit: affordability, caps, step, reason);
record!(Cap: id, node);
record!(Product: id, repayment, fees, terms, minimum, maximum, rate, when, suits);
record!(ProductFee: id, payee, fee);
record!(Fee: charged, fixed, share);
record!(Discount: id, when, change);
record!(Price: ceiling, overdue, misuse, prepayment);
record!(Repayment: plan, frequency, day_count, rounding);
record!(InstalmentRounding: multiple, direction);
record!(Program: nodes);
record!(Table: id, columns, rows);
record!(Row: cells, output);
variants!(Stage: 0 PreScreen, 1 Renewal, 2 EarlyWarning);
variants!(Kind: 0 Integer, 1 Money, 2 Ratio, 3 Real, 4 Boolean, 5 Date, 6 Period, 7 Choice(options));
variants!(Blank: 0 Refused, 1 Missing, 2 Means(value));
variants!(Source: 0 Borrower, 1 Lender);
variants!(Level: 0 Watch, 1 Warn, 2 Stop);
variants!(Collect: 0 Sum, 1 Min, 2 Max, 3 Count);
variants!(Unit: 0 Day, 1 Month, 2 Year);
variants!(Precision: 0 Exact, 1 Floor(step), 2 Ceil(step), 3 Bands { edges, value }, 4 Groups(groups));
variants!(Representative: 0 Low, 1 High, 2 Middle);
variants!(Plan: 0 EqualInstalment, 1 EqualPrincipal, 2 Bullet, 3 Flat, 4 Balloon { share },
    5 Grace { nothing, interest_only, deferred }, 6 Stepped { every, by }, 7 Seasonal { interest_only, nothing, deferred });
variants!(Deferred: 0 CaughtUp, 1 Capitalised);
variants!(Frequency: 0 Monthly, 1 Days(days));
variants!(DayCount: 0 Periods, 1 Thirty360, 2 Actual365, 3 Actual360, 4 ActualActual);
variants!(Charged: 0 UpFront, 1 Deducted, 2 Financed, 3 EachInstalment, 4 AtEnd, 5 ByPartner);
variants!(Change: 0 Less(by), 1 Times(by));
variants!(Rounding: 0 Down, 1 Up, 2 HalfUp);
variants!(Cells: 0 Any, 1 Of { intervals, missing });
variants!(Node: 0 Const(value), 1 Input(index), 2 Add(a, b), 3 Sub(a, b), 4 Mul { a, b, scale, rounding },
    5 Div { a, b, scale, rounding, otherwise }, 6 Round { a, step, rounding }, 7 Min(a, b), 8 Max(a, b), 9 Abs(a),
    10 Not(a), 11 And(a, b), 12 Or(a, b), 13 Eq(a, b), 14 Lt(a, b), 15 Le(a, b), 16 Within(a, cells), 17 IsMissing(a),
    18 Else(a, b), 19 If(a, b, c), 20 Months(a, b), 21 Years(a, b), 22 Lookup(table, operands),
    23 Collect { how, table, operands }, 24 When(a, b), 25 Month(a), 26 Year(a), 27 Shift(a, b),
    28 Instalment { principal, rate, months }, 29 Variation(operands));

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn round_trip<T: Wire + PartialEq + core::fmt::Debug>(value: T) {
        let mut bytes = Vec::new();
        value.put(&mut bytes);
        assert_eq!(decode(&bytes), Some(value));
        // Cut off anywhere, it is nothing.
        for end in 0..bytes.len() {
            assert_eq!(decode::<T>(&bytes[..end]), None);
        }
        // With something behind it too.
        bytes.push(0);
        assert_eq!(decode::<T>(&bytes), None);
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
            let _ = decode::<Body>(&bytes);
            let _ = decode::<Program>(&bytes);
            let _ = decode::<u64>(&bytes);
        }
    }

    #[test]
    fn numbers_beyond_their_type_are_refused() {
        assert_eq!(decode::<u64>(&[0xff; 10]), None);
        assert_eq!(decode::<u8>(&[0x80, 0x02]), None);
        assert_eq!(decode::<u16>(&[0xff, 0xff, 0x04]), None);
        assert_eq!(decode::<bool>(&[2]), None);
    }

    #[test]
    fn unknown_variants_and_impossible_names_are_refused() {
        assert_eq!(decode::<Plan>(&[8]), None);
        assert_eq!(decode::<Months>(&[1]), None);
        assert_eq!(decode::<Node>(&[30, 0, 0, 0]), None);
        assert_eq!(decode::<Id>(&[0]), None);
        assert_eq!(decode::<Id>(&[1, b' ']), None);
        assert_eq!(decode::<Currency>(&[3, b'c', b'n', b'y']), None);
    }
}
