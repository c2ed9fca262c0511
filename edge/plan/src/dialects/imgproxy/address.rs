//! Where imgproxy's addresses name the source.

use base64ct::{Base64UrlUnpadded, Encoding};

use crate::options::escape::percent_decoded;
use crate::problem::{Code, Problem};

/// The source's address, and the extension behind it.
pub fn address(text: &str) -> Result<(String, Option<String>), Problem> {
    let broken = |what: &str| Problem::new(Code::BadPath, format!("the source is not {what}"));
    if let Some(plain) = text.strip_prefix("plain/") {
        let (url, extension) = match plain.rsplit_once('@') {
            Some((url, extension)) => (url, Some(extension.to_owned())),
            None => (plain, None),
        };
        let url = percent_decoded(url).ok_or_else(|| broken("percent-encoded"))?;
        return Ok((url, extension.filter(|extension| !extension.is_empty())));
    }
    let joined = text.replace('/', "");
    let (encoded, extension) = match joined.split_once('.') {
        Some((encoded, extension)) => (encoded, Some(extension.to_owned())),
        None => (joined.as_str(), None),
    };
    let bytes = Base64UrlUnpadded::decode_vec(encoded.trim_end_matches('='))
        .map_err(|_| broken("plain/ and an address, nor Base64 for URLs"))?;
    let url = String::from_utf8(bytes).map_err(|_| broken("an address"))?;
    Ok((url, extension))
}
