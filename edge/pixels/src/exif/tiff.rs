//! The structure that EXIF data has: directories of fields (TIFF 6.0 §2).

/// Bytes of an entry.
const ENTRY: usize = 12;

/// Bytes of each field type, from 1 on (TIFF 6.0 §2, CIPA DC-008 §4.6.2).
const SIZES: [usize; 12] = [1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8];

/// Where a directory begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Directory(usize);

/// A field of a directory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field {
    /// What kind of numbers it has.
    pub kind: u16,
    /// How many.
    pub count: usize,
    /// Where the first one is.
    pub at: usize,
}

/// A structure.
#[derive(Clone, Copy)]
pub struct Tiff<'a> {
    bytes: &'a [u8],
    big: bool,
}

impl<'a> Tiff<'a> {
    /// Of what begins like one.
    pub fn new(bytes: &'a [u8]) -> Option<Self> {
        match bytes.get(..4)? {
            b"MM\0*" => Some(Self { bytes, big: true }),
            b"II*\0" => Some(Self { bytes, big: false }),
            _ => None,
        }
    }

    /// The first directory.
    pub fn first(self) -> Option<Directory> {
        self.directory(4)
    }

    /// The directory that the number at a place leads to; none if that is 0.
    pub fn directory(self, at: usize) -> Option<Directory> {
        self.long(at).filter(|at| *at != 0).map(Directory)
    }

    /// Where a directory says where the next one is.
    pub fn end(self, directory: Directory) -> Option<usize> {
        let entries = usize::from(self.short(directory.0)?);
        directory.0.checked_add(2)?.checked_add(entries * ENTRY)
    }

    /// A field of a directory.
    pub fn field(self, directory: Directory, tag: u16) -> Option<Field> {
        let entries = usize::from(self.short(directory.0)?);
        let at = (0..entries)
            .map_while(|i| {
                let at = directory.0.checked_add(2)?.checked_add(i * ENTRY)?;
                Some((at, self.short(at)?))
            })
            .find_map(|(at, found)| (found == tag).then_some(at))?;
        let kind = self.short(at.checked_add(2)?)?;
        let count = self.long(at.checked_add(4)?)?;
        let size = SIZES.get(usize::from(kind).checked_sub(1)?)?;
        let value = at.checked_add(8)?;
        // What fits four bytes stands in the entry itself.
        let at = if size.checked_mul(count)? <= 4 { value } else { self.long(value)? };
        Some(Field { kind, count, at })
    }

    /// The bytes of a field of text.
    pub fn text(self, field: Field) -> Option<&'a [u8]> {
        let bytes = self.bytes.get(field.at..)?.get(..field.count)?;
        (field.kind == ASCII).then_some(bytes)
    }

    /// The bytes of a field, whatever they are.
    pub fn bytes(self, field: Field) -> Option<&'a [u8]> {
        let size = SIZES.get(usize::from(field.kind).checked_sub(1)?)?;
        self.bytes.get(field.at..)?.get(..size.checked_mul(field.count)?)
    }

    /// One of the whole numbers of a field.
    pub fn number(self, field: Field, index: usize) -> Option<u32> {
        let at = |size: usize| field.at.checked_add(index.checked_mul(size)?);
        match field.kind {
            _ if index >= field.count => None,
            BYTE => self.bytes.get(at(1)?).copied().map(u32::from),
            SHORT => self.short(at(2)?).map(u32::from),
            LONG => self.long(at(4)?).and_then(|number| u32::try_from(number).ok()),
            _ => None,
        }
    }

    /// What comes from a place on.
    pub fn rest(self, at: usize) -> &'a [u8] {
        self.bytes.get(at..).unwrap_or_default()
    }

    /// A number of 16 bits.
    pub fn short(self, at: usize) -> Option<u16> {
        Some(self.read(*self.bytes.get(at..)?.first_chunk()?))
    }

    /// A number of 16 bits as it is written here.
    pub fn read(self, bytes: [u8; 2]) -> u16 {
        if self.big { u16::from_be_bytes(bytes) } else { u16::from_le_bytes(bytes) }
    }

    /// A number of 32 bits, which is a place or a length.
    pub fn long(self, at: usize) -> Option<usize> {
        let bytes = *self.bytes.get(at..)?.first_chunk()?;
        let number = if self.big { u32::from_be_bytes(bytes) } else { u32::from_le_bytes(bytes) };
        usize::try_from(number).ok()
    }

    /// A number of 16 bits as it is written here.
    pub fn written(self, short: u16) -> [u8; 2] {
        if self.big { short.to_be_bytes() } else { short.to_le_bytes() }
    }
}

/// Field type of text.
pub const ASCII: u16 = 2;
/// Field type of bytes.
const BYTE: u16 = 1;
/// Field type of 32-bit unsigned integers.
const LONG: u16 = 4;
/// Field type of 16-bit unsigned integers.
pub const SHORT: u16 = 3;
