//! Decimal numbers as integers of a fixed unit, since nothing here may round.

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

/// Whole degrees with an optional sign, brought into 0 to 359.
pub(crate) fn degrees(text: &str) -> Option<u32> {
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => (-1_i64, digits),
        None => (1, text),
    };
    let value = sign.checked_mul(i64::from(decimal(digits, 0)?))?;
    u32::try_from(value.checked_rem_euclid(360)?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

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

    #[test]
    fn degrees_wrap() {
        for (text, value) in [("0", 0), ("-90", 270), ("360", 0), ("725", 5), ("-725", 355)] {
            assert_eq!(degrees(text), Some(value), "{text}");
        }
        for bad in ["", "-", "+1", "1.5", "--1"] {
            assert_eq!(degrees(bad), None, "{bad}");
        }
    }
}
