//! What an operator sees: numbers, the status page, the log, traces; and that the dashboard and the
//! alerts ask for numbers that there are.

use std::collections::BTreeSet;
use std::fs;
use std::io::{Read, Write};
use std::path::Path;
use std::sync::{Arc, Mutex};

use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::trace::v1::Span;
use prost::Message;
use selvedge::config::Config;
use selvedge::config::units::Size;
use serde_json::Value;

use crate::client::{get, send};
use crate::origin::Origin;
use crate::server::{Running, config};
use crate::serving::folder;
use crate::setup::{self, Folder, another_component};
use crate::shadow::{Trial, all};

const PICTURE: &str = "/image/width=32,format=webp/a.png";

/// A server after one picture, one problem, and an answer without a picture.
fn busy() -> (Folder, Running) {
    let folder = folder();
    let config = config(folder.path().to_str(), &[]);
    (folder, asked(&config))
}

fn asked(config: &Config) -> Running {
    let server = Running::start(config);
    assert_eq!(get(server.address, PICTURE).status, 200);
    assert_eq!(get(server.address, "/image/width=32/none.png").status, 404);
    assert_eq!(send(server.address, "HEAD", PICTURE, "").status, 200);
    server
}

fn text(body: Vec<u8>) -> String {
    String::from_utf8(body).unwrap()
}

#[test]
fn numbers_tell_what_happened() {
    let (_folder, server) = busy();
    let reply = get(server.admin(), "/metrics");
    assert!(reply.header("content-type").unwrap().starts_with("application/openmetrics-text"));
    let numbers = text(reply.body);
    let component = setup::transformer();
    let component = &component.digest()[..16];
    let loaded = format!("selvedge_component_loaded{{component=\"{component}\",role=\"stable\",");
    assert!(numbers.contains(&loaded), "{loaded} in\n{numbers}");
    let numbers = numbers.replace(&format!(",component=\"{component}\""), "");
    for line in [
        "selvedge_requests_total{code=\"ok\",status=\"200\"} 2",
        "selvedge_requests_total{code=\"source-not-found\",status=\"404\"} 1",
        "selvedge_request_seconds_count{format=\"webp\"} 1",
        "selvedge_step_seconds_count{step=\"fetch\",format=\"webp\"} 1",
        "selvedge_step_seconds_count{step=\"queue\",format=\"webp\"} 1",
        "selvedge_step_seconds_count{step=\"decode\",format=\"webp\"} 1",
        "selvedge_step_seconds_count{step=\"transform\",format=\"webp\"} 1",
        "selvedge_transforms_total{result=\"done\"} 1",
        "selvedge_cores 2",
        "selvedge_transforms_running 0",
        "selvedge_queue_waiting 0",
        "selvedge_transform_memory_bytes 0",
        "selvedge_file_memory_bytes 0",
        "selvedge_ready 1",
    ] {
        assert!(numbers.lines().any(|had| had == line), "{line} in\n{numbers}");
    }
    assert!(numbers.ends_with("# EOF\n"));
}

#[test]
fn dashboard_and_alerts_ask_for_numbers_that_there_are() {
    let (pictures, cache) = (folder(), Folder::new());
    let mut config = config(pictures.path().to_str(), &[]);
    config.cache.folder = Some(cache.path().to_owned());
    config.cache.results = Size::mebibytes(1);
    let trial = Trial::start_with(config, another_component(3), "0", all());
    assert_eq!(get(trial.server.address, PICTURE).status, 200);
    trial.wait_for(1);
    let server = trial.server;
    let numbers = text(get(server.admin(), "/metrics").body);
    // A histogram is called by its name, and has its numbers under three others.
    let known: BTreeSet<&str> = numbers
        .lines()
        .map(|line| line.strip_prefix("# TYPE ").unwrap_or(line))
        .filter_map(|line| line.split(['{', ' ']).next())
        .collect();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut asked = BTreeSet::new();
    for file in ["deploy/grafana.json", "deploy/alerts.yml", "docs/operations.md"] {
        let text = fs::read_to_string(root.join(file)).unwrap();
        let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let words = text.split(|c| !is_name(c)).filter(|word| word.starts_with("selvedge_"));
        asked.extend(words.map(str::to_owned));
    }
    assert!(asked.len() >= 15, "{asked:?}");
    let missing: Vec<&String> =
        asked.iter().filter(|name| !known.contains(name.as_str())).collect();
    assert!(missing.is_empty(), "{missing:?} in\n{numbers}");
    // And all are documented.
    let documented = fs::read_to_string(root.join("docs/operations.md")).unwrap();
    for line in numbers.lines().filter_map(|line| line.strip_prefix("# TYPE ")) {
        let name = line.split(' ').next().unwrap();
        assert!(documented.contains(name), "{name}");
    }
    let dashboard = fs::read_to_string(root.join("deploy/grafana.json")).unwrap();
    assert!(serde_json::from_str::<Value>(&dashboard).is_ok());
}

#[test]
fn the_status_page_shows_the_last_minutes() {
    let (_folder, server) = busy();
    let reply = get(server.admin(), "/status");
    assert_eq!(reply.status, 200);
    let page = text(reply.body);
    for part in ["<svg", "<rect", "Answers a second", "decode", "source-not-found<td>1", "MiB"] {
        assert!(page.contains(part), "{part} in {page}");
    }
    // Nothing of it is for clients.
    for path in ["/status", "/metrics"] {
        assert_eq!(get(server.address, path).status, 404);
        assert_eq!(get(server.admin(), "/image/width=8/a.png").status, 404);
    }
    assert_eq!(get(server.admin(), "/healthz").status, 200);
    assert_eq!(get(server.admin(), "/readyz").status, 200);
}

#[test]
fn an_answer_says_what_each_step_cost_and_which_request_it_was() {
    let (_folder, server) = busy();
    let reply = get(server.address, PICTURE);
    let timing = reply.header("server-timing").unwrap();
    let names = ["fetch;dur=", "queue;dur=", "decode;dur=", "transform;dur=", "total;dur="];
    assert!(names.iter().all(|name| timing.contains(name)), "{timing}");
    assert!(timing.contains("work;desc=\""), "{timing}");
    let ids: BTreeSet<String> = (0..3)
        .map(|_| get(server.address, PICTURE).header("x-request-id").unwrap().to_owned())
        .collect();
    assert_eq!(ids.len(), 3);
    let given = send(server.address, "GET", PICTURE, "x-request-id: from.a_proxy-1\r\n");
    assert_eq!(given.header("x-request-id"), Some("from.a_proxy-1"));
    for odd in ["a b", "\"", &"x".repeat(65)] {
        let reply = send(server.address, "GET", PICTURE, &format!("x-request-id: {odd}\r\n"));
        assert_ne!(reply.header("x-request-id"), Some(odd));
    }
}

/// A collector that keeps what it is sent.
fn collector() -> (Origin, Arc<Mutex<Vec<Span>>>) {
    let spans = Arc::new(Mutex::new(Vec::new()));
    let kept = Arc::clone(&spans);
    let collector = Origin::new(move |head, stream| {
        let length = head.to_ascii_lowercase();
        let length = length.split("content-length: ").nth(1).unwrap().lines().next().unwrap();
        let mut body = vec![0; length.parse().unwrap()];
        stream.read_exact(&mut body).unwrap();
        let request = ExportTraceServiceRequest::decode(body.as_slice()).unwrap();
        for resource in request.resource_spans {
            let name = format!("{:?}", resource.resource);
            assert!(name.contains("service.name") && name.contains("selvedge"), "{name}");
            let scopes = resource.scope_spans.into_iter();
            kept.lock().unwrap().extend(scopes.flat_map(|scope| scope.spans));
        }
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n");
    });
    (collector, spans)
}

#[test]
fn a_request_is_a_trace_with_a_span_for_each_step() {
    let (collector, spans) = collector();
    let folder = folder();
    let mut config = config(folder.path().to_str(), &[]);
    config.tracing.endpoint = Some(format!("{}/v1/traces", collector.url()));
    config.tracing.sample = 0.0;
    let server = Running::start(&config);
    // Who says nothing is not sampled here; who wants to be traced is.
    assert_eq!(get(server.address, PICTURE).status, 200);
    let parent = "traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01\r\n";
    assert_eq!(send(server.address, "GET", PICTURE, parent).status, 200);
    server.handler.observer().flush();
    let spans = spans.lock().unwrap();
    let trace = 0x4bf9_2f35_77b3_4da6_a3ce_929d_0e0e_4736_u128.to_be_bytes();
    assert!(spans.iter().all(|span| span.trace_id == trace), "{spans:?}");
    let root: Vec<&Span> = spans.iter().filter(|span| span.name == "GET image").collect();
    let [root] = root[..] else { panic!("{spans:?}") };
    assert_eq!(root.parent_span_id, 0x00f0_67aa_0ba9_02b7_u64.to_be_bytes());
    let attributes = format!("{:?}", root.attributes);
    for part in ["http.response.status_code", "selvedge.plan", "width=32,format=webp"] {
        assert!(attributes.contains(part), "{part} in {attributes}");
    }
    let steps: Vec<&Span> =
        spans.iter().filter(|span| span.parent_span_id == root.span_id).collect();
    let names: BTreeSet<&str> = steps.iter().map(|span| span.name.as_str()).collect();
    for name in ["fetch", "queue", "decode", "encode"] {
        assert!(names.contains(name), "{name} in {names:?}");
    }
    for step in steps {
        assert!(step.start_time_unix_nano >= root.start_time_unix_nano, "{step:?}");
        assert!(step.end_time_unix_nano <= root.end_time_unix_nano, "{step:?}");
    }
}
