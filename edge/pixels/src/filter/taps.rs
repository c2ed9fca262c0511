//! Which inputs an output is made of, and how much each of them counts.

/// Fractional bits of a weight.
pub const WEIGHT_BITS: u32 = 14;

/// The weights along one axis.
pub struct Taps {
    /// For each output, its first input, and how many it has.
    pub spans: Vec<(u32, u32)>,
    /// `stride` weights for each output, the unused ones zero.
    pub weights: Vec<i16>,
    /// The largest number of inputs, rounded up to whole vectors.
    pub stride: usize,
}

impl Taps {
    /// Weights that bring `length` of `from` inputs, from `start` on, to `to` outputs.
    pub fn new(from: u32, start: f64, length: f64, to: u32) -> Self {
        let scale = length / f64::from(to);
        let stretch = scale.max(1.0);
        let shrinks = scale > 1.0;
        let radius = if shrinks { 3.0 } else { 2.0 };
        let span = |index: u32| {
            let centre = start + (f64::from(index) + 0.5) * scale;
            let last = f64::from(from - 1);
            let low = libm::ceil(centre - radius * stretch - 0.5).clamp(0.0, last);
            let high = libm::floor(centre + radius * stretch - 0.5).clamp(low, last);
            (centre, low as u32, (high - low) as u32 + 1)
        };
        let longest = (0..to).map(|index| span(index).2).max().unwrap_or(1) as usize;
        let stride = longest.next_multiple_of(8);
        let mut spans = Vec::with_capacity(to as usize);
        let mut weights = vec![0; stride * to as usize];
        let mut exact = vec![0.0; longest];
        for (index, weights) in (0..to).zip(weights.chunks_exact_mut(stride)) {
            let (centre, low, count) = span(index);
            let exact = exact.get_mut(..count as usize).unwrap_or_default();
            let first = (f64::from(low) + 0.5 - centre) / stretch;
            if shrinks {
                lanczos3(first, 1.0 / stretch, exact);
            } else {
                for (offset, weight) in (0..count).zip(exact.iter_mut()) {
                    *weight = catmull_rom(first + f64::from(offset));
                }
            }
            round(exact, weights);
            spans.push((low, count));
        }
        Self { spans, weights, stride }
    }

    /// The first input of an output, how many it has, and their weights.
    pub fn of(&self, output: usize) -> Option<(usize, usize, &[i16])> {
        let (first, count) = *self.spans.get(output)?;
        let weights = self.weights.get(output * self.stride..(output + 1) * self.stride)?;
        Some((first as usize, count as usize, weights))
    }

    /// The largest number of pairs, of inputs 0 and 1, 2 and 3 and so on, that an output touches.
    pub fn pairs(&self) -> usize {
        let pairs = self.spans.iter().map(|(first, count)| (first + count - 1) / 2 - first / 2 + 1);
        pairs.max().unwrap_or(1) as usize
    }
}

/// Rounds weights so that they sum up to one exactly: what is over goes to the largest.
fn round(exact: &[f64], weights: &mut [i16]) {
    let one = f64::from(1 << WEIGHT_BITS);
    let sum: f64 = exact.iter().sum();
    // Far beyond an edge all weights may vanish: then the nearest sample is what there is.
    let scale = if sum.abs() > 1e-9 { one / sum } else { 0.0 };
    let mut rest = 1 << WEIGHT_BITS;
    for (weight, exact) in weights.iter_mut().zip(exact) {
        *weight = libm::rint(exact * scale) as i16;
        rest -= i32::from(*weight);
    }
    if let Some(weight) = weights.iter_mut().max_by_key(|weight| **weight) {
        *weight = (i32::from(*weight) + rest) as i16;
    }
}

/// sinc(x) sinc(x / 3) for |x| < 3 (Duchon 1979), at `first` and on in steps of `step`.
///
/// The sine is libm's on every target, so that all builds have the same weights; it is taken once,
/// and turned on from there by the angle of a step.
fn lanczos3(first: f64, step: f64, weights: &mut [f64]) {
    let pi = core::f64::consts::PI;
    let (mut wide, mut narrow) = (Angle::new(first * pi), Angle::new(first * pi / 3.0));
    let (wide_step, narrow_step) = (Angle::new(step * pi), Angle::new(step * pi / 3.0));
    let mut x = first;
    for weight in weights {
        let square = (x * pi) * (x * pi / 3.0);
        *weight = match x.abs() {
            // Next to the centre both quotients are one to the last bit but a few.
            near if near < 1e-6 => 1.0,
            far if far >= 3.0 => 0.0,
            _ => wide.sine * narrow.sine / square,
        };
        x += step;
        wide = wide.turned(wide_step);
        narrow = narrow.turned(narrow_step);
    }
}

/// The sine and cosine of an angle.
#[derive(Clone, Copy)]
struct Angle {
    sine: f64,
    cosine: f64,
}

impl Angle {
    fn new(radians: f64) -> Self {
        Self { sine: libm::sin(radians), cosine: libm::cos(radians) }
    }

    /// This angle and another one.
    fn turned(self, by: Self) -> Self {
        Self {
            sine: self.sine * by.cosine + self.cosine * by.sine,
            cosine: self.cosine * by.cosine - self.sine * by.sine,
        }
    }
}

/// The cubic through four points with B = 0, C = 1/2 (Mitchell and Netravali 1988).
fn catmull_rom(x: f64) -> f64 {
    let x = x.abs();
    if x < 1.0 {
        (1.5 * x - 2.5) * x * x + 1.0
    } else if x < 2.0 {
        ((-0.5 * x + 2.5) * x - 4.0) * x + 2.0
    } else {
        0.0
    }
}
