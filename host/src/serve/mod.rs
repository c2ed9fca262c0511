//! The server: sockets in, [`handler`] for what they ask.

mod admission;
mod answer;
mod flight;
mod handler;
pub mod log;
mod making;
mod purse;
mod request;

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time;
use tracing::{debug, info, warn};

pub use handler::Handler;

use crate::config;

/// Bytes of a request's head: the longest target four times over.
const HEAD_BYTES: usize = 16 << 10;

/// Header fields of a request. Browsers send about 20.
const HEADER_FIELDS: usize = 64;

/// A server that listens.
pub struct Server {
    listener: TcpListener,
    handler: Arc<Handler>,
    settings: config::Server,
}

impl Server {
    /// Listens where the settings say.
    ///
    /// # Errors
    /// If the address cannot be had.
    pub async fn bind(settings: &config::Server, handler: Handler) -> io::Result<Self> {
        Ok(Self {
            listener: TcpListener::bind(settings.listen).await?,
            handler: Arc::new(handler),
            settings: settings.clone(),
        })
    }

    /// Where it listens.
    ///
    /// # Errors
    /// If the system does not tell.
    pub fn address(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }

    /// Serves until `stop`, then lets the requests that it has come to an end.
    pub async fn run(self, stop: impl Future<Output = ()>) {
        let connections = Arc::new(Semaphore::new(self.settings.connections));
        let open = GracefulShutdown::new();
        let mut stop = std::pin::pin!(stop);
        loop {
            tokio::select! {
                biased;
                () = &mut stop => break,
                (stream, permit) = accept(&self.listener, &connections) => {
                    let connection = self.connection(stream);
                    let watched = open.watch(connection);
                    tokio::spawn(async move {
                        if let Err(error) = watched.await {
                            debug!(%error, "connection");
                        }
                        drop(permit);
                    });
                }
            }
        }
        drop(self.listener);
        info!(requests = open.count(), "stopping");
        if time::timeout(self.settings.drain_timeout.0, open.shutdown()).await.is_err() {
            warn!("some requests did not end in time");
        }
    }

    fn connection(
        &self,
        stream: TcpStream,
    ) -> impl hyper_util::server::graceful::GracefulConnection<Error = hyper::Error> + 'static {
        let handler = Arc::clone(&self.handler);
        let service = service_fn(move |asked| {
            let handler = Arc::clone(&handler);
            async move { request::answer(&handler, &asked).await }
        });
        http1::Builder::new()
            // Without a timer the timeout would not fire.
            .timer(TokioTimer::new())
            .header_read_timeout(self.settings.header_timeout.0)
            .max_buf_size(HEAD_BYTES)
            .max_headers(HEADER_FIELDS)
            .serve_connection(TokioIo::new(stream), service)
    }
}

/// The next connection, when there is room for one.
async fn accept(
    listener: &TcpListener,
    connections: &Arc<Semaphore>,
) -> (TcpStream, Option<OwnedSemaphorePermit>) {
    let permit = Arc::clone(connections).acquire_owned().await.ok();
    loop {
        match listener.accept().await {
            Ok((stream, _)) => {
                // Answers are written whole: waiting for more of them (Nagle) only delays the last.
                let _ = stream.set_nodelay(true);
                return (stream, permit);
            }
            Err(error) => {
                // Out of file descriptors, most likely: without a pause this would spin.
                warn!(%error, "accept");
                time::sleep(Duration::from_millis(50)).await;
            }
        }
    }
}
