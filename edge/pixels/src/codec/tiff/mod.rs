//! TIFF (revision 6.0, with its technical notes 2 and 3), the first picture of a file.

mod chunks;
mod decode;
mod jpeg;
mod layout;
mod lzw;
mod metadata;
mod packbits;
mod samples;

use super::{Codec, Format};

pub const CODEC: Codec = Codec {
    format: Format::Tiff,
    media_type: "image/tiff",
    sniff: layout::sniff,
    probe: layout::probe,
    profile: metadata::profile,
    metadata: metadata::find,
    denominators: &[],
    decode: decode::decode,
    decode_memory: decode::memory,
    decode_work: 12,
    choose: Some(layout::choose),
    animated: None,
    encode: None,
    exact: None,
};
