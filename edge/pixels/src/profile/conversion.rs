//! From the numbers of a profile to sRGB, 8 bits a sample.

use super::connection::{Grey, Shaper, Tables};
use super::grid::{self, Grid};
use super::srgb::{self, Codes, Matrix};
use super::tags::Tags;
use crate::budget::Job;
use crate::codec::Form;
use crate::colour::rgb;
use crate::failure::Failure;
use crate::raster::{Channels, Planar, Raster, Space};

/// How numbers are converted, which says what it costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Grey, by a table.
    Grey,
    /// Grey, by a table that a profile for colours has for it.
    GreyOfColours,
    /// Four inks, by a grid.
    Inks,
    /// Red, green and blue, by a grid.
    Grid,
    /// Red, green and blue, by curves and a matrix.
    Shaper,
}

impl Kind {
    /// Bytes that a conversion takes.
    pub fn memory(self) -> u64 {
        let grid = match self {
            Self::Grey | Self::GreyOfColours => 0,
            Self::Shaper => srgb::CODES_MEMORY,
            Self::Grid => grid::memory(3),
            Self::Inks => grid::memory(4),
        };
        grid + (8 << 10)
    }

    /// Work units to convert so many pixels.
    pub fn work(self, pixels: u64) -> u64 {
        match self {
            Self::Grey | Self::GreyOfColours => pixels,
            Self::Shaper => pixels.saturating_mul(9),
            Self::Grid => grid::work(3, pixels),
            Self::Inks => grid::work(4, pixels),
        }
    }
}

/// A conversion of one picture.
pub enum Conversion<'a> {
    Grey(Box<[u8; 256]>),
    GreyOfColours(Box<[u8; 256]>),
    Inks(Box<Grid<'a, 4>>),
    Grid(Box<Grid<'a, 3>>),
    Shaper(Box<Shaping>),
}

/// Curves as tables of light, a matrix, and the codes of light.
pub struct Shaping {
    light: [[f32; 256]; 3],
    matrix: [[f32; 3]; 3],
    codes: Codes,
}

impl<'a> Conversion<'a> {
    /// What a profile makes of pixels of `form`; `None` if it is broken, of a kind that is not read, or
    /// for other pixels.
    ///
    /// # Errors
    /// [`Failure::OverBudget`].
    pub fn of_profile(profile: &'a [u8], form: &Form) -> Result<Option<Self>, Failure> {
        let Some(tags) = Tags::new(profile) else { return Ok(None) };
        let inks = matches!(
            form,
            Form::Planes(planes) if matches!(planes.space, Space::Cmyk | Space::Ycck)
        );
        let grey = matches!(form.channels(), Channels::Grey | Channels::GreyAlpha);
        match (&tags.device().unwrap_or_default(), inks, grey) {
            (b"GRAY", false, true) => {
                Ok(Grey::read(tags).map(|grey| Self::of_grey(|code| grey.light(code))))
            }
            // What is the same of all three is grey, whatever the primaries.
            (b"RGB ", false, true) => Ok(Shaper::read(tags)
                .map(|shaper| Self::GreyOfColours(greys(|code| shaper.curves[1].at(code))))),
            (b"CMYK", true, false) => {
                Ok(Tables::read(tags, 1.0).map(|tables| Self::Inks(Box::new(Grid::new(tables)))))
            }
            (b"RGB ", false, false) => match (Tables::read(tags, 0.0), Shaper::read(tags)) {
                (Some(tables), _) => Ok(Some(Self::Grid(Box::new(Grid::new(tables))))),
                (None, Some(shaper)) => {
                    let light = |i: usize, code| shaper.curves[i].at(code);
                    Ok(Some(Self::shaper(light, shaper.matrix)?))
                }
                (None, None) => Ok(None),
            },
            _ => Ok(None),
        }
    }

    /// By a curve for each of red, green and blue, and a matrix from its light to sRGB's.
    ///
    /// # Errors
    /// [`Failure::OverBudget`].
    pub fn shaper(light: impl Fn(usize, f64) -> f64, matrix: Matrix) -> Result<Self, Failure> {
        let table = |i: usize| core::array::from_fn(|code| light(i, code as f64 / 255.0) as f32);
        Ok(Self::Shaper(Box::new(Shaping {
            light: core::array::from_fn(table),
            matrix: matrix.map(|row| row.map(|factor| factor as f32)),
            codes: Codes::new()?,
        })))
    }

    /// By the curve of grey.
    pub fn of_grey(light: impl Fn(f64) -> f64) -> Self {
        Self::Grey(greys(light))
    }

    /// What it costs.
    pub fn kind(&self) -> Kind {
        match self {
            Self::Grey(_) => Kind::Grey,
            Self::GreyOfColours(_) => Kind::GreyOfColours,
            Self::Inks(_) => Kind::Inks,
            Self::Grid(_) => Kind::Grid,
            Self::Shaper(_) => Kind::Shaper,
        }
    }

    /// Whether it changes next to nothing: the profile is sRGB, by whatever name.
    pub fn is_srgb(&self) -> bool {
        let same = |from: &[u8], to: &[u8]| from.iter().zip(to).all(|(a, b)| a.abs_diff(*b) <= 1);
        match self {
            Self::Grey(table) => same(&core::array::from_fn::<_, 256, _>(|i| i as u8), &**table),
            Self::Shaper(shaping) => {
                let levels = [0, 16, 48, 96, 144, 192, 224, 255];
                let each = |i: usize| [levels[i & 7], levels[i >> 3 & 7], levels[i >> 6]];
                (0..512).map(each).all(|colour| same(&colour, &shaping.at(colour)))
            }
            // Nobody writes tables for sRGB but to change something; and what is not for grey cannot
            // be kept with it.
            Self::GreyOfColours(_) | Self::Inks(_) | Self::Grid(_) => false,
        }
    }

    /// Converts pixels; of inks there are none.
    ///
    /// # Errors
    /// [`Failure::OverBudget`].
    pub fn run(&mut self, raster: &mut Raster) -> Result<(), Failure> {
        match self {
            Self::Grey(table) | Self::GreyOfColours(table) => {
                let count = raster.channels.count();
                let colours = count - usize::from(raster.channels.has_alpha());
                for pixel in raster.samples.chunks_exact_mut(count) {
                    pixel.iter_mut().take(colours).for_each(|it| *it = table[usize::from(*it)]);
                }
            }
            Self::Shaper(shaping) => each(raster, |rgb| shaping.at(rgb)),
            Self::Grid(grid) => {
                grid.begin()?;
                each(raster, |rgb| grid.at(rgb));
            }
            Self::Inks(_) => {}
        }
        Ok(())
    }

    /// Converts inks, which are packed on the way.
    ///
    /// # Errors
    /// [`Failure::OverBudget`].
    pub fn inks(&mut self, planar: Planar, job: &Job<'_>) -> Result<Raster, Failure> {
        let mut samples = job.bytes(planar.size.pixels() as usize * 3)?;
        if let (Self::Inks(grid), [a, b, c, black]) = (self, planar.planes.as_slice()) {
            grid.begin()?;
            let inks = a.samples.iter().zip(&b.samples).zip(&c.samples).zip(&black.samples);
            for (place, (((a, b), c), black)) in samples.as_chunks_mut::<3>().0.iter_mut().zip(inks)
            {
                let [a, b, c] = match planar.space {
                    // 255 is no ink.
                    Space::Cmyk => [*a, *b, *c].map(|ink| 255 - ink),
                    // The first three code inks of which 255 is all.
                    _ => rgb([*a, *b, *c]),
                };
                *place = grid.at([a, b, c, 255 - *black]);
            }
        }
        Raster::new(planar.size, Channels::Rgb, samples)
    }
}

impl Shaping {
    #[inline(always)]
    fn at(&self, [r, g, b]: [u8; 3]) -> [u8; 3] {
        let [red, green, blue] = &self.light;
        let [r, g, b] = [red[usize::from(r)], green[usize::from(g)], blue[usize::from(b)]];
        self.matrix.map(|[x, y, z]| self.codes.of(x * r + y * g + z * b))
    }
}

/// The code of each grey by the light that it stands for.
fn greys(light: impl Fn(f64) -> f64) -> Box<[u8; 256]> {
    Box::new(core::array::from_fn(|value| {
        let code = srgb::code(light(value as f64 / 255.0));
        libm::floor(code * 255.0 + 0.5) as u8
    }))
}

/// Changes the colours of each pixel, and not its alpha.
fn each(raster: &mut Raster, mut change: impl FnMut([u8; 3]) -> [u8; 3]) {
    match raster.channels {
        Channels::Rgb => {
            raster.samples.as_chunks_mut().0.iter_mut().for_each(|rgb| *rgb = change(*rgb));
        }
        Channels::Rgba => {
            for [r, g, b, _] in raster.samples.as_chunks_mut().0 {
                [*r, *g, *b] = change([*r, *g, *b]);
            }
        }
        // Colours are what it is made for.
        Channels::Grey | Channels::GreyAlpha => {}
    }
}
