//! Segments: macroblocks that are alike in how much loss is seen in them.

use super::forward::cosine;
use super::source::{Macroblock, Source, differences};
use crate::failure::Failure;
use crate::simd::I16x8;

/// Segments there can be (RFC 6386 §9.3).
pub const SEGMENTS: usize = 4;

/// Rounds of bringing centres nearer to what lies around them.
const ROUNDS: usize = 6;

/// What a picture's macroblocks are.
pub struct Segments {
    /// The segment of each macroblock.
    pub of: Vec<u8>,
    /// By segment, how little loss is seen: from −127 to 127.
    pub ease: [i32; SEGMENTS],
    /// By segment, the same from 0, the busiest segment, to 255.
    pub smoothness: [i32; SEGMENTS],
    /// How busy chroma is on average.
    pub busy_chroma: i32,
}

impl Segments {
    /// Looks at all macroblocks.
    ///
    /// # Errors
    /// [`Failure::OverBudget`].
    pub fn new(source: &Source) -> Result<Self, Failure> {
        let (across, down) = source.macroblocks();
        let mut of = Vec::new();
        of.try_reserve_exact(across * down).map_err(|_| Failure::out_of_memory(across * down))?;
        let (mut busy_chroma, mut counts) = (0_u64, [0_u32; 256]);
        for y in 0..down {
            for x in 0..across {
                let block = source.macroblock(x, y);
                let (luma, chroma) = (busy_luma(&block), busy(&block.chroma));
                busy_chroma += chroma as u64;
                let smooth = (255 - (3 * luma + chroma + 2) / 4).clamp(0, 255) as u8;
                counts[usize::from(smooth)] += 1;
                of.push(smooth);
            }
        }
        let (centres, nearest) = cluster(&counts);
        let total = counts.iter().map(|count| u64::from(*count)).sum::<u64>().max(1);
        let weighted =
            |(value, count): (usize, &u32)| centres[nearest[value]] as u64 * u64::from(*count);
        let mean = (counts.iter().enumerate().map(weighted).sum::<u64>() / total) as i32;
        let (least, most) = (centres[0], centres[SEGMENTS - 1]);
        let scaled = |value: i32| 255 * value / (most - least).max(1);
        of.iter_mut().for_each(|value| *value = nearest[usize::from(*value)] as u8);
        Ok(Self {
            of,
            ease: centres.map(|centre| scaled(centre - mean).clamp(-127, 127)),
            smoothness: centres.map(|centre| scaled(centre - least).clamp(0, 255)),
            busy_chroma: (busy_chroma / total) as i32,
        })
    }
}

/// Centres that values lie around, the least first, and the nearest one of each value.
fn cluster(counts: &[u32; 256]) -> ([i32; SEGMENTS], [usize; 256]) {
    let least = counts.iter().position(|count| *count > 0).unwrap_or(0) as i32;
    let most = counts.iter().rposition(|count| *count > 0).unwrap_or(0) as i32;
    let part = |i: usize| least + (2 * i as i32 + 1) * (most - least) / (2 * SEGMENTS as i32);
    let mut centres: [i32; SEGMENTS] = core::array::from_fn(part);
    let mut nearest = [0; 256];
    for _ in 0..ROUNDS {
        let mut sums = [(0_i64, 0_i64); SEGMENTS];
        let mut n = 0;
        for (value, (place, count)) in nearest.iter_mut().zip(counts).enumerate() {
            let value = value as i32;
            while n + 1 < SEGMENTS && (value - centres[n + 1]).abs() < (value - centres[n]).abs() {
                n += 1;
            }
            *place = n;
            sums[n].0 += i64::from(value) * i64::from(*count);
            sums[n].1 += i64::from(*count);
        }
        let mut moved = 0;
        for (centre, (sum, count)) in centres.iter_mut().zip(sums) {
            if count > 0 {
                let new = ((sum + count / 2) / count) as i32;
                moved += (*centre - new).abs();
                *centre = new;
            }
        }
        if moved < 5 {
            break;
        }
    }
    (centres, nearest)
}

/// How busy the luma is: the largest difference from its mean, by frequency, over the number of
/// small ones.
fn busy_luma(block: &Macroblock) -> i32 {
    let sum: u32 = block.luma.iter().flatten().map(|sample| u32::from(*sample)).sum();
    let mean = [[(sum / 256) as u8; 16]; 4];
    let (mut largest, mut large) = (I16x8::splat(0), I16x8::splat(0));
    for rows in block.luma.as_chunks::<4>().0 {
        measure(rows, &mean, &mut largest, &mut large);
    }
    rated(largest, large, 256)
}

/// The same of chroma.
fn busy(chroma: &[[u8; 16]; 8]) -> i32 {
    let (mut cb, mut cr) = (0, 0);
    for row in chroma {
        let (left, right) = row.split_at(8);
        cb += left.iter().map(|sample| u32::from(*sample)).sum::<u32>();
        cr += right.iter().map(|sample| u32::from(*sample)).sum::<u32>();
    }
    let mean = [core::array::from_fn(|x| (if x < 8 { cb } else { cr } / 64) as u8); 4];
    let (mut largest, mut large) = (I16x8::splat(0), I16x8::splat(0));
    for rows in chroma.as_chunks::<4>().0 {
        measure(rows, &mean, &mut largest, &mut large);
    }
    rated(largest, large, 128)
}

#[inline(always)]
fn measure(rows: &[[u8; 16]; 4], mean: &[[u8; 16]; 4], largest: &mut I16x8, large: &mut I16x8) {
    for right in [false, true] {
        for row in cosine(differences(rows, mean, right)) {
            let magnitude = row.abs().shr(3);
            *largest = largest.max(magnitude);
            *large = large.add(magnitude.min(I16x8::splat(1)));
        }
    }
}

fn rated(largest: I16x8, large: I16x8, all: i32) -> i32 {
    let (mut most, mut counts) = ([0; 8], [0; 8]);
    largest.store(&mut most);
    large.store(&mut counts);
    let most = most.iter().copied().max().unwrap_or(0).min(31);
    let small = all - counts.iter().map(|count| i32::from(*count)).sum::<i32>();
    510 * i32::from(most) / small.max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_go_to_the_nearest_centre() {
        let mut counts = [0; 256];
        for (value, count) in [(3, 10), (5, 10), (90, 7), (180, 1), (184, 3), (255, 9)] {
            counts[value] = count;
        }
        let (centres, nearest) = cluster(&counts);
        assert_eq!(centres, [4, 90, 183, 255]);
        assert_eq!([3, 5, 90, 180, 184, 255].map(|value| nearest[value]), [0, 0, 1, 2, 2, 3]);
    }

    #[test]
    fn one_value_is_one_centre() {
        let mut counts = [0; 256];
        counts[77] = 5;
        let (centres, nearest) = cluster(&counts);
        assert_eq!(centres[nearest[77]], 77);
    }
}
