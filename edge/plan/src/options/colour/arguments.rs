//! What stands between the parentheses of a colour.

use super::fixed::{self, from_decimal};
use super::{ONE, byte};
use crate::options::number::decimal;

const BILLION: i128 = 1_000_000_000;

/// Three arguments and an alpha.
pub struct Arguments<'a> {
    parts: [&'a str; 3],
    alpha: Option<&'a str>,
    /// Behind blanks, with a slash before alpha; else all behind commas, as CSS 3 had them.
    pub is_modern: bool,
}

impl<'a> Arguments<'a> {
    pub fn read(text: &'a str) -> Option<Self> {
        let is_modern = !text.contains(',');
        let (parts, alpha): (Vec<&str>, _) = if is_modern {
            let (three, alpha) = match text.split_once('/') {
                Some((three, alpha)) => (three, Some(alpha.trim())),
                None => (text, None),
            };
            (three.split(' ').filter(|part| !part.is_empty()).collect(), alpha)
        } else {
            let mut parts: Vec<&str> = text.split(',').map(str::trim).collect();
            let alpha = (parts.len() > 3).then(|| parts.pop()).flatten();
            (parts, alpha)
        };
        let parts = parts.try_into().ok()?;
        let given = Self { parts, alpha, is_modern };
        let has_none = given.parts.into_iter().chain(alpha).any(|part| part == "none");
        (is_modern || !has_none).then_some(given)
    }

    /// Alpha, opaque without.
    pub fn alpha(&self) -> Option<u8> {
        self.alpha.map_or(Some(u8::MAX), |alpha| fraction(alpha).map(byte))
    }

    /// Three channels from 0 to 255.
    pub fn channels(&self) -> Option<[u8; 3]> {
        let [a, b, c] = self.parts;
        Some([channel(a)?, channel(b)?, channel(c)?])
    }

    /// A hue in millionths of a turn, and two shares of [`ONE`].
    pub fn hue_and_shares(&self) -> Option<(i64, [i64; 2])> {
        let [hue, a, b] = self.parts;
        let share = |text: &str| match text.ends_with('%') || text == "none" {
            true => share(text),
            // Without a unit only where blanks part them.
            false if self.is_modern => share(&format!("{text}%")),
            false => None,
        };
        Some((self::hue(hue, ONE)?, [share(a)?, share(b)?]))
    }

    /// Three numbers in fixed point.
    pub fn numbers(&self, numbers: Numbers) -> Option<[i64; 3]> {
        let [a, b, c] = self.parts;
        let [first, second, third] = numbers.whole;
        let lightness = signed(a, first)?;
        let lightness = if numbers.is_clamped { lightness.clamp(0, first) } else { lightness };
        let (second, third) = match numbers.is_polar {
            true => (signed(b, second)?.max(0), hue(c, fixed::ONE)?),
            false => (signed(b, second)?, signed(c, third)?),
        };
        Some([lightness, second, third])
    }
}

/// What three numbers mean.
#[derive(Clone, Copy, Debug)]
pub struct Numbers {
    /// What 100% of each is.
    whole: [i64; 3],
    /// Whether the first ends at 0 and 100%.
    is_clamped: bool,
    /// Whether the second is a chroma, never negative, and the third a hue.
    is_polar: bool,
}

impl Numbers {
    pub const OF_COLOR: Self = Self { whole: [fixed::ONE; 3], is_clamped: false, is_polar: false };
    pub const OF_LAB: Self = Self {
        whole: [100 * fixed::ONE, 125 * fixed::ONE, 125 * fixed::ONE],
        is_clamped: true,
        is_polar: false,
    };
    pub const OF_LCH: Self =
        Self { whole: [100 * fixed::ONE, 150 * fixed::ONE, 0], is_clamped: true, is_polar: true };
    pub const OF_OKLAB: Self = Self {
        whole: [fixed::ONE, fixed::ONE * 2 / 5, fixed::ONE * 2 / 5],
        is_clamped: true,
        is_polar: false,
    };
    pub const OF_OKLCH: Self =
        Self { whole: [fixed::ONE, fixed::ONE * 2 / 5, 0], is_clamped: true, is_polar: true };
}

/// A number with a sign, five digits before the point at most and nine after it, or a percentage of
/// `whole`, or `none`, which is 0.
fn signed(text: &str, whole: i64) -> Option<i64> {
    if text == "none" {
        return Some(0);
    }
    let (sign, text) = split_sign(text);
    let value = match text.strip_suffix('%') {
        Some(percent) => fixed::product(unsigned(percent)?, whole).checked_div(100)?,
        None => unsigned(text)?,
    };
    value.checked_mul(sign)
}

fn unsigned(text: &str) -> Option<i64> {
    Some(from_decimal(i64::try_from(billionths(text)?).ok()?, 9))
}

fn billionths(text: &str) -> Option<i128> {
    let (before, after) = text.split_once('.').unwrap_or((text, ""));
    let digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
    let is_number = digits(before) && digits(after) && !text.ends_with('.') && !text.is_empty();
    if !is_number || before.len() > 5 || after.len() > 9 {
        return None;
    }
    format!("{before}{after:0<9}").parse().ok()
}

fn split_sign(text: &str) -> (i64, &str) {
    match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    }
}

/// An angle as a part of `turn`, rounded down: degrees without a unit.
fn hue(text: &str, turn: i64) -> Option<i64> {
    if text == "none" {
        return Some(0);
    }
    let (sign, text) = split_sign(text);
    let (number, units) = if let Some(number) = text.strip_suffix("turn") {
        (number, BILLION)
    } else if let Some(number) = text.strip_suffix("grad") {
        (number, 400 * BILLION)
    } else if let Some(number) = text.strip_suffix("rad") {
        // 2 pi of them.
        (number, 6_283_185_307)
    } else {
        (text.strip_suffix("deg").unwrap_or(text), 360 * BILLION)
    };
    let turns = billionths(number)?.checked_mul(turn.into())?.checked_div(units)?;
    i64::try_from(turns).ok()?.checked_mul(sign)?.checked_rem_euclid(turn)
}

/// `50%` of [`ONE`], or `none`, which is 0.
fn share(text: &str) -> Option<i64> {
    if text == "none" {
        return Some(0);
    }
    let millionths = decimal(text.strip_suffix('%')?, 4)?;
    Some(i64::from(millionths)).filter(|value| *value <= ONE)
}

/// `0.5` or `50%` of [`ONE`].
fn fraction(text: &str) -> Option<i64> {
    if text.ends_with('%') || text == "none" {
        return share(text);
    }
    Some(i64::from(decimal(text, 6)?)).filter(|value| *value <= ONE)
}

/// 0 to 255, or a percentage.
fn channel(text: &str) -> Option<u8> {
    if text.ends_with('%') || text == "none" {
        return share(text).map(byte);
    }
    let thousandths = decimal(text, 3).filter(|value| *value <= 255_000)?;
    u8::try_from(thousandths.saturating_add(500) / 1_000).ok()
}
