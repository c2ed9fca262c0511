//! What lies beside the picture: a profile, XMP, and the file's own fields.

use std::borrow::Cow;

use crate::codec::Profile;
use crate::exif::tiff::Tiff;
use crate::failure::Failure;
use crate::metadata::Metadata;

/// Tags of XMP (part 3 of its specification, §3.3) and of the profile (ICC.1:2022 annex B.5).
const XMP: u16 = 700;
const PROFILE: u16 = 34_675;

/// The bytes of a field of the first directory.
fn field(file: &[u8], tag: u16) -> Option<&[u8]> {
    let tiff = Tiff::new(file)?;
    tiff.bytes(tiff.field(tiff.first()?, tag)?)
}

/// The profile, if it came.
pub fn profile(file: &[u8]) -> Result<Profile<'_>, Failure> {
    Ok(field(file, PROFILE).filter(|profile| !profile.is_empty()).map(Cow::Borrowed))
}

/// XMP, and the file itself, whose fields are what EXIF data are in others.
pub fn find(file: &[u8]) -> Metadata<'_> {
    Metadata { own: Some(file), xmp: field(file, XMP), ..Metadata::default() }
}
