//! Web origins, in the one spelling that browsers compare.

use std::fmt;
use std::net::SocketAddr;
use std::str::FromStr;

/// An `http` or `https` origin (RFC 6454) as a browser serialises it: scheme,
/// host in lower case, and the port unless it is the scheme's own.
///
/// ```
/// use prequal_verifier::Origin;
/// let origin: Origin = "https://lender.example".parse()?;
/// assert_eq!(origin.as_str(), "https://lender.example");
/// assert!("https://lender.example/apply".parse::<Origin>().is_err());
/// assert!("https://lender.example;x".parse::<Origin>().is_err());
/// # Ok::<(), prequal_verifier::OriginError>(())
/// ```
// Holds HEADER SAFE: an origin consists of characters that end neither a
// header nor a source of a content security policy.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Origin(String);

impl Origin {
    /// The origin of a plain server at this address.
    pub fn of(address: SocketAddr) -> Origin {
        Origin(match address.port() {
            80 => format!("http://{}", Bare(address)),
            port => format!("http://{}:{port}", Bare(address)),
        })
    }

    /// The origin's text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The host of an address, a version 6 one in brackets.
struct Bare(SocketAddr);

impl fmt::Display for Bare {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            SocketAddr::V4(v4) => write!(f, "{}", v4.ip()),
            SocketAddr::V6(v6) => write!(f, "[{}]", v6.ip()),
        }
    }
}

impl FromStr for Origin {
    type Err = OriginError;

    fn from_str(text: &str) -> Result<Origin, OriginError> {
        let wrong = || OriginError(text.to_owned());
        let (scheme, authority) = text.split_once("://").ok_or_else(wrong)?;
        let own_port = match scheme {
            "http" => ":80",
            "https" => ":443",
            _ => return Err(wrong()),
        };
        let (host, port) = match authority.rsplit_once(':') {
            Some((host, port)) if !port.ends_with(']') => (host, Some(port)),
            _ => (authority, None),
        };
        let name = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b"-._".contains(&b);
        let six = |b: u8| b.is_ascii_hexdigit() && !b.is_ascii_uppercase() || b == b':';
        let host_is_right = match host.strip_prefix('[').and_then(|h| h.strip_suffix(']')) {
            Some(address) => !address.is_empty() && address.bytes().all(six),
            None => !host.is_empty() && host.bytes().all(name),
        };
        let port_is_right = port.is_none_or(|p| {
            p.bytes().all(|b| b.is_ascii_digit())
                && p.parse::<u16>().is_ok_and(|n| n > 0)
                && !p.starts_with('0')
        });
        if host_is_right && port_is_right && !authority.ends_with(own_port) {
            Ok(Origin(text.to_owned()))
        } else {
            Err(wrong())
        }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What is not an origin in a browser's spelling.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OriginError(String);

impl fmt::Display for OriginError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "`{}` is not an origin; write scheme, host in lower case and, if it is not the scheme's own, the port, like `https://lender.example`",
            self.0
        )
    }
}

impl std::error::Error for OriginError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_what_a_browser_writes_and_nothing_else() {
        for right in [
            "http://127.0.0.1:8080",
            "https://a-b.example",
            "http://[::1]:81",
            "https://x:80",
        ] {
            assert_eq!(right.parse::<Origin>().expect(right).as_str(), right);
        }
        for wrong in [
            "",
            "lender.example",
            "ftp://a",
            "https://",
            "https://A.example",
            "https://a/",
            "https://a b",
            "https://a:",
            "https://a:0",
            "https://a:08",
            "https://a:70000",
            "https://a:443",
            "http://a:80",
            "https://a;script-src",
            "https://a\r\nx",
            "https://*.example",
            "https://u@a",
            "http://[]",
            "http://[g]",
        ] {
            assert!(wrong.parse::<Origin>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn of_an_address() {
        let of = |a: &str| Origin::of(a.parse().expect(a)).to_string();
        assert_eq!(of("127.0.0.1:8080"), "http://127.0.0.1:8080");
        assert_eq!(of("[::1]:8080"), "http://[::1]:8080");
        assert_eq!(of("127.0.0.1:80"), "http://127.0.0.1");
    }
}
