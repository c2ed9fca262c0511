//! What tests share, and pictures beside a decoder of others.

mod bounds;
mod decoded;

/// A number from `-range` to `range`.
pub fn random(state: &mut u32, range: i32) -> i32 {
    *state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
    (*state >> 8) as i32 % (2 * range + 1) - range
}

/// Any sample.
pub fn sample(state: &mut u32) -> u8 {
    (random(state, 4_000_000) & 0xff) as u8
}
