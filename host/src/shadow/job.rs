//! One run: a picture that was sent, and what the other component makes of the same.

use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use tracing::debug;

use super::cases::Case;
use super::likeness::{Likeness, Pixels};
use super::run::{Arm, Effort, Outcome, Run};
use crate::source::Files;
use crate::stop::Stop;
use crate::ticket::ticket;
use crate::transform::{Limits, Transformer};

/// Pixels of the largest pictures that are compared by pixels: 64 MiB for two.
const PIXELS_MOST: u64 = 8 << 20;

/// The plan that decodes a picture.
const DECODE: &str = "format=pixels";

/// The two components.
#[derive(Clone)]
pub struct Pair {
    /// The one that makes most pictures.
    pub stable: Arc<Transformer>,
    /// The one that is tried.
    pub candidate: Arc<Transformer>,
    /// Which of them makes the picture at hand.
    pub answers: Arm,
}

/// What there is to do, and all that it takes.
pub struct Job {
    /// Who does it.
    pub pair: Pair,
    /// Of what.
    pub files: Files,
    /// How: the canonical plan.
    pub plan: String,
    /// The picture that was sent.
    pub picture: Vec<u8>,
    /// What it took.
    pub sent: Effort,
}

impl Pair {
    /// The one that did not answer.
    fn other(&self) -> &Transformer {
        match self.answers {
            Arm::Candidate => &self.stable,
            Arm::Stable => &self.candidate,
        }
    }
}

impl Job {
    /// Does it; `None` if it was stopped.
    pub fn run(mut self, limits: &Limits, stop: &Stop) -> Option<(Run, Case)> {
        let at = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
        let source_bytes = self.files.size();
        let (other, files) = (self.pair.other(), &mut self.files);
        let made =
            other.transform_keeping(&mut files.source, &files.overlays, &self.plan, limits, stop);
        let (outcome, shadow, picture) = match made {
            Ok(rendered) => {
                let effort = Effort::of(&rendered);
                (
                    self.compared(&effort, &rendered.bytes, limits, stop)?,
                    Some(effort),
                    rendered.bytes,
                )
            }
            Err(error) => (Outcome::failed(&error)?, None, Vec::new()),
        };
        let ticket = ticket(other.digest(), &self.files, &self.picture, self.plan.clone());
        let run = Run {
            at,
            stable: self.pair.stable.digest().to_owned(),
            candidate: self.pair.candidate.digest().to_owned(),
            plan: self.plan,
            source_bytes,
            answered: self.pair.answers,
            outcome,
            sent: self.sent,
            shadow,
        };
        let Files { source, overlays } = self.files;
        let files = [vec![source], overlays].concat();
        Some((run, Case { ticket, files, sent: self.picture, shadow: picture }))
    }

    /// How the picture in the shadow compares with the one that was sent; `None` if it was stopped.
    fn compared(
        &self,
        effort: &Effort,
        picture: &[u8],
        limits: &Limits,
        stop: &Stop,
    ) -> Option<Outcome> {
        let sent = &self.sent;
        if self.picture == picture {
            return Some(Outcome::Equal);
        }
        if (sent.width, sent.height) != (effort.width, effort.height) {
            return Some(Outcome::Resized);
        }
        let mut decoded = Vec::new();
        if u64::from(effort.width) * u64::from(effort.height) <= PIXELS_MOST {
            for picture in [&self.picture, picture] {
                decoded.extend(self.decode(picture, limits, stop));
            }
        }
        let likeness = match decoded.as_slice() {
            [one, other] => Likeness::of(one, other),
            _ => None,
        };
        if stop.is_set() {
            return None;
        }
        Some(match likeness {
            Some(Likeness { psnr, .. }) if psnr.is_infinite() => Outcome::SamePixels,
            Some(Likeness { score, psnr }) => Outcome::Differs { score, psnr: Some(psnr) },
            None => Outcome::Differs { score: None, psnr: None },
        })
    }

    /// The pixels of a picture; of one that moves, those of its first frame. One component decodes
    /// both, so that no difference is its own; and what it decodes cannot hurt this process.
    fn decode(&self, picture: &[u8], limits: &Limits, stop: &Stop) -> Option<Pixels> {
        let stable = &self.pair.stable;
        let decoded = stable.transform_until(picture.to_vec(), &[], DECODE, limits, stop);
        let decoded = decoded.inspect_err(|error| debug!(%error, "a picture cannot be decoded"));
        decoded.ok().and_then(|raw| Pixels::new(raw.width, raw.height, raw.bytes))
    }
}
