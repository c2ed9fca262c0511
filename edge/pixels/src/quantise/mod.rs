//! Few colours for many: a palette, and the pixels as numbers of its colours.
//!
//! ```text
//! pixels ─► cells ─► boxes ─► centres ─► palette ─► numbers, dithered
//! ```

mod cells;
mod diffuse;
mod divide;
mod nearest;
mod palette;
mod refine;
mod space;

pub use cells::Cells;
pub use diffuse::Diffuser;
pub use palette::{CLEAR, MOST, Palette};
pub use space::LEVEL;

#[cfg(test)]
mod tests;
