//! The directory: which sizes there are, and where.

use selvedge_plan::geometry::Size;

use crate::codec::{Chosen, Form, Format, Header};
use crate::colours::Colours;
use crate::failure::Failure;
use crate::raster::Channels;

/// Bytes before the entries, and of each.
const HEAD: usize = 6;
const ENTRY: usize = 16;

/// Longest side that an entry can say.
pub const LARGEST: u32 = 256;

/// A picture of the file.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    pub size: Size,
    /// Bits a pixel, 0 if it does not say.
    bits: u16,
    at: usize,
    length: usize,
}

impl Entry {
    fn read(bytes: &[u8; ENTRY], is_cursor: bool) -> Self {
        let [width, height, _, _, _, _, b0, b1, l0, l1, l2, l3, a0, a1, a2, a3] = *bytes;
        let side = |byte: u8| if byte == 0 { LARGEST } else { byte.into() };
        // Cursors have their hot spot in the place of the bits.
        let bits = if is_cursor { 0 } else { u16::from_le_bytes([b0, b1]) };
        let long = |bytes| u32::from_le_bytes(bytes) as usize;
        let (length, at) = (long([l0, l1, l2, l3]), long([a0, a1, a2, a3]));
        Self { size: Size { width: side(width), height: side(height) }, bits, at, length }
    }

    /// What the picture is stored as, as far as it came.
    pub fn payload<'a>(&self, file: &'a [u8]) -> &'a [u8] {
        let rest = file.get(self.at..).unwrap_or_default();
        rest.get(..self.length).unwrap_or(rest)
    }
}

/// All there are.
fn entries(file: &[u8]) -> impl Iterator<Item = Entry> {
    let (is_cursor, count) = match *file {
        [_, _, kind, _, low, high, ..] => (kind == 2, u16::from_le_bytes([low, high])),
        _ => (false, 0),
    };
    let stored = file.get(HEAD..).unwrap_or_default().as_chunks::<ENTRY>().0;
    stored.iter().take(count.into()).map(move |entry| Entry::read(entry, is_cursor))
}

/// The numbers in front are few, so the first entry counts too: it has a reserved byte, and its
/// picture is not in the directory.
pub fn sniff(file: &[u8]) -> bool {
    let first = || entries(file).next();
    matches!(file, [0, 0, 1 | 2, 0, _, _, _, _, _, 0, ..])
        && first().is_some_and(|first| first.at >= HEAD + ENTRY)
}

/// Reads the size of the largest picture.
pub fn probe(file: &[u8]) -> Result<Header, Failure> {
    let largest = entries(file).max_by_key(|entry| (entry.size.pixels(), entry.bits));
    let header = Header {
        format: Format::Ico,
        size: largest.ok_or_else(|| Failure::truncated("directory"))?.size,
        orientation: 1,
        form: Form::Packed(Channels::Rgba),
        depth: 8,
        progressive: false,
        colours: Colours::SRGB,
    };
    header.checked()
}

/// The smallest size that is at least the wanted one, else the largest. Those of other proportions are
/// other pictures.
pub fn choose(file: &[u8], header: &Header, wanted: Size) -> Result<Chosen, Failure> {
    let all = header.size;
    let alike = |size: &Size| {
        u64::from(size.width) * u64::from(all.height)
            == u64::from(size.height) * u64::from(all.width)
    };
    let enough = |size: &Size| size.width >= wanted.width && size.height >= wanted.height;
    let sizes = entries(file).map(|entry| entry.size).filter(alike).filter(enough);
    let size = sizes.min_by_key(|size| size.pixels()).unwrap_or(all);
    Ok(Chosen { size, memory: 0, work: 0 })
}

/// The picture of a size, the one with the most colours.
pub fn find(file: &[u8], size: Size) -> Result<Entry, Failure> {
    let entry = entries(file).filter(|entry| entry.size == size).max_by_key(|entry| entry.bits);
    entry.ok_or_else(|| Failure::truncated("directory"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(sides: &[(u8, u8)]) -> Vec<u8> {
        let mut file = vec![0, 0, 1, 0, sides.len() as u8, 0];
        for (width, height) in sides {
            file.extend([*width, *height, 0, 0, 1, 0, 32, 0, 9, 0, 0, 0, 99, 0, 0, 0]);
        }
        file
    }

    #[test]
    fn the_smallest_size_that_is_enough_is_taken() {
        let file = file(&[(16, 16), (0, 0), (64, 32), (48, 48), (32, 32)]);
        let header = probe(&file).unwrap();
        assert_eq!(header.size, Size { width: 256, height: 256 });
        for (width, height, expected) in
            [(1, 1, 16), (16, 16, 16), (17, 3, 32), (33, 33, 48), (49, 49, 256), (999, 1, 256)]
        {
            let chosen = choose(&file, &header, Size { width, height }).unwrap().size;
            assert_eq!(chosen, Size { width: expected, height: expected }, "{width}");
        }
    }

    #[test]
    fn other_files_are_not_taken_for_icons() {
        assert!(sniff(&file(&[(16, 16)])));
        for other in
            [&b"\0\0\x01\0"[..], &[0; 40], b"\0\0\x01\xba\x21\0\x01\0\x01\0\0\0\0\0\0\0\0\0\0\0"]
        {
            assert!(!sniff(other));
        }
        let mut inside = file(&[(16, 16)]);
        inside[18] = 3;
        assert!(!sniff(&inside));
    }
}
