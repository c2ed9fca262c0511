//! What the edge cannot do, as it is asked of another Selvedge: with the plan as it was decided.

use crate::client;
use crate::decide::{Decision, VIA};
use crate::dialects::cloudflare::canonical_rest;
use crate::key;
use crate::problem::{Code, Problem};
use crate::signature::Keys;

/// A request for what a decision asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HandOver {
    /// The method.
    pub method: &'static str,
    /// Path and query.
    pub target: String,
    /// Whom it came through, and the epoch of the contract by which the plan was made.
    pub headers: [(&'static str, String); 2],
}

impl Decision {
    /// The target under which another Selvedge does the same: the canonical plan, signed if there
    /// is a key. It must not decide anew, and cannot, since nothing is left to negotiate.
    pub fn target(&self, keys: &Keys) -> String {
        let rest = canonical_rest(&self.plan.text(), &self.source.text());
        match keys.sign(&rest) {
            Some(signature) => format!("/image/{signature}{rest}"),
            None => format!("/image{rest}"),
        }
    }

    /// The request by which another Selvedge does the same.
    pub fn hand_over(&self, keys: &Keys) -> HandOver {
        let epoch = key::CONTRACT_EPOCH.to_string();
        HandOver {
            method: if self.head { "HEAD" } else { "GET" },
            target: self.target(keys),
            headers: [("via", VIA.to_owned()), (client::CONTRACT, epoch)],
        }
    }
}

/// That nobody answers to what the edge could not do for this reason.
pub fn silent(reason: &Problem) -> Problem {
    let detail = format!("the edge cannot do this ({reason}), and its origin is silent");
    Problem::new(Code::OriginFailed, detail)
}

/// That a Worker which asks itself through the platform's cache gets no answer.
pub fn unanswered() -> Problem {
    Problem::new(Code::Internal, "the Worker does not answer itself")
}

/// What an answer of this status says, if it has no picture.
pub fn refusal(status: u16) -> Option<Problem> {
    (status >= 400).then(|| Problem::new(Code::OriginFailed, format!("the origin said {status}")))
}
