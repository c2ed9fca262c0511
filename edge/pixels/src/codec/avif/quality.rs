//! From the quality that is asked for to what an AV1 encoder is told.

use selvedge_plan::options::quality::Quality;

/// Chroma is kept in full from here on, with a coarser quantiser: for equal scores that takes a tenth
/// fewer bytes than halved chroma does, and half as much time again. Below it is worth less.
const FULL_CHROMA: u8 = 80;

/// By how much chroma is to be smaller, across and down.
pub fn chroma(quality: Quality) -> (u32, u32) {
    if quality.value() < FULL_CHROMA { (2, 2) } else { (1, 1) }
}

/// The base quantiser index, 1 to 255 (0 would ask for lossless transforms), for pictures whose chroma is
/// in full, and for others. The plan's quality decides on chroma; to stay below `max-bytes`, it may be lower here.
///
/// Fitted so that equal qualities have about equal scores (SSIMULACRA2) as with libaom by libvips, over
/// eight photographs.
pub fn quantiser(quality: Quality, full_chroma: bool) -> u8 {
    let lost = u16::from(100 - quality.value());
    let index = match (full_chroma, lost) {
        (true, ..=20) => lost * 13 / 5,
        (true, _) => 52 + (lost - 20) * 5 / 2,
        (false, ..=30) => lost * 15 / 8,
        (false, _) => 56 + (lost - 30) * 14 / 5,
    };
    index.clamp(1, 255) as u8
}

/// The same for alpha, whose edges show: half as far from the best.
pub fn alpha_quantiser(quality: Quality) -> u8 {
    (quantiser(quality, false) / 2).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scale_falls_and_ends_within_bounds() {
        let all: Vec<Quality> = (1..=100).filter_map(Quality::new).collect();
        for (full, first) in [(true, 249), (false, 249)] {
            let quantisers: Vec<u8> = all.iter().map(|it| quantiser(*it, full)).collect();
            assert!(quantisers.is_sorted_by(|a, b| a >= b));
            assert_eq!((quantisers.first(), quantisers.last()), (Some(&first), Some(&1)));
        }
    }
}
