//! Sources: where the bytes of a picture come from, one file for each kind.

mod folder;
mod gathered;
mod http;
mod public;

use std::path::Path;
use std::time::Duration;

use selvedge_plan::allow::AllowList;
use selvedge_plan::{Code, Problem, Source, freshness, limits};
use sha2::{Digest, Sha256};
use url::Url;

use crate::component::hexadecimal;
use folder::Folder;
pub use gathered::{Files, Gathered};
use http::{Client, Permission};

/// How long an origin may take.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// For a connection.
    pub connect: Duration,
    /// For the head of an answer, after a request.
    pub first_byte: Duration,
    /// Between two pieces of a body.
    pub between_bytes: Duration,
    /// For everything, redirects included.
    pub total: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(2),
            first_byte: Duration::from_secs(5),
            between_bytes: Duration::from_secs(5),
            total: Duration::from_secs(10),
        }
    }
}

/// What the operator configured.
#[derive(Clone, Debug, Default)]
pub struct Config {
    /// What paths lead to: a folder, or an http(s) address.
    pub paths: Option<String>,
    /// The origins that absolute addresses may name.
    pub allow: Vec<String>,
    /// How long an origin may take.
    pub patience: Patience,
    /// Most bytes of one source; [`limits::SOURCE_BYTES_ORIGIN`] if `None`.
    pub byte_limit: Option<u64>,
}

/// What paths lead to.
#[derive(Debug)]
enum Paths {
    Folder(Folder),
    Origin(Url),
}

/// Every source of this server.
#[derive(Debug)]
pub struct Sources {
    paths: Option<Paths>,
    allow: AllowList,
    client: Client,
    byte_limit: u64,
}

impl Sources {
    /// Opens the folder, reads the addresses and sets up the client.
    ///
    /// # Errors
    /// What was expected of the configuration, and what was got.
    pub fn new(config: &Config) -> Result<Self, String> {
        let paths = config.paths.as_deref().map(Paths::parse).transpose()?;
        let allow = AllowList::parse(config.allow.iter().map(String::as_str))?;
        // Hosts that the operator wrote down may have private addresses; `*.` names no host.
        let mut named: Vec<Url> =
            config.allow.iter().filter_map(|origin| Url::parse(origin).ok()).collect();
        if let Some(Paths::Origin(base)) = &paths {
            named.push(base.clone());
        }
        Ok(Self {
            client: Client::new(&named, config.patience)?,
            paths,
            allow,
            byte_limit: config.byte_limit.unwrap_or(limits::SOURCE_BYTES_ORIGIN),
        })
    }

    /// Whether paths lead somewhere.
    pub fn has_paths(&self) -> bool {
        self.paths.is_some()
    }

    /// Which absolute addresses may be fetched.
    pub fn allow(&self) -> &AllowList {
        &self.allow
    }

    /// Finds a source of at most `limit` bytes and reads what is known of it before them. `via` goes to
    /// other servers, so that a loop can be seen.
    ///
    /// # Errors
    /// That there is none, or that it is too large, or that its server failed.
    async fn open(&self, source: &Source, via: &str, limit: u64) -> Result<Opened, Problem> {
        match (source, &self.paths) {
            (Source::Path(path), Some(Paths::Folder(folder))) => {
                folder.open(path, limit).await.map(Opened::File)
            }
            (Source::Path(path), Some(Paths::Origin(base))) => {
                let url = path.below(base).ok_or_else(|| {
                    Problem::new(Code::SourceNotFound, "the path fits no address")
                })?;
                let permission = Permission { allow: &self.allow, home: Some(base) };
                let answer = self.client.get(url, permission, via, limit).await;
                answer.map(Opened::Answer)
            }
            (Source::Path(_), None) => {
                Err(Problem::new(Code::SourceNotAllowed, "this server has no source for paths"))
            }
            (Source::Url(url), _) => {
                let permission = Permission { allow: &self.allow, home: None };
                let url = url.clone();
                let answer = self.client.get(url, permission, via, limit).await;
                answer.map(Opened::Answer)
            }
        }
    }
}

impl Paths {
    fn parse(text: &str) -> Result<Self, String> {
        if !text.contains("://") {
            return Folder::new(Path::new(text)).map(Self::Folder);
        }
        let base = Url::parse(text).map_err(|error| format!("source `{text}`: {error}"))?;
        let plain = matches!(base.scheme(), "http" | "https")
            && base.host().is_some()
            && base.username().is_empty()
            && base.password().is_none()
            && base.query().is_none()
            && base.fragment().is_none();
        if plain {
            Ok(Self::Origin(base))
        } else {
            Err(format!(
                "source `{text}`: expected a folder, or http(s)://host[:port][/path] and no more"
            ))
        }
    }
}

/// A source that is there, before its bytes are read. Dropping it costs no more.
#[derive(Debug)]
pub enum Opened {
    /// A file.
    File(folder::OpenFile),
    /// The answer of a server.
    Answer(http::Answer),
}

impl Opened {
    /// What tells this version of the source from every other, if that is known without the bytes.
    pub fn validator(&self) -> Option<String> {
        match self {
            Self::File(file) => Some(file.validator()),
            Self::Answer(answer) => answer.validator(),
        }
    }

    /// What the source's server says of caching.
    pub fn cache_control(&self) -> Option<String> {
        match self {
            Self::File(_) => None,
            Self::Answer(answer) => answer.cache_control(),
        }
    }

    /// The most bytes that it may have.
    fn most_bytes(&self) -> u64 {
        match self {
            Self::File(file) => file.length(),
            Self::Answer(answer) => answer.most_bytes(),
        }
    }

    /// Reads all bytes.
    ///
    /// # Errors
    /// That there are too many, that they end early, or that they take too long.
    pub async fn read(self) -> Result<Vec<u8>, Problem> {
        match self {
            Self::File(file) => file.read().await,
            Self::Answer(answer) => answer.read().await,
        }
    }
}

/// The validator of a source whose server tells none: its bytes themselves.
pub fn digest_validator(bytes: &[u8]) -> String {
    freshness::validator_of_bytes(&hexadecimal(&Sha256::digest(bytes)))
}

fn too_large(limit: u64, got: u64) -> Problem {
    Problem::excess(Code::SourceTooLarge, "source bytes", limit, got)
}
