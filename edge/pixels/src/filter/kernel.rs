//! The loops of the filter: down over rows in pairs, across along a row, and between samples and
//! the numbers that are summed up.

use super::packed;
use super::taps::{Taps, WEIGHT_BITS};
use crate::raster::Channels;
use crate::simd::{I16x8, I32x4, sums};

/// Fractional bits of a sample between the two directions. With these a sum of weighted samples
/// that overshoots by half still fits 16 bits.
pub const SAMPLE_BITS: u32 = 6;

/// Puts the samples of two rows side by side: a0 b0 a1 b1 and so on.
pub fn interleave(a: &[i16], b: &[i16], pairs: &mut [i16]) {
    let vectors = a.as_chunks::<8>().0.iter().zip(b.as_chunks::<8>().0);
    for (place, (a, b)) in pairs.as_chunks_mut::<16>().0.iter_mut().zip(vectors) {
        let (a, b) = (I16x8::load(a), I16x8::load(b));
        let (places, _) = place.as_chunks_mut::<8>();
        a.interleave_low(b).store(&mut places[0]);
        a.interleave_high(b).store(&mut places[1]);
    }
}

/// A pair of rows: where in the ring it begins, and its two weights by turns.
pub type Pair = (usize, I16x8);

/// Sums up pairs of rows to one row.
pub fn down(ring: &[i16], pairs: &[Pair], row: &mut [i16]) {
    // The usual numbers of pairs as constants, so that the loops over them unroll: each time round
    // a loop costs a look at the embedder's clock.
    macro_rules! by {
        ($($count:literal)*) => {
            match pairs.len() {
                $($count => down_by::<$count>(ring, pairs, row),)*
                _ => down_by_any(ring, pairs, row),
            }
        };
    }
    by!(1 2 3 4 5 6 7 8 9 10 11 12);
}

fn down_by<const N: usize>(ring: &[i16], pairs: &[Pair], row: &mut [i16]) {
    let Some(pairs) = pairs.first_chunk::<N>() else { return };
    let (places, _) = row.as_chunks_mut::<16>();
    let rows = pairs.map(|(at, _)| {
        ring.get(at..at + places.len() * 32).unwrap_or_default().as_chunks::<32>().0
    });
    for (chunk, place) in places.iter_mut().enumerate() {
        let mut totals = [I32x4::splat(1 << (WEIGHT_BITS - 1)); 4];
        for (samples, (_, weights)) in rows.iter().zip(pairs) {
            if let Some(samples) = samples.get(chunk) {
                add(&mut totals, samples, *weights);
            }
        }
        put(totals, place);
    }
}

fn down_by_any(ring: &[i16], pairs: &[Pair], row: &mut [i16]) {
    for (chunk, place) in row.as_chunks_mut::<16>().0.iter_mut().enumerate() {
        let mut totals = [I32x4::splat(1 << (WEIGHT_BITS - 1)); 4];
        for (at, weights) in pairs {
            if let Some(samples) = ring.get(at + chunk * 32..).and_then(<[i16]>::first_chunk) {
                add(&mut totals, samples, *weights);
            }
        }
        put(totals, place);
    }
}

/// Adds sixteen samples of a pair of rows.
#[inline(always)]
fn add(totals: &mut [I32x4; 4], samples: &[i16; 32], weights: I16x8) {
    for (total, samples) in totals.iter_mut().zip(samples.as_chunks::<8>().0) {
        *total = total.add(I16x8::load(samples).dot(weights));
    }
}

/// Stores sixteen sums as samples.
#[inline(always)]
fn put(totals: [I32x4; 4], place: &mut [i16; 16]) {
    let [t0, t1, t2, t3] = totals.map(|total| total.shr(WEIGHT_BITS));
    let (places, _) = place.as_chunks_mut::<8>();
    t0.narrow(t1).store(&mut places[0]);
    t2.narrow(t3).store(&mut places[1]);
}

/// Filters a line of one channel along itself.
pub fn across(taps: &Taps, source: &[i16], line: &mut [i16]) {
    // The usual numbers of taps as constants, so that the loops over them unroll.
    match taps.stride {
        8 => across_by::<1>(taps, source, line),
        16 => across_by::<2>(taps, source, line),
        24 => across_by::<3>(taps, source, line),
        32 => across_by::<4>(taps, source, line),
        _ => across_by::<0>(taps, source, line),
    }
}

/// [`across`] four outputs at a time, `VECTORS` vectors of taps each, or as many
/// as there are if that is 0.
fn across_by<const VECTORS: usize>(taps: &Taps, source: &[i16], line: &mut [i16]) {
    let half = I32x4::splat(1 << (WEIGHT_BITS - 3));
    let length = if VECTORS == 0 { taps.stride } else { VECTORS * 8 };
    let outputs = taps.spans.chunks(4).zip(taps.weights.chunks(length * 4));
    for (places, (spans, weights)) in line.as_chunks_mut::<4>().0.iter_mut().zip(outputs) {
        // What starts at a quarter of a half each sums up to the half that rounds.
        let mut totals = [half; 4];
        for ((total, (start, _)), weights) in
            totals.iter_mut().zip(spans).zip(weights.chunks_exact(length))
        {
            let start = *start as usize;
            let Some(window) = source.get(start..start + length) else { continue };
            let vectors = window.as_chunks::<8>().0.iter().zip(weights.as_chunks::<8>().0);
            for (samples, weights) in vectors {
                *total = total.add(I16x8::load(samples).dot(I16x8::load(weights)));
            }
        }
        let total = sums(totals).shr(WEIGHT_BITS);
        let mut lanes = [0; 8];
        total.narrow(total).store(&mut lanes);
        places.copy_from_slice(&lanes[..4]);
    }
}

/// Samples with their fraction; colours weighted by alpha.
pub fn widen(row: &[u8], place: &mut [i16], channels: Channels) {
    if !channels.has_alpha() {
        for (place, sample) in place.iter_mut().zip(row) {
            *place = i16::from(*sample) << SAMPLE_BITS;
        }
        return;
    }
    let count = channels.count();
    for (place, pixel) in place.chunks_exact_mut(count).zip(row.chunks_exact(count)) {
        let alpha = i32::from(pixel[count - 1]);
        for (place, sample) in place.iter_mut().zip(&pixel[..count - 1]) {
            *place = ((((i32::from(*sample) * alpha) << SAMPLE_BITS) + 127) / 255) as i16;
        }
        place[count - 1] = (alpha as i16) << SAMPLE_BITS;
    }
}

/// A line of each channel back to packed samples, colours no longer weighted by alpha.
pub fn narrow(line: &[i16], padded: usize, out: &mut [u8], channels: Channels) {
    let rounded = |value: i16| {
        ((i32::from(value) + (1 << (SAMPLE_BITS - 1))) >> SAMPLE_BITS).clamp(0, 255) as u8
    };
    let count = channels.count();
    if count == 1 {
        let half = I16x8::splat(1 << (SAMPLE_BITS - 1));
        let (places, rest) = out.as_chunks_mut::<8>();
        let (vectors, last) = line.split_at_checked(places.len() * 8).unwrap_or_default();
        for (place, vector) in places.iter_mut().zip(vectors.as_chunks::<8>().0) {
            // Far from the ends of the range, so that nothing overflows.
            I16x8::load(vector).add(half).shr(SAMPLE_BITS).store_bytes(place);
        }
        for (place, value) in rest.iter_mut().zip(last) {
            *place = rounded(*value);
        }
        return;
    }
    if !channels.has_alpha() {
        let done = packed::pack(line, padded, SAMPLE_BITS, out);
        let out = out.get_mut(done * count..).unwrap_or_default();
        for (channel, line) in line.chunks_exact(padded).enumerate() {
            let places = out.iter_mut().skip(channel).step_by(count);
            for (place, value) in places.zip(line.iter().skip(done)) {
                *place = rounded(*value);
            }
        }
        return;
    }
    for (x, pixel) in out.chunks_exact_mut(count).enumerate() {
        let value = |channel: usize| line.get(channel * padded + x).copied().unwrap_or(0);
        let alpha = i32::from(value(count - 1));
        for (channel, place) in pixel.iter_mut().enumerate() {
            *place = if channel == count - 1 {
                rounded(alpha as i16)
            } else if alpha <= 0 {
                0
            } else {
                ((i32::from(value(channel)) * 255 + alpha / 2) / alpha).clamp(0, 255) as u8
            };
        }
    }
}
