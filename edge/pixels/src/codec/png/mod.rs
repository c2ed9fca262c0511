//! PNG (W3C Portable Network Graphics, third edition).

mod adler;
mod anim;
mod chunks;
mod colour;
mod crc;
mod decode;
mod encode;
mod header;
mod metadata;
mod predict;

use super::{Codec, Encode, Format, Run};

pub const CODEC: Codec = Codec {
    format: Format::Png,
    media_type: "image/png",
    sniff: |bytes| bytes.starts_with(chunks::SIGNATURE),
    probe: header::probe,
    profile: colour::profile,
    metadata: metadata::find,
    denominators: &[],
    decode: decode::decode,
    decode_memory: decode::memory,
    decode_work: 10,
    choose: None,
    animated: Some(&anim::ANIMATED),
    encode: Some(Encode {
        attach: Some(metadata::attach),
        run: Run::Packed(encode::encode),
        alpha: true,
        memory: encode::memory,
        work: encode::work,
    }),
    exact: None,
};
