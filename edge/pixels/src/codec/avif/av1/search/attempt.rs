//! One way to code a transform block, and what it costs.

use super::super::Kind;
use super::super::border::Border;
use super::super::coefficients::Form;
use super::super::cost::Costs;
use super::super::distance::coefficient_error;
use super::super::luma::Luma;
use super::super::quantise::{Extent, Quantiser};
use super::super::transform::forward;
use super::super::trellis::{Task, settle};
use super::settings::Lambda;

/// The most samples of a transform block.
pub const MOST: usize = 1024;

/// Room for what is tried, and for the best of it: boxed, since they change places for each block.
pub struct Attempt {
    coefficients: Box<[i16]>,
    pub levels: Box<[i16]>,
    /// What decoders make of the levels.
    pub shown: Box<[i16]>,
    pub extent: Extent,
    /// Squared error as it is seen, of a sample's scale.
    pub error: u64,
    /// 256ths of a bit, for the coefficients.
    pub bits: u32,
}

impl Default for Attempt {
    fn default() -> Self {
        let extent = Extent { eob: 0, rows: 0, columns: 0 };
        Self {
            coefficients: Box::from([0; MOST]),
            levels: Box::from([0; MOST]),
            shown: Box::from([0; MOST]),
            extent,
            error: 0,
            bits: 0,
        }
    }
}

/// What an attempt is made with.
pub struct Means<'a> {
    pub quantiser: &'a Quantiser,
    pub costs: &'a Costs,
    pub lambda: Lambda,
}

/// Room to work in.
#[derive(Default)]
pub struct Bench {
    pub border: [Border; 3],
    /// As chroma is predicted from it.
    pub luma: Luma,
    pub predicted: Samples,
    pub differences: Numbers,
    pub attempt: Attempt,
    /// The best of each plane, with its prediction.
    pub best: [Best; 3],
    /// What is tried for both planes of chroma.
    pub trial: [Best; 2],
}

impl Default for Best {
    fn default() -> Self {
        Self { kind: Kind::DctDct, attempt: Attempt::default(), predicted: Samples::default() }
    }
}

/// What is best so far.
pub struct Best {
    pub kind: Kind,
    pub attempt: Attempt,
    pub predicted: Samples,
}

/// Of a block, by rows without gaps.
pub struct Samples(pub Box<[u8]>);

impl Default for Samples {
    fn default() -> Self {
        Self(Box::from([0; MOST]))
    }
}

pub struct Numbers(pub [i16; MOST]);

impl Default for Numbers {
    fn default() -> Self {
        Self([0; MOST])
    }
}

impl Attempt {
    /// Transforms and quantises differences.
    pub fn make(&mut self, form: &Form, differences: &Numbers, means: &Means<'_>) {
        let Means { quantiser, costs, lambda } = *means;
        let (count, log2) = (form.count(), form.log2);
        let coefficients = &mut self.coefficients[..count];
        forward(log2, form.kind, &differences.0[..count], coefficients);
        let (levels, shown) = (&mut self.levels[..count], &mut self.shown[..count]);
        self.extent = quantiser.quantise(log2, coefficients, levels, shown);
        let task = Task { form, coefficients, quantiser, lambda: lambda.sixteenths() };
        let eob = self.extent.eob.into();
        self.bits = settle(costs, &task, levels, eob);
        if eob > 0 {
            self.extent = Extent::of(log2, levels);
            quantiser.dequantise(log2, levels, shown);
        }
        let weights = quantiser.weights(log2);
        self.error = coefficient_error(log2, coefficients, shown, weights).into();
    }

    /// What the error would be without levels.
    pub fn bare(&self, log2: usize, quantiser: &Quantiser) -> u64 {
        coefficient_error(log2, &self.coefficients, &[0; MOST], quantiser.weights(log2)).into()
    }
}
