//! What the numbers of a file stand for, and the step that makes sRGB of them.

use selvedge_plan::geometry::Size;

use crate::budget::Job;
use crate::codec::Form;
use crate::failure::Failure;
use crate::forecast::Blueprint;
use crate::pipeline::packed;
use crate::profile::{self, Conversion, Kind, Stated};
use crate::raster::{Pixels, Planar, Space};

/// What the numbers of a file stand for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Colours {
    /// What a profile of so many bytes says that cannot be used, so they are taken as sRGB.
    Broken {
        /// Bytes of the profile.
        length: usize,
    },
    /// What the profile says.
    Profile {
        /// How it is converted.
        kind: Kind,
        /// Bytes of the profile.
        length: usize,
    },
    /// sRGB, whether that is said or not.
    Srgb {
        /// Bytes of the profile, if it is a profile that says it.
        length: usize,
    },
    /// What the file says by primaries and a curve.
    Stated(Stated),
}

impl Colours {
    /// sRGB without a profile.
    pub(crate) const SRGB: Self = Self::Srgb { length: 0 };

    /// Of a file of `form` with this profile.
    ///
    /// # Errors
    /// [`Failure::OverBudget`].
    pub fn of_profile(profile: &[u8], form: &Form) -> Result<Self, Failure> {
        let length = profile.len();
        if length > profile::LARGEST {
            return Ok(Self::Broken { length });
        }
        Ok(match Conversion::of_profile(profile, form)? {
            None => Self::Broken { length },
            Some(conversion) if conversion.is_srgb() => Self::Srgb { length },
            Some(conversion) => Self::Profile { kind: conversion.kind(), length },
        })
    }

    /// How they become sRGB, if there is something to do.
    pub fn kind(self) -> Option<Kind> {
        match self {
            Self::Broken { .. } | Self::Srgb { .. } => None,
            Self::Profile { kind, .. } => Some(kind),
            Self::Stated(_) => Some(Kind::Shaper),
        }
    }

    /// Bytes that it takes to find out what they are, and those of the conversion.
    pub fn memory(self) -> u64 {
        let length = match self {
            Self::Broken { length } | Self::Profile { length, .. } | Self::Srgb { length } => {
                length
            }
            Self::Stated(_) => 0,
        };
        length as u64 + self.kind().map_or(0, Kind::memory)
    }

    /// Bytes of a profile that is kept until the pixels are converted.
    pub fn kept(self) -> u64 {
        match self {
            Self::Profile { length, .. } => length as u64,
            Self::Broken { .. } | Self::Srgb { .. } | Self::Stated(_) => 0,
        }
    }

    /// Bytes of the profile with which the pixels mean the same as they are, 0 if there is none.
    pub fn profile_to_keep(self) -> usize {
        match self {
            Self::Profile { kind: Kind::Grey | Kind::Grid | Kind::Shaper, length } => length,
            Self::Srgb { length } => length,
            Self::Broken { .. } | Self::Profile { .. } | Self::Stated(_) => 0,
        }
    }

    /// Whether it wants inks as they are.
    pub fn takes_inks(self) -> bool {
        self.kind() == Some(Kind::Inks)
    }

    /// Work units for so many pixels.
    pub fn work(self, size: Size) -> u64 {
        self.kind().map_or(0, |kind| kind.work(size.pixels()))
    }
}

/// What is needed of a file to make sRGB of its pixels when it is gone.
#[derive(Clone)]
pub struct Key {
    colours: Colours,
    form: Form,
    profile: Vec<u8>,
}

impl Key {
    /// Of pixels of `form`, whose profile is fetched if it is needed; `None` where there is nothing
    /// to do.
    ///
    /// # Errors
    /// [`Failure::OverBudget`].
    pub fn of(
        colours: Colours,
        form: Form,
        profile: impl FnOnce() -> Result<Vec<u8>, Failure>,
        job: &Job<'_>,
    ) -> Result<Option<Self>, Failure> {
        let profile = match colours {
            Colours::Srgb { .. } => return Ok(None),
            Colours::Broken { .. } => {
                job.warn("the colour profile cannot be used: colours are taken as sRGB");
                return Ok(None);
            }
            Colours::Stated(_) => Vec::new(),
            Colours::Profile { .. } => profile()?,
        };
        Ok(Some(Self { colours, form, profile }))
    }

    fn turn(&self, pixels: Pixels, job: &Job<'_>) -> Result<Pixels, Failure> {
        let conversion = match self.colours {
            Colours::Stated(stated) => stated.conversion(&self.form)?,
            _ => Conversion::of_profile(&self.profile, &self.form)?,
        };
        let Some(mut conversion) = conversion else { return Ok(pixels) };
        let raster = match pixels {
            Pixels::Planar(planar @ Planar { space: Space::Cmyk | Space::Ycck, .. }) => {
                conversion.inks(planar, job)?
            }
            pixels => {
                let mut raster = packed(pixels, job)?;
                conversion.run(&mut raster)?;
                raster
            }
        };
        Ok(Pixels::Packed(raster))
    }
}

/// Makes sRGB of pixels where there is something to do; they are packed then.
///
/// # Errors
/// [`Failure::OverBudget`].
pub fn turn(pixels: Pixels, blueprint: &Blueprint, job: &mut Job<'_>) -> Result<Pixels, Failure> {
    let Some(key) = &blueprint.key else { return Ok(pixels) };
    job.step("colour", blueprint.colour_work())?;
    let pixels = key.turn(pixels, job)?;
    job.step("compose", 0)?;
    Ok(pixels)
}
