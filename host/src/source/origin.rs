//! What every kind of source has in common.

use std::fmt;

use futures_util::future::BoxFuture;
use selvedge_plan::{Problem, Source};

use super::client::failed;
use super::fetch::{Facts, Fetch, Told};

/// A place that files come from.
pub trait Origin: fmt::Debug + Send + Sync {
    /// Whether files are on this machine, so that copies on its disk would be of no use.
    fn is_here(&self) -> bool {
        false
    }

    /// What tells a file's place from all others.
    fn location(&self, source: &Source) -> String;

    /// Finds a file, and what is known of it before its bytes.
    ///
    /// # Errors
    /// That there is none, that it is too large, or that its server failed.
    fn open<'a>(
        &'a self,
        source: &'a Source,
        ask: Ask<'a>,
    ) -> BoxFuture<'a, Result<Found, Problem>>;
}

/// What is asked of an origin beside the file.
#[derive(Clone, Copy, Debug)]
pub struct Ask<'a> {
    /// The Via header for other servers, so that a loop can be seen.
    pub via: &'a str,
    /// Most bytes.
    pub byte_limit: u64,
    /// The version that is here already.
    pub known: Option<&'a Told>,
}

/// What an origin has.
#[derive(Debug)]
pub enum Found {
    /// The version that is known, and what is said of it now.
    Unchanged(Facts),
    /// A file.
    Whole(Fetch),
}

impl Found {
    /// The file, for who knows no version.
    ///
    /// # Errors
    /// If the origin takes us for one who does.
    pub fn whole(self) -> Result<Fetch, Problem> {
        match self {
            Self::Whole(fetch) => Ok(fetch),
            Self::Unchanged(_) => Err(failed("its server answered a condition that was not set")),
        }
    }
}
