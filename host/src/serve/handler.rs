//! The story of a request: decide, admit, fetch, transform, respond.

use std::sync::Arc;
use std::time::{Duration, Instant};

use selvedge_plan::decide::{self, Asked, Decision, Rules};
use selvedge_plan::outcome::{self, Header, Maker};
use selvedge_plan::{Problem, decide as decision_on, freshness, key};
use tokio::task;

use super::admission::Admission;
use super::answer::Answer;
use crate::source::{Opened, Sources, digest_validator};
use crate::transform::{Limits, Rendered, Transformer};

/// All that requests share.
pub struct Handler {
    /// What is allowed.
    pub rules: Rules,
    /// Who may come in.
    pub admission: Admission,
    /// Where pictures come from.
    pub sources: Sources,
    /// What makes new ones of them.
    pub transformer: Arc<Transformer>,
    /// What one transform may use.
    pub limits: Limits,
}

/// A source whose bytes were read.
struct Fetched {
    bytes: Vec<u8>,
    known: Known,
}

/// What is known of a source.
struct Known {
    validator: String,
    cache_control: String,
}

impl Handler {
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
        let decision = decision_on(asked, &self.rules)?;
        let mut place = self.admission.enter()?;

        let fetching = place.fetch().await?;
        let fetch_began = Instant::now();
        let opened = self.sources.open(&decision.source, &via(asked)).await?;
        if let Some(known) = Known::of(&opened)
            && let Some(answer) = self.without_work(&decision, &known, if_none_match)
        {
            return Ok(answer);
        }
        let Fetched { bytes, known } = Fetched::of(opened).await?;
        if let Some(answer) = self.without_work(&decision, &known, if_none_match) {
            return Ok(answer);
        }
        let fetched = fetch_began.elapsed();
        drop(fetching);

        let (transformer, limits) = (Arc::clone(&self.transformer), self.limits);
        let options = decision.plan.text();
        let job = move |waited| (waited, transformer.transform(bytes, &options, &limits));
        let (waited, rendered) = place.compute(job).await?;
        let rendered = rendered.map_err(|error| {
            tracing::debug!(error = format!("{error:?}"), "transform");
            error.problem()
        })?;

        let mut headers = self.headers(&decision, &known);
        headers.push(("content-type", rendered.media_type.clone()));
        headers.push(timing(fetched, waited, &rendered, began.elapsed()));
        Ok(Answer::picture(headers, rendered.bytes))
    }

    /// Who answers.
    pub fn maker(&self) -> Maker<'_> {
        Maker {
            component: self.transformer.digest(),
            side: "origin",
        }
    }

    /// The answer to a request that asks for no picture, or for one that the client has.
    fn without_work(
        &self,
        decision: &Decision,
        known: &Known,
        if_none_match: Option<&str>,
    ) -> Option<Answer> {
        if freshness::matches(if_none_match, &self.etag(decision, known)) {
            Some(Answer::not_modified(self.headers(decision, known)))
        } else if decision.head {
            let headers = self.headers(decision, known);
            Some(Answer::head(headers, decision.plan.output.media_type()))
        } else {
            None
        }
    }

    fn headers(&self, decision: &Decision, known: &Known) -> Vec<Header> {
        let etag = self.etag(decision, known);
        outcome::picture(self.maker(), decision, &etag, &known.cache_control)
    }

    fn etag(&self, decision: &Decision, known: &Known) -> String {
        key::etag(self.transformer.digest(), &decision.plan, &known.validator)
    }
}

impl Known {
    /// What is known before the bytes are read, if that is enough.
    fn of(opened: &Opened) -> Option<Self> {
        Some(Self {
            validator: opened.validator()?,
            cache_control: freshness::cache_control(opened.cache_control().as_deref()),
        })
    }
}

impl Fetched {
    async fn of(opened: Opened) -> Result<Self, Problem> {
        let validator = opened.validator();
        let cache_control = freshness::cache_control(opened.cache_control().as_deref());
        let bytes = opened.read().await?;
        let (bytes, validator) = match validator {
            Some(validator) => (bytes, validator),
            None => digested(bytes).await?,
        };
        let known = Known {
            validator,
            cache_control,
        };
        Ok(Self { bytes, known })
    }
}

/// Fifty megabytes take a tenth of a second to hash: too long for a thread that serves others.
async fn digested(bytes: Vec<u8>) -> Result<(Vec<u8>, String), Problem> {
    let hash = move || {
        let validator = digest_validator(&bytes);
        (bytes, validator)
    };
    let lost = |_| Problem::new(selvedge_plan::Code::Internal, "hashing was aborted");
    task::spawn_blocking(hash).await.map_err(lost)
}

/// The Via header for the source's server: all that came before, and this server (RFC 9110 §7.6.3).
fn via(asked: &Asked<'_>) -> String {
    match asked.via {
        Some(before) => format!("{before}, {}", decide::VIA),
        None => decide::VIA.to_owned(),
    }
}

fn timing(fetch: Duration, queue: Duration, rendered: &Rendered, total: Duration) -> Header {
    let micros = |time: Duration| u64::try_from(time.as_micros()).unwrap_or(u64::MAX);
    let steps = rendered
        .steps
        .iter()
        .map(|step| (step.name.as_str(), micros(step.duration)));
    let before = [("fetch", micros(fetch)), ("queue", micros(queue))];
    let after = [
        ("transform", micros(rendered.duration)),
        ("total", micros(total)),
    ];
    outcome::server_timing(before.into_iter().chain(steps).chain(after))
}
