//! Inverse transforms (RFC 6386 §14.3, §14.4).

use crate::simd::I16x8;

/// Four rows of two blocks: the left one in the first four lanes, the right one in the last.
pub type Rows = [I16x8; 4];

/// sqrt 2 · cos(π/8), less one, in 65 536ths.
const COSINE: i16 = 20_091;

/// sqrt 2 · sin(π/8), less one, in 65 536ths.
const SINE: i16 = (35_468 - 65_536) as i16;

/// The coefficients of two blocks, in natural order.
#[inline(always)]
pub fn rows(left: &[i16; 16], right: &[i16; 16]) -> Rows {
    let load = |block: &[i16; 16]| {
        let (halves, _) = block.as_chunks::<8>();
        (I16x8::load(&halves[0]), I16x8::load(&halves[1]))
    };
    let ((l0, l1), (r0, r1)) = (load(left), load(right));
    [l0.join_low(r0), l0.join_high(r0), l1.join_low(r1), l1.join_high(r1)]
}

/// The rows of each block as its columns.
#[inline(always)]
pub fn transpose([r0, r1, r2, r3]: Rows) -> Rows {
    let (a0, a1) = (r0.interleave_low(r1), r0.interleave_high(r1));
    let (a2, a3) = (r2.interleave_low(r3), r2.interleave_high(r3));
    let (left0, left1) = (a0.interleave_pairs_low(a2), a0.interleave_pairs_high(a2));
    let (right0, right1) = (a1.interleave_pairs_low(a3), a1.interleave_pairs_high(a3));
    [
        left0.join_low(right0),
        left0.join_high(right0),
        left1.join_low(right1),
        left1.join_high(right1),
    ]
}

/// One pass over the columns.
#[inline(always)]
fn pass([c0, c1, c2, c3]: Rows) -> Rows {
    let cosine = |c: I16x8| c.mul_high(COSINE).add(c);
    let sine = |c: I16x8| c.mul_high(SINE).add(c);
    let (a, b) = (c0.add(c2), c0.sub(c2));
    let (c, d) = (sine(c1).sub(cosine(c3)), cosine(c1).add(sine(c3)));
    [a.add(d), b.add(c), b.sub(c), a.sub(d)]
}

/// What two blocks of dequantised coefficients add to their predictions. Sums have 16 bits, which is
/// ample for what an encoder makes of samples; beyond they wrap.
#[inline(always)]
pub fn inverse(coefficients: Rows) -> Rows {
    let [first, second, third, fourth] = transpose(pass(coefficients));
    let half = I16x8::splat(4);
    let columns = pass([first.add(half), second, third, fourth]);
    transpose(columns).map(|row| row.shr(3))
}

/// [`inverse`] of a block whose other coefficients are zero: the same for each sample.
#[inline(always)]
pub fn inverse_dc(dc: i16) -> i16 {
    dc.wrapping_add(4) >> 3
}

/// The DCs of a macroblock's 16 luma blocks, from the dequantised block that codes them.
pub fn inverse_walsh_hadamard(block: &[i16; 16]) -> [i16; 16] {
    let load = |row: &[i16; 4]| row.map(i32::from);
    let (rows, _) = block.as_chunks::<4>();
    let columns = butterflies([load(&rows[0]), load(&rows[1]), load(&rows[2]), load(&rows[3])]);
    let turned = core::array::from_fn(|x| core::array::from_fn(|y| columns[y][x]));
    let sums = butterflies(turned);
    core::array::from_fn(|i| ((sums[i % 4][i / 4] + 3) >> 3) as i16)
}

/// One pass over the columns.
#[inline(always)]
fn butterflies([r0, r1, r2, r3]: [[i32; 4]; 4]) -> [[i32; 4]; 4] {
    let add = |a: [i32; 4], b: [i32; 4]| core::array::from_fn(|i| a[i] + b[i]);
    let sub = |a: [i32; 4], b: [i32; 4]| core::array::from_fn(|i| a[i] - b[i]);
    let (a, b) = (add(r0, r3), add(r1, r2));
    let (c, d) = (sub(r1, r2), sub(r0, r3));
    [add(a, b), add(c, d), sub(a, b), sub(d, c)]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn random(state: &mut u32, range: i32) -> i16 {
        *state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        ((*state >> 8) as i32 % (2 * range + 1) - range) as i16
    }

    /// The definition (RFC 6386 §14.3), one column and then one row at a time.
    fn reference(block: &[i16; 16]) -> [i16; 16] {
        let line = |c: [i32; 4]| {
            let cosine = |c: i32| c + ((c * 20_091) >> 16);
            let sine = |c: i32| (c * 35_468) >> 16;
            let (a, b) = (c[0] + c[2], c[0] - c[2]);
            let (c, d) = (sine(c[1]) - cosine(c[3]), cosine(c[1]) + sine(c[3]));
            [a + d, b + c, b - c, a - d]
        };
        let mut middle = [[0; 4]; 4];
        for x in 0..4 {
            let column = line(core::array::from_fn(|y| i32::from(block[y * 4 + x])));
            (0..4).for_each(|y| middle[y][x] = column[y]);
        }
        let rows = middle.map(line);
        core::array::from_fn(|i| ((rows[i / 4][i % 4] + 4) >> 3) as i16)
    }

    #[test]
    fn the_pair_is_what_the_definition_gives() {
        let mut state = 5;
        for range in [1, 30, 800, 2_000] {
            for _ in 0..200 {
                let mut blocks: [[i16; 16]; 2] =
                    core::array::from_fn(|_| core::array::from_fn(|_| random(&mut state, range)));
                if range == 800 {
                    blocks[1] = core::array::from_fn(|i| if i == 0 { blocks[1][0] } else { 0 });
                }
                let found = inverse(rows(&blocks[0], &blocks[1]));
                let expected = [reference(&blocks[0]), reference(&blocks[1])];
                for (y, row) in found.into_iter().enumerate() {
                    let mut lanes = [0; 8];
                    row.store(&mut lanes);
                    assert_eq!(lanes[..4], expected[0][y * 4..][..4]);
                    assert_eq!(lanes[4..], expected[1][y * 4..][..4]);
                    if range == 800 {
                        assert_eq!(lanes[4..], [inverse_dc(blocks[1][0]); 4]);
                    }
                }
            }
        }
    }

    #[test]
    fn the_walsh_hadamard_transform_is_what_the_definition_gives() {
        let mut state = 9;
        for _ in 0..200 {
            let block: [i16; 16] = core::array::from_fn(|_| random(&mut state, 4_000));
            // Rows of ±1 as RFC 6386 §14.3 adds them up.
            const SIGNS: [[i32; 4]; 4] =
                [[1, 1, 1, 1], [1, 1, -1, -1], [1, -1, -1, 1], [1, -1, 1, -1]];
            let expected: [i16; 16] = core::array::from_fn(|i| {
                let term =
                    |k: usize| SIGNS[i / 4][k / 4] * SIGNS[i % 4][k % 4] * i32::from(block[k]);
                (((0..16).map(term).sum::<i32>() + 3) >> 3) as i16
            });
            assert_eq!(inverse_walsh_hadamard(&block), expected);
        }
    }
}
