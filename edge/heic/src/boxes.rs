//! Boxes (ISO/IEC 14496-12 §4.2) and the numbers in them.

use selvedge_pixels::Failure;

/// What is left of some bytes, read from the front.
#[derive(Clone, Copy)]
pub struct Reader<'a> {
    bytes: &'a [u8],
    /// What they are, for messages.
    what: &'static str,
}

impl<'a> Reader<'a> {
    /// Of all of `bytes`.
    pub fn new(bytes: &'a [u8], what: &'static str) -> Self {
        Self { bytes, what }
    }

    /// What is left.
    pub fn rest(self) -> &'a [u8] {
        self.bytes
    }

    /// Whether nothing is left.
    pub fn is_empty(self) -> bool {
        self.bytes.is_empty()
    }

    /// The next `count` bytes.
    ///
    /// # Errors
    /// [`Failure::Malformed`] if there are fewer.
    pub fn take(&mut self, count: usize) -> Result<&'a [u8], Failure> {
        let (taken, rest) = self.bytes.split_at_checked(count).ok_or_else(|| self.short())?;
        self.bytes = rest;
        Ok(taken)
    }

    /// The next `N` bytes.
    ///
    /// # Errors
    /// As [`Self::take`].
    pub fn array<const N: usize>(&mut self) -> Result<[u8; N], Failure> {
        let (taken, rest) = self.bytes.split_first_chunk::<N>().ok_or_else(|| self.short())?;
        self.bytes = rest;
        Ok(*taken)
    }

    /// A number of 8 bits.
    ///
    /// # Errors
    /// As [`Self::take`], here and below.
    pub fn u8(&mut self) -> Result<u8, Failure> {
        Ok(u8::from_be_bytes(self.array()?))
    }

    /// A number of 16 bits.
    pub fn u16(&mut self) -> Result<u16, Failure> {
        Ok(u16::from_be_bytes(self.array()?))
    }

    /// A number of 32 bits.
    pub fn u32(&mut self) -> Result<u32, Failure> {
        Ok(u32::from_be_bytes(self.array()?))
    }

    /// A number of as many bytes as a field of the box says: 0, which is none and means zero, to 8.
    pub fn sized(&mut self, bytes: u8) -> Result<u64, Failure> {
        let taken = self.take(bytes.into())?;
        Ok(taken.iter().fold(0, |sum, byte| sum << 8 | u64::from(*byte)))
    }

    /// A number of 16 bits, or of 32 where a version or a flag says so.
    pub fn id(&mut self, is_wide: bool) -> Result<u32, Failure> {
        if is_wide { self.u32() } else { self.u16().map(u32::from) }
    }

    /// Version and flags, with which a full box begins (§4.2.2).
    pub fn version(&mut self) -> Result<(u8, u32), Failure> {
        let word = self.u32()?;
        Ok(((word >> 24) as u8, word & 0xff_ffff))
    }

    /// The next box, `None` at the end.
    ///
    /// # Errors
    /// [`Failure::Malformed`] if it does not fit what is left.
    pub fn next_box(&mut self) -> Result<Option<(Kind, Self)>, Failure> {
        if self.is_empty() {
            return Ok(None);
        }
        let (kind, body) = self.header()?;
        let length = body.unwrap_or(self.bytes.len() as u64);
        let length = usize::try_from(length).map_err(|_| self.short())?;
        Ok(Some((kind, Self { bytes: self.take(length)?, what: self.what })))
    }

    /// Kind of the next box and bytes of its body; `None` where it reaches to the end.
    ///
    /// # Errors
    /// [`Failure::Malformed`] if it says that it is smaller than its header.
    pub fn header(&mut self) -> Result<(Kind, Option<u64>), Failure> {
        let (size, kind) = (self.u32()?, self.array()?);
        let body = match size {
            0 => None,
            1 => Some(u64::from_be_bytes(self.array()?).checked_sub(16)),
            size => Some(u64::from(size).checked_sub(8)),
        };
        match body {
            Some(None) => Err(malformed(format!("a box in the {} has no room", self.what))),
            body => Ok((kind, body.flatten())),
        }
    }

    fn short(&self) -> Failure {
        malformed(format!("the {} is shorter than it says", self.what))
    }
}

/// What a box is, by four letters.
pub type Kind = [u8; 4];

/// A rule of the format is broken.
pub fn malformed(why: impl Into<String>) -> Failure {
    Failure::Malformed(why.into())
}

/// What is well, but for another decoder.
pub fn unsupported(what: &str) -> Failure {
    Failure::Unsupported(format!("HEIC with {what}"))
}

/// Adds to a list that may not grow beyond `most`.
///
/// # Errors
/// [`Failure::Malformed`] if it would, [`Failure::OverBudget`] if the allocator refuses.
pub fn push<T>(list: &mut Vec<T>, most: usize, item: T) -> Result<(), Failure> {
    if list.len() >= most {
        return Err(malformed(format!("a table has more than {most} lines")));
    }
    list.try_reserve(1).map_err(|_| Failure::out_of_memory(size_of::<T>()))?;
    list.push(item);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn boxes_follow_each_other() {
        let bytes = b"\0\0\0\x09abcd!\0\0\0\x01efgh\0\0\0\0\0\0\0\x12xy\0\0\0\0last123";
        let mut reader = Reader::new(bytes, "file");
        let mut seen = Vec::new();
        while let Some((kind, body)) = reader.next_box().unwrap() {
            seen.push((kind, body.rest()));
        }
        let expected: [(Kind, &[u8]); 3] =
            [(*b"abcd", b"!"), (*b"efgh", b"xy"), (*b"last", b"123")];
        assert_eq!(seen, expected);
    }

    #[test]
    fn a_box_stays_inside_what_holds_it() {
        for bytes in [
            &b"\0\0\0\x0aabcd!"[..],
            b"\0\0\0\x07abcd",
            b"\0\0\0\x01abcd\0\0\0\0\0\0\0\x0f",
            b"\0\0\0\x01abcd\xff\xff\xff\xff\xff\xff\xff\xff",
            b"\0\0\0",
        ] {
            let failure = Reader::new(bytes, "file").next_box().err();
            assert!(matches!(failure, Some(Failure::Malformed(_))), "{bytes:?}");
        }
    }

    #[test]
    fn numbers_have_the_width_that_is_said() {
        let mut reader = Reader::new(&[1, 2, 3, 4, 5, 6], "file");
        assert_eq!(reader.sized(0).unwrap(), 0);
        assert_eq!(reader.sized(3).unwrap(), 0x01_0203);
        assert_eq!(reader.id(false).unwrap(), 0x0405);
        assert!(reader.sized(8).is_err());
    }
}
