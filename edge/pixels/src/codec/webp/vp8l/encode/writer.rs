//! Writing bits, the least significant first (RFC 9649 §3.2).

use crate::failure::Failure;

/// A stream under way.
#[derive(Default)]
pub struct Writer {
    out: Vec<u8>,
    /// Bits that are not in `out` yet, the first one lowest.
    held: u64,
    count: u32,
    /// The allocator refused.
    failed: bool,
}

impl Writer {
    /// Writes the low `count` bits of `value`, up to 32; those above must be zero.
    #[inline(always)]
    pub fn put(&mut self, value: u32, count: u32) {
        self.held |= u64::from(value) << self.count;
        self.count += count;
        if self.count >= 32 {
            self.flush();
        }
    }

    fn flush(&mut self) {
        if self.out.try_reserve(4).is_ok() {
            self.out.extend_from_slice(&(self.held as u32).to_le_bytes());
        } else {
            self.failed = true;
        }
        self.held >>= 32;
        self.count -= 32;
    }

    /// The bytes written, the last one filled up with zeros.
    ///
    /// # Errors
    /// [`Failure::OverBudget`] if the allocator refused.
    pub fn finish(mut self) -> Result<Vec<u8>, Failure> {
        let end = self.out.len() + self.count.div_ceil(8) as usize;
        self.count = 32;
        self.flush();
        if self.failed {
            return Err(Failure::out_of_memory(end));
        }
        self.out.truncate(end);
        Ok(self.out)
    }
}
