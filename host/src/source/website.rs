//! Other servers as sources, over HTTP.

use std::sync::Arc;

use futures_util::future::BoxFuture;
use http_body_util::BodyExt;
use hyper::header::{HeaderName, HeaderValue, IF_MODIFIED_SINCE, IF_NONE_MATCH, LOCATION, VIA};
use selvedge_plan::allow::AllowList;
use selvedge_plan::{Code, Problem, Source, limits};
use url::Url;

use super::client::{Bounds, Client, Reply, failed};
use super::fetch::{Body, Facts, Fetch, Told, text};
use super::origin::{Ask, Found, Origin};

/// The status of what has not changed.
const NOT_MODIFIED: u16 = 304;

/// Addresses that may be fetched.
#[derive(Debug)]
pub struct Website {
    /// Who fetches.
    pub client: Arc<Client>,
    /// Where absolute addresses, and redirects, may lead.
    pub allow: AllowList,
    /// What paths are below of: the operator's own server.
    pub home: Option<Url>,
}

impl Website {
    async fn fetch(&self, source: &Source, ask: Ask<'_>) -> Result<Found, Problem> {
        let url = self.address(source)?;
        let bounds = self.client.bounds(ask.byte_limit);
        let reply = self.follow(url, ask, bounds).await?;
        if reply.status == NOT_MODIFIED && ask.known.is_some() {
            return Facts::of(&reply.headers, None).map(Found::Unchanged);
        }
        Problem::check_source_status(reply.status)?;
        let facts = Facts::of(&reply.headers, reply.length)?;
        let body = Body::Stream(Box::pin(reply.wire.into_data_stream()));
        Fetch::new(facts, body, ask.byte_limit).map(Found::Whole)
    }

    /// The address of a source, which [`selvedge_plan`] found to be allowed if it is absolute.
    fn address(&self, source: &Source) -> Result<Url, Problem> {
        match source {
            Source::Url(url) => Ok(url.clone()),
            Source::Path(path) => self
                .home
                .as_ref()
                .and_then(|home| path.below(home))
                .ok_or_else(|| Problem::new(Code::SourceNotFound, "the path fits no address")),
        }
    }

    /// Gets the head of an answer that is no redirect.
    async fn follow(&self, mut url: Url, ask: Ask<'_>, bounds: Bounds) -> Result<Reply, Problem> {
        for _ in 0..=limits::REDIRECTS {
            let mut request = Client::get(url.clone());
            for (name, text) in headers(ask) {
                let value = HeaderValue::from_str(text);
                let value = value.map_err(|_| failed("what is known of it fits no header"))?;
                request.headers_mut().insert(name, value);
            }
            let reply = self.client.exchange(request, bounds).await?;
            if reply.status == NOT_MODIFIED || !(300..400).contains(&reply.status) {
                return Ok(reply);
            }
            let location = text(&reply.headers, LOCATION)
                .ok_or_else(|| failed("its server redirects to nowhere"))?;
            url = self.allow.redirect(&url, location, self.home.as_ref())?;
        }
        let most = limits::REDIRECTS;
        Err(failed(&format!("expected at most {most} redirects, got more")))
    }
}

impl Origin for Website {
    fn location(&self, source: &Source) -> String {
        self.address(source).map(String::from).unwrap_or_default()
    }

    fn open<'a>(
        &'a self,
        source: &'a Source,
        ask: Ask<'a>,
    ) -> BoxFuture<'a, Result<Found, Problem>> {
        Box::pin(self.fetch(source, ask))
    }
}

/// What is asked for beside the address.
fn headers(ask: Ask<'_>) -> impl Iterator<Item = (HeaderName, &str)> {
    let known = |of: fn(&Told) -> &Option<String>| ask.known.and_then(|told| of(told).as_deref());
    let all = [
        (VIA, Some(ask.via)),
        (IF_NONE_MATCH, known(|told| &told.etag)),
        (IF_MODIFIED_SINCE, known(|told| &told.last_modified)),
    ];
    all.into_iter().filter_map(|(name, text)| Some((name, text?)))
}
