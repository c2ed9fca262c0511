//! Table segments (ITU-T T.81 §B.2.4).

use super::huffman::Table;
use crate::failure::Failure;

/// From the order of the file to rows and columns (T.81 figure A.6).
pub const ZIGZAG: [u8; 64] = [
    0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20,
    13, 6, 7, 14, 21, 28, 35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59,
    52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63,
];

/// The tables in force.
#[derive(Default)]
pub struct Tables {
    /// Quantisation steps, in zigzag order.
    pub steps: [Option<[u16; 64]>; 4],
    pub dc: [Option<Table>; 4],
    pub ac: [Option<Table>; 4],
    /// Units between restart markers, 0 for none.
    pub restart: u32,
}

impl Tables {
    /// Reads a DQT, DHT or DRI segment; others are passed over.
    pub fn read(&mut self, marker: u8, payload: &[u8]) -> Result<(), Failure> {
        match marker {
            0xc4 => self.read_codes(payload),
            0xdb => self.read_steps(payload),
            0xdd => {
                let interval = payload.first_chunk().ok_or_else(short)?;
                self.restart = u16::from_be_bytes(*interval).into();
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// The quantisation steps, padded so that no index is beyond them.
    pub fn padded_steps(&self) -> [Option<[i16; 128]>; 4] {
        self.steps.map(|steps| {
            steps.map(|steps| core::array::from_fn(|k| steps.get(k).map_or(0, |step| *step as i16)))
        })
    }

    fn read_steps(&mut self, mut payload: &[u8]) -> Result<(), Failure> {
        while let Some((kind, rest)) = payload.split_first() {
            let place = self.steps.get_mut(usize::from(kind & 15)).ok_or_else(short)?;
            let steps: [u16; 64];
            (steps, payload) = if kind >> 4 == 0 {
                let (bytes, rest) = rest.split_first_chunk::<64>().ok_or_else(short)?;
                (bytes.map(u16::from), rest)
            } else {
                let (bytes, rest) = rest.split_first_chunk::<128>().ok_or_else(short)?;
                let words = bytes.as_chunks::<2>().0;
                (core::array::from_fn(|i| u16::from_be_bytes(words[i])), rest)
            };
            *place = Some(steps);
        }
        Ok(())
    }

    fn read_codes(&mut self, mut payload: &[u8]) -> Result<(), Failure> {
        while let Some((kind, rest)) = payload.split_first() {
            let (counts, rest) = rest.split_first_chunk::<16>().ok_or_else(short)?;
            let total = counts.iter().map(|count| usize::from(*count)).sum();
            let (symbols, rest) = rest.split_at_checked(total).ok_or_else(short)?;
            payload = rest;
            let ac = kind >> 4 == 1;
            let tables = match kind >> 4 {
                0 => &mut self.dc,
                1 => &mut self.ac,
                _ => return Err(short()),
            };
            let place = tables.get_mut(usize::from(kind & 15)).ok_or_else(short)?;
            *place = Some(Table::new(counts, symbols, ac)?);
        }
        Ok(())
    }
}

/// A scan uses a table, or a component, that was not given.
pub fn missing() -> Failure {
    Failure::malformed("a scan uses a table that was not given")
}

fn short() -> Failure {
    Failure::malformed("a table segment is too short, or names a table that cannot be")
}
