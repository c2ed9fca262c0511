//! Sources that are looked at before they are transformed.

use selvedge_plan::Plan;
use selvedge_plan::geometry::Size;
use selvedge_plan::options::trim::Trim;
use selvedge_plan::orientation::Turn;

use super::focus::{GLANCE, glance};
use super::{interest, part, search};
use crate::anim::Film;
use crate::budget::Job;
use crate::codec::{Form, Header};
use crate::colours::Colours;
use crate::failure::Failure;
use crate::forecast::{Blueprint, Forecast};
use crate::raster::{Channels, Pixels};
use crate::reduce::Reduce;
use crate::saliency;

/// A source that can be decoded more than once.
pub enum Seen<'a> {
    /// A file, and what its header says. For a forecast its beginning is enough.
    File(&'a [u8], &'a Header),
    /// Pixels, how they are turned, and what their numbers stand for.
    Pixels(&'a Pixels, Turn, Colours),
}

impl Seen<'_> {
    /// What a plan makes of it.
    ///
    /// # Errors
    /// As [`Blueprint::new`].
    pub fn blueprint(&self, plan: &Plan) -> Result<Blueprint, Failure> {
        match self {
            Self::File(file, header) => {
                let film = Film::of(file, header, plan)?;
                Blueprint::new(header, film, plan)?.in_best_size(file, header)
            }
            Self::Pixels(pixels, ..) => self.of_size(pixels.size(), plan),
        }
    }

    /// The same for a part of this size, of which nothing else is known.
    ///
    /// # Errors
    /// As [`Blueprint::new`].
    pub fn blueprint_of_part(
        &self,
        size: Size,
        whole: &Blueprint,
        plan: &Plan,
    ) -> Result<Blueprint, Failure> {
        match self {
            Self::File(_, header) => {
                let part = Header { size, ..(*header).clone() };
                Blueprint::new(&part, whole.film.clone(), plan)
            }
            Self::Pixels(..) => self.of_size(size, plan),
        }
    }

    /// What a plan makes of it, and what that takes with all looks.
    ///
    /// # Errors
    /// As [`Blueprint::new`].
    pub fn forecast(&self, plan: &Plan) -> Result<(Blueprint, Forecast), Failure> {
        let blueprint = self.blueprint(plan)?;
        let is_searched = matches!(plan.trim, Some(Trim::Border(_)));
        // What is left of a picture that is there in several sizes may be taken from a larger one.
        let most = |blueprint: &Blueprint, plan: &Plan| match is_searched && !self.is_chosen() {
            true => part::most(self, blueprint, plan),
            false => blueprint.forecast(),
        };
        let mut forecast = most(&blueprint, plan);
        // One after the other: memory is free again, work is not.
        let mut before = |memory: u64, work: u64| {
            forecast.memory = forecast.memory.max(memory);
            forecast.work = forecast.work.saturating_add(work);
        };
        if is_searched {
            let work = search::work(self).saturating_mul(search::TIMES);
            before(self.held() + search::memory(self), work);
        }
        if interest(plan).is_some() {
            let plan = glance(plan);
            // Afterwards they are still needed.
            let blueprint = self.blueprint(&plan)?.holding(0);
            let Forecast { memory, work, .. } = most(&blueprint, &plan);
            let packed = GLANCE.pixels() * Channels::Rgba.count() as u64;
            before(self.held() + memory + packed + saliency::memory(GLANCE), work);
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
            Self::Pixels(pixels, ..) => {
                for (way, raster) in ways.iter_mut().zip(pixels.rasters()) {
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
            Self::Pixels(pixels, ..) => pixels.size(),
        }
    }

    pub fn form(&self) -> Form {
        match self {
            Self::File(_, header) => header.form,
            Self::Pixels(pixels, ..) => Form::of(pixels),
        }
    }

    pub fn turn(&self) -> Turn {
        match self {
            Self::File(_, header) => header.turn(),
            Self::Pixels(_, turn, _) => *turn,
        }
    }

    /// What decoding allocates at most, if nothing is scaled down meanwhile.
    pub fn finest_decode_memory(&self) -> u64 {
        let Self::File(_, header) = self else { return 0 };
        let denominators = vec![1; self.planes().len()];
        (header.format.codec().decode_memory)(header, &denominators) + self.beyond_header().0
    }

    /// Bytes of pixels that are there already.
    fn held(&self) -> u64 {
        if let Self::Pixels(pixels, ..) = self { pixels.bytes() } else { 0 }
    }

    /// Whether there is something to choose of what is decoded.
    fn is_chosen(&self) -> bool {
        matches!(self, Self::File(_, header) if header.format.codec().choose.is_some())
    }

    /// Bytes and work units of decoding it in full that its header does not tell. What is wrong with it
    /// is told by its blueprint.
    pub fn beyond_header(&self) -> (u64, u64) {
        let Self::File(file, header) = self else { return (0, 0) };
        let choose = header.format.codec().choose;
        let chosen = choose.and_then(|choose| choose(file, header, header.size).ok());
        chosen.map_or((0, 0), |chosen| (chosen.memory, chosen.work))
    }

    /// What a plan makes of pixels of this size.
    fn of_size(&self, size: Size, plan: &Plan) -> Result<Blueprint, Failure> {
        let mut blueprint = Blueprint::of_pixels(size, self.form(), self.turn(), plan)?;
        if let Self::Pixels(_, _, colours) = self {
            blueprint.colours = *colours;
            blueprint.stays_planar &= colours.kind().is_none();
        }
        Ok(blueprint.holding(self.held()))
    }

    /// The sampling factors of the planes that it is decoded to; packed pixels count as one.
    pub fn planes(&self) -> Vec<(u32, u32)> {
        match self.form() {
            Form::Packed(_) => vec![(1, 1)],
            Form::Planes(planes) => planes.each().collect(),
        }
    }
}
