//! VP8 key frames (RFC 6386): lossy WebP.

pub mod decode;
pub mod encode;
mod predict;
mod tables;
mod transform;
