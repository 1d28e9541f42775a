//! What an operator sets.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use crate::origin::Origin;
use crate::partner::Registry;

/// Everything the service needs to know before it starts.
#[derive(Clone, Debug)]
pub struct Config {
    /// The folder with the built front end: `index.html`, `frame.html`,
    /// `prequal.js`, `assets/`. Read once at start.
    pub site: PathBuf,
    /// The folder with compiled policies: `<id>.policy` and
    /// `<id>.<language>.json`. Read once at start.
    pub policies: PathBuf,
    /// The folder for the database, the secrets and the lock; created if it
    /// is not there. One process at a time.
    pub data: PathBuf,
    /// Where the lender's pages and the API listen.
    pub listen: SocketAddr,
    /// Where the demo partner's shop listens; none, no shop. It serves
    /// `shop.html` of the site, with this lender's origin in the place of
    /// `https://lender.example`.
    pub shop: Option<SocketAddr>,
    /// The lender's public origin, as browsers see it: the audience that every
    /// submission has to name.
    pub origin: Origin,
    /// Who may embed the frame and ask for challenges.
    pub partners: Registry,
    /// Bounds on what one client may cost.
    pub limits: Limits,
}

/// Bounds on what one client may cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The largest body of `POST /v1/submissions`, in bytes.
    pub submission: usize,
    /// The largest body of `POST /v1/challenges`, in bytes.
    pub challenge: usize,
    /// How long a client may take to send the head of a request; an idle
    /// connection is closed after the same time.
    pub head: Duration,
    /// How long a client may take to send the body of a request.
    pub body: Duration,
    /// How long one connection lives at most, whatever it carries.
    pub connection: Duration,
    /// Connections at a time for each listener; more wait in the system's queue.
    pub connections: usize,
    /// Challenges and submissions worked on at a time; more are answered
    /// `unavailable`.
    pub in_flight: usize,
    /// How long a shutdown waits for open connections.
    pub grace: Duration,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            submission: prequal::seal::MAX_TOKEN + 2 * 1024,
            challenge: 2 * 1024,
            head: Duration::from_secs(10),
            body: Duration::from_secs(10),
            connection: Duration::from_secs(300),
            connections: 1024,
            in_flight: 256,
            grace: Duration::from_secs(10),
        }
    }
}
