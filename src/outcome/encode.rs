//! The canonical encoding of the decision core, and its digest.

use super::decision::Decision;
use crate::{Digest, Json};

impl Decision {
    /// The canonical JSON text, which is digested and stored.
    pub fn canonical(&self) -> String {
        self.to_json().to_canonical()
    }

    /// SHA-256 of the canonical text: what a submission says was shown.
    pub fn digest(&self) -> Digest {
        Digest::of(self.canonical().as_bytes())
    }

    /// As a JSON value; what is absent is left out.
    pub fn to_json(&self) -> Json {
        // It has objects, arrays, whole numbers, strings and booleans only.
        Json::of(self).unwrap_or(Json::Bool(false))
    }
}
