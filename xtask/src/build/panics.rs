//! What no browser shows: the wording of panics.
//!
//! On this target the standard library words a panic, finds nowhere to print it, and traps: only the trap is seen. So the
//! one function through which every worded panic goes becomes that trap, and what prepares its words falls away.

use anyhow::{Result, ensure};
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

/// A name without the stamp that the compiler gives its own crates: `core[0123456789abcdef]::…`.
fn without_stamp(name: &str) -> String {
    match name.split_once('[').zip(name.split_once(']')) {
        Some(((krate, _), (_, path))) => format!("{krate}{path}"),
        None => name.to_owned(),
    }
}
