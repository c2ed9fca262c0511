//! VP8 key frames (RFC 6386): lossy WebP.
#![allow(dead_code, reason = "the coder and the decoder that use these follow")]

pub mod decode;
mod predict;
mod tables;
mod transform;
