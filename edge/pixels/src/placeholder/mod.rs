//! What stands for a picture in text: hashes that browsers draw from, a data URL, and what there is to
//! know of it.

mod blurhash;
mod cosines;
mod data_url;
mod info;
mod palette;
mod thumbhash;

use base64ct::{Base64, Encoding};
use selvedge_plan::geometry::Size;
use selvedge_plan::options::fit::Fit;
use selvedge_plan::plan::{Output, Plan};

use crate::budget::Job;
use crate::channels::widen;
use crate::failure::Failure;
use crate::raster::{Channels, Raster};
use crate::reduce::{Reduce, Way};

pub use data_url::data_url;
pub use info::{About, File};

/// Longest side of the picture that a note is written about: what ThumbHash takes at most, and more
/// than BlurHash shows.
const SIDE: u32 = 100;

/// Longest side of a picture in a data URL, if the address says none: it is shown enlarged until the
/// real one comes.
const DATA_URL_SIDE: u32 = 32;

/// Work units for a note: some dozen cosine sums over each pixel of the small picture.
pub const WORK: u64 = 3_000_000;

/// What is written about a picture instead of a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Note {
    /// A BlurHash.
    Blurhash,
    /// Sizes and colours, as JSON.
    Info,
    /// A ThumbHash in base64.
    Thumbhash,
}

impl Note {
    /// Its media type.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Info => "application/json",
            Self::Blurhash | Self::Thumbhash => "text/plain",
        }
    }

    /// Whether it tells of transparency.
    pub fn has_alpha(self) -> bool {
        self != Self::Blurhash
    }

    /// Writes it.
    ///
    /// # Errors
    /// [`Failure::OverBudget`].
    pub fn write(self, raster: Raster, about: &About, job: &Job<'_>) -> Result<Vec<u8>, Failure> {
        let raster = small(raster, job)?;
        let text = match self {
            Self::Blurhash => blurhash::encode(&widen(raster, Channels::Rgb, job)?)?,
            Self::Info => info::write(about, &widen(raster, Channels::Rgba, job)?)?,
            Self::Thumbhash => {
                Base64::encode_string(&thumbhash::encode(&widen(raster, Channels::Rgba, job)?)?)
            }
        };
        Ok(text.into_bytes())
    }

    /// Upper bound of bytes in use besides a picture of `size`.
    pub fn memory(self, size: Size, channels: Channels) -> u64 {
        let way = way(size);
        // What holds a pixel of the small picture: its samples, and them as numbers.
        let pixels = way.scaled.pixels();
        let own = match self {
            Self::Blurhash => pixels * 27,
            Self::Info => pixels * 4 + palette::MEMORY,
            Self::Thumbhash => pixels * 36,
        };
        Reduce::new(way, &[]).memory(channels) + own
    }
}

/// The plan for a small picture, where one is written and no size is asked for.
pub fn reduced(plan: &Plan) -> Option<Plan> {
    let side = match plan.output {
        // What is drawn in pixels would not be where it belongs.
        _ if !plan.draw.is_empty() => return None,
        Output::Blurhash | Output::Json | Output::Thumbhash => SIDE,
        Output::DataUri => DATA_URL_SIDE,
        _ => return None,
    };
    let unsaid = plan.width.is_none() && plan.height.is_none();
    let (width, height) = (Some(side), Some(side));
    unsaid.then(|| Plan { width, height, fit: Fit::ScaleDown, ..plan.clone() })
}

/// To [`SIDE`] at most.
fn small(raster: Raster, job: &Job<'_>) -> Result<Raster, Failure> {
    let mut reduce = Reduce::new(way(raster.size), &[]);
    reduce.whole(raster, job)?;
    reduce.finish()
}

fn way(source: Size) -> Way {
    let longer = source.width.max(source.height);
    let side = |side: u32| match longer {
        0..=SIDE => side,
        _ => ((side * SIDE + longer / 2) / longer).max(1),
    };
    let scaled = Size { width: side(source.width), height: side(source.height) };
    Way { scaled, ..Way::whole(source) }
}
