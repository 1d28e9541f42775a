//! Salted commitments to raw answers, as SD-JWT has them (RFC 9901, section
//! 4.2): the borrower can open single ones later, and any SD-JWT tool can
//! check them.

use base64ct::{Base64UrlUnpadded, Encoding as _};

use crate::{Digest, Json};

/// Where the salts come from: 128 fresh random bits at each call.
pub type Salts<'a> = dyn FnMut() -> [u8; 16] + 'a;

/// What opens the commitment to one answer. It stays on the device until the
/// borrower gives it away.
#[derive(Clone, PartialEq, Eq)]
pub struct Disclosure {
    /// The question.
    pub name: String,
    /// base64url of the JSON array `[salt, name, value]`.
    pub disclosure: String,
}

/// RAW STAYS HOME: what is printed does not open anything.
impl core::fmt::Debug for Disclosure {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "Disclosure({}, withheld)", self.name)
    }
}

/// Commitments in ascending order, answers and decoys alike, and what opens
/// the answers among them.
pub(super) struct Committed {
    pub(super) commitments: Vec<String>,
    pub(super) disclosures: Vec<Disclosure>,
}

/// Commits to each answer, and fills up with decoys to `count`, so that the
/// number of commitments tells nothing. `None` if there are more answers.
pub(super) fn commit(
    answers: Vec<(String, Json)>,
    count: usize,
    salts: &mut Salts<'_>,
) -> Option<Committed> {
    let decoys = count.checked_sub(answers.len())?;
    let mut disclosures = Vec::with_capacity(answers.len());
    let mut commitments: Vec<String> = Vec::with_capacity(count);
    let mut put = |commitment: String| {
        let place = commitments.partition_point(|other| *other < commitment);
        commitments.insert(place, commitment);
    };
    for (name, value) in answers {
        let salt = Base64UrlUnpadded::encode_string(&salts());
        let disclosure = encode(&salt, &name, value);
        put(commitment(disclosure.as_bytes()));
        disclosures.push(Disclosure { name, disclosure });
    }
    for _ in 0..decoys {
        // A decoy is the digest of nothing but a random number (section 4.2.5).
        put(commitment(&salts()));
    }
    Some(Committed {
        commitments,
        disclosures,
    })
}

/// The question and the answer that a disclosure opens, if it belongs to one
/// of these commitments.
///
/// ```
/// use prequal::{Json, seal::check};
/// let disclosure = "WyJBQUFBQUFBQUFBQUFBQUFBQUFBQUFBIiwiYWdlIiwzNF0";
/// let commitments = ["RggG8VIc1Bkg8jGZwLzRacq9uARpJP-36UPVI-xFcdw".to_owned()];
/// assert_eq!(check(disclosure, &commitments), Some(("age".to_owned(), Json::from(34))));
/// assert_eq!(check(disclosure, &[]), None);
/// ```
pub fn check(disclosure: &str, commitments: &[String]) -> Option<(String, Json)> {
    let digest = commitment(disclosure.as_bytes());
    if !commitments.contains(&digest) {
        return None;
    }
    let bytes = Base64UrlUnpadded::decode_vec(disclosure).ok()?;
    let json = Json::parse_canonical(core::str::from_utf8(&bytes).ok()?).ok()?;
    match json.as_array()? {
        [Json::String(_), Json::String(name), value] => Some((name.clone(), value.clone())),
        _ => None,
    }
}

fn encode(salt: &str, name: &str, value: Json) -> String {
    let json = Json::Array(vec![salt.into(), name.into(), value]);
    Base64UrlUnpadded::encode_string(json.to_canonical().as_bytes())
}

fn commitment(bytes: &[u8]) -> String {
    Base64UrlUnpadded::encode_string(Digest::of(bytes).as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    /// Distinct salts.
    fn counting() -> impl FnMut() -> [u8; 16] {
        let mut next = 0u128;
        move || {
            next += 1;
            next.to_be_bytes()
        }
    }

    fn answers() -> Vec<(String, Json)> {
        vec![
            ("age".to_owned(), 34.into()),
            ("housing".to_owned(), "own".into()),
            ("student".to_owned(), false.into()),
        ]
    }

    /// RFC 9901, section 4.2.1 and section 5.1.
    #[test]
    fn digests_are_those_of_the_standard() {
        for (disclosure, digest) in [
            (
                "WyJfMjZiYzRMVC1hYzZxMktJNmNCVzVlcyIsICJmYW1pbHlfbmFtZSIsICJNw7ZiaXVzIl0",
                "X9yH0Ajrdm1Oij4tWso9UzzKJvPoDxwmuEcO3XAdRC0",
            ),
            (
                "WyJlbHVWNU9nM2dTTklJOEVZbnN4QV9BIiwgImZhbWlseV9uYW1lIiwgIkRvZSJd",
                "TGf4oLbgwd5JQaHyKVQZU9UdGE0w5rtDsrZzfUaomLo",
            ),
            (
                "WyIyR0xDNDJzS1F2ZUNmR2ZyeU5STjl3IiwgImdpdmVuX25hbWUiLCAiSm9obiJd",
                "jsu9yVulwQQlhFlM_3JlzMaSFzglhQG0DpfayQwLUK4",
            ),
        ] {
            assert_eq!(commitment(disclosure.as_bytes()), digest);
        }
    }

    /// The form without white space that section 4.2.1 gives as equally good.
    #[test]
    fn disclosures_are_those_of_the_standard() {
        let disclosure = encode("_26bc4LT-ac6q2KI6cBW5es", "family_name", "Möbius".into());
        assert_eq!(
            disclosure,
            "WyJfMjZiYzRMVC1hYzZxMktJNmNCVzVlcyIsImZhbWlseV9uYW1lIiwiTcO2Yml1cyJd"
        );
        let opened = check(&disclosure, &[commitment(disclosure.as_bytes())]);
        assert_eq!(opened, Some(("family_name".to_owned(), "Möbius".into())));
    }

    #[test]
    fn each_answer_can_be_opened() {
        let committed = commit(answers(), 16, &mut counting()).unwrap();
        let opened: Vec<(String, Json)> = committed
            .disclosures
            .iter()
            .map(|disclosure| check(&disclosure.disclosure, &committed.commitments).unwrap())
            .collect();
        assert_eq!(opened, answers());
    }

    #[test]
    fn the_number_and_the_order_tell_nothing() {
        let none = commit(Vec::new(), 16, &mut counting()).unwrap();
        let three = commit(answers(), 16, &mut counting()).unwrap();
        for committed in [&none.commitments, &three.commitments] {
            assert_eq!(committed.len(), 16);
            assert!(committed.is_sorted());
            assert!(committed.iter().all(|commitment| commitment.len() == 43));
            assert_eq!(committed.iter().collect::<BTreeSet<_>>().len(), 16);
        }
        assert!(commit(answers(), 2, &mut counting()).is_none());
        assert!(commit(answers(), 3, &mut counting()).is_some());
    }

    #[test]
    fn equal_answers_have_different_commitments() {
        let mut salts = counting();
        let first = commit(answers(), 3, &mut salts).unwrap();
        let second = commit(answers(), 3, &mut salts).unwrap();
        assert!(
            first
                .commitments
                .iter()
                .all(|one| !second.commitments.contains(one))
        );
    }

    #[test]
    fn what_is_not_committed_to_is_not_opened() {
        let committed = commit(answers(), 8, &mut counting()).unwrap();
        let disclosure = &committed.disclosures[0].disclosure;
        let salt = Base64UrlUnpadded::encode_string(&1u128.to_be_bytes());
        assert_eq!(encode(&salt, "age", 34.into()), *disclosure);
        for other in [
            encode(&salt, "age", 35.into()),
            encode(&salt, "income", 34.into()),
            format!("{disclosure}="),
            String::new(),
        ] {
            assert_eq!(check(&other, &committed.commitments), None);
        }
        // A committed text that is no disclosure opens nothing either.
        for text in ["", "!", "W10", "WzEsMiwzXQ", "eyJhIjoxfQ"] {
            assert_eq!(check(text, &[commitment(text.as_bytes())]), None);
        }
    }

    #[test]
    fn what_is_printed_opens_nothing() {
        let committed = commit(answers(), 3, &mut counting()).unwrap();
        assert_eq!(
            format!("{:?}", committed.disclosures[0]),
            "Disclosure(age, withheld)"
        );
    }
}
