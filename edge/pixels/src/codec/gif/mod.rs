//! GIF (GIF89a).

mod blocks;
mod decode;
mod frames;
mod header;
mod lzw;

use super::{Codec, Format};
use crate::anim::Animated;
use crate::metadata::Metadata;

pub const CODEC: Codec = Codec {
    format: Format::Gif,
    media_type: "image/gif",
    sniff: |bytes| bytes.starts_with(b"GIF87a") || bytes.starts_with(b"GIF89a"),
    probe: header::probe,
    profile: |_| Ok(None),
    metadata: |_| Metadata::default(),
    denominators: &[],
    decode: decode::decode,
    decode_memory: decode::memory,
    decode_work: 8,
    animated: Some(&Animated {
        survey: header::survey,
        open: frames::open,
        memory: |wide, _| lzw::memory(wide) + (4 << 10),
        write: None,
    }),
    encode: None,
};
