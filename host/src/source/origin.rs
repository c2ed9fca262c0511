//! What every kind of source has in common.

use std::fmt;

use futures_util::future::BoxFuture;
use selvedge_plan::{Problem, Source};

use super::fetch::Fetch;

/// A place that files come from.
pub trait Origin: fmt::Debug + Send + Sync {
    /// Finds a file, and what is known of it before its bytes.
    ///
    /// # Errors
    /// That there is none, that it is too large, or that its server failed.
    fn open<'a>(
        &'a self,
        source: &'a Source,
        ask: Ask<'a>,
    ) -> BoxFuture<'a, Result<Fetch, Problem>>;
}

/// What is asked of an origin beside the file.
#[derive(Clone, Copy, Debug)]
pub struct Ask<'a> {
    /// The Via header for other servers, so that a loop can be seen.
    pub via: &'a str,
    /// Most bytes.
    pub byte_limit: u64,
}
