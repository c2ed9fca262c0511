//! How a picture is made: look at its files and read them, wait for a core, transform.

use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::Duration;

use hyper::body::Bytes;
use selvedge_plan::decide::Decision;
use selvedge_plan::outcome::{self, Header};
use selvedge_plan::ticket::Ticket;
use selvedge_plan::{Code, Problem, key, limits};
use tokio::runtime;
use tracing::{error, warn};

use super::admission::Admission;
use super::look::{Begun, Look, Whole};
use super::purse::Part;
use crate::cache::{Name, Results};
use crate::components::Components;
use crate::config::Tickets;
use crate::failure::TransformError;
use crate::observe::{Course, Observer, short};
use crate::shadow::{Pending, Shadow};
use crate::source::{Files, Sources};
use crate::stop::Stop;
use crate::ticket::ticket;
use crate::transform::{Limits, Rendered, Transformer};

/// What it takes.
pub struct Making {
    /// Who may come in.
    pub admission: Admission,
    /// Where pictures come from.
    pub sources: Sources,
    /// Those that were made before, if they are kept.
    pub results: Option<Results>,
    /// What makes new ones of them.
    pub components: Components,
    /// What makes a share of them again.
    pub shadow: Option<Shadow>,
    /// Where tickets are told.
    pub tickets: Tickets,
    /// What one transform may use.
    pub limits: Limits,
    /// Who is told of it.
    pub observer: Observer,
}

/// A picture, for all that wait for it.
#[derive(Debug)]
pub struct Made {
    /// The file.
    pub body: Bytes,
    /// What the component says of it; the bytes are in `body`.
    pub rendered: Rendered,
    /// What tells the version of each source.
    pub validators: Vec<String>,
    /// What makes it again, if that is told.
    pub ticket: Option<Ticket>,
    /// What the answer says of caching.
    pub cache_control: String,
    /// How it was made.
    pub course: Course,
}

impl Made {
    /// The header that tells what took how long, `total` in all.
    pub fn timing(&self, total: Duration) -> Header {
        let micros = |time: Duration| u64::try_from(time.as_micros()).unwrap_or(u64::MAX);
        let course = &self.course;
        let steps = course.steps.iter().map(|(name, took)| (name.as_str(), micros(*took)));
        let after = [("transform", micros(course.transform)), ("total", micros(total))];
        let (name, mut value) = outcome::server_timing(steps.chain(after));
        // Units are about nanoseconds of a core of the 2020s; the description says what they are.
        value.push_str(&format!(", work;desc=\"{} units\"", course.work));
        (name, value)
    }
}

/// Bytes on their way to clients, which count until the last one has them.
struct Sent {
    bytes: Vec<u8>,
    shadow: Option<Pending>,
    _part: Part,
}

impl Drop for Sent {
    fn drop(&mut self) {
        if let Some(shadow) = self.shadow.take() {
            shadow.begin(std::mem::take(&mut self.bytes));
        }
    }
}

impl AsRef<[u8]> for Sent {
    fn as_ref(&self) -> &[u8] {
        &self.bytes
    }
}

impl Making {
    /// Makes the picture by `component`.
    ///
    /// # Errors
    /// The same, and why there is no picture.
    pub async fn make(
        self: Arc<Self>,
        component: Arc<Transformer>,
        decision: Decision,
        via: String,
        begun: Begun,
    ) -> Result<Arc<Made>, Problem> {
        let look = match begun {
            Begun::Nothing => Ok(self.look(&decision, &via).await?),
            Begun::Looked(look) => Ok(*look),
            Begun::Read(whole) => Err(whole),
        };
        let whole = match look {
            Ok(look) => match self.kept(&component, &decision, look).await? {
                ControlFlow::Break(made) => return Ok(made),
                ControlFlow::Continue(look) => self.read(look).await?,
            },
            Err(whole) => whole,
        };
        let name = self.name(
            &component,
            &decision,
            &whole.locations,
            &whole.validators,
            &whole.cache_control,
        );
        let Whole { mut files, mut part, validators, cache_control, at, took: fetch, .. } = whole;
        let core = self.admission.core().await?;
        let (queue, options) = (core.waited, decision.plan.text());
        let making = Arc::clone(&self);
        let sampled = self
            .shadow
            .as_ref()
            .and_then(|shadow| shadow.sample(|| self.components.pair(&component), &files));
        let (mut rendered, part, course, ticket, shadow) = core
            .run(move |stop| {
                let rendered = making.transform(&component, &mut files, &options, stop)?;
                let source_bytes = files.size();
                let told = making.tickets != Tickets::Off;
                let ticket = told
                    .then(|| ticket(component.digest(), &files, &rendered.bytes, options.clone()));
                let shadow = sampled.and_then(|sampled| sampled.made(files, options, &rendered));
                // What is sent may be larger than what came: then it counts as far as that did.
                part.shrink_to(bytes(rendered.bytes.len()));
                let course =
                    Course::new(component.digest(), &rendered, source_bytes, at, fetch, queue);
                Ok::<_, Problem>((rendered, part, course, ticket, shadow))
            })
            .await??;
        self.observer.made(&course);
        if let Some((results, name)) = self.results.as_ref().zip(name) {
            let lost = |_| Problem::new(Code::Internal, "writing the result was aborted");
            rendered = results.put(name, rendered).await.map_err(lost)?;
        }
        let sent = Sent { bytes: std::mem::take(&mut rendered.bytes), shadow, _part: part };
        let body = Bytes::from_owner(sent);
        Ok(Arc::new(Made { body, rendered, validators, ticket, cache_control, course }))
    }

    /// The picture, if it was made before of these versions; else the look goes on.
    async fn kept(
        &self,
        component: &Transformer,
        decision: &Decision,
        look: Look,
    ) -> Result<ControlFlow<Arc<Made>, Look>, Problem> {
        let validators = look.validators().unwrap_or_default();
        let known = !validators.is_empty();
        let name =
            self.name(component, decision, &look.locations, &validators, &look.cache_control);
        let (Some(results), Some(name)) = (&self.results, name.filter(|_| known)) else {
            return Ok(ControlFlow::Continue(look));
        };
        let Some(mut rendered) = results.get(name).await else {
            return Ok(ControlFlow::Continue(look));
        };
        let size = bytes(rendered.bytes.len());
        let part = self.admission.files.take(size, self.admission.patience()).await?;
        let (took, queue) = (look.began.elapsed(), Duration::ZERO);
        let course = Course::new(component.digest(), &rendered, 0, look.at, took, queue);
        let sent = Sent { bytes: std::mem::take(&mut rendered.bytes), shadow: None, _part: part };
        let (body, cache_control) = (Bytes::from_owner(sent), look.cache_control);
        let ticket = None;
        let made = Made { body, rendered, validators, ticket, cache_control, course };
        Ok(ControlFlow::Break(Arc::new(made)))
    }

    /// What the picture is kept under. Nothing that its sources keep from shared caches is kept.
    fn name(
        &self,
        component: &Transformer,
        decision: &Decision,
        locations: &[String],
        validators: &[String],
        cache_control: &str,
    ) -> Option<Name> {
        if self.results.is_none() || !cache_control.starts_with("public") {
            return None;
        }
        let etag = key::etag(component.digest(), &decision.plan, validators);
        Some(Results::name(locations, &etag))
    }

    /// Runs on a core, once there is memory for what is forecast.
    ///
    /// # Errors
    /// [`Code::Busy`], and why there is no picture.
    pub fn transform(
        &self,
        component: &Transformer,
        files: &mut Files,
        options: &str,
        stop: &Stop,
    ) -> Result<Rendered, Problem> {
        let need = self.forecast(component, files, options);
        let taken = self.admission.memory.take(need, self.admission.patience());
        let _memory = runtime::Handle::current().block_on(taken)?;
        let Files { source, overlays } = files;
        let rendered = component.transform_keeping(source, overlays, options, &self.limits, stop);
        rendered.map_err(|error| {
            let ended = match &error {
                TransformError::Refused(_) => "refused",
                TransformError::Stopped => "stopped",
                TransformError::Deadline(_) => {
                    warn!(options, "{error}");
                    "deadline"
                }
                TransformError::Trap(trap) => {
                    error!(options, "a defect: {trap:?}");
                    "trap"
                }
            };
            let component = short(component.digest());
            self.observer.metrics.ended(component, ended);
            if ended != "stopped" {
                self.observer.evidence.failed(component);
            }
            error.problem()
        })
    }

    /// Bytes of memory that a transform may need: what the component says, and all that one is
    /// allowed where it cannot say. Of what is drawn over a picture it only knows in its turn.
    fn forecast(&self, component: &Transformer, files: &Files, options: &str) -> u64 {
        if !files.overlays.is_empty() {
            return self.limits.memory;
        }
        let source = files.source.as_slice();
        // A JPEG's size stands in its first bytes, but for those with large metadata. Others may have
        // frames up to their end.
        let head = source.get(..limits::HEAD_BYTES).filter(|_| source.starts_with(b"\xff\xd8"));
        let estimate = |bytes: &[u8]| component.estimate(bytes, options, &self.limits).ok();
        let forecast = head.and_then(estimate).or_else(|| estimate(source));
        let need = forecast.map(|forecast| forecast.memory.saturating_add(bytes(source.len())));
        need.unwrap_or(self.limits.memory).min(self.limits.memory)
    }
}

/// A count of bytes as it is reckoned with.
pub(super) fn bytes(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}
