//! Reading the markers up to the frame header (ITU-T T.81 §B.1, §B.2.2).

use super::frame::{Frame, Hints};
use super::metadata::EXIF;
use crate::codec::{Form, Format, Header, Planes};
use crate::colours::Colours;
use crate::exif;
use crate::failure::Failure;

/// Markers (T.81 table B.1).
const APP1: u8 = 0xe1;
const EOI: u8 = 0xd9;
const SOS: u8 = 0xda;

/// A marker segment: its code, and its payload without the length.
pub struct Segment<'a> {
    pub marker: u8,
    pub payload: &'a [u8],
}

/// The marker segments of a file.
pub struct Segments<'a> {
    file: &'a [u8],
    at: usize,
}

impl<'a> Segments<'a> {
    /// From the start of the file on.
    pub fn new(file: &'a [u8]) -> Self {
        Self { file, at: 2 }
    }

    /// Where the next segment is, or the data of a scan if the last one was its header.
    pub fn at(&self) -> usize {
        self.at
    }

    /// Goes on at the next marker, wherever it is. `false` if there is none.
    pub fn search(&mut self) -> bool {
        self.at = next_marker(self.file, self.at);
        self.at < self.file.len()
    }

    /// Goes on at another place.
    pub fn go(&mut self, at: usize) {
        self.at = at;
    }

    /// The next segment, `None` at the end of the picture. Markers without payload are passed over.
    pub fn next(&mut self) -> Result<Option<Segment<'a>>, Failure> {
        let cut = || Failure::truncated("header");
        loop {
            let rest = self.file.get(self.at..).unwrap_or_default();
            // Any number of 0xff may stand before a marker.
            let prefix = rest.iter().take_while(|byte| **byte == 0xff).count();
            let marker = *rest.get(prefix).ok_or_else(cut)?;
            if prefix == 0 {
                return Err(Failure::malformed("expected a marker"));
            }
            self.at += prefix + 1;
            match marker {
                0x01 | 0xd0..=0xd7 => {}
                EOI => return Ok(None),
                0x00 | 0xd8 => return Err(Failure::malformed("a marker where none may be")),
                marker => {
                    let rest = rest.get(prefix + 1..).unwrap_or_default();
                    let (length, after) = rest.split_first_chunk().ok_or_else(cut)?;
                    let length = usize::from(u16::from_be_bytes(*length));
                    let payload = length
                        .checked_sub(2)
                        .ok_or(Failure::malformed("a segment is shorter than its own length"))?;
                    let payload = after.get(..payload).ok_or_else(cut)?;
                    self.at += length;
                    return Ok(Some(Segment { marker, payload }));
                }
            }
        }
    }
}

/// Where the next marker is from `at` on; the end of the file if there is none.
pub fn next_marker(file: &[u8], mut at: usize) -> usize {
    while let Some(found) = memchr::memchr(0xff, file.get(at..).unwrap_or_default()) {
        at += found;
        match file.get(at + 1) {
            Some(0x00) => at += 2,
            Some(0xff) => at += 1,
            Some(_) => return at,
            None => break,
        }
    }
    file.len()
}

/// Where the marker is that ends the scan whose data begins at `at`; the end of the file if none
/// does.
pub fn end_of_scan(file: &[u8], mut at: usize) -> usize {
    loop {
        at = next_marker(file, at);
        match file.get(at + 1) {
            Some(0xd0..=0xd7) => at += 2,
            _ => return at,
        }
    }
}

/// Reads size, orientation, components, process and colours.
pub fn probe(file: &[u8]) -> Result<Header, Failure> {
    let mut segments = Segments::new(file);
    let mut orientation = None;
    let mut hints = Hints::default();
    loop {
        let Some(Segment { marker, payload }) = segments.next()? else {
            return Err(Failure::truncated("header, before a frame"));
        };
        hints.see(marker, payload);
        match marker {
            APP1 => {
                // Of several the first one counts, as in browsers.
                if let Some(tiff) = payload.strip_prefix(EXIF) {
                    orientation.get_or_insert_with(|| exif::orientation(tiff));
                }
            }
            0xc0..=0xc2 => {
                let frame = Frame::read(payload, marker == 0xc2)?;
                return header(&frame, hints, orientation.unwrap_or(1)).checked();
            }
            0xc3 => return Err(Failure::Unsupported("lossless JPEG".into())),
            0xc5..=0xc7 | 0xcd..=0xcf => {
                return Err(Failure::Unsupported("hierarchical JPEG".into()));
            }
            0xc9..=0xcb => return Err(Failure::Unsupported("JPEG with arithmetic coding".into())),
            SOS => return Err(Failure::malformed("a scan before the frame header")),
            _ => {}
        }
    }
}

fn header(frame: &Frame, hints: Hints, orientation: u8) -> Header {
    let mut factors = [(1, 1); 4];
    for (factors, component) in factors.iter_mut().zip(&frame.components) {
        *factors = (component.across, component.down);
    }
    Header {
        format: Format::Jpeg,
        size: frame.size,
        orientation,
        form: Form::Planes(Planes { space: hints.space(frame), factors }),
        depth: 8,
        progressive: frame.progressive,
        colours: Colours::SRGB,
    }
}
