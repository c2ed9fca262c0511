//! What is known of two components side by side, and what follows from it: go on, wait, or go back.

mod evidence;
mod gate;
mod interval;
mod times;

pub use evidence::{Arm, Evidence, Known, Pairs};
pub use gate::{Finding, Gate, Verdict};
pub use times::Times;
