//! Inflating (RFC 1951) a zlib stream (RFC 1950) that comes in pieces, as far as there is room.
//!
//! The checksum at the end of a stream is not looked at. PNG has one of each chunk that is, and browsers
//! show what has only the former one wrong.

mod bits;
mod codes;
mod copy;
mod entry;
mod symbols;
#[cfg(test)]
mod tests;

use crate::budget::zeros;
use crate::failure::Failure;
use bits::Bits;
use codes::Codes;
use symbols::{ROUND, Step, hot, symbol};

/// What there is of room behind bytes that are taken.
pub const BEHIND: usize = copy::BLOCK;

/// The parts that a stream comes in.
pub type Pieces<'a> = Box<dyn Iterator<Item = Result<&'a [u8], Failure>> + 'a>;

/// How far back matches reach.
const WINDOW: usize = 1 << 15;

/// The least room that there may be. Whenever it is used up, a window is moved.
pub const SMALL: usize = WINDOW;

/// Room with which little of the time is lost to that.
pub const LARGE: usize = 3 * WINDOW;

/// Where in the stream is what comes next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    /// Before a block.
    Head,
    /// In one with codes.
    Codes,
    /// In one without, of which so many bytes are left.
    Stored(usize),
    /// Behind the last block.
    End,
}

/// A stream under way, with what it gave last.
pub struct Inflate<'a> {
    bits: Bits<'a>,
    stage: Stage,
    is_last: bool,
    codes: Box<Codes>,
    /// The window, and what came since it was moved.
    out: Vec<u8>,
    /// End of what came, and of what was taken of it.
    filled: usize,
    taken: usize,
    /// Why there is no more.
    failure: Option<Failure>,
}

impl<'a> Inflate<'a> {
    /// With room for so many bytes at once.
    ///
    /// # Errors
    /// [`Failure::OverBudget`].
    pub fn new(room: usize) -> Result<Self, Failure> {
        Ok(Self {
            bits: Bits::new(Box::new(core::iter::empty())),
            stage: Stage::End,
            is_last: false,
            codes: Codes::new(),
            out: zeros(WINDOW + room + ROUND)?,
            filled: 0,
            taken: 0,
            failure: None,
        })
    }

    /// Bytes that one allocates.
    pub const fn memory(room: u64) -> u64 {
        (WINDOW + ROUND + size_of::<Codes>()) as u64 + room
    }

    /// Begins a stream.
    ///
    /// # Errors
    /// What the pieces say, [`Failure::Malformed`] or [`Failure::Truncated`].
    pub fn begin(&mut self, pieces: Pieces<'a>) -> Result<(), Failure> {
        self.bits = Bits::new(pieces);
        (self.filled, self.taken, self.failure) = (0, 0, None);
        let (method, flags) = (self.bits.read(8)?, self.bits.read(8)?);
        let known = method & 0xf == 8 && method >> 4 < 8 && flags & 32 == 0;
        if !known || (method << 8 | flags) % 31 != 0 {
            return Err(Failure::malformed("the compressed data is no zlib stream"));
        }
        self.stage = Stage::Head;
        Ok(())
    }

    /// Begins a stream that is there in one piece.
    ///
    /// # Errors
    /// As [`begin`](Self::begin).
    pub fn begin_whole(&mut self, stream: &'a [u8]) -> Result<(), Failure> {
        self.begin(Box::new(core::iter::once(Ok(stream))))
    }

    /// Copies the next bytes.
    ///
    /// # Errors
    /// [`Failure::Malformed`] or [`Failure::Truncated`].
    pub fn read(&mut self, to: &mut [u8]) -> Result<(), Failure> {
        for places in to.chunks_mut(SMALL) {
            let bytes = self.take(places.len())?;
            places.iter_mut().zip(bytes).for_each(|(place, byte)| *place = *byte);
        }
        Ok(())
    }

    /// The next `count` bytes, for which there has to be room, and [`BEHIND`] more of which nothing
    /// matters.
    ///
    /// # Errors
    /// [`Failure::Malformed`] or [`Failure::Truncated`].
    pub fn take(&mut self, count: usize) -> Result<&[u8], Failure> {
        while self.filled - self.taken < count {
            if let Some(failure) = &self.failure {
                return Err(failure.clone());
            }
            // What came before it broke off can still be taken.
            self.failure = match self.fill() {
                Ok(()) if self.stage == Stage::End => Some(Failure::truncated("compressed data")),
                Ok(()) => None,
                Err(failure) => Some(failure),
            };
        }
        let start = self.taken;
        self.taken += count;
        Ok(self.out.get(start..self.taken + BEHIND).unwrap_or_default())
    }

    /// Goes on until there is no more room, or the stream ends.
    fn fill(&mut self) -> Result<(), Failure> {
        self.make_room();
        let limit = self.out.len() - ROUND;
        while self.filled < limit {
            match self.stage {
                Stage::Head => self.block()?,
                Stage::Codes => {
                    if self.codes(limit)? {
                        self.stage = self.after();
                    }
                }
                Stage::Stored(left) => {
                    let count = left.min(limit - self.filled);
                    let place = self.out.get_mut(self.filled..self.filled + count);
                    self.bits.bytes(place.unwrap_or_default())?;
                    self.filled += count;
                    let left = left - count;
                    self.stage = if left == 0 { self.after() } else { Stage::Stored(left) };
                }
                Stage::End => break,
            }
        }
        Ok(())
    }

    fn after(&self) -> Stage {
        if self.is_last { Stage::End } else { Stage::Head }
    }

    /// Moves the window and what was not taken to the front.
    fn make_room(&mut self) {
        let from = self.taken.min(self.filled.saturating_sub(WINDOW));
        self.out.copy_within(from..self.filled, 0);
        self.filled -= from;
        self.taken -= from;
    }

    /// Reads the head of a block (§3.2.3).
    fn block(&mut self) -> Result<(), Failure> {
        self.is_last = self.bits.read(1)? == 1;
        self.stage = match self.bits.read(2)? {
            0 => {
                self.bits.align();
                let (length, inverse) = (self.bits.read(16)?, self.bits.read(16)?);
                if length != !inverse & 0xffff {
                    return Err(Failure::malformed("a stored block says two lengths"));
                }
                if length == 0 { self.after() } else { Stage::Stored(length as usize) }
            }
            1 => {
                self.codes.standard()?;
                Stage::Codes
            }
            2 => {
                self.codes.read(&mut self.bits)?;
                Stage::Codes
            }
            _ => return Err(Failure::malformed("a block of a kind that does not exist")),
        };
        Ok(())
    }

    /// Goes on with a block with codes up to `limit`; whether it ended.
    fn codes(&mut self, limit: usize) -> Result<bool, Failure> {
        let Self { bits, codes, out, filled, .. } = self;
        let mut place = bits.place;
        let mut step = Step::On;
        while *filled < limit && step == Step::On {
            step = hot(&mut place, codes, out, filled, limit);
            bits.place = place;
            if *filled < limit && step == Step::On {
                // This piece has less than eight bytes: one symbol at a time.
                bits.refill();
                place = bits.place;
                let entry = codes.literal(place.ahead);
                let before = *filled;
                step = symbol(entry, &mut place, codes, out, filled);
                bits.place = place;
                // What bits behind the end stand for is no part of the stream.
                bits.check().inspect_err(|_| *filled = before)?;
            }
        }
        match step {
            Step::On => Ok(false),
            Step::End => Ok(true),
            Step::Lost => Err(Failure::malformed("a code or a distance that cannot be")),
        }
    }
}
