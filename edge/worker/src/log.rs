//! The log line of a request.

use selvedge_plan::Problem;
use selvedge_plan::line::{Line, Used};
use web_sys::Response;

use crate::component::{Stopwatch, maker};
use crate::respond::header;

/// What a request leaves to tell, beside its answer.
#[derive(Default)]
pub struct Told {
    /// Which version of the Worker this is.
    pub version: Option<String>,
    /// What a transform used.
    pub used: Option<Used>,
    /// What went wrong, whether the client was told or not.
    pub problem: Option<Problem>,
}

impl Told {
    /// Writes the line. The platform adds time and ray.
    pub fn write(&self, method: &str, target: &str, answer: &Response, watch: &Stopwatch) {
        let total = watch.milliseconds().last().copied().unwrap_or_default();
        let cache = header(answer, "selvedge-cache");
        let line = Line {
            method,
            version: self.version.as_deref(),
            target,
            status: answer.status(),
            nanos: (total * 1e6) as u64,
            bytes: header(answer, "content-length").and_then(|length| length.parse().ok()),
            cache: cache.as_deref(),
            problem: self.problem.as_ref(),
            used: self.used,
        };
        worker::console_log!("{}", line.json(maker()));
    }
}
