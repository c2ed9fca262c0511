//! Files of other servers that are kept on disk, where the operator wants that (RFC 9111). A copy answers
//! for as long as its server said, and after that only if the server says that it has not changed.

use std::time::{SystemTime, UNIX_EPOCH};

use selvedge_plan::{Code, Problem, Source};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::fetch::{Body, Facts, Fetch};
use super::origin::{Ask, Found, Origin};
use crate::cache::{Entry, Name, Store};

/// The copies.
#[derive(Clone, Debug)]
pub struct Kept(Store);

/// Where the bytes of a fetch are kept once they are there.
#[derive(Debug)]
pub struct Keeping {
    store: Store,
    name: Name,
    head: Vec<u8>,
}

/// What is known of a copy.
#[derive(Debug, Deserialize, Serialize)]
struct Copy {
    facts: Facts,
    /// Seconds since 1970 when the server was last asked.
    asked: u64,
}

impl Kept {
    /// Copies in `store`.
    pub fn new(store: Store) -> Self {
        Self(store)
    }

    /// Finds a file: here if the copy is fresh, else at its origin.
    ///
    /// # Errors
    /// As [`Origin::open`].
    pub async fn open(
        &self,
        origin: &dyn Origin,
        source: &Source,
        ask: Ask<'_>,
    ) -> Result<Fetch, Problem> {
        let name: Name = Sha256::digest(format!("source\n{}", origin.location(source))).into();
        let kept = self.0.get(name).await.and_then(|entry| {
            let copy: Copy = serde_json::from_slice(&entry.head).ok()?;
            Some((copy, entry.body))
        });
        let Some((copy, body)) = kept else {
            return Ok(self.keeping(origin.open(source, ask).await?.whole()?, name));
        };
        if let Some(left) = copy.left() {
            let cache_control = Some(format!("max-age={left}"));
            let facts = Facts { cache_control, ..copy.facts };
            return Fetch::new(facts, Body::Kept(body), ask.byte_limit);
        }
        match origin.open(source, Ask { known: Some(&copy.facts.told), ..ask }).await? {
            Found::Whole(fetch) => Ok(self.keeping(fetch, name)),
            Found::Unchanged(now) => {
                let facts = copy.facts.confirmed(now);
                let body = match self.place(&facts, name) {
                    Some(keeping) => keeping.keep(body).await?,
                    None => body,
                };
                Fetch::new(facts, Body::Kept(body), ask.byte_limit)
            }
        }
    }

    /// A fetch whose bytes will be kept, if they may.
    fn keeping(&self, fetch: Fetch, name: Name) -> Fetch {
        match self.place(fetch.facts(), name) {
            Some(keeping) => fetch.keeping(keeping),
            None => fetch,
        }
    }

    fn place(&self, facts: &Facts, name: Name) -> Option<Keeping> {
        let Facts { told, fresh, .. } = facts;
        // Of no use: always to be asked for, and nothing to ask by.
        let useless = (*fresh)? == 0 && told.etag.is_none() && told.last_modified.is_none();
        if useless {
            return None;
        }
        let head = serde_json::to_vec(&Copy { facts: facts.clone(), asked: now() }).ok()?;
        Some(Keeping { store: self.0.clone(), name, head })
    }
}

impl Keeping {
    /// Keeps `body`, and gives it back.
    ///
    /// # Errors
    /// If the thread that wrote it broke.
    pub async fn keep(self, body: Vec<u8>) -> Result<Vec<u8>, Problem> {
        let lost = |_| Problem::new(Code::Internal, "writing the copy was aborted");
        let entry = Entry { head: self.head, body };
        self.store.put(self.name, entry).await.map(|entry| entry.body).map_err(lost)
    }
}

impl Copy {
    /// Seconds for which the server need not be asked; `None` if it is to be asked now.
    fn left(&self) -> Option<u64> {
        // A clock that was set back makes no copy fresh.
        let age = now().checked_sub(self.asked)?;
        self.facts.fresh?.checked_sub(age).filter(|left| *left > 0)
    }
}

fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}
