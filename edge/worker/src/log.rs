//! What a request leaves to tell: its steps while they run, and its line when it has ended.

use selvedge_plan::line::Line;
use web_sys::Response;

use crate::Result;
use crate::component::{Stopwatch, maker};
use crate::respond::{header, respond};

/// What is known of a request so far.
pub struct Told {
    /// Its line in the log.
    pub line: Line,
    /// Its steps.
    pub watch: Stopwatch,
}

impl Told {
    /// Of a request that begins now.
    pub fn begun(line: Line) -> Self {
        Self { line, watch: Stopwatch::new() }
    }

    /// Ends with an answer, a problem too, and writes the line. The platform adds time and ray.
    pub async fn end(mut self, answer: Result<Response>) -> Response {
        let answer = match answer {
            Ok(answer) => answer,
            Err(problem) => respond(&self.line.fail(maker(), problem), None).await,
        };
        self.line.end(answer.status(), |name| header(&answer, name), &self.watch.text());
        worker::console_log!("{}", self.line.json(maker()));
        answer
    }
}
