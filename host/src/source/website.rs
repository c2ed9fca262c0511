//! Other servers as sources, over HTTP.

use std::sync::Arc;

use futures_util::future::BoxFuture;
use http_body_util::BodyExt;
use hyper::header::{HeaderValue, LOCATION, VIA};
use selvedge_plan::allow::AllowList;
use selvedge_plan::{Code, Problem, Source, limits};
use url::Url;

use super::client::{Bounds, Client, Reply, failed};
use super::fetch::{Body, Facts, Fetch, text};
use super::origin::{Ask, Origin};

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
    async fn fetch(&self, source: &Source, ask: Ask<'_>) -> Result<Fetch, Problem> {
        let url = self.address(source)?;
        let bounds = self.client.bounds(ask.byte_limit);
        let reply = self.follow(url, ask.via, bounds).await?;
        Problem::check_source_status(reply.status)?;
        let facts = Facts::of(&reply.headers, reply.length)?;
        let body = Body::Stream(Box::pin(reply.wire.into_data_stream()));
        Fetch::new(facts, body, ask.byte_limit)
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
    async fn follow(&self, mut url: Url, via: &str, bounds: Bounds) -> Result<Reply, Problem> {
        for _ in 0..=limits::REDIRECTS {
            let mut request = Client::get(url.clone());
            let via = HeaderValue::from_str(via).map_err(|_| failed("no Via header fits"))?;
            request.headers_mut().insert(VIA, via);
            let reply = self.client.exchange(request, bounds).await?;
            if !(300..400).contains(&reply.status) {
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
    fn open<'a>(
        &'a self,
        source: &'a Source,
        ask: Ask<'a>,
    ) -> BoxFuture<'a, Result<Fetch, Problem>> {
        Box::pin(self.fetch(source, ask))
    }
}
