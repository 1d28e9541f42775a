//! Policies from a seed: typed, so that most of them compile, and made of
//! every construct that the language has.

mod after;
mod before;
mod formula;
mod offers;
mod rows;
mod scope;

use fastrand::Rng;

use self::after::After;
use crate::model::policy::Policy;

/// The policy of a seed.
pub(crate) fn policy(seed: u64) -> Policy {
    let mut random = Rng::with_seed(seed);
    let random = &mut random;
    let mut policy = Policy::default();
    let before = before::questions(random, &mut policy);
    let tables = before::tables(random, &mut policy, &before);
    let features = before::features(random, &mut policy, &before, &tables);
    let mut after = After {
        entries: features,
        tables,
        ..After::default()
    };
    let context = offers::products(random, &mut policy);
    after.entries.extend(context);
    offers::eligible(random, &mut policy, &after);
    after::values(random, &mut policy, &mut after, "v");
    let scored = after::cards(random, &mut policy, &after);
    after.entries.extend(scored);
    after::values(random, &mut policy, &mut after, "w");
    after::rules(random, &mut policy, &after);
    offers::rates(random, &mut policy, &after.entries);
    offers::prices(random, &mut policy, &after);
    offers::limits(random, &mut policy, &after.entries);
    policy
}
