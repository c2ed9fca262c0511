//! Which transforms a picture is worth, guessed from what its pixels are likely to take.

use super::histogram::cost;
use super::log2::BITS;

/// How a picture is coded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// As it is.
    Direct,
    /// Numbers of colours.
    Palette,
    /// As residuals.
    Residuals,
    /// Without the green in red and blue.
    SubtractedGreen,
    /// Both.
    SubtractedResiduals,
}

impl Kind {
    pub fn subtracts_green(self) -> bool {
        matches!(self, Self::SubtractedGreen | Self::SubtractedResiduals)
    }

    pub fn predicts(self) -> bool {
        matches!(self, Self::Residuals | Self::SubtractedResiduals)
    }
}

/// The best kind of a picture; `colours` are those of its palette, if it can have one.
pub fn kind(pixels: &[u32], wide: usize, colours: Option<usize>, tile_bits: u32) -> Kind {
    if colours.is_some_and(|colours| colours <= 16) {
        return Kind::Palette;
    }
    // By channel: as they are, less green, and both of their differences to the left. Then a hash.
    let mut counts = vec![[0_u32; 256]; 13];
    let mut above: &[u32] = &[];
    for row in pixels.chunks(wide) {
        let mut left = row.first().copied().unwrap_or(0);
        for (x, pixel) in row.iter().enumerate() {
            // Pixels like their neighbours will be back-references.
            if *pixel == left || above.get(x) == Some(pixel) {
                left = *pixel;
                continue;
            }
            let [b, g, r, a] = pixel.to_le_bytes();
            let [lb, lg, lr, la] = left.to_le_bytes();
            let sub = |a: u8, b: u8| a.wrapping_sub(b);
            let (db, dg, dr, da) = (sub(b, lb), sub(g, lg), sub(r, lr), sub(a, la));
            let hash = (pixel.wrapping_mul(0x9e37_79b1) >> 24) as u8;
            let values =
                [b, g, r, a, sub(b, g), sub(r, g), db, dg, dr, da, sub(db, dg), sub(dr, dg), hash];
            for (counts, value) in counts.iter_mut().zip(values) {
                counts[usize::from(value)] += 1;
            }
            left = *pixel;
        }
        above = row;
    }
    let costs: Vec<u64> = counts.iter().map(|counts| cost(counts)).collect();
    let sum = |places: [usize; 4]| places.into_iter().map(|place| costs[place]).sum::<u64>();
    let tiles = (pixels.len() >> (2 * tile_bits)) as u64;
    // Modes of 14 kinds take less than four bits, factors a little more.
    let (modes, factors) = ((tiles * 3) << BITS, (tiles * 4) << BITS);
    let mut kinds = vec![
        (sum([0, 1, 2, 3]), Kind::Direct),
        (sum([6, 7, 8, 9]) + modes, Kind::Residuals),
        (sum([4, 1, 5, 3]), Kind::SubtractedGreen),
        (sum([10, 7, 11, 9]) + modes + factors, Kind::SubtractedResiduals),
    ];
    if let Some(colours) = colours {
        kinds.push((costs[12] + ((colours as u64 * 8) << BITS), Kind::Palette));
    }
    let best = kinds.into_iter().min_by_key(|(cost, _)| *cost);
    best.map_or(Kind::Direct, |(_, kind)| kind)
}
