//! Where files come from: an R2 bucket or HTTP, with one rule for redirects, size and time.

use futures_util::future::join_all;
use js_sys::Uint8Array;
use selvedge_plan::admission::{self, Needs};
use selvedge_plan::decide::{VIA, named};
use selvedge_plan::facts::{Facts, too_large};
use selvedge_plan::{Code, Decision, Plan, Problem, Source, freshness, limits};
use wasm_bindgen::prelude::*;
use web_sys::{AbortSignal, ReadableStream, Response};
use worker::{Bucket, ObjectBody, ResponseBody, Url};

use crate::component;
use crate::config::Config;
use crate::respond::{discard, flat, header};

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
    fn new(stream: Option<ReadableStream>, promised: Option<f64>, cap: f64) -> Body;
    #[wasm_bindgen(method, catch)]
    async fn head(this: &Body, count: f64) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, catch)]
    async fn whole(this: &Body) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method)]
    fn discard(this: &Body);
}

/// All files of a transform, the source first. Their bytes are read when they are needed.
pub struct Files(Vec<File>);

struct File {
    facts: Facts,
    cap: u64,
    body: Body,
}

impl Files {
    /// Finds all that a decision needs, at once, since each may have to be waited for.
    pub async fn find(decision: &Decision, config: &Config) -> Result<Self, Problem> {
        let cap =
            |number| if number == 0 { limits::SOURCE_BYTES_EDGE } else { limits::OVERLAY_BYTES };
        let files = decision.files().enumerate();
        let found = files.map(|(number, source)| find(source, config, cap(number)));
        let found = join_all(found).await.into_iter().enumerate();
        found.map(|(number, file)| named(number, file)).collect::<Result<_, _>>().map(Self)
    }

    /// What the server of each says of caching.
    pub fn cache_controls(&self) -> impl Iterator<Item = Option<&str>> {
        self.0.iter().map(|file| file.facts.cache_control.as_deref())
    }

    /// What tells the version of each, if the servers of all say.
    pub fn versions(&self) -> Option<Vec<String>> {
        self.0.iter().map(|file| file.facts.validator.clone()).collect()
    }

    /// What the transform needs, as far as the beginning of the source and the servers tell. What is drawn
    /// over it is forecast when its turn comes.
    pub async fn needs(&self, plan: &Plan, is_backed: bool) -> Result<Needs, Problem> {
        let mut needs = Needs::of(self.0.iter().map(|file| (&file.facts, file.cap)));
        let source = self.0.first().ok_or_else(Problem::no_source)?;
        let head = source.body.head(limits::HEAD_BYTES as f64).await.map_err(failure)?;
        match component::estimate(head.unchecked_ref(), plan) {
            Ok(forecast) => {
                admission::check_file(plan, forecast.pixels, is_backed)?;
                (needs.memory, needs.work) = (forecast.memory, forecast.work);
                needs.stills = forecast.stills;
            }
            Err(problem) => admission::untold(problem)?,
        }
        needs.check().map(|()| needs)
    }

    /// All bytes, and what tells the version of each.
    pub async fn read(&self) -> Result<(Vec<Uint8Array>, Vec<String>), Problem> {
        let (mut all, mut versions) = (Vec::new(), Vec::new());
        for (number, file) in self.0.iter().enumerate() {
            let (bytes, version) = named(number, file.read().await)?;
            all.push(bytes);
            versions.push(version);
        }
        Ok((all, versions))
    }

    /// Gives up what was not read.
    pub fn discard(&self) {
        self.0.iter().for_each(|file| file.body.discard());
    }
}

impl File {
    fn new(facts: Facts, stream: Option<ReadableStream>, cap: u64) -> Result<Self, Problem> {
        let body = Body::new(stream, facts.length.map(|length| length as f64), cap as f64);
        facts.check(cap).inspect_err(|_| body.discard())?;
        Ok(Self { facts, cap, body })
    }

    /// The bytes, and what tells this version from others: what its server says, else the bytes.
    async fn read(&self) -> Result<(Uint8Array, String), Problem> {
        let whole = self.body.whole().await.map_err(failure)?;
        let excess = |_| too_large(self.cap, self.cap.saturating_add(1));
        let bytes: Uint8Array = whole.dyn_into().map_err(excess)?;
        let version = match &self.facts.validator {
            Some(validator) => validator.clone(),
            None => {
                let hash = sha256(&bytes).await.map_err(failure)?;
                freshness::validator_of_bytes(&hash.as_string().unwrap_or_default())
            }
        };
        Ok((bytes, version))
    }
}

/// Finds a file of at most `cap` bytes.
async fn find(source: &Source, config: &Config, cap: u64) -> Result<File, Problem> {
    match (source, &config.sources, &config.edge.base) {
        (Source::Url(url), ..) => find_by_http(url.clone(), None, config, cap).await,
        (Source::Path(path), Some(bucket), _) => find_in(bucket, &path.joined(), cap).await,
        (Source::Path(path), None, Some(base)) if let Some(url) = path.below(base) => {
            find_by_http(url, Some(base), config, cap).await
        }
        (Source::Path(_), ..) => Err(Problem::no_source()),
    }
}

async fn find_in(bucket: &Bucket, key: &str, cap: u64) -> Result<File, Problem> {
    let failed = |fault: worker::Error| Problem::new(Code::SourceFailed, format!("R2: {fault}"));
    let object = bucket.get(key).execute().await.map_err(failed)?;
    let object = object.ok_or_else(Problem::no_source)?;
    let body = object.body().map(ObjectBody::response_body).transpose().map_err(failed)?;
    let Some(ResponseBody::Stream(stream)) = body else { return Err(Problem::no_source()) };
    let facts = Facts {
        validator: freshness::validator(Some(&object.http_etag()), None, None),
        cache_control: object.http_metadata().cache_control,
        length: Some(object.size()),
    };
    File::new(facts, Some(stream), cap)
}

async fn find_by_http(
    mut url: Url,
    home: Option<&Url>,
    config: &Config,
    cap: u64,
) -> Result<File, Problem> {
    let signal = AbortSignal::timeout_with_u32(PATIENCE_MS);
    for _ in 0..=limits::REDIRECTS {
        let asked = get(url.as_str(), "GET", flat([("via", VIA)]), &signal).await;
        let response: Response = asked.map_err(failure)?.unchecked_into();
        let told = |name: &str| header(&response, name);
        let (allow, location) = (&config.edge.rules.allow, told("location"));
        let refused = |_: &Problem| discard(&response);
        let next = allow.follow(&url, response.status(), location.as_deref(), home);
        if let Some(next) = next.inspect_err(refused)? {
            discard(&response);
            url = next;
            continue;
        }
        let length = told("content-length").and_then(|length| length.parse().ok());
        let facts = Facts::read(told, length).inspect_err(refused)?;
        return File::new(facts, response.body(), cap);
    }
    Err(Problem::redirected())
}

/// What was thrown while a source was fetched, as a client is told.
fn failure(thrown: JsValue) -> Problem {
    let error: js_sys::Error = thrown.unchecked_into();
    let (name, message) = (String::from(error.name()), String::from(error.message()));
    Problem::of_fetch(&name, &message, PATIENCE_MS)
}
