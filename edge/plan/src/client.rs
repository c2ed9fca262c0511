//! What a client says of itself: formats, connection, screen. What of it has a say is told caches.

use crate::accept::Class;
use crate::ladder::Ladder;
use crate::options::Options;
use crate::options::compression::Compression;
use crate::options::dpr::Dpr;
use crate::options::format::Format;
use crate::options::number::decimal;
use crate::options::side::Width;
use crate::rollout::CHOOSE;
use crate::spot;

/// The header fields that a decision may depend on. A server hands them in by [`Fields::collect`].
pub const FIELDS: &[&str] = &[
    "accept",
    "downlink",
    "dpr",
    "ect",
    "rtt",
    "save-data",
    "sec-ch-dpr",
    "sec-ch-viewport-width",
    "sec-ch-width",
    CONTRACT,
    CHOOSE,
    spot::HEADER,
    "via",
    "viewport-width",
    "width",
];

/// Beside a hand-over: the epoch of the contract by which its plan was made.
pub const CONTRACT: &str = "selvedge-contract";

/// Of which `slow-connection-quality` makes use (Network Information API; Save-Data).
const OF_CONNECTION: &[&str] = &["save-data", "ect", "rtt", "downlink"];

/// Of which `width=auto` makes use (Responsive Image Client Hints), each in both its spellings.
const OF_SCREEN: &[&str] =
    &["sec-ch-width", "width", "sec-ch-viewport-width", "viewport-width", "sec-ch-dpr", "dpr"];

/// A connection is slow from this round trip on, in milliseconds.
const SLOW_RTT: u32 = 150;

/// A connection is slow below this rate, in thousandths of a megabit a second.
const SLOW_DOWNLINK: u32 = 5_000;

/// Header fields of a request, by names in lower case.
#[derive(Clone, Debug, Default)]
pub struct Fields(Vec<(&'static str, String)>);

impl Fields {
    /// Asks for every field of [`FIELDS`] by its name.
    pub fn collect(mut field: impl FnMut(&str) -> Option<String>) -> Self {
        Self(FIELDS.iter().filter_map(|name| Some((*name, field(name)?))).collect())
    }

    /// A field of [`FIELDS`].
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| *known == name).map(|(_, value)| value.as_str())
    }
}

/// What a client says of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Client {
    /// The formats.
    pub class: Class,
    /// Whether it saves data or is on a slow connection.
    pub slow: bool,
    /// Width of the picture's place in device pixels.
    pub width: Option<u32>,
    /// Width of its window in CSS pixels.
    pub viewport: Option<u32>,
    /// Device pixels for each CSS pixel, in hundredths.
    pub dpr: Option<u32>,
    /// The widths from which `width=auto` chooses.
    pub ladder: Ladder,
}

impl Client {
    /// What `fields` say. A hint that cannot be read is none.
    pub fn new(fields: &Fields, ladder: &Ladder) -> Self {
        let number = |name: &str, places| decimal(fields.get(name)?.trim(), places);
        let either = |new: &str, old: &str, places| {
            number(new, places).or_else(|| number(old, places)).filter(|value| *value > 0)
        };
        let says = |name: &str, values: &[&str]| {
            fields.get(name).is_some_and(|value| values.contains(&value.trim()))
        };
        let slow = says("save-data", &["on"])
            || says("ect", &["slow-2g", "2g", "3g"])
            || number("rtt", 0).is_some_and(|rtt| rtt > SLOW_RTT)
            || number("downlink", 3).is_some_and(|rate| rate < SLOW_DOWNLINK);
        Self {
            class: Class::of(fields.get("accept")),
            slow,
            width: either("sec-ch-width", "width", 0),
            viewport: either("sec-ch-viewport-width", "viewport-width", 0),
            dpr: either("sec-ch-dpr", "dpr", 2),
            ladder: ladder.clone(),
        }
    }

    /// The width that `width=auto` means, in device pixels: the step of the ladder that holds what
    /// the client needs. A ratio that was asked for goes before the client's own. A client that says
    /// nothing gets the largest step.
    pub fn width(&self, asked: Option<Dpr>) -> u32 {
        self.ladder.step(self.needs(asked).unwrap_or(u32::MAX))
    }

    /// The width that the client can show, and the largest step, if that is smaller.
    pub(crate) fn beyond_the_ladder(&self, asked: Option<Dpr>) -> Option<(u32, u32)> {
        let (needs, most) = (self.needs(asked)?, self.ladder.step(u32::MAX));
        (needs > most).then_some((needs, most))
    }

    /// The width that the client can show, in device pixels, if it says one.
    fn needs(&self, asked: Option<Dpr>) -> Option<u32> {
        let ratio = asked.map(Dpr::hundredths).or(self.dpr).unwrap_or(100);
        let of_window = || {
            let pixels = u64::from(self.viewport?).saturating_mul(ratio.into()).div_ceil(100);
            Some(u32::try_from(pixels).unwrap_or(u32::MAX))
        };
        self.width.or_else(of_window)
    }
}

/// The header fields that have a say in what `options` mean, for Vary (RFC 9110 §12.5.5).
pub fn vary(options: &Options) -> Vec<&'static str> {
    let mut fields = Vec::new();
    if options.format == Some(Format::Auto) && options.compression != Some(Compression::Fast) {
        fields.push("accept");
    }
    if options.slow_quality.is_some() {
        fields.extend(OF_CONNECTION);
    }
    if options.width == Some(Width::Auto) {
        fields.extend(OF_SCREEN);
    }
    fields
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(said: &[(&str, &str)]) -> Client {
        let find = |name: &str| said.iter().find(|(known, _)| *known == name);
        let fields = Fields::collect(|name| find(name).map(|(_, value)| (*value).to_owned()));
        Client::new(&fields, &Ladder::default())
    }

    #[test]
    fn any_sign_of_a_slow_connection_counts() {
        for (field, value, slow) in [
            ("save-data", "on", true),
            ("save-data", "off", false),
            ("ect", "3g", true),
            ("ect", "slow-2g", true),
            ("ect", "4g", false),
            ("rtt", "151", true),
            ("rtt", "150", false),
            ("rtt", "-1", false),
            ("downlink", "4.9", true),
            ("downlink", "5", false),
            ("downlink", "fast", false),
        ] {
            assert_eq!(client(&[(field, value)]).slow, slow, "{field}: {value}");
        }
        assert!(!client(&[]).slow);
    }

    #[test]
    fn the_step_holds_what_the_client_needs() {
        for (said, asked, width) in [
            (&[] as &[_], None, 1_200),
            (&[("viewport-width", "300")], None, 320),
            (&[("sec-ch-viewport-width", "321")], None, 768),
            (&[("viewport-width", "400"), ("dpr", "2")], None, 960),
            (&[("viewport-width", "400"), ("sec-ch-dpr", "2.5"), ("dpr", "1")], None, 1_200),
            (&[("viewport-width", "400"), ("dpr", "3")], Dpr::new(100), 768),
            (&[("width", "700"), ("viewport-width", "99")], Dpr::new(300), 768),
            (&[("viewport-width", "9000")], None, 1_200),
            (&[("viewport-width", "0")], None, 1_200),
            (&[("viewport-width", "999999999"), ("dpr", "3")], None, 1_200),
        ] {
            assert_eq!(client(said).width(asked), width, "{said:?} {asked:?}");
        }
    }

    #[test]
    fn caches_are_told_what_had_a_say() {
        for (options, fields) in [
            ("width=1", ""),
            ("format=webp", ""),
            ("format=auto", "accept"),
            ("format=auto,compression=fast", ""),
            ("format=auto,compression=best", "accept"),
            ("scq=50,f=auto", "accept, save-data, ect, rtt, downlink"),
            (
                "width=auto",
                "sec-ch-width, width, sec-ch-viewport-width, viewport-width, sec-ch-dpr, dpr",
            ),
        ] {
            let options = Options::parse(options).unwrap();
            assert_eq!(vary(&options).join(", "), fields);
        }
    }
}
