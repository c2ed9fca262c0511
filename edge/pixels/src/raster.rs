//! Uncompressed pixels.

use selvedge_plan::geometry::Size;

use crate::failure::Failure;

/// The samples of a pixel, 8 bits each; alpha is straight.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Channels {
    /// Grey.
    Grey,
    /// Grey, alpha.
    GreyAlpha,
    /// Red, green, blue.
    Rgb,
    /// Red, green, blue, alpha.
    Rgba,
}

impl Channels {
    /// How many there are.
    pub fn count(self) -> usize {
        match self {
            Self::Grey => 1,
            Self::GreyAlpha => 2,
            Self::Rgb => 3,
            Self::Rgba => 4,
        }
    }

    /// The layout with so many channels.
    pub fn from_count(count: u8) -> Option<Self> {
        match count {
            1 => Some(Self::Grey),
            2 => Some(Self::GreyAlpha),
            3 => Some(Self::Rgb),
            4 => Some(Self::Rgba),
            _ => None,
        }
    }

    /// The layout without colours.
    #[must_use]
    pub fn grey(self) -> Self {
        if self.has_alpha() { Self::GreyAlpha } else { Self::Grey }
    }

    /// The layout with colours.
    #[must_use]
    pub fn coloured(self) -> Self {
        if self.has_alpha() { Self::Rgba } else { Self::Rgb }
    }

    /// The layout with alpha.
    #[must_use]
    pub fn with_alpha(self) -> Self {
        if self.count() < 3 { Self::GreyAlpha } else { Self::Rgba }
    }

    /// Whether the last one is alpha.
    pub fn has_alpha(self) -> bool {
        matches!(self, Self::GreyAlpha | Self::Rgba)
    }
}

/// Pixels in rows without padding, top row first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Raster {
    /// Both sides at least 1.
    pub size: Size,
    /// What a pixel is made of.
    pub channels: Channels,
    /// width × height × channels bytes.
    pub samples: Vec<u8>,
}

impl Raster {
    /// Pixels that came from outside.
    ///
    /// # Errors
    /// [`Failure::Malformed`] if `samples` has not the length that size and channels ask for.
    pub fn new(size: Size, channels: Channels, samples: Vec<u8>) -> Result<Self, Failure> {
        let expected = size.pixels().saturating_mul(channels.count() as u64);
        if samples.len() as u64 != expected || expected == 0 {
            let got = samples.len();
            return Err(Failure::Malformed(format!(
                "expected {expected} bytes of pixels, got {got}"
            )));
        }
        Ok(Self { size, channels, samples })
    }

    /// Bytes a row.
    pub fn stride(&self) -> usize {
        self.size.width as usize * self.channels.count()
    }

    /// The rows, top first.
    pub fn rows(&self) -> impl Iterator<Item = &[u8]> {
        self.samples.chunks_exact(self.stride().max(1))
    }
}

/// What the planes of a planar picture are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Space {
    /// One plane of grey.
    Grey,
    /// Luma and two chroma planes of full range, ITU-R BT.601 (JFIF).
    YCbCr,
    /// Red, green, blue.
    Rgb,
    /// Four inks, inverted as Adobe writes them: 255 is none.
    Cmyk,
    /// [`Space::Cmyk`] whose first three are coded as [`Space::YCbCr`].
    Ycck,
}

impl Space {
    /// How many planes there are.
    pub fn count(self) -> usize {
        match self {
            Self::Grey => 1,
            Self::YCbCr | Self::Rgb => 3,
            Self::Cmyk | Self::Ycck => 4,
        }
    }
}

/// Pixels whose channels lie apart, chroma perhaps at a lower resolution.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Planar {
    /// The size of the picture.
    pub size: Size,
    /// What the planes are.
    pub space: Space,
    /// By how much the second and third plane are smaller, across and down.
    pub chroma: (u32, u32),
    /// One grey raster for each plane.
    pub planes: Vec<Raster>,
}

impl Planar {
    /// Luma and chroma of half the width and height, rounded up, that came from outside; of a grey
    /// picture there is no chroma.
    ///
    /// # Errors
    /// [`Failure::Malformed`] if a plane has not the length that the size asks for.
    pub fn halved(size: Size, [luma, blue, red]: [Vec<u8>; 3]) -> Result<Self, Failure> {
        let half = Size { width: size.width.div_ceil(2), height: size.height.div_ceil(2) };
        let plane = |size, samples| Raster::new(size, Channels::Grey, samples);
        let (space, chroma, planes) = match blue.is_empty() && red.is_empty() {
            true => (Space::Grey, (1, 1), vec![plane(size, luma)?]),
            false => {
                let planes = vec![plane(size, luma)?, plane(half, blue)?, plane(half, red)?];
                (Space::YCbCr, (2, 2), planes)
            }
        };
        Ok(Self { size, space, chroma, planes })
    }

    /// The same without samples, for a forecast.
    pub(crate) fn outlined(size: Size, is_grey: bool) -> Self {
        let (space, chroma) = if is_grey { (Space::Grey, (1, 1)) } else { (Space::YCbCr, (2, 2)) };
        Self { size, space, chroma, planes: Vec::new() }
    }

    fn bytes(&self) -> u64 {
        let (across, down) = self.chroma;
        let chroma = Size {
            width: self.size.width.div_ceil(across),
            height: self.size.height.div_ceil(down),
        };
        let count = if self.space == Space::Grey { 0 } else { 2 };
        self.size.pixels() + count * chroma.pixels()
    }
}

/// Pixels in one of the two layouts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pixels {
    /// Channels side by side.
    Packed(Raster),
    /// Channels apart.
    Planar(Planar),
}

impl Pixels {
    /// The size of the picture.
    pub fn size(&self) -> Size {
        match self {
            Self::Packed(raster) => raster.size,
            Self::Planar(planar) => planar.size,
        }
    }

    /// Bytes of the samples that there are, or would be.
    pub(crate) fn bytes(&self) -> u64 {
        match self {
            Self::Packed(raster) => raster.size.pixels() * raster.channels.count() as u64,
            Self::Planar(planar) => planar.bytes(),
        }
    }

    /// As one raster, or one for each plane.
    pub fn rasters(&self) -> &[Raster] {
        match self {
            Self::Packed(raster) => core::slice::from_ref(raster),
            Self::Planar(planar) => &planar.planes,
        }
    }

    /// The same, taken apart.
    pub fn into_rasters(self) -> Vec<Raster> {
        match self {
            Self::Packed(raster) => vec![raster],
            Self::Planar(planar) => planar.planes,
        }
    }
}
