//! HTTP/2 and TLS, clients that are slow in either direction, and the end that balancers see.

use std::io::{Read, Write};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use http_body_util::{BodyExt, Empty};
use hyper::body::Bytes;
use hyper::client::conn::http2;
use hyper::{Request, StatusCode};
use hyper_util::rt::{TokioExecutor, TokioIo};
use selvedge::config::units::Time;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::runtime::Runtime;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::ServerName;
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

use crate::client::{connect, get};
use crate::picture::png_size;
use crate::server::{Running, config};
use crate::serving::{folder, serving};

const PICTURE: &str = "/image/width=32,format=png/a.png";

/// Gets a few pictures at once over a connection that speaks HTTP/2.
async fn get_by_two<S>(stream: S, origin: &str)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let (sender, connection) =
        http2::handshake(TokioExecutor::new(), TokioIo::new(stream)).await.unwrap();
    tokio::spawn(connection);
    let gets: Vec<_> = (1..=8)
        .map(|width| {
            let mut sender = sender.clone();
            let url =
                format!("{origin}/image/width={width},height={width},fit=cover,format=png/a.png");
            tokio::spawn(async move {
                let request = Request::get(url).body(Empty::<Bytes>::new()).unwrap();
                let response = sender.send_request(request).await.unwrap();
                assert_eq!(response.status(), StatusCode::OK);
                let body = response.into_body().collect().await.unwrap().to_bytes();
                assert_eq!(png_size(&body), (width, width));
            })
        })
        .collect();
    for get in gets {
        get.await.unwrap();
    }
}

#[test]
fn a_client_may_speak_http_2_from_the_start() {
    let folder = folder();
    let server = serving(&folder);
    Runtime::new().unwrap().block_on(async {
        let stream = TcpStream::connect(server.address).await.unwrap();
        get_by_two(stream, &format!("http://{}", server.address)).await;
    });
    // One that knows only HTTP/1 is served at the same address.
    assert_eq!(get(server.address, PICTURE).status, 200);
}

#[test]
fn tls_offers_http_2() {
    let folder = folder();
    let names = ["localhost".to_owned()];
    let own = rcgen::generate_simple_self_signed(names).unwrap();
    let certificate = folder.write("certificate.pem", own.cert.pem());
    let key = folder.write("key.pem", own.signing_key.serialize_pem());
    let mut config = config(folder.path().to_str(), &[]);
    config.server.tls_certificate = Some(certificate);
    config.server.tls_key = Some(key);
    let server = Running::start(&config);
    let mut roots = RootCertStore::empty();
    roots.add(own.cert.der().clone()).unwrap();
    let mut client = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    client.alpn_protocols = vec![b"h2".to_vec()];
    Runtime::new().unwrap().block_on(async {
        let stream = TcpStream::connect(server.address).await.unwrap();
        let name = ServerName::try_from("localhost").unwrap();
        let stream = TlsConnector::from(Arc::new(client)).connect(name, stream).await.unwrap();
        assert_eq!(stream.get_ref().1.alpn_protocol(), Some(b"h2".as_slice()));
        get_by_two(stream, "https://localhost").await;
    });
}

#[test]
fn files_of_tls_that_are_none_are_told() {
    let folder = folder();
    let empty = folder.write("empty.pem", "");
    for (certificate, key) in [(empty.as_path(), empty.as_path()), (Path::new("/no"), &empty)] {
        let told = selvedge::serve::acceptor(certificate, key).map(drop).unwrap_err();
        assert!(told.contains(certificate.to_str().unwrap()), "{told}");
    }
}

#[test]
fn a_client_that_begins_http_2_and_stops_is_left() {
    let folder = folder();
    let mut config = config(folder.path().to_str(), &[]);
    config.server.header_timeout = Time::millis(200);
    let server = Running::start(&config);
    for begin in ["P", "PRI * HTTP/2.0\r\n\r\nSM\r\n", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"] {
        let mut stream = connect(server.address);
        stream.write_all(begin.as_bytes()).unwrap();
        // The end comes by itself: the client never closes its side.
        let mut rest = Vec::new();
        let _ = stream.read_to_end(&mut rest);
    }
}

#[test]
fn a_client_that_takes_no_answers_is_left() {
    let folder = folder();
    let mut config = config(folder.path().to_str(), &[]);
    config.server.write_timeout = Time::millis(200);
    let server = Running::start(&config);
    let mut stream = connect(server.address);
    stream.set_write_timeout(Some(Duration::from_secs(60))).unwrap();
    let request = format!("GET {PICTURE} HTTP/1.1\r\nhost: t\r\n\r\n");
    // It asks again and again and never reads. Once nobody takes the answers nobody reads the
    // questions, until the server gives up: then writing fails.
    let error = loop {
        if let Err(error) = stream.write_all(request.as_bytes()) {
            break error;
        }
    };
    let kinds = [std::io::ErrorKind::ConnectionReset, std::io::ErrorKind::BrokenPipe];
    assert!(kinds.contains(&error.kind()), "{error}");
    assert_eq!(get(server.address, PICTURE).status, 200);
}

#[test]
fn readiness_ends_before_service_does() {
    let folder = folder();
    let mut config = config(folder.path().to_str(), &[]);
    config.server.drain_notice = Time::seconds(600);
    let mut server = Running::start(&config);
    assert_eq!(get(server.address, "/readyz").status, 200);
    server.stop();
    while get(server.address, "/readyz").status == 200 {}
    assert_eq!(get(server.address, "/readyz").status, 503);
    assert_eq!(get(server.admin(), "/readyz").status, 503);
    for target in ["/healthz", PICTURE] {
        assert_eq!(get(server.address, target).status, 200, "{target}");
    }
}
