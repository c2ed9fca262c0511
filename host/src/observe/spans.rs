//! Traces for OpenTelemetry, sent by OTLP over HTTP. A request is a span, and so is each of its
//! steps: laid end to end, since the component's own take turns many times.

use std::fmt;
use std::time::{Duration, SystemTime};

use hyper::body::Bytes;
use hyper::{Request, Response};
use opentelemetry::trace::{
    Span, SpanBuilder, SpanContext, SpanId, SpanKind, Status, TraceContextExt, TraceFlags, TraceId,
    TraceState, TracerProvider,
};
use opentelemetry::{Context, KeyValue};
use opentelemetry_http::{HttpClient, HttpError};
use opentelemetry_otlp::{Protocol, SpanExporter, WithExportConfig, WithHttpConfig};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::{Sampler, SdkTracer, SdkTracerProvider};
use tokio::runtime::{self, Runtime};
use tracing::debug;

use super::Answered;
use crate::serve::log::loggable;

/// How long a collector may take: traces that it does not take are dropped, and no request waits.
const PATIENCE: Duration = Duration::from_secs(5);

/// Makes spans and sends them.
#[derive(Debug)]
pub struct Spans {
    provider: SdkTracerProvider,
    tracer: SdkTracer,
}

impl Spans {
    /// Spans for the collector at `endpoint`, of this share of the requests that come without a
    /// decision of their own.
    ///
    /// # Errors
    /// If it is no address.
    pub fn new(endpoint: &str, sample: f64) -> Result<Self, String> {
        let exporter = SpanExporter::builder()
            .with_http()
            .with_http_client(Client::new()?)
            .with_protocol(Protocol::HttpBinary)
            .with_endpoint(endpoint)
            .with_timeout(PATIENCE)
            .build()
            .map_err(|error| format!("tracing.endpoint: {error}"))?;
        let resource = Resource::builder_empty()
            .with_service_name("selvedge")
            .with_attribute(KeyValue::new("service.version", env!("CARGO_PKG_VERSION")))
            .build();
        let ratio = Sampler::TraceIdRatioBased(sample);
        let provider = SdkTracerProvider::builder()
            .with_batch_exporter(exporter)
            .with_sampler(Sampler::ParentBased(Box::new(ratio)))
            .with_resource(resource)
            .build();
        let tracer = provider.tracer("selvedge");
        Ok(Self { provider, tracer })
    }

    /// Records a request, and gives the trace that it belongs to.
    pub fn record(&self, answered: &Answered<'_>) -> String {
        let parent = answered
            .traceparent
            .and_then(parent)
            .map_or_else(Context::new, |parent| Context::new().with_remote_span_context(parent));
        let mut attributes = vec![
            KeyValue::new("http.request.method", answered.method.to_owned()),
            KeyValue::new("http.response.status_code", i64::from(answered.status)),
            KeyValue::new("url.path", loggable(answered.target)),
            KeyValue::new("selvedge.request", answered.id.to_owned()),
            KeyValue::new("selvedge.component", answered.component.to_owned()),
            KeyValue::new("selvedge.plan", loggable(answered.plan)),
        ];
        if let Some(code) = answered.code {
            attributes.push(KeyValue::new("error.type", code.name()));
        }
        if let Some(course) = answered.course {
            attributes.extend([
                KeyValue::new("selvedge.source.bytes", whole(course.source_bytes as u64)),
                KeyValue::new("selvedge.output.bytes", whole(course.output_bytes as u64)),
                KeyValue::new("selvedge.memory.peak", whole(course.memory)),
                KeyValue::new("selvedge.work", whole(course.work)),
            ]);
        }
        let name = format!("{} image", answered.method);
        let mut root = SpanBuilder::from_name(name)
            .with_kind(SpanKind::Server)
            .with_start_time(answered.at)
            .with_attributes(attributes)
            .start_with_context(&self.tracer, &parent);
        if answered.status >= 500 {
            root.set_status(Status::error(answered.code.map_or("", |code| code.name())));
        }
        let own = root.span_context().clone();
        let inside = Context::new().with_remote_span_context(own.clone());
        let mut at = answered.course.map_or(answered.at, |course| course.at);
        for (step, took) in answered.course.iter().flat_map(|course| &course.steps) {
            let child = SpanBuilder::from_name(step.clone()).with_start_time(at);
            at = after(at, *took);
            child.start_with_context(&self.tracer, &inside).end_with_timestamp(at);
        }
        root.end_with_timestamp(after(answered.at, answered.took));
        own.trace_id().to_string()
    }

    /// Sends what is not sent yet.
    pub fn flush(&self) {
        if let Err(error) = self.provider.force_flush() {
            debug!(%error, "traces");
        }
    }
}

fn after(at: SystemTime, took: Duration) -> SystemTime {
    at.checked_add(took).unwrap_or(at)
}

fn whole(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// Who asked, by the header of W3C Trace Context (§3.2.2, version 00).
fn parent(header: &str) -> Option<SpanContext> {
    let mut parts = header.split('-');
    let (version, trace, span, flags) =
        (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
    let sound = version == "00" && trace.len() == 32 && span.len() == 16 && flags.len() == 2;
    if !sound || parts.next().is_some() {
        return None;
    }
    let flags = TraceFlags::new(u8::from_str_radix(flags, 16).ok()?);
    let (trace, span) = (TraceId::from_hex(trace).ok()?, SpanId::from_hex(span).ok()?);
    let context = SpanContext::new(trace, span, flags, true, TraceState::default());
    context.is_valid().then_some(context)
}

/// The client for the collector. The exporter has a thread of its own that knows nothing of tokio.
struct Client {
    http: reqwest::Client,
    runtime: Option<Runtime>,
}

impl Client {
    fn new() -> Result<Self, String> {
        let runtime = runtime::Builder::new_current_thread().enable_all().build();
        let http = reqwest::Client::builder().no_proxy().timeout(PATIENCE).build();
        Ok(Self {
            http: http.map_err(|error| error.to_string())?,
            runtime: Some(runtime.map_err(|error| error.to_string())?),
        })
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Client")
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            // This may happen on a thread of another runtime, where waiting is a panic.
            runtime.shutdown_background();
        }
    }
}

#[async_trait::async_trait]
impl HttpClient for Client {
    async fn send_bytes(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let runtime = self.runtime.as_ref().ok_or("the client has ended")?;
        let (head, body) = request.into_parts();
        let asked =
            self.http.request(head.method, head.uri.to_string()).headers(head.headers).body(body);
        let (status, body) = runtime.block_on(async {
            let answer = asked.send().await?;
            let status = answer.status();
            Ok::<_, reqwest::Error>((status, answer.bytes().await?))
        })?;
        let mut response = Response::new(body);
        *response.status_mut() = status;
        Ok(response)
    }
}

#[cfg(test)]
mod tests {
    use super::parent;

    #[test]
    fn parents_are_read_as_the_standard_writes_them() {
        let header = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
        let context = parent(header).unwrap();
        assert_eq!(context.trace_id().to_string(), "4bf92f3577b34da6a3ce929d0e0e4736");
        assert!(context.is_sampled());
        for bad in [
            "",
            "00",
            "01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-x",
            "00-ä-00f067aa0ba902b7-01",
        ] {
            assert!(parent(bad).is_none(), "{bad}");
        }
    }
}
