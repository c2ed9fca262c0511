//! PackBits (TIFF 6.0 §9): runs of a byte, and bytes as they are.

use crate::failure::Failure;

/// A decoder.
pub struct PackBits<'a> {
    data: &'a [u8],
    /// Bytes left that are stored as they are.
    plain: usize,
    /// Bytes left that are all this one.
    alike: usize,
    byte: u8,
}

impl<'a> PackBits<'a> {
    pub fn new(data: &'a [u8]) -> Self {
        Self { data, plain: 0, alike: 0, byte: 0 }
    }

    /// Decodes as many bytes as there is room for.
    ///
    /// # Errors
    /// [`Failure::Truncated`].
    pub fn read(&mut self, mut out: &mut [u8]) -> Result<(), Failure> {
        let cut = || Failure::truncated("picture data");
        while !out.is_empty() {
            let count = out.len().min(if self.plain > 0 { self.plain } else { self.alike });
            let (place, rest) = out.split_at_mut(count);
            out = rest;
            if self.plain > 0 {
                let (bytes, rest) = self.data.split_at_checked(count).ok_or_else(cut)?;
                place.copy_from_slice(bytes);
                (self.data, self.plain) = (rest, self.plain - count);
            } else if self.alike > 0 {
                place.fill(self.byte);
                self.alike -= count;
            } else {
                let (head, rest) = self.data.split_first().ok_or_else(cut)?;
                self.data = rest;
                match *head {
                    0..=127 => self.plain = usize::from(*head) + 1,
                    128 => {}
                    129..=255 => {
                        let (byte, rest) = rest.split_first().ok_or_else(cut)?;
                        (self.byte, self.data) = (*byte, rest);
                        self.alike = 257 - usize::from(*head);
                    }
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_and_bytes_in_parts() {
        // The example of the specification's page 42, with a byte that says nothing.
        let data = [
            0xfe, 0xaa, 0x02, 0x80, 0x00, 0x2a, 0x80, 0xfd, 0xaa, 0x03, 0x80, 0x00, 0x2a, 0x22,
            0xf7, 0xaa,
        ];
        let expected = [
            0xaa, 0xaa, 0xaa, 0x80, 0x00, 0x2a, 0xaa, 0xaa, 0xaa, 0xaa, 0x80, 0x00, 0x2a, 0x22,
            0xaa, 0xaa, 0xaa, 0xaa, 0xaa, 0xaa, 0xaa, 0xaa, 0xaa, 0xaa,
        ];
        for part in [1, 2, 5, 24] {
            let mut bits = PackBits::new(&data);
            let mut out = [0; 24];
            for part in out.chunks_mut(part) {
                bits.read(part).unwrap();
            }
            assert_eq!(out, expected);
            assert!(bits.read(&mut [0]).is_err());
        }
    }
}
