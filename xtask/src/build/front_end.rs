//! The pages and the element, built by Vite in `www/`.

use std::fs;

use anyhow::Result;

use crate::{npm, project, step, tools};

/// What Vite builds for the npm package, and where the package wants it.
const ELEMENT: [(&str, &str); 2] = [
    ("www/dist/element.js", "pkg/dist/element.js"),
    ("www/dist/element.d.ts", "pkg/dist/element.d.ts"),
];

/// Builds `www/dist` and copies the element's bundle to the npm package.
pub(super) fn build() -> Result<()> {
    tools::node()?;
    let www = project::path("www");
    npm::install(&www)?;
    step::run("front end", npm::npm(&www).args(["run", "build"]))?;
    fs::create_dir_all(project::path("pkg/dist"))?;
    for (built, packaged) in ELEMENT {
        let built = project::path(built);
        if built.is_file() {
            fs::copy(built, project::path(packaged))?;
        }
    }
    Ok(())
}
