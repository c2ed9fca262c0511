//! Files that are not read: what they seem to be, and what to do about it.

/// What is read, for the message.
const READ: &str = "JPEG, PNG, WebP, GIF, TIFF, SVG, BMP or an icon";

/// What can be done with a file that is not read.
const EXPORT: &str = "export a PNG or a JPEG of it";
const FRAME: &str = "take a frame of it";
const DEVELOP: &str = "develop it first";
const ADDRESS: &str = "the address leads to a page and not to a picture";
const NOTHING: &str = "";

/// A kind of file: where it is known by, what by, its name, and what to do.
type Kind = (usize, &'static [u8], &'static str, &'static str);

/// The first one that fits counts, so the longer signatures come first.
const KINDS: &[Kind] = &[
    (0, b"FUJIFILMCCD-RAW", "a raw picture of a camera (RAF)", DEVELOP),
    (8, b"CR\x02", "a raw picture of a camera (CR2)", DEVELOP),
    (4, b"ftypcrx ", "a raw picture of a camera (CR3)", DEVELOP),
    (0, b"IIU\0", "a raw picture of a camera (RW2)", DEVELOP),
    (0, b"IIRO", "a raw picture of a camera (ORF)", DEVELOP),
    (0, b"FOVb", "a raw picture of a camera (X3F)", DEVELOP),
    (0, b"II+\0", "BigTIFF", EXPORT),
    (0, b"MM\0+", "BigTIFF", EXPORT),
    (4, b"JXL \r\n\x87\n", "JPEG XL", EXPORT),
    (0, b"\xff\x0a", "JPEG XL", EXPORT),
    (4, b"jP  \r\n\x87\n", "JPEG 2000", EXPORT),
    (0, b"\xff\x4f\xff\x51", "JPEG 2000", EXPORT),
    (0, b"II\xbc\x01", "JPEG XR", EXPORT),
    (4, b"ftyphei", "HEIC", NOTHING),
    (4, b"ftyphev", "HEIC", NOTHING),
    (4, b"ftypmif1", "HEIF", NOTHING),
    (4, b"ftypmsf1", "HEIF", NOTHING),
    (4, b"ftypqt  ", "a QuickTime film", FRAME),
    (4, b"ftyp", "MP4 or another film", FRAME),
    (0, b"\x1a\x45\xdf\xa3", "WebM or Matroska, a film", FRAME),
    (8, b"AVI ", "an AVI film", FRAME),
    (8, b"WAVE", "WAVE, a sound", NOTHING),
    (0, b"OggS", "Ogg, a film or a sound", NOTHING),
    (0, b"ID3", "MP3, a sound", NOTHING),
    (0, b"8BPS", "a Photoshop file (PSD)", EXPORT),
    (0, b"8BPB", "a large Photoshop file (PSB)", EXPORT),
    (0, b"gimp xcf", "a GIMP file (XCF)", EXPORT),
    (0, b"\x76\x2f\x31\x01", "OpenEXR", EXPORT),
    (0, b"#?RADIANCE", "Radiance HDR", EXPORT),
    (0, b"qoif", "QOI", EXPORT),
    (0, b"farbfeld", "farbfeld", EXPORT),
    (0, b"BPG\xfb", "BPG", EXPORT),
    (0, b"FLIF", "FLIF", EXPORT),
    (0, b"DDS ", "a DirectDraw surface (DDS)", EXPORT),
    (0, b"\xabKTX", "KTX, a texture", EXPORT),
    (0, b"\xc5\xd0\xd3\xc6", "EPS", EXPORT),
    (0, b"%!PS", "PostScript", EXPORT),
    (0, b"%PDF", "PDF", "make a picture of a page of it"),
    (0, b"\x1f\x8b", "something packed with gzip", "unpack it"),
    (0, b"PK\x03\x04", "ZIP, or a document in it", "unpack it"),
    (0, b"{", "JSON", ADDRESS),
];

/// One sentence that says what is expected, what came, and what to do.
pub fn told(bytes: &[u8]) -> String {
    let (name, advice) = seen(bytes);
    let advice = if advice.is_empty() { String::new() } else { format!(": {advice}") };
    format!("expected {READ}, got {name}{advice}")
}

/// What a file seems to be, and what to do about it.
fn seen(bytes: &[u8]) -> (&'static str, &'static str) {
    if bytes.is_empty() {
        return ("an empty file", NOTHING);
    }
    let fits = |(at, signature, ..): &&Kind| {
        bytes.get(*at..).is_some_and(|bytes| bytes.starts_with(signature))
    };
    if let Some((_, _, name, advice)) = KINDS.iter().find(fits) {
        return (name, advice);
    }
    markup(bytes).unwrap_or(("something else", NOTHING))
}

/// What begins with a tag, after a mark of its byte order and space.
fn markup(bytes: &[u8]) -> Option<(&'static str, &'static str)> {
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii_start();
    if !text.starts_with(b"<") {
        return None;
    }
    let head = text.get(..1_024).unwrap_or(text).to_ascii_lowercase();
    let has = |what: &[u8]| head.windows(what.len()).any(|window| window == what);
    Some(match () {
        () if has(b"<!doctype html") || has(b"<html") => ("HTML", ADDRESS),
        () => ("XML or other markup", NOTHING),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_told_from_each_other() {
        for (file, name) in [
            (&b""[..], "an empty file"),
            (b"8BPS\0\x01", "PSD"),
            (b"%PDF-1.7", "PDF"),
            (b"\0\0\0\x20ftypisom\0\0", "MP4"),
            (b"\0\0\0\x20ftypheic\0\0", "HEIC"),
            (b"II*\0\x10\0\0\0CR\x02\0", "CR2"),
            (b"MM\0+\0\x08", "BigTIFF"),
            (b"\0\0\0\x0cJXL \r\n\x87\n", "JPEG XL"),
            (b"\0\0\0\x0cjP  \r\n\x87\n", "JPEG 2000"),
            (b"RIFF\0\0\0\0AVI LIST", "AVI"),
            (b"\x1a\x45\xdf\xa3\0", "WebM"),
            (b"\xef\xbb\xbf\n <!DOCTYPE html><svg>", "HTML"),
            (b"<rss>", "markup"),
            (b"hello", "something else"),
        ] {
            let told = told(file);
            assert!(told.contains(name), "{told}");
        }
    }

    #[test]
    fn no_kind_hides_another() {
        for (index, (at, signature, name, _)) in KINDS.iter().enumerate() {
            let mut file = vec![b' '; *at];
            file.extend(*signature);
            let first = KINDS.iter().position(|(at, signature, ..)| {
                file.get(*at..).is_some_and(|file| file.starts_with(signature))
            });
            assert_eq!(first, Some(index), "{name}");
        }
    }
}
