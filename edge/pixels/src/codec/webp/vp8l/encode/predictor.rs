//! The predictor transform, forward (RFC 9649 §3.5.1).

use super::super::predict::{Around, BLACK, with_mode};
use super::residuals::Residuals;
use crate::budget::zeros;
use crate::failure::Failure;
use crate::simd::U8x16;

/// Another mode than the neighbours' takes so much more, with 8 fractional bits.
const CHANGE: u32 = 4 << 8;

/// Replaces pixels by their residuals; gives the modes of tiles of 2^`bits` pixels a side, as the
/// pixels that are stored.
pub fn apply(pixels: &mut [u32], wide: usize, bits: u32) -> Result<Vec<u32>, Failure> {
    let modes = choose(pixels, wide, bits)?;
    let across = wide.div_ceil(1 << bits);
    let mut residuals: Vec<u32> = zeros(wide)?;
    // From below, since each row is predicted from the one above it.
    let mut rest = pixels;
    while rest.len() > wide {
        let y = rest.len() / wide - 1;
        let rows = &rest[rest.len() - 2 * wide..];
        residuals[0] = sub(rows[wide], rows[0]);
        let mut x = 1;
        while x < wide {
            let end = wide.min(((x >> bits) + 1) << bits);
            let mode = modes[(y >> bits) * across + (x >> bits)] >> 8 & 15;
            with_mode!(mode, tile(rows, x, &mut residuals[x..end]));
            x = end;
        }
        let (before, row) = rest.split_at_mut(rest.len() - wide);
        row.copy_from_slice(&residuals);
        rest = before;
    }
    let mut left = BLACK;
    for pixel in rest {
        let colour = *pixel;
        *pixel = sub(colour, left);
        left = colour;
    }
    Ok(modes)
}

/// Chooses the mode of each tile.
fn choose(pixels: &[u32], wide: usize, bits: u32) -> Result<Vec<u32>, Failure> {
    let side = 1 << bits;
    let (across, rows) = (wide.div_ceil(side), pixels.len() / wide);
    let mut modes: Vec<u32> = zeros(across * rows.div_ceil(side))?;
    let mut residuals = Residuals::new();
    let mut line = vec![0; side];
    let rows_to = |y: usize| &pixels[(y - 1) * wide..(y + 1) * wide];
    for index in 0..modes.len() {
        let (tile_x, tile_y) = (index % across, index / across);
        let (start, end) = ((tile_x * side).max(1), wide.min((tile_x + 1) * side));
        let lines = (tile_y * side).max(1)..rows.min((tile_y + 1) * side);
        if start >= end || lines.is_empty() {
            continue;
        }
        let line = &mut line[..end - start];
        let before = [
            (tile_x > 0).then(|| modes[index - 1] >> 8),
            (tile_y > 0).then(|| modes[index - across] >> 8),
        ];
        let mut best = (u32::MAX, 0);
        for mode in 0..14 {
            let mut total = if before.contains(&Some(mode)) { 0 } else { CHANGE };
            for y in lines.clone() {
                with_mode!(mode, tile(rows_to(y), start, line));
                total += line.iter().map(|residual| residuals.cost(*residual)).sum::<u32>();
                if total >= best.0 {
                    break;
                }
            }
            best = best.min((total, mode));
        }
        modes[index] = best.1 << 8;
        for y in lines {
            with_mode!(best.1, tile(rows_to(y), start, line));
            line.iter().for_each(|residual| residuals.note(*residual));
        }
        if tile_x + 1 == across {
            residuals.learn();
        }
    }
    modes.iter_mut().for_each(|mode| *mode |= BLACK);
    Ok(modes)
}

/// The residuals of the pixels from `x` on, which is not 0, in the second of two rows.
#[inline(always)]
fn tile<const MODE: u32>(rows: &[u32], x: usize, out: &mut [u32]) {
    let (count, wide) = (out.len(), rows.len() / 2);
    let part = |from: usize| rows.get(from..from + count).unwrap_or_default();
    let (corner, above, left, here) = (part(x - 1), part(x), part(wide + x - 1), part(wide + x));
    // Above right of the last pixel of a row is the first one of it, which comes next.
    let right = part(x + 1);
    let (fours, rest) = out.as_chunks_mut::<4>();
    let done = fours.len() * 4;
    let around = corner.as_chunks::<4>().0.iter().zip(above.as_chunks::<4>().0);
    let others = left.as_chunks::<4>().0.iter().zip(right.as_chunks::<4>().0);
    let here_fours = here.as_chunks::<4>().0;
    for (((out, here), (corner, above)), (left, right)) in
        fours.iter_mut().zip(here_fours).zip(around).zip(others)
    {
        let [left, above, corner, right] = [left, above, corner, right].map(U8x16::load_words);
        let prediction = Around { left, above, corner, right }.predict::<MODE, true>();
        U8x16::load_words(here).sub(prediction).store_words(out);
    }
    for (i, out) in (done..).zip(rest) {
        let [left, above, corner, right] =
            [left, above, corner, right].map(|line| U8x16::load_word(&line[i]));
        let prediction = Around { left, above, corner, right }.predict::<MODE, false>();
        *out = U8x16::load_word(&here[i]).sub(prediction).word();
    }
}

/// Differences of the channels, modulo 256.
fn sub(a: u32, b: u32) -> u32 {
    U8x16::load_word(&a).sub(U8x16::load_word(&b)).word()
}
