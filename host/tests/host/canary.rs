//! Listeners that nobody should ever talk to.

use std::net::{IpAddr, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// Listeners at several addresses on one port. Their threads end with the test program.
pub struct Canaries {
    pub port: u16,
    pub addresses: Vec<IpAddr>,
    heard: Arc<AtomicUsize>,
}

impl Canaries {
    /// At each of `wanted` that this machine has, on one free port; at the first of them for certain.
    pub fn at(wanted: &[IpAddr]) -> Self {
        let first = TcpListener::bind((wanted[0], 0)).unwrap();
        let port = first.local_addr().unwrap().port();
        let reached = |at: &IpAddr| {
            let listener = TcpListener::bind((*at, port)).ok()?;
            // The broadcast address can be bound, and not be reached.
            TcpStream::connect((*at, port)).ok()?;
            listener.accept().ok()?;
            Some(listener)
        };
        let others = wanted[1..].iter().filter_map(reached);
        let listeners: Vec<TcpListener> = [first].into_iter().chain(others).collect();
        let address = |listener: &TcpListener| listener.local_addr().unwrap().ip();
        let addresses = listeners.iter().map(address).collect();
        let heard = Arc::new(AtomicUsize::new(0));
        for listener in listeners {
            let heard = Arc::clone(&heard);
            thread::spawn(move || {
                for _ in listener.incoming() {
                    heard.fetch_add(1, Ordering::SeqCst);
                }
            });
        }
        Self { port, addresses, heard }
    }

    /// Connections so far. One of our own, to each, goes before the look: what came before it was heard.
    pub fn heard(&self) -> usize {
        let before = self.heard.load(Ordering::SeqCst);
        for address in &self.addresses {
            drop(TcpStream::connect(SocketAddr::new(*address, self.port)).unwrap());
        }
        let own = self.addresses.len();
        while self.heard.load(Ordering::SeqCst) < before + own {
            thread::yield_now();
        }
        self.heard.fetch_sub(own, Ordering::SeqCst) - own
    }
}
