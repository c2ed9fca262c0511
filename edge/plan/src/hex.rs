//! Hexadecimal text.

/// The bytes of pairs of digits; `None` for anything else.
pub(crate) fn from_hex(text: &str) -> Option<Vec<u8>> {
    let digits: Vec<u8> = text
        .chars()
        .map(|c| c.to_digit(16).and_then(|d| u8::try_from(d).ok()))
        .collect::<Option<_>>()?;
    let (pairs, rest) = digits.as_chunks::<2>();
    rest.is_empty().then(|| pairs.iter().map(|[high, low]| (high << 4) | low).collect())
}

#[cfg(test)]
mod tests {
    use super::from_hex;

    #[test]
    fn pairs_of_digits_are_bytes() {
        assert_eq!(from_hex("00fFa0"), Some(vec![0, 255, 160]));
        assert_eq!(from_hex(""), Some(Vec::new()));
        for bad in ["0", "0g", "0x00", "é0"] {
            assert_eq!(from_hex(bad), None, "{bad}");
        }
    }
}
