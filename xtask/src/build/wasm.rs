//! The engine as a wasm module with its glue and types, in `pkg/dist`.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};
use wasm_bindgen_cli_support::Bindgen;

use super::panics;
use crate::{npm, project, step, tools};

/// The version of the generator that this binary is linked with; `xtask/Cargo.toml` pins it.
const GENERATOR: &str = "wasm-bindgen-cli-support";
/// The library whose macros wrote what the generator reads.
const LIBRARY: &str = "wasm-bindgen";

/// Size on the wire first: measured with brotli, `-O1` leaves 8 % less than `-Oz`, which makes the module 5 % smaller but
/// its code less alike. Functions stand by their names, so that one generic function's instances are neighbours. The
/// passes that are left out spare bytes that brotli would have spared, and make the code less alike. The first kilobyte of
/// memory is the far end of the stack, and nothing else lies there: whoever gets there is about to trap. Nothing
/// that Chrome 97, Firefox 102, Safari 16.4 or Node 20 would refuse: wasm-opt rejects a module that uses a feature not
/// enabled here, so a compiler that starts to emit one fails the build, not the borrower's phone.
const OPTIMISE: [&str; 19] = [
    "--dae-optimizing",
    "-O1",
    "--shrink-level=2",
    "--skip-pass=simplify-locals",
    "--skip-pass=local-cse",
    "--skip-pass=memory-packing",
    "--low-memory-unused",
    "--mvp-features",
    "--enable-bulk-memory",
    "--enable-bulk-memory-opt",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
    "--reorder-functions-by-name",
    "--strip-debug",
    "--strip-producers",
    "--strip-target-features",
];

/// The modules, each the crate with the feature of its name: what a borrower waits for, and what is fetched when something
/// is sealed, opened or disclosed.
pub(crate) const MODULES: [&str; 2] = ["estimate", "sealing"];

/// Builds `pkg/dist/{estimate,sealing}.{wasm,js,d.ts}`.
pub(super) fn build() -> Result<()> {
    tools::node()?;
    tools::wasm_target()?;
    versions_agree()?;
    npm::install(&project::path("tests"))?;
    let dist = project::path("pkg/dist");
    fs::create_dir_all(&dist)?;
    for module in MODULES {
        build_module(module, &dist)?;
    }
    for licence in ["LICENSE-MIT", "LICENSE-APACHE"] {
        fs::copy(project::path(licence), dist.join(licence))?;
    }
    Ok(())
}

fn build_module(module: &str, dist: &Path) -> Result<()> {
    let mut cargo = project::cargo();
    cargo.args([
        "build",
        "--package",
        "prequal",
        "--lib",
        "--features",
        module,
        "--target",
        "wasm32-unknown-unknown",
        "--profile",
        "wasm",
    ]);
    cargo.arg("--config").arg(without_paths()?);
    step::run(&format!("wasm {module}"), &mut cargo)?;

    let work = project::target().join("xtask/wasm").join(module);
    let compiled = project::target().join("wasm32-unknown-unknown/wasm/prequal.wasm");
    step::timed(&format!("glue {module}"), || {
        generate(module, &compiled, &work)
    })?;
    optimise(module, &work, &dist.join(format!("{module}.wasm")))?;
    minify(
        &work.join(format!("{module}_bg.js")),
        &dist.join(format!("{module}.js")),
    )?;
    fs::copy(
        work.join(format!("{module}.d.ts")),
        dist.join(format!("{module}.d.ts")),
    )?;
    Ok(())
}

/// Has the compiler name the sources of dependencies without the folder that they lie in: the module is the same on every
/// machine and tells nothing of it.
fn without_paths() -> Result<String> {
    let home = env::var_os("CARGO_HOME")
        .map(PathBuf::from)
        .or_else(|| Some(env::home_dir()?.join(".cargo")))
        .context("neither `CARGO_HOME` nor a home folder is known")?;
    let flag = format!(
        "--remap-path-prefix={}=",
        home.join("registry/src/").display()
    );
    Ok(format!(
        "target.wasm32-unknown-unknown.rustflags=[{flag:?}]"
    ))
}

/// The generator and the library must be of one version: their common format has no stability between versions.
fn versions_agree() -> Result<()> {
    let generator = project::locked_version(GENERATOR)?;
    let library = project::locked_version(LIBRARY)?;
    ensure!(
        generator == library,
        "`{GENERATOR}` is {generator} and `{LIBRARY}` is {library}; pin both to one version in xtask/Cargo.toml and Cargo.toml",
    );
    Ok(())
}

/// Writes the glue for a loader that hands the instance in: the bundler's form, without its entry file. The names of
/// functions stay in this module, for whoever asks what fills it; wasm-opt drops them.
fn generate(module: &str, compiled: &Path, folder: &Path) -> Result<()> {
    let mut output = Bindgen::new()
        .input_path(compiled)
        .out_name(module)
        .bundler(true)?
        .typescript(true)
        .remove_producers_section(true)
        .generate_output()?;
    panics::trap(&mut output)?;
    panics::forget_uncalled(&mut output);
    panics::forget_places(&mut output)?;
    output.emit(folder)
}

/// Writes a module as the bundler would; what the glue's comments say is in the types.
pub(crate) fn minify(from: &Path, to: &Path) -> Result<()> {
    npm::install(&project::path("www"))?;
    let mut command = Command::new("node");
    command
        .arg(project::path("www/minify.mjs"))
        .args([from, to]);
    step::run("minify", &mut command)
}

/// Runs wasm-opt, unless it has already made this output of this input.
fn optimise(module: &str, work: &Path, output: &Path) -> Result<()> {
    let input = work.join(format!("{module}_bg.wasm"));
    let record = work.join("optimised-from");
    let mut wanted = OPTIMISE.join(" ").into_bytes();
    wanted.extend(fs::read(project::path("tests/package-lock.json"))?);
    wanted.extend(fs::read(&input).with_context(|| format!("cannot read `{}`", input.display()))?);
    if output.is_file() && fs::read(&record).is_ok_and(|made| made == wanted) {
        return Ok(());
    }
    let mut command = npm::tool("binaryen/bin/wasm-opt");
    command
        .args(OPTIMISE)
        .arg(&input)
        .arg("--output")
        .arg(output);
    step::run(&format!("wasm-opt {module}"), &mut command)?;
    fs::write(record, wanted)?;
    Ok(())
}
