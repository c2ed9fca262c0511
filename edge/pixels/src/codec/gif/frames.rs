//! The frames of a file, decoded onto a canvas.

use super::blocks::{Blocks, Frame};
use super::lzw;
use crate::anim::{BoxedFrames, Canvas, Frames};
use crate::failure::Failure;

/// A file being decoded.
pub struct File<'a> {
    blocks: Blocks<'a>,
    rows: lzw::Rows,
}

/// Begins to decode.
///
/// # Errors
/// [`Failure::Truncated`] or [`Failure::OverBudget`].
pub fn open<'a>(file: &'a [u8]) -> Result<BoxedFrames<'a>, Failure> {
    let blocks = Blocks::new(file)?;
    let rows = lzw::Rows::new(blocks.size.width as usize)?;
    Ok(Box::new(File { blocks, rows }))
}

impl Frames for File<'_> {
    fn next(&mut self, canvas: &mut Canvas) -> Result<Option<u32>, Failure> {
        let Some(frame) = self.blocks.next_frame()? else { return Ok(None) };
        canvas.begin((frame.left, frame.top), frame.size, frame.after)?;
        let colours = Colours::of(&frame, self.blocks.palette)?;
        let mut rows = self.rows.of(&frame)?;
        for y in order(frame.size.height as usize, frame.interlaced) {
            colours.paint(rows.next_row()?, canvas.row(y));
        }
        self.blocks.pass(&frame)?;
        Ok(Some(u32::from(frame.delay) * 10))
    }
}

/// What the indices of a frame stand for.
pub struct Colours {
    colours: [[u8; 4]; 256],
}

impl Colours {
    /// Those of a frame, by its own palette or the screen's.
    ///
    /// # Errors
    /// [`Failure::Malformed`] if there is none.
    pub fn of(frame: &Frame<'_>, screen: &[u8]) -> Result<Self, Failure> {
        let palette = frame.palette.unwrap_or(screen).as_chunks::<3>().0;
        if palette.is_empty() {
            return Err(Failure::malformed("there is no palette"));
        }
        // An index beyond the palette is black, as browsers have it.
        let mut colours = [[0, 0, 0, 255]; 256];
        for (place, [r, g, b]) in colours.iter_mut().zip(palette) {
            *place = [*r, *g, *b, 255];
        }
        if let Some(index) = frame.transparent {
            colours[usize::from(index)] = [0; 4];
        }
        Ok(Self { colours })
    }

    /// Paints a row over what is there.
    pub fn paint(&self, row: &[u8], place: &mut [[u8; 4]]) {
        for (place, index) in place.iter_mut().zip(row) {
            let colour = self.colours[usize::from(*index)];
            *place = if colour[3] == 0 { *place } else { colour };
        }
    }
}

/// Where the rows of a frame belong, in the order in which they come (GIF89a appendix E).
pub fn order(rows: usize, interlaced: bool) -> impl Iterator<Item = usize> {
    let passes: &[(usize, usize)] =
        if interlaced { &[(0, 8), (4, 8), (2, 4), (1, 2)] } else { &[(0, 1)] };
    passes.iter().flat_map(move |(first, step)| (*first..rows).step_by(*step))
}
