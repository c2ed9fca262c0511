//! Samples: what is to be coded, and what decoders will see.

use super::super::border::Area;
use super::super::tiles::Tile;
use super::super::{Chroma, Place};
use super::masking::Masking;
pub use super::masking::SIDE;
use crate::budget::zeros;
use crate::failure::Failure;

/// A plane of the picture, row by row without gaps.
#[derive(Clone, Copy)]
pub struct Plane<'a> {
    pub samples: &'a [u8],
    pub width: usize,
    pub height: usize,
}

/// The superblock that is coded, and where it comes from.
pub struct Source<'a> {
    planes: Vec<Window<'a>>,
    masking: Masking,
}

/// A plane, and a superblock of it. What is beyond the picture's edges is as on them.
struct Window<'a> {
    plane: Plane<'a>,
    /// Where the tile begins.
    start: (usize, usize),
    shift: usize,
    samples: Vec<u8>,
}

impl<'a> Source<'a> {
    /// Of a tile of a picture of one plane, or three.
    ///
    /// # Errors
    /// [`Failure::OverBudget`].
    pub fn new(planes: &[Plane<'a>], tile: &Tile, chroma: Chroma) -> Result<Self, Failure> {
        let window = |(index, plane): (usize, &Plane<'a>)| {
            let shift = if index == 0 { 0 } else { chroma.shift() };
            let start = (tile.x >> shift, tile.y >> shift);
            Ok(Window { plane: *plane, start, shift, samples: zeros(SIDE * SIDE)? })
        };
        Ok(Self {
            planes: planes.iter().enumerate().map(window).collect::<Result<_, Failure>>()?,
            masking: Masking::NONE,
        })
    }

    /// Takes a superblock of the picture.
    pub fn load(&mut self, place: Place) {
        for window in &mut self.planes {
            let Window { plane, start, shift, samples } = window;
            let side = SIDE >> *shift;
            let (x, y) = (start.0 + (place.x >> *shift), start.1 + (place.y >> *shift));
            for (row, to) in samples.chunks_exact_mut(SIDE).take(side).enumerate() {
                let from = (y + row).min(plane.height.saturating_sub(1)) * plane.width;
                let line = plane.samples.get(from..from + plane.width).unwrap_or_default();
                let rest = line.get(x..).unwrap_or_default();
                let (to, _) = to.split_at_mut(side);
                let (inside, beyond) = to.split_at_mut(rest.len().min(side));
                inside.iter_mut().zip(rest).for_each(|(to, from)| *to = *from);
                beyond.fill(line.last().copied().unwrap_or_default());
            }
        }
        if let Some(luma) = self.planes.first() {
            self.masking = Masking::of(&luma.samples);
        }
    }

    /// What errors count in a block, in 64ths.
    pub fn weight(&self, place: Place) -> u64 {
        self.masking.weight((place.x % SIDE, place.y % SIDE), place.log2)
    }

    /// The samples of a block, [`SIDE`] apart from row to row.
    pub fn block(&self, plane: usize, place: Place) -> &[u8] {
        let Some(window) = self.planes.get(plane) else { return &[] };
        let (x, y) = ((place.x % SIDE) >> window.shift, (place.y % SIDE) >> window.shift);
        window.samples.get((y & !3) * SIDE + (x & !3)..).unwrap_or_default()
    }
}

/// The tile as decoders see it before their filters.
pub struct Canvas {
    planes: Vec<Surface>,
}

/// A plane of it.
struct Surface {
    samples: Vec<u8>,
    stride: usize,
    shift: usize,
    area: Area,
}

impl Canvas {
    /// For a tile.
    ///
    /// # Errors
    /// [`Failure::OverBudget`].
    pub fn new(tile: &Tile, chroma: Chroma) -> Result<Self, Failure> {
        let (wide, high) = (tile.width.next_multiple_of(SIDE), tile.height.next_multiple_of(SIDE));
        let surface = |plane| {
            let shift = if plane == 0 { 0 } else { chroma.shift() };
            Ok(Surface {
                samples: zeros((wide >> shift) * (high >> shift))?,
                stride: wide >> shift,
                shift,
                area: Area::new(tile.width, tile.height, shift),
            })
        };
        Ok(Self { planes: (0..chroma.planes()).map(surface).collect::<Result<_, Failure>>()? })
    }

    /// Where a block is on its plane. Of the four 4 × 4 blocks that share one of chroma it is where the
    /// first one is.
    fn at(surface: &Surface, place: Place) -> (usize, usize) {
        let (x, y) = (place.x >> surface.shift, place.y >> surface.shift);
        (x & !3, y & !3)
    }

    /// The plane, and a block's place on it.
    pub fn plane(&self, plane: usize, place: Place) -> Option<View<'_>> {
        let surface = self.planes.get(plane)?;
        let (x, y) = Self::at(surface, place);
        Some(View { samples: &surface.samples, stride: surface.stride, area: &surface.area, x, y })
    }

    /// The samples of a block, to write to, and their stride.
    pub fn block(&mut self, plane: usize, place: Place) -> (&mut [u8], usize) {
        let Some(surface) = self.planes.get_mut(plane) else { return (&mut [], 0) };
        let (x, y) = Self::at(surface, place);
        let samples = surface.samples.get_mut(y * surface.stride + x..).unwrap_or_default();
        (samples, surface.stride)
    }

    /// Appends the samples of a block of all planes.
    pub fn save(&self, place: Place, chroma: Chroma, to: &mut Vec<u8>) {
        for plane in 0..self.planes.len() {
            let Some(view) = self.plane(plane, place) else { continue };
            let side = 1 << place.transform(plane, chroma);
            view.rows().take(side).for_each(|row| to.extend_from_slice(&row[..side]));
        }
    }

    /// Puts back what [`Canvas::save`] appended.
    pub fn restore(&mut self, place: Place, chroma: Chroma, mut from: &[u8]) {
        for plane in 0..self.planes.len() {
            let side = 1 << place.transform(plane, chroma);
            let (samples, stride) = self.block(plane, place);
            for row in samples.chunks_mut(stride).take(side) {
                let (saved, rest) = from.split_at_checked(side).unwrap_or_default();
                row[..saved.len()].copy_from_slice(saved);
                from = rest;
            }
        }
    }
}

/// A plane to read from.
pub struct View<'a> {
    pub samples: &'a [u8],
    pub stride: usize,
    pub area: &'a Area,
    pub x: usize,
    pub y: usize,
}

impl View<'_> {
    /// The block's samples on.
    pub fn block(&self) -> &[u8] {
        self.samples.get(self.y * self.stride + self.x..).unwrap_or_default()
    }

    fn rows(&self) -> impl Iterator<Item = &[u8]> {
        self.block().chunks(self.stride)
    }
}
