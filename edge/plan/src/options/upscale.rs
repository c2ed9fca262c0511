//! `upscale`: how pixels are found that the source does not have.

use super::{Setting, Stage};

/// A way to enlarge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Upscale {
    /// By a model that invents detail.
    Generate,
    /// Between the pixels that there are.
    Interpolate,
}

impl Upscale {
    const ALL: &[Self] = &[Self::Generate, Self::Interpolate];

    /// The value as written in a URL.
    pub fn name(self) -> &'static str {
        match self {
            Self::Generate => "generate",
            Self::Interpolate => "interpolate",
        }
    }
}

/// The `upscale` option.
pub const SETTING: Setting = Setting {
    names: &["upscale"],
    parts: &[],
    expects: "interpolate or generate",
    default: "interpolate",
    doc: "How a picture is enlarged: between its pixels, or by a model that invents detail.",
    stage: Stage::Resize,
    read: |options, _, value| {
        options.upscale = Some(*Upscale::ALL.iter().find(|known| known.name() == value)?);
        Some(())
    },
    print: |options, to| options.upscale.iter().for_each(|upscale| to.value(upscale.name())),
};

#[cfg(test)]
mod tests {
    #[test]
    fn values() {
        let good = [("generate", "upscale=generate"), ("interpolate", "upscale=interpolate")];
        super::super::check("upscale", &good, &["", "true", "2"]);
    }
}
