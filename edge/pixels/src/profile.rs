//! ICC profiles: what they say of themselves, and what their numbers are in sRGB (ICC.1:2022).
//!
//! Powers are libm's and sums have one order, so every build computes the same.

mod connection;
mod conversion;
mod curve;
mod grid;
mod lut;
mod simplex;
mod srgb;
mod stated;
mod tags;

pub use conversion::{Conversion, Kind};
pub use srgb::{CODES_MEMORY, Codes, light};
pub use stated::{BT709, Light, Places, Stated};
use tags::{Tags, four, long};

/// Largest profile that is looked at. The largest ones in use, for printing, take three.
pub const LARGEST: usize = 4 << 20;

/// Most characters of a name that are told.
const NAME: usize = 100;

/// What a profile calls itself: empty if it does not say, `None` if it is no profile.
pub fn name(profile: &[u8]) -> Option<String> {
    let name = description(Tags::new(profile)?).unwrap_or_default();
    let shown = name.chars().take_while(|c| *c != '\0').filter(|c| !c.is_control());
    Some(shown.take(NAME).collect::<String>().trim().to_owned())
}

/// The text of the tag `desc` (§9.2.41): in ASCII in version 2, in UTF-16 in version 4, where the
/// first of several languages is taken.
fn description(tags: Tags<'_>) -> Option<String> {
    let tag = tags.find(b"desc")?;
    match &four(tag, 0)? {
        b"desc" => {
            let text = tag.get(12..)?.get(..long(tag, 8)?)?;
            Some(String::from_utf8_lossy(text).into_owned())
        }
        b"mluc" => {
            let text = tag.get(long(tag, 24)?..)?.get(..long(tag, 20)?)?;
            let units = text.as_chunks::<2>().0.iter().map(|unit| u16::from_be_bytes(*unit));
            Some(char::decode_utf16(units).map(|c| c.unwrap_or('\u{fffd}')).collect())
        }
        _ => None,
    }
}
#[cfg(test)]
mod tests {
    use super::*;

    fn profile(tag: &[u8]) -> Vec<u8> {
        let mut profile = vec![0; 128];
        profile[36..40].copy_from_slice(b"acsp");
        let long = |value: usize| (value as u32).to_be_bytes();
        profile.extend(long(2));
        profile.extend([b"wtpt".as_slice(), &long(0), &long(20)].concat());
        profile.extend([b"desc".as_slice(), &long(156), &long(tag.len())].concat());
        profile.extend(tag);
        profile
    }

    #[test]
    fn names_of_both_versions_are_read() {
        let old = b"desc\0\0\0\0\0\0\0\x0aAdobe RGB\0\0\0\0";
        assert_eq!(name(&profile(old)).as_deref(), Some("Adobe RGB"));
        let new = b"mluc\0\0\0\0\0\0\0\x01\0\0\0\x0cenUS\0\0\0\x04\0\0\0\x1c\0P\x003";
        assert_eq!(name(&profile(new)).as_deref(), Some("P3"));
    }

    #[test]
    fn a_profile_may_be_nameless_and_nonsense_is_none() {
        assert_eq!(name(&profile(b"text")).as_deref(), Some(""));
        let whole = profile(b"desc\0\0\0\0\0\0\0\x02A\0");
        assert!((0..40).all(|cut| name(&whole[..cut]).is_none()));
        assert!((40..whole.len()).all(|cut| name(&whole[..cut]).as_deref() == Some("")));
        assert_eq!(name(&[0xff; 1_000]), None);
        let wild = [&whole[..140], &[0xff; 40]].concat();
        assert_eq!(name(&wild).as_deref(), Some(""));
    }
}
