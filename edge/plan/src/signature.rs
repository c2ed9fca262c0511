//! Signed addresses: HMAC-SHA256 (RFC 2104) over everything after the signature, by one of a few
//! named keys, so that keys can be replaced while both are live.

use hmac::{Hmac, Mac};
use sha2::Sha256;

use crate::hex::from_hex;
use crate::problem::{Code, Problem};

/// What the path segment of a signature begins with.
pub const PREFIX: &str = "sig=";

/// Fewest bytes of a secret: the bar is 128 bits.
const SECRET_BYTES: usize = 16;

/// The live keys. The first one signs; all of them verify. Empty means that nothing verifies.
#[derive(Clone, Default)]
pub struct Keys {
    keys: Vec<Key>,
}

#[derive(Clone)]
struct Key {
    id: String,
    secret: Vec<u8>,
}

impl core::fmt::Debug for Keys {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_list().entries(self.keys.iter().map(|key| &key.id)).finish()
    }
}

impl Keys {
    /// Reads `id:secret` pairs separated by commas, the secret in hexadecimal.
    ///
    /// # Errors
    /// What was expected. Secrets are not repeated in the message.
    pub fn parse(text: &str) -> Result<Self, String> {
        let read = |pair: &str| {
            let (id, hex) = pair.split_once(':').ok_or("a key is written id:secret")?;
            let plain = id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
            if id.is_empty() || !plain {
                return Err("a key id has letters, digits, - and _ only".to_owned());
            }
            let secret = from_hex(hex)
                .filter(|secret| secret.len() >= SECRET_BYTES)
                .ok_or(format!("key `{id}`: the secret must be 32 or more hexadecimal digits"))?;
            Ok(Key { id: id.to_owned(), secret })
        };
        let keys = text.split(',').filter(|pair| !pair.is_empty()).map(read);
        Ok(Self { keys: keys.collect::<Result<_, _>>()? })
    }

    /// Whether there is no key.
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// The path segment that signs `rest`, which is `/<options>/<source>`; `None` without a key.
    pub fn sign(&self, rest: &str) -> Option<String> {
        let key = self.keys.first()?;
        let tag = key.mac(rest)?.finalize().into_bytes();
        Some(format!("{PREFIX}{}.{}", key.id, to_base64url(&tag)))
    }

    /// Verifies a path segment made by [`Keys::sign`], in constant time.
    ///
    /// # Errors
    /// [`Code::NotSigned`].
    pub fn verify(&self, segment: &str, rest: &str) -> Result<(), Problem> {
        self.verified(segment, rest).ok_or_else(|| {
            Problem::new(
                Code::NotSigned,
                "the signature does not fit the address, or its key is unknown",
            )
        })
    }

    fn verified(&self, segment: &str, rest: &str) -> Option<()> {
        let (id, tag) = segment.strip_prefix(PREFIX)?.split_once('.')?;
        let tag = from_base64url(tag)?;
        let key = self.keys.iter().find(|key| key.id == id)?;
        key.mac(rest)?.verify_slice(&tag).ok()
    }
}

impl Key {
    fn mac(&self, rest: &str) -> Option<Hmac<Sha256>> {
        Hmac::<Sha256>::new_from_slice(&self.secret).ok().map(|mac| mac.chain_update(rest))
    }
}

/// Base64 for URLs without padding (RFC 4648 §5).
fn to_base64url(bytes: &[u8]) -> String {
    use base64ct::{Base64UrlUnpadded, Encoding};
    Base64UrlUnpadded::encode_string(bytes)
}

fn from_base64url(text: &str) -> Option<Vec<u8>> {
    use base64ct::{Base64UrlUnpadded, Encoding};
    Base64UrlUnpadded::decode_vec(text).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const REST: &str = "/width=100/a.jpg";

    fn keys(text: &str) -> Keys {
        Keys::parse(text).unwrap()
    }

    #[test]
    fn known_answer() {
        // printf '/width=100/a.jpg' | openssl dgst -sha256 -mac hmac -macopt hexkey:000102…0f
        let signed = keys("k1:000102030405060708090a0b0c0d0e0f").sign(REST).unwrap();
        assert_eq!(signed, "sig=k1.yNpl4KkdzXRHPtZ4Ii90KcPRFvh4u0gvaePRV-dSDq0");
    }

    #[test]
    fn only_the_right_key_and_text_verify() {
        let old = keys("a:00000000000000000000000000000001");
        let both = keys("b:00000000000000000000000000000002,a:00000000000000000000000000000001");
        let signed = old.sign(REST).unwrap();
        assert!(both.verify(&signed, REST).is_ok(), "an older key still verifies");
        assert!(both.verify(&signed, "/width=101/a.jpg").is_err());
        assert!(keys("a:00000000000000000000000000000003").verify(&signed, REST).is_err());
        assert!(Keys::default().verify(&signed, REST).is_err());
        for cut in 0..signed.len() {
            assert!(both.verify(&signed[..cut], REST).is_err());
        }
        assert!(both.verify(&format!("{signed}A"), REST).is_err());
        assert!(both.verify(&signed.replace("sig=a.", "sig=b."), REST).is_err());
    }

    #[test]
    fn weak_or_broken_keys_are_refused() {
        for bad in ["a", "a:12", "a:zz000000000000000000000000000000", ":00", "a b:00", "a:000"] {
            assert!(Keys::parse(bad).is_err(), "{bad}");
        }
    }
}
