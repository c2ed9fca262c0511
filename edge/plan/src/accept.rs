//! From an Accept header to one of few classes, so that caches keep few variants (RFC 9110 §12.5.1).

use crate::plan::Output;

/// What a client would rather have than what every browser shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Class {
    /// AVIF.
    Avif,
    /// JPEG and PNG.
    #[default]
    Legacy,
    /// WebP.
    Webp,
}

impl Class {
    /// Every class.
    pub const ALL: &[Self] = &[Self::Avif, Self::Legacy, Self::Webp];

    /// The class of an Accept header: the smallest format that the client names and ranks at least
    /// as high as JPEG or PNG. A modern format has to be named, since `*/*` and `image/*` come from
    /// clients that say so of everything; JPEG and PNG need not.
    pub fn of(accept: Option<&str>) -> Self {
        let accept = Accept(accept.unwrap_or_default());
        match (accept.wins("image/avif"), accept.wins("image/webp")) {
            (Some(avif), webp) if webp.is_none_or(|webp| avif >= webp) => Self::Avif,
            (_, Some(_)) => Self::Webp,
            (_, None) => Self::Legacy,
        }
    }

    /// The class that it would be if there were no AVIF.
    pub fn without_avif(accept: Option<&str>) -> Self {
        match Accept(accept.unwrap_or_default()).wins("image/webp") {
            Some(_) => Self::Webp,
            None => Self::Legacy,
        }
    }

    /// What `format=auto` gives this class.
    pub fn output(self) -> Output {
        match self {
            Self::Avif => Output::Avif,
            Self::Webp => Output::Webp,
            Self::Legacy => Output::Natural,
        }
    }

    /// The stable name, for logs.
    pub fn name(self) -> &'static str {
        match self {
            Self::Avif => "avif",
            Self::Legacy => "legacy",
            Self::Webp => "webp",
        }
    }
}

/// The text of an Accept header.
struct Accept<'a>(&'a str);

impl Accept<'_> {
    /// The weight of a format that is named, and ranks at least as high as JPEG or PNG.
    fn wins(&self, kind: &str) -> Option<u16> {
        let legacy = self.weight_of_legacy();
        self.named(kind).filter(|weight| *weight > 0 && *weight >= legacy)
    }

    /// The weight of a media range in thousandths, if it is named. Of several the last one counts.
    fn named(&self, wanted: &str) -> Option<u16> {
        let mut items = self.0.split(',').filter_map(|item| {
            let mut parts = item.split(';').map(str::trim);
            let named = parts.next().is_some_and(|kind| kind.eq_ignore_ascii_case(wanted));
            named.then(|| parts.find_map(weight).unwrap_or(1_000))
        });
        items.next_back()
    }

    /// The higher one of JPEG and PNG, each by the most specific range that covers it. A client that
    /// excludes both, or names neither, still shows them.
    fn weight_of_legacy(&self) -> u16 {
        let any = || self.named("image/*").or_else(|| self.named("*/*"));
        let of = |kind: &str| self.named(kind).or_else(any).unwrap_or(0);
        of("image/jpeg").max(of("image/png"))
    }
}

/// `q=0.5` as thousandths; what is no weight is none. A weight that cannot be read is 0.
fn weight(parameter: &str) -> Option<u16> {
    let (name, value) = parameter.split_once('=')?;
    if !name.trim().eq_ignore_ascii_case("q") {
        return None;
    }
    let thousandths = crate::options::number::decimal(value.trim(), 3).unwrap_or(0);
    Some(u16::try_from(thousandths).map_or(0, |weight| if weight > 1_000 { 0 } else { weight }))
}

#[cfg(test)]
mod tests {
    use super::Class;

    #[test]
    fn the_class_is_what_the_client_would_rather_have() {
        for (accept, class) in [
            // Chrome, Firefox, Safari, an old browser, curl.
            ("image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8", Class::Avif),
            ("image/avif,image/webp,image/png,image/svg+xml,image/*;q=0.8,*/*;q=0.5", Class::Avif),
            (
                "image/webp,image/png,image/svg+xml,image/*;q=0.8,video/*;q=0.8,*/*;q=0.5",
                Class::Webp,
            ),
            ("image/png,image/svg+xml,image/*;q=0.8,*/*;q=0.5", Class::Legacy),
            ("*/*", Class::Legacy),
            ("", Class::Legacy),
            // Weights.
            ("image/avif;q=0.5,image/webp;q=0.9", Class::Webp),
            ("image/avif;q=0.9,image/webp;q=0.9", Class::Avif),
            ("image/avif;q=0,image/webp", Class::Webp),
            ("image/webp;q=0", Class::Legacy),
            ("image/webp; Q=0.000,image/png", Class::Legacy),
            ("image/webp;q=0.3,image/png;q=0.2", Class::Webp),
            ("image/webp;q=0.1,image/jpeg", Class::Legacy),
            ("image/webp;q=0.5,*/*;q=0.8", Class::Legacy),
            ("image/webp;q=0.5,*/*;q=0.4", Class::Webp),
            ("IMAGE/WEBP ; level=1 ; q=0.7", Class::Webp),
            // Not weights.
            ("image/webp;q=2", Class::Legacy),
            ("image/webp;q=abc", Class::Legacy),
            ("image/webp;q=0.12345", Class::Legacy),
            ("image/webpx", Class::Legacy),
        ] {
            assert_eq!(Class::of(Some(accept)), class, "{accept}");
        }
        assert_eq!(Class::of(None), Class::Legacy);
        assert_eq!(Class::without_avif(Some("image/avif,image/webp,*/*;q=0.8")), Class::Webp);
        assert_eq!(Class::without_avif(Some("image/avif,*/*;q=0.8")), Class::Legacy);
    }
}
