//! Deflate as it comes (TIFF technical note 3: zlib streams), by the crate `fdeflate`.

use fdeflate::Decompressor;

use crate::budget::zeros;
use crate::failure::Failure;

/// How far back a stream may refer (RFC 1951 §2).
const WINDOW: usize = 32 << 10;

/// What is decoded at once: as much again.
const ROOM: usize = 2 * WINDOW;

/// A decoder.
pub struct Inflate<'a> {
    data: &'a [u8],
    stream: Decompressor,
    /// What was decoded last, and how much of it was not given yet.
    decoded: Vec<u8>,
    given: usize,
    filled: usize,
}

/// Bytes of one; its tables are of fixed size.
pub const MEMORY: u64 = (ROOM + (40 << 10)) as u64;

impl<'a> Inflate<'a> {
    /// # Errors
    /// [`Failure::OverBudget`].
    pub fn new() -> Result<Self, Failure> {
        let decoded = zeros(ROOM)?;
        Ok(Self { data: &[], stream: stream(), decoded, given: 0, filled: 0 })
    }

    /// Begins with other data.
    pub fn begin(&mut self, data: &'a [u8]) {
        (self.data, self.stream) = (data, stream());
        (self.given, self.filled) = (0, 0);
    }

    /// Decodes as many bytes as there is room for.
    ///
    /// # Errors
    /// [`Failure::Truncated`] or [`Failure::Malformed`].
    pub fn read(&mut self, mut out: &mut [u8]) -> Result<(), Failure> {
        loop {
            let ready = self.decoded.get(self.given..self.filled).unwrap_or_default();
            let count = ready.len().min(out.len());
            let (place, rest) = out.split_at_mut(count);
            place.iter_mut().zip(ready).for_each(|(place, byte)| *place = *byte);
            self.given += count;
            if rest.is_empty() {
                return Ok(());
            }
            out = rest;
            self.refill()?;
        }
    }

    /// Decodes more, when all was given.
    fn refill(&mut self) -> Result<(), Failure> {
        if self.filled == ROOM {
            self.decoded.copy_within(ROOM - WINDOW.., 0);
            (self.given, self.filled) = (WINDOW, WINDOW);
        }
        let (read, made) = self
            .stream
            .read(self.data, &mut self.decoded, self.filled, true)
            .map_err(|_| Failure::malformed("a deflate stream that cannot be"))?;
        self.data = self.data.get(read..).unwrap_or_default();
        self.filled += made;
        if (read, made) == (0, 0) {
            return Err(Failure::truncated("picture data"));
        }
        Ok(())
    }
}

/// The sum at the end would be looked at only if all was read.
fn stream() -> Decompressor {
    let mut stream = Decompressor::new();
    stream.ignore_adler32();
    stream
}
