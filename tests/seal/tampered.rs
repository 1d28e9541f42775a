//! What was changed after it was signed.

use prequal::seal::{MAX_TOKEN, Rejection};
use proptest::prelude::*;

use crate::fixture::*;

/// Everywhere, by the lowest bit and by letters that are base64url as well.
#[test]
fn every_changed_byte_is_refused() {
    let (server, device) = (Server::new(), Device::new());
    let (token, _) = Borrower::new().submit(&server, &device);
    let mut changes = 0;
    for at in 0..token.len() {
        for byte in [
            token.as_bytes()[at] ^ 1,
            b'A',
            b'g',
            b'_',
            b'.',
            b'=',
            0,
            0xff,
        ] {
            let mut bytes = token.clone().into_bytes();
            if std::mem::replace(&mut bytes[at], byte) != byte {
                let code = server.rejects(&bytes);
                let codes = [
                    Rejection::Malformed,
                    Rejection::UnsupportedVersion,
                    Rejection::BadSignature,
                ];
                assert!(codes.contains(&code), "{code:?} at {at}");
                changes += 1;
            }
        }
    }
    assert!(changes > 7 * token.len());
}

#[test]
fn every_cut_is_refused() {
    let (server, device) = (Server::new(), Device::new());
    let (token, _) = Borrower::new().submit(&server, &device);
    for length in 0..token.len() {
        assert_eq!(
            server.rejects(&token.as_bytes()[..length]),
            Rejection::Malformed,
            "{length}"
        );
        assert_eq!(
            server.rejects(&token.as_bytes()[length + 1..]),
            Rejection::Malformed
        );
    }
    for more in ["A", "AA", "AAAA", "=", ".", ".AAAA", "\n", "\0"] {
        assert_eq!(
            server.rejects(format!("{token}{more}")),
            Rejection::Malformed,
            "{more:?}"
        );
        assert_eq!(
            server.rejects(format!("{more}{token}")),
            Rejection::Malformed,
            "{more:?}"
        );
    }
}

#[test]
fn parts_of_two_submissions_do_not_mix() {
    let (server, device, other) = (Server::new(), Device::new(), Device::new());
    let one = Borrower::new().submit(&server, &device).0;
    let two = Borrower {
        income: 100_000,
        ..Borrower::new()
    }
    .submit(&server, &other)
    .0;
    let [one, two] = [&one, &two].map(|token| token.split('.').collect::<Vec<_>>());
    for choice in 1..7 {
        let pick = |part: usize| {
            if choice >> part & 1 == 1 {
                one[part]
            } else {
                two[part]
            }
        };
        let mixed = [pick(0), pick(1), pick(2)].join(".");
        assert_eq!(
            server.rejects(mixed),
            Rejection::BadSignature,
            "{choice:03b}"
        );
    }
}

#[test]
fn size_is_looked_at_first() {
    let server = Server::new();
    assert_eq!(server.rejects(vec![b'A'; MAX_TOKEN]), Rejection::Malformed);
    assert_eq!(
        server.rejects(vec![b'A'; MAX_TOKEN + 1]),
        Rejection::PayloadTooLarge
    );
}

/// The clock is the server's: it asks the challenge, which the core opens at
/// any time.
#[test]
fn a_late_answer_is_told_by_its_challenge() {
    let server = Server::new();
    let challenge = server.keys.verify(&server.challenge).unwrap();
    assert_eq!(challenge, server.terms);
    assert!(!challenge.has_expired(NOW + 299));
    assert!(challenge.has_expired(NOW + 300));
}

proptest! {
    #[test]
    fn bytes_never_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        prop_assert_eq!(Server::new().rejects(bytes), Rejection::Malformed);
    }

    #[test]
    fn parts_never_make_it_panic(token in "[A-Za-z0-9_-]{0,80}\\.[A-Za-z0-9_-]{0,80}\\.[A-Za-z0-9_-]{86}") {
        prop_assert_eq!(Server::new().rejects(token), Rejection::Malformed);
    }
}
