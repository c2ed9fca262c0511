//! A small scripted web server: where sources come from, and what can go wrong there.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

/// What is answered.
#[derive(Clone, Debug)]
pub enum Reply {
    /// A 200 with these headers and this body.
    Full(Vec<(&'static str, String)>, Vec<u8>),
    /// A 200 without a length, in chunks.
    Chunked(Vec<u8>),
    /// A 200 that promises more bytes than come.
    CutOff {
        /// What Content-Length says.
        promised: usize,
        /// What comes.
        body: Vec<u8>,
    },
    /// A 200 whose body stops, for as long as the client waits.
    Stall {
        /// What Content-Length says.
        promised: usize,
        /// What comes.
        body: Vec<u8>,
    },
    /// Nothing, for as long as the client waits.
    Hang,
    /// A 302 to this place.
    Redirect(String),
    /// An empty answer with this status.
    Status(u16),
}

/// What is asked: the target as received, and the headers with names in lower case.
#[derive(Clone, Debug)]
pub struct Asked {
    /// Path and query.
    pub target: String,
    /// The headers.
    pub headers: Vec<(String, String)>,
}

type Script = dyn Fn(&Asked) -> Reply + Send + Sync;
type Counts = Arc<Mutex<BTreeMap<String, Vec<Asked>>>>;

/// A running server. It ends when this is dropped.
#[derive(Debug)]
pub struct Upstream {
    address: SocketAddr,
    asked: Counts,
    stopped: Arc<AtomicBool>,
}

impl Upstream {
    /// Serves what `script` says.
    ///
    /// # Errors
    /// If no port is free.
    pub fn start(script: impl Fn(&Asked) -> Reply + Send + Sync + 'static) -> io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let upstream = Self {
            address: listener.local_addr()?,
            asked: Counts::default(),
            stopped: Arc::default(),
        };
        let (asked, stopped) = (Arc::clone(&upstream.asked), Arc::clone(&upstream.stopped));
        let script: Arc<Script> = Arc::new(script);
        thread::spawn(move || {
            for stream in listener.incoming() {
                if stopped.load(Ordering::Relaxed) {
                    break;
                }
                let (script, asked) = (Arc::clone(&script), Arc::clone(&asked));
                // A client that goes away is its own affair.
                thread::spawn(move || stream.and_then(|stream| serve(stream, &*script, &asked)));
            }
        });
        Ok(upstream)
    }

    /// Serves the files below `folder`, and asks caches not to keep them.
    ///
    /// # Errors
    /// If no port is free.
    pub fn folder(folder: PathBuf) -> io::Result<Self> {
        Self::start(move |asked| {
            let path = decoded(asked.target.trim_start_matches('/'));
            match path.map(|path| fs::read(folder.join(path))) {
                Some(Ok(body)) => Reply::Full(vec![("cache-control", "no-store".into())], body),
                _ => Reply::Status(404),
            }
        })
    }

    /// Its address, without a slash at the end.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The requests for a target so far.
    pub fn requests(&self, target: &str) -> Vec<Asked> {
        let asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        asked.get(target).cloned().unwrap_or_default()
    }
}

impl Drop for Upstream {
    fn drop(&mut self) {
        self.stopped.store(true, Ordering::Relaxed);
        // Wakes the listener, so that it sees the flag.
        TcpStream::connect(self.address).ok();
    }
}

fn serve(stream: TcpStream, script: &Script, counts: &Counts) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let mut stream = BufReader::new(stream);
    while let Some((head, asked)) = read_request(&mut stream)? {
        let reply = script(&asked);
        let mut known = counts.lock().unwrap_or_else(PoisonError::into_inner);
        known.entry(asked.target.clone()).or_default().push(asked);
        drop(known);
        if !answer(&mut stream, reply, head)? {
            break;
        }
    }
    Ok(())
}

/// Reads a request without a body; `true` for HEAD.
fn read_request(stream: &mut BufReader<TcpStream>) -> io::Result<Option<(bool, Asked)>> {
    let mut line = String::new();
    if stream.read_line(&mut line)? == 0 {
        return Ok(None);
    }
    let mut words = line.split_whitespace();
    let head = words.next() == Some("HEAD");
    let target = words.next().unwrap_or_default().to_owned();
    let mut headers = Vec::new();
    loop {
        line.clear();
        stream.read_line(&mut line)?;
        let Some((name, value)) = line.trim_end().split_once(':') else {
            return Ok(Some((head, Asked { target, headers })));
        };
        headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
    }
}

/// Writes an answer; `false` if the connection ends with it.
fn answer(stream: &mut BufReader<TcpStream>, reply: Reply, head: bool) -> io::Result<bool> {
    let out = stream.get_mut();
    let mut whole = |status: &str, headers: &[(&str, String)], length: usize, body: &[u8]| {
        let mut text = format!("HTTP/1.1 {status}\r\ncontent-length: {length}\r\n");
        for (name, value) in headers {
            text.push_str(&format!("{name}: {value}\r\n"));
        }
        text.push_str("\r\n");
        out.write_all(text.as_bytes())?;
        out.write_all(if head { &[] } else { body })
    };
    match reply {
        Reply::Full(headers, body) => whole("200 OK", &headers, body.len(), &body)?,
        Reply::Redirect(place) => whole("302 Found", &[("location", place)], 0, &[])?,
        Reply::Status(status) => whole(&format!("{status} As Asked"), &[], 0, &[])?,
        Reply::CutOff { promised, body } => {
            whole("200 OK", &[], promised, &body)?;
            return Ok(false);
        }
        Reply::Stall { promised, body } => {
            whole("200 OK", &[], promised, &body)?;
            wait(stream)?;
            return Ok(false);
        }
        Reply::Chunked(body) => {
            out.write_all(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n")?;
            for piece in body.chunks(1_000) {
                write!(out, "{:x}\r\n", piece.len())?;
                out.write_all(piece)?;
                out.write_all(b"\r\n")?;
            }
            out.write_all(b"0\r\n\r\n")?;
        }
        Reply::Hang => {
            wait(stream)?;
            return Ok(false);
        }
    }
    Ok(true)
}

/// Until the client goes away.
fn wait(stream: &mut BufReader<TcpStream>) -> io::Result<u64> {
    io::copy(&mut stream.by_ref(), &mut io::sink())
}

/// A path as a server reads it: without the query, escapes undone.
pub fn decoded(target: &str) -> Option<String> {
    let path = target.split('?').next().unwrap_or_default();
    let mut bytes = Vec::new();
    let mut rest = path.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let digits = [rest.next()?, rest.next()?];
            bytes.push(u8::from_str_radix(std::str::from_utf8(&digits).ok()?, 16).ok()?);
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).ok()
}

/// A path as it stands in an address: all but unreserved characters and slashes escaped.
pub fn encoded(path: &str) -> String {
    let mut text = String::new();
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            text.push(char::from(byte));
        } else {
            text.push_str(&format!("%{byte:02X}"));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::Client;

    #[test]
    fn replies_are_as_scripted() {
        let upstream = Upstream::start(|asked| match asked.target.as_str() {
            "/full" => Reply::Full(vec![("etag", "\"a\"".into())], b"body".to_vec()),
            "/chunked" => Reply::Chunked(vec![7; 2_500]),
            "/cut" => Reply::CutOff { promised: 10, body: b"123".to_vec() },
            "/redirect" => Reply::Redirect("/full".into()),
            _ => Reply::Status(404),
        })
        .unwrap();
        let mut client = Client::new(&upstream.address.to_string());
        let full = client.get("/full").unwrap();
        assert_eq!((full.status, full.body.as_slice()), (200, &b"body"[..]));
        assert_eq!(full.header("etag"), Some("\"a\""));
        assert_eq!(client.get("/chunked").unwrap().body, vec![7; 2_500]);
        assert_eq!(client.get("/redirect").unwrap().status, 302);
        assert_eq!(client.get("/other").unwrap().status, 404);
        let head = client.send("HEAD", "/full", &[]).unwrap();
        assert_eq!((head.status, head.body.len()), (200, 0));
        assert!(client.get("/cut").is_err());
        assert!(client.get("/full").is_ok(), "on a new connection");
        assert_eq!(upstream.requests("/full").len(), 3);
    }

    #[test]
    fn escapes_are_undone() {
        let path = "ordner/bär 100%#?.jpg";
        assert_eq!(encoded(path), "ordner/b%C3%A4r%20100%25%23%3F.jpg");
        assert_eq!(decoded(&encoded(path)).as_deref(), Some(path));
    }
}
