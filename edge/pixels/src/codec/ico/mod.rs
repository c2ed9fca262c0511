//! Icons and cursors of Windows: the same picture in several sizes, each as a bitmap or as a PNG file
//! (the Windows SDK's `ICONDIR`).

mod bitmap;
mod decode;
mod directory;

use super::{Codec, Format};
use crate::metadata::Metadata;

pub const CODEC: Codec = Codec {
    format: Format::Ico,
    media_type: "image/vnd.microsoft.icon",
    sniff: directory::sniff,
    probe: directory::probe,
    profile: |_| Ok(None),
    metadata: |_| Metadata::default(),
    denominators: &[],
    decode: decode::decode,
    decode_memory: decode::memory,
    decode_work: 12,
    choose: Some(directory::choose),
    animated: None,
    encode: None,
    exact: None,
};
