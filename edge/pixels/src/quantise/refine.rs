//! Better centres for points, by turns: each point goes to the nearest one, each centre to the mean of
//! its points (Lloyd's algorithm).

use super::cells::{Cells, Point};
use super::nearest::{NONE, Nearest};
use super::space::{Place, distance, place};

/// Most turns. Later ones change little.
const TURNS: u32 = 3;

/// Moves centres to where points gather. The first `clear` of them are for points that are not opaque.
/// Gives the colours that are left, those that are not opaque first, and how many these are.
pub fn refine(cells: &mut Cells, mut centres: Vec<Place>, clear: usize) -> Vec<[u8; 4]> {
    for turn in 0.. {
        let moved = assign(cells, &centres, clear, turn > 0);
        let groups = groups(&cells.points, centres.len());
        if turn == TURNS || !moved {
            return groups.iter().filter_map(Group::colour).collect();
        }
        for (centre, group) in centres.iter_mut().zip(&groups) {
            if group.count > 0 {
                *centre = place(group.mean().map(|sample| sample as i32));
            }
        }
    }
    Vec::new()
}

/// Tells each point the nearest centre, which is most often the one `again` that it had; whether it is
/// another one for any.
fn assign(cells: &mut Cells, centres: &[Place], clear: usize, again: bool) -> bool {
    let numbered = || centres.iter().copied().zip(0..=u8::MAX);
    let (few, rest) = (Nearest::of(numbered().take(clear)), Nearest::of(numbered().skip(clear)));
    let mut moved = false;
    for (index, point) in cells.points.iter_mut().enumerate() {
        let nearest = if index < cells.clear { &few } else { &rest };
        let before = centres.get(usize::from(point.number)).filter(|_| again);
        let before = before.map_or(NONE, |centre| (point.number, distance(&point.place, centre)));
        let (number, _) = nearest.find(&point.place, before);
        moved |= point.number != number;
        point.number = number;
    }
    moved
}

/// The points of a centre.
#[derive(Clone, Copy, Default)]
struct Group {
    count: u64,
    /// Of premultiplied samples.
    sums: [u64; 4],
    /// A colour that at least `votes` pixels have.
    common: [u8; 4],
    votes: u32,
}

impl Group {
    fn mean(&self) -> [u64; 4] {
        self.sums.map(|sum| (sum + self.count / 2) / self.count.max(1))
    }

    /// The colour that stands for them: that of most pixels, so that flat areas stay as they are, else
    /// the mean.
    fn colour(&self) -> Option<[u8; 4]> {
        if self.count == 0 {
            return None;
        }
        if u64::from(self.votes) * 2 > self.count {
            return Some(self.common);
        }
        let alphas = self.sums[3].max(1);
        let [r, g, b, _] = self.sums.map(|sum| ((sum * 255 + alphas / 2) / alphas).min(255) as u8);
        Some([r, g, b, self.mean()[3] as u8])
    }
}

fn groups(points: &[Point], count: usize) -> Vec<Group> {
    let mut groups = vec![Group::default(); count];
    for point in points {
        let Some(group) = groups.get_mut(usize::from(point.number)) else { continue };
        let weight = u64::from(point.count);
        for (sum, sample) in group.sums.iter_mut().zip(point.mean) {
            *sum += u64::from(sample) * weight;
        }
        group.count += weight;
        if point.votes > group.votes {
            (group.common, group.votes) = (point.common, point.votes);
        }
    }
    groups
}
