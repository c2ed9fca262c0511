//! AVIF: AV1 image items in an ISO base media file (AV1 Image File Format 1.1, ISO/IEC 23008-12).

mod av1;
mod container;
mod effort;
mod encode;
mod quality;
mod still;

use super::{Codec, Encode, Format, Run};
use crate::failure::Failure;
use crate::metadata::Metadata;

pub const CODEC: Codec = Codec {
    format: Format::Avif,
    media_type: "image/avif",
    sniff: |bytes| matches!(bytes.get(4..12), Some(b"ftypavif" | b"ftypavis")),
    probe: |_| Err(unread()),
    profile: |_| Ok(None),
    metadata: |_| Metadata::default(),
    denominators: &[],
    decode: |_, _, _, _| Err(unread()),
    decode_memory: |_, _| 0,
    decode_work: 0,
    choose: None,
    animated: None,
    encode: Some(Encode {
        attach: None,
        run: Run::Planar { run: encode::encode, chroma: quality::chroma },
        alpha: true,
        memory: encode::memory,
        work: effort::work,
    }),
    exact: None,
};

fn unread() -> Failure {
    Failure::Unsupported("AVIF is written, but not read".to_owned())
}
