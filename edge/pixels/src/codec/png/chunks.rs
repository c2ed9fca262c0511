//! Chunks: what a file is made of (PNG §5).

use super::crc::Crc;
use crate::failure::Failure;

/// The eight bytes that every file begins with (§5.2).
pub const SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n";

/// A chunk's type.
pub type Kind = [u8; 4];

/// A chunk, as far as it is there.
#[derive(Clone, Copy)]
pub struct Chunk<'a> {
    /// Its type.
    pub kind: Kind,
    /// What it holds. Less than it says where the file ends in it.
    pub payload: &'a [u8],
    /// The sum that stands behind it; `None` where the file ends in it.
    sum: Option<u32>,
}

impl<'a> Chunk<'a> {
    /// What it holds, if all of it is there and its sum is right.
    ///
    /// # Errors
    /// [`Failure::Truncated`] or [`Failure::Malformed`].
    pub fn intact(&self, crc: &Crc) -> Result<&'a [u8], Failure> {
        let sum = self.sum.ok_or_else(|| Failure::truncated(&self.name()))?;
        if crc.of(&[&self.kind, self.payload]) != sum {
            return Err(Failure::Malformed(format!("the checksum of {} is wrong", self.name())));
        }
        Ok(self.payload)
    }

    /// Whether all of it is there, whatever its sum.
    pub fn is_whole(&self) -> bool {
        self.sum.is_some()
    }

    fn name(&self) -> String {
        format!("chunk {}", self.kind.escape_ascii())
    }
}

/// The chunks of a file, in order, up to where it ends.
#[derive(Clone)]
pub struct Chunks<'a> {
    rest: &'a [u8],
}

impl<'a> Chunks<'a> {
    /// Of a file with its signature.
    pub fn new(file: &'a [u8]) -> Self {
        Self { rest: file.get(SIGNATURE.len()..).unwrap_or_default() }
    }

    /// Those before the picture data, as far as they are whole: what `file`, perhaps only the head of
    /// one, says of the picture.
    pub fn ahead(file: &'a [u8]) -> impl Iterator<Item = Chunk<'a>> {
        Self::new(file).take_while(|chunk| {
            chunk.is_whole() && !matches!(&chunk.kind, b"IDAT" | b"fdAT" | b"IEND")
        })
    }
}

impl<'a> Iterator for Chunks<'a> {
    type Item = Chunk<'a>;

    fn next(&mut self) -> Option<Chunk<'a>> {
        let (length, after) = self.rest.split_first_chunk()?;
        let (kind, after) = after.split_first_chunk()?;
        let length = u32::from_be_bytes(*length) as usize;
        let (payload, after) = after.split_at_checked(length).unwrap_or((after, &[]));
        let whole = payload.len() == length;
        let (sum, rest) = after.split_first_chunk().filter(|_| whole).unzip();
        self.rest = rest.unwrap_or_default();
        Some(Chunk { kind: *kind, payload, sum: sum.map(|sum| u32::from_be_bytes(*sum)) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file() -> Vec<u8> {
        let crc = Crc::new();
        let mut file = SIGNATURE.to_vec();
        for (kind, payload) in [(b"IHDR", &b"abc"[..]), (b"gAMA", b""), (b"IDAT", b"data")] {
            file.extend((payload.len() as u32).to_be_bytes());
            file.extend([&kind[..], payload].concat());
            file.extend(crc.of(&[kind, payload]).to_be_bytes());
        }
        file
    }

    #[test]
    fn chunks_come_in_order() {
        let (file, crc) = (file(), Crc::new());
        let kinds: Vec<Kind> = Chunks::new(&file).map(|chunk| chunk.kind).collect();
        assert_eq!(kinds, [*b"IHDR", *b"gAMA", *b"IDAT"]);
        assert!(Chunks::new(&file).all(|chunk| chunk.intact(&crc) == Ok(chunk.payload)));
        let ahead: Vec<&[u8]> = Chunks::ahead(&file).map(|chunk| chunk.payload).collect();
        assert_eq!(ahead, [&b"abc"[..], b""]);
    }

    #[test]
    fn what_is_cut_is_there_in_part() {
        let (file, crc) = (file(), Crc::new());
        for (cut, left) in [(4, 4), (6, 2), (8, 0)] {
            let cut = Chunks::new(&file[..file.len() - cut]).last().unwrap();
            assert_eq!((cut.kind, cut.payload), (*b"IDAT", &b"data"[..left]));
            assert!(matches!(cut.intact(&crc), Err(Failure::Truncated(_))));
        }
        assert_eq!(Chunks::new(&file[..file.len() - 9]).count(), 2);
        assert_eq!(Chunks::ahead(&file[..SIGNATURE.len() + 14]).count(), 0);
    }

    #[test]
    fn sums_are_checked() {
        let (mut file, crc) = (file(), Crc::new());
        let last = file.len() - 1;
        file[last] ^= 1;
        let bad = Chunks::new(&file).last().unwrap();
        assert!(matches!(bad.intact(&crc), Err(Failure::Malformed(why)) if why.contains("IDAT")));
    }
}
