//! The targets under libFuzzer, which brings `main` and the options; the
//! environment variable `PREQUAL_FUZZ_TARGET` names the target.

#![no_main]
#![allow(clippy::panic, reason = "without a target there is nothing to do")]

use std::env;
use std::sync::LazyLock;

use prequal_fuzz::Target;

static TARGET: LazyLock<Target> = LazyLock::new(|| {
    let name = env::var("PREQUAL_FUZZ_TARGET").unwrap_or_default();
    Target::named(&name).unwrap_or_else(|| panic!("`{name}` is no target"))
});

libfuzzer_sys::fuzz_target!(|input: &[u8]| TARGET.run(input));
