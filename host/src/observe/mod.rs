//! What can be seen of a server: a line in the log for each request, numbers, traces, and the last
//! minutes as pictures.

mod caches;
pub mod history;
mod line;
pub mod metrics;
mod shadows;
mod spans;
pub mod status;

use std::fs;
use std::time::{Duration, SystemTime};

use selvedge_plan::Code;
use selvedge_plan::outcome::Maker;
use selvedge_plan::ticket::Ticket;

use crate::config;
use crate::rollout::Evidence;
use crate::serve::log::{self, Style};
use crate::transform::Rendered;
pub use caches::Caches;
use history::History;
use metrics::{Metrics, Transformed};
pub use shadows::Shadows;
use spans::Spans;

/// Everything that sees.
#[derive(Debug)]
pub struct Observer {
    /// Numbers for Prometheus.
    pub metrics: Metrics,
    /// The last minutes.
    pub history: History,
    /// What is known of each component.
    pub evidence: Evidence,
    spans: Option<Spans>,
    style: Style,
}

/// A request that was answered.
#[derive(Debug)]
pub struct Answered<'a> {
    /// What tells it from others.
    pub id: &'a str,
    /// The method.
    pub method: &'a str,
    /// Path and query, as received.
    pub target: &'a str,
    /// W3C Trace Context's header of the request.
    pub traceparent: Option<&'a str>,
    /// Status of the answer.
    pub status: u16,
    /// The short digest of the component that it is from, or would have been.
    pub component: &'a str,
    /// What makes the picture again, if that is told.
    pub ticket: Option<&'a Ticket>,
    /// The problem, if it is one.
    pub code: Option<Code>,
    /// Bytes of the body.
    pub bytes: usize,
    /// When the request came.
    pub at: SystemTime,
    /// How long it took.
    pub took: Duration,
    /// The canonical plan; empty before there is one.
    pub plan: &'a str,
    /// How the picture was made, if it was.
    pub course: Option<&'a Course>,
}

/// How a picture was made.
#[derive(Clone, Debug)]
pub struct Course {
    /// The short digest of what made it.
    pub component: String,
    /// The output's format, such as `webp`.
    pub format: String,
    /// Bytes of all sources.
    pub source_bytes: usize,
    /// Bytes of the picture.
    pub output_bytes: usize,
    /// Peak of linear memory in bytes.
    pub memory: u64,
    /// Work units.
    pub work: u64,
    /// When it began.
    pub at: SystemTime,
    /// All steps in their order: `fetch`, `queue`, those of the component.
    pub steps: Vec<(String, Duration)>,
    /// The component's part of it, with making the instance.
    pub transform: Duration,
    /// Time of a core that it took.
    pub cpu: Duration,
}

impl Course {
    /// From what is known at the end.
    pub fn new(
        component: &str,
        rendered: &Rendered,
        source_bytes: usize,
        at: SystemTime,
        fetch: Duration,
        queue: Duration,
    ) -> Self {
        let before = [("fetch".to_owned(), fetch), ("queue".to_owned(), queue)];
        let steps = rendered.steps.iter().map(|step| (step.name.clone(), step.duration));
        Self {
            component: short(component).to_owned(),
            format: format(&rendered.media_type).to_owned(),
            source_bytes,
            output_bytes: rendered.bytes.len(),
            memory: rendered.memory,
            work: rendered.work,
            at,
            steps: before.into_iter().chain(steps).collect(),
            transform: rendered.duration,
            cpu: rendered.cpu,
        }
    }
}

impl Observer {
    /// Sees nothing yet.
    ///
    /// # Errors
    /// If the place for traces is no address.
    pub fn new(config: &config::Config) -> Result<Self, String> {
        let endpoint = config.tracing.endpoint.as_deref();
        let spans =
            endpoint.map(|endpoint| Spans::new(endpoint, config.tracing.sample)).transpose()?;
        Ok(Self {
            metrics: Metrics::default(),
            history: History::default(),
            evidence: Evidence::default(),
            spans,
            style: config.log.style,
        })
    }

    /// A picture was made.
    pub fn made(&self, course: &Course) {
        let (format, component) = (course.format.as_str(), course.component.as_str());
        self.metrics.transformed(Transformed {
            component,
            format,
            source_bytes: course.source_bytes,
            output_bytes: course.output_bytes,
            memory: course.memory,
            work: course.work,
        });
        for (name, took) in &course.steps {
            self.metrics.step(component, name, format, *took);
        }
        self.metrics.step(component, "transform", format, course.transform);
        self.evidence.made(component, course.cpu);
        self.history.add(|slice| {
            slice.made += 1;
            let arm = slice.components.entry(course.component.clone()).or_default();
            arm.made += 1;
            arm.transform += course.transform;
            arm.bytes += course.output_bytes as u64;
            for (name, took) in &course.steps {
                *slice.steps.entry(name.clone()).or_default() += *took;
            }
        });
    }

    /// A request was answered.
    pub fn answered(&self, answered: &Answered<'_>) {
        let format = answered.course.map_or("none", |course| course.format.as_str());
        let code = answered.code.map_or("ok", Code::name);
        self.metrics.answered(answered.component, code, answered.status, format, answered.took);
        self.history.add(|slice| {
            slice.requests += 1;
            let arm = slice.components.entry(answered.component.to_owned()).or_default();
            arm.requests += 1;
            arm.failures += u64::from(answered.status >= 500);
            if let Some(code) = answered.code {
                *slice.problems.entry(code.name()).or_default() += 1;
            }
        });
        let trace = self.spans.as_ref().map(|spans| spans.record(answered));
        match self.style {
            Style::Json if tracing::enabled!(tracing::Level::INFO) => {
                log::write(&line::ecs(answered, trace.as_deref()));
            }
            Style::Json => {}
            Style::Plain => line::plain(answered),
        }
    }

    /// Sends the traces that are not sent yet.
    pub fn flush(&self) {
        if let Some(spans) = &self.spans {
            spans.flush();
        }
    }
}

/// The beginning of a component's digest, by which it is called in headers, tags and logs.
pub fn short(digest: &str) -> &str {
    Maker { component: digest, side: "" }.short()
}

/// The short name of a media type.
pub fn format(media_type: &str) -> &str {
    media_type.rsplit('/').next().unwrap_or(media_type)
}

/// Bytes of this process in memory; 0 where the system does not tell (proc(5)).
pub fn resident() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kibibytes = line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<u64>().ok());
    kibibytes.map_or(0, |count| count.saturating_mul(1 << 10))
}
