//! The nearest of some places.

use super::space::{Place, distance};

/// Places by rising luma, each with its number.
#[derive(Default)]
pub struct Nearest {
    sorted: Vec<(Place, u8)>,
}

/// Nothing was found yet.
pub const NONE: (u8, i32) = (0, i32::MAX);

impl Nearest {
    /// Of at most 256 places.
    pub fn of(places: impl Iterator<Item = (Place, u8)>) -> Self {
        let mut sorted: Vec<(Place, u8)> = places.collect();
        sorted.sort_unstable();
        Self { sorted }
    }

    /// The number of the nearest one and how far it is; what was `found` before if none is nearer. Looks
    /// to both sides of the same luma, until that alone is farther.
    #[inline(always)]
    pub fn find(&self, place: &Place, mut found: (u8, i32)) -> (u8, i32) {
        let middle = self.sorted.partition_point(|(other, _)| other[0] < place[0]);
        let (below, above) = self.sorted.split_at(middle);
        let (mut below, mut above) = (below.iter().rev(), above.iter());
        let mut look = |other: Option<&(Place, u8)>| {
            let Some((other, number)) = other else { return false };
            let luma = i32::from(other[0]) - i32::from(place[0]);
            if luma * luma >= found.1 {
                return false;
            }
            let far = distance(other, place);
            if far < found.1 {
                found = (*number, far);
            }
            true
        };
        let (mut down, mut up) = (true, true);
        while down || up {
            up = up && look(above.next());
            down = down && look(below.next());
        }
        found
    }
}
