//! Buckets as sources, in a real server that speaks S3: the crates `s3s` and `s3s-fs`, which check
//! signatures. It runs in this process, on a port of its own, over a folder.

use std::net::SocketAddr;

use hyper_util::rt::TokioIo;
use s3s::auth::SimpleAuth;
use s3s::service::S3ServiceBuilder;
use s3s_fs::FileSystem;
use selvedge::config::Config;
use selvedge::config::units::Size;
use selvedge::source::{Credentials, Options, Place, Places};
use tokio::net::TcpListener;
use tokio::runtime::Runtime;

use crate::client::{get, send};
use crate::http_source::status_and_code;
use crate::picture::{png, png_size};
use crate::server::{Running, config};
use crate::setup::Folder;

const KEY: &str = "AKIAIOSFODNN7EXAMPLE";
const SECRET: &str = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";

/// A server with one bucket, `pictures`. It ends when this is dropped.
struct S3 {
    address: SocketAddr,
    folder: Folder,
    _runtime: Runtime,
}

impl S3 {
    fn start() -> Self {
        let folder = Folder::new();
        let mut service = S3ServiceBuilder::new(FileSystem::new(folder.path()).unwrap());
        service.set_auth(SimpleAuth::from_single(KEY, SECRET));
        let service = service.build();
        let runtime = Runtime::new().unwrap();
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
        let address = listener.local_addr().unwrap();
        runtime.spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                let connection = hyper::server::conn::http1::Builder::new();
                let connection = connection.serve_connection(TokioIo::new(stream), service.clone());
                tokio::spawn(connection);
            }
        });
        Self { address, folder, _runtime: runtime }
    }

    /// A server of ours that finds all paths below `from`.
    fn config(&self, from: &str, secret: &str) -> Config {
        let endpoint = format!("http://{}", self.address);
        let options = Options::from([
            ("endpoint", endpoint.as_str()),
            ("region", "eu-central-1"),
            ("access_key_id", KEY),
            ("secret_access_key", secret),
        ]);
        let mut places = Places::everything(from);
        places.0[0].options = options;
        let mut config = config(None, &[]);
        config.source = places;
        config
    }
}

#[test]
fn pictures_come_from_a_bucket() {
    let s3 = S3::start();
    s3.folder.write("pictures/photos/bär & 1.png", png(8, 8));
    s3.folder.write("pictures/a.png", png(6, 6));
    s3.folder.write("other/secret.png", png(8, 8));
    let server = Running::start(&s3.config("s3://pictures", SECRET));
    let target = |source: &str| format!("/image/width=4,format=png/{source}");

    let whole = get(server.address, &target("photos/b%C3%A4r%20%26%201.png"));
    assert_eq!((whole.status, png_size(&whole.body)), (200, (4, 4)));
    // The store's own entity tag tells the version: no body is needed to know it.
    let head = send(server.address, "HEAD", &target("photos/b%C3%A4r%20%26%201.png"), "");
    assert_eq!(head.header("etag"), whole.header("etag"));
    assert_eq!(get(server.address, &target("a.png")).status, 200);

    for missing in ["b.png", "photos/a.png", "other/secret.png"] {
        let found = status_and_code(&server, missing);
        assert_eq!(found, (404, "source-not-found".to_owned()), "{missing}");
    }
    let below = Running::start(&s3.config("s3://pictures/photos/", SECRET));
    assert_eq!(status_and_code(&below, "b%C3%A4r%20%26%201.png").0, 200);
    assert_eq!(status_and_code(&below, "a.png").0, 404);
}

#[test]
fn a_changed_object_is_another_version() {
    let s3 = S3::start();
    s3.folder.write("pictures/a.png", png(8, 8));
    let server = Running::start(&s3.config("s3://pictures", SECRET));
    let target = "/image/width=4,format=png/a.png";
    let first = get(server.address, target);
    s3.folder.write("pictures/a.png", png(16, 8));
    let second = get(server.address, target);
    assert_eq!(png_size(&second.body), (4, 2));
    assert_ne!(first.header("etag"), second.header("etag"));
}

#[test]
fn limits_hold_for_objects() {
    let s3 = S3::start();
    s3.folder.write("pictures/a.png", vec![0; 2 << 20]);
    let mut config = s3.config("s3://pictures", SECRET);
    config.fetch.bytes = Size::mebibytes(1);
    let server = Running::start(&config);
    assert_eq!(status_and_code(&server, "a.png"), (413, "source-too-large".to_owned()));
}

#[test]
fn who_is_not_known_gets_nothing_and_learns_nothing() {
    let s3 = S3::start();
    s3.folder.write("pictures/a.png", png(8, 8));
    let refused = (502, "source-failed".to_owned());
    let server = Running::start(&s3.config("s3://pictures", "wrong"));
    assert_eq!(status_and_code(&server, "a.png"), refused);
    let reply = get(server.address, "/image/width=4/a.png");
    let told = format!("{:?} {}", reply.headers, reply.detail());
    for secret in [KEY, SECRET, "wrong", &s3.address.to_string(), "pictures"] {
        assert!(!told.contains(secret), "{told}");
    }
    let mut public = s3.config("s3://pictures", SECRET);
    public.source.0[0].credentials = Credentials::None;
    assert_eq!(status_and_code(&Running::start(&public), "a.png"), refused);
}

#[test]
fn the_longest_prefix_decides() {
    let s3 = S3::start();
    s3.folder.write("pictures/a.png", png(8, 8));
    let (all, some) = (Folder::new(), Folder::new());
    all.write("photos/2024x/a.png", png(8, 4));
    some.write("a.png", png(4, 8));
    let place = |prefix: &str, from: &str| Place {
        prefix: prefix.to_owned(),
        ..Places::everything(from).0.remove(0)
    };
    let mut config = s3.config("s3://pictures", SECRET);
    let places = &mut config.source.0;
    places[0].prefix = "photos".to_owned();
    places.push(place("", all.path().to_str().unwrap()));
    places.push(place("/photos/2024/", some.path().to_str().unwrap()));
    let server = Running::start(&config);
    for (source, size) in [
        ("photos/a.png", (2, 2)),
        ("photos/2024/a.png", (2, 4)),
        // A prefix is of whole segments, and no other source is asked for what one does not have.
        ("photos/2024x/a.png", (0, 0)),
        ("photos", (0, 0)),
    ] {
        let reply = get(server.address, &format!("/image/width=2,format=png/{source}"));
        let got = if reply.status == 200 { png_size(&reply.body) } else { (0, 0) };
        assert_eq!(got, size, "{source}: {}", reply.status);
    }
}

#[test]
fn what_is_wrong_with_sources_is_told_at_once() {
    let missing = "/no/such/folder";
    let mut places = Vec::new();
    for (prefix, from) in [
        ("", missing),
        ("a", "s3://"),
        ("b", "s3://bucket"),
        ("../c", "https://example.com"),
        ("d", "ftp://example.com"),
        ("e", "gs://bucket"),
        ("f", "az://container"),
        ("g", "https://example.com"),
        ("g/", "https://example.com"),
    ] {
        let place = Places::everything(from).0.remove(0);
        places.push(Place { prefix: prefix.to_owned(), ..place });
    }
    places[7].options = Options::from([("region", "x")]);
    places[2].options = Options::from([("colour", "red")]);
    let mut config = config(None, &["example.com"]);
    config.source = Places(places);
    config.fetch.private_networks = vec!["10.0.0.0/33".to_owned()];
    config.fetch.name_servers = vec!["dns".to_owned()];
    let wrong = selvedge::source::Sources::new(&config.sources()).unwrap_err();
    let all = format!("{wrong:?}");
    for part in ["example.com", "10.0.0.0/33", "`dns`"] {
        assert!(all.contains(part), "{part} in {all}");
    }
    assert_eq!(wrong.len(), 3, "{all}");
    config.fetch.allow.clear();
    config.fetch.private_networks.clear();
    config.fetch.name_servers.clear();
    let wrong = selvedge::source::Sources::new(&config.sources()).unwrap_err();
    let all = format!("{wrong:?}");
    for part in
        [missing, "s3://bucket[/prefix]", "colour", "../c", "ftp", "gs://", "az://", "options"]
    {
        assert!(all.contains(part), "{part} in {all}");
    }
    assert_eq!(wrong.len(), 8, "{all}");
}
