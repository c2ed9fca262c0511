//! `gravity`: what stays when something is cut off.

use super::{Options, Setting, decimal, decimal_text};

/// A point of the upright picture, in ten-thousandths of its sides: so much of what is cut off
/// goes at the left and at the top.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gravity {
    x: u32,
    y: u32,
}

const ONE: u32 = 10_000;
const WHOLE: u64 = ONE as u64;

const NAMES: &[(&str, Gravity)] = &[
    ("bottom", Gravity { x: ONE / 2, y: ONE }),
    ("center", Gravity::CENTRE),
    ("left", Gravity { x: 0, y: ONE / 2 }),
    ("right", Gravity { x: ONE, y: ONE / 2 }),
    ("top", Gravity { x: ONE / 2, y: 0 }),
];

impl Gravity {
    /// Cuts alike on both sides.
    pub const CENTRE: Self = Self { x: ONE / 2, y: ONE / 2 };

    /// A point in ten-thousandths; `None` outside the picture.
    pub fn new(x: u32, y: u32) -> Option<Self> {
        (x <= ONE && y <= ONE).then_some(Self { x, y })
    }

    fn read(value: &str) -> Option<Self> {
        if let Some((_, gravity)) = NAMES.iter().find(|(name, _)| *name == value) {
            return Some(*gravity);
        }
        if value == "centre" {
            return Some(Self::CENTRE);
        }
        let (x, y) = value.split_once('x')?;
        Self::new(decimal(x, 4)?, decimal(y, 4)?)
    }

    /// The one spelling: a name where there is one, else `XxY`.
    pub fn text(self) -> String {
        match NAMES.iter().find(|(_, gravity)| *gravity == self) {
            Some((name, _)) => (*name).to_owned(),
            None => format!("{}x{}", decimal_text(self.x, 4), decimal_text(self.y, 4)),
        }
    }

    /// How much of `spare` goes at the left, in its own unit.
    pub fn place_x(self, spare: u64) -> u64 {
        place(spare, self.x)
    }

    /// How much of `spare` goes at the top, in its own unit.
    pub fn place_y(self, spare: u64) -> u64 {
        place(spare, self.y)
    }
}

fn place(spare: u64, part: u32) -> u64 {
    spare.saturating_mul(u64::from(part)) / WHOLE
}

/// The `gravity` option.
pub struct GravitySetting;

impl Setting for GravitySetting {
    fn names(&self) -> &'static [&'static str] {
        &["gravity", "g"]
    }
    fn expects(&self) -> &'static str {
        "left, right, top, bottom, center, or XxY with numbers from 0 to 1 such as 0.5x0.25"
    }
    fn doc(&self) -> &'static str {
        "What stays when `cover`, `crop` or `aspect-crop` cuts: a side, or a point of the picture."
    }
    fn default(&self) -> &'static str {
        "center"
    }
    fn read(&self, value: &str, options: &mut Options) -> Option<()> {
        options.gravity = Some(Gravity::read(value)?);
        Some(())
    }
    fn print(&self, options: &Options) -> Option<String> {
        options.gravity.map(Gravity::text)
    }
}
