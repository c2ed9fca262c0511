//! `quality`: how much an encoder that loses may lose.

use super::{Options, Setting, decimal};

/// Quality, 1 to 100, on each format's own scale.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quality(u8);

impl Quality {
    /// What is used when nothing is asked for.
    pub const DEFAULT: Self = Self(85);

    /// `None` outside 1 to 100.
    pub fn new(value: u8) -> Option<Self> {
        (1..=100).contains(&value).then_some(Self(value))
    }

    /// 1 to 100.
    pub fn value(self) -> u8 {
        self.0
    }
}

/// The `quality` option.
pub struct QualitySetting;

impl Setting for QualitySetting {
    fn names(&self) -> &'static [&'static str] {
        &["quality", "q"]
    }
    fn expects(&self) -> &'static str {
        "a whole number from 1 to 100"
    }
    fn doc(&self) -> &'static str {
        "Encoder quality for JPEG and WebP."
    }
    fn default(&self) -> &'static str {
        "85"
    }
    fn read(&self, value: &str, options: &mut Options) -> Option<()> {
        let value = u8::try_from(decimal(value, 0)?).ok()?;
        options.quality = Some(Quality::new(value)?);
        Some(())
    }
    fn print(&self, options: &Options) -> Option<String> {
        options.quality.map(|quality| quality.value().to_string())
    }
}
