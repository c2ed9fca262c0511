//! Which modes look good enough to be tried.

use super::super::predict::Whole;
use super::forward::{hadamard_sums, halves};
use super::source::differences;
use super::weights::Weights;

/// Rows of samples, 16 in each: of luma, or of Cb and Cr side by side.
pub type Rows<const N: usize> = [[u8; 16]; N];

/// A mode, and what is thought of it.
#[derive(Clone, Copy)]
pub struct Guess<const N: usize> {
    pub mode: Whole,
    pub predicted: Rows<N>,
    /// What it may cost.
    pub cost: i32,
}

/// All modes with their predictions, those first that leave the least to be coded.
pub fn ranked<const N: usize>(
    samples: &Rows<N>,
    costs: [u16; 4],
    weights: &Weights,
    predict: impl Fn(Whole, &mut Rows<N>),
) -> [Guess<N>; 4] {
    let mut guesses = Whole::ALL.map(|mode| {
        let mut predicted = [[0; 16]; N];
        predict(mode, &mut predicted);
        let sum = difference(samples, &predicted);
        Guess { mode, predicted, cost: weights.guess(sum, costs[mode as usize]) }
    });
    guesses.sort_unstable_by_key(|guess| guess.cost);
    guesses
}

/// The magnitude of the differences as blocks are transformed.
fn difference<const N: usize>(samples: &Rows<N>, predicted: &Rows<N>) -> i32 {
    let bands = samples.as_chunks::<4>().0.iter().zip(predicted.as_chunks::<4>().0);
    let of_band = |(rows, predicted): (&Rows<4>, &Rows<4>)| {
        let sums = |right| hadamard_sums(differences(rows, predicted, right));
        halves(sums(false).add(sums(true)))
    };
    bands.map(of_band).map(|[left, right]| left + right).sum()
}
