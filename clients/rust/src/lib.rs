//! Builds addresses for Selvedge.

use core::fmt;

use base64ct::{Base64UrlUnpadded, Encoding};
use hmac::{Hmac, Mac};
use sha2::Sha256;

/// Fewest bytes of a secret.
const SECRET_BYTES: usize = 16;

/// A builder of addresses.
#[derive(Clone)]
pub struct Selvedge {
    key: Option<(String, Hmac<Sha256>)>,
    base: String,
    prefix: String,
}

/// Why there is no address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// A key is written `id:secret`, the secret in 32 or more hexadecimal digits.
    Key,
    /// An address has at least one option.
    NoOptions,
    /// A path has no empty, hidden or climbing segments.
    Path,
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Key => "a key is written id:secret, the secret in 32 or more hexadecimal digits",
            Self::NoOptions => "an address has at least one option",
            Self::Path => "a path has no empty, hidden or climbing segments",
        })
    }
}

impl core::error::Error for Refused {}

impl Default for Selvedge {
    fn default() -> Self {
        Self::new()
    }
}

impl Selvedge {
    /// Addresses below `/image` that are not signed.
    pub fn new() -> Self {
        Self { key: None, base: String::new(), prefix: "/image".to_owned() }
    }

    /// Signs addresses with a key, written `id:hexadecimal`.
    ///
    /// # Errors
    /// [`Refused::Key`].
    pub fn key(self, key: &str) -> Result<Self, Refused> {
        let (id, digits) =
            key.split_once(':').filter(|(id, _)| !id.is_empty()).ok_or(Refused::Key)?;
        let secret = from_hex(digits).filter(|secret| secret.len() >= SECRET_BYTES);
        let mac =
            secret.and_then(|secret| Hmac::new_from_slice(&secret).ok()).ok_or(Refused::Key)?;
        Ok(Self { key: Some((id.to_owned(), mac)), ..self })
    }

    /// What goes in front, such as `https://img.example.com`.
    #[must_use]
    pub fn base(self, base: &str) -> Self {
        Self { base: base.to_owned(), ..self }
    }

    /// `/image` unless said.
    #[must_use]
    pub fn prefix(self, prefix: &str) -> Self {
        Self { prefix: prefix.to_owned(), ..self }
    }

    /// The address of `source`, a path or an address, with options by name and value.
    ///
    /// # Errors
    /// [`Refused::NoOptions`] or [`Refused::Path`].
    pub fn url(&self, source: &str, options: &[(&str, &str)]) -> Result<String, Refused> {
        if options.is_empty() {
            return Err(Refused::NoOptions);
        }
        let pairs = options.iter().map(|(name, value)| format!("{name}={}", escaped(value, ";:")));
        let rest = format!("/{}/{}", pairs.collect::<Vec<_>>().join(","), source_text(source)?);
        let signature = self.key.as_ref().map(|(id, mac)| {
            let tag = mac.clone().chain_update(&rest).finalize().into_bytes();
            format!("/sig={id}.{}", Base64UrlUnpadded::encode_string(&tag))
        });
        let Self { base, prefix, .. } = self;
        Ok(format!("{base}{prefix}{}{rest}", signature.unwrap_or_default()))
    }
}

fn source_text(source: &str) -> Result<String, Refused> {
    if source.starts_with("https://") || source.starts_with("http://") {
        // An address is as its owner wrote it, but for what no request line can hold.
        let graphic: String = ('!'..='~').filter(|c| !matches!(c, '#' | '\\')).collect();
        return Ok(escaped(source, &graphic));
    }
    let mut segments = Vec::new();
    for segment in source.strip_prefix('/').unwrap_or(source).split('/') {
        if segment.is_empty() || segment.starts_with('.') {
            return Err(Refused::Path);
        }
        segments.push(escaped(segment, ""));
    }
    Ok(segments.join("/"))
}

/// Escapes all but the unreserved characters (RFC 3986 §2.3) and those of `kept`.
fn escaped(text: &str, kept: &str) -> String {
    let mut result = String::new();
    for byte in text.bytes() {
        let c = char::from(byte);
        let plain = c.is_ascii_alphanumeric() || "-._~".contains(c) || kept.contains(c);
        if byte.is_ascii() && plain {
            result.push(c);
        } else {
            result.push_str(&format!("%{byte:02X}"));
        }
    }
    result
}

fn from_hex(text: &str) -> Option<Vec<u8>> {
    let digit = |c: char| c.to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let digits: Vec<u8> = text.chars().map(digit).collect::<Option<_>>()?;
    let (pairs, rest) = digits.as_chunks::<2>();
    rest.is_empty().then(|| pairs.iter().map(|[high, low]| (high << 4) | low).collect())
}
