//! HEIC and AVIF on their way to the component: by what decodes stills in a sandbox of its own, and what
//! that does not read by libheif.

use std::time::Instant;

use selvedge_plan::limits;

use super::{Limits, Transformer, trap};
use crate::bindings::{CodePoints, Colours, Excess, Failure, Planes, Source, stills};
use crate::failure::TransformError;
use crate::steps::Step;
use crate::stop::Stop;

impl Transformer {
    /// The pixels of a file, and the steps that it took.
    ///
    /// # Errors
    /// What is wrong with the file, or that it took too long.
    pub(super) fn decode_still(
        &self,
        file: &[u8],
        limits: &Limits,
        stop: &Stop,
    ) -> Result<(Source, Vec<Step>), TransformError> {
        match self.decode_planes(file, limits, stop) {
            Some(Err(TransformError::Refused(refused))) if self.is_for_libheif(&refused) => {}
            Some(done) => return done,
            None => {}
        }
        let began = Instant::now();
        let decoded = self.machine.heif.decode(file, limits.memory, limits.deadline, stop)?;
        let step = Step { name: "heif-decode".to_owned(), duration: began.elapsed() };
        Ok((Source::Pixels(decoded), vec![step]))
    }

    /// Whether libheif, with more memory and more formats, may do better. Of formats it has the last word
    /// even where it is missing: its refusal says how to have it.
    fn is_for_libheif(&self, failure: &Failure) -> bool {
        match failure {
            Failure::Unsupported(_) => true,
            Failure::OverBudget(_) => self.machine.heif.is_there(),
            _ => false,
        }
    }

    /// The same by the component; `None` where there is none.
    fn decode_planes(
        &self,
        file: &[u8],
        limits: &Limits,
        stop: &Stop,
    ) -> Option<Result<(Source, Vec<Step>), TransformError>> {
        let pre = self.stills.as_ref()?;
        let limits = Limits { memory: limits::of_stills(limits.memory), ..*limits };
        let budget = stills::Budget { memory: limits.memory, work: limits.work };
        let mut store = self.store(&limits, file.len());
        store.data_mut().stop = stop.clone();
        let called = pre
            .instantiate(&mut store)
            .and_then(|heic| heic.selvedge_image_stills().call_decode(&mut store, file, budget));
        Some(match called {
            Err(error) => Err(match trap(error, &limits) {
                TransformError::Deadline(_) if stop.is_set() => TransformError::Stopped,
                error => error,
            }),
            Ok(Err(failure)) => Err(TransformError::Refused(failure.into())),
            Ok(Ok(planes)) => Ok((Source::Planes(planes.into()), store.into_data().steps.finish())),
        })
    }
}

impl From<stills::Planes> for Planes {
    fn from(planes: stills::Planes) -> Self {
        let stills::Planes { width, height, luma, blue, red, orientation, colours } = planes;
        let colours = match colours {
            stills::Colours::Coded(stills::CodePoints { primaries, transfer }) => {
                Colours::Coded(CodePoints { primaries, transfer })
            }
            stills::Colours::Profile(profile) => Colours::Profile(profile),
            stills::Colours::Srgb => Colours::Srgb,
        };
        Self { width, height, luma, blue, red, orientation, colours }
    }
}

impl From<stills::Failure> for Failure {
    fn from(failure: stills::Failure) -> Self {
        let passed = |stills::Excess { what, limit, actual }| Excess { what, limit, actual };
        match failure {
            stills::Failure::Malformed(why) => Self::Malformed(why),
            stills::Failure::OverBudget(excess) => Self::OverBudget(passed(excess)),
            stills::Failure::TooLarge(excess) => Self::TooLarge(passed(excess)),
            stills::Failure::Truncated(why) => Self::Truncated(why),
            stills::Failure::Unsupported(what) => Self::Unsupported(what),
        }
    }
}
