//! What was decided about each macroblock, kept until probabilities that fit all of them are known.

use super::super::predict::{Block, Whole};
use super::super::tables::Kind;
use super::neighbours::{CB, DCS, Present};
use super::quantise::Coded;
use super::tokens::{self, Sink};
use crate::failure::Failure;

/// Words of a chunk of levels. They grow chunk by chunk, so that none is moved to a larger place.
const CHUNK: usize = 32 << 10;

/// Words that a macroblock takes at most: 25 blocks, each with its count.
const LARGEST: usize = 25 * 17;

/// How luma is predicted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Luma {
    /// Block by block.
    Blocks([Block; 16]),
    /// As a whole.
    Whole(Whole),
}

/// What is told of a macroblock before its levels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    /// Its segment.
    pub segment: u8,
    /// How its luma is predicted.
    pub luma: Luma,
    /// How its chroma is.
    pub chroma: Whole,
    /// Whether it has no levels but zero.
    pub empty: bool,
}

/// Levels of a macroblock.
pub struct Levels {
    /// The DCs of luma, unless it is predicted block by block.
    pub dc: Option<Coded>,
    /// Luma.
    pub luma: [Coded; 16],
    /// Cb, then Cr.
    pub chroma: [Coded; 8],
}

impl Levels {
    /// Whether all are zero.
    pub fn is_empty(&self) -> bool {
        let mut blocks = self.dc.iter().chain(&self.luma).chain(&self.chroma);
        blocks.all(|block| block.count == 0)
    }

    /// Tells of all blocks in the order of coding, and brings what is known of the neighbours up to
    /// date.
    #[inline(always)]
    pub fn tell(&self, sink: &mut impl Sink, above: &mut Present, left: &mut Present) {
        let mut tell = |kind, above: &mut bool, left: &mut bool, coded: &Coded| {
            let context = usize::from(*above) + usize::from(*left);
            let present = tokens::block(sink, kind, context, coded);
            (*above, *left) = (present, present);
        };
        let mut luma = Kind::Luma;
        if let Some(dc) = &self.dc {
            tell(Kind::LumaDc, &mut above[DCS], &mut left[DCS], dc);
            luma = Kind::LumaAc;
        }
        for (i, coded) in self.luma.iter().enumerate() {
            tell(luma, &mut above[i % 4], &mut left[i / 4], coded);
        }
        for (i, coded) in self.chroma.iter().enumerate() {
            let plane = CB + i / 4 * 2;
            tell(Kind::Chroma, &mut above[plane + i % 2], &mut left[plane + i / 2 % 2], coded);
        }
    }
}

/// What a macroblock without levels leaves: DCs that it does not have stay as they were.
pub fn pass_over(has_dc: bool, above: &mut Present, left: &mut Present) {
    let dcs = (above[DCS] && !has_dc, left[DCS] && !has_dc);
    (*above, *left) = ([false; 9], [false; 9]);
    (above[DCS], left[DCS]) = dcs;
}

/// All macroblocks.
pub struct Records {
    /// In the order of coding.
    pub heads: Vec<Head>,
    chunks: Vec<Vec<i16>>,
    /// The last chunk.
    chunk: Vec<i16>,
}

impl Records {
    /// For so many macroblocks.
    ///
    /// # Errors
    /// [`Failure::OverBudget`].
    pub fn new(macroblocks: usize) -> Result<Self, Failure> {
        let mut heads = Vec::new();
        heads
            .try_reserve_exact(macroblocks)
            .map_err(|_| Failure::out_of_memory(macroblocks * size_of::<Head>()))?;
        Ok(Self { heads, chunks: Vec::new(), chunk: Vec::new() })
    }

    /// Upper bound of bytes allocated.
    pub fn memory(macroblocks: u64) -> u64 {
        let words = macroblocks * LARGEST as u64;
        // The last words of a chunk may be too few for one more macroblock.
        let chunks = words.div_ceil((CHUNK - LARGEST) as u64);
        macroblocks * size_of::<Head>() as u64 + chunks * (CHUNK as u64 * 2 + 64)
    }

    /// Keeps a macroblock.
    ///
    /// # Errors
    /// [`Failure::OverBudget`].
    pub fn push(&mut self, head: Head, levels: &Levels) -> Result<(), Failure> {
        self.heads.push(head);
        if head.empty {
            return Ok(());
        }
        if self.chunk.capacity() - self.chunk.len() < LARGEST {
            let mut chunk = Vec::new();
            chunk.try_reserve_exact(CHUNK).map_err(|_| Failure::out_of_memory(CHUNK * 2))?;
            self.chunks.push(core::mem::replace(&mut self.chunk, chunk));
        }
        for coded in levels.dc.iter().chain(&levels.luma).chain(&levels.chroma) {
            self.chunk.push(coded.count.into());
            let levels = coded.levels.get(..usize::from(coded.count)).unwrap_or_default();
            self.chunk.extend_from_slice(levels);
        }
        Ok(())
    }

    /// Goes through all macroblocks with what they hold, and frees chunk after chunk.
    pub fn drain(self, mut visit: impl FnMut(&Head, Option<&Levels>)) {
        let mut chunks = self.chunks.into_iter().chain([self.chunk]);
        let (mut chunk, mut at) = (Vec::new(), 0);
        for head in &self.heads {
            if head.empty {
                visit(head, None);
                continue;
            }
            // The first chunk of all is empty.
            while at == chunk.len() {
                let Some(next) = chunks.next() else { return };
                (chunk, at) = (next, 0);
            }
            let mut next = || {
                let words = chunk.get(at..).unwrap_or_default();
                let (count, levels) = words.split_first().unwrap_or((&0, &[]));
                let mut coded = Coded { count: (*count).clamp(0, 16) as u8, ..Coded::ZERO };
                let places = coded.levels.iter_mut().take(coded.count.into());
                places.zip(levels).for_each(|(place, level)| *place = *level);
                at += 1 + usize::from(coded.count);
                coded
            };
            let whole = matches!(head.luma, Luma::Whole(_));
            let levels = Levels {
                dc: whole.then(&mut next),
                luma: core::array::from_fn(|_| next()),
                chroma: core::array::from_fn(|_| next()),
            };
            visit(head, Some(&levels));
        }
    }
}
