//! The headers of a bitmap: what it is coded by, its colours, and where its rows are.

use std::borrow::Cow;

use selvedge_plan::geometry::Size;

use super::masks::Masks;
use crate::codec::{Form, Format, Header, Profile};
use crate::colours::Colours;
use crate::failure::Failure;
use crate::raster::Channels;

/// Bytes of the header that only files have, before that of the bitmap.
const FILE_HEADER: usize = 14;

/// Lengths of headers: of version 2, of version 3, and of the one that has a profile (version 5).
const CORE: usize = 12;
const INFO: usize = 40;
const V5: usize = 124;

/// `PROFILE_EMBEDDED`, as the kind of a version 5 header's colours.
const EMBEDDED: u32 = 0x4d42_4544;

/// How the rows are coded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Coding {
    /// Places in the palette, of so many bits each: 1, 2, 4 or 8.
    Indices(u32),
    /// Numbers of so many bits (16, 24 or 32) with a field for each channel.
    Fields(u32, Masks),
    /// Runs of places in the palette, of four or eight bits each.
    Runs(u32),
}

/// A bitmap.
pub struct Bitmap<'a> {
    pub size: Size,
    pub coding: Coding,
    /// Whether the first row stored is the top one.
    pub top_down: bool,
    /// Red, green and blue of each place; black behind its end.
    pub palette: Vec<[u8; 3]>,
    /// Where the colours of an icon end and its rows begin; files say it in their own header.
    pub end: usize,
    bytes: &'a [u8],
}

impl<'a> Bitmap<'a> {
    /// Reads the headers at the start of `bytes`.
    ///
    /// # Errors
    /// [`Failure::Malformed`], [`Failure::Truncated`] or [`Failure::Unsupported`].
    pub fn read(bytes: &'a [u8]) -> Result<Self, Failure> {
        let fields = Fields(bytes);
        let length = fields.long(0)? as usize;
        let core = length == CORE;
        if !core && !(16..=V5).contains(&length) {
            return Err(Failure::malformed(format!("a header of {length} bytes")));
        }
        let (width, height) = match core {
            true => (i32::from(fields.short(4)?), i32::from(fields.short(6)?)),
            false => (fields.long(4)? as i32, fields.long(8)? as i32),
        };
        if width <= 0 || height == 0 {
            return Err(Failure::malformed(format!("{width} x {height} pixels")));
        }
        let size = Size { width: width.unsigned_abs(), height: height.unsigned_abs() };
        let bits = u32::from(fields.short(if core { 10 } else { 14 })?);
        // A header of OS/2 may end before its last fields, which are 0 then.
        let optional = |at: usize| if length >= at + 4 { fields.long(at) } else { Ok(0) };
        let kind = optional(16)?;
        let bitfields = matches!(kind, 3 | 6);
        let (coding, mut end) = match (kind, bits) {
            (0, 1 | 2 | 4 | 8) => (Coding::Indices(bits), length),
            (0, 16 | 24 | 32) => (Coding::Fields(bits, Masks::usual(bits)), length),
            (1, 8) | (2, 4) if height > 0 => (Coding::Runs(bits), length),
            (3 | 6, 16 | 32) if length >= INFO => {
                // Behind a header of version 3, and part of later ones.
                let alpha = length >= INFO + 16 || kind == 6;
                let mask = |index: usize| fields.long(INFO + 4 * index);
                let alpha = if alpha { mask(3)? } else { 0 };
                let masks = Masks::new([mask(0)?, mask(1)?, mask(2)?, alpha], bits)?;
                let own = if kind == 6 { 16 } else { 12 };
                (Coding::Fields(bits, masks), length.max(INFO + own))
            }
            (4, _) => return Err(Failure::Unsupported("BMP with JPEG in it".into())),
            (5, _) => return Err(Failure::Unsupported("BMP with PNG in it".into())),
            (1 | 2, _) if height < 0 => return Err(Failure::malformed("runs from the top down")),
            _ => return Err(Failure::malformed(format!("coding {kind} of {bits} bits"))),
        };
        let mut palette = Vec::new();
        if matches!(coding, Coding::Indices(_) | Coding::Runs(_)) {
            let all = 1_usize << bits;
            let used = match optional(32)? as usize {
                0 => all,
                used => used,
            };
            let entry = if core { 3 } else { 4 };
            let stored = bytes.get(end..).unwrap_or_default().chunks_exact(entry);
            palette = stored
                .take(used.min(all))
                .filter_map(|entry| entry.first_chunk().map(|[b, g, r]| [*r, *g, *b]))
                .collect();
            end = end.saturating_add(used.saturating_mul(entry));
        } else if !bitfields {
            // Colours for displays that have no more.
            end = end.saturating_add((optional(32)? as usize).saturating_mul(4));
        }
        Ok(Self { size, coding, top_down: height < 0, palette, end, bytes })
    }

    /// What pixels are decoded to.
    pub fn channels(&self) -> Channels {
        match self.coding {
            Coding::Fields(_, masks) if masks.has_alpha() => Channels::Rgba,
            Coding::Fields(..) => Channels::Rgb,
            Coding::Indices(_) | Coding::Runs(_) => {
                let grey = |[r, g, b]: &[u8; 3]| r == g && g == b;
                if self.palette.iter().all(grey) { Channels::Grey } else { Channels::Rgb }
            }
        }
    }

    /// The colour of a place in the palette.
    pub fn colour(&self, index: u8) -> [u8; 3] {
        self.palette.get(usize::from(index)).copied().unwrap_or_default()
    }

    /// Bits of a pixel.
    pub fn bits(&self) -> u32 {
        match self.coding {
            Coding::Fields(bits, _) | Coding::Indices(bits) | Coding::Runs(bits) => bits,
        }
    }

    /// The profile, if it came.
    fn profile(&self) -> Option<&'a [u8]> {
        let fields = Fields(self.bytes);
        let long = |at| fields.long(at).ok();
        if long(0)? as usize != V5 || long(56)? != EMBEDDED {
            return None;
        }
        self.bytes.get(long(112)? as usize..)?.get(..long(116)? as usize)
    }
}

/// Numbers of a header, the lowest byte first.
struct Fields<'a>(&'a [u8]);

impl Fields<'_> {
    fn short(&self, at: usize) -> Result<u16, Failure> {
        let bytes = self.0.get(at..).and_then(<[u8]>::first_chunk);
        bytes.map(|bytes| u16::from_le_bytes(*bytes)).ok_or_else(|| Failure::truncated("header"))
    }

    fn long(&self, at: usize) -> Result<u32, Failure> {
        let bytes = self.0.get(at..).and_then(<[u8]>::first_chunk);
        bytes.map(|bytes| u32::from_le_bytes(*bytes)).ok_or_else(|| Failure::truncated("header"))
    }
}

/// Two letters are few, so the length of the header behind them counts too.
pub fn sniff(file: &[u8]) -> bool {
    let length =
        file.get(FILE_HEADER..).and_then(<[u8]>::first_chunk).map(|b| u32::from_le_bytes(*b));
    file.starts_with(b"BM") && length.is_some_and(|length| (12..=124).contains(&length))
}

/// The bitmap of a file, and its rows as far as they came.
///
/// # Errors
/// As [`Bitmap::read`].
pub fn open(file: &[u8]) -> Result<(Bitmap<'_>, &[u8]), Failure> {
    let bitmap = Bitmap::read(file.get(FILE_HEADER..).unwrap_or_default())?;
    let start = Fields(file).long(10)? as usize;
    Ok((bitmap, file.get(start..).unwrap_or_default()))
}

/// Reads the headers of a file.
pub fn probe(file: &[u8]) -> Result<Header, Failure> {
    let (bitmap, _) = open(file)?;
    // Runs come from the bottom up and cannot be looked for: they are turned over when they are scaled.
    let orientation = if matches!(bitmap.coding, Coding::Runs(_)) { 4 } else { 1 };
    let header = Header {
        format: Format::Bmp,
        size: bitmap.size,
        orientation,
        form: Form::Packed(bitmap.channels()),
        depth: bitmap.bits().min(8) as u8,
        progressive: false,
        colours: Colours::SRGB,
    };
    header.checked()
}

/// The profile of a file, if it came: it may lie behind the rows.
pub fn profile(file: &[u8]) -> Result<Profile<'_>, Failure> {
    Ok(open(file)?.0.profile().map(Cow::Borrowed))
}
