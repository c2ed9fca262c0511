//! The messages. Pixels and files travel behind them, as the bodies of their frames.

use serde::{Deserialize, Serialize};

/// What the process is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Request {
    /// The pixels of the file in the body, upright.
    Decode {
        /// How many there may be.
        pixels: u64,
    },
    /// A file of the pixels in the body.
    Encode {
        /// What codes them.
        codec: Codec,
        /// 1 to 100, as libheif understands it.
        quality: u8,
        /// What the body is.
        shape: Shape,
    },
}

/// What codes the pixels of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Codec {
    /// HEIC (ISO/IEC 23008-12).
    Hevc,
    /// AVIF.
    Av1,
}

/// What a body of pixels is: rows from the top, without padding, 8 bits a sample, straight alpha;
/// behind them an ICC profile.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shape {
    /// Pixels a row.
    pub width: u32,
    /// Rows.
    pub height: u32,
    /// Samples a pixel: 3 for RGB, 4 for RGBA.
    pub channels: u8,
    /// Bytes of the profile; 0 for sRGB without one.
    pub profile: u32,
}

impl Shape {
    /// Bytes of the pixels alone.
    #[must_use]
    pub fn samples(&self) -> u64 {
        u64::from(self.width)
            .saturating_mul(u64::from(self.height))
            .saturating_mul(u64::from(self.channels))
    }

    /// Bytes of the whole body.
    #[must_use]
    pub fn body(&self) -> u64 {
        self.samples().saturating_add(u64::from(self.profile))
    }
}

/// What the numbers of pixels stand for, by the numbers of ITU-T H.273.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CodePoints {
    /// Colour primaries.
    pub primaries: u8,
    /// Transfer characteristics.
    pub transfer: u8,
}

/// What the process answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Reply {
    /// The body holds pixels.
    Pixels {
        /// What the body is.
        shape: Shape,
        /// What the file says of colours beside a profile, if anything.
        coded: Option<CodePoints>,
    },
    /// The body holds a file.
    File,
    /// There is no body.
    Refused(Refusal),
}

/// Why there is nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Refusal {
    /// The bytes break the rules of their format.
    Malformed(String),
    /// More pixels than the request allows.
    TooManyPixels(u64),
    /// The file ends before its picture does.
    Truncated(String),
    /// Not a kind of file, or of picture, that this libheif handles.
    Unsupported(String),
}
