//! What the chunks before the picture data say (PNG §11).

use selvedge_plan::geometry::Size;

use super::chunks::Chunks;
use super::colour;
use super::crc::Crc;
use crate::codec::{Form, Format, Header};
use crate::exif;
use crate::failure::Failure;
use crate::raster::Channels;

/// How pixels are coded (§11.2.1, table 12), alpha that is stored apart aside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Colour {
    Grey,
    GreyAlpha,
    Palette,
    Rgb,
    Rgba,
}

impl Colour {
    /// What pixels are decoded to; `transparent` if there is a `tRNS` chunk.
    fn channels(self, transparent: bool) -> Channels {
        match (self, transparent) {
            (Self::Grey, false) => Channels::Grey,
            (Self::Grey, true) | (Self::GreyAlpha, _) => Channels::GreyAlpha,
            (Self::Palette | Self::Rgb, false) => Channels::Rgb,
            (Self::Palette | Self::Rgb, true) | (Self::Rgba, _) => Channels::Rgba,
        }
    }
}

/// The `IHDR` chunk (§11.2.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ihdr {
    pub size: Size,
    /// Bits a sample.
    pub depth: u8,
    pub colour: Colour,
    /// Whether the picture comes in the seven passes of Adam7.
    pub interlaced: bool,
}

impl Ihdr {
    /// What pixels are decoded to; `transparent` if there is a `tRNS` chunk.
    pub fn channels(&self, transparent: bool) -> Channels {
        self.colour.channels(transparent)
    }

    /// Bits a pixel.
    pub fn pixel_bits(&self) -> usize {
        let samples = match self.colour {
            Colour::Grey | Colour::Palette => 1,
            Colour::GreyAlpha => 2,
            Colour::Rgb => 3,
            Colour::Rgba => 4,
        };
        samples * usize::from(self.depth)
    }

    /// Reads it, the first chunk of `file`. It is never forgiven: all else depends on it.
    ///
    /// # Errors
    /// [`Failure::Malformed`] or [`Failure::Truncated`].
    pub fn read(file: &[u8], crc: &Crc) -> Result<Self, Failure> {
        let chunk = Chunks::new(file).next().ok_or_else(|| Failure::truncated("header"))?;
        let payload = chunk.intact(crc)?;
        let Some(&[w3, w2, w1, w0, h3, h2, h1, h0, depth, colour, method, filter, interlace]) =
            payload.first_chunk().filter(|_| chunk.kind == *b"IHDR" && payload.len() == 13)
        else {
            return Err(Failure::malformed("the first chunk is not IHDR"));
        };
        let size = Size {
            width: u32::from_be_bytes([w3, w2, w1, w0]),
            height: u32::from_be_bytes([h3, h2, h1, h0]),
        };
        let colour = match (colour, depth) {
            (0, 1 | 2 | 4 | 8 | 16) => Colour::Grey,
            (2, 8 | 16) => Colour::Rgb,
            (3, 1 | 2 | 4 | 8) => Colour::Palette,
            (4, 8 | 16) => Colour::GreyAlpha,
            (6, 8 | 16) => Colour::Rgba,
            _ => return Err(Failure::malformed(format!("colour type {colour} of {depth} bits"))),
        };
        if (method, filter) != (0, 0) || interlace > 1 {
            return Err(Failure::malformed(format!(
                "compression {method}, filter {filter} and interlace {interlace}"
            )));
        }
        Ok(Self { size, depth, colour, interlaced: interlace == 1 })
    }
}

/// Reads size, colour type, transparency and orientation.
pub fn probe(file: &[u8]) -> Result<Header, Failure> {
    let crc = Crc::new();
    let Ihdr { size, depth, colour, interlaced } = Ihdr::read(file, &crc)?;
    let mut transparent = false;
    let mut orientation = 1;
    // A head may be cut inside a long chunk before the data: what was not seen counts as absent.
    for chunk in Chunks::ahead(file) {
        match (&chunk.kind, chunk.payload) {
            (b"tRNS", _) => transparent = true,
            (b"eXIf", exif) => orientation = exif::orientation(exif),
            _ => {}
        }
    }
    let form = Form::Packed(colour.channels(transparent));
    let header = Header {
        format: Format::Png,
        size,
        orientation,
        form,
        depth,
        progressive: interlaced,
        colours: colour::stated(file, &crc, &form)?,
    };
    header.checked()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec::png::chunks::SIGNATURE;

    fn read(ihdr: &[u8]) -> Result<Ihdr, Failure> {
        let crc = Crc::new();
        let sum = crc.of(&[b"IHDR", ihdr]);
        let length = (ihdr.len() as u32).to_be_bytes();
        let file = [SIGNATURE, &length, b"IHDR", ihdr, &sum.to_be_bytes()].concat();
        Ihdr::read(&file, &crc)
    }

    #[test]
    fn only_listed_combinations_are_read() {
        let mut read_by_colour = [0; 8];
        for colour in 0..8 {
            for depth in 0..=32 {
                let ihdr = [0, 0, 1, 0, 0, 0, 0, 9, depth, colour, 0, 0, 1];
                if let Ok(ihdr) = read(&ihdr) {
                    read_by_colour[usize::from(colour)] += 1;
                    assert_eq!(ihdr.size, Size { width: 256, height: 9 });
                    assert!(ihdr.interlaced && ihdr.depth == depth);
                }
            }
        }
        assert_eq!(read_by_colour, [5, 0, 2, 4, 2, 0, 2, 0]);
    }

    #[test]
    fn methods_that_do_not_exist_are_refused() {
        for methods in [[1, 0, 0], [0, 1, 0], [0, 0, 2]] {
            let ihdr = [&[0, 0, 0, 1, 0, 0, 0, 1, 8, 2][..], &methods].concat();
            assert!(matches!(read(&ihdr), Err(Failure::Malformed(_))), "{methods:?}");
        }
        assert!(matches!(read(&[0; 12]), Err(Failure::Malformed(_))));
    }
}
