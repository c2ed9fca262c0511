//! Numbers for Prometheus. docs/operations.md says what each is for.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use prometheus_client::encoding::{EncodeLabelSet, text};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};

use super::caches::Caches;
use super::shadows::Shadows;

/// Bounds of durations in seconds: a step may take a tenth of a millisecond, a transform five seconds.
const SECONDS: [f64; 14] =
    [0.0001, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0];

/// Bounds of linear memory in bytes: 1 MiB to what the artefact declares.
const MEMORY: [f64; 9] = [
    1_048_576.0,
    2_097_152.0,
    4_194_304.0,
    8_388_608.0,
    16_777_216.0,
    33_554_432.0,
    67_108_864.0,
    134_217_728.0,
    268_435_456.0,
];

/// Most names of steps that are told apart: each is a set of time series.
const STEPS_MAX: usize = 64;

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ByCode {
    code: &'static str,
    status: u16,
    component: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ByFormat {
    format: String,
    component: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ByStep {
    step: String,
    format: String,
    component: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ByResult {
    result: &'static str,
    component: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ByRole {
    component: String,
    role: &'static str,
    version: &'static str,
}

type Durations<L> = Family<L, Histogram, fn() -> Histogram>;

/// What is counted. Cheap to write to from many threads.
#[derive(Debug)]
pub struct Metrics {
    registry: Registry,
    requests: Family<ByCode, Counter>,
    request_seconds: Durations<ByFormat>,
    step_seconds: Durations<ByStep>,
    memory_bytes: Durations<ByFormat>,
    work: Family<ByFormat, Counter>,
    source_bytes: Family<ByFormat, Counter>,
    output_bytes: Family<ByFormat, Counter>,
    transforms: Family<ByResult, Counter>,
    /// What is kept on disk.
    pub caches: Caches,
    /// What the other component makes again.
    pub shadows: Shadows,
    components: Family<ByRole, Gauge>,
    gauges: Gauges,
    steps: Mutex<BTreeSet<String>>,
}

/// How things stand when somebody looks.
#[derive(Clone, Copy, Debug, Default)]
pub struct Standing {
    /// Requests that wait for a core.
    pub waiting: usize,
    /// Transforms that run.
    pub running: usize,
    /// Transforms that may run at once.
    pub cores: usize,
    /// Sources that are being fetched.
    pub fetching: usize,
    /// Bytes of files.
    pub file_memory: u64,
    /// Bytes that transforms were forecast to need.
    pub transform_memory: u64,
    /// Bytes of this process in memory; 0 where the system does not tell.
    pub resident: u64,
    /// Whether requests are wanted.
    pub ready: bool,
}

#[derive(Debug, Default)]
struct Gauges {
    waiting: Gauge,
    running: Gauge,
    cores: Gauge,
    fetching: Gauge,
    file_memory: Gauge,
    transform_memory: Gauge,
    resident: Gauge,
    ready: Gauge,
}

/// A transform that gave a picture.
#[derive(Clone, Copy, Debug)]
pub struct Transformed<'a> {
    /// The short digest of what made it.
    pub component: &'a str,
    /// The output's format, such as `webp`.
    pub format: &'a str,
    /// Bytes of all sources.
    pub source_bytes: usize,
    /// Bytes of the picture.
    pub output_bytes: usize,
    /// Peak of linear memory in bytes.
    pub memory: u64,
    /// Work units.
    pub work: u64,
}

impl Default for Metrics {
    /// Nothing counted yet.
    fn default() -> Self {
        let seconds: fn() -> Histogram = || Histogram::new(SECONDS);
        let memory: fn() -> Histogram = || Histogram::new(MEMORY);
        let mut metrics = Self {
            registry: Registry::with_prefix("selvedge"),
            requests: Family::default(),
            request_seconds: Family::new_with_constructor(seconds),
            step_seconds: Family::new_with_constructor(seconds),
            memory_bytes: Family::new_with_constructor(memory),
            work: Family::default(),
            source_bytes: Family::default(),
            output_bytes: Family::default(),
            transforms: Family::default(),
            caches: Caches::default(),
            shadows: Shadows::default(),
            components: Family::default(),
            gauges: Gauges::default(),
            steps: Mutex::default(),
        };
        metrics.register();
        metrics
    }
}

impl Metrics {
    fn register(&mut self) {
        let Self { registry, gauges, .. } = self;
        self.caches.register(registry);
        self.shadows.register(registry);
        let help = "Components that are loaded, and what each is there for";
        registry.register("component_loaded", help, self.components.clone());
        registry.register("requests", "Answers, by problem or ok", self.requests.clone());
        let (all, steps) = (self.request_seconds.clone(), self.step_seconds.clone());
        registry.register_with_unit("request", "From a request to its answer", Unit::Seconds, all);
        let help = "Each step of a picture that was made: fetch, queue, the component's, transform";
        registry.register_with_unit("step", help, Unit::Seconds, steps);
        let memory = self.memory_bytes.clone();
        let help = "Peak of linear memory of a transform";
        registry.register_with_unit("transform_memory_peak", help, Unit::Bytes, memory);
        let (work, source, output) =
            (self.work.clone(), self.source_bytes.clone(), self.output_bytes.clone());
        registry.register("work_units", "Work units that were charged", work);
        registry.register_with_unit("source", "Sources of transforms", Unit::Bytes, source);
        registry.register_with_unit("output", "Pictures that were made", Unit::Bytes, output);
        registry.register("transforms", "Transforms, by how they ended", self.transforms.clone());
        for (name, help, gauge) in [
            ("queue_waiting", "Requests that wait for a core", &gauges.waiting),
            ("transforms_running", "Transforms that run", &gauges.running),
            ("cores", "Transforms that may run at once", &gauges.cores),
            ("fetches_running", "Sources that are being fetched", &gauges.fetching),
            ("file_memory_bytes", "Files in memory", &gauges.file_memory),
            (
                "transform_memory_bytes",
                "What running transforms may need",
                &gauges.transform_memory,
            ),
            ("process_resident_bytes", "Memory of the process", &gauges.resident),
            ("ready", "Whether requests are wanted", &gauges.ready),
        ] {
            registry.register(name, help, gauge.clone());
        }
    }

    /// A request was answered, by or for the component of this short digest.
    pub fn answered(
        &self,
        component: &str,
        code: &'static str,
        status: u16,
        format: &str,
        took: Duration,
    ) {
        let component = component.to_owned();
        let format = ByFormat { format: format.to_owned(), component: component.clone() };
        self.requests.get_or_create(&ByCode { code, status, component }).inc();
        self.request_seconds.get_or_create(&format).observe(took.as_secs_f64());
    }

    /// A step took so long.
    pub fn step(&self, component: &str, name: &str, format: &str, took: Duration) {
        let (step, format, component) = (self.known(name), format.to_owned(), component.to_owned());
        let label = ByStep { step, format, component };
        self.step_seconds.get_or_create(&label).observe(took.as_secs_f64());
    }

    /// A transform gave a picture.
    pub fn transformed(&self, done: Transformed<'_>) {
        let (format, component) = (done.format.to_owned(), done.component.to_owned());
        let label = ByFormat { format, component };
        self.ended(done.component, "done");
        self.memory_bytes.get_or_create(&label).observe(done.memory as f64);
        self.work.get_or_create(&label).inc_by(done.work);
        self.source_bytes.get_or_create(&label).inc_by(done.source_bytes as u64);
        self.output_bytes.get_or_create(&label).inc_by(done.output_bytes as u64);
    }

    /// A transform ended in this way.
    pub fn ended(&self, component: &str, result: &'static str) {
        let component = component.to_owned();
        self.transforms.get_or_create(&ByResult { result, component }).inc();
    }

    /// All of it in Prometheus' text format, with the short digests and roles of what is loaded.
    ///
    /// # Errors
    /// None that a string gives.
    pub fn text(
        &self,
        standing: &Standing,
        loaded: &[(String, &'static str)],
    ) -> Result<String, fmt::Error> {
        self.components.clear();
        for (component, role) in loaded {
            let label = ByRole { component: component.clone(), role, version: VERSION };
            self.components.get_or_create(&label).set(1);
        }
        let gauges = &self.gauges;
        for (gauge, value) in [
            (&gauges.waiting, standing.waiting as u64),
            (&gauges.running, standing.running as u64),
            (&gauges.cores, standing.cores as u64),
            (&gauges.fetching, standing.fetching as u64),
            (&gauges.file_memory, standing.file_memory),
            (&gauges.transform_memory, standing.transform_memory),
            (&gauges.resident, standing.resident),
            (&gauges.ready, u64::from(standing.ready)),
        ] {
            gauge.set(i64::try_from(value).unwrap_or(i64::MAX));
        }
        let mut out = String::new();
        text::encode(&mut out, &self.registry)?;
        Ok(out)
    }

    /// The name of a step, as far as it is among the first few that were seen.
    fn known(&self, name: &str) -> String {
        let mut steps = self.steps.lock().unwrap_or_else(PoisonError::into_inner);
        if steps.contains(name) || (steps.len() < STEPS_MAX && steps.insert(name.to_owned())) {
            name.to_owned()
        } else {
            "other".to_owned()
        }
    }
}

/// Of this program.
const VERSION: &str = env!("CARGO_PKG_VERSION");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_happened_is_in_the_text() {
        let metrics = Metrics::default();
        metrics.answered("0123", "ok", 200, "webp", Duration::from_millis(20));
        metrics.step("0123", "decode", "webp", Duration::from_millis(7));
        metrics.transformed(Transformed {
            component: "0123",
            format: "webp",
            source_bytes: 1_000,
            output_bytes: 100,
            memory: 3 << 20,
            work: 42,
        });
        let loaded = [("0123".to_owned(), "stable")];
        let text = metrics.text(&Standing { waiting: 3, ..Standing::default() }, &loaded).unwrap();
        for line in [
            "selvedge_requests_total{code=\"ok\",status=\"200\",component=\"0123\"} 1",
            "selvedge_request_seconds_bucket{le=\"0.025\",format=\"webp\",component=\"0123\"} 1",
            "selvedge_step_seconds_count{step=\"decode\",format=\"webp\",component=\"0123\"} 1",
            "selvedge_transform_memory_peak_bytes_bucket{le=\"4194304.0\",format=\"webp\",component=\"0123\"} 1",
            "selvedge_work_units_total{format=\"webp\",component=\"0123\"} 42",
            "selvedge_source_bytes_total{format=\"webp\",component=\"0123\"} 1000",
            "selvedge_transforms_total{result=\"done\",component=\"0123\"} 1",
            "selvedge_queue_waiting 3",
        ] {
            assert!(text.lines().any(|had| had == line), "{line} in\n{text}");
        }
        let role = "selvedge_component_loaded{component=\"0123\",role=\"stable\"";
        assert!(text.contains(role), "{text}");
    }

    #[test]
    fn steps_without_end_are_one() {
        let metrics = Metrics::default();
        for number in 0..1_000 {
            metrics.step("", &number.to_string(), "png", Duration::ZERO);
        }
        let text = metrics.text(&Standing::default(), &[]).unwrap();
        assert_eq!(text.matches("selvedge_step_seconds_count").count(), STEPS_MAX + 1);
        assert!(text.contains("step=\"other\""), "{text}");
    }
}
