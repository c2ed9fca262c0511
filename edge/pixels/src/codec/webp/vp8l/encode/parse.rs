//! An image as literals, cached colours and back-references.

use super::super::cache::Cache;
use super::super::codes::LENGTHS;
use super::super::prefix::{self, Distances};
use super::histogram::{ALPHA, BLUE, CACHED, DISTANCE, GREEN, LENGTH, RED};
use super::matches::{LONGEST, Match, longer};
use crate::budget::zeros;
use crate::failure::Failure;

/// What is coded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Item {
    Literal(u32),
    /// A place in the colour cache.
    Cached(u32),
    Copy {
        length: u32,
        code: u32,
    },
}

/// Calls `f` with each item and the place of its pixel. `tokens` are the back-references, with
/// [`Match::NONE`] for each pixel between them.
pub fn visit(
    pixels: &[u32],
    tokens: &[Match],
    cache_bits: u32,
    distances: &Distances,
    mut f: impl FnMut(usize, Item),
) {
    let mut cache = (cache_bits > 0).then(|| Cache::new(cache_bits));
    // An empty cache holds transparent black.
    let (mut at, mut before) = (0, 0);
    for token in tokens {
        let end = at + token.length() as usize;
        let part = pixels.get(at..end).unwrap_or_default();
        if *token == Match::NONE {
            let Some(colour) = part.first().copied() else { return };
            let place = cache.as_ref().map(|cache| (cache.place(colour), cache));
            let held = place.filter(|(place, cache)| cache.get(*place) == Some(colour));
            f(at, held.map_or(Item::Literal(colour), |(place, _)| Item::Cached(place)));
        } else {
            let (length, code) = (token.length(), distances.code(token.distance()));
            f(at, Item::Copy { length, code });
        }
        if let Some(cache) = &mut cache {
            // In runs of one colour it is there already.
            let changes = part.iter().filter(|colour| {
                let changed = **colour != before;
                before = **colour;
                changed
            });
            changes.for_each(|colour| cache.put(*colour));
        }
        at = end;
    }
}

/// A first choice: every match that is likely to be worth it.
pub fn greedy(pixels: &[u32], matches: &[Match], wide: usize) -> Result<Vec<Match>, Failure> {
    let mut tokens = room(pixels.len())?;
    let mut near = Near::new(wide);
    let mut at = 0;
    while at < pixels.len() {
        let [left, above] = near.at(pixels, at);
        let far = matches.get(at).copied().unwrap_or_default();
        // Near ones have short codes.
        let near = if above.length() >= left.length() { above } else { left };
        let best = if far.length() > near.length() + 3 { far } else { near };
        let next = matches.get(at + 1).map_or(0, |next| next.length());
        let least = if best == near { 3 } else { 5 };
        let token =
            if best.length() < least || next > best.length() + 1 { Match::NONE } else { best };
        at += token.length() as usize;
        tokens.push(token);
    }
    Ok(tokens)
}

/// The matches with the pixel at the left and the one above.
struct Near {
    wide: usize,
    ends: [usize; 2],
}

impl Near {
    fn new(wide: usize) -> Self {
        Self { wide, ends: [0; 2] }
    }

    #[inline(always)]
    fn at(&mut self, pixels: &[u32], at: usize) -> [Match; 2] {
        let limit = pixels.len().min(at + LONGEST);
        let mut one = |index: usize, distance: usize| {
            if distance > at {
                return Match::NONE;
            }
            let end = longer(pixels, at, distance, self.ends[index].max(at), limit);
            self.ends[index] = end;
            if end > at { Match::new(distance, end - at) } else { Match::NONE }
        };
        [one(0, 1), one(1, self.wide)]
    }
}

/// Room for a token for each pixel: a list that grows would be in memory twice while it moves.
fn room(count: usize) -> Result<Vec<Match>, Failure> {
    let mut tokens = Vec::new();
    let refused = |_| Failure::out_of_memory(count * size_of::<Match>());
    tokens.try_reserve_exact(count).map_err(refused)?;
    Ok(tokens)
}

/// Pixels that are parsed at once.
const SEGMENT: usize = 1 << 14;

/// Shorter variants of a match are tried up to this length.
const SHORT: usize = 9;

/// A match so long is taken without a look at what begins inside it.
const LONG: usize = 160;

/// What items take, with 8 fractional bits.
pub struct Costs {
    symbols: Vec<u32>,
    /// By length.
    lengths: Vec<u32>,
}

impl Costs {
    /// From what symbols take.
    pub fn new(symbols: Vec<u32>) -> Self {
        let of = |length: u32| {
            let (symbol, bits, _) = prefix::split(length.max(1));
            symbols.get(LENGTH + symbol as usize % LENGTHS).map_or(0, |cost| cost + (bits << 8))
        };
        let lengths = (0..=LONGEST as u32).map(of).collect();
        Self { symbols, lengths }
    }

    #[inline(always)]
    fn symbol(&self, place: usize) -> u32 {
        self.symbols.get(place).copied().unwrap_or(0)
    }

    fn literal(&self, colour: u32) -> u32 {
        let [blue, green, red, alpha] = colour.to_le_bytes().map(usize::from);
        self.symbol(GREEN + green)
            + self.symbol(RED + red)
            + self.symbol(BLUE + blue)
            + self.symbol(ALPHA + alpha)
    }

    /// Goes as far as short variants of a match do, where that is cheaper. Of all at once, since each
    /// would be a branch that no one could foretell.
    #[inline(always)]
    fn relax(
        &self,
        total: u32,
        distance: usize,
        length: usize,
        totals: &mut [u32; SHORT],
        steps: &mut [Match; SHORT],
    ) {
        let Some([_, costs @ ..]) = self.lengths.first_chunk::<{ SHORT + 1 }>() else { return };
        for (before, ((place, step), cost)) in totals.iter_mut().zip(steps).zip(costs).enumerate() {
            let total = total + cost;
            let is_better = before + 1 < length && total < *place;
            *place = if is_better { total } else { *place };
            *step = if is_better { Match::new(distance, before + 1) } else { *step };
        }
    }

    fn distance(&self, code: u32) -> u32 {
        let (symbol, bits, _) = prefix::split(code);
        self.symbol(DISTANCE + symbol as usize) + (bits << 8)
    }
}

/// The cheapest way through the image, or nearly.
pub fn cheapest(
    pixels: &[u32],
    matches: &[Match],
    costs: &Costs,
    cache_bits: u32,
    distances: &Distances,
    wide: usize,
) -> Result<Vec<Match>, Failure> {
    let mut tokens = room(pixels.len())?;
    let mut cache = (cache_bits > 0).then(|| Cache::new(cache_bits));
    let mut near = Near::new(wide);
    let of_near = [1, wide as u32].map(|distance| costs.distance(distances.code(distance)));
    // What it takes at least to come to each place of a segment, and the last step to it.
    let mut totals: Vec<u32> = zeros(SEGMENT + 1 + SHORT)?;
    let mut steps: Vec<Match> = zeros(SEGMENT + 1 + SHORT)?;
    let mut back = Vec::new();
    for (start, part) in pixels.chunks(SEGMENT).enumerate() {
        let start = start * SEGMENT;
        totals.fill(u32::MAX);
        totals[0] = 0;
        let mut at = 0;
        // Up to here a long match was taken; inside it pixels go into the cache only.
        let mut taken = 0;
        while at < part.len() {
            let colour = part[at];
            let mut literal = None;
            if let Some(cache) = &mut cache {
                let place = cache.place(colour);
                if cache.get(place) == Some(colour) {
                    literal = Some(costs.symbol(CACHED + place as usize));
                } else {
                    cache.put(colour);
                }
            }
            if at < taken {
                at += 1;
                continue;
            }
            let total = totals[at];
            let literal = total + literal.unwrap_or_else(|| costs.literal(colour));
            if literal < totals[at + 1] {
                (totals[at + 1], steps[at + 1]) = (literal, Match::NONE);
            }
            let left = part.len() - at;
            let [left_match, above_match] = near.at(pixels, start + at);
            let far = matches.get(start + at).copied().unwrap_or_default();
            let far_cost =
                if far == Match::NONE { 0 } else { costs.distance(distances.code(far.distance())) };
            let candidates = [(left_match, of_near[0]), (above_match, of_near[1]), (far, far_cost)];
            let mut longest = 0;
            for (found, cost) in candidates {
                if found == Match::NONE {
                    continue;
                }
                let distance = found.distance() as usize;
                let length = (found.length() as usize).min(left);
                let total = total + cost;
                let whole = total + costs.lengths[length];
                if whole < totals[at + length] {
                    totals[at + length] = whole;
                    steps[at + length] = Match::new(distance, length);
                }
                let places =
                    totals[at + 1..].first_chunk_mut().zip(steps[at + 1..].first_chunk_mut());
                if let Some((totals, steps)) = places {
                    costs.relax(total, distance, length, totals, steps);
                }
                longest = longest.max(length);
            }
            if longest >= LONG {
                taken = at + longest;
            }
            at += 1;
        }
        let mut end = part.len();
        while end > 0 {
            let step = steps[end];
            back.push(step);
            end -= step.length() as usize;
        }
        tokens.extend(back.drain(..).rev());
    }
    Ok(tokens)
}
