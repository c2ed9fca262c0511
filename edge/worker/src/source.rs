//! Where pictures come from: an R2 bucket or HTTP, with one rule for redirects, size and time.

use js_sys::Uint8Array;
use selvedge_plan::decide::VIA;
use selvedge_plan::{Code, Problem, Source, freshness, limits};
use wasm_bindgen::prelude::*;
use web_sys::{AbortSignal, Response};
use worker::{Bucket, ObjectBody, ResponseBody, Url};

use crate::config::Config;
use crate::respond;

/// How long a source's server may take, from the first redirect to the last byte.
const PATIENCE_MS: u32 = 10_000;

#[wasm_bindgen(raw_module = "./http.js")]
extern "C" {
    #[wasm_bindgen(catch)]
    async fn get(
        url: &str,
        method: &str,
        more: Vec<String>,
        signal: &AbortSignal,
    ) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(catch)]
    async fn sha256(bytes: &Uint8Array) -> Result<JsValue, JsValue>;

    type Body;
    #[wasm_bindgen(constructor)]
    fn new(response: &Response, promised: Option<f64>, cap: f64) -> Body;
    #[wasm_bindgen(method, catch)]
    async fn head(this: &Body, count: f64) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, catch)]
    async fn whole(this: &Body) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method)]
    fn discard(this: &Body);
}

/// A source that was found; its bytes are read when they are needed.
pub struct Found {
    body: Body,
    cap: u64,
    bytes: Option<Uint8Array>,
    /// How many bytes its server tells.
    pub length: Option<u64>,
    /// What its server tells of its version.
    pub validator: Option<String>,
    /// The source's Cache-Control.
    pub cache_control: Option<String>,
}

/// Finds a source of at most `cap` bytes.
pub async fn find(source: &Source, config: &Config, cap: u64) -> Result<Found, Problem> {
    let response = match (source, &config.bucket, &config.base) {
        (Source::Url(url), ..) => find_by_http(url.clone(), None, config).await,
        (Source::Path(path), Some(bucket), _) => find_in(bucket, &path.joined()).await,
        (Source::Path(path), None, Some(base)) if let Some(url) = path.below(base) => {
            find_by_http(url, Some(base), config).await
        }
        (Source::Path(_), ..) => Err(missing()),
    }?;
    Found::of(response, cap)
}

async fn find_in(bucket: &Bucket, key: &str) -> Result<Response, Problem> {
    let failed = |fault: worker::Error| Problem::new(Code::SourceFailed, format!("R2: {fault}"));
    let object = bucket.get(key).execute().await.map_err(failed)?;
    let object = object.ok_or_else(missing)?;
    let body = object.body().map(ObjectBody::response_body).transpose().map_err(failed)?;
    let Some(ResponseBody::Stream(stream)) = body else {
        return Err(missing());
    };
    let mut headers = vec!["etag".to_owned(), object.http_etag()];
    headers.extend(["content-length".to_owned(), object.size().to_string()]);
    if let Some(control) = object.http_metadata().cache_control {
        headers.extend(["cache-control".to_owned(), control]);
    }
    // As a response, the stream can be read in one go and without passing through this memory.
    Ok(respond::plain(200, headers, &stream))
}

async fn find_by_http(
    mut url: Url,
    home: Option<&Url>,
    config: &Config,
) -> Result<Response, Problem> {
    let signal = AbortSignal::timeout_with_u32(PATIENCE_MS);
    for _ in 0..=limits::REDIRECTS {
        let response = get(url.as_str(), "GET", vec!["via".to_owned(), VIA.to_owned()], &signal)
            .await
            .map_err(failure)?;
        let response: Response = response.unchecked_into();
        let header = |name: &str| response.headers().get(name).ok().flatten();
        if let (300..400, Some(place)) = (response.status(), header("location")) {
            respond::discard(&response);
            url = config.rules.allow.redirect(&url, &place, home)?;
            continue;
        }
        Problem::check_source_status(response.status())
            .inspect_err(|_| respond::discard(&response))?;
        return Ok(response);
    }
    let detail = format!("expected at most {} redirects, got more", limits::REDIRECTS);
    Err(Problem::new(Code::SourceFailed, detail))
}

impl Found {
    /// Refuses what is too large before a byte of it is read.
    fn of(response: Response, cap: u64) -> Result<Self, Problem> {
        let header = |name: &str| response.headers().get(name).ok().flatten();
        if let Some(coding) = header("content-encoding").filter(|coding| coding != "identity") {
            respond::discard(&response);
            let detail = format!("expected no content coding from its server, got `{coding}`");
            return Err(Problem::new(Code::SourceFailed, detail));
        }
        let length = header("content-length").and_then(|length| length.parse().ok());
        if let Some(length) = length.filter(|length| *length > cap) {
            respond::discard(&response);
            return Err(too_large(cap, length));
        }
        let (tag, modified) = (header("etag"), header("last-modified"));
        Ok(Self {
            body: Body::new(&response, length.map(|length| length as f64), cap as f64),
            bytes: None,
            cap,
            length,
            validator: freshness::validator(tag.as_deref(), modified.as_deref(), length),
            cache_control: header("cache-control"),
        })
    }

    /// How many bytes there can be.
    pub fn most(&self) -> u64 {
        self.length.unwrap_or(self.cap)
    }

    /// The first bytes: as many as it takes to tell what a transform needs, if there are so many.
    pub async fn head(&self) -> Result<Uint8Array, Problem> {
        let head = self.body.head(limits::HEAD_BYTES as f64).await.map_err(failure)?;
        Ok(head.unchecked_into())
    }

    /// All bytes.
    pub async fn read(&mut self) -> Result<Uint8Array, Problem> {
        if let Some(bytes) = &self.bytes {
            return Ok(bytes.clone());
        }
        let too_large = |_| too_large(self.cap, self.cap.saturating_add(1));
        let whole = self.body.whole().await.map_err(failure)?;
        let bytes: Uint8Array = whole.dyn_into().map_err(too_large)?;
        Ok(self.bytes.insert(bytes).clone())
    }

    /// What tells this version of the source from others: what its server says, else its bytes.
    pub async fn version(&mut self) -> Result<String, Problem> {
        if let Some(validator) = &self.validator {
            return Ok(validator.clone());
        }
        let hash = sha256(&self.read().await?).await.map_err(failure)?;
        Ok(freshness::validator_of_bytes(&hash.as_string().unwrap_or_default()))
    }

    /// Gives up what was not read.
    pub fn discard(&self) {
        self.body.discard();
    }
}

fn missing() -> Problem {
    Problem::new(Code::SourceNotFound, "there is nothing under this path")
}

fn too_large(limit: u64, length: u64) -> Problem {
    Problem::excess(Code::SourceTooLarge, "source bytes", limit, length)
}

/// What was thrown while a source was fetched, as a client is told.
fn failure(thrown: JsValue) -> Problem {
    let error: js_sys::Error = thrown.unchecked_into();
    if error.name() == "TimeoutError" {
        let detail = format!("expected its server to be done in {PATIENCE_MS} ms");
        return Problem::new(Code::SourceTimeout, detail);
    }
    Problem::new(Code::SourceFailed, format!("its server broke off: {}", error.message()))
}
