//! GIF (GIF89a), its first frame.

mod decode;
mod header;

use super::{Codec, Format};

pub const CODEC: Codec = Codec {
    format: Format::Gif,
    media_type: "image/gif",
    sniff: |bytes| bytes.starts_with(b"GIF87a") || bytes.starts_with(b"GIF89a"),
    probe: header::probe,
    profile: |_| None,
    denominators: &[],
    decode: decode::decode,
    decode_memory: decode::memory,
    decode_work: 8,
    encode: None,
};
