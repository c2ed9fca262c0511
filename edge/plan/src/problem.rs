//! What can go wrong, as a closed set with one public text each (RFC 9457).

use core::fmt;

use crate::limits;

/// A request that ends without a picture: what kind of problem, and the facts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The kind. Decides status, title and how long the answer may be cached.
    pub code: Code,
    /// What was expected, what was got, and what to do. Public.
    pub detail: String,
}

impl Problem {
    /// A problem of `code` with the facts in `detail`.
    pub fn new(code: Code, detail: impl Into<String>) -> Self {
        Self { code, detail: detail.into() }
    }

    /// An option that cannot be accepted.
    pub fn option(name: &str, expected: &str, got: &str) -> Self {
        Self::new(Code::BadOption, format!("option `{name}`: expected {expected}, got `{got}`"))
    }

    /// A ceiling that was passed: which one, and by what.
    pub fn excess(code: Code, what: &str, limit: u64, actual: u64) -> Self {
        Self::new(code, format!("{what}: expected at most {limit}, got {actual}"))
    }

    /// The same, of a part of the plan that has a source of its own.
    #[must_use]
    pub fn of(self, part: &str) -> Self {
        Self { detail: format!("{part}: {}", self.detail), ..self }
    }

    /// A failure of the contract by its name, with its facts in order. What has no name is a trap.
    pub fn of_component(failure: Option<&str>, facts: &[String]) -> Self {
        let code = failure.and_then(Code::named).unwrap_or(Code::Internal);
        let number = |text: &str| text.parse().unwrap_or_default();
        match (code, facts) {
            (Code::OverBudget | Code::TooLarge, [what, limit, actual]) => {
                Self::excess(code, what, number(limit), number(actual))
            }
            (_, why) => Self::new(code, why.join(" ")),
        }
    }

    /// What was thrown while a source was fetched (Fetch Standard §5.6), which may take so long.
    pub fn of_fetch(name: &str, message: &str, patience_ms: u32) -> Self {
        if name == "TimeoutError" {
            let detail = format!("expected its server to be done in {patience_ms} ms");
            return Self::new(Code::SourceTimeout, detail);
        }
        Self::new(Code::SourceFailed, format!("its server broke off: {message}"))
    }

    /// That a source was sent on from server to server too often.
    pub fn redirected() -> Self {
        let detail = format!("expected at most {} redirects, got more", limits::REDIRECTS);
        Self::new(Code::SourceFailed, detail)
    }

    /// That a path of a source leads to nothing.
    pub fn no_source() -> Self {
        Self::new(Code::SourceNotFound, "there is nothing under this path")
    }

    /// What a source's server says by its status; nothing if it gave the picture.
    ///
    /// # Errors
    /// [`Code::SourceNotFound`] or [`Code::SourceFailed`].
    pub fn check_source_status(status: u16) -> Result<(), Self> {
        match status {
            200 => Ok(()),
            404 | 410 => Err(Self::new(Code::SourceNotFound, format!("its server said {status}"))),
            _ => Err(Self::new(
                Code::SourceFailed,
                format!("expected status 200 from its server, got {status}"),
            )),
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code.name(), self.detail)
    }
}

impl core::error::Error for Problem {}

macro_rules! codes {
    ($($(#[$doc:meta])* $variant:ident = $name:literal, $status:literal, $cloudflare:expr,
       $title:literal;)*) => {
        /// The kinds of problem. Names are stable: clients and dashboards match on them.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Code { $($(#[$doc])* $variant,)* }

        impl Code {
            /// Every kind, in the order of the table in the documentation.
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            /// The stable name, as in the `code` member of a problem body.
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// The HTTP status.
            pub fn status(self) -> u16 {
                match self { $(Self::$variant => $status,)* }
            }

            /// What Cloudflare Images calls the same, where it has a name for it.
            pub fn cloudflare(self) -> &'static [u16] {
                match self { $(Self::$variant => &$cloudflare,)* }
            }

            /// One line for people, the same for every occurrence.
            pub fn title(self) -> &'static str {
                match self { $(Self::$variant => $title,)* }
            }

            /// The kind of this name, such as the name of a failure in the contract.
            pub fn named(name: &str) -> Option<Self> {
                match name { $($name => Some(Self::$variant),)* _ => None }
            }
        }
    };
}

codes! {
    /// An unknown option, or a known one with a bad value.
    BadOption = "bad-option", 400, [9401], "An option is unknown or has a bad value";
    /// A known option or value that no build can do yet.
    NotAvailable = "not-available", 400, [9401], "An option is known, but not available yet";
    /// The policy of the server does not let addresses ask for this.
    NotAllowed = "not-allowed", 403, [9401], "The server does not allow this option";
    /// The path does not follow the grammar.
    BadPath = "bad-path", 400, [9401, 9406], "The path is not /image/<options>/<source>";
    /// The target is longer than the limit.
    TargetTooLong = "target-too-long", 414, [], "The address is too long";
    /// A signature is required and absent, or wrong.
    NotSigned = "not-signed", 403, [], "The address is not signed by a known key";
    /// The source is not on the allow-list, or its address is not public.
    SourceNotAllowed = "source-not-allowed", 403, [9401, 9419], "The source is not on the allow-list";
    /// There is no such source.
    SourceNotFound = "source-not-found", 404, [9404], "The source does not exist";
    /// The address was made for a time that is over.
    Expired = "expired", 410, [], "The address has ended";
    /// Nothing is served under this path.
    NoSuchPath = "no-such-path", 404, [], "Nothing is served under this path";
    /// Another Selvedge hands over a plan that may mean something else here.
    OtherContract = "other-contract", 421, [], "Edge and origin are of different versions";
    /// Only GET and HEAD are served.
    BadMethod = "bad-method", 405, [], "Only GET and HEAD are served";
    /// The source file has more bytes than the limit.
    SourceTooLarge = "source-too-large", 413, [9402], "The source file is too large";
    /// The picture is larger than a fixed limit.
    TooLarge = "too-large", 413, [9413], "The picture is larger than a limit";
    /// The transform needs more memory or work than its budget.
    OverBudget = "over-budget", 413, [9522, 9529], "The transform needs more than its budget";
    /// Not an image, or one of a kind that is not read.
    Unsupported = "unsupported", 415, [9412, 9520], "The source is not an image of a supported kind";
    /// The source breaks the rules of its format.
    Malformed = "malformed", 422, [9516], "The source is damaged";
    /// The source ends before its picture does.
    Truncated = "truncated", 422, [9416], "The source is cut off";
    /// The transform failed in a way that is a defect of Selvedge.
    Internal = "internal", 500, [9523], "The transform failed; this is a defect, please report it";
    /// The configuration of the server does not let it serve.
    Misconfigured = "misconfigured", 500, [], "The server is not configured rightly";
    /// The edge cannot do this one, and the origin did not answer.
    OriginFailed = "origin-failed", 503, [], "The origin did not answer";
    /// The source's server answered with an error or broke off.
    SourceFailed = "source-failed", 502, [9402, 9407, 9408, 9505, 9509], "The source could not be fetched";
    /// Everything is in use.
    Busy = "busy", 503, [9522, 9527], "All transform slots are in use";
    /// The transform took longer than the server allows.
    Deadline = "deadline", 504, [9522], "The transform took too long";
    /// The source's server took too long.
    SourceTimeout = "source-timeout", 504, [9504], "The source took too long";
    /// The request came through Selvedge already.
    Loop = "loop", 508, [9403], "The request came through Selvedge already";
}

impl Code {
    /// Whether the origin may succeed where the edge fails: it has more memory, more time, more formats, and
    /// no instance that others have used or wait for. A bad option, a damaged source and a picture that is too large
    /// for the component are so everywhere.
    pub fn is_for_origin(self) -> bool {
        matches!(
            self,
            Self::Busy
                | Self::Internal
                | Self::OverBudget
                | Self::SourceTooLarge
                | Self::Unsupported
        )
    }

    /// Whether a picture that was made before is better than this: it may be gone at the next try, and
    /// says nothing against the request.
    pub fn is_passing(self) -> bool {
        matches!(
            self,
            Self::Busy
                | Self::Internal
                | Self::OriginFailed
                | Self::SourceFailed
                | Self::SourceTimeout
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slow_server_is_told_from_one_that_breaks_off() {
        let slow = Problem::of_fetch("TimeoutError", "aborted", 500);
        assert_eq!((slow.code, slow.detail.contains("500 ms")), (Code::SourceTimeout, true));
        let broken = Problem::of_fetch("TypeError", "connection lost", 500);
        assert_eq!(
            (broken.code, broken.detail.contains("connection lost")),
            (Code::SourceFailed, true)
        );
    }

    #[test]
    fn names_are_unique_and_statuses_are_errors() {
        for (i, code) in Code::ALL.iter().enumerate() {
            assert!((400..600).contains(&code.status()), "{code:?}");
            assert_eq!(Code::named(code.name()), Some(*code));
            assert!(Code::ALL.iter().skip(i + 1).all(|other| other.name() != code.name()));
        }
    }
}
