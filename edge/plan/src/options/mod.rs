//! The options of a request, one file each, and the table that names them all.
//!
//! Text becomes [`Options`] here and nowhere else; names and meanings are Cloudflare Images'.

pub mod background;
pub mod dpr;
pub mod fit;
pub mod flip;
pub mod format;
pub mod gravity;
pub mod quality;
pub mod rotate;
pub mod side;

use crate::problem::{Code, Problem};
use background::Colour;
use dpr::Dpr;
use fit::Fit;
use flip::Flip;
use format::Format;
use gravity::Gravity;
use quality::Quality;
use rotate::Rotate;
use side::Side;

/// What a request asks for. A field of `None` was not given.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// Colour under transparency and in `pad` space.
    pub background: Option<Colour>,
    /// Multiplies width and height.
    pub dpr: Option<Dpr>,
    /// How the picture meets the box of width and height.
    pub fit: Option<Fit>,
    /// Mirroring, before `rotate`.
    pub flip: Option<Flip>,
    /// Output format.
    pub format: Option<Format>,
    /// What stays when something is cut off.
    pub gravity: Option<Gravity>,
    /// Height in CSS pixels.
    pub height: Option<Side>,
    /// Encoder quality.
    pub quality: Option<Quality>,
    /// Turning, after `flip`.
    pub rotate: Option<Rotate>,
    /// Width in CSS pixels.
    pub width: Option<Side>,
}

/// One option: its names, its documentation, how it is read and how it is printed.
pub trait Setting: Sync {
    /// The canonical name, then the aliases.
    fn names(&self) -> &'static [&'static str];
    /// What values are accepted, for messages and for the documentation.
    fn expects(&self) -> &'static str;
    /// One sentence of documentation.
    fn doc(&self) -> &'static str;
    /// The value when the option is not given, for the documentation.
    fn default(&self) -> &'static str;
    /// Reads `value` into `options`; `None` if it is not what [`Setting::expects`] says.
    fn read(&self, value: &str, options: &mut Options) -> Option<()>;
    /// The canonical value, if the option is set.
    fn print(&self, options: &Options) -> Option<String>;
}

/// Every option, in canonical order.
pub const TABLE: &[&dyn Setting] = &[
    &side::WidthSetting,
    &side::HeightSetting,
    &dpr::DprSetting,
    &fit::FitSetting,
    &gravity::GravitySetting,
    &flip::FlipSetting,
    &rotate::RotateSetting,
    &background::BackgroundSetting,
    &quality::QualitySetting,
    &format::FormatSetting,
];

impl Options {
    /// Reads `name=value` pairs separated by commas. Values may be percent-encoded. Empty text means
    /// no options.
    ///
    /// # Errors
    /// [`Code::BadOption`], naming the first unknown name, bad value or repetition.
    pub fn parse(text: &str) -> Result<Self, Problem> {
        let mut options = Self::default();
        let mut given: Vec<&'static str> = Vec::new();
        for pair in split_commas(text) {
            let Some((name, value)) = pair.split_once('=') else {
                return Err(Problem::option(pair, "name=value", pair));
            };
            let setting = find(name)?;
            let canonical = canonical_name(setting);
            if given.contains(&canonical) {
                return Err(Problem::option(name, "each option once", pair));
            }
            given.push(canonical);
            let value = percent_decoded(value)
                .ok_or_else(|| Problem::option(name, "valid percent-encoding", value))?;
            setting
                .read(&value, &mut options)
                .ok_or_else(|| Problem::option(name, setting.expects(), &value))?;
        }
        Ok(options)
    }

    /// The canonical text: full names, table order, values in their one spelling.
    pub fn print(&self) -> String {
        let pairs: Vec<String> = TABLE
            .iter()
            .filter_map(|setting| {
                let value = setting.print(self)?;
                Some(format!("{}={value}", canonical_name(*setting)))
            })
            .collect();
        pairs.join(",")
    }
}

fn canonical_name(setting: &dyn Setting) -> &'static str {
    setting.names().first().copied().unwrap_or_default()
}

fn find(name: &str) -> Result<&'static dyn Setting, Problem> {
    TABLE.iter().copied().find(|setting| setting.names().contains(&name)).ok_or_else(|| {
        let known: Vec<&str> = TABLE.iter().map(|setting| canonical_name(*setting)).collect();
        Problem::new(
            Code::BadOption,
            format!("option `{name}`: unknown; the options are {}", known.join(", ")),
        )
    })
}

/// Splits at commas outside parentheses, as `background=rgb(1,2,3)` needs. No pairs in empty text.
fn split_commas(text: &str) -> Vec<&str> {
    let mut depth = 0_u32;
    let parts = text.split(|c| {
        match c {
            '(' => depth = depth.saturating_add(1),
            ')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        c == ',' && depth == 0
    });
    if text.is_empty() { Vec::new() } else { parts.collect() }
}

/// Undoes percent-encoding (RFC 3986 §2.1); `None` for a broken escape, or bytes that are no UTF-8.
pub(crate) fn percent_decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let high = char::from(rest.next()?).to_digit(16)?;
            let low = char::from(rest.next()?).to_digit(16)?;
            bytes.push(u8::try_from((high << 4) | low).ok()?);
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).ok()
}

/// A decimal number without sign, with at most `places` digits after the point, in units of
/// 10^-`places`. At most nine digits in all, so that nothing overflows.
pub(crate) fn decimal(text: &str, places: usize) -> Option<u32> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
    let length = whole.len().checked_add(places)?;
    if whole.is_empty() && fraction.is_empty() || fraction.len() > places || length > 9 {
        return None;
    }
    if !digits(whole) || !digits(fraction) || text.ends_with('.') {
        return None;
    }
    format!("{whole}{fraction:0<places$}").parse().ok()
}

/// The shortest decimal text of `value` units of 10^-`places`.
pub(crate) fn decimal_text(value: u32, places: usize) -> String {
    let padded = format!("{value:0>width$}", width = places.saturating_add(1));
    let (whole, fraction) = padded.split_at(padded.len().saturating_sub(places));
    let fraction = fraction.trim_end_matches('0');
    if fraction.is_empty() { whole.to_owned() } else { format!("{whole}.{fraction}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_aliases_are_unique() {
        let mut names: Vec<&str> =
            TABLE.iter().flat_map(|setting| setting.names()).copied().collect();
        let count = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), count);
    }

    #[test]
    fn printing_is_canonical_and_reads_back() {
        let text = "f=webp,h=300,q=80,w=400,g=0.50x1.0,background=%23FFF,fit=cover,dpr=2.0,rotate=90,flip=hv";
        let options = Options::parse(text).unwrap();
        let printed = options.print();
        assert_eq!(
            printed,
            "width=400,height=300,dpr=2,fit=cover,gravity=bottom,flip=hv,rotate=90,\
             background=#ffffff,quality=80,format=webp"
        );
        assert_eq!(Options::parse(&printed).unwrap(), options);
    }

    #[test]
    fn mistakes_are_named() {
        for (text, part) in [
            ("width=abc", "`width`: expected"),
            ("widht=100", "`widht`: unknown"),
            ("width", "`width`: expected name=value"),
            ("width=100,w=200", "each option once"),
            ("width=100,", "name=value"),
            ("width=-1", "`width`"),
            ("width=0", "`width`"),
            ("width=1e3", "`width`"),
            ("width= 100", "`width`"),
            ("quality=101", "`quality`"),
            ("gravity=1.5x0", "`gravity`"),
            ("background=%zz", "percent-encoding"),
            ("fit=Cover", "`fit`"),
        ] {
            let problem = Options::parse(text).unwrap_err();
            assert_eq!(problem.code, Code::BadOption);
            assert!(problem.detail.contains(part), "{text}: {}", problem.detail);
        }
    }

    #[test]
    fn decimals_keep_their_value() {
        assert_eq!(decimal("0.5", 4), Some(5_000));
        assert_eq!(decimal(".25", 2), Some(25));
        assert_eq!(decimal("1", 2), Some(100));
        for bad in ["", ".", "1.", "1.2345", "-1", "+1", "1 ", "1e2", "99999999999"] {
            assert_eq!(decimal(bad, 2), None, "{bad}");
        }
        assert_eq!(decimal_text(5_000, 4), "0.5");
        assert_eq!(decimal_text(10_000, 4), "1");
        assert_eq!(decimal_text(1, 4), "0.0001");
    }
}
