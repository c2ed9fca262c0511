//! From an Accept header to one of few classes, so that caches keep few variants (RFC 9110 §12.5.1).

use crate::plan::Output;

/// What a client can show beyond what every browser shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// JPEG and PNG.
    Legacy,
    /// WebP as well.
    Webp,
}

impl Class {
    /// The class of an Accept header. Only a type that is named counts, with a weight above 0:
    /// `*/*` and `image/*` come from clients that say so of everything.
    pub fn of(accept: Option<&str>) -> Self {
        let names = |wanted: &str| {
            accept.unwrap_or_default().split(',').any(|item| {
                let mut parts = item.split(';').map(str::trim);
                let named = parts.next().is_some_and(|kind| kind.eq_ignore_ascii_case(wanted));
                named && !parts.any(is_zero_weight)
            })
        };
        if names("image/webp") { Self::Webp } else { Self::Legacy }
    }

    /// What `format=auto` gives this class.
    pub fn output(self) -> Output {
        match self {
            Self::Legacy => Output::Natural,
            Self::Webp => Output::Webp,
        }
    }

    /// The stable name, for logs.
    pub fn name(self) -> &'static str {
        match self {
            Self::Legacy => "legacy",
            Self::Webp => "webp",
        }
    }
}

/// `q=0`, `Q=0.0`, `q = 0.000`: not acceptable.
fn is_zero_weight(parameter: &str) -> bool {
    parameter.split_once('=').is_some_and(|(name, weight)| {
        let weight = weight.trim();
        name.trim().eq_ignore_ascii_case("q")
            && weight.starts_with('0')
            && weight.bytes().all(|b| matches!(b, b'0' | b'.'))
    })
}

#[cfg(test)]
mod tests {
    use super::Class;

    #[test]
    fn only_a_named_and_wanted_type_counts() {
        for (accept, class) in [
            (Some("image/avif,image/webp,image/apng,*/*;q=0.8"), Class::Webp),
            (Some("image/png,IMAGE/WEBP;q=0.1"), Class::Webp),
            (Some("image/webp;q=0"), Class::Legacy),
            (Some("image/webp; Q=0.000,image/png"), Class::Legacy),
            (Some("image/webpx"), Class::Legacy),
            (Some("image/*,*/*"), Class::Legacy),
            (Some(""), Class::Legacy),
            (None, Class::Legacy),
        ] {
            assert_eq!(Class::of(accept), class, "{accept:?}");
        }
    }
}
