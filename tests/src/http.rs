//! An HTTP/1.1 client that sends what it is given: no target is normalised, since a signature is
//! over its bytes and a hostile one is what is tested.

use std::fmt;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use anyhow::{Context, Result, bail};

/// Silence after which a server counts as hanging. Longer than any patience of the servers'.
const SILENCE: Duration = Duration::from_secs(90);

/// One connection to a server, opened when needed and kept.
#[derive(Debug)]
pub struct Client {
    address: String,
    open: Option<BufReader<TcpStream>>,
}

/// An answer, read to its end.
#[derive(Clone)]
pub struct Answer {
    /// The status code.
    pub status: u16,
    /// Names in lower case, in order.
    pub headers: Vec<(String, String)>,
    /// The body without its transfer coding.
    pub body: Vec<u8>,
}

impl Client {
    /// A client of the server at `address`, host and port.
    pub fn new(address: &str) -> Self {
        Self { address: address.to_owned(), open: None }
    }

    /// GETs a target.
    ///
    /// # Errors
    /// If there is no answer, or none that is HTTP.
    pub fn get(&mut self, target: &str) -> Result<Answer> {
        self.send("GET", target, &[])
    }

    /// Sends a request and reads the answer.
    ///
    /// # Errors
    /// If there is no answer, or none that is HTTP.
    pub fn send(&mut self, method: &str, target: &str, headers: &[(&str, &str)]) -> Result<Answer> {
        let mut head = format!("{method} {target} HTTP/1.1\r\nhost: {}\r\n", self.address);
        for (name, value) in headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        head.push_str("\r\n");
        let kept = self.open.take();
        let was_kept = kept.is_some();
        let mut stream = match kept {
            Some(stream) => stream,
            None => self.connect()?,
        };
        // A server may close a connection that it kept, just when the next request is under way.
        let begun = stream.get_mut().write_all(head.as_bytes());
        if was_kept && (begun.is_err() || !matches!(stream.fill_buf(), Ok([_, ..]))) {
            stream = self.connect()?;
            stream.get_mut().write_all(head.as_bytes())?;
        }
        let answer = read_answer(&mut stream, method)?;
        if answer.header("connection") != Some("close") && is_framed(&answer, method) {
            self.open = Some(stream);
        }
        Ok(answer)
    }

    fn connect(&self) -> Result<BufReader<TcpStream>> {
        let stream = TcpStream::connect(&self.address)
            .with_context(|| format!("cannot connect to {}", self.address))?;
        stream.set_read_timeout(Some(SILENCE))?;
        stream.set_nodelay(true)?;
        Ok(BufReader::new(stream))
    }
}

impl Answer {
    /// The first header of that name.
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }

    /// The stable code of a problem body.
    pub fn code(&self) -> Option<String> {
        if self.header("content-type") != Some("application/problem+json") {
            return None;
        }
        let body: serde_json::Value = serde_json::from_slice(&self.body).ok()?;
        Some(body.get("code")?.as_str()?.to_owned())
    }

    /// The media type.
    pub fn media_type(&self) -> &str {
        self.header("content-type").unwrap_or_default()
    }
}

/// Status, headers, and of the body what is for people.
impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.status)?;
        for (name, value) in &self.headers {
            writeln!(f, "{name}: {value}")?;
        }
        match std::str::from_utf8(&self.body) {
            Ok(text) => write!(f, "\n{text}"),
            Err(_) => write!(f, "\n({} bytes)", self.body.len()),
        }
    }
}

fn read_answer(stream: &mut BufReader<TcpStream>, method: &str) -> Result<Answer> {
    loop {
        let line = read_line(stream).context("the server did not answer")?;
        let status = line.strip_prefix("HTTP/1.1 ").and_then(|rest| rest.get(..3));
        let Some(status) = status.and_then(|status| status.parse().ok()) else {
            bail!("expected an HTTP/1.1 status line, got `{line}`");
        };
        let mut headers = Vec::new();
        loop {
            let line = read_line(stream)?;
            if line.is_empty() {
                break;
            }
            let Some((name, value)) = line.split_once(':') else {
                bail!("expected a header, got `{line}`");
            };
            headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
        }
        if (100..200).contains(&status) {
            continue;
        }
        let mut answer = Answer { status, headers, body: Vec::new() };
        if has_body(&answer, method) {
            answer.body = read_body(stream, &answer).context("the body broke off")?;
        }
        return Ok(answer);
    }
}

/// RFC 9112 §6.3.
fn has_body(answer: &Answer, method: &str) -> bool {
    method != "HEAD" && !matches!(answer.status, 204 | 304)
}

fn is_chunked(answer: &Answer) -> bool {
    answer.header("transfer-encoding") == Some("chunked")
}

/// Whether the end of the answer was told otherwise than by the end of the connection.
fn is_framed(answer: &Answer, method: &str) -> bool {
    !has_body(answer, method) || is_chunked(answer) || answer.header("content-length").is_some()
}

fn read_body(stream: &mut BufReader<TcpStream>, answer: &Answer) -> Result<Vec<u8>> {
    let mut body = Vec::new();
    if is_chunked(answer) {
        loop {
            let line = read_line(stream)?;
            let size = line.split(';').next().unwrap_or_default().trim();
            let size = u64::from_str_radix(size, 16)
                .with_context(|| format!("expected the size of a chunk, got `{line}`"))?;
            read_exactly(stream, size, &mut body)?;
            if !read_line(stream)?.is_empty() {
                bail!("expected the end of a chunk");
            }
            if size == 0 {
                return Ok(body);
            }
        }
    }
    match answer.header("content-length") {
        Some(length) => read_exactly(stream, length.parse()?, &mut body)?,
        None => {
            stream.read_to_end(&mut body)?;
        }
    }
    Ok(body)
}

fn read_exactly(stream: &mut impl Read, length: u64, body: &mut Vec<u8>) -> Result<()> {
    let got = stream.take(length).read_to_end(body)?;
    if got as u64 != length {
        bail!("expected {length} bytes, got {got}");
    }
    Ok(())
}

fn read_line(stream: &mut impl BufRead) -> Result<String> {
    let mut line = String::new();
    stream.read_line(&mut line)?;
    match line.strip_suffix("\r\n") {
        Some(line) => Ok(line.to_owned()),
        None => Err(io::Error::from(io::ErrorKind::UnexpectedEof).into()),
    }
}
