//! Entropy-coded images (RFC 9649 §3.6, §3.7), written.

use super::super::prefix::{self, Distances};
use super::code::Code;
use super::groups::{self, Coded, Groups};
use super::matches;
use super::parse::{Costs, Item, cheapest, greedy, visit};
use super::writer::Writer;
use crate::failure::Failure;

/// Largest colour cache that is tried, in bits.
const LARGEST_CACHE: u32 = 10;

/// What an image is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// For a transform, or as a map of groups: it has no colour cache, and one group of codes.
    Aid,
    /// The picture itself, for which the cheapest way is looked for so often, each time by what
    /// symbols took the time before.
    Picture { parses: u32 },
}

/// Writes an image of rows so `wide`.
pub fn write(pixels: &[u32], wide: usize, role: Role, writer: &mut Writer) -> Result<(), Failure> {
    let (main, parses) = match role {
        Role::Aid => (false, 1),
        Role::Picture { parses } => (true, parses),
    };
    let distances = Distances::new(wide as u32);
    let found = matches::find(pixels)?;
    let mut tokens = greedy(pixels, &found, wide)?;
    let bare = Coded { pixels, wide, tokens: &[], cache_bits: 0, distances: &distances };
    // A place in the cache takes no less than the one symbol that tells such a pixel.
    let cache_bits = if main && !matches::is_of_green(pixels) {
        best_cache(pixels.len(), |cache_bits| Coded { tokens: &tokens, cache_bits, ..bare })
    } else {
        0
    };
    for _ in 0..parses {
        let coded = Coded { tokens: &tokens, cache_bits, ..bare };
        let costs = Costs::new(coded.histogram().symbol_costs());
        tokens = cheapest(pixels, &found, &costs, cache_bits, &distances, wide)?;
    }
    drop(found);
    let coded = Coded { tokens: &tokens, cache_bits, ..bare };
    writer.put(u32::from(cache_bits > 0), 1);
    if cache_bits > 0 {
        writer.put(cache_bits, 4);
    }
    let groups = if main {
        let groups = groups::choose(&coded)?;
        writer.put(u32::from(groups.histograms.len() > 1), 1);
        if groups.histograms.len() > 1 {
            writer.put(groups.tile_bits - 2, 3);
            let map: Vec<u32> = groups.of_tiles.iter().map(|group| group << 8).collect();
            write(&map, wide.div_ceil(1 << groups.tile_bits), Role::Aid, writer)?;
        }
        groups
    } else {
        Groups { tile_bits: 0, of_tiles: Vec::new(), histograms: vec![coded.histogram()] }
    };
    let codes: Vec<[Code; 5]> = groups
        .histograms
        .iter()
        .map(|histogram| histogram.codes().map(|counts| Code::store(counts, writer)))
        .collect();
    write_items(&coded, &groups, &codes, writer);
    Ok(())
}

/// The size of cache with which the image takes least.
fn best_cache<'a>(count: usize, coded: impl Fn(u32) -> Coded<'a>) -> u32 {
    let largest = (usize::BITS - count.leading_zeros()).min(LARGEST_CACHE);
    let cost = |bits: u32| (coded(bits).histogram().cost(), bits);
    let (none, most) = (cost(0), cost(largest));
    let middle = cost(largest.div_ceil(2));
    let best = none.min(most).min(middle);
    if best.1 == 0 {
        return 0;
    }
    let near = [best.1 - 2.min(best.1 - 1), (best.1 + 2).min(largest)];
    near.into_iter().map(cost).fold(best, Ord::min).1
}

fn write_items(image: &Coded<'_>, groups: &Groups, codes: &[[Code; 5]], writer: &mut Writer) {
    let across = image.wide.div_ceil(1 << groups.tile_bits);
    let (mut start, mut y) = (0, 0);
    visit(image.pixels, image.tokens, image.cache_bits, image.distances, |at, item| {
        while at - start >= image.wide {
            start += image.wide;
            y += 1;
        }
        let tile = (y >> groups.tile_bits) * across + ((at - start) >> groups.tile_bits);
        let group = groups.of_tiles.get(tile).copied().unwrap_or(0);
        let Some([green, red, blue, alpha, distance]) = codes.get(group as usize) else { return };
        match item {
            Item::Literal(colour) => {
                let [b, g, r, a] = colour.to_le_bytes().map(u32::from);
                green.put(g, writer);
                red.put(r, writer);
                blue.put(b, writer);
                alpha.put(a, writer);
            }
            Item::Cached(place) => green.put(256 + 24 + place, writer),
            Item::Copy { length, code } => {
                let (symbol, bits, value) = prefix::split(length);
                green.put(256 + symbol, writer);
                writer.put(value, bits);
                let (symbol, bits, value) = prefix::split(code);
                distance.put(symbol, writer);
                writer.put(value, bits);
            }
        }
    });
}
