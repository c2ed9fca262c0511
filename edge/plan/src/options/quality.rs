//! `quality` and `slow-connection-quality`: how much an encoder that loses may lose.

use super::number::decimal;
use super::{Setting, Stage};

/// Quality, 1 to 100, on each format's own scale.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quality(u8);

/// The qualities that have a name. Cloudflare does not say what they stand for.
const NAMES: &[(&str, Quality)] = &[
    ("high", Quality(90)),
    ("low", Quality(40)),
    ("medium-high", Quality(75)),
    ("medium-low", Quality(60)),
];

const EXPECTS: &str = "a whole number from 1 to 100, or low (40), medium-low (60), medium-high (75) \
                       or high (90)";

impl Quality {
    /// What is used when nothing is asked for.
    pub const DEFAULT: Self = Self(85);

    /// Nothing is lost, by formats that can do so: what PNG is written at when nothing is asked for.
    pub const LOSSLESS: Self = Self(100);

    /// `None` outside 1 to 100.
    pub fn new(value: u8) -> Option<Self> {
        (1..=100).contains(&value).then_some(Self(value))
    }

    /// 1 to 100.
    pub fn value(self) -> u8 {
        self.0
    }

    fn read(value: &str) -> Option<Self> {
        if let Some((_, quality)) = NAMES.iter().find(|(name, _)| *name == value) {
            return Some(*quality);
        }
        u8::try_from(decimal(value, 0)?).ok().and_then(Self::new)
    }
}

/// Qualities for all formats, and for those that have one of their own.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Qualities {
    /// For formats without one of their own.
    pub all: Option<Quality>,
    /// For AVIF.
    pub avif: Option<Quality>,
    /// For JPEG.
    pub jpeg: Option<Quality>,
    /// For PNG.
    pub png: Option<Quality>,
    /// For WebP.
    pub webp: Option<Quality>,
}

/// The `quality` option.
pub const SETTING: Setting = Setting {
    names: &["quality", "q"],
    parts: &["avif", "jpeg", "png", "webp"],
    expects: EXPECTS,
    default: "85, of PNG 100",
    doc: "Encoder quality for JPEG, WebP, AVIF and `format=png`, for all or for one of them. \
          WebP of 100 is lossless, unless it has to stay below `max-bytes`. \
          PNG below 100 has a palette, of as few colours as that takes.",
    stage: Stage::Encode,
    read: |options, part, value| {
        let quality = Some(Quality::read(value)?);
        match part {
            "" => options.quality.all = quality,
            "avif" => options.quality.avif = quality,
            "jpeg" => options.quality.jpeg = quality,
            "png" => options.quality.png = quality,
            "webp" => options.quality.webp = quality,
            _ => return None,
        }
        Some(())
    },
    print: |options, to| {
        let Qualities { all, avif, jpeg, png, webp } = options.quality;
        all.iter().for_each(|quality| to.value(quality.0));
        let parts = [("avif", avif), ("jpeg", jpeg), ("png", png), ("webp", webp)];
        for (part, quality) in parts {
            quality.iter().for_each(|quality| to.part(part, quality.0));
        }
    },
};

/// The `slow-connection-quality` option.
pub const SLOW: Setting = Setting {
    names: &["slow-connection-quality", "scq"],
    parts: &[],
    expects: EXPECTS,
    default: "the quality",
    doc: "Encoder quality for clients that save data or are on a slow connection, by their hints.",
    stage: Stage::Encode,
    read: |options, _, value| {
        options.slow_quality = Some(Quality::read(value)?);
        Some(())
    },
    print: |options, to| options.slow_quality.iter().for_each(|quality| to.value(quality.0)),
};

#[cfg(test)]
mod tests {
    use super::super::check;

    #[test]
    fn values() {
        let bad = ["", "0", "101", "-1", "8.5", "best", "80%"];
        check("q", &[], &bad);
        check(
            "quality",
            &[("1", "quality=1"), ("100", "quality=100"), ("low", "quality=40")],
            &bad,
        );
        check("quality.webp", &[("high", "quality.webp=90")], &bad);
        check("q.png", &[("7", "quality.png=7")], &bad);
        check("scq", &[("medium-low", "slow-connection-quality=60")], &bad);
    }
}
