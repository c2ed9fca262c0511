//! What a file says of its animation, and of a frame.

use selvedge_plan::geometry::Size;

use crate::anim::After;
use crate::failure::Failure;

/// The `acTL` chunk (§11.3.6.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Animation {
    pub frames: u32,
    /// How often they are played; 0 is for ever.
    pub plays: u32,
}

impl Animation {
    /// # Errors
    /// [`Failure::Malformed`] for one of another length, or of no frames.
    pub fn of(payload: &[u8]) -> Result<Self, Failure> {
        let (words, rest) = payload.as_chunks();
        match *words {
            [frames, plays] if rest.is_empty() && frames != [0; 4] => {
                Ok(Self { frames: u32::from_be_bytes(frames), plays: u32::from_be_bytes(plays) })
            }
            _ => {
                Err(Failure::malformed("chunk acTL is of the wrong length, or tells of no frames"))
            }
        }
    }
}

/// The `fcTL` chunk (§11.3.6.2), but for its number in the sequence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Control {
    pub size: Size,
    /// Left and top.
    pub place: (u32, u32),
    pub milliseconds: u32,
    pub after: After,
    /// Whether it lies over what is there, instead of taking its place.
    pub blends: bool,
}

impl Control {
    /// What is behind the number, of a frame on a `canvas`.
    ///
    /// # Errors
    /// [`Failure::Malformed`].
    pub fn of(payload: &[u8], canvas: Size) -> Result<Self, Failure> {
        let bad = || Failure::malformed("chunk fcTL says what cannot be");
        let (places, rest) = payload.split_at_checked(16).ok_or_else(bad)?;
        let (&[width, height, left, top], &[n1, n0, d1, d0, after, blend]) =
            (places.as_chunks().0, rest)
        else {
            return Err(bad());
        };
        let [width, height, left, top] = [width, height, left, top].map(u32::from_be_bytes);
        let size = Size { width, height };
        let fits = |start: u32, length: u32, side: u32| {
            length > 0 && start.checked_add(length).is_some_and(|end| end <= side)
        };
        if !fits(left, width, canvas.width) || !fits(top, height, canvas.height) {
            return Err(Failure::malformed("a frame is not within the picture"));
        }
        let after = match after {
            0 => After::Keep,
            1 => After::Clear,
            2 => After::Restore,
            _ => return Err(bad()),
        };
        if blend > 1 {
            return Err(bad());
        }
        // A hundredth of a second, if there is no denominator.
        let (count, parts) = (u16::from_be_bytes([n1, n0]), u16::from_be_bytes([d1, d0]));
        let parts = if parts == 0 { 100 } else { u32::from(parts) };
        let milliseconds = (u32::from(count) * 1_000 + parts / 2) / parts;
        Ok(Self { size, place: (left, top), milliseconds, after, blends: blend == 1 })
    }
}
