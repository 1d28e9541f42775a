//! What no browser shows: the wording of panics and their places.
//!
//! On this target the standard library words a panic, finds nowhere to print it, and traps: only the trap is seen. So the
//! one function through which every worded panic goes becomes that trap, and what prepares its words falls away; the
//! places that panics would have named become zeros, which cost nothing on the wire.

use std::ops::{Range, RangeInclusive};
use std::str;

use anyhow::{Result, ensure};
use walrus::ConstExpr;
use walrus::DataKind::Active;
use walrus::ir::Value;
use wasm_bindgen_cli_support::Output;

/// `core::panicking::panic_fmt`, which takes a panic's words and its place and does not return.
const PANIC: &str = "core::panicking::panic_fmt";

/// Puts the trap in the place of the function of exactly that name.
///
/// # Errors
/// When there is not exactly one: another compiler names it in another way.
pub(super) fn trap(output: &mut Output) -> Result<()> {
    let mut trapped = 0;
    for function in output.wasm_mut().funcs.iter_mut() {
        if function.name.as_deref().map(without_stamp).as_deref() == Some(PANIC) {
            let mut body = function.kind.unwrap_local_mut().builder_mut().func_body();
            body.instrs_mut().clear();
            body.unreachable();
            trapped += 1;
        }
    }
    ensure!(
        trapped == 1,
        "{trapped} functions are named `{PANIC}`, not one"
    );
    Ok(())
}

/// A word of memory, in bytes; data stands at multiples of it.
const WORD: usize = 4;
/// The bytes of a `core::panic::Location`: the address and the length of a source file's name, the line, the column.
const PLACE: usize = 4 * WORD;
/// Lines and columns that are believed.
const COUNTED: RangeInclusive<usize> = 1..=0xFFFF;

/// Blanks every place, and the name of its file.
///
/// # Errors
/// When there is none: another compiler lays them out in another way.
pub(super) fn forget_places(output: &mut Output) -> Result<()> {
    let mut blanked = 0;
    let segments = &mut output.wasm_mut().data;
    let ids: Vec<_> = segments.iter().map(|data| data.id()).collect();
    for id in ids {
        let data = segments.get_mut(id);
        let Active {
            offset: ConstExpr::Value(Value::I32(start)),
            ..
        } = data.kind
        else {
            continue;
        };
        let places = places(&data.value, usize::try_from(start)?);
        blanked += places.len();
        for part in places.into_iter().flatten() {
            data.value.get_mut(part).unwrap_or_default().fill(0);
        }
    }
    ensure!(blanked > 0, "no place of a panic was found");
    Ok(())
}

/// Where in a segment that starts at this address places lie, each with the name of its file. What only looks like one is
/// left alone: a text that ends like a file's name, or numbers that happen to be an address and a length.
fn places(bytes: &[u8], start: usize) -> Vec<[Range<usize>; 2]> {
    let word = |at: usize| {
        let word = bytes.get(at..at + WORD)?.try_into().ok()?;
        usize::try_from(u32::from_le_bytes(word)).ok()
    };
    let place = |at: usize| {
        let first = word(at)?.checked_sub(start)?;
        let name = first..first.checked_add(word(at + WORD)?)?;
        let counted = [word(at + 2 * WORD)?, word(at + 3 * WORD)?];
        // The compiler ends the name of a place with a zero, which other texts do without.
        let is_place = names_source(bytes.get(name.clone())?)
            && bytes.get(name.end) == Some(&0)
            && counted.iter().all(|count| COUNTED.contains(count));
        is_place.then_some([at..at + PLACE, name])
    };
    let first = start.next_multiple_of(WORD) - start;
    (first..bytes.len())
        .step_by(WORD)
        .filter_map(place)
        .collect()
}

/// Whether these bytes are one path of a Rust file.
fn names_source(bytes: &[u8]) -> bool {
    let is_path = |name: &str| name.ends_with(".rs") && !name.contains(char::is_control);
    str::from_utf8(bytes).is_ok_and(is_path)
}

/// A name without the stamp that the compiler gives its own crates: `core[0123456789abcdef]::…`.
fn without_stamp(name: &str) -> String {
    match name.split_once('[').zip(name.split_once(']')) {
        Some(((krate, _), (_, path))) => format!("{krate}{path}"),
        None => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Where the segment starts.
    const START: u32 = 1 << 20;
    const NAME: &[u8] = b"src/money.rs\0";

    /// A segment of these words with bytes after them.
    fn segment(words: &[u32], bytes: &[u8]) -> Vec<u8> {
        let words = words.iter().flat_map(|word| word.to_le_bytes());
        words.chain(bytes.iter().copied()).collect()
    }

    fn found(words: &[u32], bytes: &[u8]) -> Vec<[Range<usize>; 2]> {
        places(&segment(words, bytes), START as usize)
    }

    #[test]
    fn every_place_is_found_with_its_name() {
        let words = [7, START + 36, 12, 40, 9, START + 36, 12, 0xFFFF, 1];
        assert_eq!(found(&words, NAME), [[4..20, 36..48], [20..36, 36..48]]);
    }

    #[test]
    fn places_stand_at_multiples_of_a_word() {
        let words = [START + 20, 12, 40, 9];
        let bytes = [&[1, 1], &*segment(&words, NAME)].concat();
        assert_eq!(places(&bytes, START as usize + 2), [[2..18, 18..30]]);
        assert!(places(&bytes, START as usize).is_empty());
    }

    #[test]
    fn what_only_looks_like_a_place_is_left_alone() {
        let place = [START + 16, 12, 40, 9];
        assert_eq!(found(&place, NAME).len(), 1);
        for (at, word) in [
            // Another segment's name, one that goes on, one that ends beyond the segment.
            (0, START - 4),
            (1, 9),
            (1, u32::MAX),
            // No line or column.
            (2, 0),
            (2, 0x1_0000),
            (3, 0),
            (3, u32::MAX),
        ] {
            let mut words = place;
            words[at] = word;
            assert!(found(&words, NAME).is_empty(), "{word} at {at}");
        }
        for bytes in [
            // A text like any other, another file, two names in a row, no text.
            b"src/money.rs;".as_slice(),
            b"src/money.md\0",
            b"src/a\0b/m.rs\0",
            b"src/\xFFoney.rs\0",
            b"src/money.rs",
        ] {
            assert!(found(&place, bytes).is_empty(), "{bytes:?}");
        }
        assert!(found(&[START, 0], &[]).is_empty());
    }
}
