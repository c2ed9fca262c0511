//! JPEG (ITU-T T.81, JFIF).

mod decode;
mod encode;
mod header;

use super::{Codec, Encode, Format};

pub const CODEC: Codec = Codec {
    format: Format::Jpeg,
    media_type: "image/jpeg",
    sniff: |bytes| bytes.starts_with(&[0xff, 0xd8, 0xff]),
    probe: header::probe,
    denominators: &[2, 4, 8],
    decode: decode::decode,
    decode_memory: decode::memory,
    decode_work: 9,
    encode: Some(Encode {
        run: encode::encode,
        alpha: false,
        memory: 8,
        work: 30,
    }),
};
