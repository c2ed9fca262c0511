//! The server: sockets in, [`handler`] for what they ask.

mod admin;
mod admission;
mod answer;
mod connection;
mod flight;
mod handler;
pub mod log;
mod making;
mod patience;
mod purse;
mod request;
mod tls;

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::time;
use tokio_rustls::TlsAcceptor;
use tracing::{info, warn};

pub use admin::Admin;
use connection::Connections;
pub use handler::Handler;
pub use tls::acceptor;

use crate::config;

/// A server that listens.
pub struct Server {
    listener: TcpListener,
    handler: Arc<Handler>,
    settings: Arc<config::Server>,
    tls: Option<TlsAcceptor>,
}

impl Server {
    /// Listens where the settings say.
    ///
    /// # Errors
    /// If the address cannot be had, or a file of TLS is not in order.
    pub async fn bind(settings: &config::Server, handler: Handler) -> Result<Self, String> {
        let tls = settings.tls().map(|(certificate, key)| acceptor(certificate, key));
        let bound = TcpListener::bind(settings.listen).await;
        Ok(Self {
            tls: tls.transpose()?,
            listener: bound.map_err(|error| format!("{}: {error}", settings.listen))?,
            handler: Arc::new(handler),
            settings: Arc::new(settings.clone()),
        })
    }

    /// Where it listens.
    ///
    /// # Errors
    /// If the system does not tell.
    pub fn address(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }

    /// What answers.
    pub fn handler(&self) -> Arc<Handler> {
        Arc::clone(&self.handler)
    }

    /// Serves until `stop`. Then it says that it is not ready, serves on for as long as balancers need
    /// to see that, takes no more connections, and lets the requests that it has come to an end.
    pub async fn run(self, stop: impl Future<Output = ()>) {
        let room = Arc::new(Semaphore::new(self.settings.connections));
        let (stopping, stopped) = watch::channel(false);
        let connections = Connections {
            handler: self.handler,
            settings: Arc::clone(&self.settings),
            tls: self.tls,
            stopping: stopped,
        };
        let handler = Arc::clone(&connections.handler);
        let stop = async {
            stop.await;
            handler.retire();
            time::sleep(self.settings.drain_notice.0).await;
        };
        let mut stop = std::pin::pin!(stop);
        loop {
            tokio::select! {
                biased;
                () = &mut stop => break,
                (stream, permit) = accept(&self.listener, &room) => {
                    let connection = connections.clone().serve(stream);
                    tokio::spawn(async move {
                        connection.await;
                        drop(permit);
                    });
                }
            }
        }
        drop((self.listener, connections));
        info!(connections = stopping.receiver_count(), "stopping");
        // Nobody listens any more when it is not sent.
        let _ = stopping.send(true);
        if time::timeout(self.settings.drain_timeout.0, stopping.closed()).await.is_err() {
            warn!("some requests did not end in time");
        }
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
