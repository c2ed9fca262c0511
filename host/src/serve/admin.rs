//! The operator's door: health, numbers and the status page, on an address and a thread of their own,
//! so that they answer however busy the server is. Nobody is asked for a password here, so it is closed
//! until an address is set, and should stay on loopback or a private network.

use std::convert::Infallible;
use std::io;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderValue};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use serde::Serialize;
use tokio::runtime;
use tokio::sync::oneshot;
use tokio::{task, time};
use tracing::debug;

use super::handler::Handler;
use crate::components::{Change, State};
use crate::observe::history::SLICE;
use crate::observe::{short, status};
use crate::rollout::{Known, Pairs};

/// Longer than any monitoring system waits between its questions on one connection.
const PATIENCE: Duration = Duration::from_secs(60);

/// A server for the operator, until it is dropped.
#[derive(Debug)]
pub struct Admin {
    address: SocketAddr,
    _stop: oneshot::Sender<()>,
}

impl Admin {
    /// Opens the door at `address`.
    ///
    /// # Errors
    /// If the address cannot be had, or the system gives no thread.
    pub fn open(address: SocketAddr, handler: Arc<Handler>) -> io::Result<Self> {
        let listener = TcpListener::bind(address)?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let runtime = runtime::Builder::new_current_thread().enable_all().build()?;
        let (stop, stopped) = oneshot::channel::<()>();
        thread::Builder::new().name("admin".to_owned()).spawn(move || {
            runtime.block_on(async {
                tokio::select! {
                    _ = stopped => {}
                    error = serve(listener, &handler) => debug!(?error, "admin"),
                    () = watch(&handler) => {}
                }
            });
        })?;
        Ok(Self { address, _stop: stop })
    }

    /// Where it is.
    pub fn address(&self) -> SocketAddr {
        self.address
    }
}

async fn serve(listener: TcpListener, handler: &Arc<Handler>) -> io::Result<Infallible> {
    let listener = tokio::net::TcpListener::from_std(listener)?;
    loop {
        let (stream, _) = listener.accept().await?;
        let handler = Arc::clone(handler);
        let service = service_fn(move |request| {
            let handler = Arc::clone(&handler);
            async move { Ok::<_, Infallible>(answer(&handler, &request).await) }
        });
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(PATIENCE)
            .serve_connection(TokioIo::new(stream), service);
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                debug!(%error, "admin connection");
            }
        });
    }
}

/// Notes what no request tells.
async fn watch(handler: &Handler) {
    let mut ticks = time::interval(SLICE / 5);
    loop {
        ticks.tick().await;
        let standing = handler.standing();
        handler.observer().history.add(|slice| {
            slice.waiting = slice.waiting.max(standing.waiting);
            slice.resident = slice.resident.max(standing.resident);
        });
    }
}

async fn answer(handler: &Arc<Handler>, request: &Request<Incoming>) -> Response<Full<Bytes>> {
    let (observer, roles) = (handler.observer(), handler.components().roles());
    match request.uri().path() {
        "/metrics" => {
            let text = observer.metrics.text(&handler.standing(), &roles).unwrap_or_default();
            let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
            reply(StatusCode::OK, kind, text)
        }
        "/status" => {
            let (slices, standing) = (observer.history.slices(), handler.standing());
            let page = status::page(&slices, &standing, &roles, handler.shadow().as_ref());
            reply(StatusCode::OK, "text/html; charset=utf-8", page)
        }
        "/rollout" => json(&handler.components().state()),
        "/rollout/evidence" => json(&known(handler)),
        path if path.starts_with("/rollout/") => change(handler, request).await,
        path => health(handler, path).unwrap_or_else(|| {
            let all = "/metrics, /status, /rollout, /rollout/evidence, /healthz, /readyz\n";
            reply(StatusCode::NOT_FOUND, PLAIN, all.to_owned())
        }),
    }
}

/// The header without which nothing is changed: a page in the operator's browser cannot send it to
/// another site (Fetch §4.8, CORS preflight).
pub const OPERATOR: &str = "selvedge-operator";

/// Does what `/rollout/…` asks for.
async fn change(handler: &Arc<Handler>, request: &Request<Incoming>) -> Response<Full<Bytes>> {
    if request.method() != Method::POST || !request.headers().contains_key(OPERATOR) {
        let expected = format!("expected POST, and a header {OPERATOR}\n");
        return reply(StatusCode::METHOD_NOT_ALLOWED, PLAIN, expected);
    }
    let share = request.uri().query().and_then(|query| query.strip_prefix("share="));
    let change = match (request.uri().path(), share) {
        ("/rollout/promote", _) => Some(Change::Promote),
        ("/rollout/rollback", _) => Some(Change::Rollback),
        ("/rollout/reload", _) => None,
        ("/rollout/set", Some(share)) => match share.parse() {
            Ok(share) => Some(Change::Share(share)),
            Err(why) => return reply(StatusCode::BAD_REQUEST, PLAIN, format!("{why}\n")),
        },
        _ => {
            let all = "/rollout/promote, rollback, reload, set?share=1/16\n";
            return reply(StatusCode::NOT_FOUND, PLAIN, all.to_owned());
        }
    };
    let handler = Arc::clone(handler);
    // A component that was never loaded is compiled, which takes a second.
    let done = task::spawn_blocking(move || match change {
        Some(change) => handler.components().change(change),
        None => handler.components().reload(),
    });
    match done.await {
        Ok(Ok(now)) => json(&now),
        Ok(Err(why)) => reply(StatusCode::CONFLICT, PLAIN, format!("{why}\n")),
        Err(error) => reply(StatusCode::INTERNAL_SERVER_ERROR, PLAIN, format!("{error}\n")),
    }
}

/// What is known of stable component and candidate.
fn known(handler: &Handler) -> Known {
    let State { stable, candidate, .. } = handler.components().state();
    let arm = |digest: &str| handler.observer().evidence.of(short(digest));
    // What is known of an older candidate says nothing of this one.
    let pairs = handler.shadow().map(|tally| match candidate.as_ref() == Some(&tally.candidate) {
        true => Pairs { compared: tally.runs(), bad: tally.bad },
        false => Pairs::default(),
    });
    let candidate = candidate.as_deref().map(arm).unwrap_or_default();
    Known { stable: arm(&stable), candidate, pairs }
}

fn json(told: &impl Serialize) -> Response<Full<Bytes>> {
    let text = serde_json::to_string_pretty(told).unwrap_or_default();
    reply(StatusCode::OK, "application/json", text + "\n")
}

const PLAIN: &str = "text/plain; charset=utf-8";

/// The answer to who asks whether the server lives (`/healthz`, or `/health`), and whether it wants
/// requests (`/readyz`).
pub fn health(handler: &Handler, path: &str) -> Option<Response<Full<Bytes>>> {
    match path {
        "/health" | "/healthz" => Some(reply(StatusCode::OK, PLAIN, "ok\n".to_owned())),
        "/readyz" if handler.is_ready() => Some(reply(StatusCode::OK, PLAIN, "ok\n".to_owned())),
        "/readyz" => Some(reply(StatusCode::SERVICE_UNAVAILABLE, PLAIN, "stopping\n".to_owned())),
        _ => None,
    }
}

fn reply(status: StatusCode, kind: &'static str, body: String) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::from(body));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    let policy = "default-src 'none'; style-src 'unsafe-inline'";
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
    response
}
