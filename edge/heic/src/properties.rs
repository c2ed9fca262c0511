//! What is said of items: the `iprp` box (ISO/IEC 23008-12 §9.3, §6.5).

use selvedge_pixels::Failure;

use crate::boxes::{Kind, Reader, malformed, push};
use crate::items::Id;

/// Most properties, of which a line of the table has an index of 15 bits at most.
const PROPERTIES: usize = 32_767;

/// Most lines that tie a property to an item: ten for each of the largest stills' pictures.
const LINES: usize = 8_192;

/// All properties of a file, and which items have them.
#[derive(Default)]
pub struct Properties<'a> {
    all: Vec<Property<'a>>,
    lines: Vec<Line>,
}

/// One property.
#[derive(Clone, Copy)]
pub struct Property<'a> {
    /// What it is.
    pub kind: Kind,
    /// The body of its box.
    pub body: Reader<'a>,
}

struct Line {
    item: Id,
    /// From 1 on.
    index: u16,
    is_essential: bool,
}

impl<'a> Properties<'a> {
    /// Of the body of an `iprp` box.
    ///
    /// # Errors
    /// [`Failure::Malformed`].
    pub fn read(mut body: Reader<'a>) -> Result<Self, Failure> {
        let mut properties = Self::default();
        while let Some((kind, mut body)) = body.next_box()? {
            match &kind {
                b"ipco" => {
                    while let Some((kind, body)) = body.next_box()? {
                        push(&mut properties.all, PROPERTIES, Property { kind, body })?;
                    }
                }
                b"ipma" => properties.read_lines(body)?,
                _ => {}
            }
        }
        Ok(properties)
    }

    fn read_lines(&mut self, mut body: Reader<'a>) -> Result<(), Failure> {
        let (version, flags) = body.version()?;
        let count = body.u32()?;
        for _ in 0..count {
            let item = body.id(version > 0)?;
            for _ in 0..body.u8()? {
                let (essential, index) = match flags & 1 {
                    0 => body.u8().map(|byte| (byte & 0x80, u16::from(byte & 0x7f)))?,
                    _ => body.u16().map(|word| ((word >> 8) as u8 & 0x80, word & 0x7fff))?,
                };
                // No index is no property (§9.3.1).
                if index != 0 {
                    let line = Line { item, index, is_essential: essential != 0 };
                    push(&mut self.lines, LINES, line)?;
                }
            }
        }
        Ok(())
    }

    /// Those of an item in their order, and whether one must be understood.
    pub fn of(&self, item: Id) -> impl Iterator<Item = Result<(Property<'a>, bool), Failure>> {
        let of = move |line: &&Line| line.item == item;
        self.lines.iter().filter(of).map(|line| {
            let property = usize::from(line.index).checked_sub(1).and_then(|at| self.all.get(at));
            let property = property.ok_or_else(|| malformed("a property is missing"))?;
            Ok((*property, line.is_essential))
        })
    }

    /// The first of this kind that an item has.
    ///
    /// # Errors
    /// [`Failure::Malformed`].
    pub fn first(&self, item: Id, kind: &Kind) -> Result<Option<Reader<'a>>, Failure> {
        for property in self.of(item) {
            let (property, _) = property?;
            if property.kind == *kind {
                return Ok(Some(property.body));
            }
        }
        Ok(None)
    }
}
