//! The filters in which a pixel waits for the one at its left (PNG §9.2). What they take is the time of
//! that wait, so each is written for the fewest steps from one pixel to the next.
//!
//! Rows are taken in blocks of as many pixels of `N` bytes as a vector holds, and each has another block
//! behind it, of which nothing matters.

use crate::simd::{I16x8, U8x16};

/// Lanes of a vector.
pub const LANES: usize = 16;

/// Where lanes come from. What is no number of a lane gives zero.
type Places = [u8; LANES];

const NONE: u8 = u8::MAX;

/// Adds up pixels.
#[inline(never)]
pub fn sub<const N: usize>(filtered: &[u8], above: &[u8], out: &mut [u8]) {
    let mut before = U8x16::splat(0);
    blocks::<N>(filtered, above, out, |pixels, _| {
        let mut sums = pixels;
        for places in const { [later(N), later(2 * N), later(4 * N), later(8 * N)] } {
            sums = sums.add(sums.swizzle(U8x16::load(&places)));
        }
        sums = sums.add(before);
        before = sums.swizzle(U8x16::load(const { &last::<N>() }));
        sums
    });
}

/// Adds means of left and above, rounded down.
///
/// Of complements the mean that is rounded up is the complement of that mean. So with all of left and
/// above complemented a pixel takes two steps: a mean, and a difference.
#[inline(never)]
pub fn average<const N: usize>(filtered: &[u8], above: &[u8], out: &mut [u8]) {
    let mut left = U8x16::splat(u8::MAX);
    blocks::<N>(filtered, above, out, |x, above| {
        let above = above.not();
        let mut block = U8x16::splat(0);
        for pixel in 0..LANES / N {
            let first = place(const { &first::<N>() }, pixel);
            left = left.mean(above.swizzle(first)).sub(x.swizzle(first));
            let back = place(const { &back::<N>() }, pixel);
            block = block.or(left.not().swizzle(back));
        }
        block
    });
}

/// Adds of left, above and corner the one that is nearest to left + above − corner.
///
/// With `a`, `b` and `c` for the three, that is the smaller one of `a` and `b` if 3c − a − b is at least the
/// larger one, the larger one if it is at most the smaller one, and else `c`, which is between them then.
/// Solved for `a`: the smaller one up to the lesser of (3c − b) / 2 and 3c − 2b, the larger one from the
/// greater of these on. Both can be known before `a` is.
#[inline(never)]
pub fn paeth<const N: usize>(filtered: &[u8], above: &[u8], out: &mut [u8]) {
    let one = I16x8::splat(1);
    let (mut a, mut c) = (I16x8::splat(0), I16x8::splat(0));
    blocks::<N>(filtered, above, out, |x, above| {
        let mut block = U8x16::splat(0);
        for pixel in 0..LANES / N {
            let first = place(const { &widened::<N>() }, pixel);
            let (x, b) = (x.swizzle_pairs(first), above.swizzle_pairs(first));
            let double = c.add(c).add(c).sub(b);
            let (half, other) = (double.shr(1), double.sub(b));
            // Rounded down and up.
            let (up_to, from) = (half.min(other), double.sub(half).max(other));
            let (above_low, high) = (a.larger(up_to), a.larger(from.sub(one)));
            // If both are so, the smaller one is the larger one, too.
            let outer = a.min(b).without(above_low).or(a.max(b).and(high));
            let nearest = outer.or(c.and(above_low.without(high)));
            (a, c) = (nearest.add_bytes(x), b);
            block = block.or(a.swizzle_bytes(place(const { &narrowed::<N>() }, pixel)));
        }
        block
    });
}

#[inline(always)]
fn place(all: &'static [Places; LANES], pixel: usize) -> U8x16 {
    U8x16::load(all.get(pixel).unwrap_or(&[NONE; LANES]))
}

/// Where the lanes of each pixel come from to be the first ones.
const fn first<const N: usize>() -> [Places; LANES] {
    let mut all = [[NONE; LANES]; LANES];
    let mut place = 0;
    while place < LANES / N * N {
        all[place / N][place % N] = place as u8;
        place += 1;
    }
    all
}

/// Where the lanes of each pixel come from when they were the first ones.
const fn back<const N: usize>() -> [Places; LANES] {
    let mut all = [[NONE; LANES]; LANES];
    let mut place = 0;
    while place < LANES / N * N {
        all[place / N][place] = (place % N) as u8;
        place += 1;
    }
    all
}

/// Where they come from to be the first pairs.
const fn widened<const N: usize>() -> [Places; LANES] {
    let mut all = [[NONE; LANES]; LANES];
    let mut place = 0;
    while place < LANES / N * N {
        all[place / N][place % N * 2] = place as u8;
        place += 1;
    }
    all
}

/// Where they come from when they were the first pairs.
const fn narrowed<const N: usize>() -> [Places; LANES] {
    let mut all = [[NONE; LANES]; LANES];
    let mut place = 0;
    while place < LANES / N * N {
        all[place / N][place] = (place % N * 2) as u8;
        place += 1;
    }
    all
}

/// Where lanes come from that move back by so many.
const fn later(by: usize) -> Places {
    let mut places = [NONE; LANES];
    let mut place = by;
    while place < LANES {
        places[place] = (place - by) as u8;
        place += 1;
    }
    places
}

/// The last pixel everywhere.
const fn last<const N: usize>() -> Places {
    let mut places = [0; LANES];
    let mut place = 0;
    while place < LANES {
        places[place] = (LANES / N * N - N + place % N) as u8;
        place += 1;
    }
    places
}

/// Goes through a row and the one above, block by block.
#[inline(always)]
fn blocks<const N: usize>(
    filtered: &[u8],
    above: &[u8],
    out: &mut [u8],
    mut next: impl FnMut(U8x16, U8x16) -> U8x16,
) {
    let mut at = 0;
    while at + LANES < out.len() {
        let block = |row: &[u8]| row.get(at..).and_then(|row| row.first_chunk().map(U8x16::load));
        let place = out.get_mut(at..).and_then(|row| row.first_chunk_mut());
        let (Some(x), Some(above), Some(place)) = (block(filtered), block(above), place) else {
            return;
        };
        // What is behind the last whole pixel is written again.
        next(x, above).store(place);
        at += LANES / N * N;
    }
}
