//! The partners that embed the lender's frame.

use std::collections::BTreeMap;

use crate::origin::Origin;

/// The demo partner's site key.
pub const DEMO_PARTNER: &str = "pk_test_demo";

/// A partner: a web shop, say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Partner {
    /// The site key, public, as the partner's page carries it: at most 64
    /// letters, digits and `_`.
    pub key: String,
    /// Whose pages may embed the frame for this partner.
    pub origins: Vec<Origin>,
}

/// Every partner, by site key.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Registry(BTreeMap<String, Partner>);

impl Registry {
    /// The demo partner alone, with a shop at each of these origins.
    pub fn demo(origins: impl IntoIterator<Item = Origin>) -> Registry {
        let key = DEMO_PARTNER.to_owned();
        Registry::from_iter([Partner {
            key,
            origins: origins.into_iter().collect(),
        }])
    }

    /// The partner with this site key.
    pub fn get(&self, key: &str) -> Option<&Partner> {
        self.0.get(key)
    }
}

impl FromIterator<Partner> for Registry {
    fn from_iter<I: IntoIterator<Item = Partner>>(partners: I) -> Registry {
        Registry(partners.into_iter().map(|p| (p.key.clone(), p)).collect())
    }
}
