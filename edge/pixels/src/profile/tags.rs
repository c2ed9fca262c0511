//! The header and the tags of a profile (ICC.1:2022 §7.2, §7.3).

/// Most tags that are looked through. Profiles have ten to thirty.
const TAGS: usize = 256;

/// A profile, as far as it is looked at: nothing of it is copied.
#[derive(Clone, Copy)]
pub struct Tags<'a>(&'a [u8]);

impl<'a> Tags<'a> {
    /// Of what has the mark of a profile.
    pub fn new(profile: &'a [u8]) -> Option<Self> {
        (profile.get(36..40)? == b"acsp").then_some(Self(profile))
    }

    /// The major version.
    pub fn version(self) -> u8 {
        self.0.get(8).copied().unwrap_or_default()
    }

    /// The space of a device's numbers.
    pub fn device(self) -> Option<[u8; 4]> {
        four(self.0, 16)
    }

    /// The space that it connects them to.
    pub fn connection(self) -> Option<[u8; 4]> {
        four(self.0, 20)
    }

    /// What a tag holds, from its type on; the first one of that name.
    pub fn find(self, name: &[u8; 4]) -> Option<&'a [u8]> {
        let count = long(self.0, 128)?.min(TAGS);
        let entry = |i: usize| self.0.get(132 + i * 12..)?.first_chunk::<12>();
        let entry = (0..count).map_while(entry).find(|entry| entry.starts_with(name))?;
        self.0.get(long(entry, 4)?..)?.get(..long(entry, 8)?)
    }
}

/// Four bytes.
pub fn four(bytes: &[u8], at: usize) -> Option<[u8; 4]> {
    bytes.get(at..)?.first_chunk().copied()
}

/// A length or a place: 32 bits.
pub fn long(bytes: &[u8], at: usize) -> Option<usize> {
    usize::try_from(u32::from_be_bytes(four(bytes, at)?)).ok()
}

/// A number of 16 bits.
pub fn short(bytes: &[u8], at: usize) -> Option<u16> {
    bytes.get(at..)?.first_chunk().map(|bytes| u16::from_be_bytes(*bytes))
}

/// A signed number with 16 fractional bits (§4.6).
pub fn fixed(bytes: &[u8], at: usize) -> Option<f64> {
    Some(f64::from(i32::from_be_bytes(four(bytes, at)?)) / 65_536.0)
}
