//! What changes the pixels of the output, in the order in which it happens.

use super::blur::Blur;
use super::colour::Colour;
use super::duotone::Duotone;
use super::factor::Factor;
use super::filter::Filter;
use super::hue::Hue;
use super::pixelate::Pixelate;
use super::sharpen::Sharpen;

/// Changes to pixels. A field of `None` changes nothing; no field holds what changes nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Effects {
    /// Multiplies the channels.
    pub brightness: Option<Factor>,
    /// Multiplies the distance from middle grey.
    pub contrast: Option<Factor>,
    /// The exponent is its inverse.
    pub gamma: Option<Factor>,
    /// Multiplies the distance from grey; 0 is greyscale.
    pub saturation: Option<Factor>,
    /// Turns the hue.
    pub hue: Option<Hue>,
    /// One of a few fixed changes of colour.
    pub filter: Option<Filter>,
    /// Lays the hue of a colour over the picture.
    pub tint: Option<Colour>,
    /// From dark to light in two colours.
    pub duotone: Option<Duotone>,
    /// A Gaussian blur.
    pub blur: Option<Blur>,
    /// Squares of one colour.
    pub pixelate: Option<Pixelate>,
    /// Unsharp masking.
    pub sharpen: Option<Sharpen>,
}
