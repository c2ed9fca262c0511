//! The blocks of a file (GIF89a §17 to §27).

use selvedge_plan::geometry::Size;

use crate::anim::After;
use crate::failure::Failure;

/// What all frames have in common, and the frames in order.
pub struct Blocks<'a> {
    pub size: Size,
    /// Three bytes a colour.
    pub palette: &'a [u8],
    /// How often the animation is played, as far as that was said before the frames so far; 0 is
    /// for ever.
    pub plays: u32,
    rest: &'a [u8],
    /// Whether there was a frame.
    any: bool,
}

/// A frame as its descriptors tell of it.
#[derive(Clone, Copy)]
pub struct Frame<'a> {
    pub left: u32,
    pub top: u32,
    pub size: Size,
    pub interlaced: bool,
    /// Its own palette, if it has one.
    pub palette: Option<&'a [u8]>,
    pub transparent: Option<u8>,
    pub after: After,
    /// How long it is shown, in hundredths of a second.
    pub delay: u16,
    /// Bits of its shortest code less one.
    pub least: u8,
    pub data: SubBlocks<'a>,
}

impl Frame<'_> {
    /// Whether it leaves nothing of a screen of `size` to be seen.
    pub fn hides(&self, size: Size) -> bool {
        self.transparent.is_none() && self.size == size
    }
}

/// What a graphic control extension says of the next frame.
#[derive(Clone, Copy)]
struct Control {
    transparent: Option<u8>,
    after: After,
    delay: u16,
}

impl<'a> Blocks<'a> {
    /// Reads up to the first block.
    ///
    /// # Errors
    /// [`Failure::Truncated`].
    pub fn new(file: &'a [u8]) -> Result<Self, Failure> {
        let head = file.get(6..).and_then(<[u8]>::split_first_chunk);
        let (&[w0, w1, h0, h1, flags, _, _], rest) = head.ok_or_else(cut)?;
        let size = Size {
            width: u16::from_le_bytes([w0, w1]).into(),
            height: u16::from_le_bytes([h0, h1]).into(),
        };
        let (palette, rest) = palette(flags, rest)?;
        Ok(Self { size, palette: palette.unwrap_or_default(), plays: 1, rest, any: false })
    }

    /// The next frame, or none after the last one. Its data may be cut.
    ///
    /// # Errors
    /// [`Failure::Truncated`] or [`Failure::Malformed`].
    pub fn next_frame(&mut self) -> Result<Option<Frame<'a>>, Failure> {
        let mut control = None;
        loop {
            let Some((introducer, after)) = self.rest.split_first() else { return Ok(None) };
            self.rest = match introducer {
                0x21 => self.extension(after, &mut control)?,
                0x2c => return self.frame(after, control).map(Some),
                0x3b => return Ok(None),
                // What is no block ends the file, as browsers have it.
                _ if self.any => return Ok(None),
                _ => return Err(Failure::malformed("an unknown block")),
            };
        }
    }

    /// Whether nothing is left, not even the trailer.
    pub fn is_at_end(&self) -> bool {
        self.rest.is_empty()
    }

    /// Passes over the data of a frame that this gave.
    ///
    /// # Errors
    /// [`Failure::Truncated`] if the file ends in it.
    pub fn pass(&mut self, frame: &Frame<'a>) -> Result<(), Failure> {
        self.rest = frame.data.after().ok_or(Failure::truncated("frame"))?;
        Ok(())
    }

    /// A label, then sub-blocks.
    fn extension(
        &mut self,
        block: &'a [u8],
        control: &mut Option<Control>,
    ) -> Result<&'a [u8], Failure> {
        let (label, rest) = block.split_first().ok_or_else(cut)?;
        let data = SubBlocks::new(rest);
        match (label, data.block, data.rest) {
            (0xf9, &[flags, d0, d1, index, ..], _) => {
                let after = match flags >> 2 & 7 {
                    2 => After::Clear,
                    // 4 is not in the standard, but in files, and means 3.
                    3 | 4 => After::Restore,
                    _ => After::Keep,
                };
                let transparent = (flags & 1 != 0).then_some(index);
                let delay = u16::from_le_bytes([d0, d1]);
                *control = Some(Control { transparent, after, delay });
            }
            // The one application extension that all browsers know: repetitions after the first time.
            (0xff, name, &[3, 1, l0, l1, ..]) if LOOPS.contains(&name) => {
                self.plays = match u16::from_le_bytes([l0, l1]) {
                    0 => 0,
                    repetitions => u32::from(repetitions) + 1,
                };
            }
            _ => {}
        }
        data.after().ok_or_else(cut)
    }

    fn frame(&mut self, block: &'a [u8], control: Option<Control>) -> Result<Frame<'a>, Failure> {
        let head = block.split_first_chunk();
        let (&[x0, x1, y0, y1, w0, w1, h0, h1, flags], rest) = head.ok_or_else(cut)?;
        let side = |low, high| u32::from(u16::from_le_bytes([low, high]));
        let (left, top) = (side(x0, x1), side(y0, y1));
        let size = Size { width: side(w0, w1), height: side(h0, h1) };
        if left + size.width > self.size.width || top + size.height > self.size.height {
            return Err(Failure::malformed("a frame is not on the screen"));
        }
        let (palette, rest) = palette(flags, rest)?;
        let (least, rest) = rest.split_first().ok_or_else(cut)?;
        let control =
            control.unwrap_or(Control { transparent: None, after: After::Keep, delay: 0 });
        // Whoever goes on without passing over the data finds nothing.
        self.rest = &[];
        self.any = true;
        Ok(Frame {
            left,
            top,
            size,
            interlaced: flags & 0x40 != 0,
            palette,
            transparent: control.transparent,
            after: control.after,
            delay: control.delay,
            least: *least,
            data: SubBlocks::new(rest),
        })
    }
}

/// Gives the parts of a file without what shows nothing: comments, what programs say to each other, and
/// whatever is behind the end.
///
/// # Errors
/// As [`Blocks::next_frame`].
pub fn bare<'a>(file: &'a [u8], give: &mut dyn FnMut(&'a [u8])) -> Result<(), Failure> {
    let mut blocks = Blocks::new(file)?;
    let mut part = |from: &'a [u8], to: &'a [u8]| {
        give(from.get(..from.len() - to.len()).unwrap_or_default());
    };
    part(file, blocks.rest);
    loop {
        let (before, mut control) = (blocks.rest, None);
        match before.split_first() {
            Some((0x21, block)) => {
                blocks.rest = blocks.extension(block, &mut control)?;
                let name = block.get(2..13).filter(|_| block.starts_with(&[0xff, 11]));
                if control.is_some() || name.is_some_and(|name| LOOPS.contains(&name)) {
                    part(before, blocks.rest);
                }
            }
            Some((0x2c, block)) => {
                let frame = blocks.frame(block, None)?;
                blocks.pass(&frame)?;
                part(before, blocks.rest);
            }
            _ => break,
        }
    }
    give(&[0x3b]);
    Ok(())
}

/// The application extensions that say how often all is played.
const LOOPS: [&[u8]; 2] = [b"NETSCAPE2.0", b"ANIMEXTS1.0"];

/// The palette behind a descriptor with these flags, and what is behind it.
fn palette(flags: u8, rest: &[u8]) -> Result<(Option<&[u8]>, &[u8]), Failure> {
    if flags & 0x80 == 0 {
        return Ok((None, rest));
    }
    let (palette, rest) = rest.split_at_checked(3 << ((flags & 7) + 1)).ok_or_else(cut)?;
    Ok((Some(palette), rest))
}

fn cut() -> Failure {
    Failure::truncated("header")
}

/// Data in blocks of 255 bytes at most, each behind its length, up to an empty one.
#[derive(Clone, Copy)]
pub struct SubBlocks<'a> {
    /// What is left of the block under way, and whether it has all that it says.
    block: &'a [u8],
    whole: bool,
    rest: &'a [u8],
}

impl<'a> SubBlocks<'a> {
    /// Those at the beginning of `bytes`.
    pub fn new(bytes: &'a [u8]) -> Self {
        let mut data = Self { block: &[], whole: true, rest: bytes };
        data.advance();
        data
    }

    /// Goes on to the next block; the empty one stays.
    fn advance(&mut self) {
        let (length, rest) = self.rest.split_first().unwrap_or((&1, &[]));
        let length = usize::from(*length);
        self.whole = length <= rest.len();
        (self.block, self.rest) = rest.split_at(length.min(rest.len()));
    }

    /// The next byte.
    #[inline(always)]
    pub fn next(&mut self) -> Option<u8> {
        let (byte, block) = self.block.split_first()?;
        self.block = block;
        if block.is_empty() {
            self.advance();
        }
        Some(*byte)
    }

    /// Eight bytes, if the block under way has more than so many.
    #[inline(always)]
    pub fn eight(&self) -> Option<[u8; 8]> {
        self.block.first_chunk().copied().filter(|_| self.block.len() > 8)
    }

    /// Passes over some bytes of the block under way.
    #[inline(always)]
    pub fn pass(&mut self, count: usize) {
        self.block = self.block.get(count..).unwrap_or_default();
    }

    /// What is behind the empty block, if the file reaches to it.
    pub fn after(mut self) -> Option<&'a [u8]> {
        while !self.block.is_empty() {
            self.advance();
        }
        self.whole.then_some(self.rest)
    }
}
