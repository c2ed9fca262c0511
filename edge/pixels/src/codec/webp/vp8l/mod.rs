//! VP8L, the lossless bitstream (RFC 9649 §3).

mod bits;
mod cache;
mod codes;
pub mod decode;
pub mod encode;
mod huffman;
mod image;
mod predict;
mod prefix;
mod transform;
