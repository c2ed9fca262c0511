//! Files that libheif writes of the component's pixels: those of which the component writes none, or
//! none so large.

use std::time::{Duration, Instant};

use selvedge_heif::Codec;
use selvedge_plan::options::max_bytes::MaxBytes;
use selvedge_plan::options::quality::Quality;
use selvedge_plan::plan::Output;
use selvedge_plan::{Client, Options, Plan};

use crate::bindings::Raster;
use crate::failure::TransformError;
use crate::heif::Heif;
use crate::stop::Stop;

/// A file to be written.
pub struct Outside {
    codec: Codec,
    quality: Quality,
    most: Option<MaxBytes>,
    /// Its media type.
    pub media_type: &'static str,
    /// What the component is asked for instead. If that is a file all the same, it is the file.
    pub inside: String,
}

impl Outside {
    /// What `options` ask for; `None` if the component is to write it whatever it is.
    pub fn of(options: &str, heif: &Heif) -> Option<Self> {
        let options = Options::parse(options).ok()?;
        let plan = Plan::new(&options, &Client::default()).ok()?;
        let (codec, media_type, output) = match plan.output {
            Output::Heic => (Codec::Hevc, "image/heic", Output::Pixels),
            Output::Avif if heif.is_there() => (Codec::Av1, "image/avif", Output::AvifOrPixels),
            _ => return None,
        };
        let (quality, most) = (plan.quality, plan.max_bytes);
        let inside = Plan { output, ..plan }.text();
        Some(Self { codec, quality, most, media_type, inside })
    }

    /// The file, and what is amiss with it, within `deadline`; if that is zero there is none.
    ///
    /// # Errors
    /// What libheif says, that it took longer, or that it was stopped.
    pub fn write(
        &self,
        heif: &Heif,
        raster: &Raster,
        deadline: Duration,
        stop: &Stop,
    ) -> Result<(Vec<u8>, Option<String>), TransformError> {
        let began = Instant::now();
        let write = |quality: Quality| {
            let left = deadline.saturating_sub(began.elapsed());
            if left.is_zero() && !deadline.is_zero() {
                return Err(TransformError::Deadline(deadline));
            }
            heif.encode(self.codec, quality.value(), raster, left, stop)
        };
        let Some(most) = self.most else { return Ok((write(self.quality)?, None)) };
        let file = most.keep(self.quality, self.quality.value().saturating_sub(1), write)?;
        let warning = most.warning(&file);
        Ok((file, warning))
    }
}
