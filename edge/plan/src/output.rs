//! What is written.

use crate::accept::Class;
use crate::options::compression::Compression;
use crate::options::format::Format;

/// What is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Output {
    /// AVIF.
    Avif,
    /// AVIF, or uncompressed pixels.
    AvifOrPixels,
    /// A BlurHash of the picture.
    Blurhash,
    /// A data URL of the picture.
    DataUri,
    /// GIF.
    Gif,
    /// HEIC.
    Heic,
    /// JPEG.
    Jpeg,
    /// What there is to know of the picture.
    Json,
    /// JPEG, or PNG where there is transparency to keep.
    Natural,
    /// Uncompressed pixels.
    Pixels,
    /// PNG.
    Png,
    /// A ThumbHash of the picture.
    Thumbhash,
    /// WebP.
    Webp,
}

/// In which order a JPEG's coefficients are written (ITU-T T.81 §4.11).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scan {
    /// Block by block, from top to bottom.
    Baseline,
    /// Coarse ones first.
    Progressive,
}

/// How much effort an encoder makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effort {
    /// As much as makes a file any smaller.
    Best,
    /// As little as gives a file.
    Fast,
    /// As much as pays.
    Full,
}

impl Effort {
    /// What a wish comes to: no more is made than makes files of this kind smaller.
    pub(crate) fn of(wish: Option<Compression>, output: Output) -> Self {
        match wish {
            Some(Compression::Best) if output.has_best() => Self::Best,
            Some(Compression::Fast) => Self::Fast,
            Some(Compression::Best) | None => Self::Full,
        }
    }

    /// The wish that comes to this.
    pub(crate) fn wish(self) -> Option<Compression> {
        match self {
            Self::Best => Some(Compression::Best),
            Self::Fast => Some(Compression::Fast),
            Self::Full => None,
        }
    }
}

impl Output {
    /// Whether there is an encoder that makes files smaller than is worth it for everyone.
    pub(crate) fn has_best(self) -> bool {
        matches!(self, Self::Avif | Self::AvifOrPixels | Self::DataUri | Self::Webp)
    }

    /// What a wish for a format comes to, and whether a JPEG of it must be baseline. Without a wish
    /// it is what suits the picture; a client that has little time gets nothing slower.
    pub(crate) fn of(wish: Option<Format>, fast: bool, class: Class) -> (Self, bool) {
        let output = match wish {
            None => Self::Natural,
            Some(Format::Auto) if fast => Self::Natural,
            Some(Format::Auto) => class.output(),
            Some(Format::Avif) => Self::Avif,
            Some(Format::AvifOrPixels) => Self::AvifOrPixels,
            Some(Format::BaselineJpeg | Format::Jpeg) => Self::Jpeg,
            Some(Format::Blurhash) => Self::Blurhash,
            Some(Format::DataUri) => Self::DataUri,
            Some(Format::Gif) => Self::Gif,
            Some(Format::Heic) => Self::Heic,
            Some(Format::Json) => Self::Json,
            Some(Format::Pixels) => Self::Pixels,
            Some(Format::Png) => Self::Png,
            Some(Format::Thumbhash) => Self::Thumbhash,
            Some(Format::Webp) => Self::Webp,
        };
        (output, wish == Some(Format::BaselineJpeg))
    }

    /// The wish that comes to this for every client.
    pub(crate) fn format(self, baseline: bool) -> Option<Format> {
        match self {
            Self::Avif => Some(Format::Avif),
            Self::AvifOrPixels => Some(Format::AvifOrPixels),
            Self::Blurhash => Some(Format::Blurhash),
            Self::DataUri => Some(Format::DataUri),
            Self::Gif => Some(Format::Gif),
            Self::Heic => Some(Format::Heic),
            Self::Jpeg if baseline => Some(Format::BaselineJpeg),
            Self::Jpeg => Some(Format::Jpeg),
            Self::Json => Some(Format::Json),
            Self::Natural => None,
            Self::Pixels => Some(Format::Pixels),
            Self::Png => Some(Format::Png),
            Self::Thumbhash => Some(Format::Thumbhash),
            Self::Webp => Some(Format::Webp),
        }
    }

    /// The media type, where it does not depend on the source.
    pub fn media_type(self) -> Option<&'static str> {
        match self {
            // What is too large for it becomes something else.
            Self::Avif | Self::AvifOrPixels => None,
            Self::Blurhash | Self::DataUri | Self::Thumbhash => Some("text/plain"),
            Self::Gif => Some("image/gif"),
            Self::Heic => Some("image/heic"),
            Self::Jpeg => Some("image/jpeg"),
            Self::Json => Some("application/json"),
            Self::Natural => None,
            Self::Pixels => Some("application/octet-stream"),
            Self::Png => Some("image/png"),
            Self::Webp => Some("image/webp"),
        }
    }
}
