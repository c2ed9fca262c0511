//! Why there is no picture.

use std::borrow::Cow;

use selvedge_plan::geometry::Misfit;

/// Why there is no picture, as a closed set; the contract's `failure`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// The plan asks for what cannot be done.
    BadOption(String),
    /// The bytes break the rules of their format.
    Malformed(String),
    /// The budget does not suffice.
    OverBudget(Excess),
    /// A fixed limit is passed.
    TooLarge(Excess),
    /// The source ends before its picture does.
    Truncated(String),
    /// Not a format, or a variant of one, that is read or written.
    Unsupported(String),
}

/// A ceiling that was passed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Excess {
    /// What was measured.
    pub what: Cow<'static, str>,
    /// The ceiling.
    pub limit: u64,
    /// What was needed.
    pub actual: u64,
}

impl Failure {
    /// A fixed limit is passed.
    pub fn too_large(what: &'static str, limit: u64, actual: u64) -> Self {
        Self::TooLarge(Excess { what: what.into(), limit, actual })
    }

    /// The allocator refused `bytes`; what was in use before is not known here.
    pub fn out_of_memory(bytes: usize) -> Self {
        Self::OverBudget(Excess { what: "memory at once".into(), limit: 0, actual: bytes as u64 })
    }

    /// The same, of a part of the plan that has a source of its own.
    #[must_use]
    pub(crate) fn of(self, part: &str) -> Self {
        let say = |why: String| format!("{part}: {why}");
        let measure = |excess: Excess| Excess { what: say(excess.what.into()).into(), ..excess };
        match self {
            Self::BadOption(why) => Self::BadOption(say(why)),
            Self::Malformed(why) => Self::Malformed(say(why)),
            Self::OverBudget(excess) => Self::OverBudget(measure(excess)),
            Self::TooLarge(excess) => Self::TooLarge(measure(excess)),
            Self::Truncated(why) => Self::Truncated(say(why)),
            Self::Unsupported(why) => Self::Unsupported(say(why)),
        }
    }

    pub(crate) fn malformed(why: impl ToString) -> Self {
        Self::Malformed(why.to_string())
    }

    /// The file ends within its `what`.
    pub fn truncated(what: &str) -> Self {
        Self::Truncated(format!("the file ends in its {what}"))
    }
}

impl From<Misfit> for Failure {
    fn from(misfit: Misfit) -> Self {
        match misfit {
            Misfit::Empty { option, size } => Self::BadOption(format!(
                "option `{option}`: expected some of the {} x {} pixels to be left, got none",
                size.width, size.height
            )),
            Misfit::TooLarge { what, limit, actual } => Self::too_large(what, limit, actual),
        }
    }
}
