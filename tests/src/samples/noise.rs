//! Value noise of one and two dimensions. Only operations that IEEE 754 makes exact, so that a
//! sample has the same pixels on every machine.

/// Noise of several octaves around 0.5, each of twice the frequency and half the strength.
pub fn fractal(x: f32, y: f32, octaves: u32, seed: u32) -> f32 {
    let (mut x, mut y) = (x, y);
    let (mut sum, mut strength, mut total) = (0.0, 1.0, 0.0);
    for octave in 0..octaves {
        sum += smooth(x, y, seed.wrapping_add(octave * 101)) * strength;
        total += strength;
        strength *= 0.5;
        x *= 2.0;
        y *= 2.0;
    }
    sum / total
}

/// Lattice values from 0 to 1, smoothly joined.
pub fn smooth(x: f32, y: f32, seed: u32) -> f32 {
    let (left, top) = (x.floor(), y.floor());
    let (u, v) = (ease(x - left), ease(y - top));
    let (column, row) = (left as i32, top as i32);
    let at = |across: i32, down: i32| lattice(column + across, row + down, seed);
    let upper = mix(at(0, 0), at(1, 0), u);
    let lower = mix(at(0, 1), at(1, 1), u);
    mix(upper, lower, v)
}

/// From `a` to `b` as `t` goes from 0 to 1.
pub fn mix(a: f32, b: f32, t: f32) -> f32 {
    a + (b - a) * t
}

/// 0 up to `from`, 1 beyond `to`, smooth between.
pub fn step(from: f32, to: f32, value: f32) -> f32 {
    ease(((value - from) / (to - from)).clamp(0.0, 1.0))
}

fn ease(t: f32) -> f32 {
    t * t * (3.0 - 2.0 * t)
}

/// A mixed-up value for every lattice point: 24 bits, which a float holds exactly.
fn lattice(x: i32, y: i32, seed: u32) -> f32 {
    let mut bits = (x as u32).wrapping_mul(0x9e37_79b1);
    bits =
        (bits ^ (y as u32).wrapping_mul(0x85eb_ca77)).wrapping_add(seed.wrapping_mul(0xc2b2_ae3d));
    for shift in [15, 13, 16] {
        bits ^= bits >> shift;
        bits = bits.wrapping_mul(0x2c1b_3c6d);
    }
    (bits >> 8) as f32 / 16_777_216.0
}
