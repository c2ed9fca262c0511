//! From filtered rows to what they were (PNG §9).

use super::pixels::{average, paeth, sub};
use crate::codec::png::predict::Filter;
use crate::failure::Failure;
use crate::simd::U8x16;

/// Turns a filtered row, the number of its filter before it, into what it was, with the row above.
/// A pixel, or what of it has at least a byte, takes `pixel` bytes. Behind each row there are 16 bytes of
/// which nothing matters.
///
/// # Errors
/// [`Failure::Malformed`] for a filter that does not exist.
pub fn unfilter(
    filtered: &[u8],
    above: &[u8],
    pixel: usize,
    out: &mut [u8],
) -> Result<(), Failure> {
    let Some((number, filtered)) = filtered.split_first() else { return Ok(()) };
    let Some(filter) = Filter::ALL.get(usize::from(*number)).copied() else {
        return Err(Failure::malformed(format!("filter {number}")));
    };
    match filter {
        Filter::None => out.copy_from_slice(filtered),
        Filter::Up => up(filtered, above, out),
        Filter::Sub | Filter::Average | Filter::Paeth => match pixel {
            1 => by_pixels::<1>(filter, filtered, above, out),
            2 => by_pixels::<2>(filter, filtered, above, out),
            3 => by_pixels::<3>(filter, filtered, above, out),
            4 => by_pixels::<4>(filter, filtered, above, out),
            6 => by_pixels::<6>(filter, filtered, above, out),
            _ => by_pixels::<8>(filter, filtered, above, out),
        },
    }
    Ok(())
}

fn up(filtered: &[u8], above: &[u8], out: &mut [u8]) {
    let rows = filtered.as_chunks().0.iter().zip(above.as_chunks().0);
    for (place, (x, above)) in out.as_chunks_mut().0.iter_mut().zip(rows) {
        U8x16::load(x).add(U8x16::load(above)).store(place);
    }
}

/// For the filters that need the pixel at the left, of `N` bytes.
fn by_pixels<const N: usize>(filter: Filter, filtered: &[u8], above: &[u8], out: &mut [u8]) {
    match filter {
        Filter::Sub => sub::<N>(filtered, above, out),
        Filter::Average => average::<N>(filtered, above, out),
        _ => paeth::<N>(filtered, above, out),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec::png::decode::pixels::LANES;

    /// As the standard has it (§9.2).
    fn defined(filtered: &[u8], above: &[u8], pixel: usize) -> Vec<u8> {
        let mut out: Vec<u8> = Vec::new();
        for (i, x) in filtered[1..].iter().enumerate() {
            let at = |row: &[u8]| i.checked_sub(pixel).map_or(0, |left| row[left]);
            let (a, b, c) = (i32::from(at(&out)), i32::from(above[i]), i32::from(at(above)));
            let nearest = |p: i32| {
                let [pa, pb, pc] = [a, b, c].map(|value| (p - value).abs());
                if pa <= pb && pa <= pc {
                    a
                } else if pb <= pc {
                    b
                } else {
                    c
                }
            };
            let predicted = [0, a, b, (a + b) / 2, nearest(a + b - c)][usize::from(filtered[0])];
            out.push(x.wrapping_add(predicted as u8));
        }
        out
    }

    #[test]
    fn rows_are_those_of_the_standard() {
        let mut state = 1_u32;
        let mut random = move || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            // Small differences take other ways than large ones.
            (state >> 24) as u8 >> (state >> 20 & 7)
        };
        for pixel in [1, 2, 3, 4, 6, 8] {
            for pixels in (0..40).chain([333]) {
                let length = pixels * pixel;
                let above: Vec<u8> = (0..length + LANES).map(|_| random()).collect();
                for filter in 0..5 {
                    let mut filtered: Vec<u8> = (0..=length + LANES).map(|_| random()).collect();
                    filtered[0] = filter;
                    let mut out = vec![0; length + LANES];
                    unfilter(&filtered, &above, pixel, &mut out).unwrap();
                    let defined = defined(&filtered[..=length], &above, pixel);
                    assert_eq!(out[..length], defined, "{filter} {pixel} {pixels}");
                }
            }
        }
    }

    #[test]
    fn other_filters_are_refused() {
        let refused = unfilter(&[5; 20], &[0; 19], 3, &mut [0; 19]);
        assert!(matches!(refused, Err(Failure::Malformed(_))));
    }
}
