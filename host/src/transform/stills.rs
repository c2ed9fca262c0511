//! HEIC and AVIF on their way to the component: by what decodes stills in a sandbox of its own, and what
//! that does not read by libheif.

use std::time::Instant;

use selvedge_plan::brands::Heif;
use selvedge_plan::limits;
use wasmtime::Store;

use super::call::{State, trap};
use super::{Limits, Transformer};
use crate::bindings::{
    CodePoints, Colours, Excess, Failure, Forecast, Heic, Outline, Planes, Source, stills,
};
use crate::failure::TransformError;
use crate::steps::Step;
use crate::stop::Stop;

impl Transformer {
    /// The pixels of a file that is coded so, and the steps that it took.
    ///
    /// # Errors
    /// What is wrong with the file, or that it took too long.
    pub(super) fn decode_still(
        &self,
        file: &[u8],
        coding: Heif,
        limits: &Limits,
        stop: &Stop,
    ) -> Result<(Source, Vec<Step>), TransformError> {
        if coding == Heif::Hevc {
            match self.decode_planes(file, limits, stop) {
                Some(Err(TransformError::Refused(refused))) if self.is_for_libheif(&refused) => {}
                Some(done) => return done,
                None => {}
            }
        }
        let began = Instant::now();
        let decoded = self.machine.heif.decode(file, limits.memory, limits.deadline, stop)?;
        let step = Step { name: "heif-decode".to_owned(), duration: began.elapsed() };
        Ok((Source::Pixels(decoded), vec![step]))
    }

    /// What decoding and the transform will need together, if there is a component for it.
    ///
    /// # Errors
    /// What the components say of the bytes and the options, or that they failed.
    pub(super) fn estimate_still(
        &self,
        head: &[u8],
        options: &str,
        limits: &Limits,
    ) -> Option<Result<Forecast, TransformError>> {
        let (mut store, heic) = match self.stills(head.len(), limits)? {
            Ok(ready) => ready,
            Err(error) => return Some(Err(trap(error, limits))),
        };
        let told = heic.selvedge_image_stills().call_estimate(&mut store, head);
        // There may be room for one instance at a time.
        drop(store);
        Some(told.map_err(|error| trap(error, limits)).and_then(|told| {
            let decoding = told.map_err(|failure| TransformError::Refused(failure.into()))?;
            let made = self.estimate_planes(&decoding.outline.into(), options, limits)?;
            Ok(Forecast {
                memory: made.memory.saturating_add(decoding.memory),
                work: made.work.saturating_add(decoding.work),
                ..made
            })
        }))
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
        let limits = Limits { memory: limits::of_stills(limits.memory), ..*limits };
        let budget = stills::Budget { memory: limits.memory, work: limits.work };
        let called = self.stills(file.len(), &limits)?.and_then(|(mut store, heic)| {
            store.data_mut().stop = stop.clone();
            let decoded = heic.selvedge_image_stills().call_decode(&mut store, file, budget)?;
            Ok(decoded.map(|planes| (planes, store.into_data().steps.finish())))
        });
        Some(match called {
            Err(error) => Err(match trap(error, &limits) {
                TransformError::Deadline(_) if stop.is_set() => TransformError::Stopped,
                error => error,
            }),
            Ok(Err(failure)) => Err(TransformError::Refused(failure.into())),
            Ok(Ok((planes, steps))) => Ok((Source::Planes(planes.into()), steps)),
        })
    }

    /// The component for a call that is given so many bytes; `None` where there is none.
    fn stills(
        &self,
        given: usize,
        limits: &Limits,
    ) -> Option<wasmtime::Result<(Store<State>, Heic)>> {
        let pre = self.stills.as_ref()?;
        let mut store = self.store(limits, given);
        Some(pre.instantiate(&mut store).map(|heic| (store, heic)))
    }
}

impl From<stills::Outline> for Outline {
    fn from(outline: stills::Outline) -> Self {
        let stills::Outline { width, height, grey, orientation, colours } = outline;
        Self { width, height, grey, orientation, colours: colours.into() }
    }
}

impl From<stills::Planes> for Planes {
    fn from(planes: stills::Planes) -> Self {
        let stills::Planes { width, height, luma, blue, red, orientation, colours } = planes;
        Self { width, height, luma, blue, red, orientation, colours: colours.into() }
    }
}

impl From<stills::Colours> for Colours {
    fn from(colours: stills::Colours) -> Self {
        match colours {
            stills::Colours::Coded(stills::CodePoints { primaries, transfer }) => {
                Self::Coded(CodePoints { primaries, transfer })
            }
            stills::Colours::Profile(profile) => Self::Profile(profile),
            stills::Colours::Srgb => Self::Srgb,
        }
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
