//! HEIC stills: from the bytes of a file (ISO/IEC 23008-12) to planes of luma and chroma.
//!
//! ```text
//! boxes ─► items ─► still ─► admit ─► picture by picture: coded (HEVC) ─► colour ─► planes
//! ```
//!
//! A phone's still is a grid of small pictures. Each is decoded by itself and put into the planes, so
//! that there are never more than the planes and one of them. What is read is 4:2:0 and grey with 8
//! bits, which is what cameras write; all else is `unsupported`, and for another decoder.
#![forbid(unsafe_code)]

mod boxes;
mod canvas;
mod coded;
mod colour;
mod decode;
mod items;
mod orientation;
mod properties;
mod still;

pub use decode::{Decoded, decode};
pub use still::{Still, read};
