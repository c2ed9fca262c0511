//! Other servers as sources. One type holds all that keeps a fetch within bounds: byte limit,
//! timeouts, redirects, content codings and the address rule.

use std::time::Duration;

use reqwest::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, ETAG, HeaderMap, HeaderName, HeaderValue,
    LAST_MODIFIED, LOCATION, VIA,
};
use reqwest::{Response, redirect};
use selvedge_plan::allow::AllowList;
use selvedge_plan::freshness;
use selvedge_plan::{Code, Problem, limits};
use tokio::time::{Instant, timeout_at};
use url::Url;

use super::public::{Exempt, NotPublic};
use super::{Patience, too_large};

/// The client for every server. It keeps connections, and nothing else, between requests.
#[derive(Debug)]
pub struct Client {
    http: reqwest::Client,
    exempt: Exempt,
    patience: Patience,
}

/// Where redirects may lead.
#[derive(Clone, Copy, Debug)]
pub struct Permission<'a> {
    /// The allow-list.
    pub allow: &'a AllowList,
    /// The operator's own origin, for a path below it.
    pub home: Option<&'a Url>,
}

/// An answer of 200, before its body.
#[derive(Debug)]
pub struct Answer {
    response: Response,
    byte_limit: u64,
    between_bytes: Duration,
    end: Instant,
}

impl Client {
    /// A client that reaches private addresses only at the hosts of `named`.
    ///
    /// # Errors
    /// If the system has no source of randomness or the like.
    pub fn new(named: &[Url], patience: Patience) -> Result<Self, String> {
        let exempt = Exempt::hosts_of(named);
        let mut headers = HeaderMap::new();
        // Without a coding the length means what it says, and no small body becomes a big one.
        headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
        let http = reqwest::Client::builder()
            .default_headers(headers)
            .dns_resolver(std::sync::Arc::new(exempt.clone()))
            .connect_timeout(patience.connect)
            .redirect(redirect::Policy::none())
            .referer(false)
            .no_proxy()
            .build()
            .map_err(|error| format!("no HTTP client: {error}"))?;
        Ok(Self { http, exempt, patience })
    }

    /// Gets the head of `url`, which was found to be allowed, following redirects as far as
    /// `permission` goes.
    pub async fn get(
        &self,
        url: Url,
        permission: Permission<'_>,
        via: &str,
        byte_limit: u64,
    ) -> Result<Answer, Problem> {
        let end = Instant::now() + self.patience.total;
        let mut url = url;
        for _ in 0..=limits::REDIRECTS {
            let response = self.send(&url, via, end).await?;
            if response.status().is_redirection() {
                let location = text(response.headers(), LOCATION)
                    .ok_or_else(|| failed("its server redirects to nowhere"))?;
                url = permission.allow.redirect(&url, location, permission.home)?;
                continue;
            }
            accept(&response, byte_limit)?;
            return Ok(Answer {
                response,
                byte_limit,
                between_bytes: self.patience.between_bytes,
                end,
            });
        }
        let most = limits::REDIRECTS;
        Err(failed(&format!("expected at most {most} redirects, got more")))
    }

    async fn send(&self, url: &Url, via: &str, end: Instant) -> Result<Response, Problem> {
        self.exempt.check_literal(url).map_err(|error| error.problem())?;
        let request = self.http.get(url.clone()).header(VIA, via).send();
        let end = end.min(Instant::now() + self.patience.first_byte);
        timeout_at(end, request)
            .await
            .map_err(|_| late("its server did not answer in time"))?
            .map_err(problem)
    }
}

impl Answer {
    /// What the server says tells this version from others.
    pub fn validator(&self) -> Option<String> {
        let headers = self.response.headers();
        freshness::validator(
            text(headers, ETAG),
            text(headers, LAST_MODIFIED),
            self.response.content_length(),
        )
    }

    /// What the server says of caching.
    pub fn cache_control(&self) -> Option<String> {
        let all = self.response.headers().get_all(CACHE_CONTROL);
        let texts: Vec<&str> = all.iter().filter_map(|value| value.to_str().ok()).collect();
        (!texts.is_empty()).then(|| texts.join(","))
    }

    /// The length, or the limit where it is not known.
    pub fn most_bytes(&self) -> u64 {
        self.response.content_length().unwrap_or(self.byte_limit)
    }

    /// Reads the body. One that ends early is an error, never a shorter picture.
    pub async fn read(mut self) -> Result<Vec<u8>, Problem> {
        let mut bytes = Vec::new();
        loop {
            let end = self.end.min(Instant::now() + self.between_bytes);
            let piece = timeout_at(end, self.response.chunk())
                .await
                .map_err(|_| late("its server stopped sending"))?
                .map_err(problem)?;
            let Some(piece) = piece else {
                return Ok(bytes);
            };
            let length = bytes.len().saturating_add(piece.len());
            let length = u64::try_from(length).unwrap_or(u64::MAX);
            if length > self.byte_limit {
                return Err(too_large(self.byte_limit, length));
            }
            bytes.extend_from_slice(&piece);
        }
    }
}

/// Checks what the head of an answer promises.
fn accept(response: &Response, byte_limit: u64) -> Result<(), Problem> {
    Problem::check_source_status(response.status().as_u16())?;
    if let Some(coding) = text(response.headers(), CONTENT_ENCODING)
        && !coding.eq_ignore_ascii_case("identity")
    {
        return Err(failed(&format!("expected no content coding from its server, got `{coding}`")));
    }
    match response.content_length() {
        Some(length) if length > byte_limit => Err(too_large(byte_limit, length)),
        _ => Ok(()),
    }
}

fn text(headers: &HeaderMap, name: HeaderName) -> Option<&str> {
    headers.get(name)?.to_str().ok()
}

/// What a client is told of a transport error: its kind, since the text may name addresses of the
/// server's own network.
fn problem(error: reqwest::Error) -> Problem {
    if let Some(reason) = NotPublic::behind(&error) {
        return reason.problem();
    }
    tracing::debug!(error = format!("{:?}", error), "source");
    if error.is_timeout() {
        late("its server could not be reached in time")
    } else if error.is_connect() {
        failed("its server could not be reached")
    } else if error.is_body() || error.is_decode() {
        failed("its server broke off in the middle of the file")
    } else {
        failed("its server did not answer in HTTP")
    }
}

fn failed(detail: &str) -> Problem {
    Problem::new(Code::SourceFailed, detail)
}

fn late(detail: &str) -> Problem {
    Problem::new(Code::SourceTimeout, detail)
}
