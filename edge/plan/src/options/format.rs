//! `format`: the output format.

use super::{Setting, Stage};

/// A wish for a format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// The best that the client accepts.
    Auto,
    /// AVIF.
    Avif,
    /// AVIF, or pixels where that takes too long in the component; for an embedder that has another
    /// encoder, not in URLs.
    AvifOrPixels,
    /// JPEG whose rows come in order.
    BaselineJpeg,
    /// A BlurHash of the picture.
    Blurhash,
    /// A data URL of the picture.
    DataUri,
    /// GIF.
    Gif,
    /// HEIC.
    Heic,
    /// JPEG that sharpens as it comes.
    Jpeg,
    /// What there is to know of the picture.
    Json,
    /// Uncompressed pixels, for an embedder that encodes them itself; not in URLs.
    Pixels,
    /// PNG.
    Png,
    /// A ThumbHash of the picture.
    Thumbhash,
    /// WebP.
    Webp,
}

impl Format {
    /// Every value.
    pub const ALL: &[Self] = &[
        Self::Auto,
        Self::Avif,
        Self::AvifOrPixels,
        Self::BaselineJpeg,
        Self::Blurhash,
        Self::DataUri,
        Self::Gif,
        Self::Heic,
        Self::Jpeg,
        Self::Json,
        Self::Pixels,
        Self::Png,
        Self::Thumbhash,
        Self::Webp,
    ];

    fn read(value: &str) -> Option<Self> {
        let name = match value {
            "jpg" => "jpeg",
            "png-force" => "png",
            name => name,
        };
        Self::ALL.iter().copied().find(|known| known.name() == name)
    }

    /// The value as written in a URL.
    pub fn name(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Avif => "avif",
            Self::AvifOrPixels => "avif-or-pixels",
            Self::BaselineJpeg => "baseline-jpeg",
            Self::Blurhash => "blurhash",
            Self::DataUri => "data-uri",
            Self::Gif => "gif",
            Self::Heic => "heic",
            Self::Jpeg => "jpeg",
            Self::Json => "json",
            Self::Pixels => "pixels",
            Self::Png => "png",
            Self::Thumbhash => "thumbhash",
            Self::Webp => "webp",
        }
    }
}

/// The `format` option.
pub const SETTING: Setting = Setting {
    names: &["format", "f"],
    parts: &[],
    expects: "auto, avif, webp, jpeg, baseline-jpeg, png, gif, heic, json, blurhash, thumbhash, \
              data-uri, pixels or avif-or-pixels",
    default: "jpeg, png where there is transparency, gif for animations",
    doc: "Output format; `auto` lets the Accept header choose, and `jpeg` is progressive. `avif` of \
          more than 2.56 megapixels becomes WebP, unless libheif is at hand to write it; what is \
          animated becomes WebP. `auto` chooses it where width or height is given, neither is more \
          than 1200 device pixels, and there is no `max-bytes`. \
          `json` tells sizes and colours, `blurhash` and `thumbhash` are text (the latter in base64), and \
          `data-uri` is a WebP; without width and height the pixels of these are those of a picture \
          of at most 100 pixels a side, and 32 for `data-uri`. `pixels` and `avif-or-pixels` are for \
          embedders and refused in addresses.",
    stage: Stage::Encode,
    read: |options, _, value| {
        options.format = Some(Format::read(value)?);
        Some(())
    },
    print: |options, to| options.format.iter().for_each(|format| to.value(format.name())),
};

#[cfg(test)]
mod tests {
    use super::Format;

    #[test]
    fn values() {
        let printed =
            Format::ALL.iter().map(|value| (value.name(), format!("format={}", value.name())));
        let printed: Vec<_> = printed.collect();
        let mut good: Vec<_> = printed.iter().map(|(name, text)| (*name, text.as_str())).collect();
        good.extend([("jpg", "format=jpeg"), ("png-force", "format=png")]);
        super::super::check("f", &good, &[]);
        super::super::check("format", &[], &["", "JPEG", "tiff", "svg", "image/webp"]);
    }
}
