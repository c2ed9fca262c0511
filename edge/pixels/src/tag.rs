//! What pixels are tagged with that something else decoded. Files say it themselves.

use crate::codec::Form;
use crate::colours::Colours;
use crate::failure::Failure;
use crate::profile::Stated;

/// What says what the numbers of pixels stand for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tag {
    /// Numbers of ITU-T H.273.
    CodePoints {
        /// Colour primaries (§8.1).
        primaries: u8,
        /// Transfer characteristics (§8.2).
        transfer: u8,
    },
    /// An ICC profile.
    Profile(Vec<u8>),
    /// sRGB, or nothing is known.
    Srgb,
}

impl Tag {
    /// What it says of pixels of `form`.
    ///
    /// # Errors
    /// [`Failure::OverBudget`].
    pub(crate) fn colours(&self, form: &Form) -> Result<Colours, Failure> {
        match self {
            Self::CodePoints { primaries, transfer } => {
                match Stated::of_code_points(*primaries, *transfer) {
                    Some(stated) if !stated.is_srgb(form)? => Ok(Colours::Stated(stated)),
                    _ => Ok(Colours::SRGB),
                }
            }
            Self::Profile(profile) => Colours::of_profile(profile, form),
            Self::Srgb => Ok(Colours::SRGB),
        }
    }

    /// The profile, empty if it is something else.
    pub(crate) fn into_profile(self) -> Vec<u8> {
        match self {
            Self::Profile(profile) => profile,
            Self::CodePoints { .. } | Self::Srgb => Vec::new(),
        }
    }
}
