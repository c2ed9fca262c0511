//! What holds of HEIC.

use selvedge_heic::{decode, read};
use selvedge_pixels::Job;

use crate::allocator::peak_of;
use crate::{BUDGET, REFUSAL};

/// Property: whatever the bytes, a still is decoded to the size that its boxes say, or there is a typed
/// failure; and it never takes more memory than was forecast from them.
///
/// Oracle: panics and aborts, the counting allocator, and the forecast.
///
/// # Panics
/// If one of these does not hold.
pub fn heic(input: &[u8]) {
    let mut trace = |_: &'static str| {};
    let mut job = Job::new(BUDGET, 0, &mut trace);
    let forecast = read(input).map(|still| (still.size(), still.memory()));
    let (made, peak) = peak_of(|| decode(input, &mut job));
    let most = forecast.as_ref().map_or(0, |(_, memory)| *memory).max(REFUSAL);
    assert!(peak <= most, "{peak} bytes, {most} were forecast");
    if let Ok(made) = made {
        assert_eq!(Ok(made.planar.size), forecast.map(|(size, _)| size));
    }
}
