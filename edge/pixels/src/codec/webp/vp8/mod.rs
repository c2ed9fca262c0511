//! VP8 key frames (RFC 6386): lossy WebP.
#![allow(dead_code, reason = "the decoder that uses these follows")]

pub mod decode;
pub mod encode;
mod predict;
mod tables;
mod transform;
