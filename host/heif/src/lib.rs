//! What the host and the process with libheif say to each other: one request, one reply, in turns,
//! over the standard input and output of the process.

mod frame;
mod message;

pub use frame::{read, write};
pub use message::{CodePoints, Codec, Refusal, Reply, Request, Shape};
