//! Between packed samples and those of each channel by themselves.

use crate::simd::{I16x8, U8x16};

/// Bytes of a vector, and what is the number of none.
const BYTES: usize = 16;
const NONE: u8 = u8::MAX;

/// Samples of a vector with a fraction.
const LANES: usize = 8;

/// Takes one of `count` channels from a row.
pub fn channel(row: &[i16], count: usize, channel: usize, out: &mut [i16]) {
    match count {
        2 => channel_of::<2>(row, channel, out),
        3 => channel_of::<3>(row, channel, out),
        _ => channel_of::<4>(row, channel, out),
    }
}

fn channel_of<const N: usize>(row: &[i16], channel: usize, out: &mut [i16]) {
    let Some(places) =
        const { apart::<N>() }.get(channel).map(|all| all.map(|at| U8x16::load(&at)))
    else {
        return;
    };
    let (blocks, _) = row.as_chunks::<LANES>().0.as_chunks::<N>();
    let (vectors, last) = out.as_chunks_mut();
    for (place, block) in vectors.iter_mut().zip(blocks) {
        let mut samples = I16x8::splat(0);
        for (vector, places) in block.iter().zip(places) {
            samples = samples.or(I16x8::load(vector).swizzle(places));
        }
        samples.store(place);
    }
    let done = vectors.len().min(blocks.len()) * LANES;
    let rest = row.iter().skip(done * N + channel).step_by(N);
    let vectors = vectors.iter_mut().flatten().chain(last).skip(done);
    vectors.zip(rest).for_each(|(place, sample)| *place = *sample);
}

/// Packs whole vectors of red, green and blue, each in a line of its own, as bytes; tells of how many pixels.
/// Samples have `bits` of fraction.
pub fn pack(line: &[i16], padded: usize, bits: u32, out: &mut [u8]) -> usize {
    let half = I16x8::splat(1 << (bits - 1));
    // Far from the ends of the range, so that nothing overflows.
    let whole = |samples: &[i16; LANES]| I16x8::load(samples).add(half).shr(bits);
    let mut lines = line.chunks_exact(padded).map(|line| line.as_chunks::<BYTES>().0.iter());
    let (Some(red), Some(green), Some(blue)) = (lines.next(), lines.next(), lines.next()) else {
        return 0;
    };
    let places = const { together() }.map(|of| of.map(|at| U8x16::load(&at)));
    let mut done = 0;
    let (blocks, _) = out.as_chunks_mut::<BYTES>().0.as_chunks_mut::<3>();
    for (place, ((red, green), blue)) in blocks.iter_mut().zip(red.zip(green).zip(blue)) {
        let channels = [red, green, blue].map(|samples| {
            let (halves, _) = samples.as_chunks();
            U8x16::narrow(whole(&halves[0]), whole(&halves[1]))
        });
        for (place, [red, green, blue]) in place.iter_mut().zip(places) {
            let [r, g, b] = channels;
            r.swizzle(red).or(g.swizzle(green)).or(b.swizzle(blue)).store(place);
        }
        done += BYTES;
    }
    done
}

/// For each channel of `N`, and each vector of a block, where the samples of that channel are.
const fn apart<const N: usize>() -> [[[u8; BYTES]; N]; N] {
    let mut all = [[[NONE; BYTES]; N]; N];
    let mut sample = 0;
    while sample < N * LANES {
        let (vector, lane) = (sample / LANES, sample % LANES);
        let (channel, place) = (sample % N, sample / N);
        all[channel][vector][2 * place] = 2 * lane as u8;
        all[channel][vector][2 * place + 1] = 2 * lane as u8 + 1;
        sample += 1;
    }
    all
}

/// For each vector of packed bytes, and each channel, where the bytes of that channel come from.
const fn together() -> [[[u8; BYTES]; 3]; 3] {
    let mut all = [[[NONE; BYTES]; 3]; 3];
    let mut byte = 0;
    while byte < 3 * BYTES {
        all[byte / BYTES][byte % 3][byte % BYTES] = (byte / 3) as u8;
        byte += 1;
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn channels_are_taken_apart() {
        for count in [2, 3, 4] {
            for pixels in [1, 7, 8, 9, 40] {
                let row: Vec<i16> = (0..(pixels * count) as i16).collect();
                for index in 0..count {
                    let mut out = vec![-1; pixels + 2];
                    channel(&row, count, index, &mut out);
                    let expected: Vec<i16> = row[index..].iter().step_by(count).copied().collect();
                    assert_eq!(out[..pixels], expected, "{count} {index}");
                }
            }
        }
    }

    #[test]
    fn whole_vectors_are_put_together_and_kept_in_range() {
        for pixels in [15, 16, 37] {
            let line: Vec<i16> = (0..3 * 40).map(|i| i * 333 - 4_000).collect();
            let mut out = vec![1; pixels * 3];
            let done = pack(&line, 40, 6, &mut out);
            assert_eq!(done, pixels / BYTES * BYTES);
            for (index, byte) in out[..done * 3].iter().enumerate() {
                let value = i32::from(line[index % 3 * 40 + index / 3]);
                assert_eq!(i32::from(*byte), ((value + 32) >> 6).clamp(0, 255), "{index}");
            }
        }
    }
}
