//! What holds of PNG.

/// Property: a PNG, however damaged, is decoded as any file is ([`crate::decode`]), also where its
/// checksums do not tell of the damage. What an input says of them does not matter: all are mended before,
/// since hardly any change gets past them.
///
/// # Panics
/// If it does not hold.
pub fn png(input: &[u8]) {
    crate::decode(&mended(input));
}

/// A file whose chunks have the checksums that are theirs (PNG §5.3).
fn mended(file: &[u8]) -> Vec<u8> {
    let mut file = file.to_vec();
    let mut at = 8;
    while let Some(length) = file.get(at..).and_then(|rest| rest.first_chunk::<4>()) {
        let end = at + 8 + u32::from_be_bytes(*length) as usize;
        let Some(sum) = file.get(at + 4..end).map(crc) else { break };
        let Some(place) = file.get_mut(end..end + 4) else { break };
        place.copy_from_slice(&sum.to_be_bytes());
        at = end + 4;
    }
    file
}

/// CRC-32 (PNG annex D), by four bits at once: files are short.
fn crc(bytes: &[u8]) -> u32 {
    const TABLE: [u32; 16] = {
        let mut table = [0; 16];
        let mut index = 0;
        while index < 16 {
            let (mut value, mut bit) = (index as u32, 0);
            while bit < 4 {
                value = if value & 1 == 1 { value >> 1 ^ 0xedb8_8320 } else { value >> 1 };
                bit += 1;
            }
            table[index] = value;
            index += 1;
        }
        table
    };
    !bytes.iter().fold(!0, |sum, byte| {
        let half = |sum: u32| sum >> 4 ^ TABLE[sum as usize & 15];
        half(half(sum ^ u32::from(*byte)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn checksums_are_mended() {
        let end = b"\0\0\0\0IEND\xae\x42\x60\x82";
        let good = [b"\x89PNG\r\n\x1a\n\0\0\0\x09gAMA123456789".as_slice(), &[0; 4], end].concat();
        let mut bad = good.clone();
        let last = bad.len() - 1;
        bad[last] ^= 1;
        let mended = mended(&bad);
        assert!(mended.ends_with(end));
        assert_eq!(mended[25..29], crc(b"gAMA123456789").to_be_bytes());
        assert_eq!(crc(b"123456789"), 0xcbf4_3926);
        // What ends in a chunk is left as it is.
        assert_eq!(super::mended(&mended[..27]), mended[..27]);
        assert_eq!(super::mended(b"abc"), b"abc");
    }
}
