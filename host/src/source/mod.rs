//! Sources: where the bytes of a picture come from, one file for each kind.

mod bucket;
mod client;
mod config;
mod fetch;
mod folder;
mod gathered;
mod kept;
mod names;
mod network;
mod origin;
mod patience;
mod reach;
mod routes;
mod surroundings;
mod website;

use std::collections::BTreeSet;
use std::sync::Arc;

use selvedge_plan::allow::AllowList;
use selvedge_plan::{Problem, Source, freshness};
use sha2::{Digest, Sha256};

use crate::cache::Store;
use crate::component::hexadecimal;
pub use config::{Config, Credentials, Options, Place, Places, Wrong};
use fetch::Fetch;
pub use gathered::{Files, Gathered};
use kept::Kept;
use origin::{Ask, Origin};
pub use patience::Patience;
use routes::Routes;
use surroundings::Surroundings;
use website::Website;

/// Every source of this server.
#[derive(Debug)]
pub struct Sources {
    routes: Routes,
    /// Absolute addresses.
    web: Website,
    byte_limit: u64,
    kept: Option<Kept>,
}

impl Sources {
    /// Opens folders, reads addresses and sets up clients.
    ///
    /// # Errors
    /// All that is wrong with the configuration: what was expected, and what was got.
    pub fn new(config: &Config) -> Result<Self, Vec<Wrong>> {
        let surroundings = Surroundings::new(config)?;
        let client = surroundings.client(BTreeSet::new(), &[]);
        let client = client.map_err(|why| vec![("fetch", why)])?;
        let routes = Routes::new(&config.places.0, &surroundings)
            .map_err(|all| all.into_iter().map(|why| ("source", why)).collect::<Vec<_>>())?;
        let web = Website { client: Arc::new(client), allow: surroundings.allow, home: None };
        Ok(Self { routes, web, byte_limit: config.byte_limit, kept: None })
    }

    /// The same, with copies of what other servers send in `store`.
    #[must_use]
    pub fn keeping(self, store: Store) -> Self {
        Self { kept: Some(Kept::new(store)), ..self }
    }

    /// Whether paths lead somewhere.
    pub fn has_paths(&self) -> bool {
        !self.routes.is_empty()
    }

    /// Which absolute addresses may be fetched.
    pub fn allow(&self) -> &AllowList {
        &self.web.allow
    }

    /// Finds a source of at most `limit` bytes and what is known of it before them. `via` goes to other
    /// servers, so that a loop can be seen.
    ///
    /// # Errors
    /// That there is none, or that it is too large, or that its server failed.
    async fn open(&self, source: &Source, via: &str, limit: u64) -> Result<Fetch, Problem> {
        let ask = Ask { via, byte_limit: limit, known: None };
        let below;
        let (origin, source) = match source {
            Source::Url(_) => (&self.web as &dyn Origin, source),
            Source::Path(path) => {
                let (origin, rest) = self.routes.find(path)?;
                below = Source::Path(rest);
                (origin, &below)
            }
        };
        match &self.kept {
            Some(kept) if !origin.is_here() => kept.open(origin, source, ask).await,
            _ => origin.open(source, ask).await?.whole(),
        }
    }

    /// What tells the place of a source from all others.
    fn location(&self, source: &Source) -> String {
        match source {
            Source::Url(_) => self.web.location(source),
            Source::Path(path) => match self.routes.find(path) {
                Ok((origin, rest)) => origin.location(&Source::Path(rest)),
                Err(_) => String::new(),
            },
        }
    }
}

/// The validator of a source whose server tells none: its bytes themselves.
pub fn digest_validator(bytes: &[u8]) -> String {
    freshness::validator_of_bytes(&hexadecimal(&Sha256::digest(bytes)))
}
