//! BMP (Windows bitmaps from version 2 on, and those of OS/2 that are alike: MS-WMF §2.2.2.9, wingdi.h).

pub mod bitmap;
mod decode;
mod masks;
mod rle;
pub mod rows;

use super::{Codec, Format};
use crate::metadata::Metadata;

pub const CODEC: Codec = Codec {
    format: Format::Bmp,
    media_type: "image/bmp",
    sniff: bitmap::sniff,
    probe: bitmap::probe,
    profile: bitmap::profile,
    metadata: |_| Metadata::default(),
    denominators: &[],
    decode: decode::decode,
    decode_memory: decode::memory,
    decode_work: 4,
    choose: None,
    animated: None,
    encode: None,
    exact: None,
};
