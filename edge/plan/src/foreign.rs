//! Signatures of other servers, for addresses in their dialects.

use base64ct::{Base64Url, Base64UrlUnpadded, Encoding};
use hmac::{Hmac, Mac};
use sha1::Sha1;
use sha2::Sha256;

use crate::hex::from_hex;

/// Keys of imgproxy: HMAC-SHA256 over a salt and the path behind the signature. All verify.
#[derive(Clone, Default)]
pub struct ImgproxyKeys(Vec<(Vec<u8>, Vec<u8>)>);

/// Keys of thumbor: HMAC-SHA1 over what stands behind the signature. All verify.
#[derive(Clone, Default)]
pub struct ThumborKeys(Vec<Vec<u8>>);

impl core::fmt::Debug for ImgproxyKeys {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "{} keys", self.0.len())
    }
}

impl core::fmt::Debug for ThumborKeys {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "{} keys", self.0.len())
    }
}

impl ImgproxyKeys {
    /// Reads `key:salt` pairs in hexadecimal, separated by commas.
    ///
    /// # Errors
    /// What was expected. Secrets are not repeated in the message.
    pub fn parse(text: &str) -> Result<Self, String> {
        let read = |pair: &str| {
            let (key, salt) = pair.trim().split_once(':')?;
            from_hex(key).zip(from_hex(salt)).filter(|(key, _)| !key.is_empty())
        };
        let pairs = text.split(',').map(read).collect::<Option<_>>();
        pairs.map(Self).ok_or_else(|| "expected key:salt pairs in hexadecimal".to_owned())
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether `tag` signs `path`, in constant time for each key.
    pub fn verify(&self, tag: &str, path: &str) -> bool {
        let Ok(tag) = Base64UrlUnpadded::decode_vec(tag) else {
            return false;
        };
        self.0.iter().any(|(key, salt)| {
            let mac = Hmac::<Sha256>::new_from_slice(key).ok();
            mac.is_some_and(|mac| {
                mac.chain_update(salt).chain_update(path).verify_slice(&tag).is_ok()
            })
        })
    }
}

impl ThumborKeys {
    /// Reads keys separated by commas, as they are.
    ///
    /// # Errors
    /// If one is empty.
    pub fn parse(text: &str) -> Result<Self, String> {
        let keys: Vec<Vec<u8>> = text.split(',').map(|key| key.trim().into()).collect();
        if keys.iter().any(Vec::is_empty) {
            return Err("expected keys separated by commas, none of them empty".to_owned());
        }
        Ok(Self(keys))
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether `tag` signs `path`, in constant time for each key.
    pub fn verify(&self, tag: &str, path: &str) -> bool {
        let Ok(tag) = Base64Url::decode_vec(tag) else {
            return false;
        };
        self.0.iter().any(|key| {
            let mac = Hmac::<Sha1>::new_from_slice(key).ok();
            mac.is_some_and(|mac| mac.chain_update(path).verify_slice(&tag).is_ok())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn imgproxys_published_example_verifies() {
        let keys = ImgproxyKeys::parse("00:01,736563726574:68656c6c6f").unwrap();
        let tag = "oKfUtW34Dvo2BGQehJFR4Nr0_rIjOtdtzJ3QFsUcXH8";
        let path = "/rs:fill:300:400:0/g:sm/aHR0cDovL2V4YW1w/bGUuY29tL2ltYWdl/cy9jdXJpb3NpdHku/\
                    anBn.png";
        assert!(keys.verify(tag, path));
        assert!(!keys.verify(tag, &path.replace("300", "301")));
        for cut in 0..tag.len() {
            assert!(!keys.verify(&tag[..cut], path), "a part is not enough");
        }
        assert!(!ImgproxyKeys::default().verify(tag, path));
        assert!(ImgproxyKeys::parse("zz:00").is_err());
        assert!(ImgproxyKeys::parse("").is_err());
    }

    #[test]
    fn thumbors_published_example_verifies() {
        let keys = ThumborKeys::parse("other,my-security-key").unwrap();
        let tag = "8ammJH8D-7tXy6kU3lTvoXlhu4o=";
        let path = "300x200/my.server.com/some/path/to/image.jpg";
        assert!(keys.verify(tag, path));
        assert!(!keys.verify(tag, &path.replace("300", "301")));
        for cut in 0..tag.len() {
            assert!(!keys.verify(&tag[..cut], path), "a part is not enough");
        }
        assert!(!ThumborKeys::default().verify(tag, path));
        assert!(ThumborKeys::parse("a,,b").is_err());
    }
}
