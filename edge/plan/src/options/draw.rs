//! `draw`: pictures over the picture, the last one on top.

mod composite;
mod length;
mod offset;

use super::damaged::Damaged;
use super::dpr::Dpr;
use super::edges::length;
use super::escape::percent_encoded;
use super::format::Format;
use super::number::{decimal, decimal_text};
use super::setting::Printer;
use super::side::Width;
use super::{Options, Setting, Stage, find};
use crate::client::Client;
use crate::geometry::Size;
use crate::limits;
use crate::plan::Plan;
use crate::problem::Problem;
pub use composite::{Composite, Repeat};
pub use length::Length;
pub use offset::Offset;

/// A picture over the picture.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Overlay {
    /// Where it comes from. The text is not read here, where pixels are made and none is fetched.
    pub source: String,
    /// Width of the box that it is fitted to.
    pub width: Option<Length>,
    /// Height of the box that it is fitted to.
    pub height: Option<Length>,
    /// Pixels from the left or the right edge; centred if neither is given.
    pub across: Option<Offset>,
    /// Pixels from the top or the bottom edge; centred if neither is given.
    pub down: Option<Offset>,
    /// Hundredths of its own opacity.
    pub opacity: Option<u8>,
    /// In which directions it is repeated.
    pub repeat: Option<Repeat>,
    /// How it meets what lies below.
    pub composite: Option<Composite>,
    /// What else is done to it before it is drawn: options of [`LOOKS`].
    pub looks: Options,
}

/// The options that an overlay may have of its own.
const LOOKS: &[&str] = &[
    "flip",
    "rotate",
    "fit",
    "gravity",
    "brightness",
    "contrast",
    "gamma",
    "saturation",
    "hue",
    "filter",
    "tint",
    "blur",
    "pixelate",
    "sharpen",
    "background",
    "radius",
];

impl Overlay {
    fn read(&mut self, part: &str, value: &str) -> Option<()> {
        let offset = |place: Option<Offset>, as_offset: fn(u32) -> Offset| {
            let offset = as_offset(length(value)?);
            place.is_none().then_some(offset)
        };
        match part {
            "url" if !value.is_empty() => value.clone_into(&mut self.source),
            "width" => self.width = Some(Length::read(value)?),
            "height" => self.height = Some(Length::read(value)?),
            "left" => self.across = Some(offset(self.across, Offset::Start)?),
            "right" => self.across = Some(offset(self.across, Offset::End)?),
            "top" => self.down = Some(offset(self.down, Offset::Start)?),
            "bottom" => self.down = Some(offset(self.down, Offset::End)?),
            "opacity" => {
                let opacity = decimal(value, 2).filter(|opacity| *opacity <= 100)?;
                self.opacity = u8::try_from(opacity).ok();
            }
            "repeat" => self.repeat = Some(Repeat::read(value)?),
            "composite" => self.composite = Some(Composite::read(value)?),
            _ => {
                let (setting, part) = find(part).ok()?;
                let known = LOOKS.contains(&setting.name());
                known.then(|| self.looks.set(setting, part, value))??;
            }
        }
        Some(())
    }

    fn print(&self, number: usize, to: &mut Printer) {
        let mut part = |name: &str, value: Option<String>| {
            value.into_iter().for_each(|value| to.part(&format!("{number}.{name}"), value));
        };
        part("url", Some(percent_encoded(&self.source)));
        part("width", self.width.map(Length::text));
        part("height", self.height.map(Length::text));
        match self.across {
            Some(Offset::Start(pixels)) => part("left", Some(pixels.to_string())),
            Some(Offset::End(pixels)) => part("right", Some(pixels.to_string())),
            None => {}
        }
        match self.down {
            Some(Offset::Start(pixels)) => part("top", Some(pixels.to_string())),
            Some(Offset::End(pixels)) => part("bottom", Some(pixels.to_string())),
            None => {}
        }
        part("opacity", self.opacity.map(|opacity| decimal_text(opacity.into(), 2)));
        part("repeat", self.repeat.and_then(Repeat::text));
        part("composite", self.composite.and_then(Composite::text));
        for (name, value) in self.looks.pairs() {
            part(&name, Some(value));
        }
    }

    /// What is done to it before it is drawn over a picture of this size.
    ///
    /// # Errors
    /// None but those of [`Plan::new`].
    pub fn plan(&self, below: Size, damaged: Damaged) -> Result<Plan, Problem> {
        let width = self.width.and_then(|width| width.of(below.width)).map(Width::Pixels);
        let height = self.height.and_then(|height| height.of(below.height));
        let (damaged, format) = (Some(damaged), Some(Format::Pixels));
        let options = Options { width, height, damaged, format, ..self.looks.clone() };
        Plan::new(&options, &Client::default())
    }

    /// In device pixels.
    #[must_use]
    pub fn times(self, dpr: Dpr) -> Self {
        Self {
            width: self.width.map(|length| length.times(dpr)),
            height: self.height.map(|length| length.times(dpr)),
            across: self.across.map(|offset| offset.times(dpr)),
            down: self.down.map(|offset| offset.times(dpr)),
            looks: Options {
                radius: self.looks.radius.map(|radius| radius.times(dpr)),
                ..self.looks
            },
            ..self
        }
    }
}

/// The `draw` option.
pub const SETTING: Setting = Setting {
    names: &["draw"],
    parts: &[
        "0.url",
        "0.width",
        "0.height",
        "0.top",
        "0.right",
        "0.bottom",
        "0.left",
        "0.opacity",
        "0.repeat",
        "0.composite",
        "0.flip",
        "0.rotate",
        "0.fit",
        "0.gravity",
        "0.brightness",
        "0.contrast",
        "0.gamma",
        "0.saturation",
        "0.hue",
        "0.filter",
        "0.tint",
        "0.blur",
        "0.pixelate",
        "0.sharpen",
        "0.background",
        "0.radius",
    ],
    expects: "parts of overlays that are numbered from 0 to 3 in turn, draw.0.url first: url (percent-\
              encoded), width and height (pixels, or a share below 1), top or bottom, left or right \
              (pixels; centred without), opacity (0 to 1), repeat (true, x, y), composite (over, in, \
              atop, out, xor, lighter), and what the options of these names take",
    default: "nothing",
    doc: "Draws other pictures over the picture, the last one on top. Each comes from a source like the \
          picture's own. Beyond its edges an overlay is transparent, so `in` and `out` leave nothing \
          there. What is repeated goes on to both sides from where it lies.",
    stage: Stage::Compose,
    read: |options, part, value| {
        let (number, part) = part.split_once('.')?;
        let number: usize = number.parse().ok()?;
        if number == options.draw.len() && number < limits::OVERLAYS && part == "url" {
            options.draw.push(Overlay::default());
        }
        options.draw.get_mut(number)?.read(part, value)
    },
    print: |options, to| {
        for (number, overlay) in options.draw.iter().enumerate() {
            overlay.print(number, to);
        }
    },
};

#[cfg(test)]
mod tests {
    use super::super::Options;

    #[test]
    fn overlays_read_back() {
        for (text, canonical) in [
            ("draw.0.url=logo.png", "draw.0.url=logo.png"),
            (
                "draw.0.url=https%3A%2F%2Fa.test%2Fx%252Cy.png%3Fa%3D1,draw.0.opacity=0.50,\
                 draw.0.width=0.25,draw.0.bottom=5,draw.0.repeat=x,draw.0.composite=xor,\
                 draw.1.url=b.png,draw.1.height=9,draw.1.left=0",
                "draw.0.url=https%3A%2F%2Fa.test%2Fx%252Cy.png%3Fa%3D1,draw.0.width=0.25,\
                 draw.0.bottom=5,draw.0.opacity=0.5,draw.0.repeat=x,draw.0.composite=xor,\
                 draw.1.url=b.png,draw.1.height=9,draw.1.left=0",
            ),
        ] {
            let options = Options::parse(text).unwrap();
            assert_eq!(options.print(), canonical);
            assert_eq!(Options::parse(canonical).unwrap(), options);
        }
    }

    #[test]
    fn contradictions_are_refused() {
        for text in [
            "draw=logo.png",
            "draw.url=logo.png",
            "draw.0.width=5",
            "draw.1.url=a.png",
            "draw.0.url=",
            "draw.0.url=a.png,draw.0.left=1,draw.0.right=1",
            "draw.0.url=a.png,draw.0.top=1,draw.0.bottom=1",
            "draw.0.url=a.png,draw.0.opacity=1.1",
            "draw.0.url=a.png,draw.0.width=0",
            "draw.0.url=a.png,draw.0.composite=multiply",
            "draw.0.url=a,draw.1.url=b,draw.2.url=c,draw.3.url=d,draw.4.url=e",
        ] {
            assert!(Options::parse(text).is_err(), "{text}");
        }
    }
}
