//! The lines of a block among others': slices of samples, by the stride from one to the next.
//!
//! `chunks` would do, but it divides by the stride when it is zipped, which takes longer than a
//! small block.

/// So many lines of so many samples, as far as there are any.
#[inline(always)]
pub fn lines(
    samples: &[u8],
    stride: usize,
    width: usize,
    height: usize,
) -> impl Iterator<Item = &[u8]> {
    (0..height).map_while(move |y| samples.get(y * stride..y * stride + width))
}

/// The same, to be changed.
#[inline(always)]
pub fn lines_mut(
    samples: &mut [u8],
    stride: usize,
    width: usize,
    height: usize,
) -> impl Iterator<Item = &mut [u8]> {
    let mut rest = samples;
    (0..height).map_while(move |_| {
        let line = core::mem::take(&mut rest);
        let (line, below) = line.split_at_mut(stride.min(line.len()));
        rest = below;
        line.get_mut(..width)
    })
}
