//! What the module carries and nobody can observe, cut down to a trap.
//!
//! On this target the standard library words a panic, finds nowhere to print it, and traps: only the trap shows. And every
//! closure that some function of the browser could take keeps its entry in the function table, though none is ever made.

use wasm_bindgen_cli_support::Output;

/// The crates that panics come from; compiled with the compiler, they carry its stamp, `core[0123456789abcdef]::…`.
const STANDARD: [&str; 4] = ["core[", "alloc[", "std[", "__rustc["];

/// What the names of their functions have in common that are entered on the way to a trap only.
const FAILING: [&str; 6] = [
    "panic",
    "_failed",
    "_fail",
    "handle_error",
    "capacity_overflow",
    "alloc_error",
];

/// What runs a closure of Rust for JavaScript; the generator exports it where there is one.
const CLOSURES: &str = "wasm_bindgen::convert::closures::";

/// Replaces everything between a failed check and its trap by the trap, and closures that are never made too.
pub(super) fn trap(output: &mut Output) {
    let module = output.wasm_mut();
    for function in module.funcs.iter_mut() {
        let name = function.name.as_deref().unwrap_or_default();
        let exported = module.exports.get_exported_func(function.id()).is_some();
        if only_panics(name) || name.starts_with(CLOSURES) && !exported {
            let mut body = function.kind.unwrap_local_mut().builder_mut().func_body();
            body.instrs_mut().clear();
            body.unreachable();
        }
    }
}

fn only_panics(name: &str) -> bool {
    let path = name.trim_start_matches('<');
    STANDARD.iter().any(|stamped| path.starts_with(stamped))
        && FAILING.iter().any(|way| path.contains(way))
}
