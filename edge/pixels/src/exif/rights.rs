//! Whose a picture is: read from EXIF data, and the smallest EXIF data that say it (CIPA DC-008 §4.6.5).

use super::tiff::{ASCII, Tiff};

/// Tag of who made the picture.
const ARTIST: u16 = 0x013b;
/// Tag of whose it is.
const COPYRIGHT: u16 = 0x8298;

/// Most bytes of each text that are kept.
pub const LONGEST: usize = 1_000;

/// Whose a picture is, in UTF-8 mostly, as programs write what the standard wants to be ASCII.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rights {
    /// Who made it.
    pub artist: Option<Vec<u8>>,
    /// Whose it is.
    pub copyright: Option<Vec<u8>>,
}

impl Rights {
    /// What EXIF data say.
    pub fn read(exif: &[u8]) -> Self {
        let text = |tag| {
            let tiff = Tiff::new(exif)?;
            tidy(tiff.text(tiff.field(tiff.first()?, tag)?)?)
        };
        Self { artist: text(ARTIST), copyright: text(COPYRIGHT) }
    }

    /// What these do not say, from others.
    pub fn or(self, other: Self) -> Self {
        Self { artist: self.artist.or(other.artist), copyright: self.copyright.or(other.copyright) }
    }

    /// EXIF data of these fields alone; `None` if there is nothing to say.
    pub fn write(&self) -> Option<Vec<u8>> {
        // In the order of their tags.
        let fields = [(ARTIST, &self.artist), (COPYRIGHT, &self.copyright)];
        let fields: Vec<(u16, &[u8])> =
            fields.into_iter().filter_map(|(tag, text)| Some((tag, text.as_deref()?))).collect();
        if fields.is_empty() {
            return None;
        }
        let mut exif = b"MM\0*\0\0\0\x08".to_vec();
        let entries = fields.len() as u16;
        exif.extend(entries.to_be_bytes());
        let mut at = 8 + 2 + 12 * fields.len() as u32 + 4;
        let mut texts: Vec<u8> = Vec::new();
        for (tag, text) in fields {
            // With the zero at its end.
            let count = text.len() as u32 + 1;
            exif.extend(tag.to_be_bytes());
            exif.extend(ASCII.to_be_bytes());
            exif.extend(count.to_be_bytes());
            if count <= 4 {
                let mut value = [0; 4];
                value.iter_mut().zip(text).for_each(|(place, byte)| *place = *byte);
                exif.extend(value);
            } else {
                exif.extend(at.to_be_bytes());
                texts.extend(text);
                // Values begin at even places.
                let zeros = 1 + count % 2;
                texts.extend(&[0; 2][..zeros as usize]);
                at += count + count % 2;
            }
        }
        exif.extend([0; 4]);
        exif.extend(texts);
        Some(exif)
    }
}

/// A text without the zeros and the space around it; `None` if nothing is left. One that is too long is
/// cut between two characters.
pub fn tidy(text: &[u8]) -> Option<Vec<u8>> {
    let blank = |byte: &u8| *byte == 0 || byte.is_ascii_whitespace();
    let start = text.iter().position(|byte| !blank(byte))?;
    let end = text.iter().rposition(|byte| !blank(byte))? + 1;
    let text = text.get(start..end)?;
    let mut length = text.len().min(LONGEST);
    // A byte that goes on a character begins with the bits 10.
    while length < text.len() && text.get(length).is_some_and(|byte| byte >> 6 == 2) && length > 0 {
        length -= 1;
    }
    text.get(..length).map(<[u8]>::to_vec)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rights(artist: Option<&str>, copyright: Option<&str>) -> Rights {
        let bytes = |text: &str| text.as_bytes().to_vec();
        Rights { artist: artist.map(bytes), copyright: copyright.map(bytes) }
    }

    #[test]
    fn what_is_written_reads_back() {
        for rights in [
            rights(Some("A"), None),
            rights(None, Some("abc")),
            rights(Some("abcd"), Some("© 2026 Ä. B.")),
            rights(Some("A maker"), Some("x")),
        ] {
            let exif = rights.write().unwrap();
            assert_eq!(Rights::read(&exif), rights);
            assert!((0..20).all(|cut| Rights::read(&exif[..cut]) == Rights::default()));
        }
        assert_eq!(Rights::default().write(), None);
        assert_eq!(Rights::read(b"II*\0\x08\0\0\0\xff\xff"), Rights::default());
    }

    #[test]
    fn texts_are_tidied() {
        assert_eq!(tidy(b" \0 a b\0\0").unwrap(), b"a b");
        assert_eq!(tidy(b"photographer\0editor\0").unwrap(), b"photographer\0editor");
        assert_eq!(tidy(b" \0"), None);
        let long = "ä".repeat(LONGEST);
        let cut = tidy(&long.as_bytes()[1..]);
        assert!(cut.is_some());
        let cut = tidy(format!("x{long}").as_bytes()).unwrap();
        assert_eq!((cut.len(), core::str::from_utf8(&cut).is_ok()), (LONGEST - 1, true));
    }
}
