//! Connections: how many, how long, and how they end.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio::time::{sleep, timeout};

use crate::config::Limits;

/// The largest head of a request, in bytes.
const HEAD: usize = 16 * 1024;
/// How long to wait when the system has no descriptor left for a connection.
const BACK_OFF: Duration = Duration::from_millis(100);

/// Serves connections until `stop` turns true, then lets those that are open
/// finish the request they are in, for at most the grace of the limits.
pub(crate) async fn listen(
    listener: TcpListener,
    router: Router,
    limits: Limits,
    mut stop: watch::Receiver<bool>,
) {
    let places = Arc::new(Semaphore::new(limits.connections));
    loop {
        let next = async {
            // A closed semaphore would end the accepting; this one never is.
            let place = Arc::clone(&places).acquire_owned().await.ok()?;
            Some((listener.accept().await, place))
        };
        let accepted = tokio::select! {
            biased;
            _ = stop.wait_for(|stop| *stop) => break,
            accepted = next => accepted,
        };
        match accepted {
            None => break,
            Some((Err(error), _)) => {
                tracing::warn!(%error, "a connection was not accepted");
                sleep(BACK_OFF).await;
            }
            Some((Ok((stream, _)), place)) => {
                let (router, stop) = (router.clone(), stop.clone());
                tokio::spawn(async move {
                    connection(stream, router, limits, stop).await;
                    drop(place);
                });
            }
        }
    }
    drop(listener);
    let all = u32::try_from(limits.connections).unwrap_or(u32::MAX);
    if timeout(limits.grace, places.acquire_many(all))
        .await
        .is_err()
    {
        tracing::warn!("connections were still open at the end of the grace and are closed");
    }
}

/// Serves one connection: HTTP/1.1, as a proxy that ends TLS speaks it.
async fn connection(
    stream: TcpStream,
    router: Router,
    limits: Limits,
    mut stop: watch::Receiver<bool>,
) {
    // Answers are small and written whole; waiting to fill a packet only delays.
    let _ = stream.set_nodelay(true);
    let mut connection = std::pin::pin!(
        http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(limits.head)
            .max_buf_size(HEAD)
            .serve_connection(TokioIo::new(stream), TowerToHyperService::new(router))
    );
    tokio::select! {
        // How a client ends its connection is no concern of the service.
        _ = connection.as_mut() => return,
        () = sleep(limits.connection) => {}
        _ = stop.wait_for(|stop| *stop) => {}
    }
    connection.as_mut().graceful_shutdown();
    let _ = timeout(limits.grace, connection).await;
}
