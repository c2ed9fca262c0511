//! Another server, which does what a test says: well or badly.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

/// A server on loopback. Its thread ends with the test program.
pub struct Origin {
    address: SocketAddr,
    requests: Arc<Mutex<Vec<String>>>,
}

impl Origin {
    /// Serves with `answer`, which is given the head of a request and the connection. The
    /// connection is closed afterwards.
    pub fn new(answer: impl Fn(&str, &mut TcpStream) + Send + Sync + 'static) -> Self {
        Self::listening(SocketAddr::from(([127, 0, 0, 1], 0)), answer)
    }

    /// The same at an address.
    pub fn listening(
        address: SocketAddr,
        answer: impl Fn(&str, &mut TcpStream) + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind(address).unwrap();
        let address = listener.local_addr().unwrap();
        let requests = Arc::new(Mutex::new(Vec::new()));
        let (seen, answer) = (Arc::clone(&requests), Arc::new(answer));
        thread::spawn(move || {
            for stream in listener.incoming() {
                let Ok(mut stream) = stream else { continue };
                let (seen, answer) = (Arc::clone(&seen), Arc::clone(&answer));
                thread::spawn(move || {
                    let head = head(&mut stream);
                    seen.lock().unwrap().push(head.clone());
                    answer(&head, &mut stream);
                });
            }
        });
        Self { address, requests }
    }

    /// Serves `body` with a status line, and with header lines of which each has its line end.
    pub fn with(status: &str, lines: &str, body: &[u8]) -> Self {
        Self::new(saying(status, lines, body))
    }

    /// Serves a body with its right length.
    pub fn serving(lines: &str, body: &[u8]) -> Self {
        Self::with("200 OK", &format!("{lines}content-length: {}\r\n", body.len()), body)
    }

    /// Serves a body with its right length at an address.
    pub fn at(address: SocketAddr, body: &[u8]) -> Self {
        let lines = format!("content-length: {}\r\n", body.len());
        Self::listening(address, saying("200 OK", &lines, body))
    }

    /// `http://127.0.0.1:port`.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The heads of all requests so far.
    pub fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }
}

/// Reads up to the empty line.
fn head(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    let mut one = [0];
    while !bytes.ends_with(b"\r\n\r\n") && stream.read(&mut one).is_ok_and(|n| n == 1) {
        bytes.push(one[0]);
    }
    String::from_utf8(bytes).unwrap()
}

fn saying(
    status: &str,
    lines: &str,
    body: &[u8],
) -> impl Fn(&str, &mut TcpStream) + Send + Sync + 'static {
    let mut all = format!("HTTP/1.1 {status}\r\n{lines}connection: close\r\n\r\n").into_bytes();
    let head = all.len();
    all.extend(body);
    move |asked, stream| {
        let end = if asked.starts_with("HEAD") { head } else { all.len() };
        let _ = stream.write_all(&all[..end]);
    }
}
