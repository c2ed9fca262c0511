//! The story of a request: decide, admit, fetch, transform, respond.

use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use selvedge_plan::decide::{Asked, Decision, VIA, decide};
use selvedge_plan::outcome::{self, Header, Maker};
use selvedge_plan::{Problem, Rules, freshness, key, spot, ticket};

use super::admission::Admission;
use super::answer::Answer;
use super::clients::Clients;
use super::flight::Flights;
use super::look::Begun;
use super::making::{Made, Making};
use crate::components::Components;
use crate::config::{Config, Tickets};
use crate::observe::metrics::Standing;
use crate::observe::{Observer, resident};
use crate::shadow::{Shadow, Tally};
use crate::source::Sources;
use crate::transform::{Limits, Transformer};

/// All that requests share.
pub struct Handler {
    rules: Rules,
    making: Arc<Making>,
    clients: Clients,
    flights: Flights<Result<Arc<Made>, Problem>>,
    ready: AtomicBool,
}

/// What is known of a request when it has been answered.
#[derive(Debug)]
pub struct Known {
    /// The digest of the component that the request is for.
    pub component: String,
    /// The canonical plan.
    pub plan: String,
    /// The picture, if one was made.
    pub made: Option<Arc<Made>>,
}

impl Known {
    /// Nothing is known yet.
    pub fn nothing(handler: &Handler) -> Self {
        let component = handler.components().stable().digest().to_owned();
        Self { component, plan: String::new(), made: None }
    }

    /// Who answers.
    pub fn maker(&self) -> Maker<'_> {
        maker(&self.component)
    }
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
    pub fn new(config: &Config, components: Components) -> Result<Self, String> {
        let sources = Sources::new(&config.sources()).map_err(|wrong| {
            wrong
                .into_iter()
                .map(|(key, why)| format!("{key}: {why}"))
                .collect::<Vec<_>>()
                .join("; ")
        })?;
        let observer = Observer::new(config)?;
        let caches = &observer.metrics.caches;
        let sources = match config.cache.sources(caches)? {
            Some(store) => sources.keeping(store),
            None => sources,
        };
        let results = config.cache.results(caches)?;
        let rules =
            Rules { paths: sources.has_paths(), allow: sources.allow().clone(), ..config.rules() };
        let limits = Limits::from(&config.transform);
        let shadow = Shadow::start(&config.shadow, &limits, &observer.metrics.shadows)?;
        let making = Making {
            admission: Admission::new(&config.admission),
            sources,
            results,
            components,
            shadow,
            tickets: config.log.tickets,
            limits,
            observer,
        };
        Ok(Self {
            rules,
            making: Arc::new(making),
            clients: Clients::new(&config.admission),
            flights: Flights::default(),
            ready: AtomicBool::new(true),
        })
    }

    /// What makes the pictures.
    pub fn components(&self) -> &Components {
        &self.making.components
    }

    /// Who is told of everything.
    pub fn observer(&self) -> &Observer {
        &self.making.observer
    }

    /// How much each client may have.
    pub fn clients(&self) -> &Clients {
        &self.clients
    }

    /// Whether requests are wanted.
    pub fn is_ready(&self) -> bool {
        self.ready.load(Ordering::Relaxed)
    }

    /// What came of shadow runs, if there are any.
    pub fn shadow(&self) -> Option<Tally> {
        self.making.shadow.as_ref().map(Shadow::tally)
    }

    /// Tells those who ask that no more requests are wanted. Those that come are served, and nothing else
    /// is done.
    pub fn retire(&self) {
        self.ready.store(false, Ordering::Relaxed);
        if let Some(shadow) = &self.making.shadow {
            shadow.stop();
        }
    }

    /// How things stand.
    pub fn standing(&self) -> Standing {
        let ready = self.is_ready();
        Standing { resident: resident(), ready, ..self.making.admission.standing() }
    }

    /// Answers a request for a picture.
    ///
    /// # Errors
    /// Why there is no picture.
    pub async fn answer(
        &self,
        asked: &Asked<'_>,
        if_none_match: Option<&str>,
        client: Option<IpAddr>,
        known: &mut Known,
    ) -> Result<Answer, Problem> {
        let began = Instant::now();
        let decision = decide(asked, &self.rules)?;
        let _turn = self.clients.enter(client)?;
        known.plan = decision.plan.text();
        if let Some(told) = asked.fields.get(spot::HEADER) {
            let edge = spot::read(told, &decision, &self.rules.keys)?;
            return self.making.spot_check(&decision, &edge, &via(asked)).await;
        }
        let component = self.components().choose(&decision);
        component.digest().clone_into(&mut known.component);
        let answer = self.make(component, &decision, via(asked), if_none_match, known).await;
        let answer = answer.map(|answer| match &known.made {
            Some(made) => self.told(answer, made, began.elapsed()),
            None => answer,
        });
        answer.or_else(|problem| {
            let fallback = outcome::fallback(known.maker(), &decision, &problem);
            fallback.map(Answer::redirect).ok_or(problem)
        })
    }

    /// An answer with what is told of how its picture was made.
    fn told(&self, answer: Answer, made: &Made, total: Duration) -> Answer {
        let answer = answer.with(made.timing(total));
        let ticket = made.ticket.as_ref().filter(|_| self.making.tickets == Tickets::Header);
        match ticket {
            Some(ticket) => answer.with((ticket::HEADER, ticket.to_string())),
            None => answer,
        }
    }

    /// Makes the picture, or finds that none is needed.
    async fn make(
        &self,
        component: Arc<Transformer>,
        decision: &Decision,
        via: String,
        if_none_match: Option<&str>,
        known: &mut Known,
    ) -> Result<Answer, Problem> {
        let begun = match self.look(&component, decision, &via, if_none_match).await? {
            Looked::Enough(answer) => return Ok(answer),
            Looked::More(begun) => begun,
        };
        let key = format!("{}\n{}", component.digest(), decision.key);
        let maker = Arc::clone(&component);
        let work = || Arc::clone(&self.making).make(maker, decision.clone(), via, *begun);
        let made = self.flights.join(&key, work).await?;
        let version = version(&component, decision, &made.validators, &made.cache_control);
        let answer = version.answer(&made);
        known.made = Some(made);
        Ok(answer)
    }

    /// Looks at the source of a request that may need no picture: what is known of it may do.
    async fn look(
        &self,
        component: &Transformer,
        decision: &Decision,
        via: &str,
        if_none_match: Option<&str>,
    ) -> Result<Looked, Problem> {
        if !decision.head && if_none_match.is_none() {
            return Ok(Looked::More(Box::new(Begun::Nothing)));
        }
        let look = self.making.look(decision, via).await?;
        let without_work = |validators: &[String], cache_control: &str| {
            let version = version(component, decision, validators, cache_control);
            version.without_work(decision, if_none_match)
        };
        if let Some(validators) = look.validators() {
            let enough = without_work(&validators, &look.cache_control);
            return Ok(enough
                .map_or(Looked::More(Box::new(Begun::Looked(Box::new(look)))), Looked::Enough));
        }
        let whole = self.making.read(look).await?;
        let enough = without_work(&whole.validators, &whole.cache_control);
        Ok(enough.map_or(Looked::More(Box::new(Begun::Read(whole))), Looked::Enough))
    }
}

/// Who answers.
fn maker(digest: &str) -> Maker<'_> {
    Maker { component: digest, side: "origin" }
}

/// The version that `component` makes.
fn version(
    component: &Transformer,
    decision: &Decision,
    validators: &[String],
    cache_control: &str,
) -> Version {
    let digest = component.digest();
    let etag = key::etag(digest, &decision.plan, validators);
    Version { headers: outcome::whole(maker(digest), decision, &etag, cache_control), etag }
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
    fn answer(self, made: &Made) -> Answer {
        let mut headers = self.headers;
        headers.push(("content-type", made.rendered.media_type.clone()));
        headers.extend(outcome::amiss(&made.rendered.warnings));
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
