//! The service as a process.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use tokio::net::TcpListener;
use tokio::runtime::Runtime;

use crate::clock::SystemClock;
use crate::config::Config;
use crate::service::{Addresses, Service};
use crate::start::StartError;

/// Serves until the process is interrupted or terminated, then finishes what
/// is open and drains the store.
///
/// `ready` is called once, when the addresses are bound and everything is
/// checked. Logs go to standard error, a JSON object a line, unless the program
/// has set a `tracing` subscriber of its own.
///
/// # Errors
/// What keeps the service from starting; a store that could not be drained.
pub fn serve(config: &Config, ready: impl FnOnce(Addresses)) -> Result<(), StartError> {
    // A subscriber that is already there stays.
    let _ = tracing_subscriber::fmt()
        .json()
        .flatten_event(true)
        .with_target(false)
        .with_writer(io::stderr)
        .try_init();
    Runtime::new().map_err(StartError::System)?.block_on(async {
        let service = Service::open(config, Arc::new(SystemClock)).await?;
        let lender = bind(config.listen).await?;
        let shop = match config.shop {
            Some(address) => Some(bind(address).await?),
            None => None,
        };
        let stop = stop().map_err(StartError::System)?;
        let local = |listener: &TcpListener| listener.local_addr().map_err(StartError::System);
        let addresses = Addresses {
            lender: local(&lender)?,
            shop: shop.as_ref().map(local).transpose()?,
        };
        ready(addresses);
        tracing::info!(lender = %addresses.lender, "listening");
        service.run(lender, shop, stop).await?;
        Ok(())
    })
}

async fn bind(address: SocketAddr) -> Result<TcpListener, StartError> {
    TcpListener::bind(address)
        .await
        .map_err(|error| StartError::Listen(address, error))
}

/// Ready when the process is interrupted or terminated.
#[cfg(unix)]
fn stop() -> io::Result<impl Future<Output = ()> + Send + 'static> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

/// Ready when the process is interrupted.
#[cfg(not(unix))]
fn stop() -> io::Result<impl Future<Output = ()> + Send + 'static> {
    Ok(async {
        // Without a handler nothing would ever stop the service in order.
        let _ = tokio::signal::ctrl_c().await;
    })
}
