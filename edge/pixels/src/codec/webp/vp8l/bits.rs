//! The bits of a VP8L stream, the least significant first (RFC 9649 §3.2).

/// A reader of bits. Loops work on a copy: that can be in registers. Beyond the end of the data it reads zeros, which [`Bits::is_overrun`] tells.
#[derive(Clone, Copy)]
pub struct Bits<'a> {
    data: &'a [u8],
    /// Next byte to load.
    next: usize,
    /// The bits to come, the first one lowest.
    pub ahead: u64,
    /// How many of them are valid.
    count: u32,
}

impl<'a> Bits<'a> {
    pub fn new(data: &'a [u8]) -> Self {
        Self { data, next: 0, ahead: 0, count: 0 }
    }

    /// Loads bits until at least 56 are ahead.
    #[inline(always)]
    pub fn refill(&mut self) {
        match self.data.get(self.next..).and_then(|rest| rest.first_chunk()) {
            Some(bytes) => {
                // What is above `count` already is the same bits again.
                self.ahead |= u64::from_le_bytes(*bytes) << self.count;
                self.next += ((63 - self.count) >> 3) as usize;
                self.count |= 56;
            }
            None => *self = self.refilled_at_end(),
        }
    }

    #[cold]
    fn refilled_at_end(mut self) -> Self {
        while self.count < 56 {
            let byte = self.data.get(self.next).copied().unwrap_or(0);
            self.ahead |= u64::from(byte) << self.count;
            self.next += 1;
            self.count += 8;
        }
        self
    }

    /// Takes bits that were looked at. No more than 56 between two refills.
    #[inline(always)]
    pub fn skip(&mut self, count: u32) {
        self.ahead >>= count;
        self.count -= count;
    }

    /// The next `count` bits, up to 32, that a refill has loaded.
    #[inline(always)]
    pub fn take(&mut self, count: u32) -> u32 {
        let value = (self.ahead & ((1 << count) - 1)) as u32;
        self.skip(count);
        value
    }

    /// The next `count` bits, up to 32.
    pub fn read(&mut self, count: u32) -> u32 {
        self.refill();
        self.take(count)
    }

    /// Whether more was taken than there was.
    pub fn is_overrun(&self) -> bool {
        (self.next * 8) as u64 > (self.data.len() * 8) as u64 + u64::from(self.count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bits_come_lowest_first_and_the_end_is_noticed() {
        let data: Vec<u8> = (1..=12).collect();
        let mut bits = Bits::new(&data);
        assert_eq!(bits.read(4), 1);
        assert_eq!(bits.read(12), 0x020);
        for byte in 3..=12 {
            assert!(!bits.is_overrun());
            assert_eq!(bits.read(8), byte);
        }
        assert!(!bits.is_overrun());
        assert_eq!(bits.read(1), 0);
        assert!(bits.is_overrun());
    }
}
