//! The numbers of the specification.

pub mod levels;
pub mod matrices;
pub mod modes;
