//! Where pictures come from: an R2 bucket or HTTP, with one rule for redirects, size and time.

use js_sys::{Error, Uint8Array};
use selvedge_plan::decide::VIA;
use selvedge_plan::{Code, Decision, Problem, Source, freshness, limits};
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use worker::{Bucket, ResponseBody, Url};

use crate::config::{Config, Paths};

/// How long a source's server may take, from the first redirect to the last byte.
const PATIENCE_MS: u32 = 10_000;

#[wasm_bindgen(raw_module = "./glue.js")]
extern "C" {
    #[wasm_bindgen(catch)]
    async fn read(
        response: &web_sys::Response,
        is_sized: bool,
        cap: f64,
    ) -> Result<Option<Uint8Array>, JsValue>;

    #[wasm_bindgen(catch)]
    async fn sha256(bytes: &Uint8Array) -> Result<JsValue, JsValue>;
}

/// A source that was found and not yet read.
pub struct Found {
    response: web_sys::Response,
    /// Bytes of the body, where they are known for sure.
    length: Option<u64>,
    /// What tells this version of the source from others, where its server says so.
    pub validator: Option<String>,
    /// The source's Cache-Control.
    pub cache_control: Option<String>,
}

/// Finds the source of `decision`.
pub async fn find(decision: &Decision, config: &Config) -> Result<Found, Problem> {
    match (&decision.source, &config.paths) {
        (Source::Url(url), _) => find_by_http(url.clone(), None, config).await,
        (Source::Path(path), Paths::Bucket(bucket)) => find_in(bucket, &path.joined()).await,
        (Source::Path(path), Paths::Below(base)) => {
            let url = path.below(base).unwrap_or_else(|| base.clone());
            find_by_http(url, Some(base), config).await
        }
        (Source::Path(_), Paths::Absent) => {
            let detail = "SOURCE: expected an address, or a bucket as SOURCE_BUCKET; got neither";
            Err(Problem::new(Code::Misconfigured, detail))
        }
    }
}

async fn find_in(bucket: &Bucket, key: &str) -> Result<Found, Problem> {
    let failed = |fault: worker::Error| Problem::new(Code::SourceFailed, format!("R2: {fault}"));
    let object = bucket.get(key).execute().await.map_err(failed)?;
    let missing = || Problem::new(Code::SourceNotFound, format!("the bucket has no `{key}`"));
    let object = object.ok_or_else(missing)?;
    let body = object.body().ok_or_else(missing)?;
    let ResponseBody::Stream(stream) = body.response_body().map_err(failed)? else {
        return Err(missing());
    };
    // A response of a stream is what can be read in one go without passing through this memory.
    let response = web_sys::Response::new_with_opt_readable_stream(Some(&stream));
    let found = Found {
        response: response.map_err(broken_off)?,
        length: Some(object.size()),
        validator: freshness::validator(Some(&object.http_etag()), None, None),
        cache_control: object.http_metadata().cache_control,
    };
    found.checked()
}

async fn find_by_http(mut url: Url, home: Option<&Url>, config: &Config) -> Result<Found, Problem> {
    let signal = web_sys::AbortSignal::timeout_with_u32(PATIENCE_MS);
    for _ in 0..=limits::REDIRECTS {
        let response = get(url.as_str(), "GET", &signal)
            .await
            .map_err(broken_off)?;
        let header = |name: &str| response.headers().get(name).ok().flatten();
        if let (301 | 302 | 303 | 307 | 308, Some(place)) = (response.status(), header("location"))
        {
            discard(&response);
            url = config.rules.allow.redirect(&url, &place, home)?;
            continue;
        }
        if let Err(problem) = Problem::check_source_status(response.status()) {
            discard(&response);
            return Err(problem);
        }
        // Of an encoded body the length is that of the encoded bytes.
        let length = header("content-length").filter(|_| header("content-encoding").is_none());
        let length = length.and_then(|length| length.parse().ok());
        let (etag, modified) = (header("etag"), header("last-modified"));
        let found = Found {
            validator: freshness::validator(etag.as_deref(), modified.as_deref(), length),
            cache_control: header("cache-control"),
            length,
            response,
        };
        return found.checked();
    }
    let (limit, detail) = (limits::REDIRECTS, "its server redirects more than");
    Err(Problem::new(
        Code::SourceFailed,
        format!("{detail} {limit} times"),
    ))
}

/// Sends a request that carries nothing of the client's, and follows no redirect.
pub async fn get(
    url: &str,
    method: &str,
    signal: &web_sys::AbortSignal,
) -> Result<web_sys::Response, JsValue> {
    let headers = web_sys::Headers::new()?;
    headers.set("accept-encoding", "identity")?;
    headers.set("via", VIA)?;
    let init = web_sys::RequestInit::new();
    init.set_headers(&headers);
    init.set_method(method);
    init.set_redirect(web_sys::RequestRedirect::Manual);
    init.set_signal(Some(signal));
    let scope: web_sys::WorkerGlobalScope = js_sys::global().unchecked_into();
    let response = JsFuture::from(scope.fetch_with_str_and_init(url, &init)).await?;
    response.dyn_into()
}

impl Found {
    /// Refuses what is too large before a byte of it is read.
    fn checked(self) -> Result<Self, Problem> {
        match self.length {
            Some(length) if length > limits::SOURCE_BYTES_EDGE => {
                self.discard();
                Err(too_large(length))
            }
            _ => Ok(self),
        }
    }

    /// Reads all of it.
    pub async fn read(&self) -> Result<Uint8Array, Problem> {
        let cap = limits::SOURCE_BYTES_EDGE;
        let bytes = read(&self.response, self.length.is_some(), cap as f64).await;
        bytes.map_err(broken_off)?.ok_or_else(|| too_large(cap + 1))
    }

    /// Gives up what was not read.
    pub fn discard(&self) {
        discard(&self.response);
    }
}

/// The validator of a source whose server says nothing: its bytes alone tell.
pub async fn validator_of(bytes: &Uint8Array) -> Result<String, Problem> {
    let hash = sha256(bytes).await.map_err(broken_off)?;
    Ok(freshness::validator_of_bytes(
        &hash.as_string().unwrap_or_default(),
    ))
}

/// Cancels a body, so that its connection is free again. Whether that works is not waited for.
pub fn discard(response: &web_sys::Response) {
    if let Some(body) = response.body() {
        wasm_bindgen_futures::spawn_local(async move {
            JsFuture::from(body.cancel()).await.ok();
        });
    }
}

fn too_large(length: u64) -> Problem {
    let (code, limit) = (Code::SourceTooLarge, limits::SOURCE_BYTES_EDGE);
    Problem::excess(code, "bytes of the source", limit, length)
}

fn broken_off(fault: JsValue) -> Problem {
    let error = fault.dyn_into::<Error>();
    let (name, message) = error.map_or_else(
        |fault| (String::new(), format!("{fault:?}")),
        |error| (error.name().into(), error.message().into()),
    );
    if name == "TimeoutError" {
        let detail = format!("expected its server to be done in {PATIENCE_MS} ms");
        return Problem::new(Code::SourceTimeout, detail);
    }
    Problem::new(
        Code::SourceFailed,
        format!("its server broke off: {message}"),
    )
}
