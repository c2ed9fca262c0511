//! Why a transform gave no picture, and what that means to a client.

use std::time::Duration;

use selvedge_plan::{Code, Problem};

use crate::bindings::{Excess, Failure};

/// A transform that did not end with a picture.
#[derive(Debug, thiserror::Error)]
pub enum TransformError {
    /// It took longer than the server allows.
    #[error("the transform was stopped after {} ms", .0.as_millis())]
    Deadline(Duration),
    /// The component refused, for a reason that the contract names.
    #[error("{}", problem_of(.0))]
    Refused(Failure),
    /// Nobody waits for it any more.
    #[error("the transform was stopped: nobody waits for it")]
    Stopped,
    /// The component broke its contract, or the engine could not run it. A defect.
    #[error("the component failed: {}", first_line(.0))]
    Trap(wasmtime::Error),
}

impl TransformError {
    /// The problem that a client is told.
    pub fn problem(&self) -> Problem {
        match self {
            Self::Deadline(limit) => Problem::new(
                Code::Deadline,
                format!("the transform was stopped after {} ms: ask for less", limit.as_millis()),
            ),
            Self::Refused(failure) => problem_of(failure),
            Self::Stopped => Problem::new(Code::Busy, "the transform was stopped"),
            Self::Trap(error) => Problem::new(Code::Internal, first_line(error)),
        }
    }
}

fn problem_of(failure: &Failure) -> Problem {
    match failure {
        Failure::BadOption(why) => Problem::new(Code::BadOption, why),
        Failure::Malformed(why) => Problem::new(Code::Malformed, why),
        Failure::OverBudget(excess) => passed(Code::OverBudget, excess),
        Failure::TooLarge(excess) => passed(Code::TooLarge, excess),
        Failure::Truncated(why) => Problem::new(Code::Truncated, why),
        Failure::Unsupported(why) => Problem::new(Code::Unsupported, why),
    }
}

fn passed(code: Code, excess: &Excess) -> Problem {
    Problem::excess(code, &excess.what, excess.limit, excess.actual)
}

/// The reason at the bottom of an engine error, without the backtrace that is for logs only.
fn first_line(error: &wasmtime::Error) -> String {
    let cause = error.root_cause().to_string();
    cause.lines().next().unwrap_or_default().to_owned()
}
