//! The ways that pixels or planes take from what is stored to their final size.

use selvedge_plan::geometry::{Region, Size};

use super::Blueprint;
use crate::codec::{Form, Planes};
use crate::colour::subsampled;
use crate::raster::Space;
use crate::reduce::{Reduce, Way};

impl Blueprint {
    /// The ways from what is stored to the final size: one, or one for each plane.
    pub fn ways(&self) -> Vec<Reduce> {
        let whole = self.way();
        let ways = match &self.form {
            Form::Packed(_) => vec![whole],
            Form::Planes(planes) if self.joins() => {
                let ways = self.ways_of_planes(planes, whole).into_iter();
                ways.map(|way| Way::whole(way.source)).collect()
            }
            Form::Planes(planes) => self.ways_of_planes(planes, whole),
        };
        ways.into_iter().map(|way| Reduce::new(way, self.denominators)).collect()
    }

    /// The way of the picture as one.
    fn way(&self) -> Way {
        let region = self.in_stored(self.turn.source_region(self.layout.region, self.source));
        let (scaled, linear) = (self.scaled_as_stored(), self.linear);
        Way { region, scaled, linear, ..Way::whole(self.stored) }
    }

    /// Whether planes are joined before they are scaled, since light is of pixels and not of planes.
    fn joins(&self) -> bool {
        self.linear && self.space().is_some_and(|space| space != Space::Grey)
    }

    /// The planes that are joined, and the way of the pixels.
    pub fn joined(&self) -> Option<(&Planes, Size, Reduce)> {
        match &self.form {
            Form::Planes(planes) if self.joins() => {
                Some((planes, self.source, Reduce::new(self.way(), &[])))
            }
            _ => None,
        }
    }

    fn ways_of_planes(&self, planes: &Planes, whole: Way) -> Vec<Way> {
        let (across, down) = planes.largest();
        let part = |value: u64, of: u32, all: u32| value * u64::from(of) / u64::from(all);
        let side = |value: u32, of: u32, all: u32| (value * of).div_ceil(all);
        let of_plane = |(a, d): (u32, u32)| Way {
            source: Size {
                width: side(whole.source.width, a, across),
                height: side(whole.source.height, d, down),
            },
            region: Region {
                x: part(whole.region.x, a, across),
                y: part(whole.region.y, d, down),
                width: part(whole.region.width, a, across),
                height: part(whole.region.height, d, down),
            },
            ..whole
        };
        let mut ways: Vec<Way> = planes.each().map(of_plane).collect();
        if self.stays_planar {
            for way in ways.iter_mut().skip(1) {
                way.scaled = subsampled(whole.scaled, self.chroma);
                let excess = |chroma: u32, factor: u32, luma: u32| {
                    f64::from(chroma * factor - luma) / f64::from(luma)
                };
                way.excess = (
                    excess(way.scaled.width, self.chroma.0, whole.scaled.width),
                    excess(way.scaled.height, self.chroma.1, whole.scaled.height),
                );
                // Upright it is at the right and at the bottom.
                let (x, y) = (self.turn.mirrors_x(), self.turn.mirrors_y());
                way.excess_first = if self.turn.swaps() { (y, x) } else { (x, y) };
            }
        }
        ways
    }
}
