//! Transforms (AV1 §7.13): cosines and sines, of blocks with sides of 4 to 32.
//!
//! Coefficients are row-major, a row is of one vertical frequency, and they are eight times (32 ×
//! 32: four times) what an orthonormal transform would give.

mod cosine;
mod forward;
mod four;
mod inverse;
mod rotation;
mod sine;

#[cfg(test)]
mod tests;

use super::Kind;
use super::quantise::Extent;

/// Transforms a block of differences (-255 to 255, row-major without gaps) with sides of 2^`log2`
/// (2 to 5; 5 has [`Kind::DctDct`] only).
pub fn forward(log2: usize, kind: Kind, differences: &[i16], out: &mut [i16]) {
    let (differences, _) = differences.as_chunks();
    let (out, _) = out.as_chunks_mut();
    let sines = sines(kind);
    match log2 {
        2 => forward::of_4(sines, differences, out),
        3 => forward::of_8(sines, differences, out),
        4 => forward::of_16(sines, differences, out),
        _ => forward::of_32(differences, out),
    }
}

/// Adds what coefficients (as dequantised, of which all beyond `extent` are zero) mean to the
/// prediction in `samples`, exactly as decoders do (AV1 §7.13.3).
pub fn inverse_add(
    log2: usize,
    kind: Kind,
    coefficients: &[i16],
    extent: Extent,
    samples: &mut [u8],
    stride: usize,
) {
    let (coefficients, _) = coefficients.as_chunks::<8>();
    if let (Kind::DctDct, 0..=1, 0..=1, Some([dc, ..])) =
        (kind, extent.rows, extent.columns, coefficients.first())
    {
        return inverse::of_dc(log2, *dc, samples, stride);
    }
    let sines = sines(kind);
    match log2 {
        2 => inverse::of_4(sines, coefficients, samples, stride),
        3 => inverse::of_8(sines, coefficients, samples, stride),
        4 => inverse::of_16(sines, coefficients, extent, samples, stride),
        _ => inverse::of_32(coefficients, extent, samples, stride),
    }
}

/// Which directions have sines in place of cosines.
#[derive(Clone, Copy)]
struct Sines {
    vertical: bool,
    horizontal: bool,
}

fn sines(kind: Kind) -> Sines {
    Sines {
        vertical: matches!(kind, Kind::AdstDct | Kind::AdstAdst),
        horizontal: matches!(kind, Kind::DctAdst | Kind::AdstAdst),
    }
}
