//! The service as a whole: opened, run, drained.

use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use tokio::net::TcpListener;
use tokio::sync::watch;

use crate::api::{self, App};
use crate::clock::Clock;
use crate::config::{Config, Limits};
use crate::folder::{DataFolder, FolderError};
use crate::headers::{lender_policy, with_security};
use crate::listen::listen;
use crate::origin::Origin;
use crate::pages::{self, INDEX, Pages, SHOP};
use crate::secrets::Secrets;
use crate::shelf::{self, Shelf};
use crate::site::Site;
use crate::start::StartError;
use crate::store::{SqliteStore, Store, StoreError};
use crate::verify::Verifier;
use crate::watch::watched;

/// The service, with everything that it needs opened and checked.
pub struct Service {
    app: Arc<App>,
    pages: Arc<Pages>,
    origin: Origin,
    limits: Limits,
    /// Held as long as the store is open.
    _folder: DataFolder,
}

/// Where the service listens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Addresses {
    /// The lender's pages and the API.
    pub lender: SocketAddr,
    /// The demo partner's shop.
    pub shop: Option<SocketAddr>,
}

impl Service {
    /// Reads the site and the policies, and takes the data folder.
    ///
    /// # Errors
    /// What is missing, damaged or in use, with the file and what to do.
    pub async fn open(config: &Config, clock: Arc<dyn Clock>) -> Result<Service, StartError> {
        let site = Site::read(&config.site)?;
        let needed = [Some(INDEX), config.shop.map(|_| SHOP)];
        for page in needed.into_iter().flatten() {
            if site.get(page).is_none() {
                let missing = std::io::Error::from(std::io::ErrorKind::NotFound);
                return Err(StartError::Site(config.site.join(page), missing));
            }
        }
        let compiled = shelf::read(&config.policies)?;
        let folder = DataFolder::take(&config.data).map_err(|error| match error {
            FolderError::InUse => StartError::DataInUse(config.data.clone()),
            FolderError::Io(error) => StartError::Data(config.data.clone(), error),
        })?;
        let secrets = Secrets::open(&folder.secrets(), clock.now())?;
        let database = folder
            .database()
            .map_err(|error| StartError::Data(config.data.clone(), error))?;
        let store = SqliteStore::open(&database)?;
        let current = compiled.iter().map(shelf::Compiled::record).collect();
        let superseded = store.publish(current, clock.now()).await?;
        let partners = Arc::new(config.partners.clone());
        let verifier = Verifier {
            store: Box::new(store),
            shelf: Shelf::new(compiled, superseded),
            keys: secrets.challenge_keys(),
            partners: Arc::clone(&partners),
            audience: config.origin.clone(),
            clock,
        };
        Ok(Service {
            app: Arc::new(App::new(verifier, config.limits)),
            pages: Arc::new(Pages::new(site, partners, &config.origin)),
            origin: config.origin.clone(),
            limits: config.limits,
            _folder: folder,
        })
    }

    /// The lender's pages and the API.
    pub fn router(&self) -> Router {
        let router = api::router(Arc::clone(&self.app))
            .fallback_service(pages::lender(Arc::clone(&self.pages)));
        watched(with_security(router, lender_policy(), &self.origin))
    }

    /// The demo partner's shop, at an origin of its own.
    pub fn shop(&self, origin: &Origin) -> Router {
        watched(pages::shop(Arc::clone(&self.pages), origin, &self.origin))
    }

    /// Serves until `stop` is ready, lets open connections finish and drains
    /// the store.
    ///
    /// # Errors
    /// The store's, if what it had accepted could not be written.
    pub async fn run(
        self,
        lender: TcpListener,
        shop: Option<TcpListener>,
        stop: impl Future<Output = ()> + Send + 'static,
    ) -> Result<(), StoreError> {
        let (stopping, stopped) = watch::channel(false);
        let lender = listen(lender, self.router(), self.limits, stopped.clone());
        let shop = async {
            if let Some(listener) = shop
                && let Ok(address) = listener.local_addr()
            {
                let router = self.shop(&Origin::of(address));
                listen(listener, router, self.limits, stopped).await;
            }
        };
        let stop = async move {
            stop.await;
            tracing::info!("stopping");
            stopping.send_replace(true);
        };
        tokio::join!(lender, shop, stop);
        self.close().await
    }

    /// Drains the store and closes it.
    ///
    /// # Errors
    /// The store's, if what it had accepted could not be written.
    pub async fn close(self) -> Result<(), StoreError> {
        self.app.verifier.store.close().await
    }
}
