//! The frames of a file as its chunks have them.

use std::rc::Rc;

use selvedge_plan::geometry::Size;

use super::control::{Animation, Control};
use crate::codec::png::chunks::{Chunk, Chunks, Kind};
use crate::codec::png::crc::Crc;
use crate::failure::Failure;

/// The frames of a file, one after the other.
pub struct Film<'a> {
    chunks: Chunks<'a>,
    canvas: Size,
    animation: Animation,
    /// Number of the next chunk in the sequence.
    next: u32,
    /// Frames that came.
    came: u32,
}

/// A frame, and where its data begins.
pub struct Frame<'a> {
    pub control: Control,
    kind: Kind,
    data: Chunks<'a>,
}

impl<'a> Film<'a> {
    /// That of a file, if it is an animation: if it says so before its picture data.
    ///
    /// # Errors
    /// [`Failure::Malformed`] if what it says of that is wrong.
    pub fn of(file: &'a [u8], canvas: Size, crc: &Crc) -> Result<Option<Self>, Failure> {
        let Some(chunk) = Chunks::ahead(file).find(|chunk| chunk.kind == *b"acTL") else {
            return Ok(None);
        };
        let animation = Animation::of(chunk.intact(crc)?)?;
        Ok(Some(Self { chunks: Chunks::new(file), canvas, animation, next: 0, came: 0 }))
    }

    /// How often it is played; 0 is for ever.
    pub fn plays(&self) -> u32 {
        self.animation.plays
    }

    /// The next frame, all of whose data is there.
    ///
    /// # Errors
    /// [`Failure::Truncated`], or [`Failure::Malformed`] for what breaks the sequence (§11.3.6.4).
    pub fn next_frame(&mut self, crc: &Crc) -> Result<Option<Frame<'a>>, Failure> {
        if self.came == self.animation.frames {
            return Ok(None);
        }
        let mut control = None;
        loop {
            let data = self.chunks.clone();
            let chunk = self.chunks.next().ok_or_else(|| Failure::truncated("frames"))?;
            match (&chunk.kind, control) {
                (b"fcTL", None) => {
                    control = Some(Control::of(self.numbered(chunk.intact(crc)?)?, self.canvas)?);
                }
                (b"IDAT", Some(Control { size, .. })) if size != self.canvas => {
                    return Err(Failure::malformed("the first frame is not the picture"));
                }
                (b"IDAT" | b"fdAT", Some(control)) => {
                    let kind = chunk.kind;
                    self.pass(chunk)?;
                    self.came += 1;
                    return Ok(Some(Frame { control, kind, data }));
                }
                (b"fcTL" | b"IEND", Some(_)) => {
                    return Err(Failure::malformed("a frame has no data"));
                }
                (b"fdAT", None) => return Err(Failure::malformed("data of no frame")),
                (b"IEND", None) => return Err(Failure::malformed("there are not all frames")),
                // Data without a frame are those of the picture that is no part of the animation.
                _ => {}
            }
        }
    }

    /// Goes behind the data of a frame that begins with a chunk.
    fn pass(&mut self, first: Chunk<'a>) -> Result<(), Failure> {
        let kind = first.kind;
        let mut chunk = first;
        loop {
            if !chunk.is_whole() {
                return Err(Failure::truncated("frame"));
            }
            if kind == *b"fdAT" {
                self.numbered(chunk.payload)?;
            }
            let mut ahead = self.chunks.clone();
            match ahead.next().filter(|next| next.kind == kind) {
                Some(next) => (chunk, self.chunks) = (next, ahead),
                None => return Ok(()),
            }
        }
    }

    /// What is behind the number of a chunk, which has to be the next one.
    fn numbered(&mut self, payload: &'a [u8]) -> Result<&'a [u8], Failure> {
        let wrong = || Failure::malformed("the frames are not in their sequence");
        let (number, rest) = payload.split_first_chunk().ok_or_else(wrong)?;
        if u32::from_be_bytes(*number) != self.next {
            return Err(wrong());
        }
        self.next = self.next.saturating_add(1);
        Ok(rest)
    }
}

impl<'a> Frame<'a> {
    /// The pieces of its data.
    pub fn pieces(self, crc: Rc<Crc>) -> impl Iterator<Item = Result<&'a [u8], Failure>> {
        let kind = self.kind;
        // Of data that are a frame's only, each piece has its number before it.
        let skipped = if kind == *b"fdAT" { 4 } else { 0 };
        let data = self.data.take_while(move |chunk| chunk.kind == kind);
        data.map(move |chunk| Ok(chunk.intact(&crc)?.get(skipped..).unwrap_or_default()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec::png::chunks::SIGNATURE;

    const CANVAS: Size = Size { width: 4, height: 3 };

    type Part<'a> = (&'a Kind, Vec<u8>);

    fn file(frames: u32, parts: &[Part<'_>]) -> Vec<u8> {
        let crc = Crc::new();
        let told = (b"acTL", [frames.to_be_bytes(), [0; 4]].concat());
        let mut file = SIGNATURE.to_vec();
        for (kind, payload) in core::iter::once(&told).chain(parts) {
            file.extend((payload.len() as u32).to_be_bytes());
            file.extend([kind.as_slice(), payload].concat());
            file.extend(crc.of(&[*kind, payload]).to_be_bytes());
        }
        file
    }

    fn control(number: u32, [width, height, left, top]: [u32; 4]) -> Part<'static> {
        let words = [number, width, height, left, top].map(u32::to_be_bytes).concat();
        (b"fcTL", [words, vec![0, 1, 0, 10, 0, 0]].concat())
    }

    fn data(number: u32) -> Part<'static> {
        (b"fdAT", [&number.to_be_bytes()[..], b"abc"].concat())
    }

    const WHOLE: [u32; 4] = [4, 3, 0, 0];
    const PART: [u32; 4] = [2, 1, 2, 2];

    /// The data of the frames, and what comes then.
    fn frames(file: &[u8]) -> (Vec<Vec<u8>>, Result<(), Failure>) {
        let crc = Rc::new(Crc::new());
        let mut film = Film::of(file, CANVAS, &crc).unwrap().unwrap();
        let mut frames = Vec::new();
        loop {
            match film.next_frame(&crc) {
                Ok(Some(frame)) => {
                    let pieces = frame.pieces(Rc::clone(&crc)).map(Result::unwrap);
                    frames.push(pieces.collect::<Vec<_>>().concat());
                }
                Ok(None) => return (frames, Ok(())),
                Err(failure) => return (frames, Err(failure)),
            }
        }
    }

    #[test]
    fn the_picture_is_a_frame_if_one_is_told_of_before_it() {
        let (idat, end) = ((b"IDAT", b"xyz".to_vec()), (b"IEND", Vec::new()));
        let text = (b"tEXt", b"a\0b".to_vec());
        let (first, second) = (control(0, WHOLE), control(1, PART));
        let within =
            [first.clone(), idat.clone(), text.clone(), second, data(2), data(3), end.clone()];
        let expected = [&b"xyz"[..], b"abcabc"].map(<[u8]>::to_vec);
        assert_eq!(frames(&file(2, &within)), (expected.to_vec(), Ok(())));
        let apart = [idat, first, data(1), end];
        assert_eq!(frames(&file(1, &apart)), (vec![b"abc".to_vec()], Ok(())));
    }

    #[test]
    fn what_breaks_the_sequence_is_refused() {
        let end = (b"IEND", Vec::new());
        let idat = (b"IDAT", Vec::new());
        let first = control(0, WHOLE);
        let cases: [(&[Part<'_>], &str); 9] = [
            (&[control(1, WHOLE), data(1)], "sequence"),
            (&[first.clone(), data(2)], "sequence"),
            (&[first.clone(), data(1), data(1)], "sequence"),
            (&[first.clone(), control(1, PART)], "no data"),
            (&[first.clone(), end.clone()], "no data"),
            (&[data(0)], "of no frame"),
            (&[end], "not all frames"),
            (&[control(0, [2, 2, 3, 0]), data(1)], "not within"),
            (&[control(0, PART), idat], "not the picture"),
        ];
        for (parts, why) in cases {
            let (_, failure) = frames(&file(2, parts));
            let told = format!("{failure:?}");
            assert!(told.contains("Malformed") && told.contains(why), "{told}");
        }
        let mut cut = file(1, &[first, data(1)]);
        cut.truncate(cut.len() - 1);
        assert!(matches!(frames(&cut).1, Err(Failure::Truncated(_))));
    }
}
