//! Bits of headers, the highest first (AV1 §4.10), and numbers of varying length.

/// Gathers bits.
#[derive(Default)]
pub struct Bits {
    bytes: Vec<u8>,
    /// Bits of the last byte that are not yet used.
    free: u32,
}

impl Bits {
    /// Appends the lowest `count` bits of a number (`f(n)`).
    pub fn put(&mut self, value: u32, count: u32) {
        for place in (0..count).rev() {
            self.flag(value >> place & 1 != 0);
        }
    }

    /// Appends a bit.
    pub fn flag(&mut self, bit: bool) {
        if self.free == 0 {
            self.bytes.push(0);
            self.free = 8;
        }
        self.free -= 1;
        if let Some(last) = self.bytes.last_mut() {
            *last |= u8::from(bit) << self.free;
        }
    }

    /// Appends what is added to a quantiser (`read_delta_q`, AV1 §5.9.13), -64 to 63.
    pub fn delta(&mut self, delta: i8) {
        self.flag(delta != 0);
        if delta != 0 {
            self.put(u32::from(delta.clamp(-64, 63).cast_unsigned()), 7);
        }
    }

    /// The bytes, the last one filled up with zeros.
    pub fn aligned(self) -> Vec<u8> {
        self.bytes
    }

    /// The bytes after a one, with which a header ends (`trailing_bits`, AV1 §5.3.4).
    pub fn trailed(mut self) -> Vec<u8> {
        self.flag(true);
        self.bytes
    }
}

/// Appends a number by seven bits a byte, the lowest first (`leb128`, AV1 §4.10.5).
pub fn leb128(bytes: &mut Vec<u8>, mut value: usize) {
    while value > 0x7f {
        bytes.push(value as u8 | 0x80);
        value >>= 7;
    }
    bytes.push(value as u8);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bits_come_highest_first() {
        let mut bits = Bits::default();
        bits.put(0b101, 3);
        bits.delta(0);
        bits.delta(-3);
        assert_eq!(bits.trailed(), [0b1010_1111, 0b1101_1000]);
        let mut bytes = vec![];
        [0, 127, 128, 300].into_iter().for_each(|value| leb128(&mut bytes, value));
        assert_eq!(bytes, [0, 0x7f, 0x80, 1, 0xac, 2]);
    }
}
