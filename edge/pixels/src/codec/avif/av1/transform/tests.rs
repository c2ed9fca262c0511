use super::super::tests::{random, sample};
use super::*;

const KINDS: [Kind; 4] = [Kind::DctDct, Kind::AdstDct, Kind::DctAdst, Kind::AdstAdst];

/// All sizes with their kinds.
fn all() -> impl Iterator<Item = (usize, Kind)> {
    (2..6).flat_map(|log2| {
        KINDS.into_iter().take(if log2 == 5 { 1 } else { 4 }).map(move |kind| (log2, kind))
    })
}

/// Basis function number `k` of a side, at `i`: orthonormal.
fn basis(side: usize, sine: bool, k: usize, i: usize) -> f64 {
    use core::f64::consts::PI;
    let (n, k, i) = (side as f64, k as f64, i as f64);
    match (sine, side) {
        (false, _) => {
            let scale = if k == 0.0 { (1.0 / n).sqrt() } else { (2.0 / n).sqrt() };
            scale * (PI * (2.0 * i + 1.0) * k / (2.0 * n)).cos()
        }
        (true, 4) => 2.0 / 3.0 * (PI * (i + 1.0) * (2.0 * k + 1.0) / 9.0).sin(),

        (true, _) => (2.0 / n).sqrt() * (PI * (2.0 * i + 1.0) * (2.0 * k + 1.0) / (4.0 * n)).sin(),
    }
}

/// What coefficients add, by the definition.
fn reference(log2: usize, kind: Kind, coefficients: &[i16]) -> Vec<f64> {
    let side = 1 << log2;
    let sines = sines(kind);
    let scale = if log2 < 5 { 8.0 } else { 4.0 };
    let mut out = vec![0.0; side * side];
    for (place, coefficient) in coefficients.iter().enumerate().filter(|(_, value)| **value != 0) {
        for (at, out) in out.iter_mut().enumerate() {
            let vertical = basis(side, sines.vertical, place / side, at / side);
            let horizontal = basis(side, sines.horizontal, place % side, at % side);
            *out += f64::from(*coefficient) * vertical * horizontal / scale;
        }
    }
    out
}

/// Few coefficients, mostly low ones.
fn sparse(state: &mut u32, log2: usize) -> Vec<i16> {
    let side = 1 << log2;
    let mut coefficients = vec![0; side * side];
    for _ in 0..1 + random(state, 100).unsigned_abs() % 6 {
        let reach = (random(state, 1_000).unsigned_abs() as usize % side) + 1;
        let at = |state: &mut u32| random(state, 1_000).unsigned_abs() as usize % reach;
        let place = at(state) * side + at(state);
        coefficients[place] = random(state, 400) as i16;
    }
    coefficients
}

#[test]
fn the_inverse_is_near_the_definition() {
    let mut state = 1;
    for (log2, kind) in all() {
        let side = 1 << log2;
        for _ in 0..40 {
            let coefficients = sparse(&mut state, log2);
            let mut samples = vec![128; side * side];
            let extent = Extent::of(log2, &coefficients);
            inverse_add(log2, kind, &coefficients, extent, &mut samples, side);
            for (sample, change) in samples.iter().zip(reference(log2, kind, &coefficients)) {
                let expected = (128.0 + change).clamp(0.0, 255.0);
                assert!((f64::from(*sample) - expected).abs() < 1.1, "{log2} {kind:?}");
            }
        }
    }
}

#[test]
fn the_forward_transform_is_near_the_definition() {
    let mut state = 2;
    for (log2, kind) in all() {
        let side = 1 << log2;
        for range in [5, 40, 255] {
            let differences: Vec<i16> =
                (0..side * side).map(|_| random(&mut state, range) as i16).collect();
            let mut found = vec![0; side * side];
            forward(log2, kind, &differences, &mut found);
            // The definition is orthonormal but for its scale: coefficients are products with it.
            let sines = sines(kind);
            for (place, found) in found.iter().enumerate() {
                let product = |(at, difference): (usize, &i16)| {
                    f64::from(*difference)
                        * basis(side, sines.vertical, place / side, at / side)
                        * basis(side, sines.horizontal, place % side, at % side)
                };
                let scale = if log2 < 5 { 8.0 } else { 4.0 };
                let expected = differences.iter().enumerate().map(product).sum::<f64>() * scale;
                let error = (f64::from(*found) - expected).abs();
                assert!(error < 12.0, "{log2} {kind:?} {range} {place} {found} {expected}");
            }
        }
    }
}

#[test]
fn extremes_have_room() {
    for (log2, kind) in all() {
        let side = 1_usize << log2;
        for value in [-255_i16, 255] {
            // One value, stripes, and a chequerboard.
            for mask in [(0, 0), (0, 1), (1, 0), (1, 1)] {
                let sign = |i: usize| ((i / side) & mask.0) + ((i % side) & mask.1);
                let differences: Vec<i16> = (0..side * side)
                    .map(|i| if sign(i) % 2 == 0 { value } else { -value })
                    .collect();
                let mut coefficients = vec![0; side * side];
                forward(log2, kind, &differences, &mut coefficients);
                let mut samples: Vec<u8> =
                    differences.iter().map(|value| if *value > 0 { 0 } else { 255 }).collect();
                let extent = Extent::of(log2, &coefficients);
                inverse_add(log2, kind, &coefficients, extent, &mut samples, side);
                for (sample, value) in samples.iter().zip(&differences) {
                    let expected: u8 = if *value > 0 { 255 } else { 0 };
                    assert!(sample.abs_diff(expected) <= 2, "{log2} {kind:?} {mask:?}");
                }
            }
        }
    }
}

/// What all sizes and kinds gave when they were compared with two decoders' transforms
/// (rusty_av1d's and rav1e's) over such blocks.
const PROVEN: u32 = 144_162_398;

#[test]
fn the_inverse_is_what_decoders_have() {
    let mut state = 3;
    let mut hash = 0_u32;
    for round in 0..60 {
        for (log2, kind) in all() {
            let side = 1 << log2;
            let mut coefficients = sparse(&mut state, log2);
            if round % 3 == 0 {
                coefficients.iter_mut().for_each(|value| *value = random(&mut state, 120) as i16);
            }
            if round % 5 == 0 {
                coefficients[0] = random(&mut state, 16_000) as i16;
            }
            let stride = side + round % 2 * 8;
            let mut samples: Vec<u8> = (0..stride * side).map(|_| sample(&mut state)).collect();
            let extent = Extent::of(log2, &coefficients);
            inverse_add(log2, kind, &coefficients, extent, &mut samples, stride);
            for sample in samples {
                hash = (hash ^ u32::from(sample)).wrapping_mul(16_777_619).rotate_left(5);
            }
        }
    }
    assert_eq!(hash, PROVEN);
}
