//! Selvedge's pixels: from the bytes of a source and a plan to the bytes of a picture.
//!
//! ```text
//! sniff ─► probe ─► admit ─► decode ─► reduce ─► orient ─► compose ─► encode
//! ```
//!
//! [`pipeline::transform`] is that list. Rows stream from a decoder through boxes and filter to the
//! final size, so memory follows the output, not the source, wherever the decoder yields rows.
#![deny(unsafe_code)]

mod boxes;
pub mod budget;
pub mod codec;
mod colour;
mod compose;
mod damage;
mod exif;
mod failure;
mod filter;
mod forecast;
mod orient;
pub mod pipeline;
mod profile;
mod raster;
mod reduce;
mod simd;

pub use budget::{Budget, Job};
pub use codec::{Format, Header};
pub use failure::{Excess, Failure};
pub use forecast::Forecast;
pub use pipeline::{Picture, Rendition, Source, estimate, probe, profile_name, transform};
pub use raster::{Channels, Pixels, Planar, Raster, Space};
