//! Filters of rows (PNG §9): for each the one whose differences are least in sum.

use selvedge_plan::geometry::Size;

use super::reduce::Reduced;
use crate::budget::zeros;
use crate::failure::Failure;

/// Rows with the type of their filter before each.
///
/// # Errors
/// [`Failure::OverBudget`].
pub fn filter(reduced: &Reduced<'_>, size: Size) -> Result<Vec<u8>, Failure> {
    let stride = (size.width as usize * reduced.pixel_bits()).div_ceil(8);
    let mut filtered: Vec<u8> = zeros((stride + 1) * size.height as usize)?;
    let samples = reduced.samples.as_ref();
    let rows = filtered.chunks_exact_mut(stride + 1).zip(samples.chunks_exact(stride));
    // Differences of colours' numbers, and of several pixels in a byte, say nothing (§12.7).
    if reduced.depth < 8 || !reduced.ordered {
        for (place, row) in rows {
            place[1..].copy_from_slice(row);
        }
        return Ok(filtered);
    }
    let pixel = reduced.pixel_bits() / 8;
    let mut above: Vec<u8> = zeros(stride)?;
    let mut tried: Vec<u8> = zeros(stride)?;
    // What stands before a row is zero.
    let mut left: Vec<u8> = zeros(stride)?;
    let mut above_left: Vec<u8> = zeros(stride)?;
    for (place, row) in rows {
        left[pixel..].copy_from_slice(&row[..stride - pixel]);
        above_left[pixel..].copy_from_slice(&above[..stride - pixel]);
        let mut least = u32::MAX;
        for kind in 0..5 {
            predict(kind, row, [&left, &above, &above_left], &mut tried);
            let sum = tried.iter().map(|byte| u32::from((*byte).min(byte.wrapping_neg()))).sum();
            if sum < least {
                least = sum;
                place[0] = kind;
                place[1..].copy_from_slice(&tried);
            }
        }
        above.copy_from_slice(row);
    }
    Ok(filtered)
}

/// The differences between a row and what a filter predicts of it (§9.2).
fn predict(kind: u8, row: &[u8], [left, above, above_left]: [&[u8]; 3], out: &mut [u8]) {
    let places = out.iter_mut().zip(row);
    match kind {
        0 => out.copy_from_slice(row),
        1 => places.zip(left).for_each(|((out, x), a)| *out = x.wrapping_sub(*a)),
        2 => places.zip(above).for_each(|((out, x), b)| *out = x.wrapping_sub(*b)),
        3 => places.zip(left.iter().zip(above)).for_each(|((out, x), (a, b))| {
            *out = x.wrapping_sub(((u16::from(*a) + u16::from(*b)) / 2) as u8);
        }),
        _ => places.zip(left.iter().zip(above).zip(above_left)).for_each(
            |((out, x), ((a, b), c))| {
                *out = x.wrapping_sub(paeth(*a, *b, *c));
            },
        ),
    }
}

/// Of left, above and above left the one that is nearest to the plane through them (§9.4).
#[inline(always)]
fn paeth(a: u8, b: u8, c: u8) -> u8 {
    let (left, above, corner) = (i16::from(a), i16::from(b), i16::from(c));
    let (from_left, from_above) = ((above - corner).abs(), (left - corner).abs());
    let from_corner = (left + above - 2 * corner).abs();
    let nearer = if from_above <= from_corner { b } else { c };
    if from_left <= from_above && from_left <= from_corner { a } else { nearer }
}
