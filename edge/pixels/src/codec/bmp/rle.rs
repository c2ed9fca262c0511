//! Runs of places in the palette, from the bottom row up (MS-WMF §3.1.6: RLE4 and RLE8).

use crate::failure::Failure;

/// Codes behind a zero; larger numbers count pixels that are no run.
const END_OF_ROW: u8 = 0;
const END: u8 = 1;
const MOVE: u8 = 2;

/// Rows being decoded.
pub struct Rows<'a> {
    data: &'a [u8],
    /// Whether two pixels share a byte.
    halves: bool,
    /// Where the next pixel of the current row is.
    x: usize,
    /// Rows to pass over before anything comes.
    skip: u32,
    is_over: bool,
}

impl<'a> Rows<'a> {
    /// Of pixels of four or eight bits.
    pub fn new(data: &'a [u8], bits: u32) -> Self {
        Self { data, halves: bits == 4, x: 0, skip: 0, is_over: false }
    }

    /// Decodes the next row into places in the palette; those that do not come are 0.
    ///
    /// # Errors
    /// [`Failure::Truncated`] if the data end before their end is said, [`Failure::Malformed`] for
    /// pixels beyond a row.
    pub fn next_row(&mut self, row: &mut [u8]) -> Result<(), Failure> {
        row.fill(0);
        if self.skip > 0 {
            self.skip -= 1;
            return Ok(());
        }
        while !self.is_over {
            let [count, value] = self.pair()?;
            match (count, value) {
                (0, END_OF_ROW) => {
                    self.x = 0;
                    return Ok(());
                }
                (0, END) => self.is_over = true,
                (0, MOVE) => {
                    let [right, up] = self.pair()?;
                    self.x += usize::from(right);
                    if up > 0 {
                        self.skip = u32::from(up) - 1;
                        return Ok(());
                    }
                }
                (0, count) => {
                    let bytes = usize::from(count).div_ceil(if self.halves { 2 } else { 1 });
                    let data = self.data;
                    let values = data.get(..bytes).ok_or_else(cut)?;
                    // Filled up to an even number of bytes.
                    self.data = data.get(bytes + bytes % 2..).unwrap_or_default();
                    let place = self.place(row, count)?;
                    for (i, place) in place.iter_mut().enumerate() {
                        *place = match values.get(if self.halves { i / 2 } else { i }) {
                            Some(value) if self.halves => half(*value, i),
                            Some(value) => *value,
                            None => 0,
                        };
                    }
                }
                (count, value) => {
                    let halves = self.halves;
                    let place = self.place(row, count)?;
                    for (i, place) in place.iter_mut().enumerate() {
                        *place = if halves { half(value, i) } else { value };
                    }
                }
            }
        }
        Ok(())
    }

    fn pair(&mut self) -> Result<[u8; 2], Failure> {
        let (pair, rest) = self.data.split_first_chunk().ok_or_else(cut)?;
        self.data = rest;
        Ok(*pair)
    }

    /// Room for so many pixels. One too many of four bits is what writers fill a byte up with.
    fn place<'r>(&mut self, row: &'r mut [u8], count: u8) -> Result<&'r mut [u8], Failure> {
        let start = self.x;
        self.x += usize::from(count);
        let most = row.len() + usize::from(self.halves);
        if self.x > most {
            return Err(Failure::malformed("more pixels than a row has"));
        }
        let end = self.x.min(row.len());
        Ok(row.get_mut(start..end).unwrap_or_default())
    }
}

/// The first half of a byte is its upper one.
fn half(value: u8, index: usize) -> u8 {
    if index.is_multiple_of(2) { value >> 4 } else { value & 15 }
}

fn cut() -> Failure {
    Failure::truncated("picture data")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(data: &[u8], bits: u32, wide: usize, high: usize) -> Result<Vec<Vec<u8>>, Failure> {
        let mut rows = Rows::new(data, bits);
        let mut all = vec![vec![9; wide]; high];
        all.iter_mut().try_for_each(|row| rows.next_row(row))?;
        Ok(all)
    }

    #[test]
    fn runs_and_literals_of_both_depths() {
        // The example of the format's own description.
        let data = [
            3, 4, 5, 6, 0, 3, 0x45, 0x56, 0x67, 0, 2, 0x78, 0, 2, 5, 1, 2, 0x78, 0, 0, 9, 0x1e, 0,
            1,
        ];
        let decoded = rows(&data, 8, 20, 3).unwrap();
        let first = [4, 4, 4, 6, 6, 6, 6, 6, 0x45, 0x56, 0x67, 0x78, 0x78];
        assert_eq!(decoded[0][..13], first);
        assert_eq!(decoded[1][18..], [0x78, 0x78]);
        assert_eq!(decoded[2][..10], [0x1e, 0x1e, 0x1e, 0x1e, 0x1e, 0x1e, 0x1e, 0x1e, 0x1e, 0]);
        let data = [3, 4, 5, 6, 0, 6, 0x45, 0x56, 0x67, 0, 4, 0x78, 0, 1];
        let first = [0, 4, 0, 0, 6, 0, 6, 0, 4, 5, 5, 6, 6, 7, 7, 8, 7, 8, 0];
        assert_eq!(rows(&data, 4, 19, 1).unwrap()[0], first);
    }

    #[test]
    fn moves_pass_over_rows() {
        let decoded = rows(&[0, 2, 1, 2, 1, 7, 0, 1], 8, 3, 4).unwrap();
        assert_eq!(decoded, [[0, 0, 0], [0, 0, 0], [0, 7, 0], [0, 0, 0]]);
    }

    #[test]
    fn what_is_wrong_is_told() {
        assert!(matches!(rows(&[4, 1, 0, 1], 8, 3, 1), Err(Failure::Malformed(_))));
        assert!(matches!(rows(&[0, 2, 255, 0, 1, 1], 8, 3, 1), Err(Failure::Malformed(_))));
        for cut in [&[][..], &[1], &[0, 3, 1], &[0, 2, 1], &[1, 1]] {
            assert!(matches!(rows(cut, 8, 3, 1), Err(Failure::Truncated(_))), "{cut:?}");
        }
        assert!(rows(&[4, 1, 0, 1], 4, 3, 1).is_ok(), "half a byte may be left over");
    }
}
