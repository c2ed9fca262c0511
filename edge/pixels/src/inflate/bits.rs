//! The bits of a stream, the least significant first (RFC 1951 §3.1.1), from piece to piece.

use super::Pieces;
use super::entry::Entry;
use crate::failure::Failure;

/// Where in a piece is what comes next. It is small, so that loops keep it in registers.
#[derive(Clone, Copy)]
pub struct Place<'a> {
    data: &'a [u8],
    /// Next byte to load.
    next: usize,
    /// The bits to come, the first one lowest.
    pub ahead: u64,
    /// How many of them are valid. Above them are the same bits as will be loaded again, or zeros.
    count: u32,
}

impl Place<'_> {
    /// Loads bits until at least 56 are ahead, if the piece has another eight bytes.
    #[inline(always)]
    pub fn refill(&mut self) -> bool {
        let Some(bytes) = self.data.get(self.next..).and_then(|rest| rest.first_chunk()) else {
            return false;
        };
        self.ahead |= u64::from_le_bytes(*bytes) << self.count;
        self.next += ((63 - self.count) >> 3) as usize;
        self.count |= 56;
        true
    }

    /// Takes the bits of what was looked up.
    #[inline(always)]
    pub fn skip(&mut self, entry: Entry) {
        self.ahead = entry.behind(self.ahead);
        self.count = self.count.wrapping_sub(entry.bits());
    }

    /// Takes bits that were looked at.
    #[inline(always)]
    pub fn skip_bits(&mut self, count: u32) {
        self.ahead >>= count;
        self.count = self.count.wrapping_sub(count);
    }
}

/// All of the bits.
pub struct Bits<'a> {
    pub place: Place<'a>,
    /// What comes behind this piece.
    pieces: Pieces<'a>,
    /// Bits behind the end, which are zeros.
    beyond: u32,
    /// Why there are no more.
    failure: Option<Failure>,
}

impl<'a> Bits<'a> {
    /// Those of pieces, one after the other.
    pub fn new(pieces: Pieces<'a>) -> Self {
        let place = Place { data: &[], next: 0, ahead: 0, count: 0 };
        Self { place, pieces, beyond: 0, failure: None }
    }

    /// Loads bits until at least 56 are ahead, zeros behind the end.
    pub fn refill(&mut self) {
        if self.place.refill() {
            return;
        }
        while self.place.count < 56 {
            let byte = self.byte();
            if byte.is_none() {
                self.beyond += 8;
            }
            let place = &mut self.place;
            place.ahead |= u64::from(byte.unwrap_or(0)) << place.count;
            place.count += 8;
        }
    }

    /// The next byte to load.
    fn byte(&mut self) -> Option<u8> {
        while self.place.next >= self.place.data.len() {
            self.next_piece()?;
        }
        let byte = self.place.data.get(self.place.next).copied();
        self.place.next += 1;
        byte
    }

    fn next_piece(&mut self) -> Option<()> {
        if self.failure.is_some() {
            return None;
        }
        let end = || Err(Failure::truncated("compressed data"));
        match self.pieces.next().unwrap_or_else(end) {
            Ok(data) => {
                (self.place.data, self.place.next) = (data, 0);
                Some(())
            }
            Err(failure) => {
                self.failure = Some(failure);
                None
            }
        }
    }

    /// # Errors
    /// What the pieces say, or [`Failure::Truncated`], if bits behind the end were taken.
    pub fn check(&self) -> Result<(), Failure> {
        match &self.failure {
            Some(failure) if self.beyond > self.place.count => Err(failure.clone()),
            _ => Ok(()),
        }
    }

    /// The next `count` bits, up to 32.
    ///
    /// # Errors
    /// As [`check`](Self::check).
    pub fn read(&mut self, count: u32) -> Result<u32, Failure> {
        self.refill();
        let value = (self.place.ahead & ((1 << count) - 1)) as u32;
        self.place.skip_bits(count);
        self.check()?;
        Ok(value)
    }

    /// Goes on at the next whole byte.
    pub fn align(&mut self) {
        self.place.skip_bits(self.place.count & 7);
    }

    /// Copies whole bytes.
    ///
    /// # Errors
    /// As [`check`](Self::check).
    pub fn bytes(&mut self, to: &mut [u8]) -> Result<(), Failure> {
        let loaded = to.len().min(self.place.count as usize / 8);
        let (held, mut rest) = to.split_at_mut(loaded);
        for byte in held {
            *byte = self.place.ahead as u8;
            self.place.skip_bits(8);
        }
        self.check()?;
        if rest.is_empty() {
            return Ok(());
        }
        // What is above the bits that counted would be loaded again.
        self.place.ahead = 0;
        loop {
            let data = self.place.data.get(self.place.next..).unwrap_or_default();
            let count = data.len().min(rest.len());
            let (now, later) = rest.split_at_mut(count);
            now.copy_from_slice(data.get(..count).unwrap_or_default());
            self.place.next += count;
            rest = later;
            if rest.is_empty() {
                return Ok(());
            }
            if self.next_piece().is_none() {
                return Err(self.failure.clone().unwrap_or(Failure::truncated("compressed data")));
            }
        }
    }
}
