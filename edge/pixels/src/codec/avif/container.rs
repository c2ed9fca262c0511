//! The file around coded pictures (ISO/IEC 14496-12; ISO/IEC 23008-12 §6; AVIF 1.1).

use selvedge_plan::geometry::Size;

use crate::failure::Failure;

/// What says that a picture is another one's alpha (ISO/IEC 23000-22 §7.3.5.2).
const ALPHA: &[u8] = b"urn:mpeg:mpegB:cicp:systems:auxiliary:alpha\0";

/// The only picture that is shown, and its alpha.
const PICTURE: u16 = 1;
const TRANSPARENCY: u16 = 2;

/// A property of an item that a reader must know to show it.
const ESSENTIAL: u8 = 0x80;

/// A coded picture.
pub struct Coded {
    /// A sequence header and a frame (AV1 §5.5, §5.9).
    pub stream: Vec<u8>,
    /// Whether it has luma alone.
    pub grey: bool,
    /// Whether chroma is half as large, both ways; also where there is none.
    pub halved: bool,
}

impl Coded {
    /// The coding as `av1C` repeats it (AV1 in ISOBMFF §2.3.3): version; profile and level; then tier,
    /// depth, what of chroma there is, and where its samples lie.
    fn configuration(&self) -> [u8; 4] {
        // Full chroma is what distinguishes the profiles of 8 bits (AV1 §6.4.1).
        let profile = u8::from(!self.halved);
        let chroma = (u8::from(self.grey) << 4) | (u8::from(self.halved) * 0b1100);
        [0x81, profile << 5 | self.level(), chroma, 0]
    }

    /// What the sequence header says: behind its own header and length, a reduced one begins with three
    /// bits of profile and two flags, then has five of level (AV1 §5.5.1).
    fn level(&self) -> u8 {
        let header = self.stream.get(2..4).unwrap_or_default();
        match header {
            [first, second] => (first & 7) << 2 | second >> 6,
            _ => 0,
        }
    }
}

/// A file with a picture, and alpha beside it if there is any.
///
/// # Errors
/// [`Failure::OverBudget`].
pub fn write(size: Size, picture: &Coded, alpha: Option<&Coded>) -> Result<Vec<u8>, Failure> {
    let mut file = Vec::new();
    let streams = picture.stream.len() + alpha.map_or(0, |alpha| alpha.stream.len());
    let length = streams + HEAD;
    file.try_reserve_exact(length).map_err(|_| Failure::out_of_memory(length))?;
    nest(&mut file, b"ftyp", |file| {
        file.extend(b"avif\0\0\0\0avifmif1miaf");
    });
    // Offsets are as long as they are, whatever they say: a first pass tells where data begin.
    let start = file.len();
    meta(&mut file, size, picture, alpha, 0);
    let data = file.len() + 8;
    file.truncate(start);
    meta(&mut file, size, picture, alpha, data);
    nest(&mut file, b"mdat", |file| {
        file.extend(&picture.stream);
        alpha.iter().for_each(|alpha| file.extend(&alpha.stream));
    });
    Ok(file)
}

/// More than the boxes without the streams take.
pub const HEAD: usize = 600;

/// Appends a box of what `fill` appends.
fn nest(file: &mut Vec<u8>, kind: &[u8; 4], fill: impl FnOnce(&mut Vec<u8>)) {
    let start = file.len();
    file.extend([0; 4]);
    file.extend(kind);
    fill(file);
    let length = (file.len() - start) as u32;
    if let Some(place) = file.get_mut(start..start + 4) {
        place.copy_from_slice(&length.to_be_bytes());
    }
}

/// The same for a box with a version and flags, both 0.
fn full(file: &mut Vec<u8>, kind: &[u8; 4], fill: impl FnOnce(&mut Vec<u8>)) {
    nest(file, kind, |file| {
        file.extend([0; 4]);
        fill(file);
    });
}

fn number(file: &mut Vec<u8>, value: u16) {
    file.extend(value.to_be_bytes());
}

/// All that is said about the streams, which begin at `data`.
fn meta(file: &mut Vec<u8>, size: Size, picture: &Coded, alpha: Option<&Coded>, data: usize) {
    let count = 1 + u16::from(alpha.is_some());
    full(file, b"meta", |file| {
        // Three reserved words, and a name that is empty.
        full(file, b"hdlr", |file| file.extend(b"\0\0\0\0pict\0\0\0\0\0\0\0\0\0\0\0\0\0"));
        full(file, b"pitm", |file| number(file, PICTURE));
        full(file, b"iloc", |file| {
            // Four bytes each of offset and length, and no base to add.
            file.extend([0x44, 0]);
            number(file, count);
            let mut offset = data;
            for (id, coded) in [PICTURE, TRANSPARENCY].into_iter().zip([Some(picture), alpha]) {
                let Some(coded) = coded else { continue };
                number(file, id);
                // In this file, in one piece.
                number(file, 0);
                number(file, 1);
                file.extend((offset as u32).to_be_bytes());
                file.extend((coded.stream.len() as u32).to_be_bytes());
                offset += coded.stream.len();
            }
        });
        full(file, b"iinf", |file| {
            number(file, count);
            for id in [PICTURE, TRANSPARENCY].into_iter().take(count.into()) {
                nest(file, b"infe", |file| {
                    // Version 2 names what an item is by four letters.
                    file.extend([2, 0, 0, 0]);
                    number(file, id);
                    file.extend(b"\0\0av01\0");
                });
            }
        });
        if alpha.is_some() {
            full(file, b"iref", |file| {
                nest(file, b"auxl", |file| {
                    [TRANSPARENCY, 1, PICTURE].into_iter().for_each(|value| number(file, value));
                });
            });
        }
        nest(file, b"iprp", |file| properties(file, size, picture, alpha));
    });
}

/// The properties, and which item has which, by their numbers from 1.
fn properties(file: &mut Vec<u8>, size: Size, picture: &Coded, alpha: Option<&Coded>) {
    let samples = if picture.grey { 1 } else { 3 };
    nest(file, b"ipco", |file| {
        full(file, b"ispe", |file| {
            file.extend(size.width.to_be_bytes());
            file.extend(size.height.to_be_bytes());
        });
        nest(file, b"av1C", |file| file.extend(picture.configuration()));
        full(file, b"pixi", |file| {
            file.extend([samples, 8, 8, 8].into_iter().take(1 + usize::from(samples)))
        });
        // BT.709 primaries, sRGB's curve, BT.601's matrix, and full range. The stream says so too, but
        // not every reader asks that.
        nest(file, b"colr", |file| file.extend(b"nclx\0\x01\0\x0d\0\x06\x80"));
        if let Some(alpha) = alpha {
            nest(file, b"av1C", |file| file.extend(alpha.configuration()));
            full(file, b"pixi", |file| file.extend([1, 8]));
            full(file, b"auxC", |file| file.extend(ALPHA));
        }
    });
    full(file, b"ipma", |file| {
        file.extend((1 + u32::from(alpha.is_some())).to_be_bytes());
        number(file, PICTURE);
        file.extend([4, 1, ESSENTIAL | 2, 3, 4]);
        if alpha.is_some() {
            number(file, TRANSPARENCY);
            file.extend([4, 1, ESSENTIAL | 5, 6, 7]);
        }
    });
}
