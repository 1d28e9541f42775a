//! Pages that may be opened never lower what was given without them.

#![allow(
    clippy::expect_used,
    reason = "tests stop where something is not as it has to be"
)]

use std::path::Path;

use prequal_sample::{Applicants, Opened};

/// Applicants of each policy.
const APPLICANTS: usize = 2_000;
/// How many of them, of those who come to a limit, others start from.
const KEPT: usize = 100;

/// NEVER LOWER.
#[test]
fn an_opened_page_lowers_nothing_unless_it_contradicts() {
    let mut pages = 0;
    let policies = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../policies");
    for folder in prequal_compiler::policy_folders(&policies).expect("the policies") {
        let compiled = prequal_compiler::compile(&folder).expect("it compiles");
        let policy = compiled.loaded;
        let mut applicants = Applicants::new(&policy, 1);
        let (mut limited, mut raised, mut contradicted) = (0, 0, 0);
        let mut optional = policy.body().groups.iter();
        if !optional.any(|group| group.opener.is_some()) {
            continue;
        }
        pages += 1;
        for _ in 0..APPLICANTS {
            let applicant = applicants.next().expect("a policy with products");
            for opened in Opened::each(&policy, &applicant) {
                if opened.limits().0 > 0 && limited < KEPT {
                    applicants.keep();
                }
                limited += usize::from(opened.limits().0 > 0);
                raised += usize::from(opened.limits().0 < opened.limits().1);
                contradicted += usize::from(!opened.contradictions.is_empty());
                assert!(
                    opened.is_never_lower(),
                    "{}: `{}` lowers {:?} to {:?} for {}",
                    folder.display(),
                    opened.page,
                    opened.closed.decision,
                    opened.opened.decision,
                    applicant.to_json(&policy)
                );
            }
        }
        let reached = [limited, raised, contradicted];
        assert!(!reached.contains(&0), "{}: {reached:?}", folder.display());
    }
    assert!(pages > 0);
}
