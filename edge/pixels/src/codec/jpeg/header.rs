//! Reading the markers up to the frame header (ITU-T T.81 §B.1, §B.2.2).

use selvedge_plan::geometry::Size;

use crate::codec::{Format, Header};
use crate::exif;
use crate::failure::Failure;
use crate::raster::Channels;

/// Markers (T.81 table B.1).
const APP1: u8 = 0xe1;
const EOI: u8 = 0xd9;
const SOS: u8 = 0xda;

/// A marker segment: its code, and its payload without the length.
pub struct Segment<'a> {
    pub marker: u8,
    pub payload: &'a [u8],
}

/// The marker segments from the start of a file up to and with the first scan header.
pub struct Segments<'a> {
    rest: &'a [u8],
}

impl<'a> Segments<'a> {
    pub fn new(file: &'a [u8]) -> Self {
        Self {
            rest: file.get(2..).unwrap_or_default(),
        }
    }

    /// The next segment; markers without payload are passed over.
    pub fn next(&mut self) -> Result<Segment<'a>, Failure> {
        loop {
            let (prefix, rest) = self
                .rest
                .split_first()
                .ok_or(Failure::truncated("header"))?;
            if *prefix != 0xff {
                return Err(Failure::malformed("expected a marker"));
            }
            // Any number of 0xff may stand before a marker.
            let fill = rest.iter().take_while(|byte| **byte == 0xff).count();
            let rest = rest.get(fill..).unwrap_or_default();
            let (marker, rest) = rest.split_first().ok_or(Failure::truncated("header"))?;
            match *marker {
                0x01 | 0xd0..=0xd8 => self.rest = rest,
                EOI => return Err(Failure::truncated("header, before a frame")),
                marker => {
                    let (length, after) = rest
                        .split_first_chunk()
                        .ok_or(Failure::truncated("header"))?;
                    let length = usize::from(u16::from_be_bytes(*length));
                    let length = length.checked_sub(2).ok_or(Failure::malformed(
                        "a segment is shorter than its own length",
                    ))?;
                    let payload = after.get(..length).ok_or(Failure::truncated("header"))?;
                    self.rest = after.get(length..).unwrap_or_default();
                    return Ok(Segment { marker, payload });
                }
            }
        }
    }
}

/// Reads size, orientation, components and process.
pub fn probe(file: &[u8]) -> Result<Header, Failure> {
    let mut segments = Segments::new(file);
    let mut orientation = 1;
    let mut metadata = 0;
    loop {
        let Segment { marker, payload } = segments.next()?;
        if matches!(marker, 0xe0..=0xef) {
            metadata += payload.len() as u64;
        }
        match marker {
            APP1 => {
                if let Some(tiff) = payload.strip_prefix(b"Exif\0\0") {
                    orientation = exif::orientation(tiff);
                }
            }
            0xc0..=0xc2 => {
                let header = frame(payload, marker == 0xc2, orientation)?;
                let held = header.held + metadata;
                return Header { held, ..header }.checked();
            }
            0xc3 | 0xc5..=0xc7 | 0xcb | 0xcd..=0xcf => return Err(unsupported(marker)),
            0xc9 | 0xca => return Err(Failure::Unsupported("JPEG with arithmetic coding".into())),
            SOS => return Err(Failure::malformed("a scan before the frame header")),
            _ => {}
        }
    }
}

fn unsupported(marker: u8) -> Failure {
    let kind = if marker == 0xc3 {
        "lossless JPEG"
    } else {
        "hierarchical JPEG"
    };
    Failure::Unsupported(kind.into())
}

fn frame(payload: &[u8], progressive: bool, orientation: u8) -> Result<Header, Failure> {
    let ([depth, h1, h0, w1, w0, count], components) = payload
        .split_first_chunk()
        .ok_or(Failure::malformed("a short frame header"))?;
    if *depth != 8 {
        return Err(Failure::Unsupported(format!(
            "JPEG with {depth} bits a sample, only 8 is read"
        )));
    }
    let (triples, rest) = components.as_chunks::<3>();
    if triples.len() != usize::from(*count) || !rest.is_empty() {
        return Err(Failure::malformed("a frame header of the wrong length"));
    }
    let channels = match triples.len() {
        1 => Channels::Grey,
        3 | 4 => Channels::Rgb,
        n => return Err(Failure::Unsupported(format!("JPEG with {n} components"))),
    };
    let size = Size {
        width: u16::from_be_bytes([*w1, *w0]).into(),
        height: u16::from_be_bytes([*h1, *h0]).into(),
    };
    Ok(Header {
        format: Format::Jpeg,
        size,
        orientation,
        channels,
        depth: *depth,
        progressive,
        held: if progressive {
            coefficients(size, triples)
        } else {
            0
        },
    })
}

/// Bytes of all coefficients: two for each sample of each component, by the share of the picture
/// that a component covers, padded to whole blocks of up to 32 pixels.
fn coefficients(size: Size, components: &[[u8; 3]]) -> u64 {
    let padded = |side: u32| u64::from(side.next_multiple_of(32));
    let area = |[_, factors, _]: &[u8; 3]| u64::from(factors >> 4) * u64::from(factors & 15);
    let largest = |shift: u8| {
        components
            .iter()
            .map(|[_, f, _]| u64::from((f >> shift) & 15))
            .max()
            .unwrap_or(1)
    };
    let full = (largest(4) * largest(0)).max(1);
    let samples =
        padded(size.width) * padded(size.height) * components.iter().map(area).sum::<u64>();
    2 * samples.div_ceil(full)
}
