//! What can go wrong at an origin, each fifty times: the status is what it should be, half a picture is
//! never one, and nothing is left behind.

use std::fs;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use selvedge::config::units::{Size, Time};
use socket2::{Domain, SockRef, Socket, Type};

use crate::dns::{Dns, Said};
use crate::http_source::status_and_code;
use crate::picture::png;
use crate::server::{Running, config};

/// Times that each fault is met, all at once.
const TIMES: usize = 50;

/// What an origin does with a connection once it was asked.
type Fault = fn(&mut TcpStream);

/// What a client is told.
type Told = (u16, &'static str);

const FAILED: Told = (502, "source-failed");
const LATE: Told = (504, "source-timeout");
const MISSING: Told = (404, "source-not-found");
const NO_PICTURE: Told = (415, "unsupported");
const REFUSED: Told = (403, "source-not-allowed");
const TOO_LARGE: Told = (413, "source-too-large");
const TRUNCATED: Told = (422, "truncated");

/// Each fault, and what becomes of a request that meets it.
const FAULTS: &[(&str, Fault, Told)] = &[
    ("closes at once", |_| {}, FAILED),
    ("resets at once", reset, FAILED),
    ("says nothing", silent, LATE),
    ("speaks no HTTP", |s| say(s, "SSH-2.0-OpenSSH_9.2\r\n"), FAILED),
    ("drips its head", |s| drip(s, "HTTP/1.1 200 OK\r\nx-"), LATE),
    ("floods with headers", |s| endless(s, OK, "x-flood: aaaaaaaaaaaaaaaaaaaaaaaaaa\r\n"), FAILED),
    ("announces for ever", |s| endless(s, "", "HTTP/1.1 103 Early Hints\r\n\r\n"), LATE),
    ("promises more than comes", |s| picture(s, "200 OK", 1, ""), FAILED),
    ("promises less than comes", |s| picture(s, "200 OK", -30, ""), TRUNCATED),
    ("resets in the middle", |s| half(s, reset), FAILED),
    ("stops in the middle", |s| half(s, silent), LATE),
    ("drips its body", |s| half(s, |s| drip(s, "x")), LATE),
    ("leaves out the last chunk", |s| chunked(s, ""), FAILED),
    ("breaks its chunks", |s| chunked(s, "zz\r\nxx\r\n"), FAILED),
    ("has two lengths", |s| picture(s, "200 OK", 0, "content-length: 7\r\n"), FAILED),
    ("never ends", |s| endless(s, "HTTP/1.1 200 OK\r\n\r\n", "xxxxxxxxxxxxxxxx"), TOO_LARGE),
    ("is far too large", |s| say(s, &format!("{OK}content-length: 9999999999\r\n\r\n")), TOO_LARGE),
    ("gives a part", |s| picture(s, "206 Part", 0, "content-range: bytes 0-9/99\r\n"), FAILED),
    ("says it has not changed", |s| picture(s, "304 Not Modified", 0, ""), FAILED),
    ("has nothing", empty, NO_PICTURE),
    ("gives a page for a picture", page, NO_PICTURE),
    ("gives a coded body", |s| picture(s, "200 OK", 0, "content-encoding: gzip\r\n"), FAILED),
    ("fails", |s| picture(s, "500 Internal Server Error", 0, ""), FAILED),
    ("is busy", |s| picture(s, "503 Service Unavailable", 0, "retry-after: 9\r\n"), FAILED),
    ("does not let us in", |s| picture(s, "401 Unauthorized", 0, ""), FAILED),
    ("does not have it", |s| picture(s, "404 Not Found", 0, ""), MISSING),
    ("redirects in a circle", |s| redirect(s, "location: /a.png\r\n"), FAILED),
    ("redirects to nowhere", |s| redirect(s, ""), FAILED),
    ("redirects to a private place", |s| redirect(s, "location: http://127.0.0.9/\r\n"), REFUSED),
];

/// Faults that lie before a request, in the order of [`Trial`]'s addresses.
const BEFORE_A_REQUEST: [(&str, Told); 5] = [
    ("refuses connections", FAILED),
    ("does not answer connections", LATE),
    ("does not answer in TLS", FAILED),
    ("has no address", FAILED),
    ("has a name that nobody tells", LATE),
];

/// What a good answer begins with.
const OK: &str = "HTTP/1.1 200 OK\r\n";

fn say(stream: &mut TcpStream, text: &str) {
    let _ = stream.write_all(text.as_bytes());
}

/// A picture with a length that is off by `error` bytes.
fn picture(stream: &mut TcpStream, status: &str, error: isize, lines: &str) {
    let body = png(8, 8);
    let length = body.len().saturating_add_signed(error);
    let close = "connection: close\r\n";
    say(stream, &format!("HTTP/1.1 {status}\r\ncontent-length: {length}\r\n{close}{lines}\r\n"));
    let _ = stream.write_all(&body);
}

fn page(stream: &mut TcpStream) {
    let page = "<!doctype html><title>Not found</title>".repeat(50);
    let lines = "content-type: text/html\r\nconnection: close\r\n";
    say(stream, &format!("{OK}content-length: {}\r\n{lines}\r\n{page}", page.len()));
}

fn empty(stream: &mut TcpStream) {
    say(stream, &format!("{OK}content-length: 0\r\nconnection: close\r\n\r\n"));
}

fn redirect(stream: &mut TcpStream, lines: &str) {
    let empty = "content-length: 0\r\nconnection: close\r\n";
    say(stream, &format!("HTTP/1.1 302 Found\r\n{lines}{empty}\r\n"));
}

fn half(stream: &mut TcpStream, then: Fault) {
    say(stream, &format!("{OK}content-length: 60000\r\n\r\n"));
    let _ = stream.write_all(&png(8, 8));
    then(stream);
}

fn chunked(stream: &mut TcpStream, then: &str) {
    let body = png(8, 8);
    say(stream, &format!("{OK}transfer-encoding: chunked\r\n\r\n{:x}\r\n", body.len()));
    let _ = stream.write_all(&body);
    say(stream, "\r\n");
    say(stream, then);
}

fn endless(stream: &mut TcpStream, first: &str, again: &str) {
    say(stream, first);
    let again = again.repeat(256);
    while stream.write_all(again.as_bytes()).is_ok() {}
}

/// Until the other end has left.
fn silent(stream: &mut TcpStream) {
    while stream.read(&mut [0; 1_024]).is_ok_and(|length| length > 0) {}
}

fn drip(stream: &mut TcpStream, first: &str) {
    say(stream, first);
    while stream.write_all(b"x").is_ok() {
        thread::sleep(Duration::from_millis(20));
    }
}

fn reset(stream: &mut TcpStream) {
    SockRef::from(&*stream).set_linger(Some(Duration::ZERO)).unwrap();
}

/// An origin with a fault, which counts the connections that it has.
struct Faulty {
    address: SocketAddr,
    open: Arc<AtomicUsize>,
}

impl Faulty {
    fn start(fault: Fault) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let open = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&open);
        thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                let count = Arc::clone(&count);
                count.fetch_add(1, Ordering::SeqCst);
                thread::spawn(move || {
                    let mut head = Vec::new();
                    let mut byte = [0];
                    while !asked(&head) && matches!(stream.read(&mut byte), Ok(1)) {
                        head.push(byte[0]);
                    }
                    fault(&mut stream);
                    drop(stream);
                    count.fetch_sub(1, Ordering::SeqCst);
                });
            }
        });
        Self { address, open }
    }
}

/// Whether a client waits for an answer: to a request, or to a handshake of TLS (RFC 8446 §5.1).
fn asked(head: &[u8]) -> bool {
    head.ends_with(b"\r\n\r\n") || head.starts_with(&[22])
}

/// A listener whose queue is full: who connects hears nothing.
struct Full {
    address: SocketAddr,
    _socket: Socket,
    _waiting: Vec<TcpStream>,
}

impl Full {
    fn new() -> Self {
        let socket = Socket::new(Domain::IPV4, Type::STREAM, None).unwrap();
        socket.bind(&SocketAddr::from(([127, 0, 0, 1], 0)).into()).unwrap();
        socket.listen(0).unwrap();
        let address = socket.local_addr().unwrap().as_socket().unwrap();
        let soon = Duration::from_millis(100);
        let connect = || TcpStream::connect_timeout(&address, soon).ok();
        let waiting = std::iter::from_fn(connect).collect();
        Self { address, _socket: socket, _waiting: waiting }
    }
}

/// A server of ours, and origins with all faults.
struct Trial {
    server: Running,
    /// The address and the outcome of each fault.
    faults: Vec<(String, &'static str, Told)>,
    faulty: Vec<Faulty>,
    _full: Full,
    _dns: Dns,
}

impl Trial {
    fn new() -> Self {
        let mut faulty: Vec<Faulty> =
            FAULTS.iter().map(|(_, fault, _)| Faulty::start(*fault)).collect();
        let mut origins: Vec<String> =
            faulty.iter().map(|server| format!("http://{}", server.address)).collect();
        let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let full = Full::new();
        let tls = Faulty::start(|stream| say(stream, "HTTP/1.1 400 Bad Request\r\n\r\n"));
        let dns = Dns::start(|name| match name {
            "unknown.test" => Said::Nothing,
            _ => Said::Silence,
        });
        origins.push(format!("http://{closed}"));
        origins.push(format!("http://{}", full.address));
        origins.push(format!("https://{}", tls.address));
        origins.push("http://unknown.test".to_owned());
        origins.push("http://silent.test".to_owned());
        faulty.push(tls);

        let allow: Vec<&str> = origins.iter().map(String::as_str).collect();
        let mut config = config(None, &allow);
        // Not much, and enough for fifty at once on a machine that does other things too.
        config.fetch.connect_timeout = Time::seconds(1);
        config.fetch.first_byte_timeout = Time::seconds(1);
        config.fetch.between_bytes_timeout = Time::seconds(1);
        config.fetch.total_timeout = Time::seconds(2);
        config.fetch.name_servers = vec![dns.address.to_string()];
        config.fetch.bytes = Size(64 << 10);
        let told = FAULTS.iter().map(|&(name, _, told)| (name, told)).chain(BEFORE_A_REQUEST);
        let faults = origins.iter().zip(told).map(|(origin, (name, told))| {
            let source = format!("{origin}/a.png");
            (source, name, told)
        });
        let (server, faults) = (Running::start(&config), faults.collect());
        Self { server, faults, faulty, _full: full, _dns: dns }
    }

    /// Meets each fault.
    fn meet(&self) {
        for (source, name, told) in &self.faults {
            thread::scope(|scope| {
                for _ in 0..TIMES {
                    scope.spawn(|| {
                        let (status, code) = status_and_code(&self.server, source);
                        assert_eq!((status, code.as_str()), *told, "{name}");
                    });
                }
            });
        }
    }

    /// Waits until both ends are closed and there are no more than `tasks`. That may take a moment, but not
    /// for ever.
    fn settle(&self, tasks: usize) -> Held {
        let open = || self.faulty.iter().map(|f| f.open.load(Ordering::SeqCst)).sum::<usize>();
        for _ in 0..3_000 {
            if open() == 0 && self.server.tasks() <= tasks {
                return Held::now(self.server.tasks());
            }
            thread::sleep(Duration::from_millis(10));
        }
        panic!("{} connections and {} tasks are left", open(), self.server.tasks());
    }
}

/// What a process holds.
#[derive(Debug)]
struct Held {
    tasks: usize,
    files: usize,
    resident_kib: usize,
}

impl Held {
    fn now(tasks: usize) -> Self {
        let files = fs::read_dir("/proc/self/fd").unwrap().count();
        let status = fs::read_to_string("/proc/self/status").unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
        let resident_kib = line.split_whitespace().next().unwrap().parse().unwrap();
        Self { tasks, files, resident_kib }
    }
}

#[test]
fn each_fault_is_told_and_nothing_is_left_behind() {
    // In a process of its own, whose files and memory can be counted.
    let test = std::env::current_exe().unwrap();
    let args = ["--ignored", "--exact", "faults::alone", "--nocapture"];
    let output = Command::new(test).args(args).output().unwrap();
    let told = String::from_utf8_lossy(&output.stdout);
    let wrong = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && told.contains("1 passed"), "{told}\n{wrong}");
}

#[test]
#[ignore = "run by the test above, alone in its process"]
fn alone() {
    let trial = Trial::new();
    // What is made once is made now: the engine, arenas, the resolver's connections.
    trial.meet();
    let before = trial.settle(usize::MAX);
    trial.meet();
    let after = trial.settle(before.tasks);
    println!("{before:?}\n{after:?}");
    assert!(after.files <= before.files, "{before:?} {after:?}");
    assert!(after.resident_kib <= before.resident_kib + (8 << 10), "{before:?} {after:?}");
}
