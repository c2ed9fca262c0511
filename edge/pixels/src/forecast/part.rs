//! What a plan takes of a part of a source that only pixels tell.

use super::{Blueprint, Step};
use crate::reduce::Reduce;

impl Blueprint {
    /// By how much the decoder is to scale down itself, for each way.
    pub fn denominators(&self) -> Vec<u32> {
        self.ways().iter().map(Reduce::denominator).collect()
    }

    /// The same if any part of the source of `whole` may be what it is made of, and none comes to more
    /// pixels than it has now. Of that, decoding takes at most `decode` bytes.
    pub fn of_any_part(mut self, whole: &Self, decode: u64) -> Self {
        let channels = self.channels_on_way();
        let mut step = Step { memory: whole.decode.memory.max(decode), ..whole.decode };
        for (way, of_whole) in self.ways().iter().zip(&whole.ways()) {
            let (memory, work) = way.of_any_region(of_whole, channels);
            step.memory = step.memory.saturating_add(memory);
            step.work = step.work.saturating_add(work);
        }
        self.decode = step;
        self
    }
}
