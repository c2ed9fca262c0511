//! A request as hyper reads it, and the way to its answer.

use std::convert::Infallible;
use std::net::IpAddr;
use std::panic::AssertUnwindSafe;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use futures_util::FutureExt;
use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::header::{HOST, IF_NONE_MATCH};
use hyper::{Method, Request, Response};
use selvedge_plan::{Asked, Code, Fields, Problem};

use super::admin;
use super::answer::Answer;
use super::handler::{Handler, Known};
use crate::observe::Answered;

/// The header that carries a request's name.
const REQUEST_ID: &str = "x-request-id";

/// Longest name of a request that is taken from its client or its proxy.
const ID_MAX: usize = 64;

/// Answers whatever comes, from `peer` if that is known.
pub async fn answer(
    handler: &Handler,
    request: &Request<Incoming>,
    peer: Option<IpAddr>,
) -> Result<Response<Full<Bytes>>, Infallible> {
    let (began, at) = (Instant::now(), SystemTime::now());
    // As received: neither decoded nor with its double slashes taken out, since it may hold an
    // address, and since a signature is over just these bytes.
    let uri = request.uri();
    let target = uri.path_and_query().map_or("/", |target| target.as_str());
    if matches!(*request.method(), Method::GET | Method::HEAD)
        && let Some(health) = admin::health(handler, uri.path())
    {
        return Ok(health);
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
        now: at.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs()),
    };
    let if_none_match = field(request, IF_NONE_MATCH.as_str());
    let mut known = Known::nothing(handler);
    let client = handler.clients().name(peer, |name| field(request, name));
    // What panics hurts this request, and not others on the same connection.
    let answered =
        AssertUnwindSafe(handler.answer(&asked, if_none_match.as_deref(), client, &mut known));
    let lost = |_| Err(Problem::new(Code::Internal, "the request was aborted"));
    let result = answered.catch_unwind().await.unwrap_or_else(lost);
    let code = result.as_ref().err().map(|problem| problem.code);
    let answer = result.unwrap_or_else(|problem| Answer::problem(known.maker(), &problem));
    let (id, traceparent) = (id(request), field(request, "traceparent"));
    handler.observer().answered(&Answered {
        id: &id,
        method: asked.method,
        target,
        traceparent: traceparent.as_deref(),
        status: answer.status(),
        component: known.maker().short(),
        ticket: known.made.as_ref().and_then(|made| made.ticket.as_ref()),
        code,
        bytes: answer.length(),
        at,
        took: began.elapsed(),
        plan: &known.plan,
        course: known.made.as_ref().map(|made| &made.course),
    });
    Ok(answer.with((REQUEST_ID, id)).into_response(known.maker()))
}

/// What tells a request from others: a name that a proxy gave it, if that can stand in a log, or a
/// new one.
fn id(request: &Request<Incoming>) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    field(request, REQUEST_ID)
        .filter(|id| (1..=ID_MAX).contains(&id.len()) && id.chars().all(plain))
        .unwrap_or_else(|| format!("{:016x}", fastrand::u64(..)))
}

/// A header as one text: fields of one name are a list (RFC 9110 §5.3).
fn field(request: &Request<Incoming>, name: &str) -> Option<String> {
    let all = request.headers().get_all(name);
    let texts: Vec<&str> = all.iter().filter_map(|value| value.to_str().ok()).collect();
    (!texts.is_empty()).then(|| texts.join(", "))
}
