//! What a file of boxes says that it is: its brands (ISO/IEC 14496-12 §4.3).

/// Bytes from the start of a file in which its brands are.
pub const BYTES: usize = 1024;

/// How a still in HEIF is coded, as far as brands tell: which decoder is asked first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Heif {
    /// AVIF.
    Av1,
    /// HEIC, or a still that only says that it is one.
    Hevc,
}

impl Heif {
    /// Of a file, or of its first [`BYTES`]; nothing if it is something else.
    pub fn of(file: &[u8]) -> Option<Self> {
        const HEVC: [&[u8; 4]; 6] = [b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx"];
        let (size, rest) = file.split_first_chunk::<4>()?;
        let size = usize::try_from(u32::from_be_bytes(*size)).ok()?.min(BYTES);
        let body = rest.strip_prefix(b"ftyp")?;
        let body = body.get(..size.saturating_sub(8)).unwrap_or(body);
        let says = |wanted: &[&[u8; 4]]| {
            // The second word is a version.
            let brands = body.chunks_exact(4).enumerate().filter(|(index, _)| *index != 1);
            brands.map(|(_, brand)| brand).any(|brand| wanted.iter().any(|known| *known == brand))
        };
        if says(&HEVC) {
            Some(Self::Hevc)
        } else if says(&[b"avif"]) {
            Some(Self::Av1)
        } else {
            says(&[b"mif1", b"msf1"]).then_some(Self::Hevc)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_known_by_their_brands() {
        let of = |brands: &[u8]| {
            let size = u32::try_from(8 + brands.len()).unwrap().to_be_bytes();
            Heif::of(&[&size, b"ftyp".as_slice(), brands, b"\0\0\0\x08heic"].concat())
        };
        assert_eq!(of(b"heic\0\0\0\0mif1heic"), Some(Heif::Hevc));
        assert_eq!(of(b"mif1\0\0\0\0miaf"), Some(Heif::Hevc));
        assert_eq!(of(b"mif1\0\0\0\0avif"), Some(Heif::Av1));
        assert_eq!(
            of(b"avif\0\0\0\0heic"),
            Some(Heif::Hevc),
            "both: what is not HEVC is told later"
        );
        assert_eq!(of(b"isom\0\0\0\0mp42"), None, "a film");
        assert_eq!(of(b"isomheicmp42"), None, "the version is no brand");
        assert_eq!(Heif::of(b"\0\0\0\x1cftyp"), None);
        assert_eq!(Heif::of(b""), None);
    }
}
