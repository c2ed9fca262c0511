//! GIF (GIF89a).

mod blocks;
mod compress;
mod decode;
mod descriptors;
mod dots;
mod frames;
mod header;
mod lzw;
mod write;

use super::{Codec, Encode, Format, Run};
use crate::anim::{Animated, Write};
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
    choose: None,
    animated: Some(&Animated {
        survey: header::survey,
        open: frames::open,
        memory: |wide, _| lzw::memory(wide) + (4 << 10),
        bare: blocks::bare,
        write: Some(Write { begin: write::begin, memory: write::memory }),
    }),
    encode: Some(Encode {
        attach: None,
        run: Run::Packed(write::still),
        alpha: true,
        memory: |size, channels, style| write::memory(size, channels, style, 1),
        work: |_, _, _| 60,
    }),
    exact: None,
};
