//! Lists of records as formulas see them: every entry that there can be, and
//! whether it is there.

use prequal::policy::{Id, NodeId};

use crate::elaborate::Typed;

/// A list of records before the waist.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct List {
    /// How many entries there are at least, whatever is answered.
    pub(crate) least: u16,
    /// How many entries there are: an integer, never missing; 0 where the
    /// list is not asked.
    pub(crate) count: Typed,
    /// As many as there can be at most, in order. The first `least` are
    /// always there.
    pub(crate) entries: Vec<Entry>,
}

/// One entry of a list.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Entry {
    /// Whether it is there: a boolean, never missing.
    pub(crate) there: NodeId,
    /// Its fields by name. One that is missing only with its entry is typed as
    /// present, and is its least value where the entry is not there: what
    /// reads it stands behind `there`.
    pub(crate) fields: Vec<(Id, Typed)>,
}

impl Entry {
    /// The field of this name.
    pub(crate) fn field(&self, name: &str) -> Option<&Typed> {
        let named = |(id, _): &&(Id, Typed)| id.as_str() == name;
        self.fields.iter().find(named).map(|(_, typed)| typed)
    }
}
