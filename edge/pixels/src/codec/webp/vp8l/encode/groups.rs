//! Groups of codes: which tiles share one (RFC 9649 §3.7.2.2).
//!
//! Tiles are clustered as by k-means, the distance being what a tile's symbols take in a cluster's
//! codes. Then clusters are merged for as long as that makes the image smaller.

use super::super::prefix::Distances;
use super::histogram::{Histogram, cost};
use super::log2::BITS;
use super::matches::Match;
use super::parse::visit;
use crate::failure::Failure;

/// Clusters at the beginning.
const CLUSTERS: usize = 32;

/// Tiles that are not passed unless the image is huge: clustering takes time for each.
const MOST_TILES: usize = 1_600;

/// Smallest and largest tiles, as binary logarithms of a side.
const TILE_BITS: core::ops::RangeInclusive<u32> = 4..=7;

/// The groups of an image.
pub struct Groups {
    pub tile_bits: u32,
    /// The group of each tile, row by row.
    pub of_tiles: Vec<u32>,
    pub histograms: Vec<Histogram>,
}

/// An image as it is coded.
#[derive(Clone, Copy)]
pub struct Coded<'a> {
    pub pixels: &'a [u32],
    pub wide: usize,
    pub tokens: &'a [Match],
    pub cache_bits: u32,
    pub distances: &'a Distances,
}

impl Coded<'_> {
    /// The symbols of the whole image.
    pub fn histogram(&self) -> Histogram {
        let mut histogram = Histogram::new(self.cache_bits);
        visit(self.pixels, self.tokens, self.cache_bits, self.distances, |_, item| {
            histogram.add(item);
        });
        histogram
    }
}

/// The symbols of each tile with their counts.
struct Tiles {
    tiles: Vec<Vec<(u16, u16)>>,
}

impl Tiles {
    fn new(image: &Coded<'_>, bits: u32) -> Result<Self, Failure> {
        let across = image.wide.div_ceil(1 << bits);
        let mut tiles = Self { tiles: Vec::new() };
        let mut row: Vec<Histogram> = vec![Histogram::new(image.cache_bits); across];
        let mut refused = false;
        let (mut start, mut y, mut band) = (0, 0, 0);
        visit(image.pixels, image.tokens, image.cache_bits, image.distances, |at, item| {
            while at - start >= image.wide {
                start += image.wide;
                y += 1;
            }
            if y >> bits != band {
                band = y >> bits;
                refused |= !tiles.push(&mut row);
            }
            if let Some(histogram) = row.get_mut((at - start) >> bits) {
                histogram.add(item);
            }
        });
        refused |= !tiles.push(&mut row);
        // A back-reference may reach over whole bands.
        let down = (image.pixels.len() / image.wide.max(1)).div_ceil(1 << bits);
        tiles.tiles.resize(across * down, Vec::new());
        if refused {
            return Err(Failure::out_of_memory(image.pixels.len()));
        }
        Ok(tiles)
    }

    /// Takes a row of tiles and empties it; whether there was room.
    fn push(&mut self, row: &mut [Histogram]) -> bool {
        for histogram in row {
            let used = histogram.counts.iter().filter(|count| **count > 0).count();
            let mut symbols = Vec::new();
            if symbols.try_reserve_exact(used).is_err() {
                return false;
            }
            // Most are not used: of those, many are passed at once.
            for (first, counts) in (0..).step_by(8).zip(histogram.counts.chunks_mut(8)) {
                if *counts == [0; 8] {
                    continue;
                }
                for (symbol, count) in (first..).zip(counts) {
                    if *count > 0 {
                        symbols.push((symbol, *count as u16));
                        *count = 0;
                    }
                }
            }
            self.tiles.push(symbols);
        }
        true
    }
}

/// Groups for an image of at least one pixel.
pub fn choose(image: &Coded<'_>) -> Result<Groups, Failure> {
    let whole = image.histogram();
    let size = (image.wide, image.pixels.len() / image.wide.max(1));
    let tiles = |bits: u32| size.0.div_ceil(1 << bits) * size.1.div_ceil(1 << bits);
    let bits = TILE_BITS.clone().find(|bits| tiles(*bits) <= MOST_TILES);
    let tile_bits = bits.unwrap_or(*TILE_BITS.end());
    let one = Groups { tile_bits, of_tiles: Vec::new(), histograms: vec![whole.clone()] };
    if tiles(tile_bits) < 4 || image.tokens.len() < 1_024 {
        return Ok(one);
    }
    let tiles = Tiles::new(image, tile_bits)?;
    let (mut of_tiles, mut clusters) = begin(&tiles, &whole);
    for _ in 0..2 {
        clusters = assign(&tiles, &clusters, &mut of_tiles);
    }
    merge(&mut clusters);
    clusters = assign(&tiles, &clusters, &mut of_tiles);
    number(&mut of_tiles, &mut clusters);
    let coded: u64 = clusters.iter().map(Histogram::cost).sum();
    if coded + cost_of_map(&of_tiles, clusters.len()) >= whole.cost() {
        return Ok(one);
    }
    Ok(Groups { tile_bits, of_tiles, histograms: clusters })
}

/// What the image of groups takes, if neighbours tell nothing.
fn cost_of_map(of_tiles: &[u32], clusters: usize) -> u64 {
    let mut counts = vec![0; clusters];
    for cluster in of_tiles {
        counts[*cluster as usize] += 1;
    }
    cost(&counts)
}

/// First clusters: by what a tile's symbols take on average, those of green and the others.
fn begin(tiles: &Tiles, whole: &Histogram) -> (Vec<u32>, Vec<Histogram>) {
    let costs = whole.symbol_costs();
    let features: Vec<[u64; 3]> = tiles
        .tiles
        .iter()
        .map(|symbols| {
            let (mut sums, mut total) = ([0; 3], 1);
            for (symbol, count) in symbols {
                let symbol = usize::from(*symbol);
                let kind = usize::from(symbol >= super::histogram::GREEN)
                    + usize::from(symbol >= super::histogram::LENGTH);
                let cost = costs.get(symbol).copied().unwrap_or(0);
                sums[kind] += u64::from(*count) * u64::from(cost);
                total += u64::from(*count);
            }
            sums.map(|sum| sum / total)
        })
        .collect();
    let mut of_tiles = vec![0; features.len()];
    for (kind, levels) in [4, 4, 2].into_iter().enumerate() {
        let mut order: Vec<usize> = (0..features.len()).collect();
        order.sort_by_key(|tile| features[*tile][kind]);
        for (rank, tile) in order.into_iter().enumerate() {
            let level = rank * levels / features.len();
            of_tiles[tile] = of_tiles[tile] * levels as u32 + level as u32;
        }
    }
    let clusters = collect(tiles, &of_tiles, CLUSTERS, whole.counts.len());
    (of_tiles, clusters)
}

/// The sums of the tiles of each cluster.
fn collect(tiles: &Tiles, of_tiles: &[u32], clusters: usize, symbols: usize) -> Vec<Histogram> {
    let mut sums = vec![Histogram { counts: vec![0; symbols] }; clusters];
    for (tile, cluster) in tiles.tiles.iter().zip(of_tiles) {
        let sum = &mut sums[*cluster as usize];
        for (symbol, count) in tile {
            sum.counts[usize::from(*symbol)] += u32::from(*count);
        }
    }
    sums
}

/// Puts each tile into the cluster where it takes least; gives the new clusters.
fn assign(tiles: &Tiles, clusters: &[Histogram], of_tiles: &mut [u32]) -> Vec<Histogram> {
    let symbols = clusters.first().map_or(0, |cluster| cluster.counts.len());
    // What each symbol takes in each cluster; one that is empty takes none.
    let mut costs = vec![[1 << 14; CLUSTERS]; symbols];
    for (index, cluster) in clusters.iter().enumerate().take(CLUSTERS) {
        if cluster.counts.iter().any(|count| *count > 0) {
            for (row, cost) in costs.iter_mut().zip(cluster.symbol_costs()) {
                row[index] = cost;
            }
        }
    }
    for (tile, cluster) in tiles.tiles.iter().zip(of_tiles.iter_mut()) {
        let mut totals = [0; CLUSTERS];
        for (symbol, count) in tile {
            for (total, cost) in totals.iter_mut().zip(&costs[usize::from(*symbol)]) {
                *total += u32::from(*count) * cost;
            }
        }
        let least = (0..).zip(totals).min_by_key(|(_, total)| *total);
        *cluster = least.map_or(0, |(index, _)| index);
    }
    collect(tiles, of_tiles, clusters.len(), symbols)
}

/// Merges clusters for as long as two take more than their sum.
fn merge(clusters: &mut Vec<Histogram>) {
    clusters.retain(|cluster| cluster.counts.iter().any(|count| *count > 0));
    let sum = |a: &Histogram, b: &Histogram| Histogram {
        counts: a.counts.iter().zip(&b.counts).map(|(a, b)| a + b).collect(),
    };
    let mut costs: Vec<u64> = clusters.iter().map(Histogram::cost).collect();
    // A group makes each tile's number a little longer, too.
    let saved = |clusters: &[Histogram], costs: &[u64], a: usize, b: usize| {
        let merged = sum(&clusters[a], &clusters[b]).cost();
        (costs[a] + costs[b]) as i64 - merged as i64 + (16 << BITS)
    };
    let mut pairs: Vec<Vec<i64>> = (0..clusters.len())
        .map(|a| (0..a).map(|b| saved(clusters, &costs, a, b)).collect())
        .collect();
    loop {
        let all = pairs.iter().enumerate();
        let all = all.flat_map(|(a, row)| row.iter().enumerate().map(move |(b, s)| (*s, a, b)));
        let Some((_, a, b)) = all.max().filter(|(saved, ..)| *saved > 0) else { return };
        // The later one goes; so the places of those before it stay.
        clusters[b] = sum(&clusters[a], &clusters[b]);
        costs[b] = clusters[b].cost();
        clusters.remove(a);
        costs.remove(a);
        pairs.remove(a);
        for row in &mut pairs {
            if row.len() > a {
                row.remove(a);
            }
        }
        for other in 0..clusters.len() {
            let (low, high) = (b.min(other), b.max(other));
            if low < high {
                pairs[high][low] = saved(clusters, &costs, high, low);
            }
        }
    }
}

/// Drops clusters without tiles.
fn number(of_tiles: &mut [u32], clusters: &mut Vec<Histogram>) {
    let used = |index: u32| of_tiles.contains(&index);
    let kept: Vec<bool> = (0..clusters.len() as u32).map(used).collect();
    let mut next = 0;
    let numbers: Vec<u32> = kept
        .iter()
        .map(|kept| {
            next += u32::from(*kept);
            next.saturating_sub(1)
        })
        .collect();
    for tile in of_tiles.iter_mut() {
        *tile = numbers[*tile as usize];
    }
    let mut kept = kept.into_iter();
    clusters.retain(|_| kept.next().unwrap_or(false));
}
