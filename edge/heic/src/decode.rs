//! From the file to the planes.

use selvedge_pixels::{Failure, Job, Planar, Tag};

use crate::boxes::{malformed, unsupported};
use crate::canvas::Canvas;
use crate::coded::{Sets, WORK};
use crate::still::{Said, Still, read};

/// A decoded still.
pub struct Decoded {
    /// As stored, in JPEG's full range and matrix; chroma of half the width and height, or none.
    pub planar: Planar,
    /// How it is turned, as EXIF says it: 1 to 8.
    pub orientation: u8,
    /// What the colours are.
    pub tag: Tag,
}

impl Still<'_> {
    /// Upper bound of bytes that are allocated at once, without the file itself.
    pub fn memory(&self) -> u64 {
        self.kept().saturating_add(self.decoder)
    }

    /// Bytes that are kept while one picture after the other is decoded.
    fn kept(&self) -> u64 {
        Canvas::bytes(self.shown, self.is_grey()).saturating_add(self.profile_bytes())
    }

    /// Work units of all of it.
    pub fn work(&self) -> u64 {
        self.part.pixels().saturating_mul(self.parts.len() as u64).saturating_mul(WORK)
    }
}

/// Decodes the still of a file.
///
/// # Errors
/// [`Failure::Malformed`], [`Failure::Truncated`], [`Failure::TooLarge`], [`Failure::OverBudget`], or
/// [`Failure::Unsupported`] for what is well but not read here.
pub fn decode(file: &[u8], job: &mut Job<'_>) -> Result<Decoded, Failure> {
    job.step("heic-decode", 0)?;
    let still = read(file)?;
    job.admit(still.memory(), still.work())?;
    job.step("heic-decode", still.work())?;
    let is_odd = still.part.width % 2 == 1 || still.part.height % 2 == 1;
    if is_odd && !still.is_grey() {
        return Err(unsupported("pictures of an odd size in a grid"));
    }

    let mut canvas = Canvas::new(still.shown, still.is_grey(), job)?;
    let mut meaning = still.meaning;
    for (index, part) in still.parts.iter().enumerate() {
        let said = Said::of(&still.items, *part)?;
        if said.size != still.part {
            return Err(malformed("the pictures of a grid have several sizes"));
        }
        let sets = Sets::read(said.coding(&still.items, *part)?)?;
        if sets.is_grey()? != still.is_grey() {
            return Err(unsupported("a grid of grey and coloured pictures"));
        }
        let data = still.items.bytes(*part)?;
        let left = (index % still.columns) as u32 * still.part.width;
        let top = (index / still.columns) as u32 * still.part.height;
        let admit = |bytes: u64| job.admit(still.kept().saturating_add(bytes), 0);
        let (part, own) = sets.decode(&data, still.part, admit)?;
        canvas.put(&part, left, top, &meaning.get_or_insert(own).conversion()?);
    }
    let meaning = meaning.ok_or_else(|| malformed("a still without pictures"))?;
    let tag = still.tag(meaning)?;
    Ok(Decoded { planar: canvas.finish(), orientation: still.orientation(), tag })
}
