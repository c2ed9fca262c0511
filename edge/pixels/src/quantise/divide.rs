//! Cells in boxes, of each of which one colour is taken.

use super::cells::Point;
use super::space::Place;

/// A box of points.
pub struct Part {
    pub start: usize,
    length: usize,
    /// The sum of the squared errors.
    error: u64,
    /// What the points differ in most, and the mean of that.
    axis: usize,
    middle: i16,
    /// The mean.
    pub place: Place,
}

/// Divides points into at most `count` boxes, always the one whose pixels differ most, at the mean of what
/// they differ in most, until the mean of the squared errors is at most `error`. Points before `clear`
/// and those from there on share no box.
pub fn divide(points: &mut [Point], clear: usize, count: usize, error: u64) -> Vec<Part> {
    let all: u64 = points.iter().map(|point| u64::from(point.count)).sum();
    let (before, behind) = points.split_at(clear);
    let mut parts = Vec::with_capacity(count.max(2));
    if !before.is_empty() {
        parts.push(Part::of(before, 0));
    }
    if !behind.is_empty() {
        parts.push(Part::of(behind, clear));
    }
    let mut errors: u64 = parts.iter().map(|part| part.error).sum();
    while parts.len() < count && errors > error * all {
        let widest = parts.iter_mut().max_by_key(|part| part.error);
        let Some(part) = widest.filter(|part| part.error > 0 && part.length > 1) else { break };
        let (start, axis, middle) = (part.start, part.axis, part.middle);
        errors -= part.error;
        let points = points.get_mut(start..start + part.length).unwrap_or_default();
        let mut low = 0;
        for at in 0..points.len() {
            if points.get(at).is_some_and(|point| point.place[axis] <= middle) {
                points.swap(low, at);
                low += 1;
            }
        }
        let (left, right) = points.split_at(low);
        if left.is_empty() || right.is_empty() {
            part.error = 0;
            continue;
        }
        let right = Part::of(right, start + low);
        *part = Part::of(left, start);
        errors += part.error + right.error;
        parts.push(right);
    }
    parts
}

impl Part {
    fn of(points: &[Point], start: usize) -> Self {
        let (mut count, mut sums, mut squares) = (0, [0_i64; 4], [0_i64; 4]);
        for point in points {
            let weight = i64::from(point.count);
            count += weight;
            for (axis, value) in point.place.into_iter().map(i64::from).enumerate() {
                sums[axis] += value * weight;
                squares[axis] += value * value * weight;
            }
        }
        let count = count.max(1);
        let means = sums.map(|sum| sum.div_euclid(count));
        let errors: [i64; 4] = core::array::from_fn(|axis| {
            // Around the mean, rounded down, and what is left of it.
            let (mean, rest) = (means[axis], sums[axis].rem_euclid(count));
            squares[axis] - mean * (2 * sums[axis] - mean * count) - rest * rest / count
        });
        let axis = (0..4).max_by_key(|axis| errors[*axis]).unwrap_or(0);
        let place = means.map(|mean| mean as i16);
        let error = errors.iter().sum::<i64>().max(0) as u64;
        Self { start, length: points.len(), error, axis, middle: place[axis], place }
    }
}
