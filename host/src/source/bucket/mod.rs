//! Object stores as sources: S3 and what speaks like it, Google Cloud Storage, Azure Blob Storage. The
//! crate `object_store` knows their addresses, signatures and credentials; bytes come by [`Client`].

mod store;
mod transport;

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::Arc;

use futures_util::StreamExt;
use futures_util::future::BoxFuture;
use hyper::header::HeaderMap;
use object_store::path::Path;
use object_store::{GetOptions, ObjectStore};
use selvedge_plan::{Code, Problem, Source};

use super::client::{Client, behind, failed};
use super::config::{Credentials, Place};
use super::fetch::{Body, Facts, Fetch};
use super::origin::{Ask, Found, Origin};
use super::surroundings::Surroundings;
pub use store::Kind;

/// Where clouds tell a machine its credentials (AWS and others, ECS, EKS). Reached if the operator asks
/// for just these.
const METADATA: [IpAddr; 4] = [
    IpAddr::V4(Ipv4Addr::new(169, 254, 169, 254)),
    IpAddr::V4(Ipv4Addr::new(169, 254, 170, 2)),
    IpAddr::V4(Ipv4Addr::new(169, 254, 170, 23)),
    IpAddr::V6(Ipv6Addr::new(0xfd00, 0x0ec2, 0, 0, 0, 0, 0, 0x0254)),
];

/// A bucket or container, or what is below a prefix in one.
#[derive(Debug)]
pub struct Bucket {
    store: Arc<dyn ObjectStore>,
    client: Arc<Client>,
    /// What tells it from other stores, as far as that may be shown.
    name: String,
    /// Put before the path of a source, with a slash at its end if there is one.
    prefix: String,
}

impl Bucket {
    /// The bucket that `place` names as `scheme://bucket/prefix`.
    ///
    /// # Errors
    /// All that is wrong with the place.
    pub fn new(
        kind: Kind,
        place: &Place,
        surroundings: &Surroundings,
    ) -> Result<Self, Vec<String>> {
        let (_, rest) = place.from.split_once("://").unwrap_or_default();
        let (name, prefix) = rest.split_once('/').unwrap_or((rest, ""));
        let prefix = prefix.trim_matches('/');
        if name.is_empty() || Path::parse(prefix).is_err() {
            let wrong = format!("`{}`: expected {kind}://bucket[/prefix]", place.from);
            return Err(vec![wrong]);
        }
        let hosts = store::hosts(kind, place)?;
        let metadata = match place.credentials {
            Credentials::Given | Credentials::None => [].as_slice(),
            Credentials::Instance => &METADATA,
        };
        let client = surroundings.client(hosts, metadata).map_err(|error| vec![error])?;
        let client = Arc::new(client);
        let transport = transport::Transport(Arc::clone(&client));
        let store = store::build(kind, place, name, transport)?;
        let prefix = if prefix.is_empty() { String::new() } else { format!("{prefix}/") };
        let name = format!("{} {:?}", place.from, place.options);
        Ok(Self { store, client, name, prefix })
    }

    async fn fetch(&self, source: &Source, ask: Ask<'_>) -> Result<Found, Problem> {
        let Source::Path(path) = source else {
            return Err(not_found());
        };
        let key = Path::parse(format!("{}{}", self.prefix, path.joined()));
        let key = key.map_err(|_| not_found())?;
        let mut options = GetOptions::default();
        options.extensions.insert(self.client.bounds(ask.byte_limit));
        options.if_none_match = ask.known.and_then(|told| told.etag.clone());
        let found = match self.store.get_opts(&key, options).await {
            Err(object_store::Error::NotModified { .. }) => {
                return Ok(Found::Unchanged(Facts::default()));
            }
            found => found.map_err(|error| problem(&error))?,
        };
        // What the transport left there. Stores announce each length, and a part is no answer.
        let whole = found.range == (0..found.meta.size);
        let headers = found.extensions.get::<HeaderMap>().filter(|_| whole);
        let headers = headers.ok_or_else(|| failed("its store answered with a part of it"))?;
        let facts = Facts::of(headers, Some(found.meta.size))?;
        let stream = found.into_stream().map(|piece| piece.map_err(|error| problem(&error)));
        Fetch::new(facts, Body::Stream(stream.boxed()), ask.byte_limit).map(Found::Whole)
    }
}

impl Origin for Bucket {
    fn location(&self, source: &Source) -> String {
        format!("{}\n{}", self.name, source.text())
    }

    fn open<'a>(
        &'a self,
        source: &'a Source,
        ask: Ask<'a>,
    ) -> BoxFuture<'a, Result<Found, Problem>> {
        Box::pin(self.fetch(source, ask))
    }
}

/// What a client is told of an error: its kind, since the text may name addresses and keys.
fn problem(error: &object_store::Error) -> Problem {
    if let Some(problem) = behind(error) {
        return problem.clone();
    }
    tracing::debug!(%error, "store");
    match error {
        object_store::Error::NotFound { .. } => not_found(),
        object_store::Error::PermissionDenied { .. }
        | object_store::Error::Unauthenticated { .. } => failed("its store refused us"),
        _ => failed("its store failed"),
    }
}

fn not_found() -> Problem {
    Problem::new(Code::SourceNotFound, "the store has no such object")
}
