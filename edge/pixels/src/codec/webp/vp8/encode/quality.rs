//! From quality to quantiser indices, on the scale that users of libwebp know.

use selvedge_plan::options::quality::Quality;

use super::super::tables::LAST_STEP;
use super::quantise::Quantisers;

/// How much less is made of what is hard to see: of busy places, so that smooth ones have more.
const SHAPING: f64 = 0.5;

/// By how much indices are less than libwebp's: bytes that levels save by a better choice are spent
/// on finer steps, so that files are as large.
const FINER: f64 = 0.95;

/// A base from zero to one to an exponent from zero to four. Square roots are the same everywhere,
/// as logarithms are not.
fn power(base: f64, exponent: f64) -> f64 {
    let (mut result, mut root, mut rest) = (1.0, base, exponent);
    while rest >= 1.0 {
        result *= base;
        rest -= 1.0;
    }
    for _ in 0..32 {
        root = root.sqrt();
        rest *= 2.0;
        if rest >= 1.0 {
            result *= root;
            rest -= 1.0;
        }
    }
    result
}

/// The index of a segment. `ease` is from −127, where all is seen, to 127.
pub fn index(quality: Quality, ease: i32) -> u8 {
    let share = f64::from(quality.value()) / 100.0;
    let linear = if share < 0.75 { share * 2.0 / 3.0 } else { 2.0 * share - 1.0 };
    let exponent = (1.0 - 0.9 * SHAPING * f64::from(ease) / 128.0) / 3.0;
    let fineness = power(linear, exponent);
    ((f64::from(LAST_STEP) * FINER * (1.0 - fineness)) as u8).min(LAST_STEP)
}

/// By what the indices of chroma differ, for DC and for AC, of chroma that is so busy on average.
pub fn chroma_deltas(busy: i32) -> (i8, i8) {
    let ac = (busy - 64) * 10 / 70;
    let ac = f64::from(ac) * SHAPING;
    (-(4.0 * SHAPING) as i8, (ac as i8).clamp(-4, 6))
}

/// How strongly edges between blocks are smoothed by default, in percent of what can be asked for.
const FILTER: i32 = 60;

/// How strongly edges between blocks are smoothed, up to 63: more where steps are coarse, and where
/// the picture is busy.
pub fn filter(quantisers: &Quantisers, smoothness: i32) -> u8 {
    let step = i32::from(quantisers.luma.steps.1) >> 2;
    let strength = step.min(63) * 5 * FILTER / (256 + smoothness);
    if strength < 2 { 0 } else { strength.min(63) as u8 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn powers_agree_with_the_library() {
        for base in [0.01, 0.3, 0.5, 0.98, 1.0_f64] {
            for exponent in [0.1, 1.0 / 3.0, 1.5, 3.0] {
                assert!((power(base, exponent) - base.powf(exponent)).abs() < 1e-7);
            }
        }
    }

    #[test]
    fn more_quality_never_means_coarser_steps() {
        for ease in [-127, 0, 127] {
            let indices: Vec<u8> =
                (1..=100).filter_map(Quality::new).map(|q| index(q, ease)).collect();
            assert!(indices.windows(2).all(|pair| pair[0] >= pair[1]), "{indices:?}");
            assert_eq!(indices[99], 0);
        }
        // libwebp 1.2 takes 38, 26 and 9 for a single segment.
        let plain = |quality| Quality::new(quality).map(|quality| index(quality, 0));
        assert_eq!([plain(50), plain(75), plain(90)], [Some(36), Some(24), Some(8)]);
    }
}
