//! `width` and `height`.

use super::{Options, Setting};
use crate::limits;

/// A side in CSS pixels, 1 to [`limits::OUTPUT_SIDE`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Side(u32);

impl Side {
    /// `None` outside 1 to [`limits::OUTPUT_SIDE`].
    pub fn new(pixels: u32) -> Option<Self> {
        (1..=limits::OUTPUT_SIDE).contains(&pixels).then_some(Self(pixels))
    }

    /// The number of pixels.
    pub fn pixels(self) -> u32 {
        self.0
    }

    fn read(value: &str) -> Option<Self> {
        super::decimal(value, 0).and_then(Self::new)
    }
}

const EXPECTS: &str = "a whole number of pixels from 1 to 16383";

/// The `width` option.
pub struct WidthSetting;

impl Setting for WidthSetting {
    fn names(&self) -> &'static [&'static str] {
        &["width", "w"]
    }
    fn expects(&self) -> &'static str {
        EXPECTS
    }
    fn doc(&self) -> &'static str {
        "Width of the box that the picture is fitted to, after rotation."
    }
    fn default(&self) -> &'static str {
        "follows from the height, else the source's"
    }
    fn read(&self, value: &str, options: &mut Options) -> Option<()> {
        options.width = Some(Side::read(value)?);
        Some(())
    }
    fn print(&self, options: &Options) -> Option<String> {
        options.width.map(|side| side.pixels().to_string())
    }
}

/// The `height` option.
pub struct HeightSetting;

impl Setting for HeightSetting {
    fn names(&self) -> &'static [&'static str] {
        &["height", "h"]
    }
    fn expects(&self) -> &'static str {
        EXPECTS
    }
    fn doc(&self) -> &'static str {
        "Height of the box that the picture is fitted to, after rotation."
    }
    fn default(&self) -> &'static str {
        "follows from the width, else the source's"
    }
    fn read(&self, value: &str, options: &mut Options) -> Option<()> {
        options.height = Some(Side::read(value)?);
        Some(())
    }
    fn print(&self, options: &Options) -> Option<String> {
        options.height.map(|side| side.pixels().to_string())
    }
}
