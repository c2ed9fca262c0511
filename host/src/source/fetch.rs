//! The fetch of one file, whatever it comes from: nothing else hands out bytes of a source.

use bytes::Bytes;
use futures_util::StreamExt;
use futures_util::stream::BoxStream;
use hyper::header::{
    AGE, CACHE_CONTROL, CONTENT_ENCODING, ETAG, HeaderMap, HeaderName, LAST_MODIFIED, SET_COOKIE,
    VARY,
};
use selvedge_plan::facts::check_coding;
pub use selvedge_plan::facts::too_large;
use selvedge_plan::{Code, Problem, freshness};
use serde::{Deserialize, Serialize};

use super::folder::OpenFile;
use super::kept::Keeping;

/// A file that is there, before its bytes are read. Dropping it ends the fetch.
#[derive(Debug)]
pub struct Fetch {
    facts: Facts,
    body: Body,
    byte_limit: u64,
    keeping: Option<Keeping>,
}

/// What is known of a file before its bytes.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub struct Facts {
    /// What tells this version from every other.
    pub validator: Option<String>,
    /// What its server says of caching.
    pub cache_control: Option<String>,
    /// Bytes.
    pub length: Option<u64>,
    /// What its server tells this version by.
    pub told: Told,
    /// Seconds for which a copy may answer without a question. `None`: no copy may be made.
    pub fresh: Option<u64>,
}

/// What a server tells a version by, and can be asked by (RFC 9110 §13.1).
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub struct Told {
    /// Its entity tag.
    pub etag: Option<String>,
    /// The time of its last change.
    pub last_modified: Option<String>,
}

/// Where the bytes are.
pub enum Body {
    /// In a file.
    File(OpenFile),
    /// Here, since they were kept.
    Kept(Vec<u8>),
    /// On their way. Time limits and the byte limit of the wire are the stream's own.
    Stream(BoxStream<'static, Result<Bytes, Problem>>),
}

impl Facts {
    /// What the head of an answer with status 200 says.
    ///
    /// # Errors
    /// If the body is coded: its length would say nothing, and a small one could become a big one.
    pub fn of(headers: &HeaderMap, length: Option<u64>) -> Result<Self, Problem> {
        check_coding(text(headers, CONTENT_ENCODING))?;
        let all = headers.get_all(CACHE_CONTROL);
        let told: Vec<&str> = all.iter().filter_map(|value| value.to_str().ok()).collect();
        Ok(Self {
            validator: freshness::validator(
                text(headers, ETAG),
                text(headers, LAST_MODIFIED),
                length,
            ),
            fresh: fresh(headers, &told),
            cache_control: (!told.is_empty()).then(|| told.join(",")),
            length,
            told: Told {
                etag: text(headers, ETAG).map(str::to_owned),
                last_modified: text(headers, LAST_MODIFIED).map(str::to_owned),
            },
        })
    }

    /// The same after its server said that it has not changed, with what it said then. What it did not
    /// say stays as it was (RFC 9111 §3.2).
    #[must_use]
    pub fn confirmed(self, now: Self) -> Self {
        match now.cache_control {
            Some(_) => Self { cache_control: now.cache_control, fresh: now.fresh, ..self },
            None => self,
        }
    }
}

impl Fetch {
    /// A fetch of at most `byte_limit` bytes.
    ///
    /// # Errors
    /// If more are announced.
    pub fn new(facts: Facts, body: Body, byte_limit: u64) -> Result<Self, Problem> {
        match facts.length {
            Some(length) if length > byte_limit => Err(too_large(byte_limit, length)),
            _ => Ok(Self { facts, body, byte_limit, keeping: None }),
        }
    }

    /// The same, of which a copy is made once it was read.
    #[must_use]
    pub fn keeping(self, keeping: Keeping) -> Self {
        Self { keeping: Some(keeping), ..self }
    }

    /// What is known of the file.
    pub fn facts(&self) -> &Facts {
        &self.facts
    }

    /// The most bytes that there may be.
    pub fn most_bytes(&self) -> u64 {
        self.facts.length.unwrap_or(self.byte_limit)
    }

    /// Reads all bytes. What is fewer or more than was announced is no file.
    ///
    /// # Errors
    /// That there are too many, that they end early, or that they take too long.
    pub async fn read(self) -> Result<Vec<u8>, Problem> {
        let bytes = match self.body {
            Body::File(file) => file.read().await?,
            Body::Kept(bytes) => bytes,
            Body::Stream(stream) => gather(stream, self.facts.length, self.byte_limit).await?,
        };
        match self.facts.length {
            Some(length) if u64::try_from(bytes.len()) != Ok(length) => {
                let detail = format!("expected {length} bytes, got {}", bytes.len());
                Err(Problem::new(Code::SourceFailed, detail))
            }
            _ => match self.keeping {
                Some(keeping) => keeping.keep(bytes).await,
                None => Ok(bytes),
            },
        }
    }
}

impl std::fmt::Debug for Body {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::File(_) => "File",
            Self::Kept(_) => "Kept",
            Self::Stream(_) => "Stream",
        })
    }
}

/// For how long a copy answers: not at all where the answer was for one client, and not unasked where
/// its server says nothing.
fn fresh(headers: &HeaderMap, told: &[&str]) -> Option<u64> {
    let personal = headers.contains_key(SET_COOKIE)
        || headers.get_all(VARY).iter().any(|value| value.as_bytes().contains(&b'*'));
    if personal {
        return None;
    }
    let age = text(headers, AGE).and_then(|age| age.trim().parse().ok()).unwrap_or(0);
    freshness::copies_keep(Some(&told.join(","))).map(|seconds| seconds.saturating_sub(age))
}

async fn gather(
    mut stream: BoxStream<'static, Result<Bytes, Problem>>,
    announced: Option<u64>,
    byte_limit: u64,
) -> Result<Vec<u8>, Problem> {
    let mut bytes = Vec::new();
    // At most the limit, see `Fetch::new`; memory that is not written to costs nothing.
    reserve(&mut bytes, announced.and_then(|length| usize::try_from(length).ok()).unwrap_or(0))?;
    while let Some(piece) = stream.next().await.transpose()? {
        let length = bytes.len().saturating_add(piece.len());
        let length = u64::try_from(length).unwrap_or(u64::MAX);
        if length > byte_limit {
            return Err(too_large(byte_limit, length));
        }
        reserve(&mut bytes, piece.len())?;
        bytes.extend_from_slice(&piece);
    }
    Ok(bytes)
}

fn reserve(bytes: &mut Vec<u8>, more: usize) -> Result<(), Problem> {
    let full = |_| Problem::new(Code::Busy, "there is no memory for the source");
    bytes.try_reserve(more).map_err(full)
}

/// One header as text.
pub fn text(headers: &HeaderMap, name: HeaderName) -> Option<&str> {
    headers.get(name)?.to_str().ok()
}
