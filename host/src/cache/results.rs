//! Results that are kept on disk, where the operator wants that. A result is found by all that it depends
//! on, the versions of its sources included, so no other can be given out in its place, and none is stale.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use tokio::task::JoinError;

use super::{Entry, Name, Store};
use crate::transform::Rendered;

/// The results.
#[derive(Clone, Debug)]
pub struct Results(Store);

/// What is kept beside the bytes.
#[derive(Debug, Deserialize, Serialize)]
struct Head {
    media_type: String,
    width: u32,
    height: u32,
    warnings: Vec<String>,
}

impl Results {
    /// Results in `store`.
    pub fn new(store: Store) -> Self {
        Self(store)
    }

    /// The name of a result: where its sources are, and its entity tag, which covers their versions, the
    /// plan and the component. Versions are told apart at one place only, so places count too.
    pub fn name(locations: &[String], etag: &str) -> Name {
        Sha256::digest(format!("result\n{}\n{etag}", locations.join("\n"))).into()
    }

    /// What was kept, as if it had been made without any work.
    pub async fn get(&self, name: Name) -> Option<Rendered> {
        let Entry { head, body } = self.0.get(name).await?;
        let head: Head = serde_json::from_slice(&head).ok()?;
        Some(Rendered {
            bytes: body,
            media_type: head.media_type,
            width: head.width,
            height: head.height,
            warnings: head.warnings,
            ..Rendered::default()
        })
    }

    /// Keeps a result, and gives it back.
    ///
    /// # Errors
    /// If the thread that wrote it broke.
    pub async fn put(&self, name: Name, rendered: Rendered) -> Result<Rendered, JoinError> {
        let head = Head {
            media_type: rendered.media_type.clone(),
            width: rendered.width,
            height: rendered.height,
            warnings: rendered.warnings.clone(),
        };
        // What can be written as JSON always is; without a head nothing is found.
        let head = serde_json::to_vec(&head).unwrap_or_default();
        let Rendered { bytes, .. } = rendered;
        let entry = self.0.put(name, Entry { head, body: bytes }).await?;
        Ok(Rendered { bytes: entry.body, ..rendered })
    }
}
