//! The story of a request: decide, admit, fetch, transform, respond.

use std::sync::Arc;
use std::time::{Duration, Instant};

use selvedge_plan::decide::{Asked, Decision, VIA, decide};
use selvedge_plan::outcome::{self, Header, Maker};
use selvedge_plan::{Problem, Rules, freshness, key};

use super::admission::Admission;
use super::answer::Answer;
use super::flight::Flights;
use super::making::{Begun, Made, Making};
use crate::config::Config;
use crate::source::Sources;
use crate::transform::{Limits, Transformer};

/// All that requests share.
pub struct Handler {
    rules: Rules,
    making: Arc<Making>,
    flights: Flights<Result<Arc<Made>, Problem>>,
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
        let making = Making {
            admission: Admission::new(&config.admission),
            sources,
            transformer,
            limits: Limits::from(&config.transform),
        };
        Ok(Self { rules, making: Arc::new(making), flights: Flights::default() })
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
        self.make(&decision, via(asked), if_none_match, began).await.or_else(|problem| {
            let fallback = outcome::fallback(self.maker(), &decision, &problem);
            fallback.map(Answer::redirect).ok_or(problem)
        })
    }

    /// Makes the picture, or finds that none is needed.
    async fn make(
        &self,
        decision: &Decision,
        via: String,
        if_none_match: Option<&str>,
        began: Instant,
    ) -> Result<Answer, Problem> {
        let begun = match self.look(decision, &via, if_none_match).await? {
            Looked::Enough(answer) => return Ok(answer),
            Looked::More(begun) => begun,
        };
        let work = || Arc::clone(&self.making).make(decision.clone(), via, *begun);
        let made = self.flights.join(&decision.key, work).await?;
        let version = self.version(decision, &made.validators, &made.cache_control);
        Ok(version.answer(&made, began.elapsed()))
    }

    /// Looks at the source of a request that may need no picture: what is known of it may do.
    async fn look(
        &self,
        decision: &Decision,
        via: &str,
        if_none_match: Option<&str>,
    ) -> Result<Looked, Problem> {
        if !decision.head && if_none_match.is_none() {
            return Ok(Looked::More(Box::new(Begun::Nothing)));
        }
        let look = self.making.look(decision, via).await?;
        let without_work = |validators: &[String], cache_control: &str| {
            let version = self.version(decision, validators, cache_control);
            version.without_work(decision, if_none_match)
        };
        if let Some(validators) = look.validators() {
            let enough = without_work(&validators, &look.cache_control);
            return Ok(enough.map_or(Looked::More(Box::new(Begun::Looked(look))), Looked::Enough));
        }
        let whole = self.making.read(look).await?;
        let enough = without_work(&whole.validators, &whole.cache_control);
        Ok(enough.map_or(Looked::More(Box::new(Begun::Read(whole))), Looked::Enough))
    }

    /// Who answers.
    pub fn maker(&self) -> Maker<'_> {
        Maker { component: self.making.transformer.digest(), side: "origin" }
    }

    fn version(&self, decision: &Decision, validators: &[String], cache_control: &str) -> Version {
        let etag = key::etag(self.making.transformer.digest(), &decision.plan, validators);
        Version { headers: outcome::whole(self.maker(), decision, &etag, cache_control), etag }
    }
}

/// What came of a look at the source.
enum Looked {
    /// It answers the request.
    Enough(Answer),
    /// The picture is needed.
    More(Box<Begun>),
}

impl Version {
    /// The answer with the picture itself.
    fn answer(self, made: &Made, total: Duration) -> Answer {
        let mut headers = self.headers;
        headers.push(("content-type", made.rendered.media_type.clone()));
        headers.extend(outcome::amiss(&made.rendered.warnings));
        headers.push(timing(made, total));
        Answer::picture(headers, made.body.clone())
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

/// The Via header for the source's server: all that came before, and this server (RFC 9110 §7.6.3).
fn via(asked: &Asked<'_>) -> String {
    match asked.fields.get("via") {
        Some(before) => format!("{before}, {}", VIA),
        None => VIA.to_owned(),
    }
}

fn timing(made: &Made, total: Duration) -> Header {
    let micros = |time: Duration| u64::try_from(time.as_micros()).unwrap_or(u64::MAX);
    let rendered = &made.rendered;
    let steps = rendered.steps.iter().map(|step| (step.name.as_str(), micros(step.duration)));
    let before = [("fetch", micros(made.fetch)), ("queue", micros(made.queue))];
    let after = [("transform", micros(rendered.duration)), ("total", micros(total))];
    outcome::server_timing(before.into_iter().chain(steps).chain(after))
}
