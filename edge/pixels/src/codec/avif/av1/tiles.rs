//! Cutting a picture into tiles of the same size (AV1 §5.9.15).

/// A superblock's side, and its log2.
const BLOCK: usize = 64;
const LOG2: u32 = 6;

/// How many superblocks a tile may be wide.
const WIDEST: usize = 4096 / BLOCK;

/// How many superblocks a tile may have.
const LARGEST: usize = 4096 * 2304 / (BLOCK * BLOCK);

/// How many tiles there may be across, or down.
const MOST: usize = 64;

/// A tile: where it lies, in pixels, and how much of it the picture fills.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Tile {
    /// From the left.
    pub x: usize,
    /// From above.
    pub y: usize,
    /// To its right edge or that of the picture.
    pub width: usize,
    /// The same downwards.
    pub height: usize,
}

/// How tiles divide one dimension.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Division {
    /// The picture, in pixels.
    length: usize,
    /// A tile, in pixels.
    tile: usize,
    /// The log2 of how many tiles there are if all are there.
    pub log2: u32,
    /// The least that could have been said, which needs no words.
    pub least: u32,
    /// The most.
    pub most: u32,
}

impl Division {
    fn new(length: usize, wanted: u32, least: u32) -> Self {
        let blocks = length.div_ceil(BLOCK);
        let most = log2(1, blocks.min(MOST)).max(least);
        let log2 = wanted.clamp(least, most);
        let tile = blocks.div_ceil(1 << log2) << LOG2;
        Self { length, tile, log2, least, most }
    }

    /// How many tiles there are.
    pub fn count(self) -> usize {
        self.length.div_ceil(self.tile.max(1))
    }

    /// Where tiles begin, and how long they are.
    fn iter(self) -> impl Iterator<Item = (usize, usize)> + Clone {
        let starts = (0..self.length).step_by(self.tile.max(1));
        starts.map(move |start| (start, self.tile.min(self.length - start)))
    }
}

/// The least k of which `unit` × 2^k is no less than `length` (`tile_log2`, AV1 §5.9.16).
fn log2(unit: usize, length: usize) -> u32 {
    length.div_ceil(unit).next_power_of_two().trailing_zeros()
}

/// The tiles of a picture.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Tiles {
    /// Across.
    pub columns: Division,
    /// Downwards.
    pub rows: Division,
}

impl Tiles {
    /// Cuts a picture of pixels: no more columns than must be, and 2^`rows` rows, or what is nearest to
    /// that and allowed.
    pub fn new(width: usize, height: usize, rows: u32) -> Self {
        let (across, down) = (width.div_ceil(BLOCK), height.div_ceil(BLOCK));
        let columns = Division::new(width, 0, log2(WIDEST, across));
        let least = log2(LARGEST, across * down).max(columns.least) - columns.log2;
        Self { columns, rows: Division::new(height, rows, least) }
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.columns.count() * self.rows.count()
    }

    /// They, in the order of the file: row by row.
    pub fn iter(&self) -> impl Iterator<Item = Tile> {
        let columns = self.columns.iter();
        self.rows.iter().flat_map(move |(y, height)| {
            columns.clone().map(move |(x, width)| Tile { x, y, width, height })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_are_cut_as_wanted_or_as_must_be() {
        for (width, height, wanted, expected) in [
            (1, 1, 3, (1, 1)),
            (4096, 2304, 0, (1, 1)),
            (4097, 64, 0, (2, 1)),
            (4096, 2305, 0, (1, 2)),
            (640, 360, 1, (1, 2)),
            // Six rows of superblocks by four are two each.
            (640, 360, 2, (1, 3)),
            (640, 360, 9, (1, 6)),
            (16_383, 16_383, 0, (4, 8)),
            (65_536, 65_536, 0, (16, 32)),
            (64, 65_536, 6, (1, 64)),
        ] {
            let tiles = Tiles::new(width, height, wanted);
            let counts = (tiles.columns.count(), tiles.rows.count());
            assert_eq!(counts, expected, "{width}x{height} {wanted}");
            assert_eq!(tiles.iter().count(), tiles.count());
            let area: usize = tiles.iter().map(|tile| tile.width * tile.height).sum();
            assert_eq!(area, width * height);
            assert!(tiles.iter().all(|tile| tile.width <= 4096));
            let blocks = |tile: Tile| tile.width.div_ceil(64) * tile.height.div_ceil(64);
            assert!(tiles.iter().all(|tile| blocks(tile) <= LARGEST));
        }
    }
}
