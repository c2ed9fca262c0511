//! Percent-encoding (RFC 3986 §2.1), one way each.

/// Undoes percent-encoding; `None` for a broken escape, or bytes that are no UTF-8.
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

/// Encodes all but the unreserved characters (RFC 3986 §2.3).
pub(crate) fn percent_encoded(text: &str) -> String {
    percent_encoded_but(text, "")
}

/// Encodes all but the unreserved characters and those of `kept`.
pub(crate) fn percent_encoded_but(text: &str, kept: &str) -> String {
    let mut encoded = String::new();
    for byte in text.bytes() {
        let c = char::from(byte);
        let plain = c.is_ascii_alphanumeric() || "-._~".contains(c) || kept.contains(c);
        if byte.is_ascii() && plain {
            encoded.push(c);
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encoding_is_undone() {
        for text in ["", "a b/ü?&,;%", "-._~"] {
            assert_eq!(percent_decoded(&percent_encoded(text)).as_deref(), Some(text));
        }
        assert_eq!(percent_encoded_but("a/ü é", "/"), "a/%C3%BC%20%C3%A9");
        for bad in ["%", "%1", "%zz", "%ff", "a%"] {
            assert_eq!(percent_decoded(bad), None, "{bad}");
        }
    }
}
