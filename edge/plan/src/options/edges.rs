//! Four lengths in pixels, one for each side, as `padding` and `border` take them.

use super::dpr::Dpr;
use super::number::decimal;
use crate::limits;

/// Pixels at the four sides.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Edges {
    /// At the top.
    pub top: u32,
    /// At the right.
    pub right: u32,
    /// At the bottom.
    pub bottom: u32,
    /// At the left.
    pub left: u32,
}

impl Edges {
    /// The same at all sides.
    pub const fn all(pixels: u32) -> Self {
        Self { top: pixels, right: pixels, bottom: pixels, left: pixels }
    }

    /// Reads one, two, three or four lengths, in the order and with the meaning of CSS (CSS Box
    /// Model 3 §4.2), separated by semicolons.
    pub(crate) fn read(value: &str) -> Option<Self> {
        let sides: Vec<u32> = value.split(';').map(length).collect::<Option<_>>()?;
        match *sides.as_slice() {
            [all] => Some(Self::all(all)),
            [vertical, horizontal] => {
                Some(Self { top: vertical, right: horizontal, bottom: vertical, left: horizontal })
            }
            [top, horizontal, bottom] => {
                Some(Self { top, right: horizontal, bottom, left: horizontal })
            }
            [top, right, bottom, left] => Some(Self { top, right, bottom, left }),
            _ => None,
        }
    }

    /// The side of this name.
    pub(crate) fn side(&mut self, name: &str) -> Option<&mut u32> {
        match name {
            "top" => Some(&mut self.top),
            "right" => Some(&mut self.right),
            "bottom" => Some(&mut self.bottom),
            "left" => Some(&mut self.left),
            _ => None,
        }
    }

    /// The one spelling: one length where all are equal, else four.
    pub fn text(self) -> String {
        let Self { top, right, bottom, left } = self;
        if self == Self::all(top) {
            top.to_string()
        } else {
            format!("{top};{right};{bottom};{left}")
        }
    }

    /// In device pixels.
    #[must_use]
    pub fn times(self, dpr: Dpr) -> Self {
        Self {
            top: dpr.length(self.top),
            right: dpr.length(self.right),
            bottom: dpr.length(self.bottom),
            left: dpr.length(self.left),
        }
    }

    /// Whether all are 0.
    pub fn is_none(self) -> bool {
        self == Self::default()
    }
}

/// A length in pixels, 0 to [`limits::SOURCE_SIDE`].
pub(crate) fn length(text: &str) -> Option<u32> {
    decimal(text, 0).filter(|pixels| *pixels <= limits::SOURCE_SIDE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_those_of_css() {
        for (text, canonical) in
            [("5", "5"), ("1;2", "1;2;1;2"), ("1;2;3", "1;2;3;2"), ("1;2;3;4", "1;2;3;4")]
        {
            assert_eq!(Edges::read(text).unwrap().text(), canonical);
        }
        for bad in ["", "1;", "1;2;3;4;5", "-1", "65536", "1,2"] {
            assert_eq!(Edges::read(bad), None, "{bad}");
        }
    }
}
