//! The checksum of chunks: CRC-32 of ISO 3309 (PNG §5.5, annex D).

/// What the polynomial is with its bits turned round.
const POLYNOMIAL: u32 = 0xedb8_8320;

/// Bytes that are taken at once, each by a table of its own.
const AT_ONCE: usize = 16;

/// The tables. They are made when they are needed: in the artefact they would be 16 KiB that do not
/// compress.
pub struct Crc {
    /// What a byte does to the sum when so many other bytes follow it.
    tables: Box<[[u32; 256]; AT_ONCE]>,
}

impl Crc {
    /// Makes the tables.
    pub fn new() -> Self {
        let mut tables = Box::new([[0; 256]; AT_ONCE]);
        for (byte, place) in (0_u32..).zip(&mut tables[0]) {
            let shift = |sum: u32| if sum & 1 == 1 { (sum >> 1) ^ POLYNOMIAL } else { sum >> 1 };
            *place = (0..8).fold(byte, |sum, _| shift(sum));
        }
        for table in 1..AT_ONCE {
            for byte in 0..256 {
                let sum = tables[table - 1][byte];
                tables[table][byte] = (sum >> 8) ^ tables[0][(sum & 0xff) as usize];
            }
        }
        Self { tables }
    }

    /// The checksum of what lies in several parts.
    pub fn of(&self, parts: &[&[u8]]) -> u32 {
        !parts.iter().fold(!0, |sum, part| self.over(sum, part))
    }

    /// Goes on with `sum` over `bytes`.
    fn over(&self, mut sum: u32, bytes: &[u8]) -> u32 {
        let (blocks, rest) = bytes.as_chunks::<AT_ONCE>();
        for block in blocks {
            let mut block = *block;
            for (byte, sum) in block.iter_mut().zip(sum.to_le_bytes()) {
                *byte ^= sum;
            }
            // The last byte of the block has none behind it.
            sum = block
                .iter()
                .zip(self.tables.iter().rev())
                .fold(0, |sum, (byte, table)| sum ^ table[usize::from(*byte)]);
        }
        let [table, ..] = &*self.tables;
        rest.iter()
            .fold(sum, |sum, byte| (sum >> 8) ^ table[usize::from(sum.to_le_bytes()[0] ^ byte)])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_are_those_of_the_standard() {
        let crc = Crc::new();
        assert_eq!(crc.of(&[b"123456789"]), 0xcbf4_3926);
        assert_eq!(crc.of(&[b"IEND", b""]), 0xae42_6082);
    }

    #[test]
    fn parts_make_no_difference() {
        let crc = Crc::new();
        let bytes: Vec<u8> = (0..=255).cycle().take(1_000).collect();
        let bitwise = !bytes.iter().fold(!0_u32, |sum, byte| {
            (0..8).fold(sum ^ u32::from(*byte), |sum, _| {
                (sum >> 1) ^ (POLYNOMIAL & (sum & 1).wrapping_neg())
            })
        });
        for cut in [0, 1, 15, 16, 17, 999] {
            let (before, after) = bytes.split_at(cut);
            assert_eq!(crc.of(&[before, after]), bitwise, "{cut}");
        }
    }
}
