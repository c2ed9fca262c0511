//! The items of a file and where their bytes are: the `meta` box (ISO/IEC 14496-12 §8.11).

use std::borrow::Cow;

use selvedge_pixels::Failure;

use crate::boxes::{Kind, Reader, malformed, push, unsupported};
use crate::properties::Properties;

/// Most lines of a table. The largest stills of phones are of some 800 coded pictures.
const LINES: usize = 8_192;

/// Bytes of the header of a box.
const HEADER: usize = 8;

/// What the file calls an item by.
pub type Id = u32;

/// The items of a file.
pub struct Items<'a> {
    file: &'a [u8],
    /// Bytes of the `idat` box.
    data: &'a [u8],
    primary: Id,
    kinds: Vec<(Id, Kind)>,
    extents: Vec<Extent>,
    references: Vec<Reference>,
    /// What is said of them.
    pub properties: Properties<'a>,
}

/// A part of an item's bytes (§8.11.3).
struct Extent {
    item: Id,
    /// Whether they lie in `idat` and not in the file.
    inside: bool,
    start: u64,
    /// 0 where it goes on to the end.
    length: u64,
}

/// One item that another is made of, or says something about (§8.11.12).
struct Reference {
    kind: Kind,
    from: Id,
    to: Id,
}

impl<'a> Items<'a> {
    /// Of a file, of which all up to the end of its `meta` box must be there.
    ///
    /// # Errors
    /// [`Failure::Malformed`], [`Failure::Truncated`], or [`Failure::Unsupported`] for items of which
    /// nothing is known here.
    pub fn read(file: &'a [u8]) -> Result<Self, Failure> {
        let mut meta = meta(file)?;
        meta.version()?;
        let mut items = Self {
            file,
            data: &[],
            primary: 0,
            kinds: Vec::new(),
            extents: Vec::new(),
            references: Vec::new(),
            properties: Properties::default(),
        };
        let mut seen: Vec<Kind> = Vec::new();
        while let Some((kind, mut body)) = meta.next_box()? {
            if !matches!(&kind, b"idat" | b"iinf" | b"iloc" | b"iprp" | b"iref" | b"pitm") {
                continue;
            }
            if seen.contains(&kind) {
                return Err(malformed("a box that may be there once is there twice"));
            }
            push(&mut seen, LINES, kind)?;
            match &kind {
                b"idat" => items.data = body.rest(),
                b"iinf" => items.read_kinds(body)?,
                b"iloc" => items.read_extents(body)?,
                b"iprp" => items.properties = Properties::read(body)?,
                b"iref" => items.read_references(body)?,
                _ => {
                    let (version, _) = body.version()?;
                    items.primary = body.id(version > 0)?;
                }
            }
        }
        if !seen.contains(b"pitm") {
            return Err(malformed("no item is the primary one"));
        }
        Ok(items)
    }

    /// The item that the file is about.
    pub fn primary(&self) -> Id {
        self.primary
    }

    /// What an item is.
    ///
    /// # Errors
    /// [`Failure::Malformed`] if there is no such item.
    pub fn kind(&self, item: Id) -> Result<Kind, Failure> {
        let found = self.kinds.iter().find(|(id, _)| *id == item);
        found.map(|(_, kind)| *kind).ok_or_else(|| malformed(format!("item {item} is missing")))
    }

    /// What an item is made of, in its order.
    pub fn parts(&self, item: Id) -> impl Iterator<Item = Id> {
        let of = move |reference: &&Reference| reference.kind == *b"dimg" && reference.from == item;
        self.references.iter().filter(of).map(|reference| reference.to)
    }

    /// The items that are there beside an item for the same place: its alpha, or depth.
    pub fn auxiliaries(&self, item: Id) -> impl Iterator<Item = Id> {
        let to = move |reference: &&Reference| reference.kind == *b"auxl" && reference.to == item;
        self.references.iter().filter(to).map(|reference| reference.from)
    }

    /// The bytes of an item.
    ///
    /// # Errors
    /// [`Failure::Truncated`] if they lie beyond the end of the file.
    pub fn bytes(&self, item: Id) -> Result<Cow<'a, [u8]>, Failure> {
        let mut extents = self.extents.iter().filter(|extent| extent.item == item);
        let first = extents.next().ok_or_else(|| malformed(format!("item {item} is nowhere")))?;
        let first = self.part(first)?;
        let mut bytes = Cow::Borrowed(first);
        for extent in extents {
            let part = self.part(extent)?;
            let whole = bytes.to_mut();
            whole.try_reserve(part.len()).map_err(|_| Failure::out_of_memory(part.len()))?;
            whole.extend_from_slice(part);
        }
        Ok(bytes)
    }

    /// How many these are, as the table has it.
    pub fn length(&self, item: Id) -> u64 {
        let extents = self.extents.iter().filter(|extent| extent.item == item);
        extents.fold(0, |sum: u64, extent| sum.saturating_add(extent.length))
    }

    fn part(&self, extent: &Extent) -> Result<&'a [u8], Failure> {
        let all = if extent.inside { self.data } else { self.file };
        let start = usize::try_from(extent.start).unwrap_or(usize::MAX);
        let length = usize::try_from(extent.length).unwrap_or(usize::MAX);
        let rest = all.get(start..);
        let part = match length {
            0 => rest,
            length => rest.and_then(|rest| rest.get(..length)),
        };
        part.ok_or_else(|| Failure::truncated("pictures"))
    }

    /// `iinf` (§8.11.6).
    fn read_kinds(&mut self, mut body: Reader<'a>) -> Result<(), Failure> {
        let (version, _) = body.version()?;
        body.id(version > 0)?;
        while let Some((kind, mut entry)) = body.next_box()? {
            if &kind != b"infe" {
                continue;
            }
            let (version, _) = entry.version()?;
            if version < 2 {
                return Err(unsupported("items of an old kind"));
            }
            let (id, _protection) = (entry.id(version > 2)?, entry.u16()?);
            push(&mut self.kinds, LINES, (id, entry.array()?))?;
        }
        Ok(())
    }

    /// `iloc` (§8.11.3).
    fn read_extents(&mut self, mut body: Reader<'a>) -> Result<(), Failure> {
        let (version, _) = body.version()?;
        if version > 2 {
            return Err(unsupported("items of a new kind"));
        }
        let sizes = body.u16()?;
        let nibble = |shift: u16| (sizes >> shift & 15) as u8;
        let (of_start, of_length, of_base) = (nibble(12), nibble(8), nibble(4));
        let of_index = if version > 0 { nibble(0) } else { 0 };
        if [of_start, of_length, of_base, of_index].iter().any(|bytes| !matches!(bytes, 0 | 4 | 8))
        {
            return Err(malformed("places of items have an odd number of bytes"));
        }
        let count = body.id(version > 1)?;
        for _ in 0..count {
            let item = body.id(version > 1)?;
            let method = if version > 0 { body.u16()? & 15 } else { 0 };
            let other_file = body.u16()? != 0;
            let base = body.sized(of_base)?;
            let extents = body.u16()?;
            for _ in 0..extents {
                body.sized(of_index)?;
                let start = base.saturating_add(body.sized(of_start)?);
                let length = body.sized(of_length)?;
                // What cannot be reached is not there. That hurts only if it is wanted.
                if !other_file && method < 2 {
                    let extent = Extent { item, inside: method == 1, start, length };
                    push(&mut self.extents, LINES, extent)?;
                }
            }
        }
        Ok(())
    }

    /// `iref` (§8.11.12).
    fn read_references(&mut self, mut body: Reader<'a>) -> Result<(), Failure> {
        let (version, _) = body.version()?;
        while let Some((kind, mut entry)) = body.next_box()? {
            let (from, count) = (entry.id(version > 0)?, entry.u16()?);
            for _ in 0..count {
                let to = entry.id(version > 0)?;
                if matches!(&kind, b"auxl" | b"dimg") {
                    push(&mut self.references, LINES, Reference { kind, from, to })?;
                }
            }
        }
        Ok(())
    }
}

/// The body of the `meta` box of the file, whose first box must be `ftyp`.
fn meta(file: &[u8]) -> Result<Reader<'_>, Failure> {
    let mut rest = Reader::new(file, "file");
    let mut is_first = true;
    while !rest.is_empty() {
        if rest.rest().len() < HEADER {
            return Err(Failure::truncated("boxes"));
        }
        let (kind, length) = rest.header()?;
        if is_first && &kind != b"ftyp" {
            return Err(unsupported("something else at its start"));
        }
        is_first = false;
        let there = rest.rest().len();
        let length = length.map_or(there, |length| usize::try_from(length).unwrap_or(usize::MAX));
        if length > there {
            return Err(Failure::truncated("boxes"));
        }
        let body = rest.take(length)?;
        if &kind == b"meta" {
            return Ok(Reader::new(body, "table of items"));
        }
    }
    Err(malformed("there is no table of items"))
}
