//! What formulas can yield: bands outside of it are left out.

use prequal_compiler::{Code, compile_sources};

use crate::base::changed;

#[test]
fn a_spread_is_from_nothing_to_one() {
    let sources = changed(|policy| {
        policy.replace(
            "formula = \"debts / income else 1.0\"\nbands = [0.3, 0.6]",
            "formula = \"spread(debts, income)\"\nbands = [0.0, 0.3, 0.6, 1.5]",
        )
    });
    let compiled = compile_sources(&sources).expect("a policy");
    let told = compiled.warnings.iter();
    let left_out: Vec<&str> = told
        .filter(|told| told.code == Code::EdgeOutOfRange)
        .map(|told| told.message.as_str())
        .collect();
    let told = [
        "the edge 0.0 divides nothing",
        "the edge 1.5 divides nothing",
    ];
    assert_eq!(left_out.len(), told.len(), "{left_out:?}");
    for (found, told) in left_out.iter().zip(told) {
        assert!(found.starts_with(told), "{found}");
    }
}
