//! Planes of alpha, and what stands in other planes where nothing is seen: whatever is cheap, and
//! does not disturb what is seen.

use crate::raster::Raster;

/// Samples of a cell's side, in luma. Blocks of which some is seen are made plain in the rest, so
/// that transforms have no edge there.
const CELL: usize = 8;

/// Whether a plane of alpha is anything but opaque.
pub fn is_seen_through(plane: &Raster) -> bool {
    plane.samples.iter().any(|alpha| *alpha < 255)
}

/// Gives samples that are not seen the mean of those in their cell that are, or where there are
/// none, that of the cell before. `scale` pixels across and down are a sample of the plane.
pub fn fill(plane: &mut Raster, alpha: &Raster, scale: usize) {
    let (width, height) = (plane.size.width as usize, plane.size.height as usize);
    let side = CELL / scale;
    let is_seen = |x: usize, y: usize| {
        let (full, rows) = (alpha.size.width as usize, alpha.size.height as usize);
        (y * scale..rows.min((y + 1) * scale)).any(|y| {
            let row = y * full..(y + 1) * full;
            let row = alpha.samples.get(row).unwrap_or_default();
            let (start, end) = ((x * scale).min(full), full.min((x + 1) * scale));
            row.get(start..end).unwrap_or_default().iter().any(|alpha| *alpha > 0)
        })
    };
    // The samples of a cell that are not seen, as bits of rows, and the mean of the others.
    let look = |plane: &Raster, left: usize, top: usize| {
        let (mut unseen, mut sum, mut count) = ([0_u8; CELL], 0, 0);
        for (y, unseen) in (top..height.min(top + side)).zip(&mut unseen) {
            for x in left..width.min(left + side) {
                if is_seen(x, y) {
                    sum += u32::from(plane.samples.get(y * width + x).copied().unwrap_or(0));
                    count += 1;
                } else {
                    *unseen |= 1 << (x - left);
                }
            }
        }
        (unseen, (sum + count / 2_u32).checked_div(count).map(|mean| mean as u8))
    };
    let mut last = 128;
    // The cell before, if all of it is seen: few are ever asked for their mean.
    let mut before = None;
    for top in (0..height).step_by(side) {
        for left in (0..width).step_by(side) {
            if is_all_seen(alpha, left * scale, top * scale) {
                before = Some((left, top));
                continue;
            }
            if let Some((left, top)) = before.take() {
                last = look(plane, left, top).1.unwrap_or(last);
            }
            let (unseen, mean) = look(plane, left, top);
            last = mean.unwrap_or(last);
            for (y, unseen) in (top..height).zip(unseen) {
                for x in (left..width.min(left + side)).filter(|x| unseen >> (x - left) & 1 != 0) {
                    if let Some(sample) = plane.samples.get_mut(y * width + x) {
                        *sample = last;
                    }
                }
            }
        }
    }
}

/// Whether a cell of whole width has nothing that is not seen.
fn is_all_seen(alpha: &Raster, left: usize, top: usize) -> bool {
    let mut rows = alpha.rows().skip(top).take(CELL);
    rows.all(|row| {
        let cell = row.get(left..).and_then(<[u8]>::first_chunk::<CELL>);
        // A byte borrows of the one above it only if it is zero, or if one below is.
        let ones = u64::from_le_bytes([1; CELL]);
        cell.is_some_and(|cell| {
            let word = u64::from_le_bytes(*cell);
            word.wrapping_sub(ones) & !word & ones << 7 == 0
        })
    })
}

#[cfg(test)]
mod tests {
    use selvedge_plan::geometry::Size;

    use super::*;
    use crate::raster::Channels;

    fn plane(width: u32, height: u32, samples: Vec<u8>) -> Raster {
        Raster::new(Size { width, height }, Channels::Grey, samples).unwrap()
    }

    #[test]
    fn only_what_is_not_seen_changes() {
        let mut luma = plane(9, 2, (0..18).collect());
        let mut alpha = plane(9, 2, vec![255; 18]);
        fill(&mut luma, &alpha, 1);
        assert_eq!(luma.samples, (0..18).collect::<Vec<u8>>());
        // Of the first cell 4 and 6 are seen, of the second nothing.
        alpha.samples.fill(0);
        (alpha.samples[4], alpha.samples[6]) = (1, 255);
        fill(&mut luma, &alpha, 1);
        assert_eq!(luma.samples, [5, 5, 5, 5, 4, 5, 6, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5]);

        let mut chroma = plane(5, 1, vec![10, 20, 30, 40, 50]);
        fill(&mut chroma, &alpha, 2);
        assert_eq!(chroma.samples, [35, 35, 30, 40, 35]);
    }
}
