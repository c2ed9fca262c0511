//! Selvedge's pixels: from the bytes of a source and a plan to the bytes of a picture.
//!
//! ```text
//! sniff ─► probe ─► admit ─► look ─► decode ─► reduce ─► orient ─► retouch ─► round ─► tilt ─►
//! compose ─► frame ─► draw ─► encode
//! ```
//!
//! [`pipeline::transform`] is that list. Rows stream from a decoder through boxes and filter to the
//! final size, so memory follows the output, not the source, wherever the decoder yields rows.
#![deny(unsafe_code)]

mod anim;
mod boxes;
pub mod budget;
mod ceiling;
mod channels;
pub mod codec;
mod colour;
mod colours;
mod compose;
mod corners;
mod damage;
mod draw;
mod effects;
mod exif;
mod failure;
mod filter;
mod forecast;
mod frame;
mod inflate;
mod join;
mod logarithm;
mod look;
mod metadata;
mod orient;
pub mod pipeline;
mod placeholder;
mod profile;
mod quantise;
mod raster;
mod reduce;
mod ringing;
mod saliency;
mod simd;
mod surround;
mod tag;
mod tilt;
mod write;

pub use budget::{Budget, Job};
pub use codec::{Format, Header};
pub use failure::{Excess, Failure};
pub use forecast::Forecast;
pub use pipeline::{
    Picture, Rendition, Source, estimate, estimate_planes, probe, profile_name, transform,
};
pub use raster::{Channels, Pixels, Planar, Raster, Space};
pub use tag::Tag;
