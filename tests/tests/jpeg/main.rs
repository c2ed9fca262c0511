//! JPEG files as they are met: whole, odd, damaged, hostile; against libjpeg-turbo, against what the
//! corpus says of them, and in both builds of the pipeline.

mod builds;
mod damage;
mod distance;
mod inks;
mod manifest;
#[path = "../native/mod.rs"]
mod native;
mod odd;
mod planes;
