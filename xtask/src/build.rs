//! `build`: the wasm package, the compiled policies, the front end.

mod front_end;
mod panics;
mod policies;
mod wasm;

use anyhow::Result;
use clap::{Args, ValueEnum};

pub(crate) use policies::{binary, compiled, folder};
pub(crate) use wasm::{MODULES, minify};

/// What to build.
#[derive(Args)]
pub(crate) struct Options {
    /// The parts to build; all of them when none is named
    parts: Vec<Part>,
}

/// One part of the product, in the order in which parts need each other.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Part {
    /// The npm package's modules: `pkg/dist/{estimate,sealing}.{wasm,js,d.ts}`
    Wasm,
    /// Every policy, compiled to `target/policies`
    Policies,
    /// The pages and the element: `www/dist`, `pkg/dist/element.js`
    Www,
}

/// Builds the parts named.
pub(crate) fn run(options: &Options) -> Result<()> {
    let wanted = |part| options.parts.is_empty() || options.parts.contains(&part);
    if wanted(Part::Wasm) {
        wasm::build()?;
    }
    if wanted(Part::Policies) {
        policies::build()?;
    }
    if wanted(Part::Www) {
        front_end::build()?;
    }
    Ok(())
}

/// Builds what a comparison of native and wasm needs: the module and the policies.
pub(crate) fn engine() -> Result<()> {
    run(&Options {
        parts: vec![Part::Wasm, Part::Policies],
    })
}

/// Builds every part.
pub(crate) fn all() -> Result<()> {
    run(&Options { parts: Vec::new() })
}
