//! A request as hyper reads it, and the way to its answer.

use std::convert::Infallible;
use std::panic::AssertUnwindSafe;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use futures_util::FutureExt;
use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::header::{CONTENT_TYPE, HOST, HeaderValue, IF_NONE_MATCH};
use hyper::{Method, Request, Response};
use selvedge_plan::{Asked, Code, Fields, Problem};

use super::answer::Answer;
use super::handler::Handler;
use super::log;

/// Answers whatever comes.
pub async fn answer(
    handler: &Handler,
    request: &Request<Incoming>,
) -> Result<Response<Full<Bytes>>, Infallible> {
    let began = Instant::now();
    // As received: neither decoded nor with its double slashes taken out, since it may hold an
    // address, and since a signature is over just these bytes.
    let uri = request.uri();
    let target = uri.path_and_query().map_or("/", |target| target.as_str());
    if matches!(uri.path(), "/health" | "/healthz")
        && matches!(*request.method(), Method::GET | Method::HEAD)
    {
        return Ok(health());
    }
    let host = field(request, HOST.as_str());
    let fields = Fields::collect(|name| field(request, name));
    let asked = Asked {
        method: request.method().as_str(),
        target,
        authority: uri
            .authority()
            .map(|authority| authority.as_str())
            .or(host.as_deref())
            .unwrap_or_default(),
        fields: &fields,
        now: SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs()),
    };
    let if_none_match = field(request, IF_NONE_MATCH.as_str());
    // What panics hurts this request, and not others on the same connection.
    let answered = AssertUnwindSafe(handler.answer(&asked, if_none_match.as_deref()));
    let lost = |_| Err(Problem::new(Code::Internal, "the request was aborted"));
    let answer = answered
        .catch_unwind()
        .await
        .unwrap_or_else(lost)
        .unwrap_or_else(|problem| Answer::problem(handler.maker(), &problem));
    log::request(asked.method, target, answer.status(), began.elapsed(), answer.length());
    Ok(answer.into_response(handler.maker()))
}

/// Serving and able to: that is all a balancer asks.
fn health() -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::from("ok\n"));
    let plain = HeaderValue::from_static("text/plain; charset=utf-8");
    response.headers_mut().insert(CONTENT_TYPE, plain);
    response
}

/// A header as one text: fields of one name are a list (RFC 9110 §5.3).
fn field(request: &Request<Incoming>, name: &str) -> Option<String> {
    let all = request.headers().get_all(name);
    let texts: Vec<&str> = all.iter().filter_map(|value| value.to_str().ok()).collect();
    (!texts.is_empty()).then(|| texts.join(", "))
}
