//! From the range of video to all of 0 to 255: luma of VP8 has 16 to 235, chroma 16 to 240
//! (ITU-R BT.601; RFC 6386 §9.2).

use crate::simd::I16x8;

/// 255/219 and 255/224, in 16 384ths.
const LUMA: i16 = 19_077;
const CHROMA: i16 = 18_652;

/// Stretches a row of luma.
pub fn luma(row: &[u8], out: &mut [u8]) {
    stretch(row, out, 16, 0, LUMA);
}

/// Stretches a row of a chroma plane.
pub fn chroma(row: &[u8], out: &mut [u8]) {
    stretch(row, out, 128, 128, CHROMA);
}

/// Moves `from` to `to`, and all others by `factor` as far away from it. Rows have whole groups of
/// eight samples.
fn stretch(row: &[u8], out: &mut [u8], from: i16, to: i16, factor: i16) {
    let (from, to) = (I16x8::splat(from), I16x8::splat(to * 4 + 2));
    for (samples, out) in row.as_chunks().0.iter().zip(out.as_chunks_mut().0) {
        // Two fractional bits are left for rounding.
        let scaled = I16x8::load_bytes(samples).sub(from).shl(4).mul_high(factor);
        scaled.add(to).shr(2).store_bytes(out);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_stretched_to_the_nearest_value() {
        let all: Vec<u8> = (0..=255).collect();
        let mut out = vec![0; 256];
        type Stretch = fn(&[u8], &mut [u8]);
        let cases: [(Stretch, f64, f64, f64); 2] =
            [(luma, 16.0, 0.0, 255.0 / 219.0), (chroma, 128.0, 128.0, 255.0 / 224.0)];
        for (stretch, from, to, factor) in cases {
            stretch(&all, &mut out);
            for (value, found) in (0..=255).map(f64::from).zip(&out) {
                let exact = ((value - from) * factor + to).clamp(0.0, 255.0);
                assert!((f64::from(*found) - exact).abs() < 0.8, "{value}: {found}");
            }
        }
    }
}
