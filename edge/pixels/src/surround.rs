//! How far a uniform surround reaches into a picture, told from its rows as they come.

use selvedge_plan::options::background::Colour;

use crate::budget::Job;
use crate::colour::in_space;
use crate::failure::Failure;
use crate::raster::{Channels, Space};
use crate::ringing::Blocks;

/// By how much a channel may differ, if the address does not say: more than what a lossy codec adds
/// around what is drawn.
pub const TOLERANCE: u8 = 10;

/// Where something else than the surround was found: from the first column and row on, to before the
/// last ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    pub left: u32,
    pub top: u32,
    pub right: u32,
    pub bottom: u32,
}

impl Bounds {
    /// What holds both.
    pub fn with(self, other: Self) -> Self {
        Self {
            left: self.left.min(other.left),
            top: self.top.min(other.top),
            right: self.right.max(other.right),
            bottom: self.bottom.max(other.bottom),
        }
    }
}

/// A search for the surround's end.
#[derive(Clone, Debug)]
pub struct Surround {
    /// The samples of its colour; those of the first pixel, if they are not given.
    colour: Option<[u8; 4]>,
    tolerance: u8,
    /// Index of the next row.
    y: u32,
    found: Option<Bounds>,
    /// If ripples beside edges are to be told from what is there.
    blocks: Option<Blocks>,
}

impl Surround {
    /// A search for the end of this colour.
    pub fn new(colour: Option<[u8; 4]>, tolerance: u8) -> Self {
        Self { colour, tolerance, y: 0, found: None, blocks: None }
    }

    /// The same in a plane of rows of `width`, of which the decoder scaled blocks of `side` × `side`
    /// samples down by themselves.
    ///
    /// # Errors
    /// [`Failure::OverBudget`].
    pub fn in_blocks(self, side: usize, width: u32, job: &Job<'_>) -> Result<Self, Failure> {
        let blocks = Some(Blocks::new(side, width as usize, job)?);
        Ok(Self { blocks, ..self })
    }

    /// Takes the next row.
    pub fn row(&mut self, row: &[u8], channels: Channels) {
        let count = channels.count();
        let colour = *self.colour.get_or_insert_with(|| {
            let mut first = [0; 4];
            first.iter_mut().zip(row.iter().take(count)).for_each(|(to, sample)| *to = *sample);
            first
        });
        if let Some(blocks) = &mut self.blocks {
            let [colour, ..] = colour;
            if blocks.add(row, colour) {
                self.rows_of_blocks();
            }
            return;
        }
        let tolerance = self.tolerance;
        self.mark(row.chunks_exact(count), |pixel| match channels.has_alpha() {
            true => differs_where_seen(pixel, &colour, tolerance),
            false => pixel.iter().zip(colour).any(|(a, b)| a.abs_diff(b) > tolerance),
        });
    }

    /// What is left without the surround; `None` if nothing is.
    pub fn found(mut self) -> Option<Bounds> {
        self.rows_of_blocks();
        self.found
    }

    fn rows_of_blocks(&mut self) {
        let Some(mut blocks) = self.blocks.take() else { return };
        let tolerance = self.tolerance;
        for row in blocks.take() {
            self.mark(row.iter(), |difference| *difference > tolerance);
        }
        self.blocks = Some(blocks);
    }

    /// Takes a row of which some samples differ.
    fn mark<T>(
        &mut self,
        mut row: impl ExactSizeIterator<Item = T> + DoubleEndedIterator + Clone,
        differs: impl Fn(T) -> bool,
    ) {
        let y = self.y;
        self.y += 1;
        let Some(first) = row.clone().position(&differs) else { return };
        let last = row.rposition(&differs).unwrap_or(first);
        let here = Bounds { left: first as u32, top: y, right: last as u32 + 1, bottom: y + 1 };
        self.found = Some(self.found.map_or(here, |found| found.with(here)));
    }
}

/// Colours count as far as they are seen, so what is not seen is all alike.
fn differs_where_seen(pixel: &[u8], colour: &[u8; 4], tolerance: u8) -> bool {
    let Some((alpha, samples)) = pixel.split_last() else { return false };
    let Some(of_colour) = colour.get(samples.len()) else { return false };
    let seen = |sample: u8, alpha: u8| u32::from(sample) * u32::from(alpha);
    let most = u32::from(tolerance) * 255;
    alpha.abs_diff(*of_colour) > tolerance
        || samples
            .iter()
            .zip(colour)
            .any(|(a, b)| seen(*a, *alpha).abs_diff(seen(*b, *of_colour)) > most)
}

/// A colour as the samples of packed channels, if it can be one.
pub fn in_channels(channels: Channels, colour: Colour) -> Option<[u8; 4]> {
    let Colour { red, green, blue, alpha } = colour;
    let grey = red == green && green == blue;
    match channels {
        Channels::Grey => grey.then_some([red, 0, 0, 0]),
        Channels::GreyAlpha => grey.then_some([red, alpha, 0, 0]),
        Channels::Rgb | Channels::Rgba => Some([red, green, blue, alpha]),
    }
}

/// A colour as the one sample of each plane, if it can be one.
pub fn in_planes(space: Space, colour: Colour) -> Option<[[u8; 4]; 3]> {
    in_space(space, colour).map(|planes| planes.map(|sample| [sample, 0, 0, 0]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(rows: &[&[u8]], channels: Channels, surround: Surround) -> Option<[u32; 4]> {
        let mut surround = surround;
        rows.iter().for_each(|row| surround.row(row, channels));
        surround.found().map(|Bounds { left, top, right, bottom }| [left, top, right, bottom])
    }

    #[test]
    fn what_is_inside_is_found() {
        let rows: [&[u8]; 4] = [&[9, 9, 9, 9], &[9, 30, 9, 9], &[9, 9, 31, 9], &[9, 12, 9, 9]];
        for (colour, tolerance, expected) in [
            (None, 10, Some([1, 1, 3, 3])),
            (None, 0, Some([1, 1, 3, 4])),
            (None, 21, Some([2, 2, 3, 3])),
            (None, 22, None),
            (Some([30, 0, 0, 0]), 5, Some([0, 0, 4, 4])),
        ] {
            let surround = Surround::new(colour, tolerance);
            assert_eq!(found(&rows, Channels::Grey, surround), expected, "{tolerance}");
        }
    }

    #[test]
    fn what_is_not_seen_is_all_alike() {
        let row: [&[u8]; 1] = [&[1, 0, 200, 0, 200, 128, 50, 0]];
        assert_eq!(found(&row, Channels::GreyAlpha, Surround::new(None, 0)), Some([2, 0, 3, 1]));
    }
}
