//! The formats: one folder each, with the same functions, and the table that lists them.

mod avif;
mod bmp;
mod foreign;
mod gif;
mod ico;
mod jpeg;
mod png;
mod svg;
mod tiff;
mod transparent;
mod webp;

use std::borrow::Cow;

use selvedge_plan::geometry::Size;
use selvedge_plan::limits;
use selvedge_plan::options::quality::Quality;
use selvedge_plan::orientation::Turn;
use selvedge_plan::plan::{Effort, Plan, Scan};

use crate::anim::Animated;
use crate::budget::Job;
use crate::colours::Colours;
use crate::failure::Failure;
use crate::metadata::Metadata;
use crate::raster::{Channels, Pixels, Planar, Raster, Space};
use crate::reduce::Reduce;

/// What a file's header says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    /// The format.
    pub format: Format,
    /// As stored, before the orientation is applied. Both sides at least 1.
    pub size: Size,
    /// EXIF orientation, 1 to 8.
    pub orientation: u8,
    /// What it is decoded to.
    pub form: Form,
    /// Bits a sample.
    pub depth: u8,
    /// Whether the file comes in several passes over the picture.
    pub progressive: bool,
    /// What its numbers stand for.
    pub colours: Colours,
}

impl Header {
    /// What makes the stored picture upright.
    pub fn turn(&self) -> Turn {
        Turn::from_exif(u16::from(self.orientation))
    }

    /// The factors of each plane; none if the pixels are packed.
    fn planes(&self) -> Vec<(u32, u32)> {
        match &self.form {
            Form::Packed(_) => Vec::new(),
            Form::Planes(planes) => planes.each().collect(),
        }
    }

    /// Refuses sizes beyond the limits; part of every probe.
    fn checked(self) -> Result<Self, Failure> {
        within_limits(self.size).map(|_| self)
    }
}

/// The size of a source, if it is one that is read.
///
/// # Errors
/// [`Failure::Malformed`] for none, [`Failure::TooLarge`].
pub fn within_limits(size: Size) -> Result<Size, Failure> {
    let longer = size.width.max(size.height);
    if size.pixels() == 0 {
        return Err(Failure::malformed("a side is zero"));
    }
    if longer > limits::SOURCE_SIDE {
        let limit = limits::SOURCE_SIDE.into();
        return Err(Failure::too_large("source side in pixels", limit, longer.into()));
    }
    let pixels = size.pixels();
    if pixels > limits::SOURCE_PIXELS {
        return Err(Failure::too_large("source pixels", limits::SOURCE_PIXELS, pixels));
    }
    Ok(size)
}

/// What a file is decoded to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Rows of pixels.
    Packed(Channels),
    /// Rows of each plane by itself.
    Planes(Planes),
}

/// The planes of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Planes {
    /// What they are.
    pub space: Space,
    /// The sampling factors of each, across and down. The largest ones belong to the full size.
    pub factors: [(u32, u32); 4],
}

impl Planes {
    /// The factors of the planes there are.
    pub fn each(&self) -> impl Iterator<Item = (u32, u32)> {
        self.factors.into_iter().take(self.space.count())
    }

    /// The factors of the full size.
    pub fn largest(&self) -> (u32, u32) {
        self.each().fold((1, 1), |(across, down), (a, d)| (across.max(a), down.max(d)))
    }
}

impl Form {
    /// What these pixels are.
    pub fn of(pixels: &Pixels) -> Self {
        match pixels {
            Pixels::Packed(raster) => Self::Packed(raster.channels),
            Pixels::Planar(Planar { space, chroma, .. }) => {
                let (luma, of_chroma) = (*chroma, (1, 1));
                let factors = [luma, of_chroma, of_chroma, of_chroma];
                Self::Planes(Planes { space: *space, factors })
            }
        }
    }

    /// The channels of the pixels once they are packed.
    pub fn channels(&self) -> Channels {
        match self {
            Self::Packed(channels) => *channels,
            Self::Planes(Planes { space: Space::Grey, .. }) => Channels::Grey,
            Self::Planes(_) => Channels::Rgb,
        }
    }
}

/// A format of files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// AV1 Image File Format.
    Avif,
    /// Windows bitmap.
    Bmp,
    /// Graphics Interchange Format.
    Gif,
    /// Icons and cursors of Windows.
    Ico,
    /// JPEG.
    Jpeg,
    /// Portable Network Graphics.
    Png,
    /// Scalable Vector Graphics.
    Svg,
    /// Tagged Image File Format.
    Tiff,
    /// WebP.
    Webp,
}

/// The bytes of a profile, if there is one.
pub(crate) type Profile<'a> = Option<Cow<'a, [u8]>>;

/// What is known of a format.
pub(crate) struct Codec {
    pub format: Format,
    pub media_type: &'static str,
    /// Whether a file begins like one of this format.
    pub sniff: fn(&[u8]) -> bool,
    /// Reads the header from the first bytes of a file.
    pub probe: fn(&[u8]) -> Result<Header, Failure>,
    /// The ICC profile in the first bytes of a file, where that is read.
    pub profile: fn(&[u8]) -> Result<Profile<'_>, Failure>,
    /// EXIF and XMP in a file, where they are read.
    pub metadata: fn(&[u8]) -> Metadata<'_>,
    /// By what `decode` can scale down.
    pub denominators: &'static [u32],
    /// Decodes a whole file: packed pixels into the one way, or each plane into its own, over
    /// the way's denominator.
    pub decode: Decode,
    /// Upper bound of what `decode` allocates over the denominators of its ways, in bytes,
    /// without the ways' own.
    pub decode_memory: fn(&Header, &[u32]) -> u64,
    /// Work units for each stored pixel to decode.
    pub decode_work: u64,
    /// Chooses what is decoded, where a file has the picture in several sizes or in any, and where
    /// its header does not tell what that takes.
    pub choose: Option<Choose>,
    /// What is done with several frames, where a file may have them.
    pub animated: Option<&'static Animated>,
    /// Encodes, if the format is written.
    pub encode: Option<Encode>,
    /// Encodes without loss at quality 100, where [`Codec::encode`] loses even then.
    pub exact: Option<Encode>,
}

impl Codec {
    /// How a plan has a picture written. What may have to lose more to stay small begins with loss.
    pub fn encoder(&'static self, plan: &Plan) -> Option<&'static Encode> {
        let exact = plan.quality.value() == 100 && plan.max_bytes.is_none();
        self.exact.as_ref().filter(|_| exact).or(self.encode.as_ref())
    }
}

/// Chooses what of a file is decoded when the whole picture is wanted in this size.
pub(crate) type Choose = fn(&[u8], &Header, Size) -> Result<Chosen, Failure>;

/// What is decoded, and what that takes beyond what a header with this size tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Chosen {
    pub size: Size,
    /// Bytes.
    pub memory: u64,
    /// Work units.
    pub work: u64,
}

/// Decodes a whole file into its ways.
pub(crate) type Decode = fn(&[u8], &Header, &mut [Reduce], &Job<'_>) -> Result<(), Failure>;

/// How a file is written, as the plan says.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Style {
    pub quality: Quality,
    pub scan: Scan,
    pub effort: Effort,
}

impl Style {
    pub fn of(plan: &Plan) -> Self {
        Self { quality: plan.quality, scan: plan.scan, effort: plan.effort }
    }
}

/// How a format is written.
pub(crate) struct Encode {
    pub run: Run,
    /// Whether the format holds transparency.
    pub alpha: bool,
    /// Adds metadata to a file of ours, if the format holds them.
    pub attach: Option<Attach>,
    /// Upper bound of bytes that encoding allocates, the output included.
    pub memory: fn(Size, Channels, Style) -> u64,
    /// Work units for each pixel of a picture of this size.
    pub work: fn(Size, Channels, Style) -> u64,
}

impl Encode {
    /// By how much chroma is to be smaller; packed pixels have it in full.
    pub fn chroma(&self, quality: Quality) -> (u32, u32) {
        match self.run {
            Run::Packed(_) => (1, 1),
            Run::Planar { chroma, .. } => chroma(quality),
        }
    }

    /// Whether planes need not be packed first.
    pub fn takes_planes(&self) -> bool {
        matches!(self.run, Run::Planar { .. })
    }
}

/// Adds metadata to a file.
pub(crate) type Attach = fn(Vec<u8>, &Metadata<'_>) -> Result<Vec<u8>, Failure>;

/// Encodes planes, and alpha by itself if there is any and the format holds it.
pub(crate) type EncodePlanes = fn(Planar, Option<Raster>, Style) -> Result<Vec<u8>, Failure>;

/// The ways to encode, by the layout that an encoder takes.
pub(crate) enum Run {
    Packed(fn(&Raster, Style) -> Result<Vec<u8>, Failure>),
    Planar {
        run: EncodePlanes,
        /// By how much chroma is to be smaller, across and down.
        chroma: fn(Quality) -> (u32, u32),
    },
}

const CODECS: &[&Codec] = &[
    &avif::CODEC,
    &bmp::CODEC,
    &gif::CODEC,
    &ico::CODEC,
    &jpeg::CODEC,
    &png::CODEC,
    &svg::CODEC,
    &tiff::CODEC,
    &webp::CODEC,
];

impl Format {
    /// Finds the format by content; the name of a file never matters.
    pub fn sniff(bytes: &[u8]) -> Result<Self, Failure> {
        let codec = CODECS.iter().find(|codec| (codec.sniff)(bytes));
        codec.map(|codec| codec.format).ok_or_else(|| Failure::Unsupported(foreign::told(bytes)))
    }

    pub(crate) fn codec(self) -> &'static Codec {
        match self {
            Self::Avif => &avif::CODEC,
            Self::Bmp => &bmp::CODEC,
            Self::Gif => &gif::CODEC,
            Self::Ico => &ico::CODEC,
            Self::Jpeg => &jpeg::CODEC,
            Self::Png => &png::CODEC,
            Self::Svg => &svg::CODEC,
            Self::Tiff => &tiff::CODEC,
            Self::Webp => &webp::CODEC,
        }
    }

    /// IANA media type.
    pub fn media_type(self) -> &'static str {
        self.codec().media_type
    }
}

/// The one way and the channels of a format that is decoded to packed pixels.
fn packed<'a>(
    header: &Header,
    ways: &'a mut [Reduce],
) -> Result<(&'a mut Reduce, Channels), Failure> {
    match (&header.form, ways) {
        (Form::Packed(channels), [way]) => Ok((way, *channels)),
        _ => Err(Failure::malformed("planes where pixels were expected")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_and_the_match_agree() {
        for codec in CODECS {
            assert_eq!(codec.format.codec().media_type, codec.media_type);
        }
    }
}
