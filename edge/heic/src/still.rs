//! What the file is about: its size, and the coded pictures it is put together of.

use selvedge_pixels::codec::within_limits;
use selvedge_pixels::{Failure, Tag};
use selvedge_plan::geometry::Size;
use selvedge_plan::orientation::Turn;

use crate::boxes::{Reader, malformed, push, unsupported};
use crate::coded::Sets;
use crate::colour::Meaning;
use crate::items::{Id, Items};
use crate::orientation::{mirrored, rotated};

/// Most coded pictures of one still: 100 megapixels of pictures of 256 by 256.
const PARTS: usize = 2_048;

/// Largest profile: those of printers have some two million bytes. A larger one is passed over.
const PROFILE_BYTES: usize = 4 << 20;

/// What auxiliary pictures that are alpha call themselves (ISO/IEC 23008-12 §6.6.2.1.1, and MIAF).
const ALPHA: [&[u8]; 2] =
    [b"urn:mpeg:hevc:2015:auxid:1\0", b"urn:mpeg:mpegB:cicp:systems:auxiliary:alpha\0"];

/// A still whose boxes were read, and none of whose pictures was decoded.
pub struct Still<'a> {
    /// Where its pictures are.
    pub(crate) items: Items<'a>,
    /// The coded pictures, row by row.
    pub(crate) parts: Vec<Id>,
    /// Pictures a row.
    pub(crate) columns: usize,
    /// The size of each.
    pub(crate) part: Size,
    /// The part of them all together that is shown, before it is turned.
    pub(crate) shown: Window,
    /// How it is turned.
    turn: Turn,
    /// What the numbers mean, if the boxes say so.
    pub(crate) meaning: Option<Meaning>,
    /// What they mean as far as parameter sets tell before any picture is there.
    coded: Meaning,
    profile: Option<&'a [u8]>,
    /// Bytes that the decoder of a picture takes, with a copy of its bytes.
    pub(crate) decoder: u64,
    /// Whether there is no chroma.
    is_grey: bool,
}

/// A part of a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    pub left: u32,
    pub top: u32,
    pub size: Size,
}

/// Reads the boxes of a file, of which all up to the end of its `meta` box must be there, and the
/// description of the grid, if there is one.
///
/// # Errors
/// [`Failure::Malformed`], [`Failure::Truncated`], [`Failure::TooLarge`], or
/// [`Failure::Unsupported`] for what is well but not read here.
pub fn read(file: &[u8]) -> Result<Still<'_>, Failure> {
    let items = Items::read(file)?;
    let primary = items.primary();
    let said = Said::of(&items, primary)?;
    let whole = said.size;
    for item in items.auxiliaries(primary) {
        if let Some(mut kind) = items.properties.first(item, b"auxC")? {
            kind.version()?;
            if ALPHA.iter().any(|alpha| kind.rest().starts_with(alpha)) {
                return Err(unsupported("transparency"));
            }
        }
    }
    let (parts, columns) = match &items.kind(primary)? {
        b"grid" => grid(&items, primary, whole)?,
        _ => (vec![primary], 1),
    };
    let first = *parts.first().ok_or_else(|| malformed("a grid without pictures"))?;
    let of_part = Said::of(&items, first)?;
    let part = of_part.size;
    let sets = Sets::read(of_part.coding(&items, first)?)?;
    let rows = parts.len().div_ceil(columns);
    let reach = |side: u32, count: usize| u64::from(side) * count as u64;
    if reach(part.width, columns) < whole.width.into()
        || reach(part.height, rows) < whole.height.into()
    {
        return Err(malformed("the pictures of a grid do not cover it"));
    }
    let longest = parts.iter().map(|part| items.length(*part)).max().unwrap_or(0);
    let shown = said.shown.unwrap_or(Window { left: 0, top: 0, size: whole });
    Ok(Still {
        parts,
        columns,
        part,
        shown,
        turn: said.turn,
        meaning: said.meaning.or(of_part.meaning),
        coded: sets.meaning()?,
        profile: said.profile.or(of_part.profile),
        decoder: sets.memory()?.saturating_add(longest),
        is_grey: sets.is_grey()?,
        items,
    })
}

impl Still<'_> {
    /// The size as stored, before it is turned.
    pub fn size(&self) -> Size {
        self.shown.size
    }

    /// How it is turned, as EXIF says it: 1 to 8 (TIFF 6.0, tag 274).
    pub fn orientation(&self) -> u8 {
        (1..=8).find(|exif| Turn::from_exif(u16::from(*exif)) == self.turn).unwrap_or(1)
    }

    /// Whether there is no chroma.
    pub fn is_grey(&self) -> bool {
        self.is_grey
    }

    /// What the colours are, as far as that is known before a picture is decoded.
    ///
    /// # Errors
    /// [`Failure::OverBudget`].
    pub fn outlined(&self) -> Result<Tag, Failure> {
        self.tag(self.meaning.unwrap_or(self.coded))
    }

    /// Bytes of a profile.
    pub(crate) fn profile_bytes(&self) -> u64 {
        self.profile.map_or(0, |profile| profile.len() as u64)
    }

    /// What the colours are, in bytes of their own.
    ///
    /// # Errors
    /// [`Failure::OverBudget`].
    pub(crate) fn tag(&self, meaning: Meaning) -> Result<Tag, Failure> {
        let Some(profile) = self.profile else { return Ok(meaning.tag()) };
        let mut own = Vec::new();
        own.try_reserve_exact(profile.len()).map_err(|_| Failure::out_of_memory(profile.len()))?;
        own.extend_from_slice(profile);
        Ok(Tag::Profile(own))
    }
}

/// What the properties of an item say.
pub(crate) struct Said<'a> {
    pub size: Size,
    shown: Option<Window>,
    turn: Turn,
    meaning: Option<Meaning>,
    profile: Option<&'a [u8]>,
    coding: Option<Reader<'a>>,
}

impl<'a> Said<'a> {
    /// Of this item.
    ///
    /// # Errors
    /// [`Failure::Malformed`], or [`Failure::Unsupported`] for an essential one that is not known.
    pub fn of(items: &Items<'a>, item: Id) -> Result<Self, Failure> {
        let mut size = None;
        let (mut shown, mut turn, mut meaning) = (None, Turn::NONE, None);
        let (mut profile, mut coding) = (None, None);
        for property in items.properties.of(item) {
            let (property, is_essential) = property?;
            let mut body = property.body;
            match &property.kind {
                b"clap" => {
                    let size = size.ok_or_else(|| malformed("a cut before a size"))?;
                    // Cut and then turned: the other order has another meaning (§6.5.8).
                    if turn != Turn::NONE || shown.is_some() {
                        return Err(unsupported("a cut after a turn"));
                    }
                    shown = Some(cut(&mut body, size)?);
                }
                b"colr" => match &body.array()? {
                    b"nclx" => meaning = Some(Meaning::read(&mut body)?),
                    b"prof" | b"rICC" if body.rest().len() <= PROFILE_BYTES => {
                        profile = Some(body.rest());
                    }
                    _ => {}
                },
                b"hvcC" => coding = Some(body),
                b"imir" => turn = turn.then(mirrored(body.u8()?)),
                b"irot" => turn = turn.then(rotated(body.u8()?)),
                b"ispe" => {
                    body.version()?;
                    size = Some(within_limits(Size { width: body.u32()?, height: body.u32()? })?);
                }
                b"auxC" | b"pasp" | b"pixi" => {}
                _ if is_essential => return Err(unsupported("a property that must be known")),
                _ => {}
            }
        }
        let size = size.ok_or_else(|| malformed("a picture without a size"))?;
        Ok(Self { size, shown, turn, meaning, profile, coding })
    }

    /// How the item is coded, if that is HEVC.
    ///
    /// # Errors
    /// [`Failure::Unsupported`] if it is something else, [`Failure::Malformed`] if it does not say how.
    pub fn coding(&self, items: &Items<'a>, item: Id) -> Result<Reader<'a>, Failure> {
        match &items.kind(item)? {
            b"hvc1" | b"hev1" => {}
            kind => {
                let kind = String::from_utf8_lossy(kind);
                return Err(unsupported(&format!("pictures of the kind `{kind}`")));
            }
        }
        self.coding.ok_or_else(|| malformed("a coded picture does not say how it is coded"))
    }

    /// Whether something is to be done to the item by itself.
    pub fn is_plain(&self) -> bool {
        self.turn == Turn::NONE && self.shown.is_none()
    }
}

/// The pictures of a grid row by row, and how many a row has (§6.6.2.3).
fn grid(items: &Items<'_>, item: Id, size: Size) -> Result<(Vec<Id>, usize), Failure> {
    let bytes = items.bytes(item)?;
    let mut grid = Reader::new(&bytes, "description of the grid");
    let (version, is_wide) = (grid.u8()?, grid.u8()? & 1 != 0);
    let (rows, columns) = (usize::from(grid.u8()?) + 1, usize::from(grid.u8()?) + 1);
    let stated = Size { width: grid.id(is_wide)?, height: grid.id(is_wide)? };
    if version != 0 || stated != size {
        return Err(malformed("a grid of another size than its item"));
    }
    let mut parts = Vec::new();
    for part in items.parts(item) {
        if !Said::of(items, part)?.is_plain() {
            return Err(unsupported("a turned picture in a grid"));
        }
        push(&mut parts, PARTS, part)?;
    }
    if parts.len() != rows * columns {
        let got = parts.len();
        return Err(malformed(format!("a grid of {rows} x {columns} pictures has {got}")));
    }
    Ok((parts, columns))
}

/// The part that `clap` leaves (ISO/IEC 14496-12 §12.1.4): a size, and how far its middle is from that
/// of the whole, as fractions. Only whole samples of luma and chroma are cut off here.
fn cut(body: &mut Reader<'_>, size: Size) -> Result<Window, Failure> {
    let between = || unsupported("a cut between pixels");
    let mut side = |whole: u32| -> Result<u32, Failure> {
        let (length, of) = (body.u32()?, body.u32()?);
        let length = length.checked_div(of).filter(|quotient| quotient * of == length);
        length.filter(|length| (1..=whole).contains(length)).ok_or_else(between)
    };
    let (width, height) = (side(size.width)?, side(size.height)?);
    let mut start = |whole: u32, length: u32| -> Result<u32, Failure> {
        let (offset, of) = (body.u32()?.cast_signed(), body.u32()?);
        let (offset, of) = (i64::from(offset), i64::from(of));
        let twice = 2 * offset + (i64::from(whole) - i64::from(length)) * of;
        let start = twice.checked_div(2 * of).filter(|start| start * 2 * of == twice);
        let start = start.and_then(|start| u32::try_from(start).ok());
        let fits = |start: &u32| start.is_multiple_of(2) && *start <= whole - length;
        start.filter(fits).ok_or_else(between)
    };
    let (left, top) = (start(size.width, width)?, start(size.height, height)?);
    Ok(Window { left, top, size: Size { width, height } })
}
