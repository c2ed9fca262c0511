//! What a file can carry beside its picture: an ICC profile, EXIF and XMP (RFC 9649 §2.7.1.4, §2.7.1.5).

use super::header::{Coded, Picture};
use super::riff::{Chunk, Chunks, Writer, flag};
use super::vp8l;
use crate::failure::Failure;

/// The payloads of a file's chunks of metadata, those that there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Metadata<'a> {
    /// An ICC profile.
    pub icc: Option<&'a [u8]>,
    /// A TIFF structure, which some writers put `Exif\0\0` before.
    pub exif: Option<&'a [u8]>,
    /// XMP, as UTF-8.
    pub xmp: Option<&'a [u8]>,
}

impl<'a> Metadata<'a> {
    /// Finds what is wholly within the bytes given, of each kind the first one. EXIF and XMP stand
    /// behind the picture.
    pub fn find(file: &'a [u8]) -> Self {
        let mut found = Self::default();
        for Chunk { kind, payload, complete } in Chunks::of_file(file) {
            let place = match &kind {
                b"ICCP" => &mut found.icc,
                b"EXIF" => &mut found.exif,
                b"XMP " => &mut found.xmp,
                _ => continue,
            };
            *place = place.or(complete.then_some(payload));
        }
        found
    }

    /// The flags of the chunks there are.
    fn flags(&self) -> u8 {
        let Self { icc, exif, xmp } = *self;
        [(icc, flag::ICC), (exif, flag::EXIF), (xmp, flag::XMP)]
            .into_iter()
            .filter(|(payload, _)| payload.is_some())
            .fold(0, |flags, (_, flag)| flags | flag)
    }

    /// Gives the metadata to a file that has a picture and none: the profile before the picture, the
    /// others behind it. The file is copied, so that it is in memory twice for a while.
    ///
    /// # Errors
    /// [`Failure::OverBudget`], or those of reading the header of the file.
    #[cfg_attr(not(test), expect(dead_code, reason = "no plan asks for it yet"))]
    pub fn add_to(&self, file: Vec<u8>) -> Result<Vec<u8>, Failure> {
        let flags = self.flags();
        if flags == 0 {
            return Ok(file);
        }
        let picture = Picture::find(&file)?;
        let mut chunks = Chunks::of_file(&file).peekable();
        let extended = chunks.next_if(|chunk| chunk.kind == *b"VP8X");
        let before = match (extended.and_then(|chunk| chunk.payload.first()), picture.coded) {
            (Some(flags), _) => *flags,
            (None, Coded::Lossless(chunk)) if vp8l::decode::header(chunk.payload)?.alpha => {
                flag::ALPHA
            }
            (None, _) => 0,
        };
        let mut writer = Writer::new()?;
        writer.canvas(picture.canvas, before | flags)?;
        if let Some(icc) = self.icc {
            writer.chunk(*b"ICCP", icc)?;
        }
        for chunk in chunks {
            writer.chunk(chunk.kind, chunk.payload)?;
        }
        for (kind, payload) in [(*b"EXIF", self.exif), (*b"XMP ", self.xmp)] {
            if let Some(payload) = payload {
                writer.chunk(kind, payload)?;
            }
        }
        writer.finish()
    }
}
