//! WebP (RFC 9649).

mod alpha;
mod anim;
mod canvas;
mod decode;
mod encode;
mod header;
mod lossy;
mod metadata;
mod range;
#[cfg(test)]
mod reference;
mod riff;
mod upsample;
mod vp8;
pub mod vp8l;

use std::borrow::Cow;

use super::{Codec, Encode, Format, Run};

pub const CODEC: Codec = Codec {
    format: Format::Webp,
    media_type: "image/webp",
    sniff: |bytes| bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP"),
    probe: header::probe,
    profile: |head| Ok(metadata::find(head).icc.map(Cow::Borrowed)),
    metadata: metadata::find,
    denominators: &[],
    decode: decode::decode,
    decode_memory: decode::memory,
    decode_work: 25,
    choose: None,
    animated: Some(&anim::ANIMATED),
    encode: Some(Encode {
        attach: Some(metadata::attach),
        // All that VP8 has (RFC 6386 §2).
        run: Run::Planar { run: encode::encode, chroma: |_| (2, 2) },
        alpha: true,
        memory: encode::memory,
        work: |_, _, style| encode::work(style),
    }),
    exact: Some(Encode {
        attach: Some(metadata::attach),
        run: Run::Packed(|raster, _| encode::encode_exact(raster)),
        alpha: true,
        memory: |size, _, _| vp8l::encode::memory(size),
        work: |_, _, _| 400,
    }),
};
