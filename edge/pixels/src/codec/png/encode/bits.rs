//! Writing bits, the least significant first (RFC 1951 §3.1.1), into room that was made for them.

use crate::failure::Failure;

/// A stream under way.
#[derive(Default)]
pub struct Stream {
    /// Whole bytes.
    out: Vec<u8>,
    held: u64,
    count: u32,
}

impl Stream {
    /// Adds what `write` puts, which is `bits` bits at most.
    ///
    /// # Errors
    /// [`Failure::OverBudget`].
    pub fn add(&mut self, bits: u64, write: impl FnOnce(&mut Bits<'_>)) -> Result<(), Failure> {
        let at = self.out.len();
        // The last word may be stored with seven of its bytes not in use yet.
        let room = (bits / 8) as usize + 2 * size_of::<u64>();
        self.out.try_reserve(room).map_err(|_| Failure::out_of_memory(at + room))?;
        self.out.resize(at + room, 0);
        let mut bits = Bits { out: &mut self.out, at, held: self.held, count: self.count };
        write(&mut bits);
        bits.flush();
        (self.held, self.count) = (bits.held, bits.count);
        let end = bits.at;
        self.out.truncate(end);
        Ok(())
    }

    /// Bits up to the next whole byte.
    pub fn until_byte(&self) -> u32 {
        self.count.wrapping_neg() % 8
    }

    /// The bytes, if they are whole.
    pub fn finish(self) -> Vec<u8> {
        self.out
    }
}

/// Room for bits.
pub struct Bits<'a> {
    out: &'a mut [u8],
    at: usize,
    held: u64,
    count: u32,
}

impl Bits<'_> {
    /// Puts the low `count` bits of `value`; those above must be zero. Between two calls of
    /// [`flush`](Self::flush) there is room for 56.
    #[inline(always)]
    pub fn put(&mut self, value: u32, count: u32) {
        self.held |= u64::from(value) << self.count;
        self.count += count;
    }

    /// Stores the whole bytes.
    #[inline(always)]
    pub fn flush(&mut self) {
        if let Some(place) = self.out.get_mut(self.at..self.at + size_of::<u64>()) {
            place.copy_from_slice(&self.held.to_le_bytes());
        }
        self.at += (self.count / 8) as usize;
        self.held >>= self.count & !7;
        self.count &= 7;
    }
}
