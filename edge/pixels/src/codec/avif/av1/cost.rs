//! What symbols cost, in 256ths of a bit, by the probabilities of a moment.

use super::cdf::{BlockCdfs, Cdfs, Factors, KIND_SMALL, KIND16};
use super::coefficients::LARGE;
use super::edges::Partition;
use super::information::{costs, information};
use super::range::ONE;
use super::writer::{BELOW, RIGHT, splits};
use super::{Kind, Mode};

/// A bit that is as likely zero as one.
const EVEN: u16 = 256;

/// Of a plane's levels in transforms of one side.
pub struct BlockCosts {
    /// Whether there are none.
    pub all_zero: [[u16; 2]; 4],
    /// How many there are, by class and highest bit in it.
    pub ends: [[u16; 2]; 12],
    /// The last one, up to 3, with its sign if it is not DC.
    pub last: [[u16; 4]; 4],
    /// Others, up to 3, with their signs if they are not DC.
    pub base: [[u16; 4]; 16],
    /// What levels up to [`LARGE`] have above 3.
    pub more: [[u16; 16]; 21],
}

impl BlockCosts {
    const EMPTY: Self = Self {
        all_zero: [[0; 2]; 4],
        ends: [[0; 2]; 12],
        last: [[0; 4]; 4],
        base: [[0; 4]; 16],
        more: [[0; 16]; 21],
    };

    fn renew<const N: usize>(&mut self, cdfs: &BlockCdfs, end: &[u16; N]) {
        self.all_zero = cdfs.all_zero.each_ref().map(costs);
        for (class, (ends, cost)) in self.ends.iter_mut().zip(costs(end)).enumerate() {
            *ends = match class.checked_sub(2) {
                None => [cost; 2],
                Some(bits) => {
                    let bit = costs(&cdfs.end_bit[bits.min(8)]);
                    bit.map(|bit| cost + bit + bits as u16 * EVEN)
                }
            };
        }
        for (context, (to, from)) in self.last.iter_mut().zip(&cdfs.last).enumerate() {
            let sign = if context == 0 { 0 } else { EVEN };
            let [one, two, more] = costs(from).map(|cost| cost + sign);
            // What cannot be is as good as one.
            *to = [one, one, two, more];
        }
        for (context, (to, from)) in self.base.iter_mut().zip(&cdfs.base).enumerate() {
            let sign = if context == 0 { 0 } else { EVEN };
            let [zero, one, two, more] = costs(from);
            *to = [zero, one + sign, two + sign, more + sign];
        }
        for (to, from) in self.more.iter_mut().zip(&cdfs.more) {
            let [zero, one, two, on] = costs(from);
            for (steps, to) in to[3..15].chunks_exact_mut(3).enumerate() {
                let before = steps as u16 * on;
                to.copy_from_slice(&[before + zero, before + one, before + two]);
            }
            to[15] = 4 * on;
        }
    }
}

/// Costs of everything.
pub struct Costs {
    /// Not cutting a block, and cutting it into four, by side and context.
    partition: [[[u16; 2]; 4]; 4],
    /// The same where the lower half is outside, and where the right one is.
    partition_below: [[[u16; 2]; 4]; 4],
    partition_right: [[[u16; 2]; 4]; 4],
    skip: [[u16; 2]; 3],
    luma_mode: [[[u16; 13]; 5]; 5],
    angle: [[u16; 7]; 8],
    chroma_mode: [[u16; 14]; 13],
    alpha_signs: [u16; 8],
    alpha: [[u16; 16]; 6],
    /// By kind.
    kinds: [[[u16; 4]; 13]; 4],
    pub sign: [[[u16; 2]; 3]; 2],
    pub blocks: [[BlockCosts; 2]; 4],
}

impl Costs {
    /// By probabilities.
    pub fn new(cdfs: &Cdfs) -> Box<Self> {
        let mut costs = Box::new(Self {
            partition: [[[0; 2]; 4]; 4],
            partition_below: [[[0; 2]; 4]; 4],
            partition_right: [[[0; 2]; 4]; 4],
            skip: [[0; 2]; 3],
            luma_mode: [[[0; 13]; 5]; 5],
            angle: [[0; 7]; 8],
            chroma_mode: [[0; 14]; 13],
            alpha_signs: [0; 8],
            alpha: [[0; 16]; 6],
            kinds: [[[0; 4]; 13]; 4],
            sign: [[[0; 2]; 3]; 2],
            blocks: [const { [BlockCosts::EMPTY, BlockCosts::EMPTY] }; 4],
        });
        costs.renew(cdfs);
        costs
    }

    /// By other probabilities. This takes as long as a few blocks.
    pub fn renew(&mut self, cdfs: &Cdfs) {
        let [small, large @ ..] = &mut self.partition;
        *small = cdfs.partition8.map(|from| {
            let [none, .., split] = costs(&from);
            [none, split]
        });
        for (to, from) in large.iter_mut().zip(&cdfs.partition) {
            *to = from.map(|from| {
                let [none, _, _, split, ..] = costs(&from);
                [none, split]
            });
        }
        for (to, ways) in [(&mut self.partition_below, BELOW), (&mut self.partition_right, RIGHT)] {
            for (to, from) in to.iter_mut().skip(1).zip(&cdfs.partition) {
                *to = from.map(|from| {
                    let split = splits(&from, ways);
                    [information(ONE - split), information(split)]
                });
            }
        }
        self.skip = cdfs.skip.each_ref().map(costs);
        for (to, from) in self.luma_mode.iter_mut().zip(&cdfs.luma_mode) {
            *to = from.each_ref().map(costs);
        }
        self.angle = cdfs.angle.each_ref().map(costs);
        self.chroma_mode = cdfs.chroma_mode.each_ref().map(costs);
        self.alpha_signs = costs(&cdfs.alpha_signs);
        self.alpha = cdfs.alpha.each_ref().map(costs);
        let [kinds4, kinds8, kinds16, _] = &mut self.kinds;
        for (to, from) in [kinds4, kinds8].into_iter().zip(&cdfs.kind_small) {
            *to = from.each_ref().map(|from| {
                let costs = costs(from);
                KIND_SMALL.map(|symbol| costs[symbol])
            });
        }
        *kinds16 = cdfs.kind16.each_ref().map(|from| {
            let costs = costs(from);
            KIND16.map(|symbol| costs[symbol])
        });
        self.sign = cdfs.sign.each_ref().map(|plane| plane.each_ref().map(costs));
        for plane in 0..2 {
            let [side4, side8, side16, side32] = &mut self.blocks;
            side4[plane].renew(&cdfs.blocks[0][plane], &cdfs.end4[plane]);
            side8[plane].renew(&cdfs.blocks[1][plane], &cdfs.end8[plane]);
            side16[plane].renew(&cdfs.blocks[2][plane], &cdfs.end16[plane]);
            side32[plane].renew(&cdfs.blocks[3][plane], &cdfs.end32[plane]);
        }
    }

    /// Of how a block of a side of 2^`log2` is cut.
    #[inline]
    pub fn partition(&self, partition: Partition, log2: usize, split: bool) -> u32 {
        let size = log2.saturating_sub(3).min(3);
        let (table, context) = match partition {
            Partition::Inside(context) => (&self.partition, context),
            Partition::Below(context) => (&self.partition_below, context),
            Partition::Right(context) => (&self.partition_right, context),
            Partition::Implied => return 0,
        };
        table[size][context & 3][usize::from(split)].into()
    }

    /// Of having no levels at all, or having some.
    #[inline]
    pub fn skip(&self, context: usize, skip: bool) -> u32 {
        self.skip[context.min(2)][usize::from(skip)].into()
    }

    /// Of a mode of luma, of a block of a side of 2^`log2`, by contexts.
    #[inline]
    pub fn luma_mode(
        &self,
        (above, left): (usize, usize),
        log2: usize,
        mode: Mode,
        delta: i8,
    ) -> u32 {
        let modes = &self.luma_mode[above.min(4)][left.min(4)];
        u32::from(modes[(mode as usize).min(12)]) + self.angle(log2, mode, delta)
    }

    #[inline]
    fn angle(&self, log2: usize, mode: Mode, delta: i8) -> u32 {
        if log2 > 2 && mode.is_directional() {
            self.angle[(mode as usize - 1) & 7][(delta.clamp(-3, 3) + 3) as usize].into()
        } else {
            0
        }
    }

    /// Of a mode of chroma, and of CFL's factors if it is that, by luma's mode and the log2 of the side of
    /// its block.
    #[inline]
    pub fn chroma_mode(
        &self,
        luma: Mode,
        log2: usize,
        mode: Mode,
        delta: i8,
        alphas: [i8; 2],
    ) -> u32 {
        let cost = u32::from(self.chroma_mode[(luma as usize).min(12)][mode as usize]);
        if mode == Mode::FromLuma {
            return cost + self.alphas(alphas);
        }
        cost + self.angle(log2, mode, delta)
    }

    /// Of CFL's factors, not both 0.
    #[inline]
    pub fn alphas(&self, alphas: [i8; 2]) -> u32 {
        let Factors { signs, factors } = Factors::new(alphas);
        let factor =
            |(context, symbol): (usize, usize)| u32::from(self.alpha[context.min(5)][symbol & 15]);
        let factors: u32 = factors.into_iter().flatten().map(factor).sum();
        u32::from(self.alpha_signs[signs & 7]) + factors
    }

    /// Of the kind of luma's transform of a side of 2^`log2`, where there are levels.
    #[inline]
    pub fn kind(&self, log2: usize, luma: Mode, kind: Kind) -> u32 {
        let size = log2.saturating_sub(2).min(3);
        self.kinds[size][(luma as usize).min(12)][kind as usize].into()
    }
}

/// Of what a large level has above [`LARGE`].
#[cold]
pub fn golomb(magnitude: u32) -> u32 {
    u32::from(EVEN) * (2 * (magnitude - LARGE + 1).ilog2() + 1)
}
