//! An answer, from what was decided to what hyper sends.

use std::ops::RangeInclusive;

use http_body_util::Full;
use hyper::body::Bytes;
use hyper::header::{HeaderName, HeaderValue};
use hyper::{Response, StatusCode};
use selvedge_plan::outcome::{self, Header, Maker};
use selvedge_plan::{Code, Problem};

/// When those that found no room may come back: the queue of a second is gone by then.
const RETRY_SECONDS: RangeInclusive<u8> = 1..=4;

/// Status, headers and body.
#[derive(Debug)]
pub struct Answer {
    status: u16,
    headers: Vec<Header>,
    body: Bytes,
}

impl Answer {
    /// A whole picture.
    pub fn picture(headers: Vec<Header>, body: Bytes) -> Self {
        Self { status: 200, headers, body }
    }

    /// Headers without a picture: what HEAD asks for, with `media_type` as far as it is known.
    pub fn head(mut headers: Vec<Header>, media_type: Option<&str>) -> Self {
        let kind = media_type.map(|media_type| ("content-type", media_type.to_owned()));
        headers.extend(kind);
        Self::picture(headers, Bytes::new())
    }

    /// The client has the picture already.
    pub fn not_modified(headers: Vec<Header>) -> Self {
        Self { status: 304, headers, body: Bytes::new() }
    }

    /// Nothing but a header, for a program that asked for no picture.
    pub fn nothing(header: Header) -> Self {
        let headers = vec![("cache-control", "no-store".to_owned()), header];
        Self { status: 204, headers, body: Bytes::new() }
    }

    /// A redirect to where its Location header says.
    pub fn redirect(headers: Vec<Header>) -> Self {
        Self { status: 302, headers, body: Bytes::new() }
    }

    /// A problem.
    pub fn problem(maker: Maker<'_>, problem: &Problem) -> Self {
        let mut answer = outcome::problem(maker, problem);
        if problem.code == Code::Busy {
            // Those that were sent away together should not come back together.
            answer.headers.retain(|(name, _)| *name != "retry-after");
            answer.headers.push(("retry-after", fastrand::u8(RETRY_SECONDS).to_string()));
        }
        Self { status: answer.status, headers: answer.headers, body: answer.body.into() }
    }

    /// The same with one more header.
    #[must_use]
    pub fn with(mut self, header: Header) -> Self {
        self.headers.push(header);
        self
    }

    /// The status.
    pub fn status(&self) -> u16 {
        self.status
    }

    /// The number of bytes in the body.
    pub fn length(&self) -> usize {
        self.body.len()
    }

    /// As hyper wants it. What no header can hold is a defect, and answered as one.
    pub fn into_response(self, maker: Maker<'_>) -> Response<Full<Bytes>> {
        self.try_into_response().unwrap_or_else(|what| {
            tracing::error!(what, "an answer that HTTP cannot carry");
            let problem = Problem::new(Code::Internal, what);
            let plain = Self::problem(maker, &problem).try_into_response();
            plain.unwrap_or_else(|_| {
                let mut bare = Response::new(Full::default());
                *bare.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
                bare
            })
        })
    }

    fn try_into_response(self) -> Result<Response<Full<Bytes>>, String> {
        let mut response = Response::new(Full::new(self.body));
        *response.status_mut() =
            StatusCode::from_u16(self.status).map_err(|_| format!("status {}", self.status))?;
        for (name, value) in self.headers {
            let unfit = || format!("header {name}");
            let key = HeaderName::try_from(name).map_err(|_| unfit())?;
            let value = HeaderValue::try_from(value).map_err(|_| unfit())?;
            response.headers_mut().append(key, value);
        }
        Ok(response)
    }
}
