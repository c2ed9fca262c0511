//! Whatever it is given, nothing here panics.

use super::super::border::{Area, Border};
use super::super::distance::{coefficient_error, difference, hadamard};
use super::super::luma::Luma;
use super::super::matrix::Matrices;
use super::super::predict::predict;
use super::super::quantise::{Extent, Quantiser, shown};
use super::super::transform::{forward, inverse_add};
use super::super::{Kind, Mode};

#[test]
fn slices_that_are_too_short_do_no_harm() {
    let samples: Vec<u8> = (0..64 * 64).map(|i| i as u8).collect();
    for log2 in 0..8 {
        for length in [0, 1, 7, 16, 63, 64, 65, 300, 1_000, 2_047] {
            for stride in [0, 1, 31, 64] {
                let short = &samples[..length];
                let mut out = vec![0_u8; length];
                let (mut border, mut luma) = (Border::default(), Luma::default());
                for (x, y) in [(0, 0), (32, 0), (0, 32), (32, 32), (9_999, 9_999)] {
                    let area = Area::new(64, 64, log2 % 2);
                    border.collect(&area, short, stride, x, y, log2);
                }
                for mode in Mode::LUMA {
                    predict(mode, 3, log2, &border, &mut out, stride);
                }
                luma.collect(log2, stride > 1, short, stride);
                luma.alpha(short, stride, 9);
                luma.predict(7, 9, &mut out, stride);
                hadamard(log2, short, stride, &out, 64);
                let (block, mut back) = (vec![3_i16; length], vec![0; length]);
                difference(log2, short, stride, &out, stride, &mut back);
                coefficient_error(log2, &block, &back, &block);
                for kind in [Kind::DctDct, Kind::AdstDct, Kind::DctAdst, Kind::AdstAdst] {
                    forward(log2, kind, &block, &mut back);
                    let extent = Extent { eob: 1_024, rows: 255, columns: 255 };
                    inverse_add(log2, kind, &block, extent, &mut out, stride);
                    inverse_add(log2, kind, &block, Extent::default(), &mut out, stride);
                }
                let quantiser = Quantiser::new(255, (127, -128), Matrices::Seen, true);
                quantiser.quantise(log2, &block, &mut back, &mut [0; 20]);
                quantiser.dequantise(log2, &block, &mut back);
                shown(log2, i16::MAX, i16::MIN);
                Extent::of(log2, &block);
            }
        }
    }
}
