//! The formatter.

use prequal_compiler::{compile_sources, format as formatted};

use crate::seed;

/// Formatting what is formatted changes nothing, and what compiles compiles to
/// the same bytes.
pub(crate) fn format(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else {
        return;
    };
    let sources = seed::unbundled(text);
    let mut after = sources.clone();
    for path in sources.paths() {
        let text = sources.get(path).unwrap_or_default();
        match formatted(path, text) {
            Ok(once) => {
                let twice = formatted(path, &once).expect("what is formatted parses");
                assert_eq!(once, twice, "{path}");
                after.insert(path, once);
            }
            Err(diagnostics) => assert!(diagnostics.has_errors()),
        }
    }
    if let Ok(before) = compile_sources(&sources) {
        let after = compile_sources(&after).expect("what compiles compiles formatted");
        assert!(before.policy == after.policy && before.languages == after.languages);
    }
}
