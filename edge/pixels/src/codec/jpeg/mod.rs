//! JPEG (ITU-T T.81, JFIF).

mod ac;
mod ahead;
mod bits;
mod block;
mod decode;
mod encode;
mod factors;
mod frame;
mod header;
mod huffman;
mod icc;
mod idct;
mod metadata;
mod plane;
mod progressive;
mod restart;
mod sequential;
mod tables;

use super::{Codec, Encode, Format, Run};

pub const CODEC: Codec = Codec {
    format: Format::Jpeg,
    media_type: "image/jpeg",
    sniff: |bytes| bytes.starts_with(&[0xff, 0xd8, 0xff]),
    probe: header::probe,
    profile: icc::profile,
    metadata: metadata::find,
    denominators: &[2, 4, 8],
    decode: decode::decode,
    decode_memory: decode::memory,
    decode_work: 5,
    choose: None,
    animated: None,
    encode: Some(Encode {
        attach: Some(metadata::attach),
        run: Run::Planar {
            run: |planar, _, style| encode::encode(planar, style),
            chroma: encode::chroma,
        },
        alpha: false,
        memory: encode::memory,
        work: |_, _, _| 12,
    }),
    exact: None,
};
