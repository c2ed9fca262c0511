//! Encoding and decoding again. What others make of our files is judged in the project's tests.

use selvedge_plan::geometry::Size;
use selvedge_plan::options::quality::Quality;
use selvedge_plan::plan;

use super::super::decode::{self, Sink};
use super::*;
use crate::colour::subsampled;
use crate::raster::{Channels, Space};

/// Samples as they come from a decoder, of full macroblocks.
#[derive(Default)]
struct Rows([Vec<u8>; 3]);

impl Sink for Rows {
    fn rows(&mut self, luma: [&[u8]; 2], [cb, cr]: [&[u8]; 2]) {
        luma.into_iter().for_each(|row| self.0[0].extend_from_slice(row));
        self.0[1].extend_from_slice(cb);
        self.0[2].extend_from_slice(cr);
    }
}

/// A picture that has what is hard for predictions: noise, edges of blocks, and slopes.
fn picture(size: Size, seed: u32, grey: bool) -> Planar {
    let mut state = seed.wrapping_mul(2_654_435_761) | 1;
    let mut random = move || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        state >> 24
    };
    let plane = |size: Size, random: &mut dyn FnMut() -> u32| {
        let (kind, base) = (random() % 4, random());
        let sample = |i: u32, random: &mut dyn FnMut() -> u32| {
            let (x, y) = (i % size.width, i / size.width);
            match kind {
                0 => random() as u8,
                1 => {
                    if random() & 1 == 0 {
                        0
                    } else {
                        255
                    }
                }
                2 => ((x * 3 + y * 5 + base) & 255) as u8,
                _ => (((x / 5) ^ (y / 3)) * 40 + base) as u8,
            }
        };
        let samples = (0..size.pixels() as u32).map(|i| sample(i, random)).collect();
        Raster { size, channels: Channels::Grey, samples }
    };
    let small = subsampled(size, (2, 2));
    if grey {
        let planes = vec![plane(size, &mut random)];
        return Planar { size, space: Space::Grey, chroma: (1, 1), planes };
    }
    let planes =
        vec![plane(size, &mut random), plane(small, &mut random), plane(small, &mut random)];
    Planar { size, space: Space::YCbCr, chroma: (2, 2), planes }
}

const EFFORTS: [plan::Effort; 3] = [plan::Effort::Best, plan::Effort::Fast, plan::Effort::Full];

/// The largest difference between what went into the encoder and what comes out of the decoder.
fn difference(planar: Planar, quality: u8, effort: plan::Effort) -> u8 {
    let size = planar.size;
    let source = Source::new(planar.clone(), None).unwrap();
    let quality = Quality::new(quality).unwrap();
    let file = encode(planar, None, quality, effort.into(), Vec::new()).unwrap();
    let mut rows = Rows::default();
    decode::decode(&file, (size.width as usize, size.height as usize), false, &mut rows).unwrap();
    let [luma, cb, cr] = rows.0;
    let (across, down) = source.macroblocks();
    let mut largest = 0;
    for y in 0..size.height as usize {
        for x in 0..size.width as usize {
            let block = source.macroblock(x / 16, y / 16);
            let mut compare = |a: u8, b: u8| largest = largest.max(a.abs_diff(b));
            compare(block.luma[y % 16][x % 16], luma[y * across * 16 + x]);
            let place = y / 2 * across * 8 + x / 2;
            compare(block.chroma[y % 16 / 2][x % 16 / 2], cb[place]);
            compare(block.chroma[y % 16 / 2][x % 16 / 2 + 8], cr[place]);
        }
    }
    assert!(luma.len() > (down - 1) * 16 * across * 16);
    largest
}

/// With the finest steps, and without the filter, each sample is as near as the steps say. If encoder
/// and decoder disagreed on one prediction, all that follows would be far off.
#[test]
fn a_decoder_sees_what_the_encoder_predicts_from() {
    let mut seed = 0;
    for side in 1..=64 {
        for (width, height) in [(side, 65 - side), (1 + side * 7 % 64, side)] {
            seed += 1;
            let effort = EFFORTS[seed as usize % EFFORTS.len()];
            let planar = picture(Size { width, height }, seed, seed % 7 == 0);
            let found = difference(planar, 100, effort);
            assert!(found <= 10, "{width} × {height}, {seed}: {found}");
        }
    }
}

#[test]
fn strips_as_long_as_can_be_are_encoded_and_longer_ones_refused() {
    for (width, height) in [(16_383, 2), (3, 16_383)] {
        let planar = picture(Size { width, height }, 5, false);
        assert!(difference(planar, 100, plan::Effort::Fast) <= 10);
    }
    let planar = picture(Size { width: 16_384, height: 1 }, 5, true);
    let quality = Quality::new(50).unwrap();
    let result = encode(planar, None, quality, plan::Effort::Fast.into(), Vec::new());
    assert!(matches!(result, Err(Failure::TooLarge(_))));
}

#[test]
fn less_quality_takes_fewer_bytes() {
    let length = |quality| {
        let planar = picture(Size { width: 64, height: 64 }, 3, false);
        let quality = Quality::new(quality).unwrap();
        encode(planar, None, quality, plan::Effort::Full.into(), Vec::new()).unwrap().len()
    };
    let lengths: Vec<usize> = [1, 30, 60, 85, 100].map(length).to_vec();
    assert!(lengths.is_sorted() && lengths[0] * 2 < lengths[4], "{lengths:?}");
}

/// What is reserved for a file is enough for the worst: noise of the extremes.
#[test]
fn no_picture_takes_more_than_is_forecast() {
    for (quality, sixteenths) in LARGEST {
        for seed in 0..3 {
            let size = Size { width: 128, height: 128 };
            let mut planar = picture(size, seed, false);
            let mut state = seed;
            for sample in planar.planes.iter_mut().flat_map(|plane| &mut plane.samples) {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                *sample = if state >> 31 == 0 { 0 } else { 255 };
            }
            let quality = Quality::new(quality).unwrap();
            for effort in EFFORTS {
                let file =
                    encode(planar.clone(), None, quality, effort.into(), Vec::new()).unwrap();
                assert!(file.len() as u64 * 16 <= size.pixels() * sixteenths, "{effort:?}");
            }
        }
    }
}
