//! What of an answer is compared.

use std::fmt;

use anyhow::Result;
use sha2::{Digest, Sha256};

use crate::http::Answer;

/// An answer, as far as edge and origin must agree on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Seen {
    /// No answer.
    Nothing(String),
    /// An answer of neither kind below.
    Odd(String),
    /// A 200.
    Picture {
        /// The media type.
        media_type: String,
        /// The length of the body.
        bytes: usize,
        /// Its SHA-256 in hexadecimal.
        digest: String,
    },
    /// A problem body.
    Problem {
        /// The HTTP status.
        status: u16,
        /// The stable code.
        code: String,
    },
}

impl Seen {
    /// What there is to see in an answer, or in its absence.
    pub fn of(answer: Result<Answer>) -> Self {
        let answer = match answer {
            Ok(answer) => answer,
            Err(error) => return Self::Nothing(format!("{error:#}")),
        };
        match (answer.status, answer.code()) {
            (200, None) => Self::Picture {
                media_type: answer.media_type().to_owned(),
                bytes: answer.body.len(),
                digest: Sha256::digest(&answer.body)
                    .iter()
                    .map(|byte| format!("{byte:02x}"))
                    .collect(),
            },
            (status, Some(code)) if status >= 400 => Self::Problem { status, code },
            _ => Self::Odd(format!("{answer:?}")),
        }
    }

    /// Whether it is a problem of this code.
    pub fn is_code(&self, wanted: &str) -> bool {
        matches!(self, Self::Problem { code, .. } if code == wanted)
    }
}

impl fmt::Display for Seen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nothing(why) => write!(f, "no answer: {why}"),
            Self::Odd(answer) => write!(f, "{answer}"),
            Self::Picture { media_type, bytes, digest } => {
                write!(f, "200 {media_type}, {bytes} bytes, sha256 {digest}")
            }
            Self::Problem { status, code } => write!(f, "{status} {code}"),
        }
    }
}
