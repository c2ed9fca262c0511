//! What a file carries beside its picture, and what of that the output carries.

mod xmp;

use selvedge_plan::Plan;
use selvedge_plan::options::metadata::Metadata as Wish;

use crate::budget::Job;
use crate::codec::{Format, Header};
use crate::colours::Colours;
use crate::exif::{self, Rights};
use crate::failure::Failure;
use crate::forecast::Written;
use crate::raster::Channels;

/// Most bytes of EXIF data and of XMP, each: what a segment of a JPEG file holds (ITU-T T.81 §B.1.1.4)
/// without its name. What is longer is left out, and told of.
pub const LARGEST: usize = 65_000;

/// Largest profile that is kept. Those of displays and cameras are far shorter.
const LARGEST_PROFILE: usize = 1 << 20;

/// What a file carries, each without what names it there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Metadata<'a> {
    /// An ICC profile.
    pub icc: Option<&'a [u8]>,
    /// A TIFF structure.
    pub exif: Option<&'a [u8]>,
    /// XMP, as UTF-8.
    pub xmp: Option<&'a [u8]>,
    /// The file itself, if it is a TIFF structure, picture and all: of it only rights are taken.
    pub own: Option<&'a [u8]>,
}

/// What the output of a plan carries, as far as the source has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Load {
    wish: Wish,
    /// Bytes of the profile that is kept.
    profile: usize,
}

impl Load {
    /// Nothing.
    pub const NONE: Self = Self { wish: Wish::None, profile: 0 };

    /// Of a file whose pixels of some channels become `written` of others. Inks need their profile to
    /// become a picture, so it is not kept; nor is one for grey with colours, or the other way round, or
    /// with pictures drawn over it, which are in sRGB.
    pub fn of(
        plan: &Plan,
        colours: Colours,
        written: Written,
        (was, is): (Channels, Channels),
    ) -> Self {
        let Written::File(format) = written else { return Self::NONE };
        let grey = |channels: Channels| channels == channels.grey();
        // WebP has no grey.
        let fits = grey(was) == (grey(is) && format != Format::Webp) && plan.draw.is_empty();
        let wish = plan.metadata;
        let profile = match colours.profile_to_keep() {
            length if wish == Wish::Keep && fits && length <= LARGEST_PROFILE => length,
            _ => 0,
        };
        Self { wish, profile }
    }

    /// Whether the pixels stay as their profile has them.
    pub fn keeps_profile(self) -> bool {
        self.profile > 0
    }

    /// Bytes that are held from the source to the output.
    pub fn memory(self) -> u64 {
        match self.wish {
            Wish::None => 0,
            // Two texts, in XMP, in EXIF, and on the way from one to the other.
            Wish::Copyright => 16 << 10,
            // Each as it is found, as a chunk, and as parts of one; the profile in blocks besides.
            Wish::Keep => (6 * LARGEST + 6 * self.profile) as u64,
        }
    }
}

/// What is carried from a source to its output.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Carried {
    icc: Option<Vec<u8>>,
    exif: Option<Vec<u8>>,
    xmp: Option<Vec<u8>>,
}

impl Carried {
    /// Takes it from a file.
    ///
    /// # Errors
    /// [`Failure::OverBudget`].
    pub fn of(file: &[u8], header: &Header, load: Load, job: &Job<'_>) -> Result<Self, Failure> {
        let codec = header.format.codec();
        if load.wish == Wish::None {
            return Ok(Self::default());
        }
        let Metadata { exif, xmp, own, .. } = (codec.metadata)(file);
        if load.wish == Wish::Copyright {
            let rights = exif.or(own).map(Rights::read).unwrap_or_default();
            let rights = rights.or(xmp.map(xmp::rights).unwrap_or_default());
            return Ok(Self { exif: rights.write(), ..Self::default() });
        }
        let kept = |bytes: Option<&[u8]>, what: &str| match bytes {
            Some(bytes) if bytes.len() > LARGEST => {
                job.warn(&format!("the source's {what} is too long to be kept"));
                Ok(None)
            }
            Some(bytes) => copied(bytes).map(Some),
            None => Ok(None),
        };
        let (mut exif, mut xmp) = (kept(exif, "EXIF")?, kept(xmp, "XMP")?);
        exif.iter_mut().for_each(exif::settle);
        exif = exif.or_else(|| own.map(Rights::read)?.write());
        // The parts of the file that it speaks of are not carried.
        xmp = xmp.filter(|xmp| !xmp::tells_of_parts(xmp));
        xmp.iter_mut().for_each(|xmp| xmp::settle(xmp));
        let icc = if load.keeps_profile() { (codec.profile)(file)? } else { None };
        let icc = icc.map(|icc| copied(&icc)).transpose()?;
        Ok(Self { icc, exif, xmp })
    }

    /// Adds it to an output, if that is a file that holds it.
    ///
    /// # Errors
    /// [`Failure::OverBudget`].
    pub fn put(&self, written: Written, file: Vec<u8>) -> Result<Vec<u8>, Failure> {
        let Self { icc, exif, xmp } = self;
        let metadata =
            Metadata { icc: icc.as_deref(), exif: exif.as_deref(), xmp: xmp.as_deref(), own: None };
        match written.encoder().and_then(|encode| encode.attach) {
            Some(attach) if metadata != Metadata::default() => attach(file, &metadata),
            _ => Ok(file),
        }
    }
}

/// A file with `parts` at a place in it.
///
/// # Errors
/// [`Failure::OverBudget`].
pub fn inserted(file: &[u8], at: usize, parts: &[Vec<u8>]) -> Result<Vec<u8>, Failure> {
    let length = file.len() + parts.iter().map(Vec::len).sum::<usize>();
    let mut whole = Vec::new();
    whole.try_reserve_exact(length).map_err(|_| Failure::out_of_memory(length))?;
    let (before, behind) = file.split_at_checked(at).unwrap_or((file, &[]));
    whole.extend_from_slice(before);
    parts.iter().for_each(|part| whole.extend_from_slice(part));
    whole.extend_from_slice(behind);
    Ok(whole)
}

/// Bytes of one's own.
///
/// # Errors
/// [`Failure::OverBudget`].
fn copied(bytes: &[u8]) -> Result<Vec<u8>, Failure> {
    inserted(bytes, bytes.len(), &[])
}
