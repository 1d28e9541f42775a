//! The device's public key.

use base64ct::{Base64UrlUnpadded, Encoding as _};

use crate::{Digest, Json};

/// A public key on the curve P-256 (RFC 7518, section 6.2.1). That it lies on
/// the curve is for the signature's check to find out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicKey {
    x: [u8; 32],
    y: [u8; 32],
}

impl PublicKey {
    /// The key with these coordinates, as a JWK's `x` and `y` tell them:
    /// base64url of 32 bytes each. `None` if they are something else.
    pub fn from_coordinates(x: &str, y: &str) -> Option<PublicKey> {
        Some(PublicKey {
            x: coordinate(x)?,
            y: coordinate(y)?,
        })
    }

    /// From a JWK with exactly the members of a public P-256 key.
    pub(super) fn from_jwk(jwk: &Json) -> Option<PublicKey> {
        let [crv, kty, x, y] = jwk.members(["crv", "kty", "x", "y"])?;
        match (crv.as_str()?, kty.as_str()?) {
            ("P-256", "EC") => PublicKey::from_coordinates(x.as_str()?, y.as_str()?),
            _ => None,
        }
    }

    /// The coordinates as a JWK's `x` and `y` tell them.
    pub fn coordinates(&self) -> [String; 2] {
        [&self.x, &self.y].map(|coordinate| Base64UrlUnpadded::encode_string(coordinate))
    }

    /// The JWK, with the members that its thumbprint is made of.
    pub fn to_jwk(&self) -> Json {
        let [x, y] = self.coordinates();
        Json::object([
            ("crv", Json::from("P-256")),
            ("kty", "EC".into()),
            ("x", x.into()),
            ("y", y.into()),
        ])
    }

    /// The uncompressed point `04 ‖ x ‖ y` (SEC 1, section 2.3.3).
    pub fn to_sec1(&self) -> Vec<u8> {
        [&[4], &self.x[..], &self.y].concat()
    }

    /// The JWK's SHA-256 thumbprint (RFC 7638), base64url. An id of the
    /// device at one partner, for as long as the browser keeps the key.
    pub fn thumbprint(&self) -> String {
        let digest = Digest::of(self.to_jwk().to_canonical().as_bytes());
        Base64UrlUnpadded::encode_string(digest.as_bytes())
    }
}

fn coordinate(text: &str) -> Option<[u8; 32]> {
    Base64UrlUnpadded::decode_vec(text).ok()?.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example key of RFC 7517, appendix A.1.
    const X: &str = "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4";
    const Y: &str = "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM";

    #[test]
    fn a_jwk_round_trips() {
        let key = PublicKey::from_coordinates(X, Y).unwrap();
        assert_eq!(
            key.to_jwk().to_canonical(),
            format!(r#"{{"crv":"P-256","kty":"EC","x":"{X}","y":"{Y}"}}"#)
        );
        assert_eq!(PublicKey::from_jwk(&key.to_jwk()), Some(key));
    }

    /// The digest of exactly those four members, computed apart.
    #[test]
    fn the_thumbprint_is_the_standards() {
        let key = PublicKey::from_coordinates(X, Y).unwrap();
        assert_eq!(
            key.thumbprint(),
            "cn-I_WNMClehiVp51i_0VpOENW1upEerA8sEam5hn-s"
        );
    }

    #[test]
    fn other_coordinates_are_refused() {
        for wrong in [
            "",
            "AAAA",
            X.trim_start_matches('M'),
            &format!("{X}A"),
            &format!("{X}="),
            &X.replace('4', "5"),
        ] {
            assert_eq!(PublicKey::from_coordinates(wrong, Y), None, "{wrong}");
            assert_eq!(PublicKey::from_coordinates(X, wrong), None, "{wrong}");
        }
    }

    #[test]
    fn other_jwks_are_refused() {
        for jwk in [
            format!(r#"{{"crv":"P-384","kty":"EC","x":"{X}","y":"{Y}"}}"#),
            format!(r#"{{"crv":"P-256","kty":"RSA","x":"{X}","y":"{Y}"}}"#),
            format!(r#"{{"crv":"P-256","kid":"1","kty":"EC","x":"{X}","y":"{Y}"}}"#),
            format!(r#"{{"crv":"P-256","kty":"EC","x":"{X}"}}"#),
            format!(r#"{{"crv":"P-256","d":"{X}","kty":"EC","x":"{X}","y":"{Y}"}}"#),
        ] {
            assert_eq!(
                PublicKey::from_jwk(&Json::parse_canonical(&jwk).unwrap()),
                None,
                "{jwk}"
            );
        }
    }
}
