//! The symbols of a block, one after the other.

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
/// that were ahead enough are left for that.
pub fn hot(
    from: &mut Place<'_>,
    codes: &Codes,
    out: &mut [u8],
    filled: &mut usize,
    limit: usize,
) -> Step {
    let (mut place, mut at, mut step) = (*from, *filled, Step::On);
    if place.refill() {
        let mut entry = codes.literal(place.ahead);
        while at < limit {
            if entry.literals() > 0 {
                put(out, &mut at, entry, &mut place);
                entry = codes.literal(place.ahead);
                if entry.literals() > 0 {
                    put(out, &mut at, entry, &mut place);
                    entry = codes.literal(place.ahead);
                    if entry.literals() > 0 {
                        put(out, &mut at, entry, &mut place);
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
            step = symbol(entry, &mut place, codes, out, &mut at);
            entry = codes.literal(place.ahead);
            if step != Step::On || !place.refill() {
                break;
            }
        }
    }
    (*from, *filled) = (place, at);
    step
}

/// What begins with `entry`, for which 48 bits are ahead.
#[inline(always)]
pub fn symbol(
    mut entry: Entry,
    place: &mut Place<'_>,
    codes: &Codes,
    out: &mut [u8],
    at: &mut usize,
) -> Step {
    if entry.is_link() {
        entry = codes.longer_literal(entry, place.ahead);
    }
    if entry.literals() > 0 {
        put(out, at, entry, place);
        return Step::On;
    }
    if !entry.is_plain() {
        place.skip(entry.bits());
        return if entry.is_end() { Step::End } else { Step::Lost };
    }
    let length = entry.value(place.ahead);
    place.skip(entry.bits());
    let entry = codes.distance(place.ahead);
    let distance = entry.value(place.ahead);
    place.skip(entry.bits());
    if !entry.is_plain() || distance > *at {
        return Step::Lost;
    }
    copy(out, *at, distance, length);
    *at += length;
    Step::On
}

/// Writes one or two literals.
#[inline(always)]
fn put(out: &mut [u8], at: &mut usize, entry: Entry, place: &mut Place<'_>) {
    if let Some(two) = out.get_mut(*at..*at + 2) {
        two.copy_from_slice(&entry.pair());
    }
    *at += entry.literals();
    place.skip(entry.bits());
}
