//! How the crate `object_store` sends its requests: by the one client that keeps the rules.

use std::sync::Arc;

use async_trait::async_trait;
use http_body_util::BodyExt;
use object_store::ClientOptions;
use object_store::client::{
    HttpClient, HttpConnector, HttpError, HttpErrorKind, HttpRequest, HttpResponse,
    HttpResponseBody, HttpService,
};
use reqwest::Request;
use selvedge_plan::Problem;
use url::Url;

use crate::source::client::{Bounds, Client, failed};

/// Most bytes of an answer that is no object: credentials.
const CREDENTIALS_BYTES: u64 = 1 << 20;

/// The client, as the crate wants it.
#[derive(Clone, Debug)]
pub struct Transport(pub Arc<Client>);

impl HttpConnector for Transport {
    /// The options are those of a client that is not used.
    fn connect(&self, _: &ClientOptions) -> object_store::Result<HttpClient> {
        Ok(HttpClient::new(self.clone()))
    }
}

#[async_trait]
impl HttpService for Transport {
    async fn call(&self, asked: HttpRequest) -> Result<HttpResponse, HttpError> {
        // What is asked for an object carries the object's bounds.
        let bounds = asked.extensions().get::<Bounds>().copied();
        let bounds = bounds.unwrap_or_else(|| self.0.bounds(CREDENTIALS_BYTES));
        let (parts, body) = asked.into_parts();
        let url = Url::parse(&parts.uri.to_string())
            .map_err(|_| error(failed("the key fits no address")))?;
        let mut request = Request::new(parts.method, url);
        *request.headers_mut() = parts.headers;
        *request.body_mut() = body.as_bytes().cloned().map(Into::into);
        let reply = self.0.exchange(request, bounds).await.map_err(error)?;
        let mut response = HttpResponse::new(HttpResponseBody::new(reply.wire.map_err(error)));
        *response.status_mut() = hyper::StatusCode::from_u16(reply.status)
            .map_err(|_| error(failed("its store answered with no status")))?;
        // Both places: the crate reads some of them, and takes the others away.
        response.extensions_mut().insert(reply.headers.clone());
        *response.headers_mut() = reply.headers;
        Ok(response)
    }
}

/// Nothing of it is tried again by the crate, whatever its kind: the bounds are for all together.
fn error(problem: Problem) -> HttpError {
    HttpError::new(HttpErrorKind::Unknown, problem)
}
