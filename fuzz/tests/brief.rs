//! Each target, a fixed number of times from a fixed seed: what once failed,
//! the seeds, and changes of both.

use prequal_fuzz::{Mutations, TARGETS, Target};

/// Fixed, so that a failure here is found again.
const SEED: u64 = 1;

#[test]
fn every_target_takes_what_it_is_given() {
    let run = |target: &Target| {
        let mut inputs = target.failed_before().expect("readable inputs");
        let seeds = target.seeds();
        assert!(!seeds.is_empty(), "{} has no seeds", target.name);
        inputs.extend(seeds);
        for input in &inputs {
            target.run(input);
        }
        for input in Mutations::new(inputs, SEED).take(target.brief) {
            let shown = String::from_utf8_lossy(&input).into_owned();
            let result = std::panic::catch_unwind(|| target.run(&input));
            assert!(result.is_ok(), "{} fails on\n{shown}", target.name);
        }
    };
    std::thread::scope(|scope| {
        for target in TARGETS {
            scope.spawn(|| run(target));
        }
    });
}
