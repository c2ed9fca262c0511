//! Connections: slow ones, long ones, broken ones, and the end of them all.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::{Arc, Condvar, Mutex};
use std::thread;
use std::time::Duration;

use selvedge::config::units::Time;

use crate::client::{connect, get, reply, send};
use crate::origin::Origin;
use crate::picture::png;
use crate::server::{Running, config};
use crate::serving::{folder, serving};

#[test]
fn a_client_that_says_nothing_is_left() {
    let folder = folder();
    let mut config = config(folder.path().to_str(), &[]);
    config.server.header_timeout = Time::millis(200);
    let server = Running::start(&config);
    for begin in ["", "GET /health HTTP/1.1\r\nhost: t", "GET /health HTTP/1.1\r\nhost: t\r\n\r\n"]
    {
        let mut stream = connect(server.address);
        stream.write_all(begin.as_bytes()).unwrap();
        // The end comes by itself: the client never closes its side.
        let mut rest = Vec::new();
        let _ = stream.read_to_end(&mut rest).unwrap();
    }
}

#[test]
fn thousands_that_say_nothing_keep_nobody_out() {
    const SLOW: usize = 2_000;
    // Both ends of each are in this process.
    assert!(rlimit::increase_nofile_limit(8_192).unwrap() > 4_500, "raise the limit of open files");
    let folder = folder();
    let server = serving(&folder);
    let slow: Vec<TcpStream> = (0..SLOW)
        .map(|_| {
            let mut stream = connect(server.address);
            stream.write_all(b"GET /image/width=8/a.png HTTP/1.1\r\nhost: t\r\nx-slow: ").unwrap();
            stream
        })
        .collect();
    for _ in 0..20 {
        assert_eq!(get(server.address, "/image/width=8,format=png/a.png").status, 200);
        for mut stream in slow.iter().step_by(100) {
            stream.write_all(b"a").unwrap();
        }
    }
    for stream in &slow {
        stream.set_nonblocking(true).unwrap();
        let waits = stream.peek(&mut [0]).unwrap_err();
        assert_eq!(waits.kind(), std::io::ErrorKind::WouldBlock, "it is still there");
    }
}

#[test]
fn a_head_without_end_is_refused() {
    let folder = folder();
    let server = serving(&folder);
    let many = "x: y\r\n".repeat(200);
    assert_eq!(send(server.address, "GET", "/health", &many).status, 431);
    let long = format!("x: {}\r\n", "y".repeat(20_000));
    assert_eq!(send(server.address, "GET", "/health", &long).status, 431);
    assert_eq!(get(server.address, "/health").status, 200);
}

#[test]
fn a_connection_serves_one_request_after_another() {
    let folder = folder();
    let server = serving(&folder);
    let mut stream = connect(server.address);
    let one = "GET /image/width=8,format=png/a.png HTTP/1.1\r\nhost: t\r\n\r\n";
    let last = "GET /health HTTP/1.1\r\nhost: t\r\nconnection: close\r\n\r\n";
    stream.write_all(format!("{one}{one}{last}").as_bytes()).unwrap();
    let mut all = Vec::new();
    stream.read_to_end(&mut all).unwrap();
    let answers = all.windows(15).filter(|w| *w == b"HTTP/1.1 200 OK").count();
    assert_eq!(answers, 3);
}

#[test]
fn clients_that_leave_cost_nothing() {
    let folder = folder();
    let server = serving(&folder);
    for _ in 0..300 {
        let mut stream = TcpStream::connect(server.address).unwrap();
        let request = "GET /image/width=8,format=png/a.png HTTP/1.1\r\nhost: t\r\n\r\n";
        stream.write_all(request.as_bytes()).unwrap();
    }
    // Each place and each core was given back, or some of these would find none.
    let clients: Vec<_> = (0..8)
        .map(|_| {
            let address = server.address;
            thread::spawn(move || {
                for _ in 0..20 {
                    let mut reply = get(address, "/image/width=9,format=png/a.png");
                    while reply.status == 503 {
                        reply = get(address, "/image/width=9,format=png/a.png");
                    }
                    assert_eq!(reply.status, 200);
                }
            })
        })
        .collect();
    for client in clients {
        client.join().unwrap();
    }
}

#[test]
fn a_stop_lets_requests_end() {
    let gate = Arc::new((Mutex::new(false), Condvar::new()));
    let (opener, picture) = (Arc::clone(&gate), png(16, 16));
    let origin = Origin::new(move |_, stream| {
        let (open, changed) = &*gate;
        drop(changed.wait_while(open.lock().unwrap(), |open| !*open).unwrap());
        let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n", picture.len());
        let _ = stream.write_all(head.as_bytes());
        let _ = stream.write_all(&picture);
    });
    let mut server = Running::start(&config(Some(&origin.url()), &[]));
    let mut stream = connect(server.address);
    let request = "GET /image/width=8,format=png/a.png HTTP/1.1\r\nhost: t\r\n\r\n";
    stream.write_all(request.as_bytes()).unwrap();
    while origin.requests().is_empty() {
        thread::sleep(Duration::from_millis(1));
    }
    server.stop();
    while TcpStream::connect(server.address).is_ok() {
        thread::sleep(Duration::from_millis(1));
    }
    *opener.0.lock().unwrap() = true;
    opener.1.notify_all();
    assert_eq!(reply(stream).status, 200);
    server.wait();
}
