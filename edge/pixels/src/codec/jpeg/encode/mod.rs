//! Encoding planes as a file.

mod fdct;
mod frame;
mod lane;
mod progression;
mod sequence;
mod standard;
mod symbols;
mod writer;

use selvedge_plan::geometry::Size;
use selvedge_plan::options::quality::Quality;
use selvedge_plan::plan::{Effort, Scan};

use crate::codec::Style;
use crate::failure::Failure;
use crate::raster::{Channels, Planar, Space};
use fdct::{Block, Quantiser};
use frame::Frame;
use lane::Lane;
use standard::{CHROMA_AC, CHROMA_DC, CHROMA_STEPS, LUMA_AC, LUMA_DC, LUMA_STEPS};
use symbols::Counts;
use writer::Writer;

/// From this quality on chroma keeps its resolution, as libvips does it: whoever asks for so much
/// quality would see the difference.
const FULL_CHROMA_FROM: u8 = 90;

/// By how much chroma is smaller, across and down.
pub fn chroma(quality: Quality) -> (u32, u32) {
    if quality.value() < FULL_CHROMA_FROM { (2, 2) } else { (1, 1) }
}

/// How the coefficients of a file are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mode {
    /// Block by block, with the codes that nearly every encoder uses. The fastest, and rows of
    /// samples are all that is in memory.
    Baseline,
    /// The same with codes made for the picture: a second look at every block for some percent
    /// fewer bytes.
    Optimised,
    /// In several passes over all blocks, with codes made for each: the fewest bytes, a coarse
    /// picture early, and all coefficients in memory.
    Progressive,
}

impl Mode {
    /// A client in a hurry gets the fastest; codes made for the picture are worth their time else.
    fn of(style: Style) -> Self {
        match (style.scan, style.effort) {
            (Scan::Progressive, _) => Self::Progressive,
            (Scan::Baseline, Effort::Best | Effort::Full) => Self::Optimised,
            (Scan::Baseline, Effort::Fast) => Self::Baseline,
        }
    }
}

/// Encodes grey, or luma and chroma.
///
/// # Errors
/// [`Failure::TooLarge`] beyond 65 535 pixels a side, [`Failure::Unsupported`] for other planes,
/// [`Failure::OverBudget`].
pub fn encode(planar: Planar, style: Style) -> Result<Vec<u8>, Failure> {
    let grey = match planar.space {
        Space::Grey => true,
        Space::YCbCr => false,
        other => return Err(Failure::Unsupported(format!("JPEG of {other:?}"))),
    };
    let quality = style.quality.value();
    let steps = [LUMA_STEPS, CHROMA_STEPS].map(|base| standard::steps(&base, quality));
    let quantisers = steps.each_ref().map(Quantiser::new);
    let largest = if grey { (1, 1) } else { planar.chroma };
    let lane = |(index, plane)| {
        let kind = usize::from(index > 0);
        let factors = if index == 0 { largest } else { (1, 1) };
        Lane { plane, quantiser: &quantisers[kind], kind, factors }
    };
    let frame = Frame {
        size: planar.size,
        lanes: planar.planes.iter().enumerate().map(lane).collect(),
        units: (
            planar.size.width.div_ceil(8 * largest.0),
            planar.size.height.div_ceil(8 * largest.1),
        ),
    };

    let mode = Mode::of(style);
    let mut writer = Writer::new();
    frame.headers(&mut writer, &steps, mode == Mode::Progressive)?;
    match mode {
        Mode::Baseline => {
            let codes = [LUMA_DC, CHROMA_DC, LUMA_AC, CHROMA_AC];
            frame.sequential(&mut writer, &codes)?;
        }
        Mode::Optimised => {
            let mut counts = Counts::default();
            frame.units(&mut counts, &[0, 1, 2, 3])?;
            let codes = core::array::from_fn(|table| counts.codes(table));
            frame.sequential(&mut writer, &codes)?;
        }
        Mode::Progressive => {
            let held = frame.transform()?;
            let script = if grey { progression::GREY } else { progression::COLOUR };
            for step in script {
                frame.step(&mut writer, &held, *step)?;
            }
        }
    }
    // The pixels end here: they and two copies of the file need not be in memory together.
    drop(frame);
    drop(planar);
    writer.finish()
}

/// Bytes a pixel, in sixteenths, that no picture takes up to a quality: what noise of black, white
/// and full colours takes, and some more. Chroma has its full resolution from the fifth row on.
const LARGEST: [(u8, u64); 9] =
    [(50, 10), (70, 13), (80, 15), (85, 17), (89, 20), (92, 44), (95, 52), (98, 66), (100, 86)];

/// Upper bound of what [`encode`] allocates: the coefficients if they are held, the file, and its copy
/// in one piece once the planes and the coefficients are gone.
pub fn memory(size: Size, channels: Channels, style: Style) -> u64 {
    let quality = style.quality.value();
    let row = LARGEST.iter().find(|(up_to, _)| quality <= *up_to);
    let file = size.pixels() * row.map_or(86, |(_, sixteenths)| *sixteenths) / 16;
    let held = match Mode::of(style) {
        Mode::Baseline | Mode::Optimised => 0,
        Mode::Progressive => {
            // At most three planes of the full size, or half as much chroma; in whole units.
            let blocks = u64::from(size.width.div_ceil(16)) * u64::from(size.height.div_ceil(16));
            let of_unit = match channels {
                Channels::Grey | Channels::GreyAlpha => 4,
                _ if quality < FULL_CHROMA_FROM => 6,
                _ => 12,
            };
            blocks * of_unit * size_of::<Block>() as u64
        }
    };
    let planes = size.pixels();
    (96 << 10) + (held + file).max((file * 2).saturating_sub(planes))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::budget::{Budget, Job};
    use crate::codec::jpeg::CODEC;
    use crate::raster::Raster;
    use crate::reduce::{Reduce, Way};
    use selvedge_plan::options::quality::Quality;

    /// Planes with edges, slopes and noise.
    fn planar(width: u32, height: u32, space: Space, chroma: (u32, u32)) -> Planar {
        let mut state = 1_u32;
        let planes = (0..space.count())
            .map(|index| {
                let (across, down) = if index == 0 { (1, 1) } else { chroma };
                let size = Size { width: width.div_ceil(across), height: height.div_ceil(down) };
                let samples = (0..size.height)
                    .flat_map(|y| (0..size.width).map(move |x| (x, y)))
                    .map(|(x, y)| {
                        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                        let noise = if x / 16 % 3 == 0 { state >> 27 } else { 0 };
                        ((x * 3 + y * 5 + (x / 21 + y / 13) % 2 * 90 + noise) & 255) as u8
                    })
                    .collect();
                Raster { size, channels: Channels::Grey, samples }
            })
            .collect();
        Planar { size: Size { width, height }, space, chroma, planes }
    }

    fn decoded(file: &[u8]) -> Vec<Raster> {
        let header = (CODEC.probe)(file).unwrap();
        let mut trace = |_: &'static str| {};
        let job = Job::new(Budget::UNLIMITED, 0, &mut trace);
        let largest = header.planes().into_iter().fold((1, 1), |a, b| (a.0.max(b.0), a.1.max(b.1)));
        let mut ways: Vec<Reduce> = header
            .planes()
            .into_iter()
            .map(|(across, down)| {
                let size = Size {
                    width: (header.size.width * across).div_ceil(largest.0),
                    height: (header.size.height * down).div_ceil(largest.1),
                };
                Reduce::new(Way::whole(size), &[])
            })
            .collect();
        (CODEC.decode)(file, &header, &mut ways, &job).unwrap();
        ways.into_iter().map(|way| way.finish().unwrap()).collect()
    }

    #[test]
    fn all_modes_say_the_same() {
        for (space, chroma) in
            [(Space::YCbCr, (2, 2)), (Space::YCbCr, (1, 1)), (Space::Grey, (1, 1))]
        {
            for (width, height) in [(1, 1), (8, 8), (17, 9), (90, 41)] {
                for quality in [1, 80, 100] {
                    let file = |(scan, effort)| {
                        let planar = planar(width, height, space, chroma);
                        let quality = Quality::new(quality).unwrap();
                        encode(planar, Style { quality, scan, effort }).unwrap()
                    };
                    let [baseline, optimised, progressive] = [
                        (Scan::Baseline, Effort::Fast),
                        (Scan::Baseline, Effort::Full),
                        (Scan::Progressive, Effort::Full),
                    ]
                    .map(file);
                    let expected = decoded(&baseline);
                    assert!(decoded(&optimised) == expected, "{space:?} {width} {quality}");
                    assert!(decoded(&progressive) == expected, "{space:?} {width} {quality}");
                    assert!(optimised.len() <= baseline.len());
                }
            }
        }
    }

    #[test]
    fn no_file_of_noise_is_larger_than_foretold() {
        let size = Size { width: 256, height: 256 };
        let mut state = 1_u32;
        let mut noise = |size: Size| {
            let samples = (0..size.pixels())
                .map(|_| {
                    state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                    if state >> 31 == 0 { 0 } else { 255 }
                })
                .collect();
            Raster { size, channels: Channels::Grey, samples }
        };
        for quality in [30, 75, 85, 90, 97, 100] {
            for scan in [Scan::Baseline, Scan::Progressive] {
                let quality = Quality::new(quality).unwrap();
                let style = Style { quality, scan, effort: Effort::Full };
                let chroma = chroma(quality);
                let part = Size { width: 256 / chroma.0, height: 256 / chroma.1 };
                let planes = vec![noise(size), noise(part), noise(part)];
                let file = encode(Planar { size, space: Space::YCbCr, chroma, planes }, style);
                let held = if scan == Scan::Progressive { size.pixels() * 2 } else { 0 };
                let foretold = memory(size, Channels::Rgb, style) - held;
                assert!((file.unwrap().len() as u64) < foretold, "{quality:?} {scan:?}");
            }
        }
    }
}
