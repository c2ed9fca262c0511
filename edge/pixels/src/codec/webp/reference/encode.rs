//! What we write: of every size, with and without loss and alpha.

use std::fs;

use super::judge::same;
use super::{Random, decoded, encoded, folder, has, picture};
use crate::raster::{Channels, Raster};

/// As far as VP8 reaches, and its macroblocks' edges.
const STRIPS: [(u32, u32); 6] =
    [(16_383, 1), (1, 16_383), (16_383, 17), (16, 16_383), (5_000, 3), (2, 4_097)];

const EXACT: &str = "format=webp,quality=100";

/// Lossy settings, in turn.
const LOSSY: [&str; 4] = [
    "format=webp,quality=1",
    "format=webp,quality=50,compression=fast",
    "format=webp",
    "format=webp,quality=99",
];

/// A picture of each size from 1 x 1 to 64 x 64, and of each strip; without optimisation, of some.
fn of_every_size(mut each: impl FnMut(usize, Raster)) {
    let step = if cfg!(debug_assertions) { 23 } else { 1 };
    let squares = (0..64 * 64).map(|i| (i % 64 + 1, i / 64 + 1)).step_by(step);
    let mut random = Random(5);
    for (i, (width, height)) in squares.chain(STRIPS).enumerate() {
        // Each column and each row of sizes has both.
        let channels = if (width + height) % 2 == 0 { Channels::Rgb } else { Channels::Rgba };
        each(i, picture(width, height, channels, &mut random));
    }
}

#[test]
fn lossless_pictures_of_every_size_survive() {
    of_every_size(|_, source| {
        let size = source.size;
        let decoded = decoded(encoded(source.clone(), EXACT)).unwrap();
        assert!(decoded == source, "{size:?}");
    });
}

#[test]
fn dwebp_reads_every_size_as_we_do() {
    if !has("dwebp") {
        return;
    }
    let folder = folder("sizes");
    let [file, out] = ["file.webp", "out"].map(|name| folder.join(name));
    of_every_size(|i, source| {
        let options = if i % 5 == 0 { EXACT } else { LOSSY[i % LOSSY.len()] };
        fs::write(&file, encoded(source, options)).unwrap();
        same(&file, &out);
    });
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn quality_100_is_lossless_unless_the_file_must_be_small() {
    let source = picture(61, 43, Channels::Rgba, &mut Random(8));
    assert!(decoded(encoded(source.clone(), EXACT)).unwrap() == source);
    for lossy in ["format=webp,quality=99", "format=webp,quality=100,max-bytes=90000"] {
        let file = encoded(source.clone(), lossy);
        assert!(decoded(file).unwrap() != source, "{lossy}");
    }
}
