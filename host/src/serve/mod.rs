//! The server: sockets in, [`handler`] for what they ask.

mod admin;
mod admission;
mod answer;
mod clients;
mod connection;
mod flight;
mod handler;
pub mod log;
mod look;
mod making;
mod patience;
mod purse;
mod request;
mod spot;
mod tls;

use std::io;
use std::iter;
use std::net::{SocketAddr, TcpListener as Socket};
use std::sync::Arc;
use std::time::Duration;

use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::time;
use tokio_rustls::TlsAcceptor;
use tracing::{info, warn};

pub use admin::{Admin, OPERATOR};
use connection::Connections;
pub use handler::Handler;
pub use purse::{Part, Purse};
pub use spot::Finding;
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
    /// Listens where the settings say, or at a socket that somebody opened before, and that others may
    /// listen at too: then no connection is lost between one server and the next.
    ///
    /// # Errors
    /// If the address cannot be had, or a file of TLS is not in order.
    pub async fn bind(
        settings: &config::Server,
        handler: Handler,
        given: Option<Socket>,
    ) -> Result<Self, String> {
        let tls = settings.tls().map(|(certificate, key)| acceptor(certificate, key));
        let bound = match given {
            Some(socket) => {
                socket.set_nonblocking(true).and_then(|()| TcpListener::from_std(socket))
            }
            None => TcpListener::bind(settings.listen).await,
        };
        let listener = bound.map_err(|error| format!("{}: {error}", settings.listen))?;
        let address = listener.local_addr().map_err(|error| error.to_string())?;
        if settings.dev && !address.ip().is_loopback() {
            return Err(format!("--dev: expected a socket on loopback, got {address}"));
        }
        Ok(Self {
            tls: tls.transpose()?,
            listener,
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
                    begin(&connections, stream, permit);
                }
            }
        }
        for stream in rest(self.listener).take(room.available_permits()) {
            begin(&connections, stream, Arc::clone(&room).try_acquire_owned().ok());
        }
        drop(connections);
        info!(connections = stopping.receiver_count(), "stopping");
        // Nobody listens any more when it is not sent.
        let _ = stopping.send(true);
        if time::timeout(self.settings.drain_timeout.0, stopping.closed()).await.is_err() {
            warn!("some requests did not end in time");
        }
    }
}

fn begin(connections: &Connections, stream: TcpStream, permit: Option<OwnedSemaphorePermit>) {
    let connection = connections.clone().serve(stream);
    tokio::spawn(async move {
        connection.await;
        drop(permit);
    });
}

/// The connections that the system has taken in already: it resets them when nobody listens any more.
fn rest(listener: TcpListener) -> impl Iterator<Item = TcpStream> {
    let listener = listener.into_std().ok();
    iter::from_fn(move || {
        let (stream, _) = listener.as_ref()?.accept().ok()?;
        stream.set_nonblocking(true).and_then(|()| TcpStream::from_std(stream)).ok()
    })
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
