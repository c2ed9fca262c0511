//! Where files come from: an R2 bucket or HTTP, with one rule for redirects, size and time.

use futures_util::future::join_all;
use js_sys::{Array, Uint8Array};
use selvedge_plan::admission::Needs;
use selvedge_plan::ask::Ask;
use selvedge_plan::decide::all_named;
use selvedge_plan::facts::Facts;
use selvedge_plan::location::Location;
use selvedge_plan::{Code, Decision, Plan, Problem, Source, freshness, limits};
use wasm_bindgen::prelude::*;
use web_sys::{AbortSignal, ReadableStream};
use worker::{Bucket, ObjectBody, ResponseBody, Url};

use crate::Result;
use crate::component::{budget, estimate};
use crate::config::Config;
use crate::http::{Body, get, sha256};
use crate::respond::header;

/// How long a source's server may take, from the first redirect to the last byte.
const PATIENCE_MS: u32 = 10_000;

/// All files of a transform, the source first. Their bytes are read when they are needed.
pub struct Files(Vec<File>);

/// A file; what of it was not read when it is dropped is given up.
struct File {
    facts: Facts,
    body: Body,
}

impl Files {
    /// Finds all that a decision needs, at once, since each may have to be waited for.
    pub async fn find(decision: &Decision, config: &Config) -> Result<Self> {
        let found = decision.files_at_edge().map(|(source, limit)| find(source, config, limit));
        all_named(join_all(found).await).map(Self)
    }

    /// What their servers say of them.
    pub fn facts(&self) -> impl Iterator<Item = &Facts> {
        self.0.iter().map(|file| &file.facts)
    }

    /// What the transform needs, as far as the beginning of the source and the servers tell. What is drawn
    /// over it is forecast when its turn comes.
    pub async fn needs(&self, plan: &Plan, is_backed: bool) -> Result<Needs> {
        let source = self.0.first().ok_or_else(Problem::no_source)?;
        let head = source.body.head(limits::HEAD_BYTES as f64).await.map_err(failure)?;
        let told = estimate(&head, &plan.text(), budget(&head));
        Needs::of(self.facts()).forecast(&told, plan, is_backed)
    }

    /// All bytes, and what tells the version of each.
    pub async fn read(&self) -> Result<(Vec<Uint8Array>, Vec<String>)> {
        all_named(join_all(self.0.iter().map(File::read)).await)
    }
}

impl File {
    fn new(facts: Facts, stream: Option<ReadableStream>) -> Self {
        let promised = facts.length.map(|length| length as f64);
        Self { body: Body::new(stream, promised, facts.limit as f64), facts }
    }

    /// The bytes, and what tells this version from others: what its server says, else the bytes.
    async fn read(&self) -> Result<(Uint8Array, String)> {
        let whole = self.body.whole().await.map_err(failure)?;
        let bytes: Uint8Array = whole.dyn_into().map_err(|_| self.facts.excess())?;
        if let Some(validator) = &self.facts.validator {
            return Ok((bytes, validator.clone()));
        }
        let hash = sha256(&Array::of1(&bytes)).await.map_err(failure)?;
        Ok((bytes, freshness::validator_of_bytes(&String::from(hash))))
    }
}

impl Drop for File {
    fn drop(&mut self) {
        self.body.discard();
    }
}

/// Finds a file of at most `limit` bytes that may be read.
async fn find(source: &Source, config: &Config, limit: u64) -> Result<File> {
    let file = match (config.edge.locate(source)?, &config.sources) {
        (Location::Bucket(key), Some(bucket)) => find_in(bucket, &key, limit).await?,
        (Location::Bucket(_), None) => return Err(Problem::no_source()),
        (Location::Web(url, home), _) => find_at(url, home, config, limit).await?,
    };
    file.facts.check().map(|()| file)
}

async fn find_in(bucket: &Bucket, key: &str, limit: u64) -> Result<File> {
    let failed = |fault: worker::Error| Problem::new(Code::SourceFailed, format!("R2: {fault}"));
    let object = bucket.get(key).execute().await.map_err(failed)?.ok_or_else(Problem::no_source)?;
    let body = object.body().map(ObjectBody::response_body).transpose().map_err(failed)?;
    let Some(ResponseBody::Stream(stream)) = body else { return Err(Problem::no_source()) };
    let control = object.http_metadata().cache_control;
    let facts = Facts::of_object(&object.http_etag(), control, object.size(), limit);
    Ok(File::new(facts, Some(stream)))
}

async fn find_at(mut url: Url, home: Option<Url>, config: &Config, limit: u64) -> Result<File> {
    let signal = AbortSignal::timeout_with_u32(PATIENCE_MS);
    let allow = &config.edge.rules.allow;
    for _ in 0..=limits::REDIRECTS {
        let answer = get(&Ask::file(url.as_str()).text(), &signal).await.map_err(failure)?;
        let told = |name: &str| header(&answer, name);
        let file = File::new(Facts::read(told, limit), answer.body());
        match allow.follow(&url, answer.status(), told("location").as_deref(), home.as_ref())? {
            Some(next) => url = next,
            None => return Ok(file),
        }
    }
    Err(Problem::redirected())
}

/// What was thrown while a source was fetched, as a client is told.
fn failure(thrown: JsValue) -> Problem {
    let error: js_sys::Error = thrown.unchecked_into();
    Problem::of_fetch(&String::from(error.name()), &String::from(error.message()), PATIENCE_MS)
}
