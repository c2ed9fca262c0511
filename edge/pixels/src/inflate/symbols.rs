//! The symbols of a block, one after the other.
#![expect(unsafe_code, reason = "the loop over symbols checks its bounds once a round")]

use super::bits::Place;
use super::codes::Codes;
use super::copy::{BLOCK, copy};
use super::entry::Entry;

/// Bytes that one round may write: the longest match, copied block by block, behind six literals.
pub const ROUND: usize = 6 + 258 + BLOCK;

/// What a symbol leads to.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Step {
    On,
    End,
    Lost,
}

/// Goes on as long as there is room and the piece has another eight bytes.
///
/// What comes next is looked up before bits are loaded, so that neither waits for the other: of the bits
/// that were ahead enough are left for that. It is no part of another function, so that it has the
/// registers for itself.
#[inline(never)]
pub fn hot(
    from: &mut Place<'_>,
    codes: &Codes,
    out: &mut [u8],
    filled: &mut usize,
    limit: usize,
) -> Step {
    let (mut place, mut at, mut step) = (*from, *filled, Step::On);
    let limit = limit.min(out.len().saturating_sub(ROUND));
    if place.refill() {
        let mut entry = codes.literal(place.ahead);
        while at < limit {
            if entry.literals() > 0 {
                // SAFETY: `at` was below `limit`, behind which there is room for a round, which is six
                // literals and a match.
                unsafe { put(out, &mut at, entry, &mut place) };
                entry = codes.literal(place.ahead);
                if entry.literals() > 0 {
                    // SAFETY: the same.
                    unsafe { put(out, &mut at, entry, &mut place) };
                    entry = codes.literal(place.ahead);
                    if entry.literals() > 0 {
                        // SAFETY: the same.
                        unsafe { put(out, &mut at, entry, &mut place) };
                        entry = codes.literal(place.ahead);
                        if !place.refill() {
                            break;
                        }
                        continue;
                    }
                }
                if !place.refill() {
                    break;
                }
            }
            // SAFETY: the same.
            step = unsafe { other(entry, &mut place, codes, out, &mut at) };
            entry = codes.literal(place.ahead);
            if step != Step::On || !place.refill() {
                break;
            }
        }
    }
    (*from, *filled) = (place, at);
    step
}

/// What begins with `entry`, for which 48 bits are ahead. Without room for a round it is lost.
pub fn symbol(
    entry: Entry,
    place: &mut Place<'_>,
    codes: &Codes,
    out: &mut [u8],
    at: &mut usize,
) -> Step {
    if out.len().saturating_sub(*at) < ROUND {
        return Step::Lost;
    }
    if entry.literals() > 0 {
        // SAFETY: there is room for a round.
        unsafe { put(out, at, entry, place) };
        return Step::On;
    }
    // SAFETY: there is room for a round.
    unsafe { other(entry, place, codes, out, at) }
}

/// The same where the look-up gave no literals.
///
/// # Safety
/// There has to be room for the longest match and a block.
#[inline(always)]
unsafe fn other(
    mut entry: Entry,
    place: &mut Place<'_>,
    codes: &Codes,
    out: &mut [u8],
    at: &mut usize,
) -> Step {
    if entry.is_link() {
        entry = codes.longer_literal(entry, place.ahead);
        if entry.literals() > 0 {
            // SAFETY: there is room for more than that.
            unsafe { put(out, at, entry, place) };
            return Step::On;
        }
    }
    if !entry.is_plain() {
        place.skip(entry);
        return if entry.is_end() { Step::End } else { Step::Lost };
    }
    let length = entry.value(place.ahead);
    place.skip(entry);
    let entry = codes.distance(place.ahead);
    let distance = entry.value(place.ahead);
    place.skip(entry);
    if !entry.is_plain() || distance > *at {
        return Step::Lost;
    }
    // SAFETY: there is room, and so many bytes are before.
    unsafe { copy(out, *at, distance, length) };
    *at += length;
    Step::On
}

/// Writes one or two literals.
///
/// # Safety
/// There has to be room for two.
#[inline(always)]
unsafe fn put(out: &mut [u8], at: &mut usize, entry: Entry, place: &mut Place<'_>) {
    // SAFETY: there is room for both.
    unsafe { out.as_mut_ptr().add(*at).cast::<[u8; 2]>().write(entry.pair()) };
    *at += entry.literals();
    place.skip(entry);
}
