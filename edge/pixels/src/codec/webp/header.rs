//! What a file holds: its canvas, and the picture or first frame on it (RFC 9649 §2.5 to §2.7).

use selvedge_plan::geometry::Size;

use super::metadata;
use super::riff::{Chunk, Chunks, flag, u24};
use super::vp8l;
use crate::codec::{Form, Format, Header, Planes};
use crate::colours::Colours;
use crate::exif;
use crate::failure::Failure;
use crate::raster::{Channels, Space};

/// The size of the canvas, if the file is an animation.
///
/// # Errors
/// [`Failure::Truncated`].
pub fn canvas_size(file: &[u8]) -> Result<Option<Size>, Failure> {
    match Chunks::of_file(file).next() {
        Some(Chunk { kind: [b'V', b'P', b'8', b'X'], payload, .. }) => {
            let Canvas { size, flags } = canvas(payload)?;
            Ok((flags & flag::ANIMATION != 0).then_some(size))
        }
        _ => Ok(None),
    }
}

/// The canvas of a file, if its first chunk tells of one.
struct Canvas {
    size: Size,
    flags: u8,
}

/// The picture of a file, or the first of an animation.
pub struct Picture<'a> {
    /// The picture as a whole.
    pub canvas: Size,
    /// Where the coded part of it is, from the left and from the top.
    pub place: (u32, u32),
    pub size: Size,
    pub coded: Coded<'a>,
}

/// The coded pixels of a picture.
#[derive(Clone, Copy)]
pub enum Coded<'a> {
    Lossless(Chunk<'a>),
    Lossy { alpha: Option<Chunk<'a>>, colour: Option<Chunk<'a>> },
}

impl<'a> Picture<'a> {
    /// Finds the picture in the first bytes of a file.
    ///
    /// # Errors
    /// [`Failure::Truncated`] if they do not reach to it, or [`Failure::Malformed`].
    pub fn find(file: &'a [u8]) -> Result<Self, Failure> {
        let mut chunks = Chunks::of_file(file).peekable();
        let canvas = match chunks.peek() {
            Some(Chunk { kind: [b'V', b'P', b'8', b'X'], payload, .. }) => Some(canvas(payload)?),
            _ => None,
        };
        if let Some(Canvas { size, flags }) = canvas
            && flags & flag::ANIMATION != 0
        {
            let first = chunks.find(|chunk| chunk.kind == *b"ANMF");
            return Self::of_frame(size, first.ok_or(Failure::truncated("header"))?);
        }
        let coded = Coded::find(chunks, canvas.is_some())?;
        let size = coded.size()?;
        let canvas = canvas.or(size.map(|size| Canvas { size, flags: 0 }));
        let Some(Canvas { size: canvas, .. }) = canvas else {
            return Err(Failure::truncated("header"));
        };
        let size = size.unwrap_or(canvas);
        if size != canvas {
            return Err(Failure::malformed("two headers of different sizes"));
        }
        Ok(Self { canvas, place: (0, 0), size, coded })
    }

    /// The picture of a frame on a canvas: 24 bits each of half its left and top and of its width and
    /// height less one, a duration and flags, which do not matter here, and chunks.
    ///
    /// # Errors
    /// As [`Picture::find`].
    pub fn of_frame(canvas: Size, frame: Chunk<'a>) -> Result<Self, Failure> {
        let cut = || Failure::truncated("header");
        let (head, rest) = frame.payload.split_first_chunk::<16>().ok_or_else(cut)?;
        let &[x0, x1, x2, y0, y1, y2, w0, w1, w2, h0, h1, h2, ..] = head;
        let place = (u24([x0, x1, x2]) * 2, u24([y0, y1, y2]) * 2);
        let size = Size { width: u24([w0, w1, w2]) + 1, height: u24([h0, h1, h2]) + 1 };
        if place.0 + size.width > canvas.width || place.1 + size.height > canvas.height {
            return Err(Failure::malformed("a frame is not on the canvas"));
        }
        let coded = Coded::find(Chunks::within(rest), true)?;
        if coded.size()?.is_some_and(|coded| coded != size) {
            return Err(Failure::malformed("two headers of different sizes"));
        }
        Ok(Self { canvas, place, size, coded })
    }

    /// Whether anything of it may be transparent.
    ///
    /// # Errors
    /// As [`Picture::find`].
    pub fn has_alpha(&self) -> Result<bool, Failure> {
        match self.coded {
            Coded::Lossless(chunk) => Ok(vp8l::decode::header(chunk.payload)?.alpha),
            Coded::Lossy { alpha, .. } => Ok(alpha.is_some()),
        }
    }

    /// What is decoded to: planes if that is what is coded, and all of it.
    fn form(&self) -> Result<Form, Failure> {
        let alpha = self.has_alpha()?;
        Ok(match self.coded {
            _ if alpha || self.size != self.canvas => Form::Packed(Channels::Rgba),
            Coded::Lossless(_) => Form::Packed(Channels::Rgb),
            Coded::Lossy { .. } => Form::Planes(Planes {
                space: Space::YCbCr,
                factors: [(2, 2), (1, 1), (1, 1), (1, 1)],
            }),
        })
    }
}

impl<'a> Coded<'a> {
    /// Finds what is coded in the chunks of a picture; alpha has a chunk of its own only in an
    /// `extended` file.
    fn find(chunks: impl Iterator<Item = Chunk<'a>>, extended: bool) -> Result<Self, Failure> {
        let mut alpha = None;
        for chunk in chunks {
            match &chunk.kind {
                b"VP8L" => return Ok(Self::Lossless(chunk)),
                b"VP8 " => return Ok(Self::Lossy { alpha, colour: Some(chunk) }),
                b"ALPH" if extended => alpha = Some(chunk),
                _ if extended => {}
                _ => return Err(Failure::malformed("the first chunk holds no picture")),
            }
        }
        // Of the first bytes of a file a large alpha plane may be all there is.
        match alpha {
            Some(_) => Ok(Self::Lossy { alpha, colour: None }),
            None => Err(Failure::truncated("header")),
        }
    }

    /// What its own header says.
    fn size(self) -> Result<Option<Size>, Failure> {
        match self {
            Self::Lossless(chunk) => {
                let vp8l::decode::Header { width, height, .. } =
                    vp8l::decode::header(chunk.payload)?;
                Ok(Some(Size { width, height }))
            }
            Self::Lossy { colour, .. } => colour.map(|chunk| lossy_size(chunk.payload)).transpose(),
        }
    }
}

/// Reads size, transparency, and the orientation if its chunk is within what is given: it stands
/// behind the picture data.
pub fn probe(file: &[u8]) -> Result<Header, Failure> {
    let picture = Picture::find(file)?;
    let orientation = metadata::find(file).exif.map_or(1, exif::orientation);
    let header = Header {
        format: Format::Webp,
        size: picture.canvas,
        orientation,
        form: picture.form()?,
        depth: 8,
        progressive: false,
        colours: Colours::SRGB,
    };
    header.checked()
}

/// The frame header of a VP8 key frame (RFC 6386 §9.1): a frame tag, a start code, two sides.
fn lossy_size(payload: &[u8]) -> Result<Size, Failure> {
    let (tag, w0, w1, h0, h1) = match payload.first_chunk() {
        Some(&[tag, _, _, 0x9d, 0x01, 0x2a, w0, w1, h0, h1]) => (tag, w0, w1, h0, h1),
        Some(_) => return Err(Failure::malformed("the VP8 frame header is broken")),
        None => return Err(Failure::truncated("header")),
    };
    if tag & 1 != 0 {
        return Err(Failure::malformed("the picture is not a VP8 key frame"));
    }
    let side = |low, high| u32::from(u16::from_le_bytes([low, high]) & 0x3fff);
    Ok(Size { width: side(w0, w1), height: side(h0, h1) })
}

/// Flags, three reserved bytes, 24 bits each of width and height less one (RFC 9649 §2.7).
fn canvas(payload: &[u8]) -> Result<Canvas, Failure> {
    let Some(&[flags, _, _, _, w0, w1, w2, h0, h1, h2]) = payload.first_chunk() else {
        return Err(Failure::truncated("header"));
    };
    let size = Size { width: u24([w0, w1, w2]) + 1, height: u24([h0, h1, h2]) + 1 };
    Ok(Canvas { size, flags })
}
