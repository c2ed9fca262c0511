//! Numbers of what is made twice: by two components in shadow runs, or by edge and origin in spot checks.

use std::sync::atomic::AtomicU64;

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};

use super::short;
use crate::serve::Finding;
use crate::shadow::{Arm, Effort, Run};

/// Bounds of SSIMULACRA2: what is below 0 is another picture, what is above 90 looks the same.
const SCORES: [f64; 9] = [0.0, 30.0, 50.0, 70.0, 80.0, 85.0, 90.0, 95.0, 99.999];

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ByResult {
    component: String,
    format: String,
    result: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ByFormat {
    component: String,
    format: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ByArm {
    component: String,
    arm: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ByFinding {
    result: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ByReason {
    reason: &'static str,
}

/// The numbers. The component that they name is the candidate, whichever ran in the shadow.
#[derive(Clone, Debug)]
pub struct Shadows {
    runs: Family<ByResult, Counter>,
    dropped: Family<ByReason, Counter>,
    scores: Family<ByFormat, Histogram, fn() -> Histogram>,
    cpu_seconds: Family<ByArm, Counter<f64, AtomicU64>>,
    output_bytes: Family<ByArm, Counter>,
    work: Family<ByArm, Counter>,
    spot_checks: Family<ByFinding, Counter>,
}

impl Default for Shadows {
    /// Nothing counted yet.
    fn default() -> Self {
        let dropped = Family::<ByReason, Counter>::default();
        // What an alert asks for needs a zero to rise from.
        for reason in ["queue", "memory", "defect"] {
            drop(dropped.get_or_create(&ByReason { reason }));
        }
        let spot_checks = Family::<ByFinding, Counter>::default();
        // An alert needs a zero to rise from.
        for finding in Finding::ALL {
            drop(spot_checks.get_or_create(&ByFinding { result: finding.name() }));
        }
        Self {
            runs: Family::default(),
            dropped,
            scores: Family::new_with_constructor(|| Histogram::new(SCORES)),
            cpu_seconds: Family::default(),
            output_bytes: Family::default(),
            work: Family::default(),
            spot_checks,
        }
    }
}

impl Shadows {
    /// Puts them among the other numbers.
    pub fn register(&self, registry: &mut Registry) {
        let Self { runs, dropped, scores, cpu_seconds, output_bytes, work, spot_checks } =
            self.clone();
        let help = "Pictures that both components made, by how they compare or why there is none";
        registry.register("shadow_runs", help, runs);
        let help = "Pictures that were to be made again and were not";
        registry.register("shadow_dropped", help, dropped);
        registry.register("shadow_score", "SSIMULACRA2 of the two pictures", scores);
        let help = "Time of a core, where both made a picture";
        registry.register_with_unit("shadow_cpu", help, Unit::Seconds, cpu_seconds);
        let help = "Bytes of pictures that both made";
        registry.register_with_unit("shadow_output", help, Unit::Bytes, output_bytes);
        registry.register("shadow_work_units", "Work units, where both made a picture", work);
        let help = "Pictures that an edge made and this server made again, by how they compare";
        registry.register("spot_checks", help, spot_checks);
    }

    /// A picture was not made again, for this reason.
    pub fn dropped(&self, reason: &'static str) {
        self.dropped.get_or_create(&ByReason { reason }).inc();
    }

    /// A picture of an edge was made here.
    pub fn checked(&self, finding: Finding) {
        self.spot_checks.get_or_create(&ByFinding { result: finding.name() }).inc();
    }

    /// One was.
    pub fn ran(&self, run: &Run) {
        let component = short(&run.candidate).to_owned();
        let format = run.sent.format.clone();
        let result = run.result().to_owned();
        let by_result = ByResult { component: component.clone(), format: format.clone(), result };
        self.runs.get_or_create(&by_result).inc();
        if let Some(score) = run.outcome.score() {
            let by_format = ByFormat { component: component.clone(), format };
            self.scores.get_or_create(&by_format).observe(score);
        }
        if let Some((stable, candidate)) = run.efforts() {
            self.took(&component, Arm::Stable, stable);
            self.took(&component, Arm::Candidate, candidate);
        }
    }

    fn took(&self, component: &str, arm: Arm, effort: &Effort) {
        let label = ByArm { component: component.to_owned(), arm: arm.name() };
        self.cpu_seconds.get_or_create(&label).inc_by(effort.cpu as f64 / 1e6);
        self.output_bytes.get_or_create(&label).inc_by(effort.bytes as u64);
        self.work.get_or_create(&label).inc_by(effort.work);
    }
}
