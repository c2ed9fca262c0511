//! What a file can carry beside its picture: an ICC profile, EXIF and XMP (RFC 9649 §2.7.1.4, §2.7.1.5).

use super::header::{Coded, Picture};
use super::riff::{Chunk, Chunks, Writer, flag};
use super::vp8l;
use crate::failure::Failure;
use crate::metadata::Metadata;

/// Finds what is wholly within the bytes given, of each kind the first one. EXIF and XMP stand behind
/// the picture.
pub fn find(file: &[u8]) -> Metadata<'_> {
    let mut found = Metadata::default();
    for Chunk { kind, payload, complete } in Chunks::of_file(file) {
        let place = match &kind {
            b"ICCP" => &mut found.icc,
            b"EXIF" => &mut found.exif,
            b"XMP " => &mut found.xmp,
            _ => continue,
        };
        *place = place.or(complete.then_some(payload));
    }
    // Some writers name it as JPEG does.
    found.exif = found.exif.map(|exif| exif.strip_prefix(b"Exif\0\0").unwrap_or(exif));
    found
}

/// Gives metadata to a file that has a picture and none: the profile before the picture, the
/// others behind it. The file is copied, so that it is in memory twice for a while.
///
/// # Errors
/// [`Failure::OverBudget`], or those of reading the header of the file.
pub fn attach(file: Vec<u8>, metadata: &Metadata<'_>) -> Result<Vec<u8>, Failure> {
    let flags = flags(metadata);
    if flags == 0 {
        return Ok(file);
    }
    let picture = Picture::find(&file)?;
    let mut chunks = Chunks::of_file(&file).peekable();
    let extended = chunks.next_if(|chunk| chunk.kind == *b"VP8X");
    let before = match (extended.and_then(|chunk| chunk.payload.first()), picture.coded) {
        (Some(flags), _) => *flags,
        (None, Coded::Lossless(chunk)) if vp8l::decode::header(chunk.payload)?.alpha => flag::ALPHA,
        (None, _) => 0,
    };
    let mut writer = Writer::new()?;
    writer.canvas(picture.canvas, before | flags)?;
    if let Some(icc) = metadata.icc {
        writer.chunk(*b"ICCP", icc)?;
    }
    for chunk in chunks {
        writer.chunk(chunk.kind, chunk.payload)?;
    }
    for (kind, payload) in [(*b"EXIF", metadata.exif), (*b"XMP ", metadata.xmp)] {
        if let Some(payload) = payload {
            writer.chunk(kind, payload)?;
        }
    }
    writer.finish()
}

/// The flags of the chunks there are.
fn flags(metadata: &Metadata<'_>) -> u8 {
    let Metadata { icc, exif, xmp, .. } = *metadata;
    [(icc, flag::ICC), (exif, flag::EXIF), (xmp, flag::XMP)]
        .into_iter()
        .filter(|(payload, _)| payload.is_some())
        .fold(0, |flags, (_, flag)| flags | flag)
}
