//! The frame header (RFC 6386 §9, §19.2).

use super::super::tables::{
    AC_STEPS, DC_STEPS, DEFAULT_PROBABILITIES, LAST_STEP, Probability, TokenProbabilities,
    UPDATE_PROBABILITIES,
};
use super::boolean::Boolean;
use super::filter::Strength;
use crate::failure::Failure;

/// The frame tag, the start code and both sides; the first partition begins behind them.
const UNCODED: usize = 10;

/// What decodes a frame.
pub struct Frame<'a> {
    /// Macroblocks across and down.
    pub blocks: (usize, usize),
    /// The first partition, of which the header has been read: the modes.
    pub modes: Boolean<'a>,
    /// The other ones: the coefficients, of a row of macroblocks in each.
    pub partitions: Vec<Boolean<'a>>,
    /// Whether each macroblock names its segment, and the probabilities of that.
    pub segment_map: Option<[Probability; 3]>,
    pub segments: [Segment; 4],
    pub simple_filter: bool,
    pub probabilities: Box<TokenProbabilities>,
    /// The probability that a macroblock has coefficients, if some say that they have none.
    pub coded: Option<Probability>,
}

/// What the macroblocks of a segment have in common.
#[derive(Clone, Copy, Default)]
pub struct Segment {
    pub steps: Steps,
    /// With one mode for the whole macroblock, and with one for each block.
    pub strengths: [Strength; 2],
}

/// Quantiser steps, of DC and of AC.
#[derive(Clone, Copy, Default)]
pub struct Steps {
    pub luma: [i16; 2],
    /// Of the block that codes the DCs of the others.
    pub luma_dc: [i16; 2],
    pub chroma: [i16; 2],
}

/// What the header says of segments.
#[derive(Default)]
struct Segmentation {
    map: Option<[Probability; 3]>,
    /// Whether what follows replaces the frame's values, or is added to them.
    absolute: bool,
    quantisers: [i32; 4],
    levels: [i32; 4],
    enabled: bool,
}

impl<'a> Frame<'a> {
    /// Reads the header of a key frame, whose size is known to be `size`.
    ///
    /// # Errors
    /// [`Failure::Truncated`] or [`Failure::Malformed`].
    pub fn read(data: &'a [u8], (wide, high): (usize, usize)) -> Result<Self, Failure> {
        let cut = || Failure::truncated("picture data");
        let tag = data.first_chunk::<3>().ok_or_else(cut)?;
        // From the lowest bit: not a key frame, three bits of version, shown, the length.
        let [low, middle, high_byte] = *tag;
        let tag = u32::from_le_bytes([low, middle, high_byte, 0]);
        if tag & 1 != 0 || tag >> 1 & 7 > 3 || tag & 0x10 == 0 {
            return Err(Failure::malformed("the VP8 frame is none that is shown"));
        }
        let rest = data.get(UNCODED..).ok_or_else(cut)?;
        let (first, rest) = rest.split_at_checked((tag >> 5) as usize).ok_or_else(cut)?;

        let mut bits = Boolean::new(first);
        // The colour space and whether samples need be clamped, which is done in any case.
        bits.number(2);
        let segmentation = Segmentation::read(&mut bits);
        let simple_filter = bits.flag();
        let level = bits.number(6) as i32;
        let sharpness = bits.number(3) as i32;
        let deltas = filter_deltas(&mut bits);
        let count = 1 << bits.number(2);
        let partitions = partitions(rest, count)?;
        let quantiser = bits.number(7) as i32;
        let deltas_of_steps: [i32; 5] =
            core::array::from_fn(|_| bits.optional(4).unwrap_or_default());
        // Whether the probabilities are kept for other frames.
        bits.flag();
        let mut probabilities = Box::new(DEFAULT_PROBABILITIES);
        let places = probabilities.as_flattened_mut().as_flattened_mut().as_flattened_mut();
        let updates = UPDATE_PROBABILITIES.as_flattened().as_flattened().as_flattened();
        for (place, update) in places.iter_mut().zip(updates) {
            if bits.bit(*update) {
                *place = bits.number(8) as Probability;
            }
        }
        let coded = bits.flag().then(|| bits.number(8) as Probability);
        if bits.is_overrun() {
            return Err(cut());
        }
        let segments = core::array::from_fn(|i| {
            let of = |all: i32, own: i32| match (segmentation.enabled, segmentation.absolute) {
                (false, _) => all,
                (true, true) => own,
                (true, false) => all + own,
            };
            let level = of(level, segmentation.levels[i]);
            let (whole, each) = (level + deltas.0, level + deltas.0 + deltas.1);
            Segment {
                steps: Steps::new(of(quantiser, segmentation.quantisers[i]), deltas_of_steps),
                strengths: [whole, each].map(|level| Strength::new(level, sharpness)),
            }
        });
        Ok(Self {
            blocks: (wide.div_ceil(16), high.div_ceil(16)),
            modes: bits,
            partitions,
            segment_map: segmentation.map,
            segments,
            simple_filter,
            probabilities,
            coded,
        })
    }
}

impl Segmentation {
    fn read(bits: &mut Boolean<'_>) -> Self {
        let mut read = Self::default();
        if !bits.flag() {
            return read;
        }
        read.enabled = true;
        let has_map = bits.flag();
        if bits.flag() {
            read.absolute = bits.flag();
            read.quantisers = core::array::from_fn(|_| bits.optional(7).unwrap_or_default());
            read.levels = core::array::from_fn(|_| bits.optional(6).unwrap_or_default());
        }
        read.map = has_map.then(|| {
            core::array::from_fn(|_| if bits.flag() { bits.number(8) as Probability } else { 255 })
        });
        read
    }
}

/// What is added to the filter's level in key frames: always, and with a mode for each block.
fn filter_deltas(bits: &mut Boolean<'_>) -> (i32, i32) {
    if !bits.flag() || !bits.flag() {
        return (0, 0);
    }
    let mut four = || -> [i32; 4] { core::array::from_fn(|_| bits.optional(6).unwrap_or(0)) };
    // The first of those by reference frame, and the first of those by mode.
    let ([intra, ..], [each, ..]) = (four(), four());
    (intra, each)
}

/// The partitions of coefficients: the lengths of all but the last one, and then what they hold.
fn partitions(data: &[u8], count: usize) -> Result<Vec<Boolean<'_>>, Failure> {
    let cut = || Failure::truncated("picture data");
    let (lengths, mut rest) = data.split_at_checked(3 * (count - 1)).ok_or_else(cut)?;
    let mut partitions = Vec::with_capacity(count);
    for length in lengths.as_chunks::<3>().0 {
        let length = super::super::super::riff::u24(*length) as usize;
        // One that is cut is noticed when it is read.
        let (part, after) = rest.split_at(length.min(rest.len()));
        partitions.push(Boolean::new(part));
        rest = after;
    }
    partitions.push(Boolean::new(rest));
    Ok(partitions)
}

impl Steps {
    /// By the index of the quantiser, and what is added to it for everything but the AC of luma.
    fn new(index: i32, [luma_dc, second_dc, second_ac, chroma_dc, chroma_ac]: [i32; 5]) -> Self {
        let at = |delta: i32, last: u8| (index + delta).clamp(0, last.into()) as usize;
        let dc = |delta, last| i16::from(DC_STEPS[at(delta, last)]);
        let ac = |delta| AC_STEPS[at(delta, LAST_STEP)] as i16;
        Self {
            luma: [dc(luma_dc, LAST_STEP), ac(0)],
            luma_dc: [
                dc(second_dc, LAST_STEP) * 2,
                (i32::from(ac(second_ac)) * 155 / 100).max(8) as i16,
            ],
            // 132 is the largest step of chroma's DC.
            chroma: [dc(chroma_dc, 117), ac(chroma_ac)],
        }
    }
}
