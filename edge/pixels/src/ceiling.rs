//! Keeping a file below the most bytes that a plan allows: at a lower quality, if need be.

use selvedge_plan::Plan;
use selvedge_plan::options::max_bytes::MaxBytes;
use selvedge_plan::options::quality::Quality;
use selvedge_plan::plan::Output;

use crate::budget::Job;
use crate::codec::{Format, Style};
use crate::failure::Failure;

/// The most bytes of a file.
#[derive(Clone, Copy, Debug)]
pub struct Ceiling {
    most: MaxBytes,
    /// Qualities below the one that is asked for; none where the format knows none.
    lower: u8,
}

impl Ceiling {
    /// What a plan says of a file of `format`.
    pub fn of(plan: &Plan, format: Format) -> Option<Self> {
        let most = plan.max_bytes?;
        let lower = match format {
            Format::Gif => 0,
            // What is to be PNG by itself, or at no quality, loses nothing.
            Format::Png if plan.output != Output::Png || plan.quality == Quality::LOSSLESS => 0,
            _ => plan.quality.value() - 1,
        };
        Some(Self { most, lower })
    }

    /// The same for a file of many frames, which is written once.
    pub fn of_frames(self) -> Self {
        Self { lower: 0, ..self }
    }

    /// Most times that a file is written: once as it is asked for, then as often as the lower
    /// qualities can be halved.
    pub fn turns(self) -> u64 {
        1 + u64::from(u8::BITS - self.lower.leading_zeros())
    }

    /// Bytes held while a file is written of `pixels` bytes of samples, of which encoding takes `file`
    /// bytes: a copy for the encoder, and the best file so far.
    pub fn memory(self, pixels: u64, file: u64) -> u64 {
        pixels.saturating_add(file.min(self.most.bytes().into()))
    }

    /// The file of the highest quality that is small enough, or of the lowest one; then the job says so.
    ///
    /// # Errors
    /// What `write` says.
    pub fn keep(
        self,
        style: Style,
        job: &Job<'_>,
        mut write: impl FnMut(Style) -> Result<Vec<u8>, Failure>,
    ) -> Result<Vec<u8>, Failure> {
        let write = |quality| write(Style { quality, ..style });
        let file = self.most.keep(style.quality, self.lower, write)?;
        self.check(&file, job);
        Ok(file)
    }

    /// Tells of a file that is larger all the same.
    pub fn check(self, file: &[u8], job: &Job<'_>) {
        self.most.warning(file).iter().for_each(|warning| job.warn(warning));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::budget::Budget;
    use selvedge_plan::{Client, Options};

    /// The length of the file, what was tried, and the warnings, where a file has `bytes` of a quality.
    fn kept(
        options: &str,
        format: Format,
        bytes: fn(u8) -> usize,
    ) -> (usize, Vec<u8>, Vec<String>) {
        let plan = Plan::new(&Options::parse(options).unwrap(), &Client::default()).unwrap();
        let mut trace = |_: &'static str| {};
        let job = Job::new(Budget::UNLIMITED, 0, &mut trace);
        let ceiling = Ceiling::of(&plan, format).unwrap();
        let mut tried = Vec::new();
        let file = ceiling.keep(Style::of(&plan), &job, |style| {
            tried.push(style.quality.value());
            Ok(vec![0; bytes(style.quality.value())])
        });
        assert!(tried.len() as u64 <= ceiling.turns(), "{tried:?}");
        (file.unwrap().len(), tried, job.warnings())
    }

    #[test]
    fn the_highest_quality_that_fits_is_found() {
        for quality in 1..=100 {
            for most in 1..=100 {
                let options = format!("quality={quality},max-bytes={most}");
                let (length, ..) = kept(&options, Format::Jpeg, usize::from);
                assert_eq!(length, most.min(quality), "{options}");
            }
        }
    }

    #[test]
    fn what_fits_at_once_is_written_once() {
        let (length, tried, warnings) = kept("max-bytes=85", Format::Webp, usize::from);
        assert_eq!((length, tried, warnings.len()), (85, vec![85], 0));
    }

    #[test]
    fn what_never_fits_is_told() {
        let (length, tried, warnings) =
            kept("max-bytes=99", Format::Jpeg, |quality| 100 + usize::from(quality));
        assert_eq!((length, tried.last()), (101, Some(&1)));
        assert_eq!(
            warnings,
            ["max-bytes: expected at most 99, and no quality gives less than 101"]
        );
        let (length, tried, warnings) = kept("max-bytes=9", Format::Png, |_| 10);
        assert_eq!((length, tried.len(), warnings.len()), (10, 1, 1));
    }
}
