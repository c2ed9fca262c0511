//! The HTTP client for every server that sources come from. It keeps each exchange within bounds, and
//! keeps connections, and nothing else, between exchanges.

use std::error::Error;
use std::io::{self, ErrorKind};
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use hyper::body::{Body, Frame};
use hyper::header::{ACCEPT_ENCODING, HeaderMap, HeaderValue};
use reqwest::{Method, Request, Response, redirect};
use selvedge_plan::{Code, Problem};
use tokio::time::{Instant, Sleep, sleep_until, timeout_at};
use url::Url;

use super::fetch::too_large;
use super::patience::Patience;
use super::reach::Reach;

/// A client that reaches what its [`Reach`] permits.
#[derive(Debug)]
pub struct Client {
    http: reqwest::Client,
    /// The same without connections that are left open.
    fresh: reqwest::Client,
    reach: Reach,
    patience: Patience,
}

/// What one fetch may take, all its exchanges together.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// Bytes of a body.
    pub byte_limit: u64,
    /// When all must be over.
    pub end: Instant,
}

/// An answer, before its body.
#[derive(Debug)]
pub struct Reply {
    /// The status.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// Bytes of the body, where they are announced.
    pub length: Option<u64>,
    /// The body.
    pub wire: Wire,
}

/// A body on its way: it ends with an error when it is late or too long.
#[derive(Debug)]
pub struct Wire {
    body: reqwest::Body,
    received: u64,
    bounds: Bounds,
    patience: Patience,
    timer: Pin<Box<Sleep>>,
}

impl Client {
    /// A client within `reach`.
    ///
    /// # Errors
    /// If the system has no source of randomness or the like.
    pub fn new(reach: Reach, patience: Patience) -> Result<Self, String> {
        let mut headers = HeaderMap::new();
        // Without a coding the length means what it says, and no small body becomes a big one.
        headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
        let names = std::sync::Arc::new(reach.clone());
        let builder = || {
            reqwest::Client::builder()
                .default_headers(headers.clone())
                .dns_resolver(names.clone())
                .connect_timeout(patience.connect)
                .redirect(redirect::Policy::none())
                .referer(false)
                // What the environment calls a proxy would be connected to in place of what was checked.
                .no_proxy()
        };
        let wrong = |error| format!("no HTTP client: {error}");
        let http = builder().build().map_err(wrong)?;
        let fresh = builder().pool_max_idle_per_host(0).build().map_err(wrong)?;
        Ok(Self { http, fresh, reach, patience })
    }

    /// The bounds of a fetch that begins now.
    pub fn bounds(&self, byte_limit: u64) -> Bounds {
        Bounds { byte_limit, end: Instant::now() + self.patience.total }
    }

    /// A GET of `url`.
    pub fn get(url: Url) -> Request {
        Request::new(Method::GET, url)
    }

    /// Sends a request and waits for the head of the answer. Redirects are for the caller to follow.
    ///
    /// # Errors
    /// That the server is out of reach, or late, or speaks no HTTP.
    pub async fn exchange(&self, request: Request, bounds: Bounds) -> Result<Reply, Problem> {
        self.reach.check_literal(request.url())?;
        let end = bounds.end.min(Instant::now() + self.patience.first_byte);
        let response = timeout_at(end, self.answer(request))
            .await
            .map_err(|_| late("its server did not answer in time"))?
            .map_err(|error| problem(&error))?;
        let (status, length) = (response.status().as_u16(), response.content_length());
        let headers = response.headers().clone();
        Ok(Reply { status, headers, length, wire: Wire::new(response, bounds, self.patience) })
    }

    /// A server may close a connection that it had left open just when a request is on its way. Such a
    /// request was not answered, and is sent once more (RFC 9112 §9.3.1), on a connection of its own.
    async fn answer(&self, request: Request) -> reqwest::Result<Response> {
        let again = request.try_clone().filter(|request| request.method() == Method::GET);
        match (self.http.execute(request).await, again) {
            (Err(error), Some(again)) if is_unanswered(&error) => self.fresh.execute(again).await,
            (answer, _) => answer,
        }
    }
}

impl Wire {
    fn new(response: Response, bounds: Bounds, patience: Patience) -> Self {
        let body = hyper::Response::from(response).into_body();
        let timer = Box::pin(sleep_until(next(bounds, patience)));
        Self { body, received: 0, bounds, patience, timer }
    }

    /// Notes what was received, and that the next piece may take its time.
    fn received(&mut self, frame: &Frame<Bytes>) -> Result<(), Problem> {
        let length = frame.data_ref().map_or(0, Bytes::len);
        self.received = self.received.saturating_add(u64::try_from(length).unwrap_or(u64::MAX));
        if self.received > self.bounds.byte_limit {
            return Err(too_large(self.bounds.byte_limit, self.received));
        }
        if Instant::now() >= self.bounds.end {
            return Err(late("its server did not send all in time"));
        }
        let next = next(self.bounds, self.patience);
        self.timer.as_mut().reset(next);
        Ok(())
    }
}

impl Body for Wire {
    type Data = Bytes;
    type Error = Problem;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Problem>>> {
        let this = self.get_mut();
        match Pin::new(&mut this.body).poll_frame(context) {
            Poll::Ready(Some(Ok(frame))) => {
                Poll::Ready(Some(this.received(&frame).map(|()| frame)))
            }
            Poll::Ready(Some(Err(error))) => Poll::Ready(Some(Err(problem(&error)))),
            Poll::Ready(None) => Poll::Ready(None),
            Poll::Pending => this
                .timer
                .as_mut()
                .poll(context)
                .map(|()| Some(Err(late("its server stopped sending")))),
        }
    }
}

/// When the next piece of a body must be there.
fn next(bounds: Bounds, patience: Patience) -> Instant {
    bounds.end.min(Instant::now() + patience.between_bytes)
}

/// What a client is told of a transport error: its kind, since the text may name addresses of the
/// server's own network.
fn problem(error: &reqwest::Error) -> Problem {
    if let Some(problem) = behind(error) {
        return problem.clone();
    }
    tracing::debug!(error = format!("{error:?}"), "source");
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

/// The problem of ours behind what a library says.
pub fn behind<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a Problem> {
    causes(error).find_map(|error| error.downcast_ref())
}

/// Whether a connection ended before the first byte of an answer.
fn is_unanswered(error: &reqwest::Error) -> bool {
    let ends = [ErrorKind::BrokenPipe, ErrorKind::ConnectionAborted, ErrorKind::ConnectionReset];
    let mut causes = causes(error).filter(|_| !error.is_connect());
    causes.any(|error| {
        let http = error.downcast_ref().is_some_and(hyper::Error::is_incomplete_message);
        http || error.downcast_ref::<io::Error>().is_some_and(|error| ends.contains(&error.kind()))
    })
}

fn causes<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |error| (**error).source())
}

/// The problem of a server that fails.
pub fn failed(detail: &str) -> Problem {
    Problem::new(Code::SourceFailed, detail)
}

fn late(detail: &str) -> Problem {
    Problem::new(Code::SourceTimeout, detail)
}
