//! The RIFF chunks of a file (RFC 9649 §2.3 to §2.7).

use selvedge_plan::geometry::Size;

use crate::anim::Rectangle;
use crate::failure::Failure;

/// Where chunks begin: behind `RIFF`, a length, and `WEBP`. The length is not looked at: what is
/// behind the last chunk that counts never matters.
const FIRST: usize = 12;

/// A chunk.
#[derive(Clone, Copy)]
pub struct Chunk<'a> {
    pub kind: [u8; 4],
    /// What is there of it.
    pub payload: &'a [u8],
    /// Whether that is all.
    pub complete: bool,
}

impl<'a> Chunk<'a> {
    /// The payload.
    ///
    /// # Errors
    /// [`Failure::Truncated`] if the file ends in it.
    pub fn whole(self) -> Result<&'a [u8], Failure> {
        if self.complete { Ok(self.payload) } else { Err(Failure::truncated("picture data")) }
    }
}

/// The chunks of a file or of a frame, in order; the last one may be cut.
pub struct Chunks<'a> {
    rest: &'a [u8],
}

impl<'a> Chunks<'a> {
    /// Those of a file.
    pub fn of_file(file: &'a [u8]) -> Self {
        Self { rest: file.get(FIRST..).unwrap_or_default() }
    }

    /// Those inside a chunk.
    pub fn within(payload: &'a [u8]) -> Self {
        Self { rest: payload }
    }
}

impl<'a> Iterator for Chunks<'a> {
    type Item = Chunk<'a>;

    fn next(&mut self) -> Option<Chunk<'a>> {
        let (kind, after) = self.rest.split_first_chunk()?;
        let (length, after) = after.split_first_chunk()?;
        let length = u32::from_le_bytes(*length) as usize;
        let payload = after.get(..length.min(after.len())).unwrap_or_default();
        self.rest = after.get(length.saturating_add(length & 1)..).unwrap_or_default();
        Some(Chunk { kind: *kind, payload, complete: payload.len() == length })
    }
}

/// A number of 24 bits.
pub fn u24(bytes: [u8; 3]) -> u32 {
    let [low, middle, high] = bytes;
    u32::from_le_bytes([low, middle, high, 0])
}

/// Flags of the first chunk of an extended file, `VP8X`: which chunks follow (RFC 9649 §2.7).
pub mod flag {
    pub const ANIMATION: u8 = 0x02;
    pub const XMP: u8 = 0x04;
    pub const EXIF: u8 = 0x08;
    pub const ALPHA: u8 = 0x10;
    pub const ICC: u8 = 0x20;
}

/// A file under way.
pub struct Writer {
    file: Vec<u8>,
}

impl Writer {
    /// A file without chunks.
    ///
    /// # Errors
    /// [`Failure::OverBudget`], as the other functions.
    pub fn new() -> Result<Self, Failure> {
        let mut writer = Self { file: Vec::new() };
        writer.put(b"RIFF\0\0\0\0WEBP")?;
        Ok(writer)
    }

    /// The chunks of a frame: half its left and top, width and height less one, 24 bits each; as many
    /// of its duration; and whether it blends with what is under it, or takes its place.
    pub fn frame(place: Rectangle, blends: bool) -> Result<Self, Failure> {
        const NO_BLENDING: u8 = 2;
        let Rectangle { left, top, size: Size { width, height } } = place;
        let mut writer = Self { file: Vec::new() };
        for number in [left / 2, top / 2, width - 1, height - 1, 0] {
            let [low, middle, high, _] = number.to_le_bytes();
            writer.put(&[low, middle, high])?;
        }
        writer.put(&[if blends { 0 } else { NO_BLENDING }])?;
        Ok(writer)
    }

    /// Makes room for so many bytes.
    pub fn reserve(&mut self, count: usize) -> Result<(), Failure> {
        self.file.try_reserve_exact(count).map_err(|_| Failure::out_of_memory(count))
    }

    /// Adds the first chunk of an extended file: flags, three reserved bytes, 24 bits each of width
    /// and height less one.
    pub fn canvas(&mut self, size: Size, flags: u8) -> Result<(), Failure> {
        let [w0, w1, w2, _] = (size.width - 1).to_le_bytes();
        let [h0, h1, h2, _] = (size.height - 1).to_le_bytes();
        self.chunk(*b"VP8X", &[flags, 0, 0, 0, w0, w1, w2, h0, h1, h2])
    }

    /// Adds a chunk whose payload `append` puts at the end of the file.
    pub fn chunk_by(
        &mut self,
        kind: [u8; 4],
        append: impl FnOnce(Vec<u8>) -> Result<Vec<u8>, Failure>,
    ) -> Result<(), Failure> {
        self.put(&kind)?;
        self.put(&[0; 4])?;
        let start = self.file.len();
        self.file = append(core::mem::take(&mut self.file))?;
        let length = self.file.len().saturating_sub(start);
        if let Some(place) = self.file.get_mut(start - 4..start) {
            place.copy_from_slice(&(length as u32).to_le_bytes());
        }
        if length % 2 == 1 { self.put(&[0]) } else { Ok(()) }
    }

    /// Adds a chunk.
    pub fn chunk(&mut self, kind: [u8; 4], payload: &[u8]) -> Result<(), Failure> {
        self.put(&kind)?;
        self.put(&(payload.len() as u32).to_le_bytes())?;
        self.put(payload)?;
        if payload.len() % 2 == 1 {
            self.put(&[0])?;
        }
        Ok(())
    }

    /// What was written inside another chunk.
    pub fn chunks(self) -> Vec<u8> {
        self.file
    }

    /// The file.
    pub fn finish(mut self) -> Result<Vec<u8>, Failure> {
        let length = (self.file.len() - 8) as u32;
        if let Some(place) = self.file.get_mut(4..8) {
            place.copy_from_slice(&length.to_le_bytes());
        }
        Ok(self.file)
    }

    fn put(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        self.reserve(bytes.len())?;
        self.file.extend_from_slice(bytes);
        Ok(())
    }
}
