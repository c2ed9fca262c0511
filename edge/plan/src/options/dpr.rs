//! `dpr`: the device pixel ratio.

use super::{Options, Setting, decimal, decimal_text};
use crate::limits;

/// A ratio in hundredths, 100 to [`limits::DPR_HUNDREDTHS`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dpr(u32);

impl Dpr {
    /// `None` outside 100 to [`limits::DPR_HUNDREDTHS`].
    pub fn new(hundredths: u32) -> Option<Self> {
        (100..=limits::DPR_HUNDREDTHS).contains(&hundredths).then_some(Self(hundredths))
    }

    /// `side` device pixels for so many CSS pixels, rounded half up.
    pub fn apply(self, side: u32) -> u32 {
        side.saturating_mul(self.0).saturating_add(50) / 100
    }
}

/// The `dpr` option.
pub struct DprSetting;

impl Setting for DprSetting {
    fn names(&self) -> &'static [&'static str] {
        &["dpr"]
    }
    fn expects(&self) -> &'static str {
        "a number from 1 to 3 with at most two decimals"
    }
    fn doc(&self) -> &'static str {
        "Device pixel ratio: multiplies width and height."
    }
    fn default(&self) -> &'static str {
        "1"
    }
    fn read(&self, value: &str, options: &mut Options) -> Option<()> {
        options.dpr = Some(decimal(value, 2).and_then(Dpr::new)?);
        Some(())
    }
    fn print(&self, options: &Options) -> Option<String> {
        options.dpr.map(|dpr| decimal_text(dpr.0, 2))
    }
}
