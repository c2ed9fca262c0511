//! One connection: which protocol it speaks, and how long it may be silent.

use std::convert::Infallible;
use std::io;
use std::net::IpAddr;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;

use hyper::header::{CONNECTION, HeaderValue};
use hyper::server::conn::{http1, http2};
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulConnection;
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio::time;
use tokio_rustls::TlsAcceptor;
use tracing::debug;

use super::handler::Handler;
use super::patience::PatientWriter;
use super::request;
use crate::config;

/// Bytes of a request's head: the longest target four times over.
const HEAD_BYTES: u16 = 16 << 10;

/// Header fields of a request. Browsers send about 20.
const HEADER_FIELDS: usize = 64;

/// Requests at once on a connection of HTTP/2.
const STREAMS: u32 = 100;

/// What a client of HTTP/2 sends first (RFC 9113 §3.4).
const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

/// Between two looks at the first bytes. Those who send them in pieces are few.
const LOOK: Duration = Duration::from_millis(10);

/// What all connections share.
#[derive(Clone)]
pub struct Connections {
    /// What answers.
    pub handler: Arc<Handler>,
    /// How long clients may take.
    pub settings: Arc<config::Server>,
    /// What encrypts, if anything does.
    pub tls: Option<TlsAcceptor>,
    /// Becomes true when no more requests are wanted.
    pub stopping: watch::Receiver<bool>,
}

/// What a connection does at the moment.
#[derive(Debug, Default)]
struct Activity {
    running: AtomicUsize,
    served: AtomicU64,
}

impl Connections {
    /// Serves a client until one of both ends it.
    pub async fn serve(self, stream: TcpStream) {
        let patience = self.settings.header_timeout.0;
        let peer = stream.peer_addr().ok().map(|address| address.ip());
        let done = match &self.tls {
            Some(tls) => {
                let stream = PatientWriter::new(stream, self.settings.write_timeout.0);
                match time::timeout(patience, tls.accept(stream)).await {
                    Ok(Ok(stream)) => {
                        let two = stream.get_ref().1.alpn_protocol() == Some(b"h2");
                        self.speak(stream, peer, two).await
                    }
                    Ok(Err(error)) => Err(error.into()),
                    Err(_) => Ok(()),
                }
            }
            None => match time::timeout(patience, begins_with_preface(&stream)).await {
                Ok(Ok(two)) => {
                    let stream = PatientWriter::new(stream, self.settings.write_timeout.0);
                    self.speak(stream, peer, two).await
                }
                Ok(Err(error)) => Err(error.into()),
                Err(_) => Ok(()),
            },
        };
        if let Err(error) = done {
            debug!(error, "connection");
        }
    }

    async fn speak<S>(
        self,
        stream: S,
        peer: Option<IpAddr>,
        two: bool,
    ) -> Result<(), Box<dyn std::error::Error + Send + Sync>>
    where
        S: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin + Send + 'static,
    {
        let activity = Arc::new(Activity::default());
        let (seen, handler) = (Arc::clone(&activity), Arc::clone(&self.handler));
        let service = service_fn(move |asked| {
            let (seen, handler) = (Arc::clone(&seen), Arc::clone(&handler));
            // Boxed, since a connection has room for one from its first byte on, and most are silent.
            Box::pin(async move {
                let _running = Running::new(&seen);
                let mut answer = request::answer(&handler, &asked, peer).await?;
                if !two && !handler.is_ready() {
                    // Who keeps connections is told in time to ask elsewhere (RFC 9112 §9.6).
                    answer.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
                }
                Ok::<_, Infallible>(answer)
            })
        });
        let (io, patience) = (TokioIo::new(stream), self.settings.header_timeout.0);
        if two {
            let connection = http2::Builder::new(TokioExecutor::new())
                .timer(TokioTimer::new())
                // Who answers no ping is gone.
                .keep_alive_interval(patience)
                .keep_alive_timeout(patience)
                .max_concurrent_streams(STREAMS)
                .max_header_list_size(HEAD_BYTES.into())
                .serve_connection(io, service);
            Box::pin(self.drive(connection, activity.idle(patience), patience)).await?;
        } else {
            let connection = http1::Builder::new()
                // Without a timer the timeout would not fire.
                .timer(TokioTimer::new())
                .header_read_timeout(patience)
                .max_buf_size(HEAD_BYTES.into())
                .max_headers(HEADER_FIELDS)
                .serve_connection(io, service);
            self.drive(connection, std::future::pending(), patience).await?;
        }
        Ok(())
    }

    /// Drives a connection on. When the server stops, or `idle` says so, it takes no more requests.
    async fn drive<C: GracefulConnection>(
        mut self,
        connection: C,
        idle: impl Future<Output = ()>,
        patience: Duration,
    ) -> Result<(), C::Error> {
        let mut connection = pin!(connection);
        let stopping = async { drop(self.stopping.wait_for(|stopping| *stopping).await) };
        tokio::select! {
            done = connection.as_mut() => return done,
            () = stopping => {
                connection.as_mut().graceful_shutdown();
                return connection.await;
            }
            () = idle => {}
        }
        Pin::as_mut(&mut connection).graceful_shutdown();
        // It has nothing to lose: who does not even read that is left.
        time::timeout(patience, connection).await.unwrap_or(Ok(()))
    }
}

impl Activity {
    /// Waits until nothing was asked for so long. HTTP/1 has its own timer for that.
    async fn idle(self: Arc<Self>, patience: Duration) {
        loop {
            let before = self.served.load(Ordering::Relaxed);
            time::sleep(patience).await;
            let now = self.served.load(Ordering::Relaxed);
            if now == before && self.running.load(Ordering::Relaxed) == 0 {
                return;
            }
        }
    }
}

/// A request that is being answered.
struct Running<'a>(&'a Activity);

impl<'a> Running<'a> {
    fn new(activity: &'a Activity) -> Self {
        activity.running.fetch_add(1, Ordering::Relaxed);
        activity.served.fetch_add(1, Ordering::Relaxed);
        Self(activity)
    }
}

impl Drop for Running<'_> {
    fn drop(&mut self) {
        self.0.running.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Whether a client speaks HTTP/2 from the start, as it may where both sides know of it (RFC 9113
/// §3.3). The bytes stay where they are.
async fn begins_with_preface(stream: &TcpStream) -> io::Result<bool> {
    let mut head = [0; PREFACE.len()];
    loop {
        let count = stream.peek(&mut head).await?;
        let seen = head.get(..count).unwrap_or_default();
        match PREFACE.strip_prefix(seen) {
            Some([]) => return Ok(true),
            // Nothing more will come.
            Some(_) if seen.is_empty() => return Ok(false),
            Some(_) => time::sleep(LOOK).await,
            None => return Ok(false),
        }
    }
}
