//! SVG (W3C SVG 1.1, and what browsers have of SVG 2), by the crates `usvg` and `resvg`: shapes and their
//! effects. Scripts, animation and anything from outside are left out, and so are texts: there are no fonts.

mod decode;
mod root;
mod survey;
mod tags;
mod weight;

use super::{Codec, Format};
use crate::metadata::Metadata;

pub const CODEC: Codec = Codec {
    format: Format::Svg,
    media_type: "image/svg+xml",
    sniff: root::sniff,
    probe: root::probe,
    profile: |_| Ok(None),
    metadata: |_| Metadata::default(),
    denominators: &[],
    decode: decode::decode,
    decode_memory: decode::memory,
    decode_work: 12,
    choose: Some(survey::choose),
    animated: None,
    encode: None,
    exact: None,
};
