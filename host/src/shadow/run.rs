//! What came of one run: a line in a file, numbers, and a place among the worst.

use serde::{Deserialize, Serialize};

use crate::failure::TransformError;
use crate::observe::format;
use crate::transform::Rendered;

/// Which of two components.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Arm {
    /// The one that makes most pictures.
    Stable,
    /// The one that is tried.
    Candidate,
}

/// One picture, made by both.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
pub struct Run {
    /// Seconds since 1970.
    pub at: u64,
    /// The stable component's digest.
    pub stable: String,
    /// The candidate's.
    pub candidate: String,
    /// The canonical plan.
    pub plan: String,
    /// Bytes of the source, and of what is drawn over it.
    pub source_bytes: usize,
    /// Whose picture was sent; the other one ran in the shadow.
    pub answered: Arm,
    /// How the two compare.
    pub outcome: Outcome,
    /// What the one that was sent is and took.
    pub sent: Effort,
    /// What the one in the shadow is and took, if there is one.
    pub shadow: Option<Effort>,
}

/// How two pictures compare.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case", tag = "is")]
pub enum Outcome {
    /// Other pixels. Neither number is there if the pictures cannot be compared by pixels, and no score if
    /// they are too small for one.
    Differs {
        /// SSIMULACRA2, of the worst part of a large picture.
        score: Option<f64>,
        /// Peak signal-to-noise ratio in dB.
        psnr: Option<f64>,
    },
    /// The same bytes.
    Equal,
    /// One of the two gave no picture.
    Failed {
        /// `deadline`, `trap`, or the code of the problem.
        why: String,
        /// What it said.
        detail: String,
    },
    /// Another width or height.
    Resized,
    /// Other bytes for the same pixels.
    SamePixels,
}

/// A picture, and what it took.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
pub struct Effort {
    /// Its format, such as `webp`.
    pub format: String,
    /// Its width in pixels.
    pub width: u32,
    /// Its height.
    pub height: u32,
    /// Its size.
    pub bytes: usize,
    /// Work units.
    pub work: u64,
    /// Microseconds of a core.
    pub cpu: u64,
    /// Peak of linear memory in bytes.
    pub memory: u64,
}

impl Arm {
    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Candidate => "candidate",
            Self::Stable => "stable",
        }
    }
}

impl Run {
    /// What each of the two is and took, the stable one's first; `None` where one failed.
    pub fn efforts(&self) -> Option<(&Effort, &Effort)> {
        let shadow = self.shadow.as_ref()?;
        Some(match self.answered {
            Arm::Candidate => (shadow, &self.sent),
            Arm::Stable => (&self.sent, shadow),
        })
    }

    /// Whether the candidate is to blame: it gave no picture, or one that nobody can compare or that scores
    /// less than `least`.
    pub fn is_bad(&self, least: f64) -> bool {
        match (&self.outcome, self.answered) {
            (Outcome::Failed { .. }, answered) => answered == Arm::Stable,
            (outcome, _) => outcome.score().is_none_or(|score| score < least),
        }
    }

    /// How the two compare, and where there is but one, why: `deadline`, `trap` or the code of a problem.
    /// One that the stable component gave up in the shadow is `stable-failed`, whatever it says.
    pub fn result(&self) -> &str {
        match (&self.outcome, self.answered) {
            (Outcome::Failed { .. }, Arm::Candidate) => "stable-failed",
            (Outcome::Failed { why, .. }, Arm::Stable) => why,
            (outcome, _) => outcome.name(),
        }
    }

    /// Which one ran in the shadow.
    pub fn in_shadow(&self) -> Arm {
        match self.answered {
            Arm::Candidate => Arm::Stable,
            Arm::Stable => Arm::Candidate,
        }
    }
}

impl Outcome {
    /// For a transform without a picture; `None` if nobody waited for it.
    pub fn failed(error: &TransformError) -> Option<Self> {
        let why = match error {
            TransformError::Deadline(_) => "deadline",
            TransformError::Refused(_) => error.problem().code.name(),
            TransformError::Stopped => return None,
            TransformError::Trap(_) => "trap",
        };
        Some(Self::Failed { why: why.to_owned(), detail: error.to_string() })
    }

    /// Its name.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Differs { .. } => "differs",
            Self::Equal => "equal",
            Self::Failed { .. } => "failed",
            Self::Resized => "resized",
            Self::SamePixels => "same-pixels",
        }
    }

    /// SSIMULACRA2, if there is one. Where all pixels are the same it is 100.
    pub fn score(&self) -> Option<f64> {
        match self {
            Self::Differs { score, .. } => *score,
            Self::Equal | Self::SamePixels => Some(100.0),
            Self::Failed { .. } | Self::Resized => None,
        }
    }

    /// How bad it is; `None` if there is nothing to look at. What cannot be scored comes before what is.
    pub fn badness(&self) -> Option<f64> {
        match self {
            Self::Differs { score, psnr } => {
                Some(score.map_or(1_000.0 - psnr.unwrap_or(0.0), |score| 100.0 - score))
            }
            Self::Equal | Self::SamePixels => None,
            Self::Failed { .. } | Self::Resized => Some(2_000.0),
        }
    }
}

impl Effort {
    /// Of a finished transform.
    pub fn of(rendered: &Rendered) -> Self {
        Self {
            format: format(&rendered.media_type).to_owned(),
            width: rendered.width,
            height: rendered.height,
            bytes: rendered.bytes.len(),
            work: rendered.work,
            cpu: u64::try_from(rendered.cpu.as_micros()).unwrap_or(u64::MAX),
            memory: rendered.memory,
        }
    }
}

/// A run of components that do not exist, for tests.
#[cfg(test)]
pub fn sample(number: u32, outcome: Outcome) -> Run {
    let digest = format!("{number:016x}{}", "0".repeat(48));
    let sent = Effort {
        format: "png".to_owned(),
        width: 8,
        height: 8,
        bytes: 1_000,
        work: 100,
        cpu: 2_000,
        memory: 3 << 20,
    };
    let has_shadow = !matches!(outcome, Outcome::Failed { .. });
    let shadow = has_shadow.then(|| Effort { bytes: 500, cpu: 6_000, ..sent.clone() });
    Run {
        at: u64::from(number),
        stable: "a".repeat(64),
        candidate: digest,
        plan: "width=8".to_owned(),
        source_bytes: 6,
        answered: Arm::Stable,
        outcome,
        sent,
        shadow,
    }
}
