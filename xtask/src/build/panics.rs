//! What no browser shows: the wording of panics and their places.
//!
//! On this target the standard library words a panic, finds nowhere to print it, and traps: only the trap is seen. So the
//! one function through which every worded panic goes becomes that trap, and what prepares its words falls away; the
//! places that panics would have named become zeros, which cost nothing on the wire.

use std::ops::Range;

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

/// The bytes of a `core::panic::Location`: the address and the length of a source file's name, the line, the column.
const PLACE: usize = 16;

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

/// Where in a segment that starts at this address places lie, each with the name of its file.
fn places(bytes: &[u8], start: usize) -> Vec<[Range<usize>; 2]> {
    let word = |at: usize| {
        let word = bytes.get(at..at + 4)?.try_into().ok()?;
        usize::try_from(u32::from_le_bytes(word)).ok()
    };
    let place = |at: usize| {
        let first = word(at)?.checked_sub(start)?;
        let name = first..first.checked_add(word(at + 4)?)?;
        let is_source = bytes.get(name.clone())?.ends_with(b".rs");
        is_source.then_some([at..at + PLACE, name])
    };
    let last = bytes.len().saturating_sub(PLACE);
    (0..=last).step_by(4).filter_map(place).collect()
}

/// A name without the stamp that the compiler gives its own crates: `core[0123456789abcdef]::…`.
fn without_stamp(name: &str) -> String {
    match name.split_once('[').zip(name.split_once(']')) {
        Some(((krate, _), (_, path))) => format!("{krate}{path}"),
        None => name.to_owned(),
    }
}
