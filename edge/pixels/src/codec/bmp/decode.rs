//! Decoding row by row, from the top where rows can be looked for.

use super::bitmap::{self, Coding};
use super::{rle, rows};
use crate::budget::Job;
use crate::codec::{Header, packed};
use crate::failure::Failure;
use crate::reduce::Reduce;

/// Decodes to 8 bits a sample.
pub fn decode(
    file: &[u8],
    header: &Header,
    ways: &mut [Reduce],
    job: &Job<'_>,
) -> Result<(), Failure> {
    let (bitmap, data) = bitmap::open(file)?;
    let (way, channels) = packed(header, ways)?;
    way.begin(channels, job)?;
    let (width, height) = (header.size.width as usize, header.size.height as usize);
    let mut row = job.bytes(width * channels.count())?;
    if let Coding::Runs(bits) = bitmap.coding {
        let mut runs = rle::Rows::new(data, bits);
        let mut indices = job.bytes(width)?;
        let mut is_whole = true;
        for _ in 0..height {
            if is_whole && let Err(failure) = runs.next_row(&mut indices) {
                job.damage().forgive(failure)?;
                is_whole = false;
            } else if !is_whole {
                indices.fill(0);
            }
            rows::paint(&bitmap, indices.iter().copied(), channels, &mut row);
            way.row(&row);
        }
        return Ok(());
    }
    let stride = rows::stride(header.size.width, bitmap.bits());
    for y in 0..height {
        if !way.wants(1) {
            continue;
        }
        let stored = if bitmap.top_down { y } else { height - 1 - y };
        // What fills the last row up may be missing.
        let needed = (width * bitmap.bits() as usize).div_ceil(8);
        match data.get(stored * stride..).and_then(|data| data.get(..needed)) {
            Some(stored) => rows::unpack(&bitmap, stored, channels, &mut row),
            None => {
                job.damage().forgive(Failure::truncated("picture data"))?;
                row.fill(0);
            }
        }
        way.row(&row);
    }
    Ok(())
}

/// Two rows and the palette.
pub fn memory(header: &Header, _denominators: &[u32]) -> u64 {
    u64::from(header.size.width) * 5 + (4 << 10)
}
