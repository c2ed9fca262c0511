//! Forward transforms: the inverse ones' counterparts, eight times the samples' scale.

use super::super::transform::{Rows, transpose};
use crate::simd::{I16x8, I32x4};

/// sqrt 2 · sin(π/8) and sqrt 2 · cos(π/8), in 4096ths.
const SINE: i16 = 2_217;
const COSINE: i16 = 5_352;

/// `x · even + y · odd` over two to the `shift`, rounded.
#[inline(always)]
fn rotated(x: I16x8, y: I16x8, (even, odd): (i16, i16), shift: u32) -> I16x8 {
    let factors = I16x8::splat(even).interleave_low(I16x8::splat(odd));
    let half = I32x4::splat(1 << (shift - 1));
    let part = |pairs: I16x8| pairs.dot(factors).add(half).shr(shift);
    part(x.interleave_low(y)).narrow(part(x.interleave_high(y)))
}

/// The cosine transform of two blocks of differences, in natural order.
#[inline(always)]
pub fn cosine(rows: Rows) -> Rows {
    let [d0, d1, d2, d3] = transpose(rows);
    let (a0, a1, a2, a3) = (d0.add(d3), d1.add(d2), d1.sub(d2), d0.sub(d3));
    let [r0, r1, r2, r3] = transpose([
        a0.add(a1).shl(3),
        rotated(a2, a3, (SINE, COSINE), 9),
        a0.sub(a1).shl(3),
        rotated(a2, a3, (-COSINE, SINE), 9),
    ]);
    let (a0, a1, a2, a3) = (r0.add(r3), r1.add(r2), r1.sub(r2), r0.sub(r3));
    let round = I16x8::splat(7);
    [
        a0.add(a1).add(round).shr(4),
        rotated(a2, a3, (SINE, COSINE), 16),
        a0.sub(a1).add(round).shr(4),
        rotated(a2, a3, (-COSINE, SINE), 16),
    ]
}

/// The Walsh-Hadamard transform of the 16 DCs of a macroblock.
pub fn walsh_hadamard(dcs: &[i16; 16]) -> [i16; 16] {
    let line = |[a, b, c, d]: [i32; 4]| {
        let (s, t, u, v) = (a + d, b + c, b - c, a - d);
        [s + t, u + v, s - t, v - u]
    };
    let rows: [[i32; 4]; 4] =
        core::array::from_fn(|y| line(core::array::from_fn(|x| i32::from(dcs[y * 4 + x]))));
    let columns: [[i32; 4]; 4] =
        core::array::from_fn(|x| line(core::array::from_fn(|y| rows[y][x])));
    core::array::from_fn(|i| (columns[i % 4][i / 4] >> 1) as i16)
}

/// One pass of Hadamard's transform over the columns.
#[inline(always)]
fn butterflies([a, b, c, d]: Rows) -> Rows {
    let (s, t, u, v) = (a.add(d), b.add(c), b.sub(c), a.sub(d));
    [s.add(t), u.add(v), s.sub(t), v.sub(u)]
}

/// Sums of the magnitudes of the Hadamard transforms of two blocks of differences, each as two
/// lanes to be added up: how large they are to a coder that has yet to transform them.
#[inline(always)]
pub fn hadamard_sums(rows: Rows) -> I32x4 {
    let [a, b, c, d] = butterflies(transpose(butterflies(rows))).map(I16x8::abs);
    let one = I16x8::splat(1);
    a.add(b).dot(one).add(c.add(d).dot(one))
}

/// The left and the right one of sums of two lanes each.
#[inline(always)]
pub fn halves(sums: I32x4) -> [i32; 2] {
    let mut lanes = [0; 4];
    sums.store(&mut lanes);
    [lanes[0] + lanes[1], lanes[2] + lanes[3]]
}

#[cfg(test)]
mod tests {
    use super::super::super::transform::{inverse, inverse_walsh_hadamard};
    use super::*;

    fn random(state: &mut u32, range: i32) -> i16 {
        *state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        ((*state >> 8) as i32 % (2 * range + 1) - range) as i16
    }

    fn lanes(row: I16x8) -> [i16; 8] {
        let mut lanes = [0; 8];
        row.store(&mut lanes);
        lanes
    }

    #[test]
    fn the_inverse_gives_back_what_was_transformed() {
        let mut state = 3;
        for range in [1, 10, 255] {
            for _ in 0..200 {
                let rows: [[i16; 8]; 4] =
                    core::array::from_fn(|_| core::array::from_fn(|_| random(&mut state, range)));
                let back = inverse(cosine(core::array::from_fn(|y| I16x8::load(&rows[y]))));
                for (row, back) in rows.iter().zip(back) {
                    for (a, b) in row.iter().zip(lanes(back)) {
                        assert!(a.abs_diff(b) <= 1, "{row:?} {:?}", lanes(back));
                    }
                }
                let dcs = core::array::from_fn(|_| random(&mut state, range * 8));
                let back = inverse_walsh_hadamard(&walsh_hadamard(&dcs));
                for (a, b) in dcs.iter().zip(back) {
                    assert!(a.abs_diff(b) <= 1, "{dcs:?} {back:?}");
                }
            }
        }
    }

    #[test]
    fn blocks_of_one_value_have_a_dc_alone() {
        let rows = [I16x8::load(&[3, 3, 3, 3, -9, -9, -9, -9]); 4];
        let [first, rest @ ..] = cosine(rows).map(lanes);
        assert_eq!(first, [24, 0, 0, 0, -72, 0, 0, 0]);
        assert_eq!(rest, [[0; 8]; 3]);
        assert_eq!(halves(hadamard_sums(rows)), [48, 144]);
    }
}
