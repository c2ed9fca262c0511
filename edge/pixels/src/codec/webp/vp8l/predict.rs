//! The predictors of the predictor transform (RFC 9649 §3.5.1), on one pixel or four at a time.

use crate::simd::{I16x8, U8x16};

/// What is predicted where there is nothing to predict from.
pub const BLACK: u32 = 0xff00_0000;

/// The pixels around the one that is predicted.
#[derive(Clone, Copy)]
pub struct Around {
    pub left: U8x16,
    pub above: U8x16,
    /// Above left.
    pub corner: U8x16,
    /// Above right.
    pub right: U8x16,
}

impl Around {
    /// The prediction of `MODE`; of four pixels if there are so `MANY`, else of the first one.
    #[inline(always)]
    pub fn predict<const MODE: u32, const MANY: bool>(self) -> U8x16 {
        let Self { left, above, corner, right } = self;
        match MODE {
            1 => left,
            2 => above,
            3 => right,
            4 => corner,
            5 => left.mean_down(right).mean_down(above),
            6 => left.mean_down(corner),
            7 => left.mean_down(above),
            8 => corner.mean_down(above),
            9 => above.mean_down(right),
            10 => left.mean_down(corner).mean_down(above.mean_down(right)),
            // Whichever is nearer to left + above - corner, which is as far from the left one as
            // the one above is from the corner.
            11 => left.where_less(above, above.distances(corner), left.distances(corner)),
            12 => in_halves::<MANY>(left, above, corner, |left, above, corner| {
                left.add(above).sub(corner)
            }),
            // The mean, and half of what it has more than the corner, rounded towards zero.
            13 => in_halves::<MANY>(left.mean_down(above), corner, corner, |mean, corner, _| {
                let more = mean.sub(corner);
                mean.add(more.sub(more.shr(15)).shr(1))
            }),
            _ => U8x16::load_words(&[BLACK; 4]),
        }
    }
}

/// Computes with 16 bits and moves what is outside of 0 to 255 to the nearer end.
#[inline(always)]
fn in_halves<const MANY: bool>(
    a: U8x16,
    b: U8x16,
    c: U8x16,
    f: impl Fn(I16x8, I16x8, I16x8) -> I16x8,
) -> U8x16 {
    let ((a_low, a_high), (b_low, b_high), (c_low, c_high)) = (a.widen(), b.widen(), c.widen());
    let low = f(a_low, b_low, c_low);
    U8x16::narrow(low, if MANY { f(a_high, b_high, c_high) } else { low })
}

/// Calls a function that is generic in the mode.
macro_rules! with_mode {
    ($mode:expr, $function:ident($($argument:expr),*)) => {
        match $mode {
            1 => $function::<1>($($argument),*),
            2 => $function::<2>($($argument),*),
            3 => $function::<3>($($argument),*),
            4 => $function::<4>($($argument),*),
            5 => $function::<5>($($argument),*),
            6 => $function::<6>($($argument),*),
            7 => $function::<7>($($argument),*),
            8 => $function::<8>($($argument),*),
            9 => $function::<9>($($argument),*),
            10 => $function::<10>($($argument),*),
            11 => $function::<11>($($argument),*),
            12 => $function::<12>($($argument),*),
            13 => $function::<13>($($argument),*),
            _ => $function::<0>($($argument),*),
        }
    };
}
pub(super) use with_mode;
