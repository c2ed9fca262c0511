//! Sources that are looked at before they are transformed.

use selvedge_plan::Plan;
use selvedge_plan::geometry::Size;
use selvedge_plan::options::trim::Trim;
use selvedge_plan::orientation::Turn;

use super::focus::glance;
use super::interest;
use super::plane::Plane;
use crate::anim::Film;
use crate::budget::Job;
use crate::codec::{Form, Header};
use crate::failure::Failure;
use crate::forecast::{Blueprint, Forecast};
use crate::raster::{Channels, Raster};
use crate::reduce::Reduce;
use crate::saliency;

/// A source that can be decoded more than once.
pub enum Seen<'a> {
    /// A file, and what its header says. For a forecast its beginning is enough.
    File(&'a [u8], &'a Header),
    /// Pixels, upright.
    Pixels(&'a Raster),
}

impl Seen<'_> {
    /// What a plan makes of it.
    ///
    /// # Errors
    /// As [`Blueprint::new`].
    pub fn blueprint(&self, plan: &Plan) -> Result<Blueprint, Failure> {
        match self {
            Self::File(file, header) => Blueprint::new(header, Film::of(file, header, plan)?, plan),
            Self::Pixels(raster) => {
                Blueprint::of_pixels(raster.size, self.form(), Turn::NONE, plan)
            }
        }
    }

    /// The same, and what it takes with all looks.
    ///
    /// # Errors
    /// As [`Blueprint::new`].
    pub fn forecast(&self, plan: &Plan) -> Result<(Blueprint, Forecast), Failure> {
        let blueprint = self.blueprint(plan)?;
        let mut forecast = blueprint.forecast();
        let mut add = |memory: u64, work: u64| {
            forecast.memory = forecast.memory.max(memory);
            forecast.work = forecast.work.saturating_add(work);
        };
        if let Some(Trim::Border(_)) = plan.trim {
            add(self.search_memory(), self.search_work());
        }
        if interest(plan).is_some() {
            let blueprint = self.blueprint(&glance(plan))?;
            let Forecast { size, memory, .. } = blueprint.forecast();
            let packed = size.pixels() * Channels::Rgba.count() as u64;
            add(memory + packed + saliency::memory(size), blueprint.decode_work());
        }
        Ok((blueprint, forecast))
    }

    /// Decodes it into ways.
    ///
    /// # Errors
    /// Any [`Failure`] of a decoder.
    pub fn read(&self, ways: &mut [Reduce], job: &Job<'_>) -> Result<(), Failure> {
        match self {
            Self::File(file, header) => (header.format.codec().decode)(file, header, ways, job),
            Self::Pixels(raster) => {
                for way in ways {
                    way.begin(raster.channels, job)?;
                    raster.rows().for_each(|row| way.row(row));
                }
                Ok(())
            }
        }
    }

    pub fn size(&self) -> Size {
        match self {
            Self::File(_, header) => header.size,
            Self::Pixels(raster) => raster.size,
        }
    }

    pub fn form(&self) -> Form {
        match self {
            Self::File(_, header) => header.form,
            Self::Pixels(raster) => Form::Packed(raster.channels),
        }
    }

    pub fn turn(&self) -> Turn {
        match self {
            Self::File(_, header) => header.turn(),
            Self::Pixels(_) => Turn::NONE,
        }
    }

    fn search_memory(&self) -> u64 {
        let Self::File(_, header) = self else { return 0 };
        let denominators = vec![1; self.planes().len()];
        (header.format.codec().decode_memory)(header, &denominators) + (64 << 10)
    }

    pub fn search_work(&self) -> u64 {
        let pixels = self.size().pixels();
        let Self::File(_, header) = self else { return pixels };
        pixels.saturating_mul(header.format.codec().decode_work.saturating_add(1))
    }

    /// The planes that it is decoded to; packed pixels count as one.
    pub fn planes(&self) -> Vec<Plane> {
        let (of_full, planes) = match self.form() {
            Form::Packed(_) => ((1, 1), vec![(1, 1)]),
            Form::Planes(planes) => (planes.largest(), planes.each().collect()),
        };
        planes.into_iter().map(|factors| Plane { factors, of_full }).collect()
    }
}
