//! The predictors of the predictor transform (RFC 9649 §3.5.1), four channels in one word.

/// What is predicted where there is nothing to predict from.
pub const BLACK: u32 = 0xff00_0000;

/// Sums of the channels, modulo 256.
#[inline(always)]
pub fn add(a: u32, b: u32) -> u32 {
    let odd = (a & 0xff00_ff00).wrapping_add(b & 0xff00_ff00);
    let even = (a & 0x00ff_00ff).wrapping_add(b & 0x00ff_00ff);
    odd & 0xff00_ff00 | even & 0x00ff_00ff
}

/// Averages of the channels, rounded down.
#[inline(always)]
pub fn average(a: u32, b: u32) -> u32 {
    (a & b) + (((a ^ b) & 0xfefe_fefe) >> 1)
}

/// The left one or the one above, whichever is nearer to left + above - above left.
#[inline(always)]
pub fn select(left: u32, above: u32, corner: u32) -> u32 {
    let distance = |a: u32, b: u32| {
        let (a, b) = (a.to_le_bytes(), b.to_le_bytes());
        (0..4).map(|i| u32::from(a[i].abs_diff(b[i]))).sum::<u32>()
    };
    // The prediction less the left one is above - corner, and so on.
    if distance(above, corner) < distance(left, corner) { left } else { above }
}

#[inline(always)]
fn each(a: u32, b: u32, c: u32, f: impl Fn(i32, i32, i32) -> i32) -> u32 {
    let (a, b, c) = (a.to_le_bytes(), b.to_le_bytes(), c.to_le_bytes());
    u32::from_le_bytes(core::array::from_fn(|i| {
        f(a[i].into(), b[i].into(), c[i].into()).clamp(0, 255) as u8
    }))
}

/// left + above - above left.
#[inline(always)]
pub fn gradient(left: u32, above: u32, corner: u32) -> u32 {
    each(left, above, corner, |left, above, corner| left + above - corner)
}

/// The average of left and above, and half of what that has more than above left.
#[inline(always)]
pub fn half_gradient(left: u32, above: u32, corner: u32) -> u32 {
    let mean = average(left, above);
    each(mean, corner, 0, |mean, corner, _| mean + (mean - corner) / 2)
}
