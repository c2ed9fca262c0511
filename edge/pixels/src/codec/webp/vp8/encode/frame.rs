//! A frame's header and partitions (RFC 6386 §9, §19).

use selvedge_plan::geometry::Size;

use super::super::tables::{
    BLOCK_PROBABILITIES, CHROMA_PROBABILITIES, LUMA_PROBABILITIES, Probability, TokenProbabilities,
};
use super::bool_writer::BoolWriter;
use super::neighbours::Present;
use super::path;
use super::probabilities::{self, of_counts};
use super::record::{Luma, Records, pass_over};
use super::segment::Segment;
use super::segments::SEGMENTS;
use super::tokens::{Output, Statistics};
use crate::failure::Failure;

/// Largest side (RFC 6386 §9.1).
const LARGEST_SIDE: u32 = 16_383;

/// Largest first partition (RFC 6386 §9.1).
const LARGEST_FIRST: usize = (1 << 19) - 1;

/// Of what comes before the first partition: a tag, a start code, and the sides.
const HEADER: usize = 10;

/// A frame of which all is decided.
pub struct Frame<'a> {
    pub size: Size,
    pub segments: &'a [Segment; SEGMENTS],
    /// What the indices of chroma differ by, for DC and AC.
    pub chroma: (i8, i8),
    pub statistics: Statistics,
    pub records: Records,
}

/// Probabilities of what the first partition holds.
struct Odds {
    /// Of the branches of the segments' tree, if there is more than one segment.
    segments: Option<[Probability; 3]>,
    /// That a macroblock has levels.
    present: Probability,
}

impl Frame<'_> {
    /// Appends the frame to a file.
    ///
    /// # Errors
    /// [`Failure::TooLarge`] for sides or modes beyond the format's limits, and
    /// [`Failure::OverBudget`].
    pub fn write(self, mut file: Vec<u8>) -> Result<Vec<u8>, Failure> {
        let longer = self.size.width.max(self.size.height);
        if longer > LARGEST_SIDE {
            let limit = LARGEST_SIDE.into();
            return Err(Failure::too_large("WebP side in pixels", limit, longer.into()));
        }
        let probabilities = probabilities::fitting(&self.statistics);
        let tokens = probabilities::forecast(&self.statistics, &probabilities) / 8;
        let modes = self.records.heads.len() * 8;
        let length = tokens as usize + tokens as usize / 64 + modes + (4 << 10);
        file.try_reserve_exact(length).map_err(|_| Failure::out_of_memory(length))?;

        let start = file.len();
        file.extend([0; HEADER]);
        let mut writer = BoolWriter::new(file);
        self.first(&mut writer, &probabilities);
        let mut file = writer.finish()?;
        let first = file.len() - start - HEADER;
        if first > LARGEST_FIRST {
            let limit = LARGEST_FIRST as u64;
            return Err(Failure::too_large("bytes of VP8 modes", limit, first as u64));
        }
        let [w0, w1, ..] = self.size.width.to_le_bytes();
        let [h0, h1, ..] = self.size.height.to_le_bytes();
        // A key frame of version 0, to be shown.
        let [t0, t1, t2, _] = ((first as u32) << 5 | 1 << 4).to_le_bytes();
        let header = [t0, t1, t2, 0x9d, 0x01, 0x2a, w0, w1, h0, h1];
        if let Some(place) = file.get_mut(start..start + HEADER) {
            place.copy_from_slice(&header);
        }
        self.levels(file, &probabilities)
    }

    fn across(&self) -> usize {
        self.size.width.div_ceil(16) as usize
    }

    /// Probabilities that fit.
    fn odds(&self) -> Odds {
        let (mut counts, mut empty) = ([0_u64; SEGMENTS], 0_u64);
        for head in &self.records.heads {
            counts[usize::from(head.segment) % SEGMENTS] += 1;
            empty += u64::from(head.empty);
        }
        let all = self.records.heads.len() as u64;
        let [a, b, c, d] = counts;
        let tree = [of_counts(c + d, all), of_counts(b, a + b), of_counts(d, c + d)];
        let several = counts.iter().filter(|count| **count > 0).count() > 1;
        Odds { segments: several.then_some(tree), present: of_counts(empty, all) }
    }

    /// The first partition: the frame's header, and the modes.
    fn first(&self, writer: &mut BoolWriter, probabilities: &TokenProbabilities) {
        let odds = self.odds();
        // Colours of BT.601, of which decoders clamp what is out of range.
        writer.put_literal(0, 2);
        writer.put_even(odds.segments.is_some());
        if let Some(tree) = &odds.segments {
            self.put_segments(writer, tree);
        }
        let plain = self.records.heads.first().map_or(0, |head| usize::from(head.segment));
        let level = match odds.segments {
            Some(_) => self.segments.iter().map(|segment| segment.filter).max().unwrap_or(0),
            None => self.segments[plain % SEGMENTS].filter,
        };
        // The normal filter, as sharp as can be, without deltas.
        writer.put_literal(0, 1);
        writer.put_literal(level.into(), 6);
        writer.put_literal(0, 3);
        writer.put_literal(0, 1);
        // One partition of levels.
        writer.put_literal(0, 2);
        writer.put_literal(self.segments[plain % SEGMENTS].index.into(), 7);
        let (dc, ac) = self.chroma;
        for delta in [0, 0, 0, dc, ac] {
            writer.put_optional_signed(delta.into(), 4);
        }
        // No frame follows that could make use of the probabilities.
        writer.put_literal(0, 1);
        probabilities::put(writer, probabilities);
        writer.put_literal(1, 1);
        writer.put_literal(odds.present.into(), 8);
        self.put_modes(writer, &odds);
    }

    /// What segments are (RFC 6386 §9.3).
    fn put_segments(&self, writer: &mut BoolWriter, tree: &[Probability; 3]) {
        // Both the map and the data, as absolute values.
        writer.put_literal(0b111, 3);
        for segment in self.segments {
            writer.put_optional_signed(segment.index.into(), 7);
        }
        for segment in self.segments {
            writer.put_optional_signed(segment.filter.into(), 6);
        }
        for probability in tree {
            writer.put_even(*probability != 255);
            if *probability != 255 {
                writer.put_literal((*probability).into(), 8);
            }
        }
    }

    /// What is told of each macroblock (RFC 6386 §11, §19.3).
    fn put_modes(&self, writer: &mut BoolWriter, odds: &Odds) {
        let across = self.across();
        let mut above = vec![[0_u8; 4]; across];
        for row in self.records.heads.chunks(across) {
            let mut left = [0_u8; 4];
            for (head, above) in row.iter().zip(&mut above) {
                if let Some(tree) = &odds.segments {
                    writer.put_path(&path::SEGMENT[usize::from(head.segment) % SEGMENTS], tree);
                }
                writer.put(head.empty, odds.present);
                match head.luma {
                    Luma::Whole(mode) => {
                        writer.put_path(&path::LUMA[mode as usize], &LUMA_PROBABILITIES);
                        let block = super::super::predict::Block::from(mode) as u8;
                        (*above, left) = ([block; 4], [block; 4]);
                    }
                    Luma::Blocks(modes) => {
                        writer.put_path(&path::LUMA[4], &LUMA_PROBABILITIES);
                        for (i, mode) in modes.into_iter().enumerate() {
                            let (above, left) = (&mut above[i % 4], &mut left[i / 4]);
                            let probabilities =
                                &BLOCK_PROBABILITIES[usize::from(*above)][usize::from(*left)];
                            writer.put_path(&path::BLOCK[mode as usize], probabilities);
                            (*above, *left) = (mode as u8, mode as u8);
                        }
                    }
                }
                writer.put_path(&path::CHROMA[head.chroma as usize], &CHROMA_PROBABILITIES);
            }
        }
    }

    /// The second partition: the levels.
    fn levels(self, file: Vec<u8>, probabilities: &TokenProbabilities) -> Result<Vec<u8>, Failure> {
        let across = self.across();
        let mut output = Output { writer: BoolWriter::new(file), probabilities };
        let mut above: Vec<Present> = vec![[false; 9]; across];
        let (mut left, mut x): (Present, usize) = ([false; 9], 0);
        self.records.drain(|head, levels| {
            let above = &mut above[x];
            match levels {
                Some(levels) => levels.tell(&mut output, above, &mut left),
                None => pass_over(matches!(head.luma, Luma::Whole(_)), above, &mut left),
            }
            x += 1;
            if x == across {
                (x, left) = (0, [false; 9]);
            }
        });
        output.writer.finish()
    }
}
