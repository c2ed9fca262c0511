//! Writing the symbols of blocks (AV1 §5.11).

use super::block::Block;
use super::cdf::{BlockCdfs, Cdfs, Factors, KIND_SMALL, KIND16};
use super::coefficients::{self, LARGE, Level, Visitor};
use super::edges::{Context, Edges, Partition, Trace};
use super::range::{ONE, Range};
use super::scan::scan;
use super::{Kind, Mode, Place};
use crate::failure::Failure;

/// Writes a tile.
pub struct Writer {
    range: Range,
    cdfs: Box<Cdfs>,
}

impl Writer {
    /// Begins a tile.
    pub fn new(base_q_idx: u8) -> Self {
        Self { range: Range::default(), cdfs: Box::new(Cdfs::new(base_q_idx)) }
    }

    /// The probabilities of the moment.
    pub fn cdfs(&self) -> &Cdfs {
        &self.cdfs
    }

    /// Writes whether a block from 8×8 on is cut into four, if that is not implied.
    pub fn partition(&mut self, edges: &Edges, place: Place, split: bool) {
        /// The number of cutting into four.
        const SPLIT: usize = 3;
        let symbol = if split { SPLIT } else { 0 };
        let size = place.log2.saturating_sub(4).min(2);
        match edges.partition(place) {
            Partition::Inside(context) if place.log2 < 4 => {
                self.range.symbol(symbol, &mut self.cdfs.partition8[context & 3]);
            }
            Partition::Inside(context) => {
                self.range.symbol(symbol, &mut self.cdfs.partition[size][context & 3]);
            }
            Partition::Below(context) => {
                let probability = splits(&self.cdfs.partition[size][context & 3], BELOW);
                self.range.bit(split, probability);
            }
            Partition::Right(context) => {
                let probability = splits(&self.cdfs.partition[size][context & 3], RIGHT);
                self.range.bit(split, probability);
            }
            Partition::Implied => {}
        }
    }

    /// Writes a block, and says so to the edges. The levels of each plane are by rows; none are needed
    /// where there are none.
    pub fn block(&mut self, edges: &mut Edges, block: &Block, levels: [&[i16]; 3]) {
        let Block { place, skip, mode, .. } = *block;
        self.range.symbol(skip.into(), &mut self.cdfs.skip[edges.skip(place).min(2)]);
        let (above, left) = edges.modes(place);
        let distribution = &mut self.cdfs.luma_mode[above.min(4)][left.min(4)];
        self.range.symbol(mode as usize, distribution);
        self.angle(place.log2, mode, block.delta);
        let has_chroma = place.has_chroma(edges.chroma());
        if has_chroma {
            self.chroma_mode(block);
        }
        let mut traces = [Trace::NOTHING; 3];
        if !skip {
            let planes = if has_chroma { 3 } else { 1 };
            let all = levels.into_iter().zip(block.eobs).zip(&mut traces);
            for (plane, ((levels, eob), trace)) in all.take(planes).enumerate() {
                let context = edges.context(plane, place);
                let log2 = place.transform(plane, edges.chroma());
                let kind = (plane == 0).then_some((mode, block.kind));
                let end = eob.min(1 << (2 * log2));
                self.levels(plane, log2, kind, context, (levels, end));
                *trace = Trace::of(levels, eob);
            }
        }
        edges.set_block(place, mode, skip, traces);
    }

    fn angle(&mut self, log2: usize, mode: Mode, delta: i8) {
        if log2 > 2 && mode.is_directional() {
            let distribution = &mut self.cdfs.angle[(mode as usize - 1) & 7];
            self.range.symbol((delta.clamp(-3, 3) + 3) as usize, distribution);
        }
    }

    fn chroma_mode(&mut self, block: &Block) {
        let mode = block.chroma_mode;
        let distribution = &mut self.cdfs.chroma_mode[(block.mode as usize).min(12)];
        self.range.symbol(mode as usize, distribution);
        if mode == Mode::FromLuma {
            let Factors { signs, factors } = Factors::new(block.alphas);
            self.range.symbol(signs, &mut self.cdfs.alpha_signs);
            for (context, symbol) in factors.into_iter().flatten() {
                self.range.symbol(symbol, &mut self.cdfs.alpha[context.min(5)]);
            }
        }
        self.angle(block.place.log2, mode, block.chroma_delta);
    }

    /// Writes a transform block (AV1 §5.11.39); of luma with its kind, which goes by the mode.
    fn levels(
        &mut self,
        plane: usize,
        log2: usize,
        kind: Option<(Mode, Kind)>,
        context: Context,
        (levels, end): (&[i16], usize),
    ) {
        let (size, chroma) = (log2.saturating_sub(2).min(3), plane.min(1));
        let cdfs = &mut self.cdfs.blocks[size][chroma];
        self.range.symbol((end == 0).into(), &mut cdfs.all_zero[usize::from(context.all_zero & 3)]);
        if end == 0 {
            return;
        }
        if let Some((mode, kind)) = kind {
            self.kind(size, mode, kind);
        }
        self.end(size, chroma, end);
        let mut pen = Pen { range: &mut self.range, cdfs: &mut self.cdfs.blocks[size][chroma] };
        coefficients::visit(log2, levels, end, &mut pen);
        let sign = &mut self.cdfs.sign[chroma][usize::from(context.sign).min(2)];
        for (index, position) in scan(log2).iter().enumerate().take(end) {
            let level = levels.get(usize::from(*position)).copied().unwrap_or_default();
            if level == 0 {
                continue;
            }
            if index == 0 {
                self.range.symbol((level < 0).into(), sign);
            } else {
                self.range.bit(level < 0, ONE / 2);
            }
            let magnitude = u32::from(level.unsigned_abs());
            if magnitude >= LARGE {
                // As many zeros as there are bits after the first one.
                let rest = magnitude - LARGE + 1;
                let bits = rest.ilog2();
                self.range.literal(rest, 2 * bits + 1);
            }
        }
    }

    fn kind(&mut self, size: usize, mode: Mode, kind: Kind) {
        let (mode, kind) = ((mode as usize).min(12), kind as usize);
        match size {
            0 | 1 => self.range.symbol(KIND_SMALL[kind], &mut self.cdfs.kind_small[size][mode]),
            2 => self.range.symbol(KIND16[kind], &mut self.cdfs.kind16[mode]),
            // Cosines alone.
            _ => {}
        }
    }

    /// Writes how many levels there are.
    fn end(&mut self, size: usize, chroma: usize, end: usize) {
        let class = coefficients::class(end);
        let cdfs = &mut *self.cdfs;
        match size {
            0 => self.range.symbol(class, &mut cdfs.end4[chroma]),
            1 => self.range.symbol(class, &mut cdfs.end8[chroma]),
            2 => self.range.symbol(class, &mut cdfs.end16[chroma]),
            _ => self.range.symbol(class, &mut cdfs.end32[chroma]),
        }
        let Some(bits) = class.checked_sub(2) else { return };
        let rest = (end - 1) as u32;
        let high = rest >> bits & 1;
        self.range.symbol(high as usize, &mut cdfs.blocks[size][chroma].end_bit[bits.min(8)]);
        self.range.literal(rest, bits as u32);
    }

    /// The tile.
    ///
    /// # Errors
    /// [`Failure::OverBudget`].
    pub fn finish(self) -> Result<Vec<u8>, Failure> {
        self.range.finish()
    }
}

/// Writes levels' magnitudes up to [`LARGE`].
struct Pen<'a> {
    range: &'a mut Range,
    cdfs: &'a mut BlockCdfs,
}

impl Pen<'_> {
    #[inline(always)]
    fn more(&mut self, level: Level) {
        let distribution = &mut self.cdfs.more[level.more.min(20)];
        let mut rest = level.magnitude.min(LARGE) - 3;
        for _ in 0..4 {
            let step = rest.min(3);
            self.range.symbol(step as usize, distribution);
            rest -= step;
            if step < 3 {
                break;
            }
        }
    }
}

impl Visitor for Pen<'_> {
    #[inline(always)]
    fn last(&mut self, context: usize, level: Level) {
        let symbol = level.magnitude.min(3).saturating_sub(1);
        self.range.symbol(symbol as usize, &mut self.cdfs.last[context & 3]);
        if symbol > 1 {
            self.more(level);
        }
    }

    #[inline(always)]
    fn level(&mut self, context: usize, level: Level) {
        let symbol = level.magnitude.min(3);
        self.range.symbol(symbol as usize, &mut self.cdfs.base[context & 15]);
        if symbol > 2 {
            self.more(level);
        }
    }
}

/// What cuts a block vertically somewhere, or into four (AV1 §8.3.2, `split_or_horz`): it is into four
/// then if its lower half is outside.
pub const BELOW: [usize; 6] = [2, 3, 4, 6, 7, 9];

/// What cuts it horizontally somewhere, or into four (`split_or_vert`).
pub const RIGHT: [usize; 6] = [1, 3, 4, 5, 6, 8];

/// The probability of some of the ways to cut a block.
pub fn splits(distribution: &[u16; 10], ways: [usize; 6]) -> u32 {
    let share = |way: usize| {
        let from = if way == 0 { ONE } else { distribution[way - 1].into() };
        from - if way == 9 { 0 } else { u32::from(distribution[way]) }
    };
    ways.into_iter().map(share).sum()
}
