//! The story of a request: decide, admit, fetch, transform, respond.

use std::sync::Arc;
use std::time::{Duration, Instant};

use selvedge_plan::decide::{Asked, Decision, VIA, decide};
use selvedge_plan::outcome::{self, Header, Maker};
use selvedge_plan::{Code, Problem, Rules, freshness, key};
use tokio::task;
use tracing::{error, warn};

use super::admission::{Admission, Place};
use super::answer::Answer;
use crate::config::Config;
use crate::failure::TransformError;
use crate::source::{Files, Gathered, Sources, digest_validator};
use crate::transform::{Limits, Rendered, Transformer};

/// All that requests share.
pub struct Handler {
    rules: Rules,
    admission: Admission,
    sources: Sources,
    transformer: Arc<Transformer>,
    limits: Limits,
}

/// What came of a look at the source.
enum Fetched {
    /// What is known of it answers the request.
    Enough(Answer),
    /// All of it.
    Whole { files: Files, version: Version, took: Duration },
}

/// One version of one picture: what a client can know of it before it is made.
struct Version {
    etag: String,
    headers: Vec<Header>,
}

impl Handler {
    /// Puts the parts together.
    ///
    /// # Errors
    /// What [`Sources::new`] says.
    pub fn new(config: &Config, transformer: Arc<Transformer>) -> Result<Self, String> {
        let sources = Sources::new(&config.sources())?;
        let rules =
            Rules { paths: sources.has_paths(), allow: sources.allow().clone(), ..config.rules() };
        Ok(Self {
            rules,
            admission: Admission::new(config.admission.slots()),
            sources,
            transformer,
            limits: Limits::from(&config.transform),
        })
    }

    /// Answers a request for a picture.
    ///
    /// # Errors
    /// Why there is no picture.
    pub async fn answer(
        &self,
        asked: &Asked<'_>,
        if_none_match: Option<&str>,
    ) -> Result<Answer, Problem> {
        let began = Instant::now();
        let decision = decide(asked, &self.rules)?;
        self.make(&decision, &via(asked), if_none_match, began).await.or_else(|problem| {
            let fallback = outcome::fallback(self.maker(), &decision, &problem);
            fallback.map(Answer::redirect).ok_or(problem)
        })
    }

    /// Makes the picture, or finds that none is needed.
    async fn make(
        &self,
        decision: &Decision,
        via: &str,
        if_none_match: Option<&str>,
        began: Instant,
    ) -> Result<Answer, Problem> {
        let mut place = self.admission.enter()?;
        let (files, version, fetch) = {
            let _permit = place.fetch().await?;
            match self.fetch(decision, via, if_none_match).await? {
                Fetched::Enough(answer) => return Ok(answer),
                Fetched::Whole { files, version, took } => (files, version, took),
            }
        };
        let (rendered, queue) = self.transform(decision, files, place).await?;
        let timing = timing(fetch, queue, &rendered, began.elapsed());
        Ok(version.answer(rendered, timing))
    }

    /// Gets the source, unless what its server says of it is enough.
    async fn fetch(
        &self,
        decision: &Decision,
        via: &str,
        if_none_match: Option<&str>,
    ) -> Result<Fetched, Problem> {
        let began = Instant::now();
        let gathered = Gathered::open(&self.sources, decision, via).await?;
        let told = gathered.cache_controls();
        let cache_control = freshness::cache_control(told.iter().map(Option::as_deref));
        let told = gathered.validators();
        if let Some(validators) = told.iter().cloned().collect::<Option<Vec<_>>>() {
            let version = self.version(decision, &validators, &cache_control);
            if let Some(answer) = version.without_work(decision, if_none_match) {
                return Ok(Fetched::Enough(answer));
            }
        }
        let files = gathered.read().await?;
        let (files, validators) = validated(files, told).await?;
        let version = self.version(decision, &validators, &cache_control);
        let enough = version.without_work(decision, if_none_match);
        Ok(enough.map_or_else(
            || Fetched::Whole { files, version, took: began.elapsed() },
            Fetched::Enough,
        ))
    }

    /// Has the picture made, when a core is free. Also tells how long that took.
    async fn transform(
        &self,
        decision: &Decision,
        files: Files,
        place: Place,
    ) -> Result<(Rendered, Duration), Problem> {
        let (transformer, limits) = (Arc::clone(&self.transformer), self.limits);
        let options = decision.plan.text();
        let given = options.clone();
        let Files { source, overlays } = files;
        let job = move |waited| (transformer.transform(source, &overlays, &given, &limits), waited);
        let (rendered, waited) = place.compute(job).await?;
        let rendered = rendered.map_err(|error| {
            match &error {
                TransformError::Refused(_) => {}
                TransformError::Deadline(_) => warn!(options, "{error}"),
                TransformError::Trap(trap) => error!(options, "a defect: {trap:?}"),
            }
            error.problem()
        })?;
        Ok((rendered, waited))
    }

    /// Who answers.
    pub fn maker(&self) -> Maker<'_> {
        Maker { component: self.transformer.digest(), side: "origin" }
    }

    fn version(&self, decision: &Decision, validators: &[String], cache_control: &str) -> Version {
        let etag = key::etag(self.transformer.digest(), &decision.plan, validators);
        Version { headers: outcome::whole(self.maker(), decision, &etag, cache_control), etag }
    }
}

impl Version {
    /// The answer with the picture itself.
    fn answer(self, rendered: Rendered, timing: Header) -> Answer {
        let mut headers = self.headers;
        headers.push(("content-type", rendered.media_type));
        headers.extend(outcome::amiss(&rendered.warnings));
        headers.push(timing);
        Answer::picture(headers, rendered.bytes)
    }

    /// The answer to a request that asks for no picture, or for one that the client has.
    fn without_work(&self, decision: &Decision, if_none_match: Option<&str>) -> Option<Answer> {
        if freshness::matches(if_none_match, &self.etag) {
            Some(Answer::not_modified(self.headers.clone()))
        } else if decision.head {
            let media_type = decision.plan.output.media_type();
            Some(Answer::head(self.headers.clone(), media_type))
        } else {
            None
        }
    }
}

/// What tells the versions of files: what was told, else their bytes. Fifty megabytes take a tenth of a
/// second to hash: too long for a thread that serves others.
async fn validated(
    files: Files,
    told: Vec<Option<String>>,
) -> Result<(Files, Vec<String>), Problem> {
    if let Some(validators) = told.iter().cloned().collect() {
        return Ok((files, validators));
    }
    let hash = move || {
        let known = told.into_iter().zip(files.each());
        let validators =
            known.map(|(told, bytes)| told.unwrap_or_else(|| digest_validator(bytes))).collect();
        (files, validators)
    };
    let lost = |_| Problem::new(Code::Internal, "hashing was aborted");
    task::spawn_blocking(hash).await.map_err(lost)
}

/// The Via header for the source's server: all that came before, and this server (RFC 9110 §7.6.3).
fn via(asked: &Asked<'_>) -> String {
    match asked.fields.get("via") {
        Some(before) => format!("{before}, {}", VIA),
        None => VIA.to_owned(),
    }
}

fn timing(fetch: Duration, queue: Duration, rendered: &Rendered, total: Duration) -> Header {
    let micros = |time: Duration| u64::try_from(time.as_micros()).unwrap_or(u64::MAX);
    let steps = rendered.steps.iter().map(|step| (step.name.as_str(), micros(step.duration)));
    let before = [("fetch", micros(fetch)), ("queue", micros(queue))];
    let after = [("transform", micros(rendered.duration)), ("total", micros(total))];
    outcome::server_timing(before.into_iter().chain(steps).chain(after))
}
