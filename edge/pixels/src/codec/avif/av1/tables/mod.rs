//! The numbers of the specification.

pub mod levels;
pub mod modes;
