//! What no browser shows: the wording of panics and their places, and what nobody calls.
//!
//! On this target the standard library words a panic, finds nowhere to print it, and traps: only the trap is seen. So the
//! one function through which every worded panic goes becomes that trap, and what prepares its words falls away; the
//! places that panics would have named become zeros, which cost nothing on the wire.

use std::collections::BTreeSet;
use std::ops::{Range, RangeInclusive};
use std::str;

use anyhow::{Result, ensure};
use walrus::DataKind::Active;
use walrus::ir::{Value, Visitor, dfs_in_order};
use walrus::{ConstExpr, ExportItem, Function, FunctionId, FunctionKind, Module};
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
        if name(function) == PANIC {
            become_trap(function);
            trapped += 1;
        }
    }
    ensure!(
        trapped == 1,
        "{trapped} functions are named `{PANIC}`, not one"
    );
    Ok(())
}

/// The function of the standard library that words a text of arguments, whoever asks for it.
const WORDING: &str = "core::fmt::write";
/// What stands in the table of functions whether anybody calls it or not: `write!` into a `dyn Write`, for which every
/// `String` has an entry, and what JavaScript calls of a closure by an export, for which wasm-bindgen keeps an entry of each
/// kind.
const UNASKED: [&str; 2] = [
    "core::fmt::Write::write_fmt",
    "wasm_bindgen::convert::closures::",
];

/// Puts traps in the place of what only words panics, and of closures of kinds that JavaScript is not given: they stand in
/// the table of functions, so that wasm-opt cannot see that nobody calls them. What the program calls by name stays, and
/// all of them stay where it words a text of arguments itself.
pub(super) fn forget_uncalled(output: &mut Output) {
    let module = output.wasm_mut();
    let exported = module
        .exports
        .iter()
        .filter_map(|export| match export.item {
            ExportItem::Function(function) => Some(function),
            _ => None,
        });
    let own = module
        .funcs
        .iter()
        .filter(|function| !is_of_library(function) && !is_unasked(&name(function)));
    let called = called_from(module, exported.chain(own.map(Function::id)).collect());
    let words = |function: &Function| called.contains(&function.id()) && name(function) == WORDING;
    if module.funcs.iter().any(words) {
        return;
    }
    for function in module.funcs.iter_mut() {
        let name = name(function);
        let uncalled = !called.contains(&function.id());
        let only_words = is_of_library(function) && words_panics(&name);
        if uncalled && (only_words || is_unasked(&name)) {
            become_trap(function);
        }
    }
}

/// These functions and all that they call, directly or by others.
fn called_from(module: &Module, mut waiting: Vec<FunctionId>) -> BTreeSet<FunctionId> {
    struct Calls<'a>(&'a mut Vec<FunctionId>);
    impl<'instr> Visitor<'instr> for Calls<'_> {
        fn visit_function_id(&mut self, function: &FunctionId) {
            self.0.push(*function);
        }
    }
    let mut called = BTreeSet::new();
    while let Some(id) = waiting.pop() {
        if !called.insert(id) {
            continue;
        }
        if let FunctionKind::Local(function) = &module.funcs.get(id).kind {
            dfs_in_order(&mut Calls(&mut waiting), function, function.entry_block());
        }
    }
    called
}

fn become_trap(function: &mut Function) {
    let mut body = function.kind.unwrap_local_mut().builder_mut().func_body();
    body.instrs_mut().clear();
    body.unreachable();
}

/// Whether a function was compiled with the standard library: its name has the stamp of one of its crates.
fn is_of_library(function: &Function) -> bool {
    let name = function.name.as_deref().unwrap_or_default();
    let crates = ["core[", "alloc[", "std["];
    crates.iter().any(|krate| name.contains(krate))
}

fn is_unasked(name: &str) -> bool {
    UNASKED.iter().any(|unasked| name.starts_with(unasked))
}

/// Whether a function is one of the standard library that writes a value or a text, or of its machinery of panics.
fn words_panics(name: &str) -> bool {
    let writes = name.contains("core::fmt::") && name.ends_with(">::fmt");
    let text = name == WORDING || name.starts_with("<core::fmt::Formatter>::");
    writes || text || name.contains("std::panicking::")
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

/// A function's name without the stamps that the compiler gives its own crates: `core[0123456789abcdef]::…`.
fn name(function: &Function) -> String {
    without_stamps(function.name.as_deref().unwrap_or_default())
}

fn without_stamps(name: &str) -> String {
    let mut parts = name.split('[');
    let mut plain = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        match part.split_once(']') {
            Some((stamp, rest)) if is_stamp(stamp) => plain.push_str(rest),
            _ => plain.extend(["[", part]),
        }
    }
    plain
}

fn is_stamp(text: &str) -> bool {
    text.len() == 16 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
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
    fn stamps_are_left_out_of_names() {
        let [core, alloc] = ["core[0123456789abcdef]", "alloc[fedcba9876543210]"];
        let named = format!("<{alloc}::vec::Vec<[u8; 4]> as {core}::fmt::Debug>::fmt");
        let plain = "<alloc::vec::Vec<[u8; 4]> as core::fmt::Debug>::fmt";
        assert_eq!(without_stamps(&named), plain);
        assert!(words_panics(plain));
        assert!(!words_panics(
            "<alloc::string::String as core::fmt::Write>::write_str"
        ));
        assert!(is_unasked("core::fmt::Write::write_fmt::h0123456789abcdef"));
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
